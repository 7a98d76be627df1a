/* SPDX-License-Identifier: MIT
 *
 * The peak: what the fastest product of matrices makes of this machine.
 *
 *     share = gflops / peak_gflops(2);                   of two threads
 */
#ifndef BENCH_PEAK_H
#define BENCH_PEAK_H

/* GFLOP/s of all threads together, each of which multiplies square matrices of
 * its own with a cblas_sgemm of one thread. Takes some 0.2 s; the first call
 * tries several sizes and keeps the best, which takes seconds. */
double peak_gflops(int threads);

#endif
