/* SPDX-License-Identifier: MIT */
#include "runs/fields.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/optimiser.h"

#define AT(member) offsetof(Experiment, member)

static const Field before_optimisers[] = {
    { "input",            SHAPE,     AT(input), 0, 0, NULL },
    { "layers",           LAYERS,    AT(layers), 0, 0, NULL },
    { "loss",             LOSS,      AT(loss), 0, 0, NULL },
    { "optimiser",        OPTIMISER, AT(optimiser.kind), 0, 0, NULL },
};

static const Field after_optimisers[] = {
    { "train.epochs",     INTEGER,   AT(train.epochs), 1, 128, NULL },
    { "train.batch",      INTEGER,   AT(train.batch), 1, 60000, NULL },
    { "train.shuffle",    YES_NO,    AT(train.shuffle), 0, 1, NULL },
    { "train.sorted",     YES_NO,    AT(train.sorted), 0, 1, NULL },
    { "train.images",     INTEGER,   AT(train.images), 0, 60000, NULL },
    { "train.validation", INTEGER,   AT(train.validation), 0, 59999, NULL },
};

/* All of them, the numbers of the optimisers in the middle, as these list
 * them. */
enum { MAX_FIELDS = 32 };
static Field fields[MAX_FIELDS];
static int field_count;

static void add_optimiser(const OptimiserType *o)
{
    static char names[MAX_FIELDS][40];

    for (const SpecField *f = o->fields; f->name; f++) {
        const size_t offset = AT(optimiser) + f->offset;
        bool known = false;
        for (int i = 0; i < field_count; i++)
            known = known || fields[i].offset == offset;
        if (known)
            continue;
        CHECK(field_count, <, MAX_FIELDS);
        char *name = names[field_count];
        snprintf(name, sizeof names[0], "optimiser.%s", f->name);
        fields[field_count++] = (Field){ name, REAL, offset, f->low, f->high,
                                         f->name };
    }
}

static void add_fields(const Field *f, size_t bytes)
{
    CHECK(field_count + bytes / sizeof *f, <=, MAX_FIELDS);
    memcpy(fields + field_count, f, bytes);
    field_count += (int)(bytes / sizeof *f);
}

static void make_fields(void)
{
    add_fields(before_optimisers, sizeof before_optimisers);
    for (int k = 0; k < OPTIMISER_KINDS; k++)
        add_optimiser(&optimiser_types[k]);
    add_fields(after_optimisers, sizeof after_optimisers);
}

const Field *experiment_field(int i)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_fields);
    return i < field_count ? &fields[i] : NULL;
}

bool field_used(const Field *f, const Experiment *e)
{
    const SpecField *own = optimiser_types[e->optimiser.kind].fields;

    while (f->number && own->name && strcmp(own->name, f->number) != 0)
        own++;
    return !f->number || own->name;
}

/* The shortest decimal number that reads back as the same float. */
static void print_real(char *s, size_t size, float x)
{
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(s, size, "%.*g", digits, (double)x);
        if (strtof(s, NULL) == x)
            return;
    }
}

/* A layer is written "dense 32" or "conv2d channels 8 kernel 5": the number of a
 * kind that has only one goes without its name, and numbers that are 0 are left
 * out where there are several. */
bool layer_has_one_number(LayerKind kind)
{
    const SpecField *f = layer_types[kind]->fields;

    return f[0].name && !f[1].name;
}

static void print_layers(Text *t, const LayerSpec *l)
{
    for (const LayerSpec *first = l; l < first + MAX_LAYERS && l->kind; l++) {
        const SpecField *own = layer_types[l->kind]->fields;
        text_add(t, "%s%s", l == first ? "" : ", ", layer_types[l->kind]->name);
        for (const SpecField *f = own; f->name; f++) {
            const double x = spec_get(l, f);
            char number[32];
            if (f->real)
                print_real(number, sizeof number, (float)x);
            else
                snprintf(number, sizeof number, "%.0f", x);
            if (layer_has_one_number(l->kind))
                text_add(t, " %s", number);
            else if (x != 0)
                text_add(t, " %s %s", f->name, number);
        }
    }
}

