/* SPDX-License-Identifier: MIT */
#include "runs/settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/optimiser.h"
#include "runs/method.h"

static Error parse_number_of(LayerSpec *l, const SpecField *f,
                             const char *number)
{
    const char *kind = layer_types[l->kind]->name;
    char *end;
    const double x = strtod(number, &end);

    if (end == number || *end || (!f->real && x != floor(x)))
        return error_text("layers: %s %s is \"%s\", expected a %snumber", kind,
                          f->name, number, f->real ? "" : "whole ");
    if (!(x >= f->low && x <= f->high))
        return error_text("layers: %s %s is %s, expected %g to %g", kind,
                          f->name, number, f->low, f->high);
    spec_set(l, f, x);
    return NULL;
}

/* The words after the kind of a layer: "32", or "channels 8 kernel 5". */
static Error parse_layer(LayerSpec *l, char *words)
{
    const SpecField *own = layer_types[l->kind]->fields;
    const bool single = layer_has_one_number(l->kind);

    for (char *word; (word = strtok_r(NULL, " ", &words));) {
        const SpecField *f = own;
        while (f->name && strcmp(word, f->name) != 0)
            f++;
        char *number = f->name || !single ? strtok_r(NULL, " ", &words) : word;
        if (!f->name && single)
            f = own;
        if (!f->name || !number || (single && words && *words))
            return error_text("layers: \"%s\" says nothing about a %s layer",
                              word, layer_types[l->kind]->name);
        const Error error = parse_number_of(l, f, number);
        if (error)
            return error;
    }
    return NULL;
}

static Error unknown_kind(const char *word)
{
    char known[400] = "";

    for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                 k == NO_LAYER + 1 ? "" : k + 1 < LAYER_KINDS ? ", " : " or ",
                 layer_types[k]->name);
    return error_text("layers: \"%s\" is no kind of layer; expected %s", word,
                      known);
}

/* "dense 32, relu, dropout 0.5, conv2d channels 8 kernel 5" */
static Error parse_layers(LayerSpec layers[MAX_LAYERS], const char *value)
{
    char copy[MAX_VALUE], *rest = copy, *part;
    LayerSpec list[MAX_LAYERS] = { { .kind = NO_LAYER } };
    int n = 0;

    snprintf(copy, sizeof copy, "%s", value);
    while ((part = strtok_r(rest, ",", &rest))) {
        char *words, *word = strtok_r(part, " ", &words);
        int kind = NO_LAYER;
        for (int k = NO_LAYER + 1; word && k < LAYER_KINDS; k++)
            if (strcmp(word, layer_types[k]->name) == 0)
                kind = k;
        if (kind == NO_LAYER)
            return unknown_kind(word ? word : "");
        if (n + 1 == MAX_LAYERS)
            return error_text("layers: more than %d of them", MAX_LAYERS - 1);
        list[n].kind = (LayerKind)kind;
        const Error error = parse_layer(&list[n++], words);
        if (error)
            return error;
    }
    if (n == 0)
        return error_text("layers: none given");
    memcpy(layers, list, sizeof list);
    return NULL;
}

static Error parse_number(double *x, const Field *f, const char *value)
{
    char *end;

    *x = strtod(value, &end);
    if (end == value || *end || (f->type == INTEGER && *x != floor(*x)))
        return error_text("%s: \"%s\" is no %s", f->name, value,
                          f->type == INTEGER ? "whole number" : "number");
    if (!(*x >= f->low && *x <= f->high))
        return error_text("%s: %s is out of range, expected %g to %g", f->name,
                          value,
                          f->low, f->high);
    return NULL;
}

static Error set_field(Experiment *e, const Field *f, const char *value)
{
    char *at = (char *)e + f->offset;
    char range[MAX_VALUE];
    double x = 0;
    Error error = NULL;

    switch (f->type) {
    case INTEGER:
        if (!(error = parse_number(&x, f, value)))
            *(int *)at = (int)x;
        return error;
    case REAL:
        if (!(error = parse_number(&x, f, value)))
            *(float *)at = strtof(value, NULL);
        return error;
    case YES_NO:
        if (strcmp(value, "yes") && strcmp(value, "true") && strcmp(value, "1")
            && strcmp(value, "no") && strcmp(value, "false") && strcmp(value,
                                                                       "0"))
            return error_text("%s: \"%s\", expected yes or no", f->name, value);
        *(bool *)at = strchr("yt1", value[0]) != NULL;
        return NULL;
    case SHAPE:
        if (sscanf(value, "%d %d %d", &e->input.channels, &e->input.rows,
                   &e->input.columns) != 3)
            return error_text("%s: \"%s\", expected channels, rows and columns "
                              "such as 1 28 28", f->name, value);
        return NULL;
    case LAYERS:
        return parse_layers(e->layers, value);
    case METHOD:
        for (MethodKind k = 0; method_of(k); k++)
            if (strcmp(value, method_of(k)->name) == 0) {
                e->method = k;
                if (method_of(k)->fields)
                    spec_complete(e, method_of(k)->fields);
                return NULL;
            }
        break;
    case LOSS:
        for (int k = 0; k < LOSS_KINDS; k++)
            if (strcmp(value, loss_types[k].name) == 0) {
                e->loss = (LossKind)k;
                return NULL;
            }
        break;
    case OPTIMISER:
        for (int k = 0; k < OPTIMISER_KINDS; k++)
            if (strcmp(value, optimiser_types[k]->name) == 0) {
                e->optimiser = (OptimiserSpec){ .kind = (OptimiserKind)k };
                spec_complete(&e->optimiser, optimiser_types[k]->fields);
                return NULL;
            }
        break;
    }
    field_range(range, f);
    return error_text("%s: \"%s\", expected one of: %s", f->name, value, range);
}

