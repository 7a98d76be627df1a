/* SPDX-License-Identifier: MIT */
#include "peak.h"

#include <cblas.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"

enum { MOST = 1536, MAX_THREADS = 64, TRIALS = 3 };

typedef struct Product {
    int n, rounds;                     /* C = A B, all (n, n), so many times */
    float *A[MAX_THREADS], *B[MAX_THREADS], *C[MAX_THREADS];
} Product;

static void multiply(void *context, int thread)
{
    const Product *p = context;
    const int n = p->n;

    for (int i = 0; i < p->rounds; i++)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1,
                    p->A[thread], n, p->B[thread], n, 0, p->C[thread], n);
}

static double flops(int n)
{
    return 2.0 * n * n * n;
}

static void set_size(Product *p, int n)
{
    p->n = n;
    p->rounds = (int)(2e10 / flops(n)) + 1;            /* some 0.2 s */
}

static double gflops(Product *p, int threads)
{
    const double start = clock_seconds();

    parallel_for(threads, threads, multiply, p);
    return 1e-9 * threads * p->rounds * flops(p->n)
         / (clock_seconds() - start);
}

static float *ones(int n)
{
    float *x = allocate(n, sizeof *x);

    for (int i = 0; i < n; i++)
        x[i] = 1;
    return x;
}

static void add_matrices(Product *p, int thread)
{
    p->A[thread] = ones(MOST * MOST);
    p->B[thread] = ones(MOST * MOST);
    p->C[thread] = ones(MOST * MOST);
}

/* The size that does best on one thread. */
static int best_size(Product *p)
{
    static const int sizes[] = { 384, 512, 768, 1024, MOST };
    double most = 0;
    int best = 0;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int trial = 0; trial < TRIALS; trial++) {
            set_size(p, sizes[i]);
            const double g = gflops(p, 1);
            best = g > most ? sizes[i] : best;
            most = g > most ? g : most;
        }
    return best;
}

double peak_gflops(int threads)
{
    static Product p;

    CHECK(threads, <=, MAX_THREADS);
    for (int i = 0; i < threads; i++)
        if (!p.A[i])
            add_matrices(&p, i);
    if (!p.n)
        set_size(&p, best_size(&p));
    return gflops(&p, threads);
}
