/* SPDX-License-Identifier: MIT */
#include "runs/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"

/* Reckoned from the first number, so that equal numbers have no spread. */
Stat stat_of(const double *x, int n)
{
    Stat s = { .n = n };

    for (int i = 0; i < n; i++)
        s.mean += (x[i] - x[0]) / n;
    if (n > 0)
        s.mean += x[0];
    for (int i = 0; i < n; i++)
        s.sd += (x[i] - s.mean) * (x[i] - s.mean);
    s.sd = n > 1 ? sqrt(s.sd / (n - 1)) : 0;
    return s;
}

void stat_percent(char text[64], Stat s)
{
    const bool fine = s.mean > 0.98 || (s.n > 1 && s.sd < 0.001);
    const int decimals = fine ? 2 : 1;

    if (s.n > 1)
        snprintf(text, 64, "%.*f ± %.*f %%", decimals, 100 * s.mean, decimals,
                 100 * s.sd);
    else
        snprintf(text, 64, "%.*f %%", decimals, 100 * s.mean);
}

/* --- Student's t --------------------------------------------------------- */

/* The number, unless it is a zero about to be divided by. */
static double not_zero(double x)
{
    return x == 0 ? 1e-300 : x;
}

/* 1 / (1 + d_1 / (1 + d_2 / (1 + ...))), the continued fraction of the
 * incomplete beta function, Abramowitz & Stegun 26.5.8. From the top down, as
 * Lentz (1976) does it: `above` and `below` are ratios of neighbouring
 * numerators and denominators. It holds for every x < 1, with the more terms
 * the closer x is to 1: for the 97.5 % quantile 25 at a time with ten degrees
 * of freedom, 62 with a million; below 1000 for all that was tried. */
static double beta_fraction(double a, double b, double x)
{
    double above = 1, below = 0, value = 1, change = 0;

    for (int k = 1; k < 10000 && fabs(change - 1) > 1e-15; k++) {
        const int m = k / 2;
        const double d = k % 2
            ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));

        above = not_zero(1 + d / above);
        below = 1 / not_zero(1 + d * below);
        change = above * below;
        value *= change;
    }
    return 1 / value;
}

/* I_x(a, b), the regularised incomplete beta function. y = 1 - x is given too:
 * where it is small, 1 - x has lost its digits. */
static double incomplete_beta(double a, double b, double x, double y)
{
    const double log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    const double power = exp(a * log(x) + b * log(y) - log_beta);

    return power / a * beta_fraction(a, b, x);
}

/* P(0 < T < t), Abramowitz & Stegun 26.7.1: half of I_y(1/2, df/2) with
 * y = t^2 / (df + t^2). */
static double student_centre(double t, double df)
{
    const double ratio = t / df * t, x = 1 / (1 + ratio);

    return incomplete_beta(0.5, df / 2, ratio * x, x) / 2;
}

/* P(T > t), the rest. */
static double student_tail(double t, double df)
{
    const double ratio = t / df * t, x = 1 / (1 + ratio);

    return incomplete_beta(df / 2, 0.5, x, ratio * x) / 2;
}

/* Whether P(T > t) is more than q <= 1/2. Near the median one asks how much is
 * between 0 and t, elsewhere how much is beyond: always for the smaller of two
 * numbers that add up to 1/2, because it is known to more digits. */
static bool tail_exceeds(double t, double df, double q)
{
    if (q > 0.25)
        return student_centre(t, df) < 0.5 - q;
    return student_tail(t, df) > q;
}

/* The t with P(T > t) = q, 0 < q <= 1/2, by bisection down to neighbouring
 * numbers: nothing can go wrong, and it takes a third of a millisecond at
 * most. */
static double student_upper(double q, double df)
{
    double low = 0, high = 1;

    while (tail_exceeds(high, df, q)) {
        low = high;
        high *= 2;
    }
    for (;;) {
        const double t = low + (high - low) / 2;
        if (t <= low || t >= high)
            return t;
        if (tail_exceeds(t, df, q))
            low = t;
        else
            high = t;
    }
}

double student_quantile(double p, double df)
{
    if (!(p >= 0 && p <= 1 && df > 0))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    return p < 0.5 ? -student_upper(p, df) : student_upper(1 - p, df);
}

/* --- differences --------------------------------------------------------- */

static const Difference unknown = { NAN, -INFINITY, INFINITY, 0 };

/* mean +- t * error, t the 97.5 % quantile. Without an error it is the mean
 * itself; without degrees of freedom there is no telling. */
static Difference interval(double mean, double error, double df)
{
    if (!isfinite(mean) || !isfinite(error))
        return unknown;
    if (df <= 0)
        return (Difference){ mean, -INFINITY, INFINITY, 0 };
    const double half = error > 0 ? error * student_quantile(0.975, df) : 0;
    return (Difference){ mean, mean - half, mean + half, df };
}

/* One run beside a group of n, taken to be as noisy as theirs: the prediction
 * interval for one more run, of variance sd^2 + sd^2 / n. */
static Difference difference_single(Stat a, Stat b)
{
    const Stat group = a.n > 1 ? a : b;
    const double error = group.sd * sqrt(1 + 1.0 / group.n);

    return interval(a.mean - b.mean, error, group.n - 1);
}

/* With A = sd_a^2 / n_a and B likewise, the variances of the two means:
 *
 *     error = sqrt(A + B)
 *     df    = (A + B)^2 / (A^2 / (n_a - 1) + B^2 / (n_b - 1))
 *
 * Welch (1947), Satterthwaite (1946). df needs only the share of A in A + B:
 * the squares of small variances could be too small for a double. */
Difference difference_welch(Stat a, Stat b)
{
    if (a.n < 1 || b.n < 1 || !isfinite(a.sd) || !isfinite(b.sd))
        return unknown;
    if (a.n == 1 || b.n == 1)
        return difference_single(a, b);
    const double A = a.sd * a.sd / a.n, B = b.sd * b.sd / b.n;
    const double share = A + B > 0 ? A / (A + B) : 0.5, rest = 1 - share;
    const double df = 1 / (share * share / (a.n - 1) + rest * rest / (b.n - 1));

    return interval(a.mean - b.mean, sqrt(A + B), df);
}

/* The t interval for the mean of the differences. */
Difference difference_paired(const double *a, const double *b, int n)
{
    if (n < 1)
        return unknown;
    double *difference = allocate(n, sizeof *difference);

    for (int i = 0; i < n; i++)
        difference[i] = a[i] - b[i];
    const Stat s = stat_of(difference, n);
    free(difference);
    return interval(s.mean, s.sd / sqrt(n), n - 1);
}

bool larger_than_noise(Difference d)
{
    return d.low > 0 || d.high < 0;
}

/* McNemar (1947), exact: with n images of which one model alone got k right,
 * k <= n / 2, twice the binomial P(X <= k) = sum of C(n, i) / 2^n. The terms
 * from i = k down, each from the one before by i / (n - i + 1); the first from
 * its logarithm, as neither C(n, k) nor 2^n fits a double. An even split has
 * its middle term counted twice: hence the cap. */
double mcnemar_exact(int only_a, int only_b)
{
    CHECK(only_a, >=, 0);
    CHECK(only_b, >=, 0);
    const double n = (double)only_a + only_b;
    const double k = only_a < only_b ? only_a : only_b;
    double term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
                      - n * log(2));
    double sum = term;

    for (double i = k; i > 0; i--) {
        term *= i / (n - i + 1);
        sum += term;
    }
    return fmin(1, 2 * sum);
}
