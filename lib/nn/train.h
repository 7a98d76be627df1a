/* SPDX-License-Identifier: MIT
 *
 * Training: from the first random weights to the last epoch.
 *
 *     History h;
 *     Model *m;
 *     must(train(&m, &h, &experiment, &digits.train,
 *                &(TrainOptions){ .seed = 1 }));
 *     Predictions p = evaluate(m, &digits.test);
 */
#ifndef NN_TRAIN_H
#define NN_TRAIN_H

#include "nn/history.h"
#include "nn/metrics.h"
#include "nn/optimiser.h"

typedef struct TrainOptions {
    uint64_t seed;
    int threads;                        /* for one batch; 0 counts as 1 */
    void (*progress)(void *context, const Point *latest);
    void *context;                      /* handed to progress */
    const OptimiserType *rule;          /* NULL: the experiment's optimiser */
} TrainOptions;

Error train(Model **model, History *h, const Experiment *e, const Dataset *data,
            const TrainOptions *options);

#endif
