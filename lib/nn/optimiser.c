/* SPDX-License-Identifier: MIT */
#include "nn/optimiser.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"

/* w <- w - eta g */
static void sgd_update(const Optimiser *o, float *w, const float *g,
                       float *m, float *v, size_t n)
{
    const float eta = o->spec.learning_rate;

    (void)m;
    (void)v;
    for (size_t i = 0; i < n; i++)
        w[i] -= eta * g[i];
}

/* m <- mu m + g,  w <- w - eta m                 (torch.optim.SGD, momentum) */
static void momentum_update(const Optimiser *o, float *w, const float *g,
                            float *m, float *v, size_t n)
{
    const float eta = o->spec.learning_rate, mu = o->spec.momentum;

    (void)v;
    for (size_t i = 0; i < n; i++) {
        m[i] = mu * m[i] + g[i];
        w[i] -= eta * m[i];
    }
}

/* v <- rho v + (1 - rho) g^2,  w <- w - eta g / (sqrt v + epsilon)
 * Tieleman and Hinton 2012; epsilon outside the root, as in
 * torch.optim.RMSprop. */
static void rmsprop_update(const Optimiser *o, float *w, const float *g,
                           float *m, float *v, size_t n)
{
    const float eta = o->spec.learning_rate, rho = o->spec.decay;
    const float epsilon = o->spec.epsilon;

    (void)m;
    for (size_t i = 0; i < n; i++) {
        v[i] = rho * v[i] + (1 - rho) * g[i] * g[i];
        w[i] -= eta * g[i] / (sqrtf(v[i]) + epsilon);
    }
}

/* Momentum and RMSprop together, both divided by what they lack at the start:
 * after t steps a mean that began at 0 has only reached 1 - beta^t of its size.
 * Kingma and Ba 2015; torch.optim.Adam. */
static void adam_update(const Optimiser *o, float *w, const float *g,
                        float *m, float *v, size_t n)
{
    const float beta1 = o->spec.momentum, beta2 = o->spec.decay;
    const float epsilon = o->spec.epsilon;
    const double reached1 = 1 - pow((double)beta1, o->step);
    const double reached2 = 1 - pow((double)beta2, o->step);
    const float eta = (float)((double)o->spec.learning_rate / reached1);
    const float scale = (float)(1 / sqrt(reached2));

    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] -= eta * m[i] / (scale * sqrtf(v[i]) + epsilon);
    }
}

const OptimiserType optimiser_types[OPTIMISER_KINDS] = {
    [SGD]      = { "sgd", { .learning_rate = 0.1f }, sgd_update },
    [MOMENTUM] = { "momentum", { .learning_rate = 0.1f, .momentum = 0.9f },
                   momentum_update },
    [RMSPROP]  = { "rmsprop", { .learning_rate = 0.001f, .decay = 0.99f,
                   .epsilon = 1e-8f }, rmsprop_update },
    [ADAM]     = { "adam", { .learning_rate = 0.001f, .momentum = 0.9f,
                   .decay = 0.999f, .epsilon = 1e-8f }, adam_update },
};

/* For n weights; both moving means start at 0. */
Optimiser *optimiser_create(const OptimiserSpec *spec, size_t n)
{
    Optimiser *o = allocate(1, sizeof *o);

    o->spec = *spec;
    o->m = allocate(n, sizeof *o->m);
    o->v = allocate(n, sizeof *o->v);
    return o;
}

void optimiser_free(Optimiser *o)
{
    if (!o)
        return;
    free(o->m);
    free(o->v);
    free(o);
}

/* Begins the update of one batch. */
void optimiser_step(Optimiser *o)
{
    o->step++;
}

/* Updates weights `from` to `to` - 1. */
void optimiser_update(Optimiser *o, float *w, const float *g, size_t from,
                      size_t to)
{
    optimiser_types[o->spec.kind].update(o, w + from, g + from, o->m + from,
                                         o->v + from, to - from);
}
