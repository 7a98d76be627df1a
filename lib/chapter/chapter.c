/* SPDX-License-Identifier: MIT */
#include "chapter/chapter.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "base/parallel.h"
#include "base/root.h"
#include "base/setting.h"
#include "chapter/changes.h"
#include "chapter/command.h"
#include "chapter/comparison.h"
#include "chapter/edition.h"
#include "chapter/progress.h"
#include "chapter/state.h"
#include "runs/accepted.h"
#include "runs/code.h"
#include "runs/kernels.h"
#include "runs/records.h"
#include "runs/settings.h"
#include "runs/twin.h"

/* The numbers that prose may name without a report: what a choice holds out of
 * the 60,000 images and what it leaves, and those of the experiments that the
 * chapter offers. */
static void name_numbers(void)
{
    value_add(0, "held-out", thousands(HELD_OUT));
    value_add(0, "held-out.rest", thousands(60000 - HELD_OUT));
    for (int i = 0; chapter.contents.experiments[i]; i++)
        experiment_add(chapter.contents.experiments[i]);
}

void chapter_open_with(int argc, char **argv, const Contents *contents)
{
    root_enter(argv);
    chapter.contents = *contents;
    chapter.source = contents->source;
    chapter.number = chapter_name(chapter.name, contents->source);
    LabOptions options = {
        .store = setting("RUNS", "build/runs"),
        .threads = (int)setting_number("THREADS", 0),
        .seeds = setting_on("QUICK") ? 1 : 0,
        .force = setting_on("FORCE"),
        .chapter = chapter.name,
        .progress = progress_show,
        .context = chapter.name,
    };
    if (argc > 1)
        exit(command(argc, argv, contents, &options));
    kernels_check(argv, options.store);
    chapter.book = setting_book();
    snprintf(chapter.folder, sizeof chapter.folder, "%s/%s", chapter.book,
             chapter.name);
    char experiments[600];
    snprintf(experiments, sizeof experiments, "%s/experiments", chapter.folder);
    must(digits_open(&chapter.digits));
    edition_join(chapter.book, &chapter.digits);
    must(make_folder(experiments));
    chapter.lab = lab_open(&chapter.digits, &options);
    name_numbers();
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
    progress_step(name);
    step();
    chapter.step = NULL;
}

/* ---- experiments ---- */

/* Where an experiment is published: <book>/<chapter>/experiments/<name>.tsv.
 * Another chapter's file of that name would make recall ambiguous. */
static void publish(const Experiment *e)
{
    char path[700], pattern[700];
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
    must(experiment_write(e, chapter.digits.digest, path));
}

/* Whether the chapter offers it: not one that it made of others, by a choice
 * that may fall otherwise on other data. */
static bool offered(const Experiment *e)
{
    const Experiment *const *own = chapter.contents.experiments;

    while (*own && strcmp((*own)->name, e->name) != 0)
        own++;
    return *own;
}

/* Yours against the book's: two twins, unless the reader wants the test set. */
static void add_comparison(int line, const Experiment *e, const Result *r)
{
    const Experiment twin = twin_of(e);
    const bool on_test = judged_on_test();
    const Result *yours = on_test ? r : lab_run(chapter.lab, &twin);
    const Result *book = lab_book_side(chapter.lab, e, on_test ? e : &twin,
                                       yours->runs);

    if (yours != r)
        result_keep(yours, true);
    result_keep(book, false);
    report_comparison(line, e->name, book, yours);
    free((char *)twin.name);
}

/* Asked for again, an experiment is compared no second time. */
const Result *train_or_recall_at(int line, const Experiment *e)
{
    const Experiment accepted = accepted_version(e);
    const Result *r = lab_run(chapter.lab, e);
    const bool changed = offered(e) && !experiment_same(&accepted, e);

    if (result_keep(r, offered(e) && accepted_lacks(e)) && changed)
        add_comparison(line, e, r);
    publish(e);
    return r;
}

const SweepPoints *sweep_or_recall(const Sweep *s)
{
    SweepPoints *p = sweep_plan(s);

    CHECK(chapter.sweep_count, <, MAX_SWEEPS);
    chapter.sweeps[chapter.sweep_count++] = p;
    lab_try(chapter.lab, p->result, p->experiment, p->n);
    for (int i = 0; i < p->n; i++)
        if (p->result[i]->error)
            fprintf(stderr, "%s  %s\n", chapter.name, p->result[i]->error);
        else
            result_keep(p->result[i], accepted_lacks(&p->experiment[i]));
    return p;
}

/* The file in which an experiment is published. */
static void published(char path[700], const char *name)
{
    char pattern[700];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/experiments/%s.tsv", chapter.book,
             name);
    if (glob(pattern, 0, NULL, &found) != 0)
        die("%s: experiment \"%s\" was published by no chapter: run the "
            "chapters before this one first, `make book` does",
            chapter.source, name);
    snprintf(path, 700, "%s", found.gl_pathv[0]);
    globfree(&found);
}

/* The chapter that has published such a file: "03-softmax". */
static void chapter_of(char name[64], const char *path)
{
    const char *start = path + strlen(chapter.book) + 1;
    snprintf(name, 64, "%.*s", (int)strcspn(start, "/"), start);
}

const Result *recall(const char *name)
{
    char path[700], data[KEY_SIZE];
    Experiment e = { .name = name };

    published(path, name);
    must(experiment_read(&e, data, path));
    const Result *r = lab_recall(chapter.lab, &e);
    values_of_result(r);
    return r;
}

