/* SPDX-License-Identifier: MIT
 *
 * The laboratory: where experiments are run, or recalled from the store.
 *
 *     Lab *lab = lab_open(&digits, &(LabOptions){ .store = "build/runs" });
 *     const Result *r = lab_run(lab, &relu);
 *     printf("%.1f +- %.1f %%\n",
              100 * r->accuracy.mean, 100 * r->accuracy.sd);
 *     lab_close(lab);
 *
 * The seeds of an experiment run side by side, and each may share its batches
 * between threads, so that no core is idle when the last run is alone. Neither
 * changes a bit of the results.
 */
#ifndef RUNS_LAB_H
#define RUNS_LAB_H

#include "data/source.h"
#include "runs/store.h"

/* Mean and standard deviation (n - 1) over the seeds. */
typedef struct Stat {
    double mean, sd;
    int n;
} Stat;

Stat stat_of(const double *x, int n);

/* A share as "93.9 ± 0.3 %", with as many decimals as its spread deserves;
 * without the spread when there is none. */
void stat_percent(char text[64], Stat s);

typedef struct Result {
    Experiment experiment;         /* complete, its number of seeds as run */
    Run *run;                      /* (runs), by seed */
    int runs;
    Stat accuracy, loss;           /* on the test set, or on images held out */
    Stat seconds;
    size_t parameters;
    int trained;                   /* how many of the runs were not recalled */
} Result;

/* How far an experiment is: for whoever watches. */
typedef struct Progress {
    const Experiment *experiment;
    int runs, done;                /* seeds wanted, finished */
    uint64_t seed;                 /* the one that reports now */
    const Point *point;            /* its latest point; NULL: the run is done */
    double seconds;                /* since the experiment began */
} Progress;

typedef struct LabOptions {
    const char *store;             /* folder of the runs */
    int threads;                   /* 0: as many as the machine has cores */
    int seeds;                     /* 0: as the experiment says; else at most */
    bool force;                    /* train even what is in the store */
    void (*progress)(void *context, const Progress *p);
    void *context;
} LabOptions;

typedef struct Lab Lab;

Lab *lab_open(const Digits *digits, const LabOptions *options);
void lab_close(Lab *lab);

/* All seeds of an experiment. The result belongs to the lab. A run that cannot
 * be finished (a loss that is not finite, a layer that does not fit) stops the
 * program with one line. */
const Result *lab_run(Lab *lab, const Experiment *e);

/* The same for an experiment that may fail: NULL, and *error says why. */
const Result *lab_try(Lab *lab, const Experiment *e, Error *error);

/* As lab_run, but takes what is in the store even when all is forced anew. */
const Result *lab_recall(Lab *lab, const Experiment *e);

/* What a run left behind. Free with predictions_free and model_free. */
Predictions run_predictions(const Run *run);
Model *run_model(const Run *run, const Experiment *e, int batch);

#endif