/* How many letters must be added, dropped or replaced (Levenshtein 1966). */
static int distance(const char *a, const char *b)
{
    int row[64], n = (int)strlen(b);

    if (n > 63)
        return n;
    for (int j = 0; j <= n; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            const int above = row[j];
            int best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[n];
}

static const Field *find_field(const char *name, const Field **nearest)
{
    const Field *f;
    int best = 1 << 30;

    for (int i = 0; (f = experiment_field(i)); i++) {
        const char *dot = strchr(f->name, '.');
        const int whole = distance(name, f->name);
        const int part = dot ? distance(name, dot + 1) + 1 : whole;
        const int d = part < whole ? part : whole;
        if (whole == 0)
            return f;
        if (d < best) {
            best = d;
            *nearest = f;
        }
    }
    return NULL;
}

static Error set_named(Experiment *e, const char *name, const char *value)
{
    const Field *nearest = NULL, *f = find_field(name, &nearest);

    if (!f && strcmp(name, "seeds") == 0)
        return error_text("seeds is no field of an experiment: say --seeds %s",
                          value);
    if (!f)
        return error_text("\"%s\" is no field of an experiment; did you mean "
                          "\"%s\"?",
                          name, nearest->name);
    if (f->type != METHOD && !field_used(f, e))
        return f->layered && method_of(e->method)->layered
             ? error_text("%s: the optimiser %s does not use it", name,
                          optimiser_types[e->optimiser.kind]->name)
             : error_text("%s: the method %s does not use it", name,
                          method_of(e->method)->name);
    return set_field(e, f, value);
}

/* Splits "name<separator>value" and sets it. */
static Error set_line(Experiment *e, const char *line, size_t length,
                      char separator)
{
    char name[MAX_VALUE + 64], *value;

    if (length >= sizeof name)
        return error_text("a setting of %zu characters; expected field=value",
                          length);
    memcpy(name, line, length);
    name[length] = '\0';
    if (!(value = strchr(name, separator)))
        return error_text("\"%s\": expected a field and its value, such as "
                          "train.batch=64", name);
    *value++ = '\0';
    return set_named(e, name, value);
}

Error experiment_parse(Experiment *e, const char *text)
{
    while (*text) {
        const size_t length = strcspn(text, "\n");
        const Error error = set_line(e, text, length, '\t');
        if (error)
            return error;
        text += length + (text[length] == '\n');
    }
    return NULL;
}

/* What brings usual numbers goes first, wherever it stands: the other settings
 * replace them. */
static const char *const first[] = { "method=", "optimiser=" };
enum { FIRST = sizeof first / sizeof first[0] };

static int turn_of(const char *setting)
{
    int i = 0;

    while (i < FIRST && strncmp(setting, first[i], strlen(first[i])) != 0)
        i++;
    return i;
}

/* Those settings of a list whose turn it is. */
static Error set_some(Experiment *e, const char *settings, int turn)
{
    Error error = NULL;

    do {
        settings += strspn(settings, " ");
        const size_t length = strcspn(settings, ";");
        size_t used = length;
        while (used > 0 && settings[used - 1] == ' ')
            used--;
        if (turn_of(settings) == turn)
            error = set_line(e, settings, used, '=');
        settings += length + (settings[length] == ';');
    } while (!error && *settings);
    return error;
}

Error experiment_set(Experiment *e, const char *settings)
{
    Error error = NULL;

    for (int turn = 0; turn <= FIRST && !error; turn++)
        error = set_some(e, settings, turn);
    return error;
}

/* ---- in a file ---- */

Error experiment_write(const Experiment *e, const char *data_digest,
                       const char *path)
{
    const Experiment whole = method_complete(e);
    Text t = { 0 };

    text_add(&t, "seeds\t%d\ndata\t%s\n", e->seeds, data_digest);
    experiment_print(&t, &whole);
    const Error error = text_write_if_changed(&t, path);
    text_free(&t);
    return error;
}

Error experiment_read(Experiment *e, char data_digest[65], const char *path)
{
    Text t = { 0 };
    int length = 0;
    Error error = text_read_lines(&t, path);

    if (!error
        && (sscanf(text_string(&t), "seeds\t%d\ndata\t%64s%n", &e->seeds, data_digest,
                   &length) != 2 || t.s[length] != '\n'))
        error = error_text("%s: expected the lines \"seeds\" and \"data\", "
                           "then the fields of an experiment", path);
    if (!error && (error = experiment_parse(e, t.s + length + 1)))
        error = error_text("%s: %s", path, error);
    text_free(&t);
    return error;
}
