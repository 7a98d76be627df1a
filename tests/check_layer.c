/* SPDX-License-Identifier: MIT */
#include "check_layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/rng.h"
#include "runs/settings.h"

/* ---- numbers ---- */

enum { GUARDS = 8 };

static const float GUARD = 12345;

/* Room for n numbers, and behind them some that nobody may touch. */
static float *block(size_t n)
{
    float *x = allocate(n + GUARDS, sizeof *x);

    for (int i = 0; i < GUARDS; i++)
        x[n + i] = GUARD;
    return x;
}

static Error intact(const char *what, const float *x, size_t n)
{
    for (int i = 0; i < GUARDS; i++)
        if (!(x[n + i] >= GUARD && x[n + i] <= GUARD))
            return error_text("%s has %zu numbers, and number %zu behind them "
                              "was written to", what, n, n + i);
    return NULL;
}

static float *copy_of(const float *x, size_t n)
{
    return memcpy(block(n), x, n * sizeof *x);
}

static void fill(float *x, size_t n, float value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

/* Bit by bit. */
static Error same(const char *what, const float *found, const float *expected,
                  size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(found + i, expected + i, sizeof *found) != 0)
            return error_text("%s[%zu] is %.9g, expected %.9g", what, i,
                              (double)found[i], (double)expected[i]);
    return NULL;
}

/* Near, measured by the largest number expected. That one must not be zero:
 * nothing agrees better than nothing with nothing. */
static Error near(const char *what, const float *found, const float *expected,
                  size_t n, double tolerance)
{
    double largest = 0;

    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)expected[i]));
    if (!(largest > 0))
        return error_text("all %zu numbers expected for %s are zero: that "
                          "proves nothing", n, what);
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)found[i] - (double)expected[i])
              <= tolerance * largest))
            return error_text("%s[%zu] is %.6g, expected %.6g (the largest is "
                              "%.3g)", what, i, (double)found[i],
                              (double)expected[i], largest);
    return NULL;
}

/* In no order, 1/16 apart and at least 1/32 from zero: a small step changes
 * neither the sign of one nor which of several is the largest. */
static void fill_distinct(float *x, int n, Rng *rng)
{
    int *place = allocate(n, sizeof *place);

    for (int i = 0; i < n; i++)
        place[i] = i;
    rng_shuffle(rng, place, n);
    for (int i = 0; i < n; i++)
        x[i] = (float)(2 * (place[i] - n / 2) + 1) / 32;
    free(place);
}

/* ---- a layer by itself ---- */

LayerKind layer_kind(const char *name)
{
    for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++)
        if (strcmp(name, layer_types[k]->name) == 0)
            return (LayerKind)k;
    return NO_LAYER;
}

LayerSpec small_spec(LayerKind kind, int size)
{
    LayerSpec spec = { .kind = kind };

    for (const SpecField *f = layer_types[kind]->fields; f->name; f++) {
        const double x = f->real ? 0.2 * size : size;
        if (size == 2 || (f->usual == 0 && f->usual_as == 0))
            spec_set(&spec, f, x < f->low ? f->low : x > f->high ? f->high : x);
    }
    return spec;
}

/* As a model does it. */
static Error fit(Layer *l, LayerSpec spec, Shape in)
{
    *l = (Layer){ .type = layer_types[spec.kind], .spec = spec, .number = 2,
                  .in_shape = in, .out_shape = in, .in = shape_size(in) };
    spec_complete(&l->spec, l->type->fields);
    Error error = spec_check(&l->spec, l->type->fields, l->type->name);
    if (!error)
        error = l->type->configure ? l->type->configure(l) : NULL;
    l->out = shape_size(l->out_shape);
    return error;
}

/* Somewhere between the ends that the kind gives, or around the one number. */
static void draw_values(Tensor *t, Rng *rng)
{
    const float middle = (t->low + t->high) / 2;
    const float half = t->low == t->high ? 0.25f : (t->high - t->low) / 2;

    for (size_t i = 0; i < t->n; i++)
        t->value[i] = t->state ? t->low
                    : middle + half * (2 * rng_uniform(rng) - 1);
}

