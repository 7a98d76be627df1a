/* SPDX-License-Identifier: MIT
 *
 * What came out of an experiment: its runs, and their means. */
#ifndef RUNS_RESULT_H
#define RUNS_RESULT_H

#include "runs/statistics.h"
#include "runs/store.h"

enum { MAX_SEEDS = 1024 };

typedef struct Result {
    Experiment experiment;         /* complete, its number of seeds as run, its
                                      name a copy */
    Run *run;                      /* (runs), by seed */
    int runs;
    Stat accuracy, loss;           /* on the test set, or on images held out */
    Stat seconds;                  /* of training, by the clock */
    Stat core_seconds;             /* the same, of all cores that worked for it:
                                      what it costs, however many there were */
    size_t parameters;
    int trained;                   /* how many of the runs were not recalled */
    char *error;                   /* why it could not be finished (a loss that
                                      is not finite, a layer that does not
                                      fit); then nothing else holds */
} Result;

/* Makes the means and deviations of its runs. */
void result_summarise(Result *r);

#endif
