/* SPDX-License-Identifier: MIT
 *
 * A sweep: one experiment over the values of one field, or of two.
 *
 *     static const Sweep batches = {
 *         .base  = &minibatch,
 *         .set   = "train.epochs=3; train.validation=5000",
 *         .vary  = { "train.batch=1|4|16|64|256" },
 *         .seeds = 3,
 *     };
 *
 * All runs of all points train side by side. What is chosen from a sweep is a
 * choice, so every point is judged on images held out (runs/twin.h).
 */
#ifndef RUNS_SWEEP_H
#define RUNS_SWEEP_H

#include "runs/lab.h"

enum { MAX_VALUES = 32 };

typedef struct Sweep {
    const char *name;              /* of its line, where a figure has several */
    const Experiment *base;
    const char *set;               /* settings for every point, or NULL */
    const char *vary[2];           /* "field=value|value|..."; the second may be
                                      NULL */
    int seeds;                     /* of every point; 0: as the base */
} Sweep;

/* Its points, the values of the second field changing fastest. */
typedef struct SweepPoints {
    const char *name;
    char field[2][64];
    char value[2][MAX_VALUES][512];
    int count[2];                  /* values of each field; 1 if there is none */
    int n;                         /* points */
    Experiment *experiment;        /* (n) named "minibatch, train.epochs=3; ..." */
    const Result **result;         /* (n) once they have been run; a point may
                                      have failed: see its error */
} SweepPoints;

/* What there is to run; stops the program when a setting is wrong. */
SweepPoints *sweep_plan(const Sweep *s);
void sweep_free(SweepPoints *p);

/* The result at value i of the first field and value k of the second. */
const Result *sweep_at(const SweepPoints *p, int i, int k);

#endif
