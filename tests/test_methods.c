/* SPDX-License-Identifier: MIT
 *
 * A method that is no network, in the lab, the store, settings and lists: this
 * test brings a table of methods of its own, as somebody would who adds one.
 * "nearest" remembers the mean image of each digit, and answers with the
 * nearest; its one number draws the means towards that of all images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chapter/changes.h"
#include "data/synth.h"
#include "runs/catalogue.h"
#include "runs/code.h"
#include "runs/lab.h"
#include "runs/network.h"
#include "runs/settings.h"
#include "scratch.h"

enum { NEAREST = NETWORK + 1 };

/* --- the method ---------------------------------------------------------- */

typedef struct Means {
    float of[CLASSES][PIXELS];
} Means;

/* Where its number lies; an Experiment has room for it in a layer that no
 * network of this test has. */
#define SHRINK layers[MAX_LAYERS - 1].rate

static const SpecField nearest_fields[] = {
    { "nearest.shrink", offsetof(Experiment, SHRINK), .real = true, .low = 0.001,
      .high = 1, .usual = 0.25 },
    { NULL },
};

static const char *const nearest_files[] = { "base/memory", NULL };

static void add_image(float *sum, const uint8_t *pixels)
{
    for (int p = 0; p < PIXELS; p++)
        sum[p] += (float)pixels[p] / 255;
}

static Error nearest_fit(void **learned, History *h, const Experiment *e,
                         const Dataset *data, const FitOptions *options)
{
    Dataset training, held_out;
    Error error = experiment_split(&training, &held_out, e, data);
    float all[PIXELS] = { 0 };
    int n[CLASSES] = { 0 };

    if (error)
        return error_text("%s: %s", e->name, error);
    Means *m = allocate(1, sizeof *m);
    for (int i = 0; i < training.n; i++) {
        add_image(all, training.pixels + (size_t)i * PIXELS);
        add_image(m->of[training.labels[i]], training.pixels + (size_t)i * PIXELS);
        n[training.labels[i]]++;
    }
    for (int d = 0; d < CLASSES; d++)
        for (int p = 0; p < PIXELS; p++)
            m->of[d][p] = (1 - e->SHRINK) * m->of[d][p] / (float)(n[d] ? n[d] : 1)
                        + e->SHRINK * all[p] / (float)training.n;
    m->of[0][0] += 1e-6f * (float)options->seed;
    h->time = (TrainTime){ 0.5, 0.25 };
    *learned = m;
    return NULL;
}

static Predictions nearest_predict(void *learned, const Dataset *d)
{
    const Means *m = learned;
    Predictions p = predictions_create(d->n);
    int correct = 0;

    for (int i = 0; i < d->n; i++) {
        float *y = p.output + i * CLASSES;
        for (int c = 0; c < CLASSES; c++)
            for (int j = 0; j < PIXELS; j++)
                y[c] -= powf((float)d->pixels[i * PIXELS + j] / 255 - m->of[c][j], 2);
        p.label[i] = d->labels[i];
        p.predicted[i] = (uint8_t)largest_of(y);
        correct += p.predicted[i] == p.label[i];
    }
    p.accuracy = (double)correct / d->n;
    p.loss = 1 - p.accuracy;
    return p;
}

static size_t nearest_parameters(const void *learned)
{
    (void)learned;
    return sizeof(Means) / sizeof(float);
}

static Error nearest_save(const void *learned, const char *folder)
{
    char path[1200];
    Text t = { 0 };

    text_add_bytes(&t, learned, sizeof(Means));
    snprintf(path, sizeof path, "%s/means.bin", folder);
    Error error = text_write(&t, path);
    text_free(&t);
    text_add(&t, "ten means\n");
    snprintf(path, sizeof path, "%s/note.txt", folder);
    error = error ? error : text_write(&t, path);
    text_free(&t);
    return error;
}

static Error nearest_load(void **learned, const Experiment *e, int batch,
                          const char *folder)
{
    char path[1200];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/means.bin", folder);
    const Error error = text_read(&t, path);
    if (error)
        return error;
    assert_int_equal(t.length, sizeof(Means));
    *learned = memcpy(allocate(1, sizeof(Means)), t.s, t.length);
    text_free(&t);
    return NULL;
}

