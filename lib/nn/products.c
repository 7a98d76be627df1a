/* SPDX-License-Identifier: MIT */
#include "nn/products.h"

#include <cblas.h>
#include <string.h>

/* By OpenBLAS, which adds: it clears a C that is to be replaced more slowly
 * than memset does. With a single row there is nothing that a library could
 * arrange: a product with one image goes through each weight once, in the
 * loops of plain.c. */
static void product(Product *plain, bool single, float *C, const float *A,
                    CBLAS_TRANSPOSE a, const float *B, CBLAS_TRANSPOSE b, int m,
                    int n, int k, Assign s)
{
    if (single) {
        plain(C, A, B, m, n, k, s);
        return;
    }
    if (s == SET)
        memset(C, 0, (size_t)m * n * sizeof *C);
    cblas_sgemm(CblasRowMajor, a, b, m, n, k, 1, A, a == CblasTrans ? m : k, B,
                b == CblasTrans ? k : n, 1, C, n);
}

/* C = A B         A (m, k)   B (k, n) */
void mul(float *C, const float *A, const float *B, int m, int n, int k,
         Assign s)
{
    product(plain_mul, m == 1, C, A, CblasNoTrans, B, CblasNoTrans, m, n, k, s);
}

/* C = A B'        A (m, k)   B (n, k) */
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Assign s)
{
    product(plain_mul_bt, m == 1, C, A, CblasNoTrans, B, CblasTrans, m, n, k, s);
}

/* C = A' B        A (k, m)   B (k, n) */
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Assign s)
{
    product(plain_mul_at, k == 1, C, A, CblasTrans, B, CblasNoTrans, m, n, k, s);
}
