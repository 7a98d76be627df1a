/* SPDX-License-Identifier: MIT */
#include "runs/fields.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/optimiser.h"
#include "runs/method.h"

#define AT(member) offsetof(Experiment, member)

static const Field before_numbers[] = {
    { "method",           METHOD,    AT(method) },
    { "input",            SHAPE,     AT(input) },
    { "layers",           LAYERS,    AT(layers),           .layered = true },
    { "loss",             LOSS,      AT(loss),             .layered = true },
    { "optimiser",        OPTIMISER, AT(optimiser.kind),   .layered = true },
};

static const Field after_numbers[] = {
    { "train.epochs",     INTEGER,   AT(train.epochs),     .layered = true },
    { "train.batch",      INTEGER,   AT(train.batch),      .layered = true },
    { "train.shuffle",    YES_NO,    AT(train.shuffle),    .layered = true },
    { "train.sorted",     YES_NO,    AT(train.sorted),     .layered = true },
    { "train.images",     INTEGER,   AT(train.images) },
    { "train.validation", INTEGER,   AT(train.validation) },
};

/* All of them, the numbers of optimisers and methods in the middle, as these
 * list them. */
enum { MAX_FIELDS = 48 };
static Field fields[MAX_FIELDS];
static int field_count;

static void add_numbers(const SpecField *f, const char *prefix, size_t base,
                        bool layered)
{
    static char names[MAX_FIELDS][64];

    for (; f && f->name; f++) {
        bool known = false;
        for (int i = 0; i < field_count; i++)
            known = known || fields[i].offset == base + f->offset;
        if (known)
            continue;
        CHECK(field_count, <, MAX_FIELDS);
        char *name = names[field_count];
        snprintf(name, sizeof names[0], "%s%s", prefix, f->name);
        fields[field_count++] = (Field){
            name, f->real ? REAL : INTEGER, base + f->offset,
            .layered = layered, .own = true, .low = f->low, .high = f->high,
        };
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
    add_fields(before_numbers, sizeof before_numbers);
    for (int k = 0; k < OPTIMISER_KINDS; k++)
        add_numbers(optimiser_types[k]->fields, "optimiser.", AT(optimiser),
                    true);
    for (MethodKind k = 0; method_of(k); k++)
        add_numbers(method_of(k)->fields, "", 0, false);
    add_fields(after_numbers, sizeof after_numbers);
    for (const SpecField *s = train_fields; s->name; s++)
        for (Field *f = fields; f < fields + field_count; f++)
            if (f->offset == AT(train) + s->offset) {
                f->low = s->low;
                f->high = s->high;
            }
}

const Field *experiment_field(int i)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_fields);
    return i < field_count ? &fields[i] : NULL;
}

static bool lists(const SpecField *own, size_t offset)
{
    while (own && own->name && own->offset != offset)
        own++;
    return own && own->name;
}

bool field_used(const Field *f, const Experiment *e)
{
    const Method *m = method_of(e->method);

    if (f->type == METHOD)
        return e->method != NETWORK;
    if (f->layered && !m->layered)
        return false;
    return !f->own
           || (f->layered ? lists(optimiser_types[e->optimiser.kind]->fields,
                                  f->offset - AT(optimiser))
                          : lists(m->fields, f->offset));
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
    case METHOD:
        snprintf(value, MAX_VALUE, "%s", method_of(e->method)->name);
        break;
    case LOSS:
        snprintf(value, MAX_VALUE, "%s", loss_types[e->loss].name);
        break;
    case OPTIMISER:
        snprintf(value, MAX_VALUE, "%s",
                 optimiser_types[e->optimiser.kind]->name);
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
    case METHOD:
        for (MethodKind k = 0; method_of(k); k++)
            text_add(&t, "%s%s", k ? ", " : "", method_of(k)->name);
        break;
    case LOSS:
        for (int k = 0; k < LOSS_KINDS; k++)
            text_add(&t, "%s%s", k ? ", " : "", loss_types[k].name);
        break;
    case OPTIMISER:
        for (int k = 0; k < OPTIMISER_KINDS; k++)
            text_add(&t, "%s%s", k ? ", " : "", optimiser_types[k]->name);
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
        const bool other = f->type == METHOD && a->method != b->method;
        if (other || field_used(f, a))
            field_value(c->before, f, a);
        if (other || field_used(f, b))
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
    const Experiment whole_a = method_complete(a);
    const Experiment whole_b = method_complete(b);

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
