/* SPDX-License-Identifier: MIT
 *
 * The chapter that is being run: what chapter.c and report.c share, and nobody
 * else needs. */
#ifndef BOOK_STATE_H
#define BOOK_STATE_H

#include <stdio.h>

#include "book/figure.h"
#include "book/weave.h"
#include "runs/lab.h"

enum { MAX_STEPS = 64, MAX_FIGURES = 64, MAX_EXERCISES = 32, MAX_OWN = 256 };

typedef struct ChapterState {
    const char *source;            /* chapters/03-softmax.c */
    char name[64];                 /* 03-softmax */
    int number;                    /* 3 */
    const char *book;              /* folder of the pages */
    char folder[512];              /* <book>/03-softmax: figures, results */
    Digits digits;
    Lab *lab;

    const char *step;              /* that runs now */
    const char *steps[MAX_STEPS];
    int step_count;

    Report report;
    Figure figures[MAX_FIGURES];   /* parallel to report.figures */
    FILE *data;                    /* of the last figure, while it is written */
    Text claims;                   /* verdict, tab, line, tab, sentence */
    char exercises[MAX_EXERCISES][1024];   /* names of their experiments */
    int exercise_count;

    const Result *own[MAX_OWN];    /* what this chapter has trained */
    int own_count;
} ChapterState;

extern ChapterState chapter;

/* Counts a result among the chapter's own and says so on the terminal. */
const Result *keep_result(const Result *r);

/* Adds the values that come with a result. */
void report_result_values(const Result *r);

#endif
