/* SPDX-License-Identifier: MIT
 *
 * Runs: the fields of an experiment, keys, weights in a file, the store and
 * what it notices, and the laboratory. Run from the root of the project; the
 * stores are folders of their own under build/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sha256.h"
#include "data/synth.h"
#include "nn/optimiser.h"
#include "runs/code.h"
#include "runs/lab.h"
#include "runs/network.h"
#include "runs/seal.h"
#include "runs/settings.h"

static const Experiment base = {
    .name      = "base",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 8 }, { RELU }, { DROPOUT, .rate = 0.1f },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 2, .batch = 10, .shuffle = true },
    .seeds     = 3,
};

static const Experiment every_layer = {
    .name   = "every layer",
    .input  = { 1, 28, 28 },
    .layers = { { CONV2D, .channels = 3, .kernel = 5, .stride = 2, .padding = 2 },
                { RELU }, { MAX_POOL, .kernel = 3, .stride = 2 },
                { CONV2D, .channels = 2, .kernel = 3 }, { MAX_POOL, .kernel = 2 },
                { FLATTEN }, { DROPOUT, .rate = 1.0f / 3 }, { DENSE, .units = 7 },
                { SIGMOID }, { DENSE, .units = 10 }, { SOFTMAX } },
    .train  = { .epochs = 1, .batch = 1 },
};

static const Experiment impossible = {
    .name = "impossible", .input = { 1, 28, 28 },
    .layers = { { CONV2D, .channels = 1, .kernel = 99 }, { DENSE, .units = 10 } },
    .optimiser = { SGD }, .train = { .epochs = 1, .batch = 1 }, .seeds = 2,
};

static char root[] = "build/test_runs.XXXXXX";
static Digits digits;                  /* 120 synthetic ones and 40 for testing */

static int setup(void **state)
{
    (void)state;
    must(make_folder("build"));
    if (!mkdtemp(root))
        die("%s: cannot be made; run from the root of the project", root);
    digits.train = synth_digits(120, 1);
    digits.test = synth_digits(40, 2);
    dataset_digest(digits.digest, &digits.train, &digits.test);
    return 0;
}