static const Method nearest_method = {
    .name = "nearest", .files = nearest_files, .fields = nearest_fields,
    .fit = nearest_fit, .predict = nearest_predict,
    .parameters = nearest_parameters, .save = nearest_save,
    .load = nearest_load, .release = free,
};

/* In place of lib/runs/methods.c, which the linker leaves out. */
const Method *method_of(MethodKind kind)
{
    return kind == NETWORK ? &network_method
         : (int)kind == NEAREST ? &nearest_method : NULL;
}

/* --- in use -------------------------------------------------------------- */

static const Experiment nearest = {
    .name   = "nearest",
    .method = (MethodKind)NEAREST,
    .input  = { 1, 28, 28 },
    .seeds  = 2,
};

static const Experiment network = {
    .name   = "network",
    .input  = { 1, 28, 28 },
    .layers = { { DENSE, .units = 10 }, { SOFTMAX } },
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train  = { .epochs = 1, .batch = 10 },
    .seeds  = 1,
};

static Digits digits;

static int setup(void **state)
{
    (void)state;
    make_scratch("test_methods");
    digits.train = synth_digits(400, 1);
    digits.test = synth_digits(100, 2);
    dataset_digest(digits.digest, &digits.train, &digits.test);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dataset_free(&digits.train);
    dataset_free(&digits.test);
    return remove_scratch(state);
}

static Lab *open_lab(const char *store)
{
    return lab_open(&digits, &(LabOptions){ .store = in_root("%s", store),
                                            .threads = 2, .chapter = "10-rivals" });
}

static void test_fields(void **state)
{
    const Experiment whole = method_complete(&nearest);
    Experiment back = { 0 };
    Text t = { 0 };

    (void)state;
    experiment_print(&t, &whole);
    assert_string_equal(text_string(&t), "method\tnearest\ninput\t1 28 28\n"
                        "nearest.shrink\t0.25\ntrain.images\t0\n"
                        "train.validation\t0\n");
    assert_null(experiment_parse(&back, text_string(&t)));
    assert_true(experiment_same(&back, &nearest));
    assert_false(experiment_same(&network, &nearest));
    text_free(&t);

    assert_says(experiment_set(&back, "layers=dense 10"),
                "layers: the method nearest does not use it");
    assert_says(experiment_set(&back, "train.epochs=3"),
                "train.epochs: the method nearest does not use it");
    assert_says(experiment_set(&back, "nearest.shrink=2"), "out of range");
    assert_null(experiment_set(&back, "nearest.shrink=0.5"));
    assert_false(experiment_same(&back, &nearest));
    back = network;
    assert_says(experiment_set(&back, "nearest.shrink=0.5"),
                "nearest.shrink: the method network does not use it");
    assert_says(experiment_set(&back, "method=tree"),
                "method: \"tree\", expected one of: network, nearest");
    assert_null(experiment_set(&back, "method=nearest"));
    assert_true(experiment_same(&back, &nearest));

    /* The method goes first, wherever it stands, then the optimiser. */
    assert_null(experiment_set(&back, "optimiser.learning_rate=0.5; optimiser=adam; "
                                      "method=network"));
    assert_int_equal(back.method, NETWORK);
    assert_int_equal(back.optimiser.kind, ADAM);
    assert_true(back.optimiser.learning_rate == 0.5f);
    assert_null(experiment_set(&back, "nearest.shrink=0.5; method=nearest"));
    assert_true(back.SHRINK == 0.5f);
}

/* Usual numbers left out and spelled out are the same in every list. */
static void test_what_changed(void **state)
{
    Experiment e = nearest;
    Text t = { 0 };

    (void)state;
    e.SHRINK = 0.25f;
    changes_add_fields(&t, &nearest, "before", &e);
    assert_silent_about(text_string(&t), "nearest.shrink` | 0");
    text_free(&t);
}

static void test_changes(void **state)
{
    Change c = { 0 };

    (void)state;
    assert_true(next_change(&c, &network, &nearest));
    assert_string_equal(c.field, "method");
    assert_string_equal(c.before, "network");
    assert_string_equal(c.after, "nearest");
    assert_true(next_change(&c, &network, &nearest));
    assert_string_equal(c.field, "layers");
    assert_string_equal(c.after, "");
}

