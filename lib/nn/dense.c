/* SPDX-License-Identifier: MIT */
#include "nn/blas.h"
#include "nn/layer.h"

#include <string.h>

static Error dense_configure(Layer *l, int batch)
{
    (void)batch;
    if (l->spec.units < 1)
        return error_text("dense: units is %d, expected 1 or more",
                          l->spec.units);
    l->out_shape = (Shape){ l->spec.units, 1, 1 };
    l->weights = l->spec.units * l->in;
    l->biases = l->spec.units;
    l->fan_in = l->in;
    return NULL;
}

/* y = x W' + b      x (B, in)   W (out, in)   b (out)   y (B, out)
 * W as in torch.nn.Linear: one row per output unit. */
static void dense_forward(Layer *l, float *y, const float *x, int B,
                          bool training)
{
    (void)training;
    for (int i = 0; i < B; i++)
        memcpy(y + i * l->out, l->b, l->out * sizeof *y);
    mul_bt(y, x, l->W, B, l->out, l->in, ADD);           /* y += x W' */
}

/* dW = dy' x        db = column sums of dy       dx = dy W */
static void dense_backward(Layer *l, float *dx, const float *dy, const float *x,
                           const float *y, int B)
{
    (void)y;
    mul_at(l->dW, dy, x, l->out, l->in, B, SET);
    memset(l->db, 0, l->out * sizeof *l->db);
    for (int i = 0; i < B; i++)
        axpy(l->db, 1, dy + i * l->out, l->out);
    if (dx)
        mul(dx, dy, l->W, B, l->in, l->out, SET);
}

const LayerType dense_layer = { "dense", dense_configure, dense_forward,
                                dense_backward };