static int teardown(void **state)
{
    char command[64];

    (void)state;
    dataset_free(&digits.train);
    dataset_free(&digits.test);
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

static const char *in_root(const char *name)
{
    static char path[4][256];
    static int turn;

    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", root, name);
    return path[turn];
}

/* Near enough, and a number: cmocka's assert_float_equal lets NAN pass. */
#define assert_near(found, wanted, tolerance)                                  \
    check_near(#found, found, wanted, tolerance)

static void check_near(const char *what, double found, double wanted,
                       double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%s is %.9g, expected %.9g", what, found, wanted);
}

static void assert_says(const char *text, const char *part)
{
    if (!text || !strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text ? text : "(nothing)", part);
}

/* --- fields -------------------------------------------------------------- */

/* Printing and parsing give back the same text and the same layers. */
static void check_round_trip(const Experiment *e)
{
    Text first = { 0 }, second = { 0 };
    Experiment back = { 0 };

    experiment_print(&first, e);
    const Error error = experiment_parse(&back, first.s);
    if (error)
        fail_msg("%s: %s", e->name, error);
    experiment_print(&second, &back);
    assert_string_equal(first.s, second.s);
    assert_memory_equal(e->layers, back.layers, sizeof e->layers);
    assert_memory_equal(&e->input, &back.input, sizeof e->input);
    assert_memory_equal(&e->optimiser, &back.optimiser, sizeof e->optimiser);
    assert_memory_equal(&e->train.epochs, &back.train.epochs, sizeof(int));
    assert_int_equal(e->train.shuffle, back.train.shuffle);
    assert_int_equal(e->loss, back.loss);
    text_free(&first);
    text_free(&second);
}

static void test_round_trip(void **state)
{
    Experiment e = every_layer;

    (void)state;
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        e.optimiser = (OptimiserSpec){ .kind = (OptimiserKind)k };
        e = experiment_complete(&e);
        e.optimiser.learning_rate = 0.1f + (float)k / 7;     /* all nine digits */
        e.loss = (LossKind)(k % LOSS_KINDS);
        e.train = (TrainSpec){ .epochs = 1 + k, .batch = 1 << k, .shuffle = k & 1,
                               .images = 100 * k, .validation = 5 * k };
        check_round_trip(&e);
    }
    check_round_trip(&base);
}

static void test_canonical_text(void **state)
{
    Text t = { 0 };
    Experiment e = base;

    (void)state;
    e.optimiser = (OptimiserSpec){ MOMENTUM, .learning_rate = 0.1f, .momentum = 0.9f };
    experiment_print(&t, &e);
    assert_string_equal(t.s, "input\t1 28 28\n"
                             "layers\tdense 8, relu, dropout 0.1, dense 10, softmax\n"
                             "loss\tcross_entropy\n"
                             "optimiser\tmomentum\n"
                             "optimiser.learning_rate\t0.1\n"
                             "optimiser.momentum\t0.9\n"
                             "train.epochs\t2\n"
                             "train.batch\t10\n"
                             "train.shuffle\tyes\n"
                             "train.sorted\tno\n"
                             "train.images\t0\n"
                             "train.validation\t0\n");
    text_free(&t);
}

/* A text too long to be kept whole would give two networks one key. */
static void test_long_list_of_layers(void **state)
{
    Experiment e = base;

    (void)state;
    for (int i = 0; i < MAX_LAYERS - 3; i++)
        e.layers[i] = (LayerSpec){ CONV2D, .channels = 128, .kernel = 3, .stride = 1,
                                   .padding = 1 };
    e.layers[MAX_LAYERS - 3] = (LayerSpec){ DENSE, .units = 10 };
    e.layers[MAX_LAYERS - 2] = (LayerSpec){ SOFTMAX };
    check_round_trip(&e);
}

static void test_complete(void **state)
{
    Experiment e = { .layers = { { CONV2D, .channels = 2, .kernel = 3 },
                                { MAX_POOL, .kernel = 3 },
                                { MAX_POOL, .kernel = 3, .stride = 2 } },
                     .optimiser = { ADAM, .beta2 = 0.5f } };

    (void)state;
    e = experiment_complete(&e);
    assert_near(e.optimiser.beta2, 0.5, 0);
    assert_near(e.optimiser.learning_rate, 0.001, 1e-9);
    assert_near(e.optimiser.beta1, 0.9, 1e-7);
    assert_near(e.optimiser.epsilon, 1e-8, 1e-15);
    assert_near(e.optimiser.momentum, 0, 0);              /* not one of Adam's */
    assert_near(e.optimiser.alpha, 0, 0);
    assert_int_equal(e.layers[0].stride, 1);
    assert_int_equal(e.layers[0].padding, 0);
    assert_int_equal(e.layers[1].stride, 3);              /* as the kernel */
    assert_int_equal(e.layers[2].stride, 2);
}

static void test_settings(void **state)
{
    static const struct {
        const char *setting, *field, *value;       /* and how it reads afterwards */
    } cases[] = {
        { "train.batch=64", "train.batch", "64" },
        { "train.shuffle=no", "train.shuffle", "no" },
        { "train.shuffle=true", "train.shuffle", "yes" },
        { "optimiser.learning_rate=3e-4", "optimiser.learning_rate", "0.0003" },
        { "loss=mse", "loss", "mse" },
        { "input=3 14 7", "input", "3 14 7" },
        { "layers=conv2d kernel 5 channels 8,relu,  max_pool kernel 2, dense units 9",
          "layers", "conv2d channels 8 kernel 5, relu, max_pool kernel 2, dense 9" },
        { "layers=dropout rate 0.25, flatten, sigmoid", "layers",
          "dropout 0.25, flatten, sigmoid" },
        { "optimiser=rmsprop", "optimiser", "rmsprop" },
        { "optimiser=rmsprop", "optimiser.alpha", "0.99" },      /* its usual one */
        { "optimiser=momentum", "optimiser.momentum", "0.9" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Experiment e = base;
        char value[MAX_VALUE] = "";
        assert_null(experiment_set(&e, cases[i].setting));
        for (int k = 0; experiment_field(k); k++)
            if (strcmp(experiment_field(k)->name, cases[i].field) == 0)
                field_value(value, experiment_field(k), &e);
        assert_string_equal(value, cases[i].value);
    }
}

static void test_wrong_settings(void **state)
{
    static const struct {
        const char *setting, *says;
    } cases[] = {
        { "train.bacth=64", "\"train.bacth\" is no field of an experiment; did you "
                            "mean \"train.batch\"?" },
        { "optimiser.learningrate=1", "did you mean \"optimiser.learning_rate\"?" },
        { "optimizer=sgd", "did you mean \"optimiser\"?" },
        { "train.epoch=3", "did you mean \"train.epochs\"?" },
        { "train.batch=0", "0 is out of range, expected 1 to 60000" },
        { "train.epochs=129", "129 is out of range, expected 1 to 128" },
        { "train.validation=-1", "-1 is out of range" },
        { "optimiser.learning_rate=0", "0 is out of range, expected 1e-09 to 1e+06" },
        { "optimiser.learning_rate=nan", "nan is out of range" },
        { "optimiser.beta2=1", "1 is out of range" },
        { "train.batch=1.5", "\"1.5\" is no whole number" },
        { "train.batch=many", "\"many\" is no whole number" },
        { "train.batch=", "\"\" is no whole number" },
        { "optimiser.beta1=0.9x", "\"0.9x\" is no number" },
        { "train.shuffle=perhaps", "\"perhaps\", expected yes or no" },
        { "loss=mae", "\"mae\", expected one of: mse, cross_entropy" },
        { "optimiser=lbfgs", "\"lbfgs\", expected one of: sgd, momentum, rmsprop, adam" },
        { "input=28", "\"28\", expected channels, rows and columns" },
        { "train.batch", "expected a field and its value" },
        { "", "expected a field and its value" },
        { "layers=", "layers: none given" },
        { "layers=dense 8, danse 10", "\"danse\" is no kind of layer" },
        { "layers=dense 8, , softmax", "is no kind of layer" },
        { "layers=dense many", "dense units is \"many\", expected a whole number" },
        { "layers=dense 1.5", "dense units is \"1.5\", expected a whole number" },
        { "layers=dense 0", "dense units is 0, expected 1 to 100000" },
        { "layers=dropout 1", "dropout rate is 1, expected 0 to 0.999" },
        { "layers=dropout nan", "dropout rate is nan, expected 0 to 0.999" },
        { "layers=dense 3 4", "says nothing about a dense layer" },
        { "layers=conv2d 3", "\"3\" says nothing about a conv2d layer" },
        { "layers=relu 3", "\"3\" says nothing about a relu layer" },
        { "layers=conv2d channels", "\"channels\" says nothing about a conv2d layer" },
        { "layers=conv2d rate 3", "\"rate\" says nothing about a conv2d layer" },
    };
    Experiment e;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        e = base;
        assert_says(experiment_set(&e, cases[i].setting), cases[i].says);
    }
    e = base;
    e.optimiser.kind = SGD;
    assert_says(experiment_set(&e, "optimiser.momentum=0.5"),
                "optimiser.momentum: the optimiser sgd does not use it");
    assert_says(experiment_parse(&e, "train.batch\t10\ntrain.epochs\t0\n"),
                "train.epochs: 0 is out of range");
}

/* Several settings, "; " between; the first that is wrong is named. */
static void test_several_settings(void **state)
{
    Experiment e = base;

    (void)state;
    assert_null(experiment_set(&e, " train.batch=4 ;  train.epochs=7;loss=mse;"));
    assert_int_equal(e.train.batch, 4);
    assert_int_equal(e.train.epochs, 7);
    assert_int_equal(e.loss, LOSS_MSE);
    assert_null(experiment_set(&e, "optimiser=momentum; optimiser.momentum=0.5"));
    assert_near(e.optimiser.momentum, 0.5, 0);
    assert_says(experiment_set(&e, "train.batch=8; train.epochs=0; loss=mae"),
                "train.epochs: 0 is out of range");
    assert_says(experiment_set(&e, "train.batch=8; ; loss=mse"),
                "expected a field and its value");
}

static void test_ranges(void **state)
{
    static const struct {
        const char *field, *range;
    } cases[] = {
        { "input", "channels rows columns" },
        { "loss", "mse, cross_entropy" },
        { "optimiser", "sgd, momentum, rmsprop, adam" },
        { "optimiser.learning_rate", "number, 1e-09 to 1e+06" },
        { "train.batch", "whole number, 1 to 60000" },
        { "train.shuffle", "yes or no" },
    };
    static const char *const kinds[] = {
        " dense units", " conv2d channels kernel stride padding",
        " max_pool kernel stride", " flatten", " dropout rate", " sigmoid", " relu",
        " softmax",
    };
    char range[MAX_VALUE] = "";

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int k = 0; experiment_field(k); k++)
            if (strcmp(experiment_field(k)->name, cases[i].field) == 0) {
                field_range(range, experiment_field(k));
                assert_string_equal(range, cases[i].range);
            }
    for (int k = 0; experiment_field(k); k++)      /* however many kinds there are */
        if (strcmp(experiment_field(k)->name, "layers") == 0)
            field_range(range, experiment_field(k));
    assert_memory_equal(range, "list of: ", 9);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_says(range, kinds[i]);
}

