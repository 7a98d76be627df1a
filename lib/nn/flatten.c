/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "nn/layer.h"

/* (C, H, W) becomes (C H W): the numbers stay, only their name changes. */
static Error flatten_configure(Layer *l)
{
    l->out_shape = (Shape){ l->in, 1, 1 };
    return NULL;
}

static void flatten_forward(const Layer *l, float *y, const float *x, int B,
                            const Pass *pass)
{
    memmove(y, x, (size_t)B * l->in * sizeof *y);
}

static void flatten_backward(const Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    memmove(dx, dy, (size_t)B * l->in * sizeof *dx);
}

const LayerType flatten_layer = {
    "flatten", no_fields, flatten_configure, flatten_forward, flatten_backward,
    .in_place = true,
};