void measure_or_recall(const char *name, double *x, int n,
                       void (*measure)(double *x))
{
    char path[700], code[65];
    Text t = { 0 };

    code_digest(code, NULL);
    snprintf(path, sizeof path, "%s/measured-%s-%.16s-%.16s%s.tsv",
             setting("RUNS", "build/runs"), name, code, chapter.digits.digest,
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

/* What changed since the experiment that this chapter's first one builds on,
 * and since the program that published it. */
static void add_changes(Text *t, const char *source)
{
    const char *name = chapter.contents.builds_on;
    char path[700], earlier[64], folder[512], where[64], data[KEY_SIZE];
    Text program = { 0 };

    Experiment before = { .name = name };
    published(path, name);
    must(experiment_read(&before, data, path));
    chapter_of(earlier, path);
    snprintf(folder, sizeof folder, "%s", chapter.source);
    char *slash = strrchr(folder, '/');
    *(slash ? slash + 1 : folder) = '\0';
    snprintf(path, sizeof path, "%s%s.c", folder, earlier);
    snprintf(where, sizeof where, "chapter %d", atoi(earlier));
    must(text_read_lines(&program, path));
    text_add(t, "<div class=\"changes\">\n\n"
             "**What changed since chapter %d**\n\n", atoi(earlier));
    changes_add_fields(t, &before, where,
                       chapter.contents.experiments[0]);
    text_add_char(t, '\n');
    changes_add_lines(t, text_string(&program), name, source,
                      chapter.contents.experiments[0]->name);
    text_add(t, "\n</div>\n");
    text_free(&program);
}

static void add_result_row(Text *t, const Result *r, const char *prefix,
                           const char *metric, Stat s)
{
    ResultRow row = { .stat = s };

    snprintf(row.chapter, sizeof row.chapter, "%s", chapter.name);
    name_copy(row.experiment, r->experiment.name);
    snprintf(row.metric, sizeof row.metric, "%s%s", prefix, metric);
    result_add(t, &row);
}

/* No line of headings: the build puts the files together. */
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
            { "", "core_seconds", r->core_seconds },
            { "", "train_seconds", r->seconds },
            { "", "parameters", { (double)r->parameters, 0, r->runs } },
        };
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
            add_result_row(&t, r, rows[k].prefix, rows[k].metric, rows[k].s);
    }
    snprintf(path, sizeof path, "%s/results.tsv", chapter.folder);
    must(text_write_if_changed(&t, path));
    text_free(&t);
    for (int i = 0; i < chapter.own_count; i++)
        for (int k = 0; k < chapter.own[i]->runs; k++) {
            const Run *run = &chapter.own[i]->run[k];
            RunRow row = { "", run->seed, run->accuracy, run->loss,
                           run->core_seconds, "", chapter.yours[i] };
            name_copy(row.experiment, chapter.own[i]->experiment.name);
            strcpy(row.key, run->key);
            run_add(&t, &row);
        }
    snprintf(path, sizeof path, "%s/runs.tsv", chapter.folder);
    must(text_write_if_changed(&t, path));
    text_free(&t);
    snprintf(path, sizeof path, "%s/claims.tsv", chapter.folder);
    must(text_write_if_changed(&chapter.claims, path));
}

static bool is_named(const Experiment *e, const char *name, size_t length)
{
    return strlen(e->name) == length && strncmp(e->name, name, length) == 0;
}

/* Publishes what the chapter offers and has not run itself, such as the base of
 * a sweep, and withdraws what it published before and no longer has. */
static void publish_offers(void)
{
    const Experiment *const *offers = chapter.contents.experiments;
    char pattern[700];
    glob_t found;

    for (int i = 0; offers[i]; i++)
        publish(offers[i]);
    snprintf(pattern, sizeof pattern, "%s/experiments/*.tsv", chapter.folder);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        const size_t length = strlen(name) - strlen(".tsv");
        bool own = false;
        for (int k = 0; k < chapter.own_count && !own; k++)
            own = is_named(&chapter.own[k]->experiment, name, length);
        for (int k = 0; offers[k] && !own; k++)
            own = is_named(offers[k], name, length);
        if (!own)
            must(file_remove(found.gl_pathv[i]));
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
            seconds += chapter.own[i]->run[k].core_seconds;
            if (chapter.own[i]->run[k].peak_mib > peak)
                peak = chapter.own[i]->run[k].peak_mib;
        }
    text_add(page, "```stamp\n");
    if (runs)
        text_add(page, "Runs: %d\nTraining: %.1f core seconds in all\n"
                 "Peak memory: %.0f MiB\n", runs, seconds, peak);
    text_add(page, "Data: ");
    markup_in_code(page, chapter.digits.origin);       /* on one line */
    text_add(page, " (SHA-256 %.12s…)\n", chapter.digits.digest);
    text_add(page, "Compiler: %s\n```\n", compiler_name);
}

int chapter_close(void)
{
    char path[600];
    Text source = { 0 }, page = { 0 };
    Error error = NULL;

    data_close();
    must(text_read_lines(&source, chapter.source));
    if (chapter.contents.builds_on)
        add_changes(&chapter.report.changes, text_string(&source));
    must(weave(&page, chapter.source, text_string(&source), chapter.steps,
               chapter.step_count, &chapter.report));
    parallel_for(chapter.report.figure_count, 2, draw, &error);
    must(error);
    stamp(&page);
    write_results();
    publish_offers();
    snprintf(path, sizeof path, "%s/%s.md", chapter.book, chapter.name);
    must(text_write_if_changed(&page, path));
    text_free(&page);
    text_free(&source);
    for (int i = 0; i < chapter.sweep_count; i++)
        sweep_free(chapter.sweeps[i]);
    lab_close(chapter.lab);
    digits_close(&chapter.digits);
    progress_sign_off(chapter.name);
    return 0;
}
