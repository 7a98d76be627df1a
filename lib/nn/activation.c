/* SPDX-License-Identifier: MIT
 *
 * Activations: one output per input, nothing to learn. */
#include "nn/layer.h"

#include <math.h>

Error configure_same_shape(Layer *l, int batch)
{
    (void)batch;
    l->out_shape = l->in_shape;
    return NULL;
}

/* y = 1 / (1 + e^-x) */
static void sigmoid_forward(Layer *l, float *y, const float *x, int B,
                            bool training)
{
    (void)training;
    for (int i = 0; i < B * l->out; i++)
        y[i] = 1 / (1 + expf(-x[i]));
}

/* dx = dy y (1 - y): the slope of the sigmoid, written with its own value. */
static void sigmoid_backward(Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    (void)x;
    for (int i = 0; i < B * l->out; i++)
        dx[i] = dy[i] * y[i] * (1 - y[i]);
}

/* y = max(x, 0). A NaN stays a NaN, so that the training loop notices it. */
static void relu_forward(Layer *l, float *y, const float *x, int B,
                         bool training)
{
    (void)training;
    for (int i = 0; i < B * l->out; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

/* dx = dy where the unit was on, 0 where it was off (and at x = 0 exactly, as
 * in PyTorch: any slope between 0 and 1 would do there). */
static void relu_backward(Layer *l, float *dx, const float *dy, const float *x,
                          const float *y, int B)
{
    (void)x;
    for (int i = 0; i < B * l->out; i++)
        dx[i] = y[i] > 0 ? dy[i] : 0;
}

const LayerType sigmoid_layer = { "sigmoid", configure_same_shape,
                                  sigmoid_forward, sigmoid_backward };
const LayerType relu_layer = { "relu", configure_same_shape, relu_forward,
                               relu_backward, .in_place = true };
