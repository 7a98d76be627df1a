/* SPDX-License-Identifier: MIT
 *
 * Threads that meet at the worst moment: locks are taken late and their release
 * is followed by a pause, so that what depends on a lock by luck alone fails
 * here every time. Run from the root of the project.
 */
#define _GNU_SOURCE 1              /* for RTLD_NEXT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"

#include "base/parallel.h"
#include "data/synth.h"
#include "runs/lab.h"

static atomic_bool slow;

static void pause_for(long microseconds)
{
    nanosleep(&(struct timespec){ 0, microseconds * 1000 }, NULL);
}

/* Ours come before those of the C library. */
int pthread_mutex_lock(pthread_mutex_t *lock)
{
    static int (*real)(pthread_mutex_t *);

    if (!real)
        real = (int (*)(pthread_mutex_t *))(uintptr_t)dlsym(RTLD_NEXT, __func__);
    if (atomic_load(&slow))
        pause_for(20);
    return real(lock);
}

int pthread_mutex_unlock(pthread_mutex_t *lock)
{
    static int (*real)(pthread_mutex_t *);

    if (!real)
        real = (int (*)(pthread_mutex_t *))(uintptr_t)dlsym(RTLD_NEXT, __func__);
    const int status = real(lock);
    if (atomic_load(&slow))
        pause_for(100);
    return status;
}

static atomic_int done;

static void count(void *context, int i)
{
    const int *microseconds = context;

    (void)i;
    if (*microseconds)
        pause_for(*microseconds);
    atomic_fetch_add(&done, 1);
}

static void nest(void *context, int i)
{
    (void)i;
    parallel_for(2, 2, count, context);
}

/* Nobody sleeps while there is news: a caller that missed the end of its last
 * task would wait until the alarm. */
static void test_no_wake_up_is_lost(void **state)
{
    (void)state;
    alarm(60);
    for (int round = 0; round < 2; round++) {
        atomic_store(&slow, round == 1);
        for (int n = 0; n < (round ? 150 : 3000); n++) {
            int microseconds = n % 4 == 3 ? 40 * (n % 7) : 0;
            atomic_store(&done, 0);
            parallel_for(3, 2 + n % 3, count, &microseconds);
            assert_int_equal(atomic_load(&done), 3);
            parallel_for(2, 3, nest, &microseconds);
            assert_int_equal(atomic_load(&done), 7);
        }
    }
    atomic_store(&slow, false);
    alarm(0);
}

static int told[64], told_count;

static void note_done(void *context, const Progress *p)
{
    (void)context;
    if (!p->point)
        told[told_count++] = p->done;
}

/* Runs that end at the same moment are counted one by one. */
static void test_done_is_counted(void **state)
{
    const Experiment e = { .name = "tiny", .input = { 1, 28, 28 },
                           .layers = { { DENSE, .units = 10 }, { SOFTMAX } },
                           .optimiser = { SGD, .learning_rate = 0.1f },
                           .train = { .epochs = 1, .batch = 100 },
                           .seeds = 24 };
    Digits digits = { .train = synth_digits(100, 1), .test = synth_digits(10, 2) };

    (void)state;
    dataset_digest(digits.digest, &digits.train, &digits.test);
    alarm(60);
    atomic_store(&slow, true);
    Lab *lab = lab_open(&digits, &(LabOptions){ .store = in_root("runs"),
                                                .threads = 8,
                                                .progress = note_done });
    const Result *r = lab_run(lab, &e);
    atomic_store(&slow, false);
    alarm(0);
    assert_int_equal(r->trained, 24);
    assert_int_equal(told_count, 24);
    for (int i = 0; i < 24; i++)
        assert_int_equal(told[i], i + 1);
    lab_close(lab);
    dataset_free(&digits.train);
    dataset_free(&digits.test);
}

static int setup(void **state)
{
    (void)state;
    make_scratch("test_parallel");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_wake_up_is_lost),
        cmocka_unit_test(test_done_is_counted),
    };
    return cmocka_run_group_tests(tests, setup, remove_scratch);
}
