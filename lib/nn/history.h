/* SPDX-License-Identifier: MIT
 *
 * The learning curve: what the training loop writes down on its way.
 *
 *     recorder_add(&r, loss, correct, B);                  after each batch
 *     if (recorder_due(&r))
 *         Point *p = recorder_point(&r, model);
 */
#ifndef NN_HISTORY_H
#define NN_HISTORY_H

#include "nn/model.h"

enum { MAX_POINTS = 128 };

/* A point of the learning curve: what was seen since the point before. */
typedef struct Point {
    double epoch;                       /* passes so far; 0.5: half of one */
    double loss, accuracy;              /* on the training images, in passing */
    double validation_loss;             /* on the images held out, at ends */
    double validation_accuracy;         /* of epochs; otherwise NAN */
    double gradient[MAX_LAYERS];        /* length of each layer's gradient in
                                           the last batch */
} Point;

typedef struct History {
    int points;
    Point point[MAX_POINTS];
    double seconds;                     /* of training alone, by the clock */
    double core_seconds;                /* CPU time of all threads for it */
} History;

/* What was seen since the last point. */
typedef struct Recorder {
    History *history;
    int steps, points;                  /* in an epoch */
    long step;                          /* batches so far */
    double loss;
    int correct, seen;
} Recorder;

/* Points at even distances, and one at the end of each epoch. */
Recorder recorder_create(History *h, int epochs, int steps);
void recorder_add(Recorder *r, double loss, int correct, int images);
bool recorder_due(const Recorder *r);
Point *recorder_point(Recorder *r, const Model *m);

#endif
