/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/products.h"

static const SpecField dense_fields[] = {
    { "units", offsetof(LayerSpec, units), .low = 1, .high = 100000 },
    { NULL },
};

/* As in torch.nn.Linear: W (out, in), one row per output unit, and all of it
 * uniform in +-1 / sqrt(in) to begin with. */
static Error dense_configure(Layer *l)
{
    const int out = l->spec.units;
    const float bound = 1 / sqrtf((float)l->in);

    l->out_shape = (Shape){ out, 1, 1 };
    layer_add_tensor(l, (Tensor){ "weight", { out, l->in }, -bound, bound });
    layer_add_tensor(l, (Tensor){ "bias", { out }, -bound, bound });
    return NULL;
}

/* y = x W' + b      x (B, in)   W (out, in)   b (out)   y (B, out) */
static void dense_forward(const Layer *l, float *y, const float *x, int B,
                          const Pass *pass)
{
    const float *W = l->tensor[WEIGHT].value, *b = l->tensor[BIAS].value;

    for (int i = 0; i < B; i++)
        memcpy(y + (size_t)i * l->out, b, l->out * sizeof *y);
    mul_bt(y, x, W, B, l->out, l->in, ADD);              /* y += x W' */
}

/* dW = dy' x        db = column sums of dy       dx = dy W */
static void dense_backward(const Layer *l, float *dx, const float *dy,
                           const float *x, const float *y, int B)
{
    float *dW = l->tensor[WEIGHT].gradient, *db = l->tensor[BIAS].gradient;

    mul_at(dW, dy, x, l->out, l->in, B, SET);
    memset(db, 0, l->out * sizeof *db);
    for (int i = 0; i < B; i++)
        axpy(db, 1, dy + (size_t)i * l->out, l->out);
    if (dx)
        mul(dx, dy, l->tensor[WEIGHT].value, B, l->in, l->out, SET);
}

const LayerType dense_layer = {
    "dense", dense_fields, dense_configure, dense_forward, dense_backward,
    .needs_x = true,
};
