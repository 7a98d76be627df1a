/* SPDX-License-Identifier: MIT
 *
 * Compares a book with the numbers it is known for.
 *
 *     check_results build/book tests/expected            exit 1 if they differ
 *     check_results --accept build/book tests/expected   take them over, and
 *                                                        the experiments
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

#include "base/text.h"
#include "chapter/edition.h"
#include "runs/records.h"

static const ResultRow *find(const ResultRow *rows, int n,
                             const ResultRow *wanted)
{
    for (int i = 0; i < n; i++)
        if (strcmp(rows[i].chapter, wanted->chapter) == 0
            && strcmp(rows[i].experiment, wanted->experiment) == 0
            && strcmp(rows[i].metric, wanted->metric) == 0)
            return &rows[i];
    return NULL;
}

static double tolerance(const char *metric, Stat a, Stat b)
{
    const double errors = sqrt(a.sd * a.sd / a.n + b.sd * b.sd / b.n);

    if (strcmp(metric, "parameters") == 0)
        return 0;
    if (a.n < 2 || b.n < 2)
        return strstr(metric, "loss") ? 0.015 : 0.004;
    return fmax(4 * errors, 0.002);
}

static int compare(const ResultRow *expected, const ResultRow *found, int count)
{
    const ResultRow *r = find(found, count, expected);
    const Stat e = expected->stat;

    if (!r) {
        printf("%s %s %s: not in the book\n", expected->chapter,
               expected->experiment, expected->metric);
        return 1;
    }
    const double allowed = tolerance(r->metric, e, r->stat);
    if (fabs(r->stat.mean - e.mean) <= allowed)
        return 0;
    printf("%s %s %s: found %g +- %g (%d), expected %g +- %g (%d), allowed "
           "%g\n", r->chapter, r->experiment, r->metric, r->stat.mean,
           r->stat.sd, r->stat.n, e.mean, e.sd, e.n, allowed);
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
        ClaimRow *rows;
        int n;
        must(claims_read(&rows, &n, found.gl_pathv[i]));
        for (int k = 0; k < n; k++)
            if (rows[k].verdict == FAILS) {
                printf("%s: fails, line %d: %s\n", found.gl_pathv[i],
                       rows[k].line, rows[k].sentence);
                failed++;
            }
        free(rows);
    }
    globfree(&found);
    return failed;
}

/* One file per chapter. Of the times only those of a core, for guesses. */
static void accept_results(const ResultRow *rows, int n, const char *folder)
{
    for (int i = 0; i < n;) {
        char path[1024];
        Text t = { 0 };
        const char *chapter = rows[i].chapter;
        text_add(&t, "%s", results_heading);
        for (; i < n && strcmp(rows[i].chapter, chapter) == 0; i++)
            if (strcmp(rows[i].metric, "train_seconds") != 0)
                result_add(&t, &rows[i]);
        snprintf(path, sizeof path, "%s/%s.tsv", folder, chapter);
        must(text_write_if_changed(&t, path));
        text_free(&t);
    }
}

/* What the chapters publish, in place of what was there. */
static int accept_experiments(const char *book, const char *folder)
{
    char pattern[1024], path[1024];
    glob_t old, now;

    snprintf(pattern, sizeof pattern, "%s/*.tsv", folder);
    if (glob(pattern, 0, NULL, &old) == 0) {
        for (size_t i = 0; i < old.gl_pathc; i++)
            remove(old.gl_pathv[i]);
        globfree(&old);
    }
    snprintf(pattern, sizeof pattern, "%s/*/experiments/*.tsv", book);
    if (glob(pattern, 0, NULL, &now) != 0)
        die("%s: no experiments; `make book` publishes them", pattern);
    const int n = (int)now.gl_pathc;
    for (int i = 0; i < n; i++) {
        Text t = { 0 };
        must(text_read(&t, now.gl_pathv[i]));
        snprintf(path, sizeof path, "%s/%s", folder,
                 strrchr(now.gl_pathv[i], '/') + 1);
        must(text_write(&t, path));
        text_free(&t);
    }
    globfree(&now);
    return n;
}

static void accept(const ResultRow *rows, int n, const char *book,
                   const char *folder)
{
    char experiments[1024];

    snprintf(experiments, sizeof experiments, "%s/experiments", folder);
    must(make_folder(experiments));
    accept_results(rows, n, folder);
    const int published = accept_experiments(book, experiments);
    printf("%s: %d rows of %d experiments accepted\n", folder, n, published);
}

/* What a book on other digits says is neither compared nor accepted. */
static void check_digits(const char *book)
{
    const Edition e = edition_of(book);

    if (*e.digest && strcmp(e.name, "MNIST") != 0)
        die("%s: holds the book on %s, expected the one on MNIST: make it first",
            book, e.name);
}

int main(int argc, char **argv)
{
    ResultRow *found, *expected;
    const bool accepts = argc == 4 && strcmp(argv[1], "--accept") == 0;
    char path[1024];
    glob_t files;
    int n, compared = 0, differ;

    if (argc != 3 && !accepts)
        die("usage: check_results [--accept] <book> <folder of expected "
            "results>");
    const char *book = argv[argc - 2], *folder = argv[argc - 1];
    check_digits(book);
    snprintf(path, sizeof path, "%s/results.tsv", book);
    must(results_read(&found, &n, path));
    if (accepts) {
        accept(found, n, book, folder);
        free(found);
        return 0;
    }
    snprintf(path, sizeof path, "%s/*.tsv", folder);
    if (glob(path, 0, NULL, &files) != 0)
        die("%s: no expected results; `make accept-results` makes them",
            folder);
    differ = failed_claims(book);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        int m;
        must(results_read(&expected, &m, files.gl_pathv[i]));
        for (int k = 0; k < m; k++)
            if (!strstr(expected[k].metric, "_seconds")) {
                differ += compare(&expected[k], found, n);
                compared++;
            }
        free(expected);
    }
    free(found);
    globfree(&files);
    printf("%d results compared with %s, %d differ\n", compared, folder,
           differ);
    return differ || compared == 0;
}
