/* SPDX-License-Identifier: MIT */
#include "nn/blas.h"

#include <cblas.h>
#include <string.h>

/* Sums are collected in LANES places at once and added up at the end. Plain C
 * must add in the order that is written; written like this, the compiler can
 * use the processor's vectors, and no sum has to wait for the one before. */
enum { LANES = 32 };

/* The sum of all x_i. */
float sum(const float *x, size_t n)
{
    float lane[LANES] = { 0 }, total = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int j = 0; j < LANES; j++)
            lane[j] += x[i + j];
    for (int j = 0; j < LANES; j++)
        total += lane[j];
    for (; i < n; i++)
        total += x[i];
    return total;
}

/* The sum of all x_i y_i. */
float dot(const float *x, const float *y, size_t n)
{
    float lane[LANES] = { 0 }, total = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (int j = 0; j < LANES; j++)
            lane[j] += x[i + j] * y[i + j];
    for (int j = 0; j < LANES; j++)
        total += lane[j];
    for (; i < n; i++)
        total += x[i] * y[i];
    return total;
}

/* y += a x */
void axpy(float *y, float a, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

/* C = A B         A (m, k)   B (k, n)
 * A single row is a sum of the rows of B; there is nothing for OpenBLAS to
 * arrange, and a plain loop is faster. */
void mul(float *C, const float *A, const float *B, int m, int n, int k, Store s)
{
    if (m != 1) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, A, k,
                    B, n, s == ADD, C, n);
        return;
    }
    if (s == SET)
        memset(C, 0, n * sizeof *C);
    for (int i = 0; i < k; i++)
        axpy(C, A[i], B + (size_t)i * n, n);
}

/* C = A B'        A (m, k)   B (n, k) */
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (m != 1) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, A, k,
                    B, k, s == ADD, C, n);
        return;
    }
    for (int j = 0; j < n; j++)
        C[j] = (s == ADD ? C[j] : 0) + dot(A, B + (size_t)j * k, k);
}

/* C = A' B        A (k, m)   B (k, n) */
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (k != 1) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, A, m,
                    B, n, s == ADD, C, n);
        return;
    }
    if (s == SET)
        memset(C, 0, (size_t)m * n * sizeof *C);
    for (int i = 0; i < m; i++)
        axpy(C + (size_t)i * n, A[i], B, n);
}
