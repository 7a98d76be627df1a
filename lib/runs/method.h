/* SPDX-License-Identifier: MIT
 *
 * Methods: what can learn from images, and then say what it sees. Networks are
 * one; each is a file of functions and one row in runs/methods.c, and all else
 * (store, tables, comparisons) knows only that row.
 */
#ifndef RUNS_METHOD_H
#define RUNS_METHOD_H

#include "runs/history.h"

typedef struct FitOptions {
    uint64_t seed;
    int threads;                   /* 0 counts as 1 */
    void (*progress)(void *context, const Point *latest);    /* or NULL */
    void *context;                 /* handed to progress */
} FitOptions;

/* What has been learned is known to the method alone: to the others it is a
 * pointer without a type. */
typedef struct Method {
    const char *name;
    const char *const *files;      /* NULL ends the list: the object files of lib/
                                      that decide what is learned, "nn/train" */
    const SpecField *fields;       /* what it uses of an Experiment, by offset,
                                      beside what all of them use; or NULL */
    bool layered;                  /* it has layers, a loss and an optimiser */

    /* Learns from an experiment's share of data, and fills in h. */
    Error (*fit)(void **learned, History *h, const Experiment *e,
                 const Dataset *data, const FitOptions *options);

    /* What it says of all images of d: all of Predictions. */
    Predictions (*predict)(void *learned, const Dataset *d);

    /* How many numbers have been learned. */
    size_t (*parameters)(const void *learned);

    /* Into files of a folder and back: the store seals whatever is written.
     * `batch`: so many images will be asked about at once, at most. */
    Error (*save)(const void *learned, const char *folder);
    Error (*load)(void **learned, const Experiment *e, int batch,
                  const char *folder);
    void (*release)(void *learned);
} Method;

/* NULL behind the last. */
const Method *method_of(MethodKind kind);

/* An experiment with the usual values for what it leaves out. */
Experiment method_complete(const Experiment *e);

/* Says which number of its method's own is out of its range. */
Error method_check(const Experiment *e);

#endif
