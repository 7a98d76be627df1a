#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reference numbers for tests/test_statistics.c, by mpmath with 30 digits.

    cd tests/ref && /usr/bin/python3 statistics.py > statistics.h

By other ways than lib/runs/statistics.c: quantiles by integrating the density
of Student's t, intervals by the textbook formulas from the numbers themselves,
McNemar's p by adding whole numbers. The output is part of the repository: only
a changed case needs this script, Debian's python3-mpmath and two minutes.
"""
from fractions import Fraction
from math import comb

from mpmath import findroot, gamma, inf, mp, mpf, quad, sqrt

mp.dps = 30


# --- Student's t -------------------------------------------------------------

def tail(t, df):
    """P(T > t) for t > 0."""
    scale = gamma((df + 1) / 2) / (gamma(df / 2) * sqrt(df * mp.pi))
    pieces = [(t + 1) * 2 ** k - 1 for k in range(8)] + [inf]
    return scale * quad(lambda u: (1 + u * u / df) ** (-(df + 1) / 2), pieces)


def quantile(p, df):
    p, df = mpf(p), mpf(df)            # exactly the double that C is given
    if p < 0.5:
        return -quantile(1 - p, df)
    if p == 0.5:
        return mpf(0)
    high = mpf(1)
    while tail(high, df) > 1 - p:
        high *= 2
    low = high / 2 if high > 1 else mpf(0)
    return findroot(lambda t: tail(t, df) / (1 - p) - 1, (low, high),
                    solver="ridder", tol=1e-24)


# --- intervals ---------------------------------------------------------------

def moments(x):
    """Mean and variance (n - 1)."""
    x = [mpf(v) for v in x]
    mean = sum(x) / len(x)
    if len(x) == 1:
        return mean, mpf(0)
    return mean, sum((v - mean) ** 2 for v in x) / (len(x) - 1)


def interval(mean, variance, df):
    half = quantile(0.975, df) * sqrt(variance)
    return mean, mean - half, mean + half, df


def welch(a, b):
    (mean_a, variance_a), (mean_b, variance_b) = moments(a), moments(b)
    mean, n, m = mean_a - mean_b, len(a), len(b)
    if m == 1:
        return interval(mean, variance_a * (1 + mpf(1) / n), n - 1)
    if n == 1:
        return interval(mean, variance_b * (1 + mpf(1) / m), m - 1)
    va, vb = variance_a / n, variance_b / m
    df = (va + vb) ** 2 / (va ** 2 / (n - 1) + vb ** 2 / (m - 1))
    return interval(mean, va + vb, df)


def paired(a, b):
    mean, variance = moments([mpf(x) - mpf(y) for x, y in zip(a, b)])
    return interval(mean, variance / len(a), len(a) - 1)


# --- McNemar -----------------------------------------------------------------

def mcnemar(a, b):
    n = a + b
    one_side = sum(comb(n, i) for i in range(min(a, b) + 1))
    return min(1, Fraction(2 * one_side, 2 ** n))


# --- the header --------------------------------------------------------------

def number(x):
    """As many digits as the double needs."""
    return repr(float(x))


def row(*parts):
    line = "    { " + ", ".join(parts) + " },"
    if len(line) > 80:
        line = "    { " + (",\n      ").join(parts) + " },"
    print(line)


def numbers(x):
    listed = ", ".join(number(v) for v in x)
    return "{ " + (listed if len(listed) < 70
                   else listed.replace(", ", ",\n        ")) + " }"


def table(declaration, rows):
    print("\n" + declaration + " = {")
    for parts in rows:
        row(*parts)
    print("};")


def difference(kind, a, b):
    found = [float(v) for v in kind(a, b)]
    return f"{len(a)}, {len(b)}", numbers(a), numbers(b), numbers(found)


PROBABILITIES = 0.500001, 0.74, 0.76, 0.975, 0.999999
FREEDOM = 0.5, 1, 1.7, 4, 7.31, 30, 99.5, 1000, 1e6
CASES = [(p, df) for df in FREEDOM for p in PROBABILITIES]
CASES += [(1e-12, 3), (1e-12, 1e6), (0.025, 4), (0.31, 0.5), (0.4999, 12.25)]

relu = 0.9412, 0.9438, 0.9397, 0.9421, 0.9405
wide = 0.9455, 0.9431, 0.9468, 0.9449, 0.9440
noisy = 0.912, 0.951, 0.887, 0.934, 0.96, 0.921, 0.899, 0.945, 0.93, 0.908
two = 0.97, 0.9712
near = 0.9431, 0.9442, 0.9403, 0.9436, 0.9411

WELCH = [(relu, wide), (wide, relu), (relu, noisy), (noisy, two), (two, wide),
         (relu, (0.9387,)), ((0.981,), noisy), (two, (0.9695,))]
PAIRED = [(relu, wide), (relu, near), (two, relu[:2]), (noisy, noisy[::-1])]
MCNEMAR = [(0, 0), (0, 1), (0, 5), (5, 0), (1, 1), (3, 9), (10, 25), (56, 31),
           (312, 287), (300, 300), (0, 1000), (5000, 4800), (9800, 10000),
           (10000, 10000)]

print("/* SPDX-License-Identifier: MIT")
print(" *")
print(" * Written by statistics.py: change that, not this. */")
table("static const struct { double p, df, t; } quantiles[]",
      [(repr(p), repr(df), number(quantile(p, df))) for p, df in CASES])
print("\n/* Two groups of numbers, and what is to be found. */")
print("typedef struct Groups {\n    int n, m;\n    double a[10], b[10];\n"
      "    Difference wanted;\n} Groups;")
table("static const Groups welch_groups[]",
      [difference(welch, *pair) for pair in WELCH])
table("static const Groups paired_groups[]",
      [difference(paired, *pair) for pair in PAIRED])
table("static const struct { int a, b; double p; } mcnemar_counts[]",
      [(str(a), str(b), number(mcnemar(a, b))) for a, b in MCNEMAR])
