/* SPDX-License-Identifier: MIT */
#include "nn/products.h"

#include <cblas.h>
#include <string.h>

/* C += A B, by OpenBLAS; either may be transposed. It also knows C = A B, but
 * clears C more slowly than memset does. */
static void product(float *C, const float *A, CBLAS_TRANSPOSE a, const float *B,
                    CBLAS_TRANSPOSE b, int m, int n, int k, Assign s)
{
    if (s == SET)
        memset(C, 0, (size_t)m * n * sizeof *C);
    cblas_sgemm(CblasRowMajor, a, b, m, n, k, 1, A, a == CblasTrans ? m : k, B,
                b == CblasTrans ? k : n, 1, C, n);
}

/* With a single row there is nothing that a library could arrange: a product
 * with one image goes through each weight once, in the loops of plain.c. */

/* C = A B         A (m, k)   B (k, n) */
void mul(float *C, const float *A, const float *B, int m, int n, int k, Assign s)
{
    if (m == 1)
        plain_mul(C, A, B, m, n, k, s);
    else
        product(C, A, CblasNoTrans, B, CblasNoTrans, m, n, k, s);
}

/* C = A B'        A (m, k)   B (n, k) */
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Assign s)
{
    if (m == 1)
        plain_mul_bt(C, A, B, m, n, k, s);
    else
        product(C, A, CblasNoTrans, B, CblasTrans, m, n, k, s);
}

/* C = A' B        A (k, m)   B (k, n) */
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Assign s)
{
    if (k == 1)
        plain_mul_at(C, A, B, m, n, k, s);
    else
        product(C, A, CblasTrans, B, CblasNoTrans, m, n, k, s);
}
