/* SPDX-License-Identifier: MIT
 *
 * The mathematics: matrix products, layers, losses, optimisers and whole
 * networks, against the numbers of PyTorch in tests/ref, against plain loops,
 * and backward against finite differences of forward (tests/check_layer.h).
 * Run from the root of the project.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "check_layer.h"
#include "data/gather.h"
#include "nn/learning.h"
#include "nn/optimiser.h"
#include "nn/products.h"

/* --- comparing ----------------------------------------------------------- */

/* Near enough, and a number: cmocka's assert_float_equal lets NAN pass. */
#define assert_near(found, wanted, tolerance)                                  \
    check_near(#found, found, wanted, tolerance)

static void check_near(const char *what, double found, double wanted,
                       double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%s is %.9g, expected %.9g", what, found, wanted);
}

/* All numbers must be near, measured by the largest one wanted. That one must
 * not be zero: nothing agrees better than nothing with nothing. */
static void assert_close(const char *where, const char *what, const float *found,
                         const float *wanted, int n, double tolerance)
{
    double largest = 0;

    for (int i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)wanted[i]));
    if (!(largest > 0))
        fail_msg("%s: all %d numbers wanted for %s are zero", where, n, what);
    for (int i = 0; i < n; i++)
        if (!(fabs((double)found[i] - (double)wanted[i]) <= tolerance * largest))
            fail_msg("%s: %s[%d] is %.9g, expected %.9g (largest %.3g)", where, what,
                     i, (double)found[i], (double)wanted[i], largest);
}

/* Numbers of two decimals between -1 and 1. */
static float *random_numbers(Rng *rng, size_t n)
{
    float *x = allocate(n, sizeof *x);

    for (size_t i = 0; i < n; i++)
        x[i] = (float)((int)rng_below(rng, 201) - 100) / 100;
    return x;
}

/* --- the reference files ------------------------------------------------- */

typedef struct Numbers {
    char name[16];
    int dim[4], n;         /* what is not given is 1; n is their product */
    float *v;
} Numbers;

typedef struct Reference {
    const char *name;
    Numbers tensor[16];
    int count;
} Reference;

/* Lines such as `dW 2 3 : 0.25 -1 0.125 0.5 3 1`. */
static Reference reference_read(const char *name)
{
    Reference r = { .name = name };
    char path[256];

    snprintf(path, sizeof path, "tests/ref/%s.txt", name);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s: not found; run from the root of the project", path);
    for (Numbers *t = r.tensor; r.count < 16 && fscanf(f, "%15s", t->name) == 1; t++) {
        t->n = 1;
        for (int i = 0; i < 4; i++) {
            t->dim[i] = 1;
            if (fscanf(f, "%d", &t->dim[i]) == 1)
                t->n *= t->dim[i];
        }
        t->v = allocate(t->n, sizeof *t->v);
        if (fscanf(f, " :") == EOF)
            fail_msg("%s: ends inside %s", path, t->name);
        for (int i = 0; i < t->n; i++)
            if (fscanf(f, "%f", &t->v[i]) != 1)
                fail_msg("%s: %s has %d numbers, expected %d", path, t->name, i, t->n);
        r.count++;
    }
    fclose(f);
    return r;
}

static void reference_free(Reference *r)
{
    for (int i = 0; i < r->count; i++)
        free(r->tensor[i].v);
}

static const Numbers *tensor_of(const Reference *r, const char *name)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->tensor[i].name, name) == 0)
            return &r->tensor[i];
    fail_msg("%s has no tensor %s", r->name, name);
    return NULL;
}

/* The numbers of a tensor that must have n of them. */
static const float *wanted(const Reference *r, const char *name, int n)
{
    const Numbers *t = tensor_of(r, name);

    if (t->n != n)
        fail_msg("%s: %s has %d numbers, expected %d", r->name, name, n, t->n);
    return t->v;
}

static void check(const Reference *r, const char *name, const float *found, int n,
                  double tolerance)
{
    assert_close(r->name, name, found, wanted(r, name, n), n, tolerance);
}

static void labels_of(uint8_t *labels, const Reference *r, int n)
{
    const float *v = wanted(r, "labels", n);

    for (int i = 0; i < n; i++)
        labels[i] = (uint8_t)v[i];
}

/* --- products of matrices ------------------------------------------------ */