Error layer_alone(Layer *l, const LayerCase *c, int batch)
{
    const Error error = fit(l, c->spec, c->in);
    Rng rng = rng_create(9, 0);

    if (error)
        return error;
    for (Tensor *t = l->tensor; t < l->tensor + l->tensors; t++) {
        t->value = block(t->n);
        t->gradient = t->state ? NULL : block(t->n);
        draw_values(t, &rng);
    }
    l->scratch_size += (size_t)batch * l->scratch_per_image;
    l->scratch = block(l->scratch_size);
    return NULL;
}

void layer_alone_free(Layer *l)
{
    for (int k = 0; k < l->tensors; k++) {
        free(l->tensor[k].value);
        free(l->tensor[k].gradient);
    }
    free(l->scratch);
}

/* ---- a trial: a layer and a batch ---- */

typedef struct Trial {
    const LayerCase *c;
    Layer l;
    const LayerType *type;
    int B;
    size_t in, out;                /* numbers in the whole batch */
    float *x, *dy;                 /* what goes in */
    float *y, *dx;                 /* what comes out */
} Trial;

static const int images[] = { 7, 0, 59999 };
static const Pass teaching = { .training = true, .seed = 5, .epoch = 2,
                               .image = images };

static Trial trial_create(const LayerCase *c, int B)
{
    Trial t = { .c = c, .type = layer_types[c->spec.kind], .B = B };
    Rng rng = rng_create(3, B);

    must(layer_alone(&t.l, c, B));
    t.in = (size_t)B * t.l.in;
    t.out = (size_t)B * t.l.out;
    t.x = block(t.in);
    t.dx = block(t.in);
    t.y = block(t.out);
    t.dy = block(t.out);
    fill_distinct(t.x, (int)t.in, &rng);
    for (size_t i = 0; i < t.out; i++)
        t.dy[i] = (float)((int)rng_below(&rng, 201) - 100) / 100;
    return t;
}

static void trial_free(Trial *t)
{
    layer_alone_free(&t->l);
    free(t->x);
    free(t->dx);
    free(t->y);
    free(t->dy);
}

static void forward(Trial *t, const Pass *pass)
{
    fill(t->y, t->out, NAN);
    t->type->forward(&t->l, t->y, t->x, t->B, pass);
}

/* Whatever was in dx and in the gradients, and with x and y as they are given;
 * afterwards those of all tensors stand in one row, which must be freed. */
static float *backward_given(Trial *t, float *dx, const float *x, const float *y,
                             float before)
{
    float *gradients = block(t->l.learned), *to = gradients;

    if (dx)
        fill(dx, t->in, before);
    for (int k = 0; k < t->l.tensors; k++)
        if (t->l.tensor[k].gradient)
            fill(t->l.tensor[k].gradient, t->l.tensor[k].n, before);
    t->type->backward(&t->l, dx, t->dy, x, y, t->B);
    for (const Tensor *k = t->l.tensor; k < t->l.tensor + t->l.tensors; k++)
        if (k->gradient) {
            memcpy(to, k->gradient, k->n * sizeof *to);
            to += k->n;
        }
    return gradients;
}

/* As a model does it: without what the kind does not ask for. */
static float *backward(Trial *t)
{
    return backward_given(t, t->dx, t->type->needs_x ? t->x : NULL,
                          t->type->needs_y ? t->y : NULL, 1000);
}

/* ---- the numbers of a spec ---- */

static Error check_name(const char *what, const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

    if (!name || !*name || name[strspn(name, allowed)])
        return error_text("%s is called \"%s\", expected small letters, digits "
                          "and _", what, name ? name : "");
    return NULL;
}

