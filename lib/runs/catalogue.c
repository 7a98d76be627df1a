/* SPDX-License-Identifier: MIT */
#include "runs/catalogue.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runs/accepted.h"
#include "runs/code.h"
#include "runs/libraries.h"
#include "runs/records.h"
#include "runs/twin.h"

enum { PATH = 1200 };

static int by_experiment(const void *a, const void *b)
{
    const Record *p = a, *q = b;
    const int order = strcmp(p->id, q->id);

    return order ? order : (p->seed > q->seed) - (p->seed < q->seed);
}

static int newest_first(const void *a, const void *b)
{
    const Entry *p = a, *q = b;

    if (p->newest != q->newest)
        return p->newest < q->newest ? 1 : -1;
    return strcmp(p->id, q->id);
}

/* The digest of today's code for an experiment: the same for all that have the
 * same kinds of layers and the same optimiser. */
static const char *code_of_today(const Experiment *e)
{
    static struct { unsigned long kinds; char code[KEY_SIZE]; } known[64];
    unsigned long kinds = 1 + (unsigned long)e->method * 16 + e->optimiser.kind;
    int i = 0;

    for (int k = 0; k < MAX_LAYERS && e->layers[k].kind; k++)
        kinds |= 1ul << (10 + e->layers[k].kind);
    while (i < 63 && known[i].kinds && known[i].kinds != kinds)
        i++;
    if (known[i].kinds != kinds)
        code_digest(known[i].code, e);
    known[i].kinds = kinds;
    return known[i].code;
}

/* The runs from r on that are of one experiment. False if it is not
 * understood: made by another version of this program. */
static bool fill(Entry *e, const Record *r, const Record *end)
{
    double accuracy[MAX_SEEDS];

    *e = (Entry){ .run = r, .id = r->id, .experiment.name = r->name };
    if (index_experiment(&e->experiment, r->fields))
        return false;
    for (; r < end && strcmp(r->id, e->id) == 0; r++, e->runs++) {
        if (e->runs < MAX_SEEDS)
            accuracy[e->runs] = r->accuracy;
        if (r->finished > e->newest)
            e->newest = r->finished;
        e->elsewhere |= *r->libraries
                     && strcmp(r->libraries, libraries_name()) != 0;
    }
    e->experiment.seeds = e->runs < MAX_SEEDS ? e->runs : MAX_SEEDS;
    e->accuracy = stat_of(accuracy, e->experiment.seeds);
    e->current = strcmp(e->run->code, code_of_today(&e->experiment)) == 0;
    return true;
}

Catalogue catalogue_read(const char *store)
{
    Catalogue c = { .index = index_read(store) };
    Record *record = c.index.record, *end = record;

    snprintf(c.store, sizeof c.store, "%s", store);
    for (int i = 0; i < c.index.n; i++)
        if (*record[i].wrong) {
            c.passed_over++;
        } else {
            const Record kept = record[i];
            record[i] = *end;
            *end++ = kept;
        }
    if (end > record)
        qsort(record, end - record, sizeof *record, by_experiment);
    c.entry = allocate(end - record, sizeof *c.entry);
    for (const Record *r = record; r < end;) {
        Entry *e = &c.entry[c.n];
        const Record *first = r;
        const bool understood = fill(e, r, end);
        while (r < end && strcmp(r->id, first->id) == 0)
            r++;
        c.n += understood;
        c.passed_over += understood ? 0 : (int)(r - first);
    }
    if (c.n)
        qsort(c.entry, c.n, sizeof *c.entry, newest_first);
    return c;
}

void catalogue_free(Catalogue *c)
{
    index_free(&c->index);
    free(c->entry);
    *c = (Catalogue){ .n = 0 };
}

/* ---- what is in use ---- */

typedef struct Use {
    const char *key;
    Entry *entry;
} Use;

static int by_key(const void *a, const void *b)
{
    return strcmp(((const Use *)a)->key, ((const Use *)b)->key);
}

/* All runs by their keys. */
static Use *list_uses(Catalogue *c, int *n)
{
    Use *use = allocate(c->index.n, sizeof *use);

    *n = 0;
    for (Entry *e = c->entry; e < c->entry + c->n; e++)
        for (int k = 0; k < e->runs; k++)
            use[(*n)++] = (Use){ e->run[k].key, e };
    if (*n)
        qsort(use, *n, sizeof *use, by_key);
    return use;
}