static const struct ProductCase {
    const char *name;
    Product *mul;
    bool a_turned, b_turned;           /* stored (k, m); stored (n, k) */
} products[] = {
    { "mul", mul, false, false },
    { "mul_bt", mul_bt, false, true },
    { "mul_at", mul_at, true, false },
    { "plain_mul", plain_mul, false, false },
    { "plain_mul_bt", plain_mul_bt, false, true },
    { "plain_mul_at", plain_mul_at, true, false },
};

/* Against three plain loops. C has one number too many, which must survive. */
static void check_product(const struct ProductCase *p, int m, int n, int k, Assign s)
{
    Rng rng = rng_create(1, 0);
    float *A = random_numbers(&rng, m * k), *B = random_numbers(&rng, k * n);
    float *C = random_numbers(&rng, m * n + 1);
    float *D = allocate(m * n + 1, sizeof *D);
    char where[64];

    memcpy(D, C, (m * n + 1) * sizeof *D);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = s == ADD ? D[i * n + j] : 0;
            for (int q = 0; q < k; q++)
                sum += A[p->a_turned ? q * m + i : i * k + q]
                     * B[p->b_turned ? j * k + q : q * n + j];
            D[i * n + j] = sum;
        }
    p->mul(C, A, B, m, n, k, s);
    snprintf(where, sizeof where, "%s %d %d %d, %s", p->name, m, n, k,
             s == ADD ? "ADD" : "SET");
    assert_close(where, "C", C, D, m * n + 1, 1e-5);
    free(A);
    free(B);
    free(C);
    free(D);
}