static Error check_field(const LayerType *type, const SpecField *f)
{
    for (const SpecField *g = type->fields; g < f; g++)
        if (g->offset == f->offset || strcmp(g->name, f->name) == 0)
            return error_text("%s stands twice among the fields", f->name);
    if (f->offset < sizeof(LayerKind) || f->offset % sizeof(int)
        || f->offset >= sizeof(LayerSpec))
        return error_text("%s lies at byte %zu of a LayerSpec, which has no "
                          "number there", f->name, f->offset);
    if (!(f->low <= f->high))
        return error_text("%s reaches from %g to %g", f->name, f->low, f->high);
    if (f->usual != 0 && !(f->usual >= f->low && f->usual <= f->high))
        return error_text("%s is usually %g, expected %g to %g", f->name,
                          f->usual, f->low, f->high);
    for (const SpecField *g = type->fields; f->usual_as && g->name; g++)
        if (g->offset == f->usual_as)
            return NULL;
    return f->usual_as ? error_text("%s is usually what is no field of a %s",
                                    f->name, type->name) : NULL;
}

static Error check_fields(Trial *t)
{
    Error error = check_name("the kind", t->type->name);

    for (int k = NO_LAYER + 1; k < LAYER_KINDS && !error; k++)
        if (layer_types[k] != t->type
            && strcmp(layer_types[k]->name, t->type->name) == 0)
            error = error_text("two kinds are called %s", t->type->name);
    for (const SpecField *f = t->type->fields; f->name && !error; f++)
        if (!(error = check_name("a field", f->name)))
            error = check_field(t->type, f);
    return error;
}

/* A number beyond its range is refused, in the layer and in a setting. */
static Error check_range(Trial *t)
{
    for (const SpecField *f = t->type->fields; f->name; f++)
        for (int side = 0; side < 2; side++) {
            LayerSpec spec = t->l.spec;
            Experiment e = { .input = { 1, 28, 28 } };
            char setting[200];
            const double beyond = side ? 2 * f->high + 1 : f->low - 1;
            spec_set(&spec, f, beyond);
            const Error error = spec_check(&spec, t->type->fields,
                                           t->type->name);
            if (!error || !strstr(error, f->name))
                return error_text("%s of %g is let pass, expected %g to %g",
                                  f->name, beyond, f->low, f->high);
            snprintf(setting, sizeof setting, "layers=%s %s %g", t->type->name,
                     f->name, beyond);
            if (!experiment_set(&e, setting))
                return error_text("the setting %s is let pass, expected %g to "
                                  "%g", setting, f->low, f->high);
        }
    return NULL;
}

static const Field *layers_field(void)
{
    int i = 0;

    while (experiment_field(i)->type != LAYERS)
        i++;
    return experiment_field(i);
}

static Error print_and_parse(LayerSpec spec)
{
    Experiment e = { .layers = { spec } }, back = { .seeds = 0 };
    char value[MAX_VALUE], again[MAX_VALUE], setting[MAX_VALUE + 8];

    field_value(value, layers_field(), &e);
    snprintf(setting, sizeof setting, "layers=%s", value);
    const Error error = experiment_set(&back, setting);
    if (error)
        return error_text("\"%s\" is not read back: %s", value, error);
    field_value(again, layers_field(), &back);
    if (strcmp(value, again) != 0)
        return error_text("\"%s\" is read back as \"%s\"", value, again);
    if (memcmp(&spec, &back.layers[0], sizeof spec) != 0)
        return error_text("\"%s\" is read back as other numbers", value);
    return NULL;
}

/* Every number at both of its ends and, if it is real, with nine digits. */
static Error check_printed(Trial *t)
{
    Error error = print_and_parse(t->c->spec);

    if (!error)
        error = print_and_parse(t->l.spec);
    for (const SpecField *f = t->type->fields; f->name && !error; f++)
        for (int step = 0; step <= 3 && !error; step++) {
            LayerSpec spec = t->l.spec;
            const double x = f->low + step * (f->high - f->low) / 3;
            spec_set(&spec, f, f->real ? x : floor(x));
            error = print_and_parse(spec);
        }
    return error;
}

