/* SPDX-License-Identifier: MIT
 *
 * Statistics: quantiles, intervals and McNemar's test against the numbers that
 * tests/ref/statistics.py made by other ways, and what must hold for any.
 * Whether the verdict keeps its promise on real runs: test_noise.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "runs/statistics.h"
#include "ref/statistics.h"

#define COUNT(table) (sizeof table / sizeof *table)

static void check_near(const char *what, double found, double wanted,
                       double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%s is %.17g, expected %.17g", what, found, wanted);
}

/* To so many parts of the number wanted. */
static void check_relative(const char *what, double found, double wanted,
                           double tolerance)
{
    check_near(what, found, wanted, tolerance * fabs(wanted));
}

/* --- Student's t --------------------------------------------------------- */

static void test_quantiles(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(quantiles); i++) {
        const double p = quantiles[i].p, df = quantiles[i].df;
        char what[64];
        snprintf(what, sizeof what, "quantile %g, %g degrees", p, df);
        check_relative(what, student_quantile(p, df), quantiles[i].t, 1e-8);
    }
}

/* One degree of freedom is the Cauchy distribution, two have a formula too:
 * any p, near the ends and near the middle. */
static void test_quantile_formulas(void **state)
{
    const double half_pi = 1.5707963267948966;

    (void)state;
    for (double q = 1e-40; q < 0.499; q = q < 0.1 ? 10 * q : q + 0.013) {
        const double two = (2 * q - 1) / sqrt(2 * q * (1 - q));
        const double one = -1 / tan(2 * half_pi * q);
        check_relative("Cauchy", student_quantile(q, 1), one, 1e-9);
        check_relative("two degrees", student_quantile(q, 2), two, 1e-9);
    }
    for (double e = 0x1p-50; e < 0.01; e *= 2)           /* 1/2 + e is exact */
        check_relative("near the median", student_quantile(0.5 + e, 1),
                       tan(2 * half_pi * e), 1e-9);
}

static void test_quantile_ends(void **state)
{
    (void)state;
    check_near("median", student_quantile(0.5, 3), 0, 0);
    check_near("other side", student_quantile(0.25, 3),
               -student_quantile(0.75, 3), 0);
    assert_true(student_quantile(0, 3) == -INFINITY);
    assert_true(student_quantile(1, 3) == INFINITY);
    assert_true(isnan(student_quantile(1.01, 3)));
    assert_true(isnan(student_quantile(-0.01, 3)));
    assert_true(isnan(student_quantile(NAN, 3)));
    assert_true(isnan(student_quantile(0.9, 0)));
    assert_true(isnan(student_quantile(0.9, NAN)));
}

/* --- differences --------------------------------------------------------- */

static void check_difference(Difference found, Difference wanted)
{
    check_near("mean", found.mean, wanted.mean, 1e-15);
    check_near("low", found.low, wanted.low, 1e-10);
    check_near("high", found.high, wanted.high, 1e-10);
    check_relative("df", found.df, wanted.df, 1e-9);
}

static void check_unknown(Difference d)
{
    assert_true(isnan(d.mean));
    assert_true(d.low == -INFINITY && d.high == INFINITY);
    assert_false(larger_than_noise(d));
}

/* Nothing but a mean is known. */
static void check_no_telling(Difference d, double mean)
{
    check_near("mean", d.mean, mean, 1e-15);
    assert_true(d.low == -INFINITY && d.high == INFINITY && d.df == 0);
    assert_false(larger_than_noise(d));
}

/* The interval is the difference itself. */
static void check_certain(Difference d, double mean)
{
    check_near("mean", d.mean, mean, 1e-15);
    assert_true(d.low == d.mean && d.high == d.mean && d.df > 0);
    assert_int_equal(larger_than_noise(d), mean != 0);
}

static void test_welch(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(welch_groups); i++) {
        const Groups *g = &welch_groups[i];
        const Difference d = difference_welch(stat_of(g->a, g->n),
                                              stat_of(g->b, g->m));
        check_difference(d, g->wanted);
        assert_int_equal(larger_than_noise(d),
                         g->wanted.low > 0 || g->wanted.high < 0);
    }
}

static void test_paired(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(paired_groups); i++) {
        const Groups *g = &paired_groups[i];
        check_difference(difference_paired(g->a, g->b, g->n), g->wanted);
    }
}

/* b - a is a - b in the mirror. */
static void test_swapped(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(welch_groups); i++) {
        const Groups *g = &welch_groups[i];
        const Stat a = stat_of(g->a, g->n), b = stat_of(g->b, g->m);
        const Difference d = difference_welch(a, b), e = difference_welch(b, a);
        check_difference(e, (Difference){ -d.mean, -d.high, -d.low, d.df });
    }
    for (size_t i = 0; i < COUNT(paired_groups); i++) {
        const Groups *g = &paired_groups[i];
        const Difference d = difference_paired(g->a, g->b, g->n),
                         e = difference_paired(g->b, g->a, g->n);
        check_difference(e, (Difference){ -d.mean, -d.high, -d.low, d.df });
    }
}