static void test_products(void **state)
{
    static const int sizes[][3] = {
        { 1, 1, 1 }, { 1, 9, 5 }, { 6, 1, 4 }, { 5, 7, 1 }, { 1, 8, 1 }, { 2, 3, 4 },
        { 33, 17, 65 }, { 12, 64, 40 }, { 25, 80, 9 }, { 9, 23, 100 }, { 16, 32, 784 },
        { 1600, 1500, 3 },                 /* large enough for OpenBLAS */
        { 3, 5, 0 }, { 1, 5, 0 }, { 0, 5, 3 },
    };

    (void)state;
    for (size_t p = 0; p < sizeof products / sizeof products[0]; p++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (Assign s = SET; s <= ADD; s++)
                check_product(&products[p], sizes[i][0], sizes[i][1], sizes[i][2], s);
}

static void test_dot_axpy(void **state)
{
    Rng rng = rng_create(2, 0);
    float *x = random_numbers(&rng, 99), *y = random_numbers(&rng, 99), sum = 0;

    (void)state;
    for (int i = 0; i < 99; i++)
        sum += x[i] * y[i];
    assert_near(dot(x, y, 99), sum, 1e-4);
    assert_near(dot(x, y, 0), 0, 0);
    const float last = y[98];
    axpy(y, 2, x, 98);
    axpy(y, -2, x, 97);
    assert_near(y[98], last, 0);
    assert_near(dot(x, y, 99), sum + 2 * x[97] * x[97], 1e-4);
    free(x);
    free(y);
}

/* --- single layers ------------------------------------------------------- */

static const struct ReferenceCase {
    const char *file;
    LayerSpec spec;
} reference_cases[] = {
    { "dense_1",          { DENSE, .units = 5 } },
    { "dense_3",          { DENSE, .units = 5 } },
    { "conv2d_plain",     { CONV2D, .channels = 2, .kernel = 3 } },
    { "conv2d_padding",   { CONV2D, .channels = 3, .kernel = 3, .padding = 1 } },
    { "conv2d_stride",    { CONV2D, .channels = 3, .kernel = 3, .stride = 2 } },
    { "conv2d_both",      { CONV2D, .channels = 2, .kernel = 5, .stride = 2,
                            .padding = 1 } },
    { "conv2d_wide",      { CONV2D, .channels = 4, .kernel = 5, .padding = 2 } },
    { "max_pool_2",       { MAX_POOL, .kernel = 2 } },
    { "max_pool_rest",    { MAX_POOL, .kernel = 2 } },
    { "max_pool_overlap", { MAX_POOL, .kernel = 3, .stride = 2 } },
    { "max_pool_ties",    { MAX_POOL, .kernel = 2 } },
    { "sigmoid",          { SIGMOID } },
    { "relu",             { RELU } },
    { "softmax",          { SOFTMAX } },
};

static void test_layers_against_pytorch(void **state)
{
    static const char *const names[] = { [WEIGHT] = "W", [BIAS] = "b" };
    static const char *const gradients[] = { [WEIGHT] = "dW", [BIAS] = "db" };

    (void)state;
    for (size_t i = 0; i < sizeof reference_cases / sizeof reference_cases[0]; i++) {
        Reference r = reference_read(reference_cases[i].file);
        const Numbers *x = tensor_of(&r, "x");
        const int B = x->dim[0];
        const LayerCase c = { reference_cases[i].spec,
                              { x->dim[1], x->dim[2], x->dim[3] } };
        Layer l;
        assert_null(layer_alone(&l, &c, B));
        float *y = allocate((size_t)B * l.out, sizeof *y);
        float *dx = allocate((size_t)B * l.in, sizeof *dx);

        for (int k = 0; k < l.tensors; k++) {
            const Tensor *t = &l.tensor[k];
            memcpy(t->value, wanted(&r, names[k], (int)t->n), t->n * sizeof(float));
        }
        l.type->forward(&l, y, x->v, B, &predicting);
        l.type->backward(&l, dx, wanted(&r, "dy", B * l.out),
                         l.type->needs_x ? x->v : NULL, l.type->needs_y ? y : NULL,
                         B);
        check(&r, "y", y, B * l.out, 1e-5);
        check(&r, "dx", dx, B * l.in, 1e-5);
        for (int k = 0; k < l.tensors; k++)
            check(&r, gradients[k], l.tensor[k].gradient, (int)l.tensor[k].n, 1e-5);
        free(y);
        free(dx);
        layer_alone_free(&l);
        reference_free(&r);
    }
}

/* Beside the cases that the checks choose themselves: strides, borders, and
 * windows that leave a rest. */
static const LayerCase more_cases[] = {
    { { DENSE, .units = 5 }, { 7, 1, 1 } },
    { { CONV2D, .channels = 3, .kernel = 3 }, { 2, 5, 7 } },
    { { CONV2D, .channels = 2, .kernel = 3, .stride = 2, .padding = 1 },
      { 3, 5, 8 } },
    { { CONV2D, .channels = 3, .kernel = 5, .stride = 3, .padding = 2 },
      { 1, 9, 7 } },
    { { CONV2D, .channels = 2, .kernel = 2, .stride = 4, .padding = 3 },
      { 2, 6, 3 } },
    { { MAX_POOL, .kernel = 3, .stride = 2 }, { 3, 7, 5 } },
    { { MAX_POOL, .kernel = 2, .stride = 3 }, { 1, 6, 5 } },
    { { DROPOUT, .rate = 0.4f }, { 2, 3, 5 } },
};

/* Every kind there is, also those that this file has never heard of. */
static void test_every_kind(void **state)
{
    enum { MORE = sizeof more_cases / sizeof more_cases[0] };

    (void)state;
    for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++) {
        LayerCase more[MORE];
        int n = 0;
        for (int i = 0; i < MORE; i++)
            if ((int)more_cases[i].spec.kind == k)
                more[n++] = more_cases[i];
        const char *fault = check_layer(NULL, (LayerKind)k, more, n);
        if (fault)
            fail_msg("%s: %s", layer_types[k]->name, fault);
    }
}

static void test_dropout(void **state)
{
    enum { N = 20000 };
    const LayerCase c = { { DROPOUT, .rate = 0.3f }, { N, 1, 1 } };
    const int image[] = { 5, 6 };
    Pass pass = { .training = true, .seed = 6, .image = image };
    Layer l;
    Rng rng = rng_create(5, 0);
    float *x = random_numbers(&rng, N), *y = random_numbers(&rng, N);
    float *dx = random_numbers(&rng, N);
    int silent = 0;

    (void)state;
    assert_null(layer_alone(&l, &c, 1));
    for (int i = 0; i < N; i++)
        x[i] = 1;
    l.type->forward(&l, y, x, 1, &predicting);
    assert_memory_equal(x, y, N * sizeof *x);

    l.type->forward(&l, y, x, 1, &pass);
    l.type->backward(&l, dx, x, NULL, NULL, 1);
    assert_memory_equal(dx, y, N * sizeof *x);       /* the same were silenced */
    for (int i = 0; i < N; i++) {
        silent += y[i] <= 0;
        if (y[i] > 0)
            assert_near(y[i], 1 / 0.7, 1e-6);
    }
    assert_near((double)silent / N, 0.3, 0.015);            /* 4.6 sigma */

    /* Others in the next epoch, with another seed, for another image, and in
     * another layer. */
    for (int i = 0; i < 4; i++) {
        Pass other = pass;
        Layer another = l;
        int both = 0;
        other.epoch += i == 0;
        other.seed += i == 1;
        other.image += i == 2;
        another.number += i == 3;
        l.type->forward(&another, dx, x, 1, &other);
        for (int j = 0; j < N; j++)
            both += dx[j] <= 0 && y[j] <= 0;
        assert_near((double)both / N, 0.09, 0.01);          /* independent */
    }
    free(x);
    free(y);
    free(dx);
    layer_alone_free(&l);
}

