/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of the networks: three products of matrices, the large ones by
 * OpenBLAS. Matrices are dense and row by row; destination first, then inputs,
 * then dimensions: the result is always (m, n), the summed dimension is k.
 *
 *     mul_bt(y, x, W, B, out, in, SET);        y (B, out) = x W'
 */
#ifndef NN_BLAS_H
#define NN_BLAS_H

#include <stddef.h>

#include "nn/rows.h"

void mul(float *C, const float *A, const float *B, int m, int n, int k,
         Store s);
void mul_bt(float *C, const float *A, const float *B, int m, int n, int k,
            Store s);
void mul_at(float *C, const float *A, const float *B, int m, int n, int k,
            Store s);

float sum(const float *x, size_t n);
float dot(const float *x, const float *y, size_t n);
void axpy(float *y, float a, const float *x, size_t n);

#endif
