/* SPDX-License-Identifier: MIT */
#include "nn/products.h"

#include <cblas.h>

/* With a single row there is nothing that a library could arrange: a product
 * with one image goes through each weight once, in the loops of plain.c. */

/* C = A B         A (m, k)   B (k, n) */
void mul(float *C, const float *A, const float *B, int m, int n, int k, Store s)
{
    if (m == 1)
        plain_mul(C, A, B, m, n, k, s);
    else
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, A, k,
                    B, n, s == ADD, C, n);
}

/* C = A B'        A (m, k)   B (n, k) */
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (m == 1)
        plain_mul_bt(C, A, B, m, n, k, s);
    else
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, A, k,
                    B, k, s == ADD, C, n);
}

/* C = A' B        A (k, m)   B (k, n) */
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Store s)
{
    if (k == 1)
        plain_mul_at(C, A, B, m, n, k, s);
    else
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, A, m,
                    B, n, s == ADD, C, n);
}
