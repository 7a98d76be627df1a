/* SPDX-License-Identifier: MIT */
#include "runs/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char results_heading[] = "chapter\texperiment\tmetric\tmean\tsd\tn\n";

const char *const verdict_names[VERDICTS] = {
    [HOLDS] = "holds", [FAILS] = "fails", [UNJUDGED] = "unjudged",
};

/* ---- writing ---- */

void result_add(Text *t, const ResultRow *r)
{
    text_add(t, "%s\t%s\t%s\t%.9g\t%.6g\t%d\n", r->chapter, r->experiment,
             r->metric, r->stat.mean, r->stat.sd, r->stat.n);
}

void run_add(Text *t, const RunRow *r)
{
    text_add(t, "%s\t%llu\t%.9g\t%.9g\t%.6g\t%s\t%s\n", r->experiment,
             (unsigned long long)r->seed, r->accuracy, r->loss, r->core_seconds,
             r->key, r->yours ? "yours" : "book");
}

/* A sentence is one line, and not empty. */
void claim_row_add(Text *t, const ClaimRow *r)
{
    text_add(t, "%s\t%d\t", verdict_names[r->verdict], r->line);
    for (const char *c = r->sentence; *c; c++)
        text_add_char(t, *c == '\n' ? ' ' : *c);
    text_add(t, "%s\n", *r->sentence ? "" : "(no words)");
}

void name_copy(char name[NAME_SIZE], const char *s)
{
    if (strlen(s) >= NAME_SIZE)
        die("%.60s...: a name of %zu characters, expected fewer than %d", s,
            strlen(s), NAME_SIZE);
    strcpy(name, s);
}

/* ---- reading ---- */

static bool parse_result(void *row, const char *line)
{
    ResultRow *r = row;

    return sscanf(line, "%63[^\t]\t%2047[^\t]\t%63[^\t]\t%lf\t%lf\t%d",
                  r->chapter, r->experiment, r->metric, &r->stat.mean,
                  &r->stat.sd, &r->stat.n) == 6;
}

static bool parse_run(void *row, const char *line)
{
    RunRow *r = row;
    unsigned long long seed;
    char whose[8];

    if (sscanf(line, "%2047[^\t]\t%llu\t%lf\t%lf\t%lf\t%64[0-9a-f]\t%7[a-z]",
               r->experiment, &seed, &r->accuracy, &r->loss, &r->core_seconds,
               r->key, whose) != 7)
        return false;
    r->seed = seed;
    r->yours = strcmp(whose, "yours") == 0;
    return r->yours || strcmp(whose, "book") == 0;
}

static bool parse_claim(void *row, const char *line)
{
    ClaimRow *r = row;
    char verdict[16];

    if (sscanf(line, "%15[a-z]\t%d\t%1023[^\n]", verdict, &r->line,
               r->sentence) != 3)
        return false;
    for (r->verdict = 0; r->verdict < VERDICTS; r->verdict++)
        if (strcmp(verdict, verdict_names[r->verdict]) == 0)
            return true;
    return false;
}

/* The rows, or NULL and the error. */
static void *read_rows(Error *error, int *n, size_t size, const char *path,
                       const char *heading,
                       bool (*parse)(void *row, const char *line))
{
    Text t = { 0 };
    int lines = 0;

    *error = text_read_lines(&t, path);
    *n = 0;
    for (const char *line = text_string(&t); *line; line = text_next_line(line))
        lines++;
    char *rows = allocate(lines, size);
    const char *line = text_string(&t);
    for (int i = 1; *line && !*error; i++, line = text_next_line(line)) {
        if (text_starts(line, heading))
            continue;
        if (parse(rows + *n * size, line))
            ++*n;
        else
            *error = error_text("%s:%d: no record: \"%.*s\"; remove the file, "
                                "and it is written anew", path, i,
                                (int)strcspn(line, "\n"), line);
    }
    text_free(&t);
    if (!*error)
        return rows;
    free(rows);
    *n = 0;
    return NULL;
}

Error results_read(ResultRow **rows, int *n, const char *path)
{
    Error error;

    *rows = read_rows(&error, n, sizeof **rows, path, results_heading,
                      parse_result);
    return error;
}

Error runs_read(RunRow **rows, int *n, const char *path)
{
    Error error;

    *rows = read_rows(&error, n, sizeof **rows, path, "", parse_run);
    return error;
}

Error claims_read(ClaimRow **rows, int *n, const char *path)
{
    Error error;

    *rows = read_rows(&error, n, sizeof **rows, path, "", parse_claim);
    return error;
}

bool records_whole(const char *book, const char *chapter)
{
    char path[1200];
    ResultRow *results;
    RunRow *runs;
    ClaimRow *claims;
    int n;

    snprintf(path, sizeof path, "%s/%s/results.tsv", book, chapter);
    Error error = results_read(&results, &n, path);
    free(results);
    if (!error) {
        snprintf(path, sizeof path, "%s/%s/runs.tsv", book, chapter);
        error = runs_read(&runs, &n, path);
        free(runs);
    }
    if (!error) {
        snprintf(path, sizeof path, "%s/%s/claims.tsv", book, chapter);
        error = claims_read(&claims, &n, path);
        free(claims);
    }
    if (error)
        fprintf(stderr, "%s\n", error);
    return !error;
}