/* It is no part of a network's code, nor the other way round. */
static void test_code(void **state)
{
    char of_nearest[KEY_SIZE], of_network[KEY_SIZE], of_all[KEY_SIZE];
    int used = 0;

    (void)state;
    for (const CodeFile *f = code_files; f->name; f++)
        used += code_used(f, &nearest);
    assert_int_equal(used, 1);
    code_digest(of_nearest, &nearest);
    code_digest(of_network, &network);
    code_digest(of_all, NULL);
    assert_string_not_equal(of_nearest, of_network);
    assert_string_not_equal(of_network, of_all);
}

static void assert_same_outputs(const Run *run, const Predictions *p)
{
    Predictions q = run_predictions(run);

    assert_int_equal(q.n, p->n);
    assert_memory_equal(q.predicted, p->predicted, p->n);
    predictions_free(&q);
}

static void test_store(void **state)
{
    Lab *lab = open_lab("store");
    const Result *r = lab_run(lab, &nearest);
    const Run *run = &r->run[1];
    void *learned = NULL;
    char folder[128];
    Text seal = { 0 };

    (void)state;
    assert_null(r->error);
    assert_true(r->accuracy.mean > 0.3);
    assert_int_equal(r->trained, 2);
    assert_int_equal(r->parameters, 7840);
    assert_int_equal(run->history.points, 0);
    assert_true(fabs(r->core_seconds.mean - 0.25) < 1e-9);
    snprintf(folder, sizeof folder, "store/%s", run->key);
    assert_string_equal(files_in(folder),
                        "experiment.tsv history.tsv means.bin note.txt "
                        "predictions.tsv score.tsv seal.tsv ");
    assert_null(text_read(&seal, in_root("store/%s/seal.tsv", run->key)));
    assert_says(text_string(&seal), "\nmeans.bin\t31360\t");
    assert_says(text_string(&seal), "\nnote.txt\t10\t");
    text_free(&seal);

    assert_null(store_read_learned(&learned, run, &r->experiment, 1));
    Predictions p = nearest_predict(learned, &digits.test);
    assert_true(fabs(p.accuracy - run->accuracy) < 1e-9);
    assert_same_outputs(run, &p);
    predictions_free(&p);
    free(learned);
    lab_close(lab);

    lab = open_lab("store");                       /* recalled */
    r = lab_run(lab, &nearest);
    assert_int_equal(r->trained, 0);
    assert_int_equal(r->run[1].history.points, 0);
    assert_true(r->accuracy.mean > 0.3);
    lab_close(lab);
}

static void test_damage(void **state)
{
    Lab *lab = open_lab("damage");
    const Result *r = lab_run(lab, &nearest);
    const char *means = in_root("damage/%s/means.bin", r->run[0].key);

    (void)state;
    write_file(means, "no means");
    Run run = r->run[0];
    assert_says(store_read(&run), "means.bin: not the file that was sealed");
    assert_int_equal(remove(means), 0);
    assert_says(store_read(&run), "means.bin");
    lab_close(lab);
    lab = open_lab("damage");
    assert_int_equal(lab_run(lab, &nearest)->trained, 1);
    assert_null(store_read(&run));
    lab_close(lab);
}

static void test_error(void **state)
{
    Lab *lab = open_lab("error");
    Experiment e = nearest;
    const Result *r;

    (void)state;
    e.name = "too many";
    e.train.images = 500;
    e.train.validation = 59999;
    lab_try(lab, &r, &e, 1);
    assert_says(r->error, "too many: ");
    assert_says(r->error, "images for training");
    e = nearest;
    e.SHRINK = 7;
    lab_try(lab, &r, &e, 1);
    assert_says(r->error, "nearest: nearest.shrink: 7 is out of range, expected 0.001");
    e.SHRINK = 0;
    for (int k = -1; k <= 1; k += 2) {
        e.train.validation = 70000 * k;
        lab_try(lab, &r, &e, 1);
        assert_says(r->error, "0000 is out of range, expected 0 to 59999");
    }
    lab_close(lab);
}

/* Lists show it beside networks. */
static void test_catalogue(void **state)
{
    Lab *lab = open_lab("list");

    (void)state;
    lab_run(lab, &nearest);
    lab_run(lab, &network);
    lab_close(lab);
    Catalogue c = catalogue_read(in_root("list"));
    assert_int_equal(c.n, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(c.entry[i].current);
        assert_true(experiment_same(&c.entry[i].experiment,
                                    c.entry[i].runs == 2 ? &nearest
                                                                : &network));
    }
    catalogue_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_what_changed),
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_store),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_catalogue),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
