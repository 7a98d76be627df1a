/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of the networks: three products of matrices, by OpenBLAS.
 * Matrices are dense and row by row; destination first, then inputs, then
 * dimensions: the result is always (m, n), the summed dimension is k.
 *
 *     mul_bt(y, x, W, B, out, in, SET);        y (B, out) = x W'
 */
#ifndef NN_PRODUCTS_H
#define NN_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum Assign { SET, ADD } Assign;   /* C = ... or C += ... */

typedef void Product(float *C, const float *A, const float *B, int m, int n,
                     int k, Assign s);

/* C = A B, A B', A' B */
Product mul, mul_bt, mul_at;

/* The same, in three plain loops: to compare with, and for machines without
 * OpenBLAS. */
Product plain_mul, plain_mul_bt, plain_mul_at;

float dot(const float *x, const float *y, size_t n);
void axpy(float *y, float a, const float *x, size_t n);

#endif