/* The fields that differ, in their order; "" for one that is not used. */
static void test_changes(void **state)
{
    static const char *const expected[][3] = {
        { "optimiser", "adam", "momentum" },
        { "optimiser.momentum", "", "0.5" },
        { "optimiser.epsilon", "1e-08", "" },
        { "optimiser.beta1", "0.9", "" },
        { "optimiser.beta2", "0.999", "" },
        { "train.batch", "10", "20" },
    };
    Experiment e = base;
    Change c = { 0 };

    (void)state;
    e.optimiser = (OptimiserSpec){ MOMENTUM, .learning_rate = 0.01f,
                                   .momentum = 0.5f, .alpha = 0.3f };
    e.train.batch = 20;
    for (int i = 0; i < 6; i++) {
        assert_true(next_change(&c, &base, &e));
        assert_string_equal(c.field, expected[i][0]);
        assert_string_equal(c.before, expected[i][1]);
        assert_string_equal(c.after, expected[i][2]);
    }
    assert_false(next_change(&c, &base, &e));
    assert_false(next_change(&(Change){ 0 }, &base, &base));
}

/* An optimiser brings its usual numbers, but none that was asked for is lost,
 * in whatever order. */
static void test_optimiser_and_its_numbers(void **state)
{
    Experiment e = base;

    (void)state;
    assert_null(experiment_set(&e, "optimiser.alpha=0.5; optimiser=rmsprop"));
    assert_int_equal(e.optimiser.kind, RMSPROP);
    assert_near(e.optimiser.alpha, 0.5, 0);
    assert_near(e.optimiser.learning_rate, 0.001, 1e-6);
    assert_null(experiment_set(&e, "optimiser=adam; optimiser.beta2=0.25"));
    assert_near(e.optimiser.beta2, 0.25, 0);
}

/* What was left out counts as the usual value; name and seeds do not count. */
static void test_same(void **state)
{
    Experiment e = base, f = every_layer;

    (void)state;
    e.name = "another";
    e.seeds = 1;
    e.optimiser = (OptimiserSpec){ ADAM, .learning_rate = 0.01f };
    assert_true(experiment_same(&base, &e));
    e.optimiser.learning_rate = 0;                       /* the usual: 0.001 */
    assert_false(experiment_same(&base, &e));
    f.layers[3].stride = 1;
    f.layers[4].stride = 2;
    assert_true(experiment_same(&every_layer, &f));
    f.layers[4].stride = 1;
    assert_false(experiment_same(&every_layer, &f));
}

/* --- experiments in files --- */

static void test_experiment_file(void **state)
{
    const char *path = in_root("experiment.tsv");
    const Experiment whole = experiment_complete(&every_layer);
    Experiment e = every_layer, back = { .name = "mine" };
    char data[65];

    (void)state;
    e.seeds = 4;
    assert_null(experiment_write(&e, digits.digest, path));
    assert_null(experiment_read(&back, data, path));
    assert_string_equal(data, digits.digest);
    assert_string_equal(back.name, "mine");
    assert_int_equal(back.seeds, 4);
    assert_memory_equal(back.layers, whole.layers, sizeof whole.layers);
    assert_true(experiment_same(&back, &every_layer));
}

static void test_wrong_experiment_file(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "expected the lines \"seeds\" and \"data\"" },
        { "2\ninput\t1 28 28\n", "expected the lines \"seeds\" and \"data\"" },
        { "seeds\t2\n", "expected the lines" },
        { "seeds\t2\ninput\t1 28 28\n", "expected the lines" },
        { "data\tabc\nseeds\t2\n", "expected the lines" },
        { "seeds\tmany\ndata\tabc\n", "expected the lines" },
        { "seeds\t2\ndata\t\ninput\t1 28 28\n", "expected the lines" },
        { "seeds\t2\ndata\tabc", "expected the lines" },
        { "seeds\t2\ndata\tabc\ntrain.bacth\t3\n", "did you mean \"train.batch\"?" },
        { "seeds\t2\ndata\tabc\ntrain.batch\n", "expected a field and its value" },
        { "seeds\t2\ndata\tabc\ntrain.batch\t0\n", "0 is out of range" },
    };
    const char *path = in_root("wrong.tsv");
    Experiment e = base;
    char data[65];

    (void)state;
    assert_says(experiment_read(&e, data, path), path);          /* none there */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Text t = { 0 };
        text_add(&t, "%s", cases[i].text);
        must(text_write(&t, path));
        text_free(&t);
        const Error error = experiment_read(&e, data, path);
        assert_says(error, cases[i].says);
        assert_memory_equal(error, path, strlen(path));
    }
}

/* --- keys ---------------------------------------------------------------- */

static const char *key_of(const Experiment *e, const char *data, uint64_t seed)
{
    static Run run[2];
    static int turn;

    turn = !turn;
    run_identify(&run[turn], "store", e, data, seed);
    assert_int_equal(strspn(run[turn].key, "0123456789abcdef"), KEY_SIZE - 1);
    return run[turn].key;
}

