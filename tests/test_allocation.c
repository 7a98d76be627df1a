/* SPDX-License-Identifier: MIT
 *
 * Nothing is allocated inside a training step. This program puts its own malloc
 * before that of the C library and counts the calls from the first point of the
 * learning curve to the last. It needs glibc's names behind malloc, and no
 * sanitizer that has put its own malloc there first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <cblas.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/synth.h"
#include "nn/train.h"
#include "runs/network.h"

#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__
#define CAN_COUNT 1
#endif
#ifdef __has_feature                              /* as clang says it */
#if __has_feature(address_sanitizer)
#undef CAN_COUNT
#endif
#endif

static atomic_long calls;

#ifdef CAN_COUNT
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    calls++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    calls++;
    return __libc_realloc(p, size);
}
#endif

/* What there was at the first point of the curve, and at the latest. */
typedef struct Count {
    long first, latest;
    int points;
} Count;

static void note(void *context, const Point *latest)
{
    Count *c = context;

    (void)latest;
    c->latest = calls;
    if (c->points++ == 0)
        c->first = calls;
}

static void expect_none(const Experiment *e, int threads)
{
    Dataset digits = synth_digits(640, 1);
    Count c = { 0 };
    History h;
    Model *m;

    assert_null(network_fit(&m, &h, e, &digits,
                      &(FitOptions){ .seed = 1, .threads = threads,
                                       .progress = note, .context = &c }));
    assert_true(c.points > 4);
    assert_int_equal(c.latest - c.first, 0);
    model_free(m);
    dataset_free(&digits);
}

/* The count itself: it sees an allocation. */
static void test_it_counts(void **state)
{
    const long before = calls;

    (void)state;
#ifndef CAN_COUNT
    skip();
#endif
    void *volatile p = malloc(100);
    free(p);
    p = calloc(10, 10);
    p = realloc(p, 200);
    free(p);
    assert_int_equal(calls - before, 3);
}

static void test_single_images(void **state)
{
    static const Experiment e = {
        .name      = "dense",
        .input     = { 1, 28, 28 },
        .layers    = { { DENSE, .units = 16 }, { SIGMOID },
                       { DENSE, .units = 10 }, { SOFTMAX } },
        .loss      = LOSS_MSE,
        .optimiser = { SGD, .learning_rate = 0.1f },
        .train     = { .epochs = 1, .batch = 1, .shuffle = true },
    };

    (void)state;
    expect_none(&e, 1);
}

/* Every kind of layer, in shards, on two threads. */
static void test_shards(void **state)
{
    static const Experiment e = {
        .name      = "convolution",
        .input     = { 1, 28, 28 },
        .layers    = { { CONV2D, .channels = 8, .kernel = 5 }, { RELU },
                       { MAX_POOL, .kernel = 2 }, { DROPOUT, .rate = 0.25f },
                       { CONV2D, .channels = 8, .kernel = 3, .padding = 1 },
                       { SIGMOID }, { FLATTEN }, { DENSE, .units = 20 },
                       { RELU }, { DENSE, .units = 10 }, { SOFTMAX } },
        .loss      = LOSS_CROSS_ENTROPY,
        .optimiser = { ADAM, .learning_rate = 0.003f },
        .train     = { .epochs = 2, .batch = 64, .shuffle = true },
    };

    (void)state;
    expect_none(&e, 1);
    expect_none(&e, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_counts),
        cmocka_unit_test(test_single_images),
        cmocka_unit_test(test_shards),
    };

    openblas_set_num_threads(1);       /* as the lab does; its own threads would
                                          allocate */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
