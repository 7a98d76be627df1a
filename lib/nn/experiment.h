/* SPDX-License-Identifier: MIT
 *
 * An experiment: everything that can change a result, as plain data.
 *
 *     static const Experiment relu = {
 *         .name      = "relu",
 *         .input     = { 1, 28, 28 },
 *         .layers    = { { DENSE, .units = 32 }, { RELU },
 *                        { DENSE, .units = 10 }, { SOFTMAX } },
 *         .loss      = LOSS_MSE,
 *         .optimiser = { SGD, .learning_rate = 0.1f },
 *         .train     = { .epochs = 1, .batch = 1, .shuffle = true },
 *         .seeds     = 10,
 *     };
 *
 * A number that is left out is 0, and 0 stands for the usual value where there
 * is one (nn/complete.h).
 */
#ifndef NN_EXPERIMENT_H
#define NN_EXPERIMENT_H

#include <stdbool.h>

#include "nn/kinds.h"

enum { MAX_LAYERS = 24 };

#define AS_KIND(KIND, kind) KIND,
typedef enum LayerKind {
    NO_LAYER,          /* ends the list of layers */
    LAYER_KINDS_LIST(AS_KIND)
    LAYER_KINDS
} LayerKind;

typedef enum LossKind { LOSS_MSE, LOSS_CROSS_ENTROPY, LOSS_KINDS } LossKind;

typedef enum OptimiserKind {
    SGD, MOMENTUM, RMSPROP, ADAM, OPTIMISER_KINDS
} OptimiserKind;

/* What learns: the methods are listed in runs/method.h. */
typedef enum MethodKind { NETWORK, METHOD_KINDS } MethodKind;

/* The size of one image, or of what a layer makes of it. */
typedef struct Shape {
    int channels, rows, columns;
} Shape;

typedef struct LayerSpec {
    LayerKind kind;
    int units;         /* DENSE: how many outputs */
    int channels;      /* CONV2D: how many filters */
    int kernel;        /* CONV2D, MAX_POOL: side of the window, pixels */
    int stride;        /* the same: step of the window; default 1, for
                          MAX_POOL the kernel */
    int padding;       /* CONV2D: rings of zeros around the image; default 0 */
    float rate;        /* DROPOUT: share of the inputs that is silenced */
} LayerSpec;

typedef struct OptimiserSpec {
    OptimiserKind kind;
    float learning_rate;
    float momentum;    /* MOMENTUM: share of the old step kept */
    float alpha;       /* RMSPROP: share of the old mean square kept */
    float beta1;       /* ADAM: share of the old mean kept, */
    float beta2;       /*       and of the old mean square */
    float epsilon;     /* RMSPROP, ADAM: added to the root */
} OptimiserSpec;

typedef struct TrainSpec {
    int epochs;        /* passes over the training images */
    int batch;         /* images in one step */
    bool shuffle;      /* a new random order in every epoch */
    bool sorted;       /* begin with all zeros, then all ones, ... */
    int images;        /* how many training images to use; 0: all */
    int validation;    /* the last so many training images are held out, and
                          the run is judged on those, not on the test set;
                          0: none */
} TrainSpec;

typedef struct Experiment {
    const char *name;
    MethodKind method;
    Shape input;
    LayerSpec layers[MAX_LAYERS];
    LossKind loss;
    OptimiserSpec optimiser;
    TrainSpec train;
    int seeds;         /* how many runs: seeds 1 to this */
} Experiment;

#endif
