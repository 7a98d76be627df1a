/* SPDX-License-Identifier: MIT
 *
 * The chapter that is being run: what chapter.c and report.c share, and nobody
 * else needs. */
#ifndef CHAPTER_STATE_H
#define CHAPTER_STATE_H

#include <stdio.h>

#include "chapter/contents.h"
#include "chapter/figure.h"
#include "chapter/weave.h"
#include "runs/lab.h"

enum { MAX_STEPS = 64, MAX_FIGURES = 64, MAX_EXERCISES = 32, MAX_OWN = 256,
       MAX_SWEEPS = 8 };

typedef struct ChapterState {
    Contents contents;
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
    FILE *data;                    /* of the last figure, while it is written:
                                      a stream into data_text */
    char *data_text;
    size_t data_length;
    char data_path[700];
    Text claims;                   /* verdict, tab, line, tab, sentence */

    int exercise_count;

    const Result *own[MAX_OWN];    /* what this chapter has trained */
    bool yours[MAX_OWN];           /* ... as it is not in the accepted edition */
    int own_count;

    SweepPoints *sweeps[MAX_SWEEPS];       /* that have been run */
    int sweep_count;
} ChapterState;

extern ChapterState chapter;

/* Counts a result among the chapter's own and says so on the terminal. */
void keep_result(const Result *r, bool yours);

/* An experiment as the accepted edition has it; as it is, if it is new. */
Experiment as_accepted(const Experiment *e);

/* Writes the data of the last figure, if one is being written. */
void close_data(void);

/* Puts yours and the book's on the page, for a call at that line. */
void report_comparison(int line, const Result *book, const Result *yours);

/* Adds the values that come with a result. */
void report_result_values(const Result *r);

#endif
