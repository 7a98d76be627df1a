/* SPDX-License-Identifier: MIT */
#include "nn/blas.h"

#include <cblas.h>
#include <stdbool.h>

#include "nn/vector.h"

/* The sum of all x_i. Two vectors of sums grow side by side, so that none has
 * to wait for the addition before. */
float sum(const float *x, size_t n)
{
    Vector even = { 0 }, odd = { 0 };
    float rest = 0;
    size_t i = 0;

    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        even += load(x + i);
        odd += load(x + i + LANES);
    }
    for (; i < n; i++)
        rest += x[i];
    return lane_sum(even + odd) + rest;
}

/* The sum of all x_i y_i. */
float dot(const float *x, const float *y, size_t n)
{
    Vector even = { 0 }, odd = { 0 };
    float rest = 0;
    size_t i = 0;

    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        even += load(x + i) * load(y + i);
        odd += load(x + i + LANES) * load(y + i + LANES);
    }
    for (; i < n; i++)
        rest += x[i] * y[i];
    return lane_sum(even + odd) + rest;
}

/* y += a x */
void axpy(float *y, float a, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

/* Whether all three matrices find room in the caches beside each other: then
 * nothing is gained by copying them into another order first, as OpenBLAS does.
 * Products of nothing, for a part of a batch without images, are left to it. */
static bool small(int m, int n, int k)
{
    enum { ROOM = 2097152 };           /* numbers, in 8 MiB */

    return m > 0 && k > 0
        && (size_t)m * k + (size_t)k * n + (size_t)m * n <= ROOM;
}

/* C = A B, or with CblasTrans C = A' B. */
static void mul_either(float *C, CBLAS_TRANSPOSE turned, const float *A,
                       const float *B, int m, int n, int k, Store s)
{
    const bool t = turned == CblasTrans;

    if (!small(m, n, k)) {
        cblas_sgemm(CblasRowMajor, turned, CblasNoTrans, m, n, k, 1, A,
                    t ? m : k, B, n, s == ADD, C, n);
        return;
    }
    float *c[m], *a[m], *b[k];
    int at[k];
    find_rows(c, C, m, n);
    find_rows(a, A, m, t ? 1 : k);
    find_numbers(at, k, t ? m : 1);
    find_rows(b, B, k, n);
    mul_rows(c, a, at, b, m, n, k, s);
}

/* C = A B         A (m, k)   B (k, n) */
void mul(float *C, const float *A, const float *B, int m, int n, int k, Store s)
{
    mul_either(C, CblasNoTrans, A, B, m, n, k, s);
}

/* C = A' B        A (k, m)   B (k, n)
 * If k is 1 there is nothing to sum: C is written row by row, from front to
 * back. */
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (k != 1) {
        mul_either(C, CblasTrans, A, B, m, n, k, s);
        return;
    }
    for (int i = 0; i < m; i++, C += n)
        for (int j = 0; j < n; j++)
            C[j] = A[i] * B[j] + (s == ADD ? C[j] : 0);
}

/* C = A B'        A (m, k)   B (n, k) */
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (!small(m, n, k)) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, A, k,
                    B, k, s == ADD, C, n);
        return;
    }
    float *c[m], *a[m], *b[n];
    find_rows(c, C, m, n);
    find_rows(a, A, m, k);
    find_rows(b, B, n, k);
    dot_rows(c, a, b, m, n, k, s);
}
