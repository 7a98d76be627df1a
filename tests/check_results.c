/* SPDX-License-Identifier: MIT
 *
 * Compares a book with the numbers it is known for.
 *
 *     check_results build/book tests/expected            exit 1 if they differ
 *     check_results --accept build/book tests/expected   take them over
 *
 * Every row of tests/expected/<chapter>.tsv must be in the book, and no further
 * from it than the noise of both allows: four standard errors of the
 * difference. The same machine gives the same bits; others round differently,
 * which is as good as another seed. A single run has no spread of its own and
 * is allowed what is usual there. Times are not compared, and no claim of the
 * book may have failed. */
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/text.h"

typedef struct Row {
    char chapter[64], experiment[160], metric[64];
    double mean, sd;
    int n;
} Row;

enum { MAX_ROWS = 4096 };

static int read_rows(Row *rows, const char *path)
{
    char line[1024];
    FILE *f = fopen(path, "r");
    int n = 0;

    if (!f)
        die("%s: cannot be read; `make book` writes it", path);
    while (n < MAX_ROWS && fgets(line, sizeof line, f)) {
        Row *r = &rows[n];
        n += sscanf(line, "%63[^\t]\t%159[^\t]\t%63[^\t]\t%lf\t%lf\t%d",
                    r->chapter,
                    r->experiment, r->metric, &r->mean, &r->sd, &r->n) == 6;
    }
    fclose(f);
    return n;
}

static const Row *find(const Row *rows, int n, const Row *wanted)
{
    for (int i = 0; i < n; i++)
        if (strcmp(rows[i].chapter, wanted->chapter) == 0
            && strcmp(rows[i].experiment, wanted->experiment) == 0
            && strcmp(rows[i].metric, wanted->metric) == 0)
            return &rows[i];
    return NULL;
}

static double tolerance(const Row *a, const Row *b)
{
    const double four_errors = 4 * sqrt(a->sd * a->sd / a->n + b->sd * b->sd / b->n);

    if (strcmp(a->metric, "parameters") == 0)
        return 0;
    if (a->n < 2 || b->n < 2)
        return strstr(a->metric, "loss") ? 0.015 : 0.004;
    return fmax(four_errors, 0.002);
}

static int compare(const Row *expected, const Row *found, int count)
{
    const Row *r = find(found, count, expected);

    if (!r) {
        printf("%s %s %s: not in the book\n", expected->chapter,
               expected->experiment,
               expected->metric);
        return 1;
    }
    const double allowed = tolerance(expected, r);
    if (fabs(r->mean - expected->mean) <= allowed)
        return 0;
    printf("%s %s %s: found %g +- %g (%d), expected %g +- %g (%d), allowed "
           "%g\n",
           r->chapter, r->experiment, r->metric, r->mean, r->sd, r->n, expected->mean,
           expected->sd, expected->n, allowed);
    return 1;
}

static int failed_claims(const char *book)
{
    char pattern[1024];
    glob_t found;
    int failed = 0;

    snprintf(pattern, sizeof pattern, "%s/*/claims.tsv", book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char line[2048];
        FILE *f = fopen(found.gl_pathv[i], "r");
        while (f && fgets(line, sizeof line, f))
            if (strncmp(line, "fails", 5) == 0) {
                printf("%s: %s", found.gl_pathv[i], line);
                failed++;
            }
        if (f)
            fclose(f);
    }
    globfree(&found);
    return failed;
}

/* One file per chapter, without the times. */
static void accept(const Row *rows, int n, const char *folder)
{
    must(make_folder(folder));
    for (int i = 0; i < n;) {
        char path[1024];
        Text t = { 0 };
        const char *chapter = rows[i].chapter;
        text_add(&t, "chapter\texperiment\tmetric\tmean\tsd\tn\n");
        for (; i < n && strcmp(rows[i].chapter, chapter) == 0; i++)
            if (strcmp(rows[i].metric, "train_seconds") != 0)
                text_add(&t, "%s\t%s\t%s\t%.9g\t%.3g\t%d\n", chapter,
                         rows[i].experiment,
                         rows[i].metric, rows[i].mean, rows[i].sd, rows[i].n);
        snprintf(path, sizeof path, "%s/%s.tsv", folder, chapter);
        must(text_write_if_changed(&t, path));
        text_free(&t);
    }
    printf("%s: %d rows accepted\n", folder, n);
}

int main(int argc, char **argv)
{
    static Row found[MAX_ROWS], expected[MAX_ROWS];
    const bool accepts = argc == 4 && strcmp(argv[1], "--accept") == 0;
    char path[1024];
    glob_t files;
    int compared = 0, differ;

    if (argc != 3 && !accepts)
        die("usage: check_results [--accept] <book> <folder of expected "
            "results>");
    const char *book = argv[argc - 2], *folder = argv[argc - 1];
    snprintf(path, sizeof path, "%s/results.tsv", book);
    const int n = read_rows(found, path);
    if (accepts) {
        accept(found, n, folder);
        return 0;
    }
    snprintf(path, sizeof path, "%s/*.tsv", folder);
    if (glob(path, 0, NULL, &files) != 0)
        die("%s: no expected results; `make accept-results` makes them",
            folder);
    differ = failed_claims(book);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const int m = read_rows(expected, files.gl_pathv[i]);
        for (int k = 0; k < m; k++, compared++)
            differ += compare(&expected[k], found, n);
    }
    globfree(&files);
    printf("%d results compared with %s, %d differ\n", compared, folder,
           differ);
    return differ || compared == 0;
}
