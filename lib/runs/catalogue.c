/* SPDX-License-Identifier: MIT */
#include "runs/catalogue.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/sha256.h"
#include "runs/accepted.h"
#include "runs/code.h"
#include "runs/records.h"
#include "runs/twin.h"

enum { PATH = 1200 };

static void identify(Entry *e, const Run *run)
{
    Text t = { 0 };

    experiment_print(&t, &e->result.experiment);
    text_add(&t, "%s\n%s\n", run->data, e->code);
    sha256_hex(e->id, t.s, t.length);
    text_free(&t);
}

static Entry *find(const Catalogue *c, const char *id)
{
    for (int i = 0; i < c->n; i++)
        if (strcmp(c->entry[i].id, id) == 0)
            return &c->entry[i];
    return NULL;
}

/* Adds one run to the experiment that it belongs to. */
static void add_run(Catalogue *c, const char *folder)
{
    Run *run = allocate(1, sizeof *run);
    Entry fresh = { .newest = 0 };

    snprintf(run->folder, sizeof run->folder, "%s", folder);
    Error error = store_read_score(run);
    if (!error)
        error = store_read_experiment(&fresh.result.experiment, run, fresh.code);
    if (error) {
        fprintf(stderr, "%s: left out: %s\n", folder, error);
        free(run);
        return;
    }
    identify(&fresh, run);
    snprintf(run->key, sizeof run->key, "%s", strrchr(folder, '/') + 1);
    Entry *e = find(c, fresh.id);
    if (!e) {
        e = &c->entry[c->n++];
        *e = fresh;
    }
    Result *r = &e->result;
    r->run = realloc(r->run, (r->runs + 1) * sizeof *r->run);
    if (!r->run)
        die("out of memory: %d runs", r->runs + 1);
    r->run[r->runs++] = *run;
    if (run->finished > e->newest)
        e->newest = run->finished;
    free(run);
}

static int by_seed(const void *a, const void *b)
{
    const Run *p = a, *q = b;

    return (p->seed > q->seed) - (p->seed < q->seed);
}

static int newest_first(const void *a, const void *b)
{
    const Entry *p = a, *q = b;

    if (p->newest != q->newest)
        return p->newest < q->newest ? 1 : -1;
    return strcmp(p->id, q->id);
}

Catalogue catalogue_read(const char *store)
{
    Catalogue c = { 0 };
    char pattern[PATH];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*[0-9a-f]/experiment.tsv", store);
    if (glob(pattern, 0, NULL, &found) != 0)
        return c;
    c.entry = allocate(found.gl_pathc, sizeof *c.entry);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        *strrchr(found.gl_pathv[i], '/') = '\0';
        add_run(&c, found.gl_pathv[i]);
    }
    globfree(&found);
    for (int i = 0; i < c.n; i++) {
        Result *r = &c.entry[i].result;
        char code[KEY_SIZE];
        code_digest(code, &r->experiment);
        c.entry[i].current = strcmp(c.entry[i].code, code) == 0;
        qsort(r->run, r->runs, sizeof *r->run, by_seed);
        r->experiment.seeds = r->runs;
        r->experiment.name = r->run[0].name;
        result_summarise(r);
    }
    qsort(c.entry, c.n, sizeof *c.entry, newest_first);
    return c;
}

void catalogue_free(Catalogue *c)
{
    for (int i = 0; i < c->n; i++)
        free(c->entry[i].result.run);
    free(c->entry);
    *c = (Catalogue){ 0 };
}

static void mark_run(Catalogue *c, const char *key, bool of_book)
{
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < c->entry[i].result.runs; k++)
            if (strcmp(c->entry[i].result.run[k].key, key) == 0) {
                c->entry[i].in_use = true;
                c->entry[i].of_book = c->entry[i].of_book || of_book;
            }
}

bool catalogue_mark(Catalogue *c, const char *book)
{
    char pattern[PATH];
    glob_t found;

    for (int i = 0; i < c->n; i++)
        if (accepted_has(&c->entry[i].result.experiment))
            c->entry[i].of_book = true;
    snprintf(pattern, sizeof pattern, "%s/*/runs.tsv", book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return false;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        RunRow *rows;
        int n;
        must(runs_read(&rows, &n, found.gl_pathv[i]));
        for (int k = 0; k < n; k++)
            mark_run(c, rows[k].key, !rows[k].yours);
        free(rows);
    }
    globfree(&found);
    return true;
}

const Result *catalogue_book_side(const Catalogue *c, const Entry *e)
{
    const Experiment *own = &e->result.experiment;
    const Result *accepted = accepted_find(own->name);
    const char *data = e->result.run[0].data;

    if (!accepted)
        return NULL;
    const Experiment book = twin_like(&accepted->experiment, own);
    const Result *side = accepted_find(book.name);
    if (side && strcmp(accepted_data(side), data) != 0)
        side = NULL;
    for (int i = 0; i < c->n; i++)
        if (c->entry[i].current && e->current
            && strcmp(c->entry[i].result.run[0].data, data) == 0
            && experiment_same(&c->entry[i].result.experiment, &book))
            side = &c->entry[i].result;
    free((char *)book.name);
    return side;
}

void catalogue_title(Text *t, const Entry *e)
{
    const Experiment *own = &e->result.experiment;
    const Result *accepted = accepted_find(own->name);
    const char *separator = ", ";

    text_add(t, "%s", own->name);
    if (!accepted)
        return;
    const Experiment book = twin_like(&accepted->experiment, own);
    for (Change c = { 0 }; next_change(&c, &book, own);)
        if (*c.after) {
            text_add(t, "%s%s=%s", separator, c.field, c.after);
            separator = "; ";
        }
    free((char *)book.name);
}

void catalogue_time(char text[32], const Entry *e)
{
    const time_t newest = (time_t)e->newest;
    struct tm day;

    strftime(text, 32, "%Y-%m-%d %H:%M", localtime_r(&newest, &day));
}