/* ", conv2d channels kernel stride padding": a layer and its numbers. */
static void list_layer_kind(Text *t, LayerKind kind)
{
    text_add(t, "%s %s", kind == NO_LAYER + 1 ? "" : ",",
             layer_types[kind]->name);
    for (const SpecField *f = layer_types[kind]->fields; f->name; f++)
        text_add(t, " %s", f->name);
}

void field_value(char value[MAX_VALUE], const Field *f, const Experiment *e)
{
    const char *at = (const char *)e + f->offset;
    Text layers = { 0 };

    switch (f->type) {
    case INTEGER:
        snprintf(value, MAX_VALUE, "%d", *(const int *)at);
        break;
    case REAL:
        print_real(value, MAX_VALUE, *(const float *)at);
        break;
    case YES_NO:
        snprintf(value, MAX_VALUE, "%s", *(const bool *)at ? "yes" : "no");
        break;
    case SHAPE:
        snprintf(value, MAX_VALUE, "%d %d %d", e->input.channels, e->input.rows,
                 e->input.columns);
        break;
    case LOSS:
        snprintf(value, MAX_VALUE, "%s", loss_types[e->loss].name);
        break;
    case OPTIMISER:
        snprintf(value, MAX_VALUE, "%s",
                 optimiser_types[e->optimiser.kind].name);
        break;
    case LAYERS:
        print_layers(&layers, e->layers);
        CHECK(layers.length, <, MAX_VALUE);
        snprintf(value, MAX_VALUE, "%s", text_string(&layers));
        text_free(&layers);
        break;
    }
}

void field_range(char range[MAX_VALUE], const Field *f)
{
    Text t = { 0 };

    switch (f->type) {
    case INTEGER:
        text_add(&t, "whole number, %g to %g", f->low, f->high);
        break;
    case REAL:
        text_add(&t, "number, %g to %g", f->low, f->high);
        break;
    case YES_NO:
        text_add(&t, "yes or no");
        break;
    case SHAPE:
        text_add(&t, "channels rows columns");
        break;
    case LOSS:
        for (int k = 0; k < LOSS_KINDS; k++)
            text_add(&t, "%s%s", k ? ", " : "", loss_types[k].name);
        break;
    case OPTIMISER:
        for (int k = 0; k < OPTIMISER_KINDS; k++)
            text_add(&t, "%s%s", k ? ", " : "", optimiser_types[k].name);
        break;
    case LAYERS:
        text_add(&t, "list of:");
        for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++)
            list_layer_kind(&t, (LayerKind)k);
        break;
    }
    snprintf(range, MAX_VALUE, "%s", text_string(&t));
    text_free(&t);
}

bool next_change(Change *c, const Experiment *a, const Experiment *b)
{
    for (const Field *f; (f = experiment_field(c->next)); c->next++) {
        c->field = f->name;
        c->before[0] = c->after[0] = '\0';
        if (field_used(f, a))
            field_value(c->before, f, a);
        if (field_used(f, b))
            field_value(c->after, f, b);
        if (strcmp(c->before, c->after) != 0) {
            c->next++;
            return true;
        }
    }
    return false;
}

bool experiment_same(const Experiment *a, const Experiment *b)
{
    const Experiment whole_a = experiment_complete(a);
    const Experiment whole_b = experiment_complete(b);

    return !next_change(&(Change){ 0 }, &whole_a, &whole_b);
}

void experiment_print(Text *t, const Experiment *e)
{
    const Field *f;
    char value[MAX_VALUE];

    for (int i = 0; (f = experiment_field(i)); i++)
        if (field_used(f, e)) {
            field_value(value, f, e);
            text_add(t, "%s\t%s\n", f->name, value);
        }
}
