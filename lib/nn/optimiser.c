/* SPDX-License-Identifier: MIT */
#include "nn/optimiser.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"

/* w <- w - eta g */
static void sgd_update(const Optimiser *o, float *w, const float *g,
                       float *m, float *v, size_t n)
{
    const float eta = o->rate;

    for (size_t i = 0; i < n; i++)
        w[i] -= eta * g[i];
}

/* m <- mu m + g,  w <- w - eta m                 (torch.optim.SGD, momentum) */
static void momentum_update(const Optimiser *o, float *w, const float *g,
                            float *m, float *v, size_t n)
{
    const float eta = o->rate, mu = o->spec.momentum;

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
    const float eta = o->rate, rho = o->spec.alpha;
    const float epsilon = o->spec.epsilon;

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
    const float beta1 = o->spec.beta1, beta2 = o->spec.beta2;
    const float epsilon = o->spec.epsilon;
    const double reached1 = 1 - pow((double)beta1, o->step);
    const double reached2 = 1 - pow((double)beta2, o->step);
    const float eta = (float)((double)o->rate / reached1);
    const float scale = (float)(1 / sqrt(reached2));

    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] -= eta * m[i] / (scale * sqrtf(v[i]) + epsilon);
    }
}

#define SHARE(member, value)                                                   \
    { #member, offsetof(OptimiserSpec, member), true, 1e-6, 0.999999, value }
#define RATE(value)                                                            \
    { "learning_rate", offsetof(OptimiserSpec, learning_rate), true, 1e-9,     \
      1e6, value, .given = true }
#define EPSILON(value)                                                         \
    { "epsilon", offsetof(OptimiserSpec, epsilon), true, 1e-20, 1, value }

/* What each of them uses, with the usual values. */
static const SpecField sgd_fields[] = { RATE(0.1), { NULL } };
static const SpecField momentum_fields[] = {
    RATE(0.1), { "momentum", offsetof(OptimiserSpec, momentum), true, 1e-6,
                 0.999999, 0.9, .given = true }, { NULL },
};
static const SpecField rmsprop_fields[] = {
    RATE(0.001), SHARE(alpha, 0.99), EPSILON(1e-8), { NULL },
};
static const SpecField adam_fields[] = {
    RATE(0.001), SHARE(beta1, 0.9), SHARE(beta2, 0.999), EPSILON(1e-8),
    { NULL },
};

const OptimiserType sgd_optimiser = { "sgd", sgd_fields, sgd_update };
const OptimiserType momentum_optimiser = { "momentum", momentum_fields,
                                           momentum_update };
const OptimiserType rmsprop_optimiser = { "rmsprop", rmsprop_fields,
                                          rmsprop_update };
const OptimiserType adam_optimiser = { "adam", adam_fields, adam_update };

/* For n weights; both moving means start at 0. What the spec leaves out is as
 * usual. */
Optimiser *optimiser_create(const OptimiserSpec *spec, size_t n)
{
    Optimiser *o = allocate(1, sizeof *o);

    o->type = optimiser_types[spec->kind];
    o->spec = *spec;
    spec_complete(&o->spec, o->type->fields);
    o->m = allocate(n, sizeof *o->m);
    o->v = allocate(n, sizeof *o->v);
    return o;
}

void optimiser_free(Optimiser *o)
{
    if (o) {
        free(o->m);
        free(o->v);
    }
    free(o);
}

/* Begins the update of one batch, with this learning rate. */
void optimiser_step(Optimiser *o, float rate)
{
    o->rate = rate;
    o->step++;
}

/* Updates weights `from` to `to` - 1. */
void optimiser_update(Optimiser *o, float *w, const float *g, size_t from,
                      size_t to)
{
    o->type->update(o, w + from, g + from, o->m + from, o->v + from, to - from);
}
