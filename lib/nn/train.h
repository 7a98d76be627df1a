/* SPDX-License-Identifier: MIT
 *
 * Training: the loop, its history, and the judgement at the end.
 *
 *     History h;
 *     Model *m;
 *     must(train(&m, &h, &experiment, &digits.train,
 *                &(TrainOptions){ .seed = 1 }));
 *     Predictions p = evaluate(m, &digits.test);
 */
#ifndef NN_TRAIN_H
#define NN_TRAIN_H

#include "nn/metrics.h"
#include "nn/model.h"

enum { MAX_POINTS = 128 };

/* A point of the learning curve: what was seen since the point before. */
typedef struct Point {
    double epoch;                       /* passes so far; 0.5: half of one */
    double loss, accuracy;              /* on the training images, in passing */
    double validation_loss;             /* on the images held out, at ends */
    double validation_accuracy;         /* of epochs; otherwise NAN */
    double gradient[MAX_LAYERS];        /* length of each layer's (dW, db) in
                                           the last batch */
} Point;

typedef struct History {
    int points;
    Point point[MAX_POINTS];
    double seconds;                     /* of training alone */
} History;

typedef struct TrainOptions {
    uint64_t seed;
    int threads;                        /* for one batch; 0 counts as 1 */
    void (*progress)(void *context, const Point *latest);
    void *context;                      /* handed to progress */
} TrainOptions;

Error train(Model **model, History *h, const Experiment *e, const Dataset *data,
            const TrainOptions *options);

#endif