bool catalogue_mark(Catalogue *c, const char *book)
{
    char pattern[PATH];
    glob_t found;
    int runs;

    for (int i = 0; i < c->n; i++)
        if (accepted_has(&c->entry[i].experiment))
            c->entry[i].of_book = true;
    snprintf(pattern, sizeof pattern, "%s/*/runs.tsv", book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return false;
    Use *use = list_uses(c, &runs);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        RunRow *rows;
        int n;
        must(runs_read(&rows, &n, found.gl_pathv[i]));
        for (int k = 0; k < n && runs; k++) {
            Use *u = bsearch(&(Use){ rows[k].key, NULL }, use, runs, sizeof *use,
                             by_key);
            if (u) {
                u->entry->in_use = true;
                u->entry->of_book |= !rows[k].yours;
            }
        }
        free(rows);
    }
    free(use);
    globfree(&found);
    return true;
}

/* ---- against the book ---- */

static const Entry *find(const Catalogue *c, const char *id)
{
    for (int i = 0; i < c->n; i++)
        if (strcmp(c->entry[i].id, id) == 0)
            return &c->entry[i];
    return NULL;
}

Side catalogue_book_side(const Catalogue *c, const Entry *e)
{
    const Result *accepted = accepted_find(e->experiment.name);
    const char *data = e->run[0].data;
    Side side = { .entry = NULL };
    char id[KEY_SIZE];
    Text fields = { 0 };

    if (!accepted)
        return side;
    const Experiment twin = twin_like(&accepted->experiment, &e->experiment);
    const Experiment book = method_complete(&twin);
    const Result *same = accepted_find(twin.name);
    if (same && strcmp(accepted_data(same), data) == 0)
        side.accepted = same;
    index_fields(&fields, &book);
    index_id(id, fields.s, data, code_of_today(&book));
    if (e->current && (side.entry = find(c, id)))
        side.accepted = NULL;
    text_free(&fields);
    free((char *)twin.name);
    return side;
}

Result *catalogue_result(const Catalogue *c, const Entry *e)
{
    Result *r = allocate(1, sizeof *r);

    r->experiment = e->experiment;
    r->run = allocate(e->experiment.seeds, sizeof *r->run);
    for (int i = 0; i < e->experiment.seeds; i++) {
        Run *run = &r->run[r->runs];
        run->seed = e->run[i].seed;
        snprintf(run->key, sizeof run->key, "%s", e->run[i].key);
        snprintf(run->data, sizeof run->data, "%s", e->run[i].data);
        snprintf(run->folder, sizeof run->folder, "%.950s/%s", c->store,
                 run->key);
        r->runs += store_read(run) == NULL;
    }
    r->experiment.seeds = r->runs;
    result_summarise(r);
    if (r->runs)
        return r;
    catalogue_result_free(r);
    return NULL;
}

void catalogue_result_free(Result *r)
{
    if (r)
        free(r->run);
    free(r);
}

void catalogue_changes(Text *t, const Entry *e)
{
    const Result *accepted = accepted_find(e->experiment.name);
    const char *separator = "";

    if (!accepted)
        return;
    const Experiment book = twin_like(&accepted->experiment, &e->experiment);
    for (Change c = { 0 }; next_change(&c, &book, &e->experiment);)
        if (*c.after) {
            text_add(t, "%s%s=%s", separator, c.field, c.after);
            separator = "; ";
        }
    free((char *)book.name);
}

void catalogue_title(Text *t, const Entry *e)
{
    Text changes = { 0 };

    catalogue_changes(&changes, e);
    text_add(t, "%s%s%s", e->experiment.name, changes.length ? ", " : "",
             text_string(&changes));
    text_free(&changes);
}

void catalogue_tell_passed_over(const Catalogue *c)
{
    if (c->passed_over)
        fprintf(stderr, "%s: %d runs passed over: damaged, or of another "
                "version; `make prune` tells which\n", c->store,
                c->passed_over);
}

const char *catalogue_whose(const Entry *e)
{
    return !e->current ? "earlier code"
         : !e->of_book ? e->in_use ? "yours, in a chapter" : "yours"
         : e->in_use ? "the book's" : "the book's, not in use";
}

void catalogue_time(char text[32], const Entry *e)
{
    const time_t newest = (time_t)e->newest;
    struct tm day;

    strftime(text, 32, "%Y-%m-%d %H:%M", localtime_r(&newest, &day));
}