static Error compare_unlisted(Trial *t, LayerSpec spec, size_t at)
{
    const LayerCase other = { spec, t->c->in };
    const Pass *const passes[] = { &teaching, &predicting };
    Layer fresh, l;
    Error error = fit(&l, spec, other.in);

    if (error || l.out != t->l.out || l.tensors != t->l.tensors
        || l.learned != t->l.learned)
        return error_text("the number at byte %zu of its LayerSpec is no field "
                          "of a %s, and changes its size", at, t->type->name);
    must(layer_alone(&fresh, t->c, t->B));
    must(layer_alone(&l, &other, t->B));
    float *y = block(t->out);
    for (int i = 0; i < 2 && !error; i++) {
        t->type->forward(&fresh, t->y, t->x, t->B, passes[i]);
        l.type->forward(&l, y, t->x, t->B, passes[i]);
        if (same("y", y, t->y, t->out))
            error = error_text("the number at byte %zu of its LayerSpec is no "
                               "field of a %s, and changes its outputs", at,
                               t->type->name);
    }
    free(y);
    layer_alone_free(&fresh);
    layer_alone_free(&l);
    return error;
}

/* What is not listed is neither printed nor part of a run's key: two different
 * layers would pass for one. */
static Error check_listed(Trial *t)
{
    Error error = NULL;

    for (size_t at = sizeof(LayerKind); at < sizeof(LayerSpec) && !error;
         at += sizeof(int)) {
        const SpecField *f = t->type->fields;
        LayerSpec spec = t->l.spec;
        while (f->name && f->offset != at)
            f++;
        if (f->name)
            continue;
        spec_set(&spec, &(SpecField){ .offset = at }, 2);
        error = compare_unlisted(t, spec, at);
        spec_set(&spec, &(SpecField){ .offset = at, .real = true }, 0.5);
        if (!error)
            error = compare_unlisted(t, spec, at);
    }
    return error;
}

/* ---- shapes, and who writes where ---- */

static Error check_tensor(const Layer *l, const Tensor *t)
{
    size_t n = 1;
    const Error error = check_name("a tensor", t->name);

    if (error)
        return error;
    for (const Tensor *u = l->tensor; u < t; u++)
        if (strcmp(u->name, t->name) == 0)
            return error_text("two tensors are called %s", t->name);
    for (int i = 0; i < MAX_DIMENSIONS && t->shape[i]; i++)
        n *= (size_t)t->shape[i];
    if (t->shape[0] < 1 || n != t->n)
        return error_text("%s has %zu numbers, its shape %zu", t->name, t->n, n);
    if (!(t->low <= t->high && isfinite(t->high - t->low)))
        return error_text("%s begins between %g and %g", t->name,
                          (double)t->low, (double)t->high);
    return NULL;
}

static Error check_shapes(Trial *t)
{
    const Layer *l = &t->l;
    Error error = NULL;
    Layer again;

    if (l->out_shape.channels < 1 || l->out_shape.rows < 1
        || l->out_shape.columns < 1)
        return error_text("its outputs have the shape %d x %d x %d",
                          l->out_shape.channels, l->out_shape.rows,
                          l->out_shape.columns);
    if (t->type->in_place && l->in != l->out)
        return error_text("it works in place, from %d inputs to %d outputs",
                          l->in, l->out);
    if (l->tensors > MAX_TENSORS)
        return error_text("it has %d tensors, expected at most %d", l->tensors,
                          MAX_TENSORS);
    for (int k = 0; k < l->tensors && !error; k++)
        error = check_tensor(l, &l->tensor[k]);
    if (!error && !(error = fit(&again, l->spec, l->in_shape))
        && (again.out != l->out || again.tensors != l->tensors))
        error = error_text("fitted again it has %d outputs, expected %d",
                           again.out, l->out);
    return error;
}

/* All that a layer was given is as it was: x, dy, and its tensors (state may
 * change while it is taught); and nothing was written behind the ends. */
typedef struct Before {
    float *x, *dy, *value[MAX_TENSORS];
} Before;

static Before before_of(const Trial *t)
{
    Before b = { copy_of(t->x, t->in), copy_of(t->dy, t->out), { NULL } };

    for (int k = 0; k < t->l.tensors; k++)
        b.value[k] = copy_of(t->l.tensor[k].value, t->l.tensor[k].n);
    return b;
}

