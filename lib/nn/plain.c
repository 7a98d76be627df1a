/* SPDX-License-Identifier: MIT
 *
 * Products in plain loops, ordered so that the innermost goes along a row. */
#include "nn/products.h"

#include <string.h>

/* y += a x */
void axpy(float *y, float a, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

/* A compiler may not change the order of additions, so we do: many sums grow
 * side by side, and none waits for the one before. This adds them up. */
enum { SUMS = 32 };

static float total(float part[SUMS])
{
    for (size_t half = SUMS / 2; half > 0; half /= 2)
        for (size_t s = 0; s < half; s++)
            part[s] += part[s + half];
    return part[0];
}

/* The sum of all x_i y_i. */
float dot(const float *x, const float *y, size_t n)
{
    float part[SUMS] = { 0 }, rest = 0;
    size_t i = 0;

    for (; i + SUMS <= n; i += SUMS)
        for (size_t s = 0; s < SUMS; s++)
            part[s] += x[i + s] * y[i + s];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return total(part) + rest;
}

/* C = A B         A (m, k)   B (k, n): row by row of B. */
void plain_mul(float *C, const float *A, const float *B, int m, int n, int k,
               Assign s)
{
    for (int i = 0; i < m; i++, A += k, C += n) {
        if (s == SET)
            memset(C, 0, (size_t)n * sizeof *C);
        for (int p = 0; p < k; p++)
            axpy(C, A[p], B + (size_t)p * n, (size_t)n);
    }
}

/* C = A B'        A (m, k)   B (n, k): rows meet rows. */
void plain_mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
                  Assign s)
{
    for (int i = 0; i < m; i++, A += k, C += n)
        for (int j = 0; j < n; j++)
            C[j] = dot(A, B + (size_t)j * k, (size_t)k)
                 + (s == ADD ? C[j] : 0);
}

/* C = A' B        A (k, m)   B (k, n): each row of A meets one of B, and the
 * first time there need be nothing in C. */
void plain_mul_at(float *C, const float *A, const float *B, int m, int n, int k,
                  Assign s)
{
    if (k == 0 && s == SET)
        memset(C, 0, (size_t)m * n * sizeof *C);
    for (int p = 0; p < k; p++, A += m, B += n)
        for (int i = 0; i < m; i++) {
            float *row = C + (size_t)i * n;
            for (int j = 0; j < n; j++)
                row[j] = A[i] * B[j] + (p > 0 || s == ADD ? row[j] : 0);
        }
}
