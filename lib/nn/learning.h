/* SPDX-License-Identifier: MIT
 *
 * Teaching a model: how wrong it is, and which way is down.
 *
 *     must(model_prepare(m));
 *     model_forward(m, B, &(Pass){ .training = true, ... });
 *     double loss = model_loss(m, labels, B, B);
 *     model_backward(m, B);                      dL/dw in m->gradients
 */
#ifndef NN_LEARNING_H
#define NN_LEARNING_H

#include "nn/model.h"

/* Gives a model room for gradients. */
Error model_prepare(Model *m);

double model_loss(Model *m, const uint8_t *labels, int B, int images);
void model_backward(Model *m, int B);

#endif
