/* SPDX-License-Identifier: MIT
 *
 * Is a difference larger than the noise of the seeds?
 *
 *     Stat relu = stat_of(accuracies, 10), sigmoid = stat_of(others, 5);
 *     Difference d = difference_welch(relu, sigmoid);
 *     printf("%+.4f, between %+.4f and %+.4f: %s\n", d.mean, d.low, d.high,
 *            larger_than_noise(d) ? "a difference" : "within the noise");
 *
 * An interval at 95 % misses the truth in one case of twenty: two equal
 * experiments are called different about that often.
 */
#ifndef RUNS_STATISTICS_H
#define RUNS_STATISTICS_H

#include <stdbool.h>

/* Mean and standard deviation (n - 1) over the seeds. */
typedef struct Stat {
    double mean, sd;
    int n;
} Stat;

Stat stat_of(const double *x, int n);

/* A share as "93.9 ± 0.3 %", with as many decimals as its spread deserves;
 * without the spread when there is none. */
void stat_percent(char text[64], Stat s);

/* A difference a - b of two means, with its 95 % confidence interval. Where
 * something is not a number, the mean is NAN and the ends are infinite. */
typedef struct Difference {
    double mean;
    double low, high;              /* infinite when there is no telling */
    double df;                     /* degrees of freedom */
} Difference;

/* Two groups of runs with nothing in common, each with its own spread. A
 * single run is given the spread of the other group. */
Difference difference_welch(Stat a, Stat b);

/* Runs in pairs, a[i] and b[i] with the same seed or on the same images: what
 * both share does not count as noise. */
Difference difference_paired(const double *a, const double *b, int n);

/* The interval does not hold 0. */
bool larger_than_noise(Difference d);

/* The t that a Student variable stays below with probability p; df need not be
 * whole. Eight digits for df from 0.5 to 1e6. */
double student_quantile(double p, double df);

/* Two models judged on the same images: only_a of them only a got right,
 * only_b only b. Two-sided p of McNemar's test: how probable a split at least
 * as uneven is when either model is as likely to win such an image. */
double mcnemar_exact(int only_a, int only_b);

#endif