static void test_keys(void **state)
{
    static const char *const settings[] = {
        "method=network", "input=28 28 1", "layers=dense 9, relu, dropout 0.1, dense 10, softmax",
        "loss=mse", "optimiser=rmsprop", "optimiser.learning_rate=0.0100000007",
        "optimiser.momentum=0.8", "optimiser.alpha=0.9", "optimiser.epsilon=1e-7",
        "optimiser.beta1=0.8", "optimiser.beta2=0.99",
        "train.epochs=3", "train.batch=11", "train.shuffle=no", "train.sorted=yes",
        "train.images=100", "train.validation=20",
    };
    Experiment e = base;
    char key[KEY_SIZE];
    int fields = 0;

    (void)state;
    strcpy(key, key_of(&base, "data", 1));
    e.name = "another";
    e.seeds = 99;
    assert_string_equal(key_of(&e, "data", 1), key);
    assert_string_not_equal(key_of(&base, "Data", 1), key);
    assert_string_not_equal(key_of(&base, "data", 2), key);

    for (const Field *f; (f = experiment_field(fields)); fields++) {
        const char *name = f->name, *setting = settings[fields];
        e = base;
        if (f->type == METHOD)                     /* there is only one */
            continue;
        for (int k = 0; !field_used(f, &e) && k < OPTIMISER_KINDS; k++)
            e.optimiser = (OptimiserSpec){ .kind = (OptimiserKind)k };
        assert_true(field_used(f, &e));
        strcpy(key, key_of(&e, "data", 1));
        assert_memory_equal(setting, name, strlen(name));
        assert_int_equal(setting[strlen(name)], '=');
        assert_null(experiment_set(&e, setting));
        if (strcmp(key_of(&e, "data", 1), key) == 0)
            fail_msg("%s: the same key", setting);
    }
    assert_int_equal(fields, sizeof settings / sizeof settings[0]);

    e = base;                          /* what is not used does not count */
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 0.1f };
    strcpy(key, key_of(&e, "data", 1));
    e.optimiser.beta2 = 0.5f;
    assert_string_equal(key_of(&e, "data", 1), key);
    e.layers[1].units = 3;
    assert_string_equal(key_of(&e, "data", 1), key);
}

/* --- weights ------------------------------------------------------------- */

static void test_safetensors(void **state)
{
    static const char header[] =
        "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[3,1,5,5],\"data_offsets\":[0,300]},"
        "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[300,312]},"
        "\"2.weight\":{\"dtype\":\"F32\",\"shape\":[10,192],\"data_offsets\":[312,7992]},"
        "\"2.bias\":{\"dtype\":\"F32\",\"shape\":[10],\"data_offsets\":[7992,8032]}}";
    Experiment e = { .input = { 1, 28, 28 },
                     .layers = { { CONV2D, .channels = 3, .kernel = 5, .stride = 3 },
                                 { RELU }, { DENSE, .units = 10 } } };
    const char *path = in_root("model.safetensors");
    Text file = { 0 };
    Model *m, *back, *other;

    (void)state;
    must(model_create(&m, &e, 1));
    must(model_create(&back, &e, 1));
    model_initialise(m, 1);
    assert_null(weights_write(m, path));
    assert_null(weights_read(back, path));
    assert_memory_equal(back->parameters, m->parameters, m->n * sizeof(float));

    assert_null(text_read(&file, path));
    const size_t length = (uint8_t)file.s[0] + 256 * (size_t)(uint8_t)file.s[1];
    for (int i = 2; i < 8; i++)
        assert_int_equal(file.s[i], 0);
    assert_int_equal(length % 8, 0);
    assert_memory_equal(file.s + 8, header, strlen(header));
    assert_int_equal(strspn(file.s + 8 + strlen(header), " "), length - strlen(header));
    assert_int_equal(file.length, 8 + length + m->n * sizeof(float));
    assert_memory_equal(file.s + 8 + length, m->parameters, m->n * sizeof(float));

    e.layers[2].units = 5;                           /* half as many outputs, but */
    e.layers[3] = (LayerSpec){ DENSE, .units = 10 }; /* other tensors */
    must(model_create(&other, &e, 1));
    assert_says(weights_read(other, path), "these are not the weights");
    model_free(other);
    memcpy(strstr(file.s + 8, "[10,192]"), "[192,10]", 8);
    assert_null(text_write(&file, path));
    assert_says(weights_read(back, path), "the header names other tensors");
    file.length--;
    assert_null(text_write(&file, path));
    assert_says(weights_read(back, path), "bytes found");
    remove(path);
    assert_says(weights_read(back, path), path);
    text_free(&file);
    model_free(m);
    model_free(back);
}

/* Numbers that are kept but not learned lie behind the others. There is no such
 * kind of layer yet: the last bias of a network is made one. */
static void test_safetensors_with_state(void **state)
{
    const Experiment e = { .input = { 1, 28, 28 },
                           .layers = { { DENSE, .units = 5 }, { DENSE, .units = 10 } } };
    const char *path = in_root("state.safetensors");
    Text file = { 0 };
    Model *m, *back;

    (void)state;
    must(model_create(&m, &e, 1));
    must(model_create(&back, &e, 1));
    model_initialise(m, 1);
    for (int i = 0; i < 2; i++) {
        Model *one = i ? back : m;
        one->layers[1].tensor[BIAS].state = true;
        one->n -= 10;
        one->states = 10;
    }
    assert_null(weights_write(m, path));
    assert_null(weights_read(back, path));
    assert_memory_equal(back->parameters, m->parameters,
                        (m->n + m->states) * sizeof(float));
    assert_null(text_read(&file, path));
    assert_non_null(strstr(file.s + 8, "\"1.bias\":{\"dtype\":\"F32\",\"shape\":[10],"
                                       "\"data_offsets\":[15900,15940]}}"));
    assert_memory_equal(file.s + file.length - 40, m->layers[1].tensor[BIAS].value, 40);
    text_free(&file);
    model_free(m);
    model_free(back);
}

/* --- the store and the laboratory ---------------------------------------- */

/* What is written to stderr between these two is kept in a file. */
static int real_stderr;

