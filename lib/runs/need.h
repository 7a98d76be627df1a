/* SPDX-License-Identifier: MIT
 *
 * What a training will need, before it begins: a reader may ask for more memory
 * than there is, or for more time than she thinks.
 *
 *     Need need;
 *     must(need_of(&need, &relu, 60000));
 *     if (need.bytes > machine_here().memory) ...
 */
#ifndef RUNS_NEED_H
#define RUNS_NEED_H

#include "nn/experiment.h"

typedef struct Need {
    double parameters;
    double bytes;              /* of one run: parameters, gradients, the state of
                                  the optimiser, activations, and the weights
                                  once more while they are written; not the
                                  images, which are there already */
    double seconds;            /* of one run, on one core: a guess */
    int largest;               /* the layer with most parameters, from 1 */
    const char *kind;          /* and its kind */
} Need;

/* For one run on `images` images. The error says which layer does not fit. All
 * is 0 for a method without layers. */
Error need_of(Need *need, const Experiment *e, int images);

/* That it is more than there is; both numbers in one line. */
Error need_too_much(const Need *need, const Experiment *e, double memory);

/* A line on stderr before so many runs on so many threads, if they are going to
 * take more than a minute. */
void need_announce(const Need *need, const Experiment *e, int runs,
                   int threads);

#endif
