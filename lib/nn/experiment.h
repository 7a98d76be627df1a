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
 * is one; a learning rate and a momentum must be given.
 */
#ifndef NN_EXPERIMENT_H
#define NN_EXPERIMENT_H

#include "data/dataset.h"
#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/optimiser.h"

enum { MAX_EPOCHS = 128 };

/* What learns: the methods are listed in runs/methods.c. */
typedef enum MethodKind { NETWORK, METHOD_KINDS } MethodKind;

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
    int seeds;         /* how many runs: seeds 1 to this; 0: one */
} Experiment;

/* The ranges of a TrainSpec's numbers. */
extern const SpecField train_fields[];

/* Replaces what was left out by the usual values. */
Experiment experiment_complete(const Experiment *e);

/* Says which number is out of its range, but for those of layers. */
Error experiment_check(const Experiment *e);

/* The images to learn from and those held out, which may be none: views of
 * data. The error is that there are too few. */
Error experiment_split(Dataset *training, Dataset *held_out,
                       const Experiment *e, const Dataset *data);

#endif