static void catch_stderr(void)
{
    const int file = open(in_root("stderr"), O_CREAT | O_TRUNC | O_WRONLY, 0666);

    assert_true(file >= 0);
    real_stderr = dup(2);
    dup2(file, 2);
    close(file);
}

static void release_stderr(Text *t)
{
    dup2(real_stderr, 2);
    close(real_stderr);
    must(text_read(t, in_root("stderr")));
}

static Lab *open_lab(const char *store, int threads)
{
    return lab_open(&digits, &(LabOptions){ .store = in_root(store),
                                            .threads = threads });
}

static int files_in_folder(const char *name)
{
    DIR *d = opendir(in_root(name));
    int n = 0;

    for (struct dirent *file; d && (file = readdir(d));)
        n += file->d_name[0] != '.';
    closedir(d);
    return n;
}

static void assert_same_weights(const Run *a, const Experiment *e, const Model *m)
{
    Model *n = run_model(a, e, 1);

    assert_memory_equal(n->parameters, m->parameters, m->n * sizeof(float));
    model_free(n);
}

/* What comes back from the store is what training gave. */
static void test_store(void **state)
{
    static History h;
    Experiment e = base;
    Model *m;
    Run run = { .seconds = 1.5, .core_seconds = 2.5, .peak_mib = 20, .threads = 3, .finished = 1234567890,
                .chapter = "04-relu", .name = "base" }, back;

    (void)state;
    e.train.validation = 20;
    must(network_fit(&m, &h, &e, &digits.train, &(FitOptions){ .seed = 7 }));
    Predictions p = evaluate(m, &digits.test);
    run.history = h;
    run.accuracy = p.accuracy;
    run.loss = p.loss;
    run.parameters = m->n;
    run_identify(&run, in_root("store"), &e, digits.digest, 7);
    must(make_folder(in_root("store")));

    back = (Run){ .seed = 7 };
    memcpy(back.folder, run.folder, sizeof back.folder);
    assert_string_equal(store_read(&back), "");              /* nothing there yet */
    assert_null(store_write(&run, &e, m, &p, false));
    assert_null(store_write(&run, &e, m, &p, false));               /* as good as the first */
    assert_null(store_read(&back));
    assert_int_equal(back.parameters, m->n);
    assert_near(back.accuracy, p.accuracy, 1e-7);
    assert_near(back.loss, p.loss, 1e-6);
    assert_near(back.seconds, 1.5, 1e-6);
    assert_near(back.core_seconds, 2.5, 1e-6);
    assert_near(back.history.time.core_seconds, 2.5, 1e-6);
    assert_near(back.peak_mib, 20, 1e-6);
    assert_int_equal(back.threads, 3);
    assert_int_equal(back.finished, 1234567890);
    assert_string_equal(back.chapter, "04-relu");
    assert_string_equal(back.name, "base");
    assert_int_equal(back.history.points, h.points);
    for (int i = 0; i < h.points; i++) {
        const Point *a = &h.point[i], *b = &back.history.point[i];
        assert_near(a->epoch, b->epoch, 1e-6);
        assert_near(a->loss, b->loss, 1e-6);
        assert_near(a->accuracy, b->accuracy, 1e-6);
        assert_int_equal(isnan(a->validation_loss), isnan(b->validation_loss));
        if (!isnan(a->validation_accuracy))
            assert_near(a->validation_accuracy, b->validation_accuracy, 1e-6);
        for (int l = 0; l < m->depth; l++)
            assert_near(a->gradient[l], b->gradient[l], 1e-6);
    }
    Predictions q = run_predictions(&back);
    assert_int_equal(q.n, p.n);
    assert_memory_equal(q.label, p.label, p.n);
    assert_memory_equal(q.predicted, p.predicted, p.n);
    for (int i = 0; i < p.n * CLASSES; i++)
        assert_near(q.output[i], p.output[i], 1e-5);
    assert_same_weights(&back, &e, m);
    predictions_free(&p);
    predictions_free(&q);
    model_free(m);
}

/* The key is the SHA-256 of experiment.tsv, which holds all that decides. */
static void test_key_is_that_of_the_file(void **state)
{
    Lab *lab = open_lab("identity", 1);
    const Run *run = &lab_run(lab, &base)->run[1];
    Run back = { .seed = 0 };
    Experiment e = { .name = "mine" };
    char path[1200], digest[65], code[KEY_SIZE], today[KEY_SIZE];
    Text t = { 0 };

    (void)state;
    snprintf(path, sizeof path, "%s/experiment.tsv", run->folder);
    must(text_read(&t, path));
    sha256_hex(digest, t.s, t.length);
    assert_string_equal(digest, run->key);
    assert_string_equal(strrchr(run->folder, '/') + 1, run->key);
    text_free(&t);

    strcpy(back.folder, run->folder);
    assert_null(store_read_experiment(&e, &back, code));
    assert_true(experiment_same(&e, &base));
    assert_string_equal(e.name, "mine");
    assert_int_equal(back.seed, 2);
    assert_string_equal(back.data, digits.digest);
    code_digest(today, &e);
    assert_string_equal(code, today);
    lab_close(lab);
}

/* Every object file of lib/nn is claimed: by the networks, or by a layer or an
 * optimiser of its name. One that nobody claims would change results and no
 * key. */
static void test_all_code_counts(void **state)
{
    int files = 0;

    (void)state;
    for (const CodeFile *f = code_files; f->name; f++) {
        assert_int_equal(strlen(f->digest), 64);
        files += strncmp(f->name, "nn/", 3) == 0;
        if (strncmp(f->name, "nn/", 3) == 0 && !code_used(f, NULL))
            fail_msg("%s decides results, but is part of no key: see "
                     "lib/runs/network.c", f->name);
    }
    assert_in_range(files, 15, 100);
}

