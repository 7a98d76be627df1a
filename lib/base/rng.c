/* SPDX-License-Identifier: MIT */
#include "base/rng.h"

#include <math.h>

/* splitmix64 (Steele, Lea and Flood 2014): turns neighbouring seeds into
 * states that have nothing to do with each other. */
static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

Rng rng_create(uint64_t seed, uint64_t stream)
{
    uint64_t state = splitmix64(&seed) ^ stream;
    Rng rng;

    for (int i = 0; i < 4; i++)
        rng.s[i] = splitmix64(&state);
    return rng;
}

Rng rng_stream(uint64_t seed, int use, int epoch, uint64_t item)
{
    return rng_create(seed, item << 24 | (uint64_t)epoch << 8 | (uint64_t)use);
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

/* xoshiro256++ 1.0, https://prng.di.unimi.it/xoshiro256plusplus.c */
uint64_t rng_next(Rng *rng)
{
    uint64_t *s = rng->s;
    const uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
    const uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

float rng_uniform(Rng *rng)
{
    return (float)(rng_next(rng) >> 40) * 0x1p-24f;
}

void rng_uniforms(Rng *rng, float *u, size_t n)
{
    for (size_t i = 0; i < n; i += 4) {
        const uint64_t bits = rng_next(rng);
        for (size_t j = 0; j < 4 && i + j < n; j++)
            u[i + j] = (float)(bits >> 16 * j & 0xffff) * 0x1p-16f;
    }
}

/* The top half of a 32-bit random number times n is uniform, if the few
 * numbers are drawn again whose bottom half says that they are one too many. */
uint32_t rng_below(Rng *rng, uint32_t n)
{
    const uint32_t surplus = -n % n;         /* 2^32 modulo n */
    uint64_t product;

    do
        product = (rng_next(rng) >> 32) * n;
    while ((uint32_t)product < surplus);
    return (uint32_t)(product >> 32);
}

/* In double, so that the libraries of two machines agree in the float. */
float rng_normal(Rng *rng)
{
    const double two_pi = 6.283185307179586;
    const double u = 1.0 - rng_uniform(rng);         /* (0, 1]: log(0) never */
    const double v = rng_uniform(rng);

    return (float)(sqrt(-2.0 * log(u)) * cos(two_pi * v));
}

void rng_shuffle(Rng *rng, int *a, int n)
{
    for (int i = n - 1; i > 0; i--) {
        const int j = (int)rng_below(rng, (uint32_t)i + 1);
        const int swapped = a[i];
        a[i] = a[j];
        a[j] = swapped;
    }
}