/* A NaN goes through, and no layer hides it: the loss must see it. */
static void test_nan_stays(void **state)
{
    const LayerCase c = { { RELU }, { 4, 1, 1 } };
    const float x[4] = { NAN, -1, 2, -NAN };
    float y[4] = { 0 };
    Layer l;

    (void)state;
    assert_null(layer_alone(&l, &c, 1));
    l.type->forward(&l, y, x, 1, &predicting);
    assert_true(isnan(y[0]) && isnan(y[3]));
    assert_true(fabsf(y[1]) <= 0 && y[2] == 2);
    layer_alone_free(&l);
}

/* Which inputs of an image are silenced depends on its number, and neither on
 * its place in the batch nor on the batch, and so on no shard. */
static void test_dropout_by_image(void **state)
{
    enum { N = 50, B = 4 };
    const LayerCase c = { { DROPOUT, .rate = 0.5f }, { N, 1, 1 } };
    const int image[B] = { 8, 3, 70000, 1 }, turned[B] = { 1, 70000, 3, 8 };
    Pass pass = { .training = true, .seed = 2, .epoch = 1, .image = image };
    Layer l;
    float x[B * N], y[B * N], other[B * N];

    (void)state;
    assert_null(layer_alone(&l, &c, B));
    for (int i = 0; i < B * N; i++)
        x[i] = 1;
    l.type->forward(&l, y, x, B, &pass);
    for (int i = 0; i < B; i++) {
        pass.image = image + i;
        l.type->forward(&l, other, x, 1, &pass);
        assert_memory_equal(other, y + i * N, N * sizeof *y);
        assert_memory_not_equal(other, y + (i + 1) % B * N, N * sizeof *y);
    }
    pass.image = turned;
    l.type->forward(&l, other, x, B, &pass);
    for (int i = 0; i < B; i++)
        assert_memory_equal(other + (B - 1 - i) * N, y + i * N, N * sizeof *y);
    layer_alone_free(&l);
}

/* Any two uses of chance: no number of one is among the first of another. */
static void test_random_streams(void **state)
{
    static const uint64_t seeds[] = { 1, 2, 1000 }, items[] = { 0, 1, 24, 60000 * 24 };
    static const int epochs[] = { 0, 1, 127 };
    enum { N = 3 * 3 * 3 * 4 };
    uint64_t first[N];
    int n = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        for (Chance s = FIRST_WEIGHTS; s <= DROPPED_UNITS; s++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 4; k++) {
                    Rng rng = rng_stream(seeds[i], s, epochs[j], items[k]);
                    Rng again = rng_stream(seeds[i], s, epochs[j], items[k]);
                    first[n] = rng_next(&rng);
                    assert_true(first[n] == rng_next(&again));
                    for (int p = 0; p < n; p++)
                        assert_true(first[n] != first[p]);
                    n++;
                }
    assert_int_equal(n, N);
}

/* --- losses -------------------------------------------------------------- */

