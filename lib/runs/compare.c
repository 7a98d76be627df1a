/* SPDX-License-Identifier: MIT */
#include "runs/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "runs/grid.h"
#include "runs/twin.h"

/* Which images the runs of a result read right. */
typedef struct Readings {
    int runs, images;
    const uint64_t *seed[MAX_SEEDS];
    double accuracy[MAX_SEEDS];
    uint8_t *right;                        /* (runs, images) */
} Readings;

/* The runs that both sides have: the same seed, so the same first weights and
 * the same order of the images, as far as the experiments allow. */
typedef struct Pairs {
    int n;
    double a[MAX_SEEDS], b[MAX_SEEDS];   /* accuracies */
    int only_a[MAX_SEEDS], only_b[MAX_SEEDS];    /* images that only one of
                                                      the two networks reads */
} Pairs;

void signed_number(char text[32], double x, int decimals)
{
    const bool zero = fabs(x) < 0.5 * pow(10, -decimals);

    snprintf(text, 32, "%s%.*f", zero ? "" : x < 0 ? "−" : "+", decimals,
             fabs(x));
}

void compare_fields(Text *t, const Experiment *a, const Experiment *b)
{
    const size_t before = t->length;

    for (Change c = { 0 }; next_change(&c, a, b);)
        text_add(t, "%s`%s`: %s becomes **%s**", t->length > before ? "; " : "",
                 c.field, *c.before ? c.before : "unused",
                 *c.after ? c.after : "unused");
}

const char *compare_verdict(Difference seeds, Difference images)
{
    return !isfinite(seeds.low) ? "no telling"
         : !larger_than_noise(seeds) ? "within seed noise"
         : !isfinite(images.low) ? "larger than seed noise"
         : larger_than_noise(images)
         ? "larger than seed noise, and than that of the images"
         : "larger than seed noise, but within that of the images";
}

/* Of those runs whose predictions are whole and as many as the first one's. */
static Readings readings_of(const Result *r)
{
    Readings all = { .runs = 0 };

    for (int i = 0; i < r->runs && all.runs < MAX_SEEDS; i++) {
        Predictions p;
        if (store_read_predictions(&p, &r->run[i]))
            continue;
        if (!all.right) {
            all.images = p.n;
            all.right = allocate((size_t)r->runs * p.n, 1);
        }
        for (int k = 0; k < p.n && p.n == all.images; k++)
            all.right[(size_t)all.runs * p.n + k]
                = p.predicted[k] == p.label[k];
        all.seed[all.runs] = &r->run[i].seed;
        all.accuracy[all.runs] = r->run[i].accuracy;
        all.runs += p.n == all.images;
        predictions_free(&p);
    }
    return all;
}

/* The share of the runs that read an image right. */
static double share_right(const Readings *r, int image)
{
    int right = 0;

    for (int i = 0; i < r->runs; i++)
        right += r->right[(size_t)i * r->images + image];
    return (double)right / r->runs;
}

static Pairs find_pairs(const Readings *a, const Readings *b)
{
    Pairs p = { 0 };

    for (int i = 0; i < a->runs; i++)
        for (int k = 0; k < b->runs && p.n < MAX_SEEDS; k++) {
            if (*a->seed[i] != *b->seed[k] || a->images != b->images)
                continue;
            const uint8_t *x = a->right + (size_t)i * a->images;
            const uint8_t *y = b->right + (size_t)k * b->images;
            for (int image = 0; image < a->images; image++) {
                p.only_a[p.n] += x[image] && !y[image];
                p.only_b[p.n] += y[image] && !x[image];
            }
            p.a[p.n] = a->accuracy[i];
            p.b[p.n++] = b->accuracy[k];
        }
    return p;
}

/* The images are a sample, too: other images would give other shares. Each
 * counts with the difference of the two sides on it, all runs together. */
static Difference image_difference(const Readings *a, const Readings *b)
{
    const int n = a->images == b->images ? a->images : 0;
    double *x = allocate(n, sizeof *x), *y = allocate(n, sizeof *y);

    for (int i = 0; i < n; i++) {
        x[i] = share_right(b, i);
        y[i] = share_right(a, i);
    }
    const Difference d = n ? difference_paired(x, y, n)
                           : (Difference){ NAN, -INFINITY, INFINITY, 0 };
    free(x);
    free(y);
    return d;
}

Difference difference_images(const Result *a, const Result *b)
{
    Readings p = readings_of(a), q = readings_of(b);
    const Difference d = image_difference(&p, &q);

    free(p.right);
    free(q.right);
    return d;
}

/* "93.69 ± 0.42 (10)" */
static void stat_text(char text[64], Stat s, double scale, int decimals)
{
    if (s.n > 1)
        snprintf(text, 64, "%.*f ± %.*f (%d)", decimals, scale * s.mean,
                 decimals, scale * s.sd, s.n);
    else
        snprintf(text, 64, "%.*f (1)", decimals, scale * s.mean);
}

void interval_text(char text[80], Difference d, double scale, int decimals)
{
    char low[32], high[32];

    signed_number(low, scale * d.low, decimals);
    signed_number(high, scale * d.high, decimals);
    snprintf(text, 80, isfinite(d.low) ? "%s to %s" : "unknown", low, high);
}

