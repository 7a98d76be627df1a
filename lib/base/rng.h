/* SPDX-License-Identifier: MIT
 *
 * Random numbers: xoshiro256++ by Blackman and Vigna (2019), seeded through
 * splitmix64 as they advise. A generator is passed by pointer and never shared
 * between threads; the same seed and stream give the same numbers everywhere.
 *
 *     Rng rng = rng_create(7, 1);
 *     float u = rng_uniform(&rng);
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct Rng {
    uint64_t s[4];
} Rng;

/* Streams of one seed are independent of each other. */
Rng rng_create(uint64_t seed, uint64_t stream);

/* The stream of one use of chance in one epoch for one item of it: an image, a
 * layer. 0 to 255, 0 to 65535, below 2^40. */
Rng rng_stream(uint64_t seed, int use, int epoch, uint64_t item);

/* 64 random bits. */
uint64_t rng_next(Rng *rng);

/* Uniform in [0, 1), a multiple of 2^-24. */
float rng_uniform(Rng *rng);

/* n of them at once, multiples of 2^-16: four out of each 64 bits. */
void rng_uniforms(Rng *rng, float *u, size_t n);

/* Uniform in 0 to n - 1, without bias (Lemire 2019). n > 0. */
uint32_t rng_below(Rng *rng, uint32_t n);

/* Standard normal (Box and Muller 1958). */
float rng_normal(Rng *rng);

/* A random order of n integers (Fisher and Yates). */
void rng_shuffle(Rng *rng, int *a, int n);

#endif
