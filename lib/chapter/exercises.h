/* SPDX-License-Identifier: MIT
 *
 * Exercises with their true answers. */
#ifndef CHAPTER_EXERCISES_H
#define CHAPTER_EXERCISES_H

#include "chapter/place.h"
#include "nn/experiment.h"

/* An exercise: a question, the settings it changes in an experiment, and the
 * true answer, folded away. Settings: "train.batch=4; train.epochs=2". When the
 * answer says that the change is for the better or the worse, the build checks
 * that it is so by more than seed noise. */
typedef struct Exercise {
    const Experiment *base;
    const char *set;
    const char *question;          /* Markdown: what to predict */
    const char *answer;            /* Markdown, after the numbers, or NULL */
    enum { OPEN, BETTER, WORSE } outcome;
    int seeds;                     /* 0: as the base, at most 5 */
} Exercise;

/* An array of them; they are run together. */
#define report_exercises(list)                                                 \
    report_exercises_at(HERE, list, sizeof (list) / sizeof (list)[0])
void report_exercises_at(Place at, const Exercise *list, int n);

#endif
