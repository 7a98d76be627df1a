/* SPDX-License-Identifier: MIT
 *
 * The learning curve of a run: what was seen on the way.
 *
 *     Recorder r = recorder_create(&history, epochs);
 *     if (recorder_add(&r, &batch))                        after each batch
 *         ... = recorder_point(&r, &batch);
 */
#ifndef RUNS_HISTORY_H
#define RUNS_HISTORY_H

#include "nn/train.h"

enum { MAX_POINTS = MAX_EPOCHS };

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
    int layers;                         /* how many have a gradient */
    Point point[MAX_POINTS];
    TrainTime time;                     /* of training alone */
} History;

/* What was seen since the last point. */
typedef struct Recorder {
    History *history;
    int points;                         /* in an epoch */
    double loss;
    int correct, images;
} Recorder;

/* Points at even distances, and one at the end of each of 1 to MAX_EPOCHS
 * epochs. h begins anew. */
Recorder recorder_create(History *h, int epochs);

/* Whether this batch completes the next part of its epoch. */
bool recorder_add(Recorder *r, const Batch *b);
Point *recorder_point(Recorder *r, const Batch *b);

#endif
