/* SPDX-License-Identifier: MIT */
#include "book/chapter.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/progress.h"
#include "book/setting.h"
#include "book/state.h"
#include "nn/parallel.h"
#include "runs/code.h"

ChapterState chapter;

void chapter_open(int argc, char **argv, const char *source)
{
    const bool quick = setting_on("QUICK");

    if (argc > 1)
        die("%s: \"%s\" is not understood: a chapter takes no arguments; see "
            "the comment in lib/book/chapter.h for its environment",
            argv[0], argv[1]);
    chapter.source = source;
    chapter.number = chapter_name(chapter.name, source);
    chapter.book = setting_book();
    snprintf(chapter.folder, sizeof chapter.folder, "%s/%s", chapter.book,
             chapter.name);
    char experiments[600];
    snprintf(experiments, sizeof experiments, "%s/experiments", chapter.folder);
    must(make_folder(experiments));
    must(digits_open(&chapter.digits));
    chapter.lab = lab_open(&chapter.digits, &(LabOptions){
        .store = setting("RUNS", "build/runs"),
        .threads = atoi(setting("THREADS", "0")),
        .seeds = quick ? 1 : 0,
        .force = setting_on("FORCE"),
        .progress = progress_show,
        .context = chapter.name,
    });
}

const Digits *digits(void)
{
    return &chapter.digits;
}

const char *book_folder(void)
{
    return chapter.book;
}

void chapter_run(const char *name, void (*step)(void))
{
    CHECK(chapter.step_count, <, MAX_STEPS);
    chapter.steps[chapter.step_count++] = name;
    chapter.step = name;
    step();
    chapter.step = NULL;
}

/* ---- experiments ---- */

/* Where an experiment is published: <book>/<chapter>/experiments/<name>.tsv.
 * Another chapter's file of that name would make recall ambiguous. */
static void publish(const Experiment *e)
{
    char path[700], pattern[700];
    Text t = { 0 };
    glob_t found;

    snprintf(path, sizeof path, "%s/experiments/%s.tsv", chapter.folder,
             e->name);
    snprintf(pattern, sizeof pattern, "%s/*/experiments/%s.tsv", chapter.book,
             e->name);
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (strcmp(found.gl_pathv[i], path) != 0)
                die("%s: experiment \"%s\" has the name of one that is "
                    "published in %s: give it another",
                    chapter.source, e->name, found.gl_pathv[i]);
        globfree(&found);
    }
    const Experiment whole = experiment_complete(e);
    text_add(&t, "%d\n", e->seeds);
    experiment_print(&t, &whole);
    must(text_write_if_changed(&t, path));
    text_free(&t);
}

const Result *keep_result(const Result *r)
{
    for (int i = 0; i < chapter.own_count; i++)
        if (chapter.own[i] == r)
            return r;
    CHECK(chapter.own_count, <, MAX_OWN);
    chapter.own[chapter.own_count++] = r;
    progress_result(chapter.name, r);
    report_result_values(r);
    return r;
}

const Result *train_or_recall(const Experiment *e)
{
    const Result *r = keep_result(lab_run(chapter.lab, e));

    publish(e);
    return r;
}

const Result *try_out(const Experiment *e)
{
    Error error;
    const Result *r = lab_try(chapter.lab, e, &error);

    if (error)
        fprintf(stderr, "%s  %s\n", chapter.name, error);
    return error ? NULL : keep_result(r);
}

const Result *recall(const char *name)
{
    static char names[MAX_OWN][64];
    static int count;
    char pattern[700];
    Text t = { 0 };
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/experiments/%s.tsv", chapter.book,
             name);
    if (glob(pattern, 0, NULL, &found) != 0)
        die("%s: experiment \"%s\" was published by no chapter: run the "
            "chapters before this one first, `make book` does",
            chapter.source, name);
    must(text_read(&t, found.gl_pathv[0]));
    globfree(&found);

    CHECK(count, <, MAX_OWN);
    snprintf(names[count], sizeof names[count], "%s", name);
    Experiment e = { .name = names[count++], .seeds = atoi(t.s) };
    must(experiment_parse(&e, strchr(t.s, '\n') + 1));
    text_free(&t);
    const Result *r = lab_recall(chapter.lab, &e);
    report_result_values(r);
    return r;
}

void measure_or_recall(const char *name, double *x, int n,
                       void (*measure)(double *x))
{
    char path[700];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/measured-%s-%.16s%s.tsv",
             setting("RUNS", "build/runs"), name, training_code,
             chapter.digits.quick ? "-quick" : "");
    if (!setting_on("FORCE") && !text_read(&t, path)) {
        char *at = t.s;
        int k = 0;
        while (k < n && *at) {
            x[k++] = strtod(at, &at);
            at += strspn(at, "\n");
        }
        text_free(&t);
        if (k == n)
            return;
    }
    measure(x);
    for (int k = 0; k < n; k++)
        text_add(&t, "%.6g\n", x[k]);
    must(text_write(&t, path));
    text_free(&t);
}