static void add_metric(Grid *g, const char *metric, Stat a, Stat b,
                       double scale, int decimals)
{
    const Difference d = difference_welch(b, a);
    char before[64], after[64], change[32], interval[80];

    stat_text(before, a, scale, decimals);
    stat_text(after, b, scale, decimals);
    signed_number(change, scale * d.mean, decimals);
    interval_text(interval, d, scale, decimals);
    grid_add(g, "%s | %s | %s | %s | %s", metric, before, after, change,
             interval);
}

static void add_table(Text *t, const Result *a, const char *name_of_a,
                      const Result *b, const char *name_of_b)
{
    char change[32];
    Grid g = { 0 };

    grid_add(&g, "%s images | %s | %s | Difference | 95 %% interval",
             judged_on(&a->experiment), name_of_a, name_of_b);
    add_metric(&g, "accuracy, %", a->accuracy, b->accuracy, 100, 2);
    if (a->experiment.loss == b->experiment.loss)
        add_metric(&g, "loss", a->loss, b->loss, 1, 4);
    if (a->runs && b->runs)
        add_metric(&g, "core seconds", a->core_seconds, b->core_seconds, 1, 2);
    signed_number(change, (double)b->parameters - (double)a->parameters, 0);
    grid_add(&g, "parameters | %zu | %zu | %s |  ", a->parameters,
             b->parameters, change);
    grid_write(t, &g);
}

/* The sentences that all this is for. */
static void add_verdict(Text *t, const char *name, Difference seeds,
                        Difference images)
{
    char interval[80];

    text_add(t, "In accuracy, %s %s by %.2f points: **%s**.", name,
             seeds.mean < 0 ? "trails" : "leads", 100 * fabs(seeds.mean),
             compare_verdict(seeds, images));
    if (!isfinite(seeds.low)) {
        text_add(t, " One run on each side says nothing of the spread; take "
                 "five seeds or more.\n");
        return;
    }
    interval_text(interval, seeds, 100, 2);
    text_add(t, "\nThe 95 %% interval with other seeds: %s points (Welch)",
             interval);
    if (isfinite(images.low)) {
        interval_text(interval, images, 100, 2);
        text_add(t, "; on other images: %s (image by image)", interval);
    }
    text_add(t, ".\n");
}

/* "p = 0.146"; never 0: no test is that sure. */
static void p_text(char text[32], double p)
{
    snprintf(text, 32, p < 0.001 ? "p < 0.001" : "p = %.3f", p);
}

/* One verdict, the one above: it was chosen beforehand and takes all seeds. Where
 * the pairs would say otherwise, the reader is told which to believe. */
static void add_pairs(Text *t, const Pairs *p, Difference seeds)
{
    const Difference d = difference_paired(p->b, p->a, p->n);
    char points[32], interval[80], sure[32];
    int better = 0, worse = 0;

    signed_number(points, 100 * d.mean, 2);
    interval_text(interval, d, 100, 2);
    if (p->n > 1) {
        text_add(t, "The same %d seeds in pairs: %s points, 95 %% interval %s.",
                 p->n, points, interval);
        if (larger_than_noise(d) != larger_than_noise(seeds))
            text_add(t, " By the pairs alone this would be %s; believe the "
                     "verdict above: it was chosen before anyone looked, and "
                     "whoever takes of two tests the one that pleases is wrong "
                     "too often. More seeds make both agree.",
                     larger_than_noise(d) ? "larger than seed noise"
                                          : "within it");
        text_add(t, "\n");
    }
    for (int i = 0; i < p->n; i++)
        if (mcnemar_exact(p->only_a[i], p->only_b[i]) < 0.05)
            *(p->only_b[i] > p->only_a[i] ? &better : &worse) += 1;
    p_text(sure, mcnemar_exact(p->only_a[0], p->only_b[0]));
    if (p->n == 1)
        text_add(t, "Image by image, with the same seed: %d are read only "
                 "before the change, %d only after it; %s (McNemar's "
                 "exact test).\n", p->only_a[0], p->only_b[0], sure);
    else
        text_add(t, "Image by image, network against network with the same "
                 "seed: better in %d of %d pairs, worse in %d (McNemar's "
                 "exact test, p < 0.05).\n", better, p->n, worse);
}

void compare(Text *t, const Result *a, const char *name_of_a, const Result *b,
             const char *name_of_b)
{
    const bool same_images = a->experiment.train.validation
                          == b->experiment.train.validation;
    Grid g = { 0 };

    grid_add(&g, "Field | %s | %s", name_of_a, name_of_b);
    for (Change c = { 0 }; next_change(&c, &a->experiment, &b->experiment);)
        grid_add(&g, "`%s` | %s | %s", c.field, *c.before ? c.before : "unused",
                 *c.after ? c.after : "unused");
    grid_write(t, &g);
    text_add_char(t, '\n');
    if (!same_images) {
        text_add(t, "They are not judged on the same images, see "
                 "train.validation: they cannot be compared.\n");
        return;
    }
    add_table(t, a, name_of_a, b, name_of_b);
    text_add_char(t, '\n');
    Readings p = readings_of(a), q = readings_of(b);
    const Pairs pairs = find_pairs(&p, &q);
    add_verdict(t, name_of_b, difference_welch(b->accuracy, a->accuracy),
                image_difference(&p, &q));
    free(p.right);
    free(q.right);
    if (pairs.n) {
        text_add_char(t, '\n');
        add_pairs(t, &pairs, difference_welch(b->accuracy, a->accuracy));
    }
}
