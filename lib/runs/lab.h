/* SPDX-License-Identifier: MIT
 *
 * The laboratory: where experiments are run, or recalled from the store.
 *
 *     Lab *lab = lab_open(&digits, &(LabOptions){ .store = "build/runs" });
 *     const Result *r = lab_run(lab, &relu);
 *     printf("%.1f +- %.1f %%\n",
 *            100 * r->accuracy.mean, 100 * r->accuracy.sd);
 *     lab_close(lab);
 *
 * All runs that are missing are trained side by side, the seeds of one
 * experiment as well as several experiments asked for together; each may share
 * its batches with a core that is idle when the last run is alone. Neither
 * changes a bit of the results.
 */
#ifndef RUNS_LAB_H
#define RUNS_LAB_H

#include "data/source.h"
#include "runs/result.h"

/* How far the training is: for whoever watches. */
typedef struct Progress {
    const Experiment *experiment;  /* that reports now */
    uint64_t seed;                 /* of its run */
    const Point *point;            /* its latest point; NULL: the run is done */
    int runs, done;                /* all that train together, and finished */
    double seconds;                /* since they began */
} Progress;

typedef struct LabOptions {
    const char *store;             /* folder of the runs */
    int threads;                   /* 0: as many as the machine has cores */
    int seeds;                     /* 0: as the experiment says; else at most */
    int only_seed;                 /* 0: from 1 on; else this one alone */
    const char *chapter;           /* noted in the runs; or NULL */
    bool force;                    /* train even what is in the store */
    void (*progress)(void *context, const Progress *p);
    void *context;
} LabOptions;

typedef struct Lab Lab;

Lab *lab_open(const Digits *digits, const LabOptions *options);
void lab_close(Lab *lab);

/* How many runs of an experiment lab_run would have to train. */
int lab_missing(const Lab *lab, const Experiment *e);

/* All seeds of an experiment. The result belongs to the lab. One that cannot be
 * finished stops the program with one line. */
const Result *lab_run(Lab *lab, const Experiment *e);

/* The same for n experiments together, each of which may fail: see error. */
void lab_try(Lab *lab, const Result **results, const Experiment *e, int n);

/* As lab_run, but takes what is in the store even when all is forced anew. */
const Result *lab_recall(Lab *lab, const Experiment *e);

/* The book's side of a comparison: the accepted version of a chapter's own
 * experiment, judged on the same images as `yours`, with so many seeds; trained
 * if nobody has asked for it before. */
const Result *lab_book_side(Lab *lab, const Experiment *own,
                            const Experiment *yours, int seeds);

/* What a run left behind; the model is that of a network. Free them with
 * predictions_free and model_free. */
Predictions run_predictions(const Run *run);
Model *run_model(const Run *run, const Experiment *e, int batch);

#endif
