/* SPDX-License-Identifier: MIT
 *
 * Vectors: as many floats as the processor adds or multiplies at once. gcc and
 * clang calculate with them as with numbers.
 */
#ifndef NN_VECTOR_H
#define NN_VECTOR_H

#include <string.h>

#if defined __AVX512F__
enum { LANES = 16 };
#elif defined __AVX__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif

/* It may begin at any float. */
typedef float Vector __attribute__((vector_size(LANES * sizeof(float)),
                                    aligned(sizeof(float))));
typedef float Quad __attribute__((vector_size(4 * sizeof(float))));

static inline Vector load(const float *x)
{
    return *(const Vector *)x;
}

static inline void store(float *x, Vector v)
{
    *(Vector *)x = v;
}

/* The sum of the lanes: four sums first, then one. */
static inline float lane_sum(Vector v)
{
    Quad q[LANES / 4];

    memcpy(q, &v, sizeof q);
    for (int i = 1; i < LANES / 4; i++)
        q[0] += q[i];
    return (q[0][0] + q[0][2]) + (q[0][1] + q[0][3]);
}

/* n, rounded up to whole vectors. */
static inline int whole_vectors(int n)
{
    return (n + LANES - 1) / LANES * LANES;
}

#endif
