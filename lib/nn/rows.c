/* SPDX-License-Identifier: MIT */
#include "nn/rows.h"

#include <stddef.h>

#include "nn/vector.h"

/* Rows of a tile; a processor with long vectors also has more registers. */
enum { TALL = LANES < 16 ? 4 : 8 };
enum { MOST_ROWS = 8, MOST_WIDE = 8 };

/* row[i] = where row i of a matrix begins: `step` numbers behind row i - 1.
 * Rows that are only read come as const, but C cannot say so of a table. */
void find_rows(float **row, const float *first, int n, int step)
{
    for (int i = 0; i < n; i++)
        row[i] = (float *)first + (size_t)i * step;
}

/* at[p] = where number p of a row lies: `step` behind number p - 1. */
void find_numbers(int *at, int n, int step)
{
    for (int p = 0; p < n; p++)
        at[p] = p * step;
}

/* A tile of C: `rows` rows, from column j on `wide` vectors. Each number of A
 * that is fetched is used for all vectors, each vector of B for all rows. It is
 * called with constants for its size: put in place of the call, its loops over
 * rows and vectors are unrolled, and its sums stay in registers. */
static inline __attribute__((always_inline)) void tile(
    float *const *C, float *const *A, const int *at, float *const *B, int j,
    int k, Store s, int rows, int wide)
{
    Vector sum[MOST_ROWS][MOST_WIDE];

    for (int r = 0; r < rows; r++)
        for (int v = 0; v < wide; v++)
            sum[r][v] = (Vector){ 0 };
    for (int p = 0; p < k; p++)
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < wide; v++)
                sum[r][v] += A[r][at[p]] * load(B[p] + j + v * LANES);
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < wide; v++) {
            float *c = C[r] + j + v * LANES;
            store(c, s == ADD ? load(c) + sum[r][v] : sum[r][v]);
        }
}

/* All tiles between column j and column j + wide LANES, from top to bottom. */
static inline __attribute__((always_inline)) void strip(
    float *const *C, float *const *A, const int *at, float *const *B, int j,
    int m, int k, Store s, int rows, int wide)
{
    int i = 0;

    for (; i + rows <= m; i += rows)
        tile(C + i, A + i, at, B, j, k, s, rows, wide);
    for (; i < m; i++)
        tile(C + i, A + i, at, B, j, k, s, 1, wide);
}

/* C = A B         A (m, k)   B (k, n)   C (m, n)
 * Number p of row i of A is A[i][at[p]]. Strips are three vectors wide, or two;
 * in a strip of one, more than five rows would want more registers for their
 * addresses than there are. What is left at the right, less than a vector, is
 * done number by number. */
void mul_rows(float *const *C, float *const *A, const int *at, float *const *B,
              int m, int n, int k, Store s)
{
    int j = 0;

    for (int left = n / LANES, wide; left > 0; left -= wide) {
        wide = left == 4 ? 2 : left < 3 ? left : 3;
        if (wide == 3)
            strip(C, A, at, B, j, m, k, s, TALL, 3);
        else if (wide == 2)
            strip(C, A, at, B, j, m, k, s, TALL, 2);
        else
            strip(C, A, at, B, j, m, k, s, 5, 1);
        j += wide * LANES;
    }
    for (; j < n; j++)
        for (int i = 0; i < m; i++) {
            float sum = s == ADD ? C[i][j] : 0;
            for (int p = 0; p < k; p++)
                sum += A[i][at[p]] * B[p][j];
            C[i][j] = sum;
        }
}

/* A block of C, from column j on: `rows` by `columns` dot products, which share
 * what they read. */
static inline __attribute__((always_inline)) void dots(
    float *const *C, float *const *A, float *const *B, int j, int k, Store s,
    int rows, int columns)
{
    Vector sum[MOST_ROWS][MOST_WIDE], a[MOST_ROWS];
    int p = 0;

    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            sum[r][c] = (Vector){ 0 };
    for (; p + LANES <= k; p += LANES) {
        for (int r = 0; r < rows; r++)
            a[r] = load(A[r] + p);
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++)
                sum[r][c] += a[r] * load(B[c] + p);
    }
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            float x = lane_sum(sum[r][c]) + (s == ADD ? C[r][j + c] : 0);
            for (int q = p; q < k; q++)
                x += A[r][q] * B[c][q];
            C[r][j + c] = x;
        }
}

/* C = A B'        A (m, k)   B (n, k)   C (m, n) */
void dot_rows(float *const *C, float *const *A, float *const *B, int m, int n,
              int k, Store s)
{
    int i = 0, j;

    for (; i + TALL <= m; i += TALL) {
        for (j = 0; j + 2 <= n; j += 2)
            dots(C + i, A + i, B + j, j, k, s, TALL, 2);
        for (; j < n; j++)
            dots(C + i, A + i, B + j, j, k, s, TALL, 1);
    }
    for (; i < m; i++) {
        for (j = 0; j + 8 <= n; j += 8)
            dots(C + i, A + i, B + j, j, k, s, 1, 8);
        for (; j < n; j++)
            dots(C + i, A + i, B + j, j, k, s, 1, 1);
    }
}