static Error check_untouched(const Trial *t, Before *b, bool training)
{
    Error error = same("x", t->x, b->x, t->in);

    if (!error)
        error = same("dy", t->dy, b->dy, t->out);
    for (int k = 0; k < t->l.tensors; k++) {
        const Tensor *tensor = &t->l.tensor[k];
        if (!error && !(tensor->state && training))
            error = same(tensor->name, tensor->value, b->value[k], tensor->n);
        if (!error)
            error = intact(tensor->name, tensor->value, tensor->n);
        if (!error && tensor->gradient)
            error = intact("a gradient", tensor->gradient, tensor->n);
        free(b->value[k]);
    }
    free(b->x);
    free(b->dy);
    if (!error)
        error = intact("y", t->y, t->out);
    if (!error)
        error = intact("dx", t->dx, t->in);
    return error ? error : intact("scratch", t->l.scratch, t->l.scratch_size);
}

static Error check_writes(Trial *t)
{
    Error error = NULL;

    for (int training = 0; training < 2 && !error; training++) {
        Before before = before_of(t);
        forward(t, training ? &teaching : &predicting);
        float *y = copy_of(t->y, t->out);
        free(backward(t));
        error = same("y after backward", t->y, y, t->out);
        for (size_t i = 0; i < t->out && !error; i++)
            if (!isfinite(t->y[i]))
                error = error_text("y[%zu] is %g: no number, or not written", i,
                                   (double)t->y[i]);
        const Error touched = check_untouched(t, &before, training);
        error = error ? error : touched;
        free(y);
    }
    return error;
}

/* The same pass gives the same bits. When the layer is not taught, neither seed
 * nor epoch nor the number of an image matters, nor which images stand beside
 * it in the batch (but for rounding). */
static Error check_repeatable(Trial *t)
{
    const int others[] = { 1, 2, 3 };
    const Pass other = { .seed = 8, .epoch = 9, .image = others };
    Error error;

    forward(t, &teaching);
    float *y = copy_of(t->y, t->out), *alone = block(t->out);
    forward(t, &teaching);
    error = same("y in training, the second time", t->y, y, t->out);
    forward(t, &predicting);
    memcpy(y, t->y, t->out * sizeof *y);
    forward(t, &other);
    if (!error)
        error = same("y of the network in use, with another seed", t->y, y,
                     t->out);
    for (int i = 0; i < t->B; i++)
        t->type->forward(&t->l, alone + (size_t)i * t->l.out,
                         t->x + (size_t)i * t->l.in, 1, &predicting);
    if (!error)
        error = near("y of each image alone", alone, y, t->out, 1e-5);
    free(y);
    free(alone);
    return error;
}

/* ---- what backward reads, and where it writes ---- */

/* With x or y out of order where the kind says that it does not read it. */
static Error check_needs(Trial *t)
{
    float *poison = block(t->in + t->out);
    Error error = NULL;

    fill(poison, t->in + t->out, NAN);
    forward(t, &teaching);
    float *expected = backward_given(t, t->dx, t->x, t->y, 0);
    float *dx = copy_of(t->dx, t->in);
    for (int side = 0; side < 2 && !error; side++) {
        if (side ? t->type->needs_y : t->type->needs_x)
            continue;
        float *found = backward_given(t, t->dx, side ? t->x : poison,
                                      side ? poison : t->y, 0);
        if ((error = same("dx", t->dx, dx, t->in))
            || (error = same("a gradient", found, expected,
                             t->l.learned)))
            error = error_text("backward reads %s, and .needs_%s is not set: "
                               "without it %s", side ? "y" : "x",
                               side ? "y" : "x", error);
        free(found);
    }
    free(poison);
    free(expected);
    free(dx);
    return error;
}

/* What was in dx and in the gradients does not count. The first layer of a
 * network has no dx, and the same gradients if it has any (but for rounding:
 * a compiler may make two loops of one that asks for dx). */
