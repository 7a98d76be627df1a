/* SPDX-License-Identifier: MIT */
#include "chapter/meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/machine.h"
#include "base/setting.h"
#include "base/text.h"
#include "base/terminal.h"
#include "runs/accepted.h"
#include "runs/lab.h"
#include "runs/records.h"

/* An experiment that is to be trained. */
typedef struct Work {
    int chapter;
    char *name;
    int missing;                   /* runs */
    double seconds;                /* of a core, for one; 0: nobody knows */
} Work;

static struct {
    Work *work;
    int n;
    int chapter, chapters;         /* that runs, from 0; of so many */
    int done;                      /* runs trained in this build */
    int unplanned;                 /* that the chapter trains beyond the plan */
    double start, finished;        /* seconds of cores that are done */
    double end;                    /* when all will be done; 0: unknown */
    char latest[300];              /* what the chapter is at */
} meter;

/* The core seconds of one run: of the book that is there, or accepted. */
static double seconds_in(const ResultRow *rows, int n, const char *experiment)
{
    for (int i = 0; i < n; i++)
        if (strcmp(rows[i].metric, "core_seconds") == 0
            && strcmp(rows[i].experiment, experiment) == 0)
            return rows[i].stat.mean;
    return 0;
}

static void plan_chapter(const Lab *lab, const Build *b, int chapter,
                         const ResultRow *last, int n_last)
{
    char path[PATH];
    ResultRow *rows;
    int n;

    snprintf(path, sizeof path, "%s/%s.tsv", accepted_folder(),
             b->chapters[chapter].name);
    if (access(path, R_OK) != 0)
        return;
    must(results_read(&rows, &n, path));
    meter.work = realloc(meter.work, (meter.n + n + 1) * sizeof *meter.work);
    if (!meter.work)
        die("out of memory: %d experiments", meter.n + n);
    for (int i = 0; i < n; i++) {
        const char *name = rows[i].experiment;
        const Result *r = accepted_find(name);
        if (strcmp(rows[i].metric, "parameters") != 0 || !r)
            continue;
        double seconds = seconds_in(last, n_last, name);
        if (seconds <= 0 && !b->digits.quick)
            seconds = seconds_in(rows, n, name);
        meter.work[meter.n++] = (Work){ chapter, text_copy(name),
                                        lab_missing(lab, &r->experiment),
                                        seconds };
    }
    free(rows);
}

void meter_plan(const Build *b, int last)
{
    char path[PATH];
    ResultRow *rows = NULL;
    int n = 0;

    meter.chapters = last + 1;
    meter.start = clock_seconds();
    if (!terminal_is())
        return;
    snprintf(path, sizeof path, "%s/results.tsv", b->book);
    if (access(path, R_OK) == 0 && results_read(&rows, &n, path))
        n = 0;
    Lab *lab = lab_open(&b->digits, &(LabOptions){
        .store = setting("RUNS", "build/runs"),
        .seeds = setting_on("QUICK") ? 1 : 0, .force = setting_on("FORCE") });
    for (int i = 0; i <= last; i++)
        if (!b->chapters[i].current || setting_on("FORCE"))
            plan_chapter(lab, b, i, rows, n);
    lab_close(lab);
    free(rows);
}

/* All times are guesses until some runs are done: then they show how fast this
 * machine is today. */
static void expect(void)
{
    const double known = 5, now = clock_seconds();
    const long threads = setting_number("THREADS", 0);
    const long cores = threads > 0 ? threads : machine_here().cores;
    double left = 0;
    int runs = 0, timed = 0;

    for (int i = 0; i < meter.n; i++) {
        runs += meter.work[i].missing;
        if (meter.work[i].seconds > 0) {
            timed += meter.work[i].missing;
            left += meter.work[i].missing * meter.work[i].seconds;
        }
    }
    meter.end = 0;
    const double guess = known / (double)cores;
    if (timed)
        meter.end = now + left * runs / timed * (now - meter.start + guess)
                        / (meter.finished + known);
}

void meter_begin(int chapter)
{
    for (int i = 0; i < meter.n; i++)          /* what was not wanted */
        if (meter.work[i].chapter < chapter)
            meter.work[i].missing = 0;
    meter.chapter = chapter;
    meter.unplanned = 0;
    snprintf(meter.latest, sizeof meter.latest, "starts");
    expect();
    meter_news("");
}

static int missing(int chapter)
{
    int n = 0;

    for (int i = 0; i < meter.n; i++)
        if (chapter < 0 || meter.work[i].chapter == chapter)
            n += meter.work[i].missing;
    return n;
}

/* A run is finished. */
static void count(const char *experiment)
{
    meter.done++;
    if (meter.unplanned)
        meter.unplanned--;
    for (int i = 0; i < meter.n; i++)
        if (meter.work[i].chapter == meter.chapter && meter.work[i].missing
            && strcmp(meter.work[i].name, experiment) == 0) {
            meter.work[i].missing--;
            meter.finished += meter.work[i].seconds;
            break;
        }
    expect();
}

void meter_words(char words[200])
{
    const int all = meter.done + missing(-1) + meter.unplanned;
    const double left = meter.end - clock_seconds();
    int n = 0;

    words[0] = '\0';
    if (all > 0)
        n = snprintf(words, 200, ", %d of %d run%s", meter.done, all,
                     all == 1 ? "" : "s");
    if (meter.end <= 0 || !missing(-1))
        return;
    if (left >= 5940)
        snprintf(words + n, 200 - n, ", %.1f h left", left / 3600);
    else if (left >= 99.5)
        snprintf(words + n, 200 - n, ", %.0f min left", left / 60);
    else
        snprintf(words + n, 200 - n, ", %.0f s left", left > 1 ? left : 1);
}

void meter_news(const char *line)
{
    char experiment[2048] = "", words[200] = "", all[200];
    int done = 0, runs = 0;
    Text t = { 0 };

    if (sscanf(line, "at\t%2047[^\t]\t%d\t%d\t%199[^\n]", experiment, &done,
               &runs, words) == 4) {
        const int more = runs - done - missing(meter.chapter);
        meter.unplanned = more > 0 ? more : 0;
        snprintf(meter.latest, sizeof meter.latest, "%.60s, %s", experiment,
                 words);
    } else if (sscanf(line, "run\t%2047[^\n]", experiment) == 1) {
        count(experiment);
    } else if (sscanf(line, "step\t%199[^\n]", words) == 1) {
        snprintf(meter.latest, sizeof meter.latest, "%s", words);
    }
    meter_words(all);
    text_add(&t, "chapter %d of %d%s: %s", meter.chapter + 1, meter.chapters,
             all, meter.latest);
    terminal_line(t.s);
    text_free(&t);
}
