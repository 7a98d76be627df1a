/* SPDX-License-Identifier: MIT
 *
 * Optimisers: from the gradient of every weight to its next value. They see
 * one long row of floats and know nothing of layers.
 *
 *     Optimiser *o = optimiser_create(&spec, n);
 *     optimiser_step(o, rate);                     once per batch, then
 *     optimiser_update(o, w, g, 0, n);             for all weights, in parts
 *     optimiser_free(o);
 */
#ifndef NN_OPTIMISER_H
#define NN_OPTIMISER_H

#include "base/spec.h"
#include "nn/kinds.h"

typedef enum OptimiserKind {
    OPTIMISER_KINDS_LIST(AS_KIND)
    OPTIMISER_KINDS
} OptimiserKind;

typedef struct OptimiserSpec {
    OptimiserKind kind;
    float learning_rate;   /* must be given, */
    float momentum;    /* MOMENTUM: share of the old step kept; so must this */
    float alpha;       /* RMSPROP: share of the old mean square kept; 0: .99 */
    float beta1;       /* ADAM: share of the old mean kept; 0: .9 */
    float beta2;       /*       and of the old mean square; 0: .999 */
    float epsilon;     /* RMSPROP, ADAM: added to the root; 0: 1e-8 */
} OptimiserSpec;

typedef struct OptimiserType OptimiserType;

typedef struct Optimiser {
    const OptimiserType *type;
    OptimiserSpec spec;
    float rate;        /* of this step */
    float *m;          /* (n) moving mean of the gradients, or velocity */
    float *v;          /* (n) moving mean of their squares */
    int step;          /* batches so far */
} Optimiser;

/* The mean loss over all images at the weights as they stand now; their
 * gradient is left where gradients are. */
typedef double Objective(void *context);

struct OptimiserType {
    const char *name;
    const SpecField *fields;       /* what it uses of an OptimiserSpec */

    /* A step by the gradient of one batch. Weights w, gradients g, and the
     * parts of m and v that belong to them: all (n). */
    void (*update)(const Optimiser *o, float *w, const float *g, float *m,
                   float *v, size_t n);

    /* Instead, for a rule that wants all images at once and the loss at other
     * points: one epoch. It moves w and asks the objective as often as it
     * likes; where it asks last it stays. */
    void (*minimise)(Optimiser *o, float *w, const float *g, size_t n,
                     Objective *objective, void *context);
};

#define DECLARE(KIND, kind) extern const OptimiserType kind##_optimiser;
OPTIMISER_KINDS_LIST(DECLARE)
#undef DECLARE

extern const OptimiserType *const optimiser_types[OPTIMISER_KINDS];

Optimiser *optimiser_create(const OptimiserSpec *spec, size_t n);
void optimiser_free(Optimiser *o);
void optimiser_step(Optimiser *o, float rate);
void optimiser_update(Optimiser *o, float *w, const float *g, size_t from,
                      size_t to);

#endif