static void test_losses_against_pytorch(void **state)
{
    static const char *const files[LOSS_KINDS] = { "mse", "cross_entropy" };

    (void)state;
    for (int k = 0; k < LOSS_KINDS; k++) {
        Reference r = reference_read(files[k]);
        const Numbers *y = tensor_of(&r, "y");
        const int B = y->dim[0];
        uint8_t labels[64];
        float *d = allocate(y->n, sizeof *d);

        labels_of(labels, &r, B);
        const double sum = loss_types[k].sum(d, y->v, labels, B, B);
        const float loss = (float)(sum / B);
        check(&r, "loss", &loss, 1, 1e-5);
        check(&r, "d", d, y->n, 1e-5);

        /* A part of a larger batch: the gradient is divided by the whole. */
        const double part = loss_types[k].sum(NULL, y->v, labels, 2, B);
        const double rest = loss_types[k].sum(d, y->v + 2 * CLASSES, labels + 2, B - 2,
                                              B);
        assert_near((part + rest) / B, loss, 1e-5 * loss);
        assert_close(files[k], "d of a part", d, wanted(&r, "d", y->n) + 2 * CLASSES,
                     y->n - 2 * CLASSES, 1e-5);
        free(d);
        reference_free(&r);
    }
}

/* --- optimisers ---------------------------------------------------------- */

static const OptimiserSpec optimiser_cases[OPTIMISER_KINDS] = {
    { SGD, .learning_rate = 0.1f },
    { MOMENTUM, .learning_rate = 0.1f, .momentum = 0.9f },
    { RMSPROP, .learning_rate = 0.01f, .alpha = 0.99f, .epsilon = 1e-8f },
    { ADAM, .learning_rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f,
      .epsilon = 1e-8f },
};

static void test_optimisers_against_pytorch(void **state)
{
    (void)state;
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        Reference r = reference_read(optimiser_types[k]->name);
        const Numbers *g = tensor_of(&r, "g");
        const int steps = g->dim[0], n = g->dim[1];
        const float *path = wanted(&r, "w", (steps + 1) * n);
        Optimiser *o = optimiser_create(&optimiser_cases[k], n);
        float *w = allocate(n, sizeof *w);

        memcpy(w, path, n * sizeof *w);
        for (int t = 0; t < steps; t++) {
            optimiser_step(o, o->spec.learning_rate);
            optimiser_update(o, w, g->v + t * n, 0, n);
            assert_close(r.name, "w", w, path + (t + 1) * n, n, 1e-6);
        }
        free(w);
        optimiser_free(o);
        reference_free(&r);
    }
    optimiser_free(NULL);
}

static void test_update_in_parts(void **state)
{
    enum { N = 100, CUT = 37 };

    (void)state;
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        Optimiser *whole = optimiser_create(&optimiser_cases[k], N);
        Optimiser *parts = optimiser_create(&optimiser_cases[k], N);
        Rng rng = rng_create(7, k);
        float *w = random_numbers(&rng, N), v[N];

        memcpy(v, w, sizeof v);
        for (int t = 0; t < 3; t++) {
            float *g = random_numbers(&rng, N);
            optimiser_step(whole, 0.01f);
            optimiser_update(whole, w, g, 0, N);
            optimiser_step(parts, 0.01f);
            optimiser_update(parts, v, g, CUT, N);
            optimiser_update(parts, v, g, 0, CUT);
            free(g);
        }
        assert_memory_equal(w, v, sizeof v);
        free(w);
        optimiser_free(whole);
        optimiser_free(parts);
    }
}

/* --- whole networks ------------------------------------------------------ */

static const Experiment network_cross_entropy = {
    .name      = "network_cross_entropy",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 2, .kernel = 5, .stride = 2, .padding = 2 },
                   { RELU }, { MAX_POOL, .kernel = 3, .stride = 2 },
                   { CONV2D, .channels = 3, .kernel = 3 }, { SIGMOID }, { FLATTEN },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f,
                   .epsilon = 1e-8f },
};

static const Experiment network_mse = {
    .name      = "network_mse",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 1, .kernel = 7, .stride = 7 }, { SIGMOID },
                   { FLATTEN }, { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { MOMENTUM, .learning_rate = 0.5f, .momentum = 0.9f },
};

static Model *create(const Experiment *e, int batch)
{
    Model *m;
    const Error error = model_create(&m, e, batch);

    if (error)
        fail_msg("%s: %s", e->name, error);
    assert_null(model_prepare(m));
    return m;
}

/* Forward, loss and backward of the B images in m->x[0], a part of a batch of
 * `images`; the sum of their losses. */
static double learn(Model *m, const uint8_t *labels, int B, int images)
{
    static const int image[] = { 11, 22, 33 };

    model_forward(m, B, &(Pass){ .training = true, .seed = 1, .image = image });
    const double sum = model_loss(m, labels, B, images);
    model_backward(m, B);
    return sum;
}

