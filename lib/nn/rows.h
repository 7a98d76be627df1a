/* SPDX-License-Identifier: MIT
 *
 * Products of matrices that are given by their rows: by where each of them
 * begins. The rows may lie anywhere, even across each other.
 */
#ifndef NN_ROWS_H
#define NN_ROWS_H

typedef enum Store { SET, ADD } Store;     /* C = ... or C += ... */

void find_rows(float **row, const float *first, int n, int step);
void find_numbers(int *at, int n, int step);
void mul_rows(float *const *C, float *const *A, const int *at, float *const *B,
              int m, int n, int k, Store s);
void dot_rows(float *const *C, float *const *A, float *const *B, int m, int n,
              int k, Store s);

#endif