/* ---- closing ---- */

/* results.tsv: chapter, experiment, metric, mean, sd, n.
 * runs.tsv: experiment, seed, accuracy, loss, seconds. No header lines: the
 * press puts them together. */
static void write_results(void)
{
    char path[600];
    Text t = { 0 };

    for (int i = 0; i < chapter.own_count; i++) {
        const Result *r = chapter.own[i];
        const char *on = r->experiment.train.validation ? "validation" : "test";
        const struct { const char *prefix, *metric; Stat s; } rows[] = {
            { on, "_accuracy", r->accuracy },
            { on, "_loss", r->loss },
            { "", "train_seconds", r->seconds },
            { "", "parameters", { (double)r->parameters, 0, r->runs } },
        };
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
            text_add(&t, "%s\t%s\t%s%s\t%.9g\t%.6g\t%d\n", chapter.name,
                     r->experiment.name, rows[k].prefix, rows[k].metric,
                     rows[k].s.mean, rows[k].s.sd, rows[k].s.n);
    }
    snprintf(path, sizeof path, "%s/results.tsv", chapter.folder);
    must(text_write_if_changed(&t, path));
    text_free(&t);
    for (int i = 0; i < chapter.own_count; i++)
        for (int k = 0; k < chapter.own[i]->runs; k++) {
            const Run *run = &chapter.own[i]->run[k];
            text_add(&t, "%s\t%llu\t%.9g\t%.9g\t%.6g\n",
                     chapter.own[i]->experiment.name,
                     (unsigned long long)run->seed, run->accuracy, run->loss,
                     run->seconds);
        }
    snprintf(path, sizeof path, "%s/runs.tsv", chapter.folder);
    must(text_write_if_changed(&t, path));
    text_free(&t);
    snprintf(path, sizeof path, "%s/claims.tsv", chapter.folder);
    must(text_write_if_changed(&chapter.claims, path));
}

/* Experiments that this chapter published before and no longer has. */
static void withdraw_others(void)
{
    char pattern[700];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/experiments/*.tsv", chapter.folder);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = strrchr(found.gl_pathv[i], '/') + 1;
        const size_t length = strlen(file) - strlen(".tsv");
        bool own = false;
        for (int k = 0; k < chapter.own_count; k++) {
            const char *name = chapter.own[k]->experiment.name;
            own = own || (strlen(name) == length
                          && strncmp(name, file, length) == 0);
        }
        if (!own)
            remove(found.gl_pathv[i]);
    }
    globfree(&found);
}

static void draw(void *context, int i)
{
    Error *error = context;
    static _Thread_local char message[1024];
    const Error e = figure_draw(&chapter.figures[i], chapter.folder);

    if (e) {
        snprintf(message, sizeof message, "%s", e);
        *error = message;
    }
}

/* What the chapter cost, from the runs themselves, so that the page stays the
 * same when nothing is trained. */
static void stamp(Text *page)
{
    double seconds = 0, peak = 0;
    int runs = 0;

    for (int i = 0; i < chapter.own_count; i++)
        for (int k = 0; k < chapter.own[i]->runs; k++, runs++) {
            seconds += chapter.own[i]->run[k].seconds;
            if (chapter.own[i]->run[k].peak_mib > peak)
                peak = chapter.own[i]->run[k].peak_mib;
        }
    text_add(page, "```stamp\n");
    if (runs)
        text_add(page, "Runs: %d\nTraining: %.1f s, added up over all runs\n"
                 "Peak memory: %.0f MiB\n", runs, seconds, peak);
    text_add(page, "Data: %s (SHA-256 %.12s…)\n", chapter.digits.origin,
             chapter.digits.digest);
    text_add(page, "Compiler: %s\n```\n", __VERSION__);
}

int chapter_close(void)
{
    char path[600];
    Text source = { 0 }, page = { 0 };
    Error error = NULL;

    if (chapter.data)
        fclose(chapter.data);
    must(text_read(&source, chapter.source));
    must(weave(&page, chapter.source, text_string(&source), chapter.steps,
               chapter.step_count, &chapter.report));
    parallel_for(chapter.report.figure_count, 2, draw, &error);
    must(error);
    stamp(&page);
    write_results();
    withdraw_others();
    snprintf(path, sizeof path, "%s/%s.md", chapter.book, chapter.name);
    must(text_write_if_changed(&page, path));
    text_free(&page);
    text_free(&source);
    lab_close(chapter.lab);
    digits_close(&chapter.digits);
    return 0;
}
