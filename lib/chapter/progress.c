/* SPDX-License-Identifier: MIT */
#include "chapter/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/setting.h"
#include "base/text.h"
#include "base/terminal.h"

static int recalled;               /* runs that nobody was told of */

static bool in_build(void)
{
    return *setting("BOOK_NEWS", "");
}

/* One line to the build; nothing when there is none. A build that has gone
 * takes the chapter with it. */
static void tell(const char *format, ...) PRINTF(1, 2);

static void tell(const char *format, ...)
{
    char line[3000];
    va_list args;

    if (!in_build())
        return;
    va_start(args, format);
    const int n = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    const size_t length = n < (int)sizeof line - 1 ? (size_t)n
                                                   : sizeof line - 2;
    line[length] = '\n';
    if (write(atoi(setting("BOOK_NEWS", "")), line, length + 1) < 0)
        _exit(1);
}

void progress_show(void *context, const Progress *p)
{
    static double shown;
    const char *name = p->experiment->name;
    char words[200];
    Text line = { 0 };

    if (!p->point) {
        tell("run\t%s", name);
        return;
    }
    if (p->seconds > shown && p->seconds - shown < 0.1)
        return;
    shown = p->seconds;
    snprintf(words, sizeof words, "epoch %.1f of %d, loss %.4f, accuracy %.1f "
             "%%", p->point->epoch, p->experiment->train.epochs,
             p->point->loss, 100 * p->point->accuracy);
    tell("at\t%s\t%d\t%d\t%s", name, p->done, p->runs, words);
    if (in_build())
        return;
    const double part = p->point->epoch / p->experiment->train.epochs;
    const double done = (p->done + part) / p->runs;
    text_add(&line, "%s: %d of %d runs done, %.0f s left: %s, %s",
             (const char *)context, p->done, p->runs,
             done > 0 ? p->seconds * (1 - done) / done : 0, name, words);
    terminal_line(line.s);
    text_free(&line);
}

void progress_step(const char *name)
{
    tell("step\t%s", name);
}

void progress_end(void)
{
    terminal_clear();
}

void progress_result(const char *chapter, const Result *r)
{
    Text t = { 0 };

    text_add(&t, "%s  %s  %d seed%s, accuracy %.2f %%", chapter,
             r->experiment.name, r->runs, r->runs == 1 ? "" : "s",
             100 * r->accuracy.mean);
    if (r->runs > 1)
        text_add(&t, " +- %.2f", 100 * r->accuracy.sd);
    text_add(&t, ", %.1f core seconds a seed", r->core_seconds.mean);
    progress_end();
    tell("result\t%d\t%d\t%s", r->trained, r->runs, t.s);
    if (!r->trained)
        recalled += r->runs;
    else if (!in_build())
        fprintf(stderr, "%s\n", t.s);
    text_free(&t);
}

void progress_sign_off(const char *chapter)
{
    progress_end();
    tell("end");
    if (recalled && !in_build())
        fprintf(stderr, "%s  %d run%s recalled\n", chapter, recalled,
                recalled == 1 ? "" : "s");
}
