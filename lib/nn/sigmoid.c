/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "nn/layer.h"

/* y = 1 / (1 + e^-x) */
static void sigmoid_forward(const Layer *l, float *y, const float *x, int B,
                            const Pass *pass)
{
    for (size_t i = 0; i < (size_t)B * l->out; i++)
        y[i] = 1 / (1 + expf(-x[i]));
}

/* dx = dy y (1 - y): the slope of the sigmoid, written with its own value. */
static void sigmoid_backward(const Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    for (size_t i = 0; i < (size_t)B * l->out; i++)
        dx[i] = dy[i] * y[i] * (1 - y[i]);
}

const LayerType sigmoid_layer = {
    "sigmoid", no_fields, NULL, sigmoid_forward, sigmoid_backward,
    .needs_y = true, .in_place = true,
};
