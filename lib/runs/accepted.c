/* SPDX-License-Identifier: MIT */
#include "runs/accepted.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/setting.h"
#include "runs/records.h"
#include "runs/settings.h"

enum { MAX_ROWS = 4096, PATH = 1024 };

/* Read once, when first asked for. */
static struct {
    bool read;
    Result *result;                /* (count) */
    char (*data)[KEY_SIZE];        /* (count) digests */
    char **fields;                 /* (count) sorted, when first asked for */
    int count;
} edition;

const char *accepted_folder(void)
{
    return setting("EXPECTED", "tests/expected");
}

static Result *find(const char *name)
{
    for (int i = 0; i < edition.count; i++)
        if (strcmp(edition.result[i].experiment.name, name) == 0)
            return &edition.result[i];
    return NULL;
}

static Result *add(const Experiment *e, const char *name, const char *data)
{
    Result *r = &edition.result[edition.count];

    CHECK(edition.count, <, MAX_ROWS);
    snprintf(edition.data[edition.count++], KEY_SIZE, "%s", data);
    r->experiment = method_complete(e);
    r->experiment.name = text_copy(name);
    return r;
}

static void read_experiments(void)
{
    char pattern[PATH];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/experiments/*.tsv", accepted_folder());
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = strrchr(found.gl_pathv[i], '/') + 1;
        char name[256], data[KEY_SIZE] = "";
        Experiment e = { 0 };
        snprintf(name, sizeof name, "%.*s",
                 (int)(strlen(file) - strlen(".tsv")), file);
        must(experiment_read(&e, data, found.gl_pathv[i]));
        add(&e, name, data);
    }
    globfree(&found);
}

/* A variation "relu, train.epochs=3" is the experiment relu with a setting. */
static Result *add_variation(const char *name)
{
    const size_t length = strcspn(name, ",");
    char base[256];
    Result *r;

    snprintf(base, sizeof base, "%.*s", (int)length, name);
    if (!name[length] || !(r = find(base)))
        return NULL;
    Experiment e = r->experiment;
    const char *data = edition.data[r - edition.result];
    return experiment_set(&e, name + length + 1) ? NULL : add(&e, name, data);
}

static void take_row(const ResultRow *row)
{
    Result *r = find(row->experiment);

    if (!r && !(r = add_variation(row->experiment)))
        return;
    if (strstr(row->metric, "_accuracy"))
        r->accuracy = row->stat;
    else if (strstr(row->metric, "_loss"))
        r->loss = row->stat;
    else if (strcmp(row->metric, "parameters") == 0)
        r->parameters = (size_t)row->stat.mean;
    r->experiment.seeds = row->stat.n;
}

static void read_edition(void)
{
    char pattern[PATH];
    glob_t found;

    edition.read = true;
    edition.result = allocate(MAX_ROWS, sizeof *edition.result);
    edition.data = allocate(MAX_ROWS, sizeof *edition.data);
    read_experiments();
    snprintf(pattern, sizeof pattern, "%s/*.tsv", accepted_folder());
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            ResultRow *rows;
            int n;
            must(results_read(&rows, &n, found.gl_pathv[i]));
            for (int k = 0; k < n; k++)
                take_row(&rows[k]);
            free(rows);
        }
        globfree(&found);
    }
}

const Result *accepted_find(const char *name)
{
    if (!edition.read)
        read_edition();
    return find(name);
}

Experiment accepted_version(const Experiment *own)
{
    const Result *accepted = accepted_find(own->name);

    return accepted ? accepted->experiment : *own;
}

const char *accepted_data(const Result *accepted)
{
    return edition.data[accepted - edition.result];
}

/* The fields of an experiment in one text. */
static char *fields_of(const Experiment *e)
{
    const Experiment whole = method_complete(e);
    Text t = { 0 };

    experiment_print(&t, &whole);
    return t.s;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Asked of every run of a store: by their texts, in order. */
bool accepted_has(const Experiment *e)
{
    if (!edition.read)
        read_edition();
    if (!edition.count)
        return false;
    if (!edition.fields) {
        edition.fields = allocate(edition.count, sizeof *edition.fields);
        for (int i = 0; i < edition.count; i++)
            edition.fields[i] = fields_of(&edition.result[i].experiment);
        qsort(edition.fields, edition.count, sizeof *edition.fields, by_text);
    }
    char *wanted = fields_of(e);
    const bool has = bsearch(&wanted, edition.fields, edition.count,
                             sizeof *edition.fields, by_text);
    free(wanted);
    return has;
}

bool accepted_lacks(const Experiment *e)
{
    return !accepted_has(e) && edition.count > 0;
}
