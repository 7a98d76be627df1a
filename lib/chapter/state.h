/* SPDX-License-Identifier: MIT
 *
 * The chapter that is being run: what its parts share, and nobody else needs. */
#ifndef CHAPTER_STATE_H
#define CHAPTER_STATE_H

#include <stdio.h>

#include "chapter/contents.h"
#include "chapter/figure.h"
#include "chapter/place.h"
#include "chapter/weave.h"
#include "runs/lab.h"
#include "runs/records.h"

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
    Text claims;                   /* for claims.tsv */

    int exercise_count;

    const Result *own[MAX_OWN];    /* what this chapter has trained */
    bool yours[MAX_OWN];           /* ... as it is not in the accepted edition */
    int own_count;

    SweepPoints *sweeps[MAX_SWEEPS];       /* that have been run */
    int sweep_count;
} ChapterState;

extern ChapterState chapter;

/* Stops unless the report comes from the step that runs. */
void step_check(Place at);

/* What goes behind the code of a line; for a report of a step; what a step
 * reported last, NULL if nothing. */
Text *artefact_add(int line);
Text *artefact_new(Place at);
Text *artefact_last(void);

/* A value for the prose; line 0 for those that come with a result. */
void value_add(int line, const char *name, const char *text);
void values_of_result(const Result *r);

/* An experiment whose numbers have names in the prose; its name is kept. */
void experiment_add(const Experiment *e);

/* A sentence, and the same with what was put into it as Markdown has it. */
void claim_add(Text *t, int line, bool holds, const char *sentence,
               const char *markdown);

/* Counts a result among the chapter's own and says so on the terminal; false if
 * it is there already. */
bool result_keep(const Result *r, bool yours);

/* Writes the data of the last figure, if one is being written: in memory until
 * then, and in one step, since another build may be reading the file. */
void data_close(void);

#endif
