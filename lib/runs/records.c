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

void claim_row_add(Text *t, const ClaimRow *r)
{
    text_add(t, "%s\t%d\t%s\n", verdict_names[r->verdict], r->line, r->sentence);
}

/* ---- reading ---- */

static bool parse_result(void *row, const char *line)
{
    ResultRow *r = row;

    return sscanf(line, "%63[^\t]\t%255[^\t]\t%63[^\t]\t%lf\t%lf\t%d",
                  r->chapter, r->experiment, r->metric, &r->stat.mean,
                  &r->stat.sd, &r->stat.n) == 6;
}

static bool parse_run(void *row, const char *line)
{
    RunRow *r = row;
    unsigned long long seed;
    char whose[8];

    if (sscanf(line, "%255[^\t]\t%llu\t%lf\t%lf\t%lf\t%64[0-9a-f]\t%7[a-z]",
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

static Error read_rows(void **rows, int *n, size_t size, const char *path,
                       const char *heading,
                       bool (*parse)(void *row, const char *line))
{
    Text t = { 0 };
    Error error = text_read(&t, path);
    int lines = 0;

    *n = 0;
    *rows = NULL;
    for (const char *line = text_string(&t); *line; line = text_next_line(line))
        lines++;
    char *row = *rows = allocate(lines, size);
    const char *line = text_string(&t);
    for (int i = 1; *line && !error; i++, line = text_next_line(line)) {
        if (text_starts(line, heading))
            continue;
        if (parse(row, line))
            row += size, ++*n;
        else
            error = error_text("%s:%d: no record: \"%.*s\"; `make book` writes "
                               "the file anew", path, i,
                               (int)strcspn(line, "\n"), line);
    }
    text_free(&t);
    if (error) {
        free(*rows);
        *rows = NULL;
        *n = 0;
    }
    return error;
}

Error results_read(ResultRow **rows, int *n, const char *path)
{
    return read_rows((void **)rows, n, sizeof **rows, path, results_heading,
                     parse_result);
}

Error runs_read(RunRow **rows, int *n, const char *path)
{
    return read_rows((void **)rows, n, sizeof **rows, path, "", parse_run);
}

Error claims_read(ClaimRow **rows, int *n, const char *path)
{
    return read_rows((void **)rows, n, sizeof **rows, path, "", parse_claim);
}