/* The gradients of all learned tensors, one after the other, are close to
 * numbers that stand where m->gradients has them. */
static void assert_gradients_close(const char *where, const Model *m,
                                   const float *expected, double tolerance)
{
    for (const Layer *l = m->layers; l < m->layers + m->depth; l++)
        for (int k = 0; k < l->tensors; k++) {
            const Tensor *t = &l->tensor[k];
            assert_close(where, t->name, t->gradient,
                         expected + (t->gradient - m->gradients), (int)t->n,
                         tolerance);
        }
}

/* Outputs, then three steps: losses, gradients, parameters. */
static void check_network(const Experiment *e)
{
    Reference r = reference_read(e->name);
    Dataset d = dataset_create(3);
    Model *m = create(e, 3);
    const int n = (int)m->n;
    const float *parameters = wanted(&r, "parameters", 4 * n);
    const float *gradients = wanted(&r, "gradients", 3 * n);
    const float *losses = wanted(&r, "losses", 3);
    Optimiser *o = optimiser_create(&e->optimiser, m->n);

    labels_of(d.labels, &r, 3);
    for (int i = 0; i < 3 * PIXELS; i++)
        d.pixels[i] = (uint8_t)wanted(&r, "pixels", 3 * PIXELS)[i];
    memcpy(m->parameters, parameters, n * sizeof(float));
    gather(m->x[0], &d, NULL, 0, 3);
    check(&r, "outputs", model_forward(m, 3, &predicting), 3 * CLASSES, 1e-5);
    for (int step = 0; step < 3; step++) {
        const float loss = (float)(learn(m, d.labels, 3, 3) / 3);
        assert_close(r.name, "loss", &loss, losses + step, 1, 1e-5);
        assert_gradients_close(r.name, m, gradients + step * n, 1e-5);
        optimiser_step(o, e->optimiser.learning_rate);
        optimiser_update(o, m->parameters, m->gradients, 0, m->n);
        assert_close(r.name, "parameters", m->parameters, parameters + (step + 1) * n,
                     n, 1e-5);
    }
    optimiser_free(o);
    model_free(m);
    dataset_free(&d);
    reference_free(&r);
}

static void test_networks_against_pytorch(void **state)
{
    (void)state;
    check_network(&network_cross_entropy);
    check_network(&network_mse);
}

/* Random weights, three times the usual so that no gradient fades, and random
 * pixels; batches of 3. */
static Model *random_network(const Experiment *e)
{
    Model *m = create(e, 3);
    Rng rng = rng_create(8, 0);

    model_initialise(m, 8);
    for (size_t i = 0; i < m->n; i++)
        m->parameters[i] *= 3;
    for (int i = 0; i < 3 * PIXELS; i++)
        m->x[0][i] = rng_uniform(&rng);
    return m;
}

static const uint8_t three_labels[3] = { 7, 0, 9 };

static double mean_loss(Model *m, int B)
{
    model_forward(m, B, &predicting);
    return model_loss(m, three_labels, B, 0) / B;
}

/* model_backward against the slopes of the mean loss, all parameters. */
static void check_network_gradient(const Experiment *e, int B)
{
    const float h = 1.0f / 128;
    Model *m = random_network(e);
    float *slope = allocate(m->n, sizeof *slope);

    const double loss = learn(m, three_labels, B, B) / B;
    assert_near(loss, mean_loss(m, B), 1e-6);
    for (size_t i = 0; i < m->n; i++) {
        const float here = m->parameters[i];
        m->parameters[i] = here + h;
        const double up = mean_loss(m, B);
        m->parameters[i] = here - h;
        const double down = mean_loss(m, B);
        m->parameters[i] = here;
        slope[i] = (float)((up - down) / (2 * (double)h));
    }
    assert_gradients_close(e->name, m, slope, 3e-3);
    free(slope);
    model_free(m);
}

static void test_network_gradients(void **state)
{
    Experiment smooth = network_cross_entropy;

    (void)state;
    smooth.layers[1].kind = SIGMOID;         /* no kinks for steps to cross */
    smooth.layers[2] = (LayerSpec){ CONV2D, .channels = 2, .kernel = 3, .stride = 2 };
    for (int B = 1; B <= 3; B += 2) {
        check_network_gradient(&smooth, B);
        smooth.loss = LOSS_MSE;
        check_network_gradient(&smooth, B);
        smooth.loss = LOSS_CROSS_ENTROPY;
        check_network_gradient(&network_mse, B);
    }
}

