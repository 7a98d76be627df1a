/* SPDX-License-Identifier: MIT
 *
 * Training: from the first random weights to the last epoch.
 *
 *     Model *m;
 *     must(train(&m, &experiment, &digits.train,
 *                &(TrainOptions){ .seed = 1 }));
 *     Predictions p = evaluate(m, &digits.test);
 */
#ifndef NN_TRAIN_H
#define NN_TRAIN_H

#include "nn/metrics.h"

/* A batch is cut into shards that can be worked on side by side, as many as the
 * work asks for, whatever the threads: gradients are added in the order of the
 * shards, so that the bits stay the same. Handing one over costs 10^7 products. */
enum { MAX_SHARDS = 2, WORTH_SHARING = 10000000 };

/* A batch that has been learned from. */
typedef struct Batch {
    Model *model;                       /* after the step, with the gradients of
                                           the batch; it may be evaluated */
    int epoch;                          /* from 0 */
    int step, steps;                    /* which batch of so many in an epoch,
                                           from 1 */
    int images;
    double loss;                        /* the sum over its images, */
    int correct;                        /* and how many of them were read right,
                                           both before the step */
} Batch;

/* What a training took, by the clock and in CPU time of all its threads. */
typedef struct TrainTime {
    double seconds, core_seconds;
} TrainTime;

typedef struct TrainOptions {
    uint64_t seed;
    int threads;                        /* for one batch; 0 counts as 1 */
    void (*watch)(void *context, const Batch *b);    /* or NULL */
    void *context;                      /* handed to watch */
    TrainTime *time;                    /* filled in, or NULL */
    const OptimiserType *rule;          /* NULL: the experiment's optimiser */
} TrainOptions;

/* Trains the network of an experiment on its share of data. The error says
 * what does not fit, or where the loss was no longer finite; *model then stays
 * as it was. */
Error train(Model **model, const Experiment *e, const Dataset *data,
            const TrainOptions *options);

#endif