static Error check_overwritten(Trial *t)
{
    const float *x = t->type->needs_x ? t->x : NULL;
    const float *y = t->type->needs_y ? t->y : NULL;
    const size_t n = t->l.learned;

    forward(t, &teaching);
    float *expected = backward_given(t, t->dx, x, y, 0);
    float *dx = copy_of(t->dx, t->in);
    float *found = backward_given(t, t->dx, x, y, 1000);
    Error error = same("dx, with 1000 in it before", t->dx, dx, t->in);
    if (!error)
        error = same("a gradient, with 1000 in it before", found, expected, n);
    free(found);
    if (!error && n > 0) {
        found = backward_given(t, NULL, x, y, 0);
        error = near("a gradient, in the first layer", found, expected, n,
                     1e-5);
        free(found);
    }
    free(dx);
    free(expected);
    return error;
}

/* The last batch of an epoch may leave a shard without images: the gradients of
 * its tensors are zero. */
static Error check_no_images(Trial *t)
{
    Trial none = *t;

    none.B = 0;
    forward(t, &teaching);
    forward(&none, &teaching);
    float *found = backward(&none);
    float *zero = block(t->l.learned);
    const Error error = same("a gradient, of no images", found, zero,
                             t->l.learned);
    free(found);
    free(zero);
    return error;
}

static Error check_in_place(Trial *t)
{
    const size_t n = t->l.learned;
    Error error = NULL;

    for (int training = 0; training < 2 && t->type->in_place && !error;
         training++) {
        const Pass *pass = training ? &teaching : &predicting;
        forward(t, pass);
        float *gradients = backward(t), *over = copy_of(t->x, t->in);
        t->type->forward(&t->l, over, over, t->B, pass);
        error = same("y, written over x", over, t->y, t->out);
        memcpy(over, t->dy, t->out * sizeof *over);
        t->type->backward(&t->l, over, over, t->type->needs_x ? t->x : NULL,
                          t->type->needs_y ? t->y : NULL, t->B);
        if (!error)
            error = same("dx, written over dy", over, t->dx, t->in);
        float *to = gradients;
        for (int k = 0; k < t->l.tensors && !error; k++)
            if (t->l.tensor[k].gradient) {
                error = same("a gradient, with dx written over dy",
                             t->l.tensor[k].gradient, to, t->l.tensor[k].n);
                to += t->l.tensor[k].n;
            }
        if (!error && to != gradients + n)
            error = error_text("%td gradients, expected %zu", to - gradients, n);
        free(gradients);
        free(over);
    }
    return error;
}

/* ---- backward against forward ---- */

/* L = sum_i dy_i y_i, whose gradient with respect to y is dy. */
static double loss_of(Trial *t, const Pass *pass)
{
    double sum = 0;

    forward(t, pass);
    for (size_t i = 0; i < t->out; i++)
        sum += (double)t->dy[i] * (double)t->y[i];
    return sum;
}

/* dL/dv for n numbers v, by going a small step up and down with each. */
static Error check_slopes(Trial *t, const char *what, float *v,
                          const float *gradient, size_t n, const Pass *pass)
{
    const float h = 1.0f / 64;
    float *slope = block(n);

    for (size_t i = 0; i < n; i++) {
        const float here = v[i];
        v[i] = here + h;
        const double up = loss_of(t, pass);
        v[i] = here - h;
        const double down = loss_of(t, pass);
        v[i] = here;
        slope[i] = (float)((up - down) / (2 * (double)h));
    }
    const Error error = near(what, gradient, slope, n, 1e-3);
    free(slope);
    return error;
}

static Error check_dx(Trial *t)
{
    const Pass *const passes[] = { &teaching, &predicting };
    Error error = NULL;

    for (int i = 0; i < 2 && !error; i++) {
        forward(t, passes[i]);
        free(backward(t));
        error = check_slopes(t, i ? "dx of a network in use" : "dx", t->x, t->dx,
                             t->in, passes[i]);
    }
    return error;
}