/* What a network does not use is no part of its code. */
static void test_code_of_what_is_used(void **state)
{
    static const struct {
        const char *file;
        bool used;
    } cases[] = {
        { "nn/train", true }, { "nn/dense", true }, { "nn/dropout", true },
        { "nn/conv2d", false }, { "nn/sigmoid", false }, { "base/rng", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const CodeFile *f = code_files;
        while (f->name && strcmp(f->name, cases[i].file) != 0)
            f++;
        assert_non_null(f->name);
        assert_int_equal(code_used(f, &base), cases[i].used);
    }
}

/* A run that was moved under another key is not that run. */
static void test_renamed_run(void **state)
{
    Lab *lab = open_lab("renamed", 1);
    Run run = lab_run(lab, &base)->run[0];
    char folder[1024];

    (void)state;
    strcpy(folder, run.folder);
    char *last = &run.folder[strlen(folder) - 1];
    *last = *last == '0' ? '1' : '0';
    assert_int_equal(rename(folder, run.folder), 0);
    assert_says(store_read(&run),
                "experiment.tsv: the folder's name is not its SHA-256");
    strcpy(run.folder, folder);
    assert_string_equal(store_read(&run), "");
    lab_close(lab);
}

static void test_lab(void **state)
{
    Lab *lab = open_lab("lab", 1);
    const Result *r = lab_run(lab, &base);
    Experiment e = base;

    (void)state;
    assert_int_equal(r->runs, 3);
    assert_int_equal(r->trained, 3);
    assert_int_equal(r->accuracy.n, 3);
    assert_true(r->accuracy.mean > 0 && r->accuracy.mean <= 1);
    assert_true(r->loss.mean > 0 && r->loss.sd > 0);
    assert_int_equal(r->parameters, 784 * 8 + 8 + 8 * 10 + 10);
    assert_ptr_equal(lab_run(lab, &base), r);
    Lab *again = open_lab("lab", 2);
    const Result *s = lab_run(again, &base);
    assert_int_equal(s->trained, 0);
    assert_near(s->loss.mean, r->loss.mean, 1e-6);
    assert_near(s->accuracy.mean, r->accuracy.mean, 1e-6);

    e.name = "more";                   /* two more seeds: only those are trained */
    e.seeds = 5;
    s = lab_run(again, &e);
    assert_int_equal(s->runs, 5);
    assert_int_equal(s->trained, 2);
    assert_int_equal(s->run[4].seed, 5);
    e.train.epochs = 1;                /* another number: another run */
    assert_int_equal(lab_run(again, &e)->trained, 5);
    lab_close(lab);
    lab_close(again);
    lab_close(NULL);

    lab = lab_open(&digits, &(LabOptions){ .store = in_root("lab"), .seeds = 2,
                                           .force = true });
    s = lab_recall(lab, &base);
    assert_int_equal(s->runs, 2);
    assert_int_equal(s->trained, 0);
    e.seeds = 1;
    assert_int_equal(lab_run(lab, &e)->trained, 1);
    lab_close(lab);
}

/* Seed 3 alone is the third run of all; the lab notes who asked. */
static void test_only_seed(void **state)
{
    Experiment e = base;
    Lab *all = open_lab("only", 1);
    Lab *one = lab_open(&digits, &(LabOptions){ .store = in_root("only"),
                                                .only_seed = 3,
                                                .chapter = "04-relu" });

    (void)state;
    e.name = "base, train.batch=10";
    const Result *r = lab_run(one, &e);
    assert_int_equal(r->runs, 1);
    assert_int_equal(r->run[0].seed, 3);
    assert_string_equal(r->run[0].chapter, "04-relu");
    assert_string_equal(r->run[0].name, "base");
    assert_true(r->run[0].finished > 1700000000);
    const Result *s = lab_run(all, &base);
    assert_int_equal(s->trained, 2);
    assert_string_equal(s->run[2].key, r->run[0].key);
    assert_string_equal(s->run[2].chapter, "04-relu");
    assert_string_equal(s->run[0].chapter, "");
    lab_close(all);
    lab_close(one);
}

/* Counts the runs that were trained. */
static void count_trained(void *context, const Progress *p)
{
    *(int *)context += p->point == NULL;
}

/* The same run under two names, as in two exercises: trained once. */
static void test_two_names_for_one_run(void **state)
{
    Experiment e[2] = { base, base };
    const Result *r[2];
    int trained = 0;
    Lab *lab = lab_open(&digits, &(LabOptions){ .store = in_root("names"),
                                                .progress = count_trained,
                                                .context = &trained });

    (void)state;
    e[1].name = "twin";
    e[1].seeds = 2;
    lab_try(lab, r, e, 2);
    assert_int_equal(trained, 3);
    assert_ptr_not_equal(r[0], r[1]);
    assert_string_equal(r[1]->experiment.name, "twin");
    assert_int_equal(r[1]->runs, 2);
    assert_near(r[1]->run[1].loss, r[0]->run[1].loss, 0);
    lab_try(lab, r, e, 2);
    assert_int_equal(trained, 3);
    lab_close(lab);
}

/* Both names are told why it failed. */
static void test_two_names_for_one_failure(void **state)
{
    Lab *lab = open_lab("names", 1);
    Experiment e[2] = { impossible, impossible };
    const Result *r[2];

    (void)state;
    e[1].name = "twin";
    lab_try(lab, r, e, 2);
    assert_says(r[0]->error, "a kernel of 99");
    assert_says(r[1]->error, "a kernel of 99");
    lab_close(lab);
}

/* One thread or two, side by side or all for one run: the same bits. The
 * digits are held out, so each run has been judged on those. */
static void test_lab_threads(void **state)
{
    Experiment e = base;
    Lab *one = open_lab("one", 1), *two = open_lab("two", 2);

    (void)state;
    e.train.validation = 30;
    for (e.seeds = 1; e.seeds <= 3; e.seeds += 2) {
        const Result *a = lab_run(one, &e), *b = lab_run(two, &e);
        for (int i = 0; i < e.seeds; i++) {
            Model *m = run_model(&b->run[i], &e, 1);
            assert_string_equal(a->run[i].key, b->run[i].key);
            assert_same_weights(&a->run[i], &e, m);
            assert_near(a->run[i].loss, b->run[i].loss, 1e-6);
            model_free(m);
        }
        Predictions p = run_predictions(&a->run[0]);
        assert_int_equal(p.n, a->experiment.train.validation);
        assert_memory_equal(p.label, digits.train.labels + 120 - p.n, p.n);
        predictions_free(&p);
    }
    lab_close(one);
    lab_close(two);
}

/* A small data set: experiments made for 60,000 images take their share. */
static void test_lab_share_of_images(void **state)
{
    Lab *lab = open_lab("share", 1);
    Experiment e = base;

    (void)state;
    e.seeds = 1;
    e.train.validation = 5000;
    const Result *r = lab_run(lab, &e);
    assert_in_range(r->experiment.train.validation, 10, 11);
    e.train.images = 55000;
    r = lab_run(lab, &e);
    assert_in_range(r->experiment.train.images, 109, 110);
    lab_close(lab);
}

/* --- damage -------------------------------------------------------------- */

static const struct Damage {
    const char *file;
    enum { TRUNCATED, CHANGED, MISSING, GARBAGE } how;
    const char *says;
} damages[] = {
    { "history.tsv",       TRUNCATED, "history.tsv: not the file that was sealed" },
    { "model.safetensors", TRUNCATED, "model.safetensors: not the file" },
    { "model.safetensors", CHANGED,   "model.safetensors: not the file" },
    { "predictions.tsv",   CHANGED,   "predictions.tsv: not the file" },
    { "score.tsv",         GARBAGE,   "score.tsv: not the file" },
    { "predictions.tsv",   MISSING,   "predictions.tsv: " },
    { "experiment.tsv",    MISSING,   "experiment.tsv: " },
    { "seal.tsv",          MISSING,   "no seal.tsv, the run is not whole" },
    { "seal.tsv",          GARBAGE,   "not the file that was sealed" },
    { "seal.tsv",          TRUNCATED, "not the file that was sealed" },
};

static void do_damage(const Run *run, const struct Damage *d)
{
    char path[1200];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/%s", run->folder, d->file);
    must(text_read(&t, path));
    switch (d->how) {
    case TRUNCATED: t.length /= 2; break;
    case CHANGED:   t.s[t.length / 2] ^= 1; break;
    case MISSING:   remove(path); break;
    case GARBAGE:   memset(t.s, 'x', t.length); break;
    }
    if (d->how != MISSING)
        must(text_write(&t, path));
    text_free(&t);
}

/* A damaged run is named on stderr and made again, as it was. */
static void test_damage(void **state)
{
    Experiment e = base;
    Lab *lab = open_lab("damage", 1);

    (void)state;
    e.seeds = 2;
    const Result *whole = lab_run(lab, &e);
    Run run = whole->run[1];
    Model *m = run_model(&run, &e, 1);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        Text said = { 0 };
        do_damage(&run, &damages[i]);
        assert_says(store_read(&run), damages[i].says);

        Lab *again = open_lab("damage", 1);
        catch_stderr();
        const Result *r = lab_run(again, &e);
        release_stderr(&said);
        assert_int_equal(r->trained, 1);
        assert_says(text_string(&said), damages[i].says);
        assert_says(text_string(&said), "; it is made again\n");
        assert_null(store_read(&run));
        assert_same_weights(&run, &e, m);
        lab_close(again);
        text_free(&said);
    }
    model_free(m);
    lab_close(lab);
}

