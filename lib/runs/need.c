/* SPDX-License-Identifier: MIT */
#include "runs/need.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/text.h"
#include "nn/train.h"
#include "runs/method.h"

/* Multiplications in a second on one core: with OpenBLAS, and image by image,
 * where every weight comes from memory. Roughly half of what a laptop of 2020
 * does: a guess is better too long than too short. */
static const double rate_of_batches = 1e10, rate_of_images = 1e9;

/* Three passes of a batch: forward, and two products on the way back. */
static double seconds_of(const Experiment *e, double macs, int images)
{
    if (e->train.images > 0)
        images = e->train.images;
    const double rate = e->train.batch >= 8 ? rate_of_batches : rate_of_images;

    return 3 * macs * images * e->train.epochs / rate;
}

static void find_largest(Need *need, const Model *m)
{
    size_t most = 0;

    for (int i = 0; i < m->depth; i++)
        if (i == 0 || m->layers[i].learned > most) {
            most = m->layers[i].learned;
            need->largest = i + 1;
            need->kind = m->layers[i].type->name;
        }
}

Error need_of(Need *need, const Experiment *e, int images)
{
    *need = (Need){ 0 };
    if (!method_of(e->method)->layered)
        return NULL;
    Model *m = allocate(1, sizeof *m);
    const Error error = model_configure(m, e, e->train.batch);

    if (!error) {
        const double n = (double)m->n, macs = model_macs(m);
        const int shards = macs * m->batch < WORTH_SHARING ? 1 : MAX_SHARDS;
        /* Parameters, their gradients in each shard, two means of the
         * optimiser, what is written. Each activation has a gradient; two
         * shards together hold one image more than the first, which judges
         * whole batches, and half of them again. */
        const double numbers = n * (4 + shards) + (double)m->states * 2
                             + ((double)m->active * 2 + (double)m->worked)
                               * (shards == 1 ? 1 : 1.5);
        need->parameters = n;
        need->bytes = numbers * sizeof(float);
        need->seconds = seconds_of(e, macs, images);
        find_largest(need, m);
    }
    free(m);
    return error ? error_text("%s: %s", e->name, error) : NULL;
}

static void print_bytes(Text *t, double bytes)
{
    if (bytes < 1e9)
        text_add(t, "%.3g MB", bytes / 1e6);
    else
        text_add(t, "%.1f GB", bytes / 1e9);
}

Error need_too_much(const Need *need, const Experiment *e, double memory)
{
    Text t = { 0 };

    print_bytes(&t, need->bytes);
    text_add(&t, " of memory wanted, ");
    print_bytes(&t, memory);
    const Error error = error_text(
        "%s: %s are free: %.0f parameters (most in layer %d, %s), batches of %d "
        "images; try fewer units or channels, or a smaller batch", e->name, t.s,
        need->parameters, need->largest, need->kind, e->train.batch);
    text_free(&t);
    return error;
}

void need_announce(const Need *need, const Experiment *e, int runs, int threads)
{
    enum { LONG = 60, HOUR = 3600 };
    const double seconds = need->seconds * runs
                         / (threads < runs ? threads : runs);
    Text t = { 0 };

    if (seconds <= LONG)
        return;
    print_bytes(&t, need->bytes);
    fprintf(stderr, "%s: %d run%s of %.0f parameters, %s of memory each: some "
            "%.0f %s\n", e->name, runs, runs == 1 ? "" : "s", need->parameters,
            t.s, seconds < 120 ? seconds : seconds < 2 * HOUR ? seconds / 60
                                                        : seconds / HOUR,
            seconds < 120 ? "seconds" : seconds < 2 * HOUR ? "minutes"
                                                           : "hours");
    text_free(&t);
}
