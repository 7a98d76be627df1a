/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include <string.h>

/* (C, H, W) becomes (C H W): the numbers stay, only their name changes. */
static Error flatten_configure(Layer *l, int batch)
{
    (void)batch;
    l->out_shape = (Shape){ l->in, 1, 1 };
    return NULL;
}

static void flatten_forward(Layer *l, float *y, const float *x, int B,
                            bool training)
{
    (void)training;
    if (y != x)
        memcpy(y, x, (size_t)B * l->in * sizeof *y);
}

static void flatten_backward(Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    (void)x;
    (void)y;
    if (dx != dy)
        memcpy(dx, dy, (size_t)B * l->in * sizeof *dx);
}

const LayerType flatten_layer = { "flatten", flatten_configure, flatten_forward,
                                  flatten_backward, .in_place = true };
