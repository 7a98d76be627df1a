/* SPDX-License-Identifier: MIT */
#include "runs/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runs/grid.h"

/* Test images that only one of two networks reads. */
typedef struct Discord {
    int only_a, only_b;
} Discord;

/* The runs that both sides have: the same seed, so the same first weights and
 * the same order of the images, as far as the experiments allow. */
typedef struct Pairs {
    int n;
    double a[MAX_POINTS], b[MAX_POINTS];   /* accuracies */
    Discord discord[MAX_POINTS];
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

const char *compare_verdict(Difference accuracy)
{
    return !isfinite(accuracy.low) ? "no telling"
         : larger_than_noise(accuracy) ? "larger than seed noise"
         : "within seed noise";
}

/* False when the predictions of one are not whole. */
static bool count_discord(Discord *d, const Run *a, const Run *b)
{
    Predictions p, q;

    if (store_read_predictions(&p, a))
        return false;
    if (store_read_predictions(&q, b)) {
        predictions_free(&p);
        return false;
    }
    const bool whole = p.n == q.n;
    *d = (Discord){ 0 };
    for (int i = 0; i < p.n && whole; i++) {
        const bool right_a = p.predicted[i] == p.label[i];
        const bool right_b = q.predicted[i] == q.label[i];
        d->only_a += right_a && !right_b;
        d->only_b += right_b && !right_a;
    }
    predictions_free(&p);
    predictions_free(&q);
    return whole;
}

static Pairs find_pairs(const Result *a, const Result *b)
{
    Pairs p = { 0 };

    for (int i = 0; i < a->runs; i++)
        for (int k = 0; k < b->runs && p.n < MAX_POINTS; k++)
            if (a->run[i].seed == b->run[k].seed
                && count_discord(&p.discord[p.n], &a->run[i], &b->run[k])) {
                p.a[p.n] = a->run[i].accuracy;
                p.b[p.n++] = b->run[k].accuracy;
            }
    return p;
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
    const bool held_out = a->experiment.train.validation;
    char change[32];
    Grid g = { 0 };

    grid_add(&g, "%s images | %s | %s | Difference | 95 %% interval",
             held_out ? "Validation" : "Test", name_of_a, name_of_b);
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

/* The sentence that all this is for. */
static void add_verdict(Text *t, const char *name, Difference d)
{
    text_add(t, "In accuracy, %s %s by %.2f points: **%s**.", name,
             d.mean < 0 ? "trails" : "leads", 100 * fabs(d.mean),
             compare_verdict(d));
    if (!isfinite(d.low))
        text_add(t, " One run on each side says nothing of the spread; take "
                 "five seeds or more.");
}

static void add_pairs(Text *t, const Pairs *p)
{
    const Difference d = difference_paired(p->b, p->a, p->n);
    char points[32], interval[80];
    int better = 0, worse = 0;

    signed_number(points, 100 * d.mean, 2);
    interval_text(interval, d, 100, 2);
    if (p->n > 1)
        text_add(t, "The same %d seeds in pairs: %s points, 95 %% interval %s: "
                 "%s.\n", p->n, points, interval, compare_verdict(d));
    for (int i = 0; i < p->n; i++) {
        const Discord *c = &p->discord[i];
        if (mcnemar_exact(c->only_a, c->only_b) < 0.05)
            *(c->only_b > c->only_a ? &better : &worse) += 1;
    }
    if (p->n == 1)
        text_add(t, "Image by image, with the same seed: %d are read only "
                 "before the change, %d only after it; p = %.3g (McNemar's "
                 "exact test).\n", p->discord[0].only_a, p->discord[0].only_b,
                 mcnemar_exact(p->discord[0].only_a, p->discord[0].only_b));
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
    const Pairs pairs = same_images ? find_pairs(a, b) : (Pairs){ 0 };
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
    add_verdict(t, name_of_b, difference_welch(b->accuracy, a->accuracy));
    text_add_char(t, '\n');
    if (pairs.n) {
        text_add_char(t, '\n');
        add_pairs(t, &pairs);
    }
}