/* Nobody wants the gradient of the pixels: the first layer is called without a
 * dx, whichever kind it is, and the others learn as ever. */
static void test_any_first_layer(void **state)
{
    static const LayerSpec first[] = {
        { FLATTEN }, { DROPOUT, .rate = 0.5f }, { SIGMOID }, { RELU },
        { MAX_POOL, .kernel = 2 }, { CONV2D, .channels = 1, .kernel = 3 },
        { DENSE, .units = 7 }, { SOFTMAX },
    };

    (void)state;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        const Experiment e = {
            .name = layer_types[first[i].kind]->name,
            .input = { 1, 28, 28 },
            .layers = { first[i], { DENSE, .units = 10 }, { SOFTMAX } },
            .loss = LOSS_MSE,
        };
        Model *m = random_network(&e);
        const Tensor *weight = &m->layers[1].tensor[WEIGHT];
        learn(m, three_labels, 3, 3);
        assert_null(m->dx[0]);
        assert_true(dot(weight->gradient, weight->gradient, weight->n) > 0);
        model_free(m);
    }
}

/* Who writes over what: those that can, where nobody needs the input later. */
static void test_in_place(void **state)
{
    static const struct {
        LayerSpec layers[MAX_LAYERS];
        LossKind loss;
        const char *expected;          /* '=': over its input */
    } cases[] = {
        /* The dense layer does not need its y, the sigmoid its own. */
        { { { DENSE, .units = 9 }, { SIGMOID }, { DENSE, .units = 10 }, { SOFTMAX } },
          LOSS_MSE, ".=.=" },
        /* Cross-entropy looks at what goes into the softmax. */
        { { { DENSE, .units = 9 }, { RELU }, { DENSE, .units = 10 }, { SOFTMAX } },
          LOSS_CROSS_ENTROPY, ".=.." },
        /* Two in a row: the second would spoil the y of the first. */
        { { { DENSE, .units = 10 }, { RELU }, { RELU }, { SIGMOID } },
          LOSS_MSE, ".=.." },
        /* Flatten and dropout need nothing, but must not spoil that y either. */
        { { { CONV2D, .channels = 2, .kernel = 7, .stride = 7 }, { FLATTEN }, { RELU },
            { DROPOUT, .rate = 0.5f }, { SIGMOID }, { DENSE, .units = 10 } },
          LOSS_MSE, ".==.=." },
        /* The pixels are left alone. */
        { { { RELU }, { DROPOUT, .rate = 0.5f }, { FLATTEN }, { DENSE, .units = 10 } },
          LOSS_MSE, "..=." },
        { { { DROPOUT, .rate = 0.5f }, { SIGMOID }, { DENSE, .units = 10 } },
          LOSS_MSE, ".=." },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Experiment e = { .name = "in place", .input = { 1, 28, 28 },
                         .loss = cases[i].loss };
        const int image[] = { 4, 5, 6 };
        memcpy(e.layers, cases[i].layers, sizeof e.layers);
        Model *m = random_network(&e);
        assert_int_equal(m->depth, strlen(cases[i].expected));
        for (int l = 0; l < m->depth; l++) {
            const bool over = cases[i].expected[l] == '=';
            if (model_in_place(m, l) != over || (m->x[l + 1] == m->x[l]) != over)
                fail_msg("case %zu: layer %d, %s: in place is %d, expected %d", i,
                         l, m->layers[l].type->name, model_in_place(m, l), over);
        }
        float *pixels = allocate(3 * PIXELS, sizeof *pixels);
        memcpy(pixels, m->x[0], 3 * PIXELS * sizeof *pixels);
        const Error error = compare_in_place(m, three_labels, 3,
                                             &(Pass){ .training = true, .seed = 1,
                                                      .image = image });
        if (error)
            fail_msg("case %zu: %s", i, error);
        assert_memory_equal(pixels, m->x[0], 3 * PIXELS * sizeof *pixels);
        free(pixels);
        model_free(m);
    }
}

/* Parts of a batch, on models that share their parameters: the sums are those
 * of the whole batch. */
