/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

static const SpecField dropout_fields[] = {
    { "rate", offsetof(LayerSpec, rate), .real = true, .low = 0, .high = .999 },
    { NULL },
};

static Error dropout_configure(Layer *l)
{
    l->scratch_per_image = l->in;
    return NULL;
}

/* In training each input is silenced with probability `rate`, and those that
 * are left grow by 1 / (1 - rate), so that the expected sum stays the same.
 * Otherwise nothing happens. The factors are kept for the way back. */
static void dropout_forward(const Layer *l, float *y, const float *x, int B,
                            const Pass *pass)
{
    const float keep = 1 - l->spec.rate;
    float *factor = l->scratch;

    for (int i = 0; i < B; i++, factor += l->in, x += l->in, y += l->in) {
        if (pass->training) {
            Rng rng = rng_stream(pass->seed, DROPPED_UNITS, pass->epoch,
                                 (uint64_t)pass->image[i] * MAX_LAYERS
                                 + l->number);
            rng_uniforms(&rng, factor, l->in);
        }
        for (int j = 0; j < l->in; j++) {
            factor[j] = !pass->training ? 1 : factor[j] < keep ? 1 / keep : 0;
            y[j] = x[j] * factor[j];
        }
    }
}

static void dropout_backward(const Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    const float *factor = l->scratch;

    for (size_t i = 0; i < (size_t)B * l->in; i++)
        dx[i] = dy[i] * factor[i];
}

const LayerType dropout_layer = {
    "dropout", dropout_fields, dropout_configure, dropout_forward,
    dropout_backward, .in_place = true,
};
