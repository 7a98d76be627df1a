/* SPDX-License-Identifier: MIT
 *
 * Losses: how far the outputs of a network are from the labels.
 *
 *     double sum = loss_types[LOSS_MSE].sum(d, y, labels, B, B);
 */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <stdbool.h>

#include "data/dataset.h"

typedef enum LossKind { LOSS_MSE, LOSS_CROSS_ENTROPY, LOSS_KINDS } LossKind;

typedef struct LossType {
    const char *name;

    /* true: `y` are the logits, the inputs of the softmax that must be the
     * last layer of the network; false: y are the network's outputs. */
    bool from_logits;

    /* The sum of the losses of B images, y (B, CLASSES). Unless d is NULL, d
     * becomes the gradient of the batch's mean loss, the batch being `images`
     * large: more than B when several threads share it. Without d it does not
     * matter. */
    double (*sum)(float *d, const float *y, const uint8_t *labels, int B,
                  int images);
} LossType;

extern const LossType loss_types[LOSS_KINDS];

double softmax_row(float *p, const float *z, int n);

#endif
