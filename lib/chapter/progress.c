/* SPDX-License-Identifier: MIT */
#include "chapter/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 20 };

/* The book passes our stderr on; it says so when that ends at a terminal. */
static bool live(void)
{
    return isatty(STDERR_FILENO) || getenv("PROGRESS_LIVE");
}

void progress_show(void *context, const Progress *p)
{
    static double shown;
    const TrainSpec *t = &p->experiment->train;
    char bar[BAR + 1];

    if (!live() || !p->point)
        return;
    if (p->seconds > shown && p->seconds - shown < 0.05)
        return;
    shown = p->seconds;
    const double part = p->point->epoch / t->epochs;
    const double done = (p->done + part) / p->runs;
    const int filled = (int)(BAR * part);
    memset(bar, '-', BAR);
    memset(bar, '#', filled < BAR ? (size_t)filled : BAR);
    bar[BAR] = '\0';
    fprintf(stderr,
            "\r\033[K%s  %s  run %d of %d  epoch %.1f of %d [%s] loss %.4f "
            "accuracy %.1f %%  %.0f s left", (const char *)context,
            p->experiment->name, p->done + 1, p->runs, p->point->epoch,
            t->epochs, bar,
            p->point->loss, 100 * p->point->accuracy,
            done > 0 ? p->seconds * (1 - done) / done : 0);
    fflush(stderr);
}

void progress_end(void)
{
    if (live())
        fprintf(stderr, "\r\033[K");
}

void progress_result(const char *chapter, const Result *r)
{
    progress_end();
    fprintf(stderr, "%s  %s  %d seed%s, accuracy %.2f %%", chapter,
            r->experiment.name,
            r->runs, r->runs == 1 ? "" : "s", 100 * r->accuracy.mean);
    if (r->runs > 1)
        fprintf(stderr, " +- %.2f", 100 * r->accuracy.sd);
    if (r->trained)
        fprintf(stderr, ", %.1f core seconds a seed\n", r->core_seconds.mean);
    else
        fprintf(stderr, ", recalled\n");
}
