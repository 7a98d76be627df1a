/* SPDX-License-Identifier: MIT */
#include "runs/fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/model.h"
#include "nn/optimiser.h"

typedef enum FieldType { INTEGER, REAL, YES_NO, LAYERS, SHAPE, LOSS,
                         OPTIMISER } FieldType;

struct Field {
    const char *name;
    FieldType type;
    size_t offset;         /* in Experiment */
    double low, high;      /* INTEGER and REAL: the range, both ends included */
};

#define AT(member) offsetof(Experiment, member)

static const Field fields[] = {
    { "input",                   SHAPE,     AT(input), 0, 0 },
    { "layers",                  LAYERS,    AT(layers), 0, 0 },
    { "loss",                    LOSS,      AT(loss), 0, 0 },
    { "optimiser",               OPTIMISER, AT(optimiser.kind), 0, 0 },
    { "optimiser.learning_rate", REAL,      AT(optimiser.learning_rate), 1e-9,
      1e6 },
    { "optimiser.momentum",      REAL,      AT(optimiser.momentum), 1e-6,
      0.999999 },
    { "optimiser.decay",         REAL,      AT(optimiser.decay), 1e-6,
      0.999999 },
    { "optimiser.epsilon",       REAL,      AT(optimiser.epsilon), 1e-20, 1 },
    { "train.epochs",            INTEGER,   AT(train.epochs), 1, 128 },
    { "train.batch",             INTEGER,   AT(train.batch), 1, 60000 },
    { "train.shuffle",           YES_NO,    AT(train.shuffle), 0, 1 },
    { "train.sorted",            YES_NO,    AT(train.sorted), 0, 1 },
    { "train.images",            INTEGER,   AT(train.images), 0, 60000 },
    { "train.validation",        INTEGER,   AT(train.validation), 0, 59999 },
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

/* The numbers of a layer, in the order in which they are written. A layer is
 * written "dense 32" or "conv2d channels 8 kernel 5": the first number of a
 * kind that has only one goes without its name. */
static const struct LayerField {
    const char *name;
    LayerKind kind[2];     /* the kinds that have it */
    bool real;
    size_t offset;         /* in LayerSpec */
} layer_fields[] = {
    { "units",    { DENSE },             false, offsetof(LayerSpec, units) },
    { "channels", { CONV2D },            false, offsetof(LayerSpec, channels) },
    { "kernel",   { CONV2D, MAX_POOL },  false, offsetof(LayerSpec, kernel) },
    { "stride",   { CONV2D, MAX_POOL },  false, offsetof(LayerSpec, stride) },
    { "padding",  { CONV2D },            false, offsetof(LayerSpec, padding) },
    { "rate",     { DROPOUT },           true,  offsetof(LayerSpec, rate) },
};

enum { LAYER_FIELDS = sizeof layer_fields / sizeof layer_fields[0] };

const Field *experiment_field(int i)
{
    return i < FIELDS ? &fields[i] : NULL;
}

const char *field_name(const Field *f)
{
    return f->name;
}

bool field_used(const Field *f, const Experiment *e)
{
    const OptimiserSpec *usual = &optimiser_types[e->optimiser.kind].defaults;

    switch (f->offset) {
    case AT(optimiser.momentum): return usual->momentum > 0;
    case AT(optimiser.decay):    return usual->decay > 0;
    case AT(optimiser.epsilon):  return usual->epsilon > 0;
    default:                     return true;
    }
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

static bool layer_has(const struct LayerField *f, LayerKind kind)
{
    return f->kind[0] == kind || f->kind[1] == kind;
}

static int count_layer_fields(LayerKind kind)
{
    int n = 0;

    for (int i = 0; i < LAYER_FIELDS; i++)
        n += layer_has(&layer_fields[i], kind);
    return n;
}

static void print_layers(Text *t, const LayerSpec *l)
{
    for (const LayerSpec *first = l; l < first + MAX_LAYERS && l->kind; l++) {
        text_add(t, "%s%s", l == first ? "" : ", ", layer_types[l->kind]->name);
        for (int i = 0; i < LAYER_FIELDS; i++) {
            const struct LayerField *f = &layer_fields[i];
            const char *at = (const char *)l + f->offset;
            char number[32];
            if (!layer_has(f, l->kind))
                continue;
            if (f->real)
                print_real(number, sizeof number, *(const float *)at);
            else
                snprintf(number, sizeof number, "%d", *(const int *)at);
            if (count_layer_fields(l->kind) == 1)
                text_add(t, " %s", number);
            else if (strcmp(number, "0") != 0)
                text_add(t, " %s %s", f->name, number);
        }
    }
}

/* ", conv2d channels kernel stride padding": a layer and its numbers. */
static void list_layer_kind(Text *t, LayerKind kind)
{
    text_add(t, "%s %s", kind == NO_LAYER + 1 ? "" : ",",
             layer_types[kind]->name);
    for (int i = 0; i < LAYER_FIELDS; i++)
        if (layer_has(&layer_fields[i], kind))
            text_add(t, " %s", layer_fields[i].name);
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
    while (c->next < FIELDS) {
        const Field *f = &fields[c->next++];
        c->field = f->name;
        c->before[0] = c->after[0] = '\0';
        if (field_used(f, a))
            field_value(c->before, f, a);
        if (field_used(f, b))
            field_value(c->after, f, b);
        if (strcmp(c->before, c->after) != 0)
            return true;
    }
    return false;
}

bool experiment_same(const Experiment *a, const Experiment *b)
{
    const Experiment whole_a = experiment_complete(a);
    const Experiment whole_b = experiment_complete(b);

    return !next_change(&(Change){ 0 }, &whole_a, &whole_b);
}

Experiment experiment_complete(const Experiment *e)
{
    Experiment whole = *e;
    OptimiserSpec *o = &whole.optimiser;
    const OptimiserSpec *usual = &optimiser_types[o->kind].defaults;

    if (o->learning_rate <= 0)
        o->learning_rate = usual->learning_rate;
    if (o->momentum <= 0)
        o->momentum = usual->momentum;
    if (o->decay <= 0)
        o->decay = usual->decay;
    if (o->epsilon <= 0)
        o->epsilon = usual->epsilon;
    for (LayerSpec *l = whole.layers; l < whole.layers + MAX_LAYERS; l++) {
        if (l->kind == CONV2D && l->stride == 0)
            l->stride = 1;
        if (l->kind == MAX_POOL && l->stride == 0)
            l->stride = l->kernel;
    }
    return whole;
}

void experiment_print(Text *t, const Experiment *e)
{
    char value[MAX_VALUE];

    for (int i = 0; i < FIELDS; i++)
        if (field_used(&fields[i], e)) {
            field_value(value, &fields[i], e);
            text_add(t, "%s\t%s\n", fields[i].name, value);
        }
}

/* The words after the kind of a layer: "32", or "channels 8 kernel 5". */
static Error parse_layer(LayerSpec *l, char *words)
{
    const bool single = count_layer_fields(l->kind) == 1;
    const char *kind = layer_types[l->kind]->name;

    for (char *word; (word = strtok_r(NULL, " ", &words));) {
        const struct LayerField *f = NULL;
        for (int i = 0; i < LAYER_FIELDS; i++)
            if (layer_has(&layer_fields[i], l->kind)
                && (single || strcmp(word, layer_fields[i].name) == 0))
                f = &layer_fields[i];
        char *number = single && f && strcmp(word, f->name) != 0
                     ? word : strtok_r(NULL, " ", &words);
        char *end = number;
        const float x = number ? strtof(number, &end) : 0;
        if (!f || end == number || *end || (single && words && *words))
            return error_text("layers: \"%s\" says nothing about a %s layer",
                              word, kind);
        if (!f->real && !(x >= 0 && x <= 100000 && x == floorf(x)))
            return error_text("layers: %s %s is %s, expected a whole number up "
                              "to 100000",
                              kind, f->name, number);
        if (f->real)
            *(float *)((char *)l + f->offset) = x;
        else
            *(int *)((char *)l + f->offset) = (int)x;
    }
    return NULL;
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
            return error_text("layers: \"%s\" is no kind of layer; expected "
                              "dense, conv2d, max_pool, flatten, dropout, "
                              "sigmoid, relu or "
                              "softmax", word ? word : "");
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
    case LOSS:
        for (int k = 0; k < LOSS_KINDS; k++)
            if (strcmp(value, loss_types[k].name) == 0) {
                e->loss = (LossKind)k;
                return NULL;
            }
        return error_text("%s: \"%s\", expected mse or cross_entropy", f->name,
                          value);
    case OPTIMISER:
        for (int k = 0; k < OPTIMISER_KINDS; k++)
            if (strcmp(value, optimiser_types[k].name) == 0) {
                e->optimiser = optimiser_types[k].defaults;
                e->optimiser.kind = (OptimiserKind)k;
                return NULL;
            }
        return error_text("%s: \"%s\", expected sgd, momentum, rmsprop or adam",
                          f->name, value);
    }
    return NULL;
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
    int best = 1 << 30;

    for (int i = 0; i < FIELDS; i++) {
        const char *dot = strchr(fields[i].name, '.');
        const int whole = distance(name, fields[i].name);
        const int part = dot ? distance(name, dot + 1) + 1 : whole;
        const int d = part < whole ? part : whole;
        if (whole == 0)
            return &fields[i];
        if (d < best) {
            best = d;
            *nearest = &fields[i];
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
    if (!field_used(f, e))
        return error_text("%s: the optimiser %s does not use it", name,
                          optimiser_types[e->optimiser.kind].name);
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

/* Those settings of a list that name the optimiser, or all the others. */
static Error set_some(Experiment *e, const char *settings, bool optimiser)
{
    static const char name[] = "optimiser=";
    Error error = NULL;

    do {
        settings += strspn(settings, " ");
        const size_t length = strcspn(settings, ";");
        size_t used = length;
        while (used > 0 && settings[used - 1] == ' ')
            used--;
        if ((strncmp(settings, name, strlen(name)) == 0) == optimiser)
            error = set_line(e, settings, used, '=');
        settings += length + (settings[length] == ';');
    } while (!error && *settings);
    return error;
}

/* The optimiser goes first, wherever it stands: it brings its usual numbers,
 * which the other settings replace. */
Error experiment_set(Experiment *e, const char *settings)
{
    const Error error = set_some(e, settings, true);

    return error ? error : set_some(e, settings, false);
}

/* ---- in a file ---- */

Error experiment_write(const Experiment *e, const char *data_digest,
                       const char *path)
{
    const Experiment whole = experiment_complete(e);
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
    Error error = text_read(&t, path);

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
