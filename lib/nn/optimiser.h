/* SPDX-License-Identifier: MIT
 *
 * Optimisers: from the gradient of every weight to its next value. They see
 * one long row of floats and know nothing of layers.
 *
 *     Optimiser *o = optimiser_create(&spec, n);
 *     optimiser_step(o);                           once per batch, then
 *     optimiser_update(o, w, g, 0, n);             for all weights, in parts
 *     optimiser_free(o);
 */
#ifndef NN_OPTIMISER_H
#define NN_OPTIMISER_H

#include <stddef.h>

#include "nn/experiment.h"

typedef struct Optimiser {
    OptimiserSpec spec;
    float *m;          /* (n) moving mean of the gradients, or velocity */
    float *v;          /* (n) moving mean of their squares */
    int step;          /* batches so far */
} Optimiser;

typedef struct OptimiserType {
    const char *name;
    OptimiserSpec defaults;

    /* Weights w, gradients g, and the parts of m and v that belong to them:
     * all (n). */
    void (*update)(const Optimiser *o, float *w, const float *g, float *m,
                   float *v, size_t n);
} OptimiserType;

extern const OptimiserType optimiser_types[OPTIMISER_KINDS];

Optimiser *optimiser_create(const OptimiserSpec *spec, size_t n);
void optimiser_free(Optimiser *o);
void optimiser_step(Optimiser *o);
void optimiser_update(Optimiser *o, float *w, const float *g, size_t from,
                      size_t to);

#endif
