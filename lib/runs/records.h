/* SPDX-License-Identifier: MIT
 *
 * What a chapter leaves behind beside its page, one record a line:
 *
 *     results.tsv    chapter, experiment, metric, mean, sd, n
 *     runs.tsv       experiment, seed, accuracy, loss, core seconds, key, whose
 *     claims.tsv     verdict, line of the source, sentence
 *
 * The book's results.tsv and those of tests/expected are of the first kind, too,
 * under a line of headings.
 *
 *     ResultRow *rows;
 *     int n;
 *     must(results_read(&rows, &n, "build/book/results.tsv"));
 *     free(rows);
 */
#ifndef RUNS_RECORDS_H
#define RUNS_RECORDS_H

#include "base/text.h"
#include "runs/result.h"

enum { NAME_SIZE = 2048 };                 /* of a variation: all its settings */

typedef struct ResultRow {
    char chapter[64], experiment[NAME_SIZE];
    char metric[64];               /* test_accuracy, validation_loss, ... */
    Stat stat;
} ResultRow;

typedef struct RunRow {
    char experiment[NAME_SIZE];
    uint64_t seed;
    double accuracy, loss, core_seconds;
    char key[KEY_SIZE];
    bool yours;                    /* the reader's experiment, not the book's */
} RunRow;

typedef enum Verdict { HOLDS, FAILS, UNJUDGED, VERDICTS } Verdict;

typedef struct ClaimRow {
    Verdict verdict;
    int line;
    char sentence[1024];
} ClaimRow;

extern const char results_heading[];       /* a line */
extern const char *const verdict_names[VERDICTS];

void result_add(Text *t, const ResultRow *r);
void run_add(Text *t, const RunRow *r);
void claim_row_add(Text *t, const ClaimRow *r);

/* Whether all three of a chapter of a book can be read; says what cannot. */
bool records_whole(const char *book, const char *chapter);

/* A name into a row; one that is too long stops the program. */
void name_copy(char name[NAME_SIZE], const char *s);

/* All rows of a file, new, to be freed. The error says that it cannot be read,
 * or which line is no such record; then there are none, and NULL. */
Error results_read(ResultRow **rows, int *n, const char *path);
Error runs_read(RunRow **rows, int *n, const char *path);
Error claims_read(ClaimRow **rows, int *n, const char *path);

#endif