static Error check_tensors(Trial *t)
{
    const Pass *const passes[] = { &teaching, &predicting };
    char what[80];
    Error error = NULL;

    for (int i = 0; i < 2 && !error; i++) {
        forward(t, passes[i]);
        free(backward(t));
        for (int k = 0; k < t->l.tensors && !error; k++) {
            const Tensor *tensor = &t->l.tensor[k];
            snprintf(what, sizeof what, "d%s%s", tensor->name,
                     i ? " of a network in use" : "");
            if (!tensor->state)
                error = check_slopes(t, what, tensor->value, tensor->gradient,
                                     tensor->n, passes[i]);
        }
    }
    return error;
}

/* ---- among other layers ---- */

Error compare_in_place(Model *m, const uint8_t *labels, int B, const Pass *pass)
{
    const int last = m->depth - m->loss->from_logits;
    float *x[MAX_LAYERS + 1] = { copy_of(m->x[0], (size_t)B * m->layers[0].in) };
    float *dx[MAX_LAYERS + 1] = { NULL };

    model_forward(m, B, pass);
    float *y = copy_of(m->x[m->depth], (size_t)B * CLASSES);
    model_loss(m, labels, B, B);
    model_backward(m, B);
    float *gradients = copy_of(m->gradients, m->n);

    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        x[i + 1] = block((size_t)B * l->out);
        l->type->forward(l, x[i + 1], x[i], B, pass);
    }
    dx[last] = block((size_t)B * CLASSES);
    m->loss->sum(dx[last], x[last], labels, B, B);
    for (int i = last - 1; i >= 0; i--) {
        const Layer *l = &m->layers[i];
        dx[i] = i > 0 ? block((size_t)B * l->in) : NULL;
        if (i > 0 || l->tensors > 0)
            l->type->backward(l, dx[i], dx[i + 1], x[i], x[i + 1], B);
    }
    Error error = same("an output of the network", y, x[m->depth],
                       (size_t)B * CLASSES);
    if (!error)
        error = same("a gradient of the network", gradients, m->gradients, m->n);
    for (int i = 0; i <= m->depth; i++) {
        free(x[i]);
        free(dx[i]);
    }
    free(y);
    free(gradients);
    return error;
}

/* The two between a convolution and a dense layer. 0: they do not fit there;
 * 1: they were compared. */
static int check_pair(Error *error, const LayerSpec *a, const LayerSpec *b,
                      LossKind loss)
{
    const Experiment e = {
        .name = "pair", .input = { 1, 28, 28 }, .loss = loss,
        .layers = { { CONV2D, .channels = 2, .kernel = 7, .stride = 7 }, *a, *b,
                    { FLATTEN }, { DENSE, .units = CLASSES }, { SOFTMAX } },
    };
    const uint8_t labels[] = { 7, 0, 9 };
    Rng rng = rng_create(8, 0);
    Model *m;

    if (model_create(&m, &e, 3))
        return 0;
    must(model_prepare(m));
    model_initialise(m, 1);
    for (int i = 0; i < 3 * PIXELS; i++)
        m->x[0][i] = rng_uniform(&rng);
    if ((*error = compare_in_place(m, labels, 3, &teaching)))
        *error = error_text("in a network with %s, %s and %s: %s",
                            layer_types[a->kind]->name,
                            layer_types[b->kind]->name, m->loss->name, *error);
    model_free(m);
    return 1;
}

static Error check_neighbours(Trial *t)
{
    const LayerSpec smallest = small_spec(t->c->spec.kind, 1);
    int compared = 0;
    Error error = NULL;

    for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++)
        for (int loss = 0; loss < LOSS_KINDS; loss++) {
            const LayerSpec other = small_spec((LayerKind)k, 1);
            if (!error)
                compared += check_pair(&error, &t->c->spec, &other,
                                       (LossKind)loss);
            if (!error)
                compared += check_pair(&error, &other, &t->c->spec,
                                       (LossKind)loss);
        }
    if (compared == 0 && memcmp(&t->c->spec, &smallest, sizeof smallest) == 0)
        error = error_text("it fits into no network");
    return error;
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    Error (*check)(Trial *t);
} checks[] = {
    { "its name and its numbers",                        check_fields },
    { "numbers out of their range are refused",          check_range },
    { "its numbers are printed and read back",           check_printed },
    { "no number counts that is not listed",             check_listed },
    { "shapes of outputs and tensors",                   check_shapes },
    { "what backward needs",                             check_needs },
    { "all outputs written, nothing else",               check_writes },
    { "the same again, and each image for itself",       check_repeatable },
    { "gradients overwritten, not added to",             check_overwritten },
    { "a batch without images",                          check_no_images },
    { "in place and not: the same bits",                 check_in_place },
    { "backward against finite differences: dx",         check_dx },
    { "backward against finite differences: tensors",    check_tensors },
    { "between other layers, in place where it can be",  check_neighbours },
};

