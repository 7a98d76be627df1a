/* SPDX-License-Identifier: MIT */
#include "runs/valid.h"

#include "runs/method.h"

/* Whether an enumeration has that value. */
static Error kind_valid(const char *name, int kind, int kinds)
{
    return kind >= 0 && kind < kinds ? NULL
         : error_text("%s: there is no kind %d", name, kind);
}

static bool lists(const SpecField *own, size_t offset)
{
    while (own->name && own->offset != offset)
        own++;
    return own->name;
}

/* A number that others have, and that this kind would ignore. */
static Error unused(const void *spec, const SpecField *own,
                    const SpecField *others, const char *kind)
{
    for (const SpecField *f = others; f->name; f++)
        if (spec_get(spec, f) != 0 && !lists(own, f->offset))
            return error_text("%s: it has no %s, which is %g here", kind,
                              f->name, spec_get(spec, f));
    return NULL;
}

static Error layer_valid(const LayerSpec *l)
{
    Error error = kind_valid("layers", (int)l->kind, LAYER_KINDS);

    if (error)
        return error;
    const LayerType *type = layer_types[l->kind];
    LayerSpec whole = *l;
    spec_complete(&whole, type->fields);
    error = spec_check(&whole, type->fields, type->name);
    for (int k = NO_LAYER + 1; k < LAYER_KINDS && !error; k++)
        error = unused(l, type->fields, layer_types[k]->fields, type->name);
    return error;
}

static Error layers_valid(const LayerSpec *layers)
{
    int n = 0;

    for (; n < MAX_LAYERS && layers[n].kind; n++) {
        const Error error = layer_valid(&layers[n]);
        if (error)
            return error_text("layers: layer %d, %s", n + 1, error);
    }
    return n == 0 ? error_text("layers: none given")
         : n == MAX_LAYERS ? error_text("layers: more than %d of them",
                                        MAX_LAYERS - 1) : NULL;
}

static Error number_valid(const Field *f, const Experiment *e)
{
    char value[MAX_VALUE];
    const char *at = (const char *)e + f->offset;
    const double x = f->type == REAL ? (double)*(const float *)at
                                     : *(const int *)at;

    if (spec_inside(x, f->low, f->high, f->type == REAL))
        return NULL;
    field_value(value, f, e);
    return error_text("%s: %s is out of range, expected %g to %g%s", f->name,
                      value, f->low, f->high,
                      x == 0 ? ": it must be given" : "");
}

static Error input_valid(Shape s)
{
    const int n[] = { s.channels, s.rows, s.columns };

    for (int i = 0; i < 3; i++)
        if (n[i] < 1 || n[i] > PIXELS)
            return error_text("input: %d %d %d, expected channels, rows and "
                              "columns, 1 to %d each, such as 1 28 28", n[0],
                              n[1], n[2], PIXELS);
    return NULL;
}

static Error fields_valid(const Experiment *e)
{
    const Field *f;
    Error error = NULL;

    for (int i = 0; !error && (f = experiment_field(i)); i++) {
        if (!field_used(f, e))
            continue;
        if (f->type == INTEGER || f->type == REAL)
            error = number_valid(f, e);
        else if (f->type == SHAPE)
            error = input_valid(e->input);
    }
    return error;
}

Error experiment_valid(const Experiment *e)
{
    const Method *m = method_of(e->method);
    Error error = m ? NULL : kind_valid("method", (int)e->method, 0);

    if (!error && m->layered
        && !(error = kind_valid("loss", (int)e->loss, LOSS_KINDS))
        && !(error = kind_valid("optimiser", (int)e->optimiser.kind,
                                OPTIMISER_KINDS))
        && !(error = layers_valid(e->layers))) {
        const OptimiserType *own = optimiser_types[e->optimiser.kind];
        for (int k = 0; k < OPTIMISER_KINDS && !error; k++)
            error = unused(&e->optimiser, own->fields,
                           optimiser_types[k]->fields, own->name);
    }
    if (!error) {
        const Experiment whole = method_complete(e);
        error = fields_valid(&whole);
    }
    return error ? error_text("%s: %s", e->name ? e->name : "an experiment",
                              error) : NULL;
}
