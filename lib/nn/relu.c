/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

/* y = max(x, 0). A NaN stays a NaN, so that the training loop notices it. */
static void relu_forward(const Layer *l, float *y, const float *x, int B,
                         const Pass *pass)
{
    for (size_t i = 0; i < (size_t)B * l->out; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

/* dx = dy where the unit was on, 0 where it was off (and at x = 0 exactly, as
 * in PyTorch: any slope between 0 and 1 would do there). */
static void relu_backward(const Layer *l, float *dx, const float *dy,
                          const float *x, const float *y, int B)
{
    for (size_t i = 0; i < (size_t)B * l->out; i++)
        dx[i] = y[i] > 0 ? dy[i] : 0;
}

const LayerType relu_layer = {
    "relu", no_fields, NULL, relu_forward, relu_backward,
    .needs_y = true, .in_place = true,
};