enum { CHECKS = sizeof checks / sizeof checks[0], MAX_CASES = 64,
       MAX_FAULT = 2048 };

static void describe(char where[MAX_FAULT], const LayerCase *c, int B)
{
    const Experiment e = { .layers = { c->spec } };
    char value[MAX_VALUE];

    field_value(value, layers_field(), &e);
    snprintf(where, MAX_FAULT, "%s on %d x %d x %d, batch of %d", value,
             c->in.channels, c->in.rows, c->in.columns, B);
}

/* In the child: says where it is, and in the end what is wrong there. */
static void run_check(FILE *out, int check, const LayerCase *cases, int n)
{
    char where[MAX_FAULT];

    for (int i = 0; i < n; i++)
        for (int B = 1; B <= 3; B += 2) {
            Trial t = trial_create(&cases[i], B);
            describe(where, &cases[i], B);
            fprintf(out, "%s\n", where);
            fflush(out);
            const Error error = checks[check].check(&t);
            if (error) {
                fprintf(out, "%s: %s\n", where, error);
                fflush(out);
                _exit(1);
            }
            trial_free(&t);
        }
    _exit(0);
}

/* False: there is a fault, which is then a text. */
static bool passes(char fault[MAX_FAULT], int check, const LayerCase *cases,
                   int n)
{
    char line[MAX_FAULT];
    int ends[2], status = 0;

    if (pipe(ends) != 0)
        die("no pipe: too many files are open");
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        die("no process: too many are running");
    if (child == 0) {
        close(ends[0]);
        run_check(fdopen(ends[1], "w"), check, cases, n);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    fault[0] = '\0';
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        memcpy(fault, line, sizeof line);
    }
    fclose(f);
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        snprintf(fault + strlen(fault), MAX_FAULT - strlen(fault),
                 ": it crashed (signal %d); x and y are NULL where they are "
                 "said not to be needed", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Those that fit: a window may be larger than an image. */
static int choose_cases(LayerCase *cases, LayerKind kind, Error *error)
{
    static const Shape shapes[] = {
        { 7, 1, 1 }, { 2, 5, 7 }, { 3, 6, 4 }, { 1, 9, 8 },
    };
    int n = 0;

    for (int size = 1; size <= 3; size++)
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            const LayerCase c = { small_spec(kind, size), shapes[i] };
            Layer l;
            const Error misfit = fit(&l, c.spec, c.in);
            if (misfit)
                *error = misfit;
            else
                cases[n++] = c;
        }
    return n;
}

const char *check_layer(FILE *out, LayerKind kind, const LayerCase *more, int n)
{
    static char first[MAX_FAULT + 100];
    LayerCase cases[MAX_CASES];
    char fault[MAX_FAULT];
    Error error = NULL;
    int count = choose_cases(cases, kind, &error);

    first[0] = '\0';
    if (count == 0) {
        snprintf(first, sizeof first, "no shape fits: %s", error);
        return first;
    }
    for (int i = 0; i < n && count < MAX_CASES; i++)
        cases[count++] = more[i];
    for (int i = 0; i < CHECKS; i++) {
        const bool right = passes(fault, i, cases, count);
        if (out)
            fprintf(out, "%-9s%s\n", right ? "ok" : "FAULT", checks[i].name);
        if (!right && !first[0])
            snprintf(first, sizeof first, "%s: %s", checks[i].name, fault);
    }
    return first[0] ? first : NULL;
}