static void test_parts_of_a_batch(void **state)
{
    Model *m = random_network(&network_cross_entropy);
    Model *twin = NULL;
    float *whole = allocate(m->n, sizeof *whole);

    (void)state;
    assert_null(model_share(&twin, m, &network_cross_entropy, 2));
    assert_null(model_prepare(twin));
    const double loss = learn(m, three_labels, 3, 3);
    memcpy(whole, m->gradients, m->n * sizeof *whole);

    memcpy(twin->x[0], m->x[0] + PIXELS, 2 * PIXELS * sizeof(float));
    const double first = learn(m, three_labels, 1, 3);
    const double rest = learn(twin, three_labels + 1, 2, 3);
    assert_near(first + rest, loss, 1e-5);
    for (size_t i = 0; i < m->n; i++)
        m->gradients[i] += twin->gradients[i];
    assert_close("parts", "gradients", m->gradients, whole, (int)m->n, 1e-5);

    learn(m, three_labels, 0, 3);                    /* a part without images */
    for (size_t i = 0; i < m->n; i++)
        assert_near(m->gradients[i], 0, 0);
    model_free(twin);
    model_free(m);
    model_free(NULL);
    free(whole);
}

/* Uniform in +-1 / sqrt(fan_in): bounds, and variance a third of their square. */
static void test_initialise(void **state)
{
    static const Experiment e = {
        .name = "initialise",
        .input = { 1, 28, 28 },
        .layers = { { CONV2D, .channels = 9, .kernel = 5, .stride = 3 }, { RELU },
                    { DENSE, .units = 40 }, { DENSE, .units = 10 } },
    };
    Model *m = create(&e, 1), *other = create(&e, 1);

    (void)state;
    model_initialise(m, 1);
    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        const int fan_in[] = { 25, 0, 576, 40 };
        double squares = 0;
        for (size_t j = 0; j < l->learned; j++) {
            const float w = l->tensor[WEIGHT].value[j];      /* and the biases */
            assert_true(fabsf(w) <= 1 / sqrtf((float)fan_in[i]));
            squares += (double)(w * w) * fan_in[i];
        }
        if (l->tensors)
            assert_near(squares / (double)l->learned, 1.0 / 3, 0.08);
    }
    assert_int_equal(m->n, 9 * 25 + 9 + 576 * 40 + 40 + 40 * 10 + 10);
    assert_near(model_macs(m), 9 * 25 * 64 + 576 * 40 + 40 * 10, 0);

    model_initialise(other, 1);
    assert_memory_equal(m->parameters, other->parameters, m->n * sizeof(float));
    model_initialise(other, 2);
    assert_memory_not_equal(m->parameters, other->parameters, m->n * sizeof(float));
    model_free(m);
    model_free(other);
}

static void test_gather(void **state)
{
    Dataset d = dataset_create(4);
    const int order[] = { 2, 0, 3, 1 };
    float *x = allocate(2 * PIXELS, sizeof *x);

    (void)state;
    for (int i = 0; i < 4; i++)
        d.pixels[i * PIXELS + PIXELS - 1] = (uint8_t)(51 * (i + 2));
    gather(x, &d, order, 1, 2);
    assert_near(x[PIXELS - 1], 0.4, 1e-7);                   /* image 0 */
    assert_near(x[2 * PIXELS - 1], 1, 0);                    /* image 3 */
    gather(x, &d, NULL, 1, 2);
    assert_near(x[PIXELS - 1], 0.6, 1e-7);
    assert_near(x[0], 0, 0);
    free(x);
    dataset_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_dot_axpy),
        cmocka_unit_test(test_layers_against_pytorch),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_dropout),
        cmocka_unit_test(test_nan_stays),
        cmocka_unit_test(test_dropout_by_image),
        cmocka_unit_test(test_random_streams),
        cmocka_unit_test(test_losses_against_pytorch),
        cmocka_unit_test(test_optimisers_against_pytorch),
        cmocka_unit_test(test_update_in_parts),
        cmocka_unit_test(test_networks_against_pytorch),
        cmocka_unit_test(test_network_gradients),
        cmocka_unit_test(test_any_first_layer),
        cmocka_unit_test(test_in_place),
        cmocka_unit_test(test_parts_of_a_batch),
        cmocka_unit_test(test_initialise),
        cmocka_unit_test(test_gather),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