/* A single run has the spread of the others, two single runs have none. */
static void test_single_run(void **state)
{
    const Stat five = { 0.90, 0.01, 5 }, near = { 0.92, 0, 1 },
               far = { 0.94, 0, 1 };
    const double t = 2.7764451051977935;      /* 97.5 %, 4 degrees of freedom */
    const Difference d = difference_welch(near, five);

    (void)state;
    check_near("high", d.high, 0.02 + t * 0.01 * sqrt(1.2), 1e-12);
    check_near("df", d.df, 4, 0);
    assert_false(larger_than_noise(d));
    assert_true(larger_than_noise(difference_welch(far, five)));
    check_no_telling(difference_welch(near, far), -0.02);
    check_no_telling(difference_paired(&near.mean, &far.mean, 1), -0.02);
}

/* The interval is open to 0, or not. */
static void test_verdict(void **state)
{
    (void)state;
    assert_true(larger_than_noise((Difference){ 2, 1, 3, 4 }));
    assert_true(larger_than_noise((Difference){ -2, -3, -1, 4 }));
    assert_false(larger_than_noise((Difference){ 2, -1, 5, 4 }));
    assert_false(larger_than_noise((Difference){ 2, 0, 4, 4 }));
    assert_false(larger_than_noise((Difference){ -2, -4, 0, 4 }));
}

static void test_no_spread(void **state)
{
    const Stat a = { 0.75, 0, 5 }, b = { 0.5, 0, 3 }, one = { 0.5, 0, 1 };
    const double x[] = { 0.75, 1, 2 }, y[] = { 0.5, 0.75, 1.75 };

    (void)state;
    check_certain(difference_welch(a, b), 0.25);
    check_certain(difference_welch(b, a), -0.25);
    check_certain(difference_welch(a, a), 0);
    check_certain(difference_welch(a, one), 0.25);
    check_certain(difference_paired(x, y, 3), 0.25);
    check_certain(difference_paired(x, x, 3), 0);
}

/* Spreads whose fourth powers are no double: the degrees of freedom hold. */
static void test_small_spread(void **state)
{
    const Stat a = { 0, 1e-100, 5 }, b = { 0, 1e-100, 5 };
    const Difference d = difference_welch(a, b);

    (void)state;
    check_relative("df", d.df, 8, 1e-12);
    check_relative("high", d.high, 2.3060041352041662e-100 * sqrt(0.4), 1e-9);
}

static void test_not_a_number(void **state)
{
    const Stat good = { 0.9, 0.01, 5 }, one = { 0.9, 0, 1 };
    const Stat bad[] = { { NAN, 0.01, 5 }, { 0.9, NAN, 5 }, { NAN, NAN, 5 },
                         { NAN, 0, 1 }, { 0.9, NAN, 1 }, { INFINITY, 0.01, 5 },
                         { 0.9, INFINITY, 5 }, { 0, 0, 0 } };
    const Stat huge = { 0.9, 1e200, 5 };      /* its square is no double */
    const double x[] = { 1, 2, NAN }, y[] = { 1, 3, 2 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        check_unknown(difference_welch(bad[i], good));
        check_unknown(difference_welch(good, bad[i]));
        check_unknown(difference_welch(bad[i], one));
        check_unknown(difference_welch(bad[i], bad[i]));
    }
    check_unknown(difference_welch(huge, good));
    check_unknown(difference_paired(x, y, 3));
    check_unknown(difference_paired(y, x, 3));
    check_unknown(difference_paired(y, y, 0));
    assert_false(larger_than_noise((Difference){ NAN, NAN, NAN, NAN }));
}

/* --- McNemar ------------------------------------------------------------- */

static void test_mcnemar(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mcnemar_counts); i++) {
        const int a = mcnemar_counts[i].a, b = mcnemar_counts[i].b;
        char what[64];
        snprintf(what, sizeof what, "McNemar of %d and %d", a, b);
        check_relative(what, mcnemar_exact(a, b), mcnemar_counts[i].p, 1e-9);
        check_near(what, mcnemar_exact(b, a), mcnemar_exact(a, b), 0);
    }
    assert_true(mcnemar_exact(0, 10000) < DBL_MIN);      /* 2^-9999 */
}

/* The more uneven, the less probable; never more than 1. */
static void test_mcnemar_falls(void **state)
{
    (void)state;
    for (int n = 1; n <= 60; n++)
        for (int k = 0; 2 * k < n; k++) {
            const double p = mcnemar_exact(k, n - k);
            assert_true(p > 0 && p <= 1);
            if (k > 0)
                assert_true(p > mcnemar_exact(k - 1, n - k + 1));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_quantile_formulas),
        cmocka_unit_test(test_quantile_ends),
        cmocka_unit_test(test_welch),
        cmocka_unit_test(test_paired),
        cmocka_unit_test(test_swapped),
        cmocka_unit_test(test_single_run),
        cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_no_spread),
        cmocka_unit_test(test_small_spread),
        cmocka_unit_test(test_not_a_number),
        cmocka_unit_test(test_mcnemar),
        cmocka_unit_test(test_mcnemar_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