static void put(const Run *run, const char *file, const char *text, size_t n)
{
    char path[1200];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/%s", run->folder, file);
    text_add_bytes(&t, text, n);
    must(text_write(&t, path));
    text_free(&t);
    snprintf(path, sizeof path, "%s/seal.tsv", run->folder);
    remove(path);
    must(seal_write(run->folder));
}

/* A seal says that nobody changed a file, not that it makes sense: a store may
 * be shared. What is no number, no digit, no text is no run. */
static void test_sealed_nonsense(void **state)
{
    static const char zeros[] = "\t0\t0\t0\t0\t0\t0\t0\t0\t0\t";
    static const struct { const char *line, *end; } lines[] = {
        { "77\t1", "0\n" }, { "250\t1", "0\n" }, { "1\t10", "0\n" },
        { "-1\t1", "0\n" }, { "1\t", "0\n" }, { "1\t1", "nan\n" },
        { "1\t1", "\n" }, { "1\t1", "0\t0\n" }, { "1\t1", "0" },
    };
    static const char nul[] = "label\tprediction\n1\t1\0";
    static const char history[] = "epoch\tloss\taccuracy\tvalidation_loss\t"
        "validation_accuracy\tgradient_0\n1\t0.5\t0.5\tnan\tnan\n";
    Lab *lab = open_lab("nonsense", 1);
    Experiment e = base;
    Predictions p;
    Text score = { 0 };
    char path[1200];

    (void)state;
    e.seeds = 1;
    Run run = lab_run(lab, &e)->run[0];
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        Text t = { 0 };
        text_add(&t, "label\tprediction\n%s%s%s", lines[i].line, zeros,
                 lines[i].end);
        put(&run, "predictions.tsv", t.s, t.length);
        text_free(&t);
        if (!strchr(lines[i].end, '\n'))                /* not even a line */
            continue;
        assert_says(store_read_predictions(&p, &run),
                    "predictions.tsv:2: expected a label, a prediction and 10");
        assert_null(p.label);
    }
    put(&run, "predictions.tsv", nul, sizeof nul - 1);
    assert_says(store_read_predictions(&p, &run), "a zero byte in it");
    put(&run, "history.tsv", history, sizeof history - 1);
    assert_says(store_read(&run), "history.tsv: line 2: number 5 is not there");
    snprintf(path, sizeof path, "%s/score.tsv", run.folder);
    must(text_read(&score, path));
    char *loss = strstr(score.s, "\nloss\t") + 6;
    memset(loss, ' ', strcspn(loss, "\n"));
    put(&run, "score.tsv", score.s, score.length);
    assert_says(store_read(&run), "score.tsv: loss is \"");
    memcpy(loss, "nan\n", 4);
    put(&run, "score.tsv", score.s, score.length);
    assert_says(store_read(&run), "score.tsv: loss is \"nan\", expected a number");
    text_free(&score);
    lab_close(lab);
}

/* FORCE: the new run takes the place of the old one, in sweeps and exercises,
 * too; the seal is another file. */
