/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include <string.h>

static Error dropout_configure(Layer *l, int batch)
{
    if (!(l->spec.rate >= 0 && l->spec.rate < 1))
        return error_text("dropout: rate is %g, expected 0 or more and below 1",
                          (double)l->spec.rate);
    l->out_shape = l->in_shape;
    l->scratch_size = (size_t)batch * l->in;
    return NULL;
}

/* In training each input is silenced with probability `rate`, and those that
 * are left grow by 1 / (1 - rate), so that the expected sum stays the same.
 * Otherwise nothing happens. The factors are kept for the way back. */
static void dropout_forward(Layer *l, float *y, const float *x, int B,
                            bool training)
{
    const float keep = 1 - l->spec.rate;
    float *factor = l->scratch;

    if (!training) {
        memcpy(y, x, (size_t)B * l->in * sizeof *y);
        return;
    }
    rng_uniforms(&l->rng, factor, (size_t)B * l->in);
    for (int i = 0; i < B * l->in; i++) {
        factor[i] = factor[i] < keep ? 1 / keep : 0;
        y[i] = x[i] * factor[i];
    }
}

static void dropout_backward(Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    const float *factor = l->scratch;

    (void)x;
    (void)y;
    for (int i = 0; i < B * l->in; i++)
        dx[i] = dy[i] * factor[i];
}

const LayerType dropout_layer = { "dropout", dropout_configure, dropout_forward,
                                  dropout_backward };