static void test_forced_run_is_kept(void **state)
{
    Lab *lab = open_lab("forced", 1);
    Experiment e = base;
    const Result *r;
    char seal[1200];
    struct stat before, after;

    (void)state;
    e.seeds = 1;
    snprintf(seal, sizeof seal, "%s/seal.tsv", lab_run(lab, &e)->run[0].folder);
    assert_int_equal(stat(seal, &before), 0);
    const int kept = open(seal, O_RDONLY);             /* holds its inode */
    lab_close(lab);
    lab = lab_open(&digits, &(LabOptions){ .store = in_root("forced"),
                                           .force = true });
    lab_try(lab, &r, &e, 1);
    assert_int_equal(r->trained, 1);
    assert_null(store_read(&r->run[0]));
    assert_int_equal(stat(seal, &after), 0);
    assert_true(before.st_ino != after.st_ino);
    lab_close(lab);
    close(kept);
}

/* --- failing ------------------------------------------------------------- */

/* Several experiments in one call; one that fails does not take the others
 * with it. */
static void test_try(void **state)
{
    Lab *lab = open_lab("try", 2);
    Experiment e[4] = { base, impossible, base, base };
    const Result *r[4];

    (void)state;
    e[2].name = "too fast";
    e[2].loss = LOSS_MSE;
    e[2].layers[4].kind = NO_LAYER;
    e[2].optimiser = (OptimiserSpec){ SGD, .learning_rate = 1e6f };
    e[3].name = "fewer";
    e[3].train.images = 60;
    lab_try(lab, r, e, 4);
    assert_null(r[0]->error);
    assert_int_equal(r[0]->trained, 3);
    assert_says(r[1]->error, "impossible: layer 1, conv2d: a kernel of 99");
    assert_says(r[2]->error, "too fast: the loss is not finite in epoch 1");
    assert_null(r[3]->error);
    assert_int_equal(r[3]->accuracy.n, 3);
    assert_true(r[3]->loss.mean != r[0]->loss.mean);
    assert_ptr_equal(lab_run(lab, &base), r[0]);
    lab_close(lab);
}

/* Files may grow to 2,000 bytes, as on a full disk. */
static void limit_files(void)
{
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 2000, 2000 });
}

/* What failed is neither renamed nor left: a short text fails when it is
 * closed, a long one while it is written. */
static void test_full_disk(void **state)
{
    const size_t sizes[] = { 3000, 3000000 };
    const char *path = in_root("full/text");
    int status;

    (void)state;
    must(make_folder(in_root("full")));
    const pid_t child = fork();
    if (child == 0) {
        limit_files();
        for (int i = 0; i < 2; i++) {
            Text t = { 0 }, old = { 0 };
            text_add(&t, "old");
            if (text_write(&t, path))
                _exit(2);
            text_free(&t);
            for (size_t k = 0; k < sizes[i]; k++)
                text_add_char(&t, 'x');
            const Error error = text_write(&t, path);
            if (!error || !strstr(error, "cannot be written: File too large"))
                _exit(3);
            if (text_read(&old, path) || strcmp(old.s, "old") != 0)
                _exit(4);
        }
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(files_in_folder("full"), 1);
}

/* A run that cannot be stored is no result of the training: the program stops,
 * whoever asked for it, and nothing stays behind. */
static void test_full_disk_is_no_result(void **state)
{
    Text said = { 0 };
    int status;

    (void)state;
    must(make_folder(in_root("fullstore")));
    catch_stderr();
    const pid_t child = fork();
    if (child == 0) {
        const Result *r;
        limit_files();
        Lab *lab = open_lab("fullstore", 1);
        lab_try(lab, &r, &base, 1);
        _exit(0);
    }
    waitpid(child, &status, 0);
    release_stderr(&said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_says(text_string(&said), "cannot be written: File too large");
    assert_int_equal(strcspn(said.s, "\n"), said.length - 1);
    text_free(&said);
    assert_int_equal(files_in_folder("fullstore"), 0);
}

/* lab_run stops the program: one line, exit status 1. */
static void test_run_dies(void **state)
{
    Lab *lab = open_lab("try", 1);
    Text said = { 0 };
    int status;

    (void)state;
    catch_stderr();
    const pid_t child = fork();
    if (child == 0) {
        lab_run(lab, &impossible);
        _exit(0);
    }
    waitpid(child, &status, 0);
    release_stderr(&said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_says(text_string(&said), "impossible: layer 1, conv2d: a kernel of 99");
    assert_int_equal(strcspn(said.s, "\n"), said.length - 1);
    text_free(&said);
    lab_close(lab);
}

static void test_stat(void **state)
{
    const Stat s = stat_of((double[]){ 2, 4, 9 }, 3), one = stat_of((double[]){ 7 }, 1);

    (void)state;
    assert_near(s.mean, 5, 1e-6);
    assert_near(s.sd, sqrt(13), 1e-6);
    assert_int_equal(s.n, 3);
    assert_near(one.mean, 7, 0);
    assert_near(one.sd, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_canonical_text),
        cmocka_unit_test(test_long_list_of_layers),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_wrong_settings),
        cmocka_unit_test(test_several_settings),
        cmocka_unit_test(test_optimiser_and_its_numbers),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_experiment_file),
        cmocka_unit_test(test_wrong_experiment_file),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_safetensors),
        cmocka_unit_test(test_safetensors_with_state),
        cmocka_unit_test(test_store),
        cmocka_unit_test(test_key_is_that_of_the_file),
        cmocka_unit_test(test_all_code_counts),
        cmocka_unit_test(test_code_of_what_is_used),
        cmocka_unit_test(test_renamed_run),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_full_disk_is_no_result),
        cmocka_unit_test(test_run_dies),         /* before there are threads */
        cmocka_unit_test(test_lab),
        cmocka_unit_test(test_only_seed),
        cmocka_unit_test(test_two_names_for_one_run),
        cmocka_unit_test(test_two_names_for_one_failure),
        cmocka_unit_test(test_lab_threads),
        cmocka_unit_test(test_lab_share_of_images),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_sealed_nonsense),
        cmocka_unit_test(test_forced_run_is_kept),
        cmocka_unit_test(test_try),
        cmocka_unit_test(test_stat),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
