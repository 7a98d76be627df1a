/* SPDX-License-Identifier: MIT
 *
 * Numbers that a reader chooses: in C and on the command line they are held to
 * the same table; what they need is known before a training begins, and so is
 * what the machine has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/machine.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/synth.h"
#include "runs/lab.h"
#include "runs/need.h"
#include "runs/network.h"
#include "runs/settings.h"
#include "runs/valid.h"
#include "scratch.h"

static const Experiment base = {
    .name      = "base",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 4, .kernel = 5 }, { RELU },
                   { MAX_POOL, .kernel = 2 }, { DROPOUT, .rate = 0.25f },
                   { FLATTEN }, { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { MOMENTUM, .learning_rate = 0.1f, .momentum = 0.9f },
    .train     = { .epochs = 2, .batch = 32, .shuffle = true },
    .seeds     = 2,
};

static Digits digits;

static int setup(void **state)
{
    (void)state;
    make_scratch("test_settings");
    digits.train = synth_digits(120, 1);
    digits.test = synth_digits(40, 2);
    dataset_digest(digits.digest, &digits.train, &digits.test);
    return 0;
}

static int teardown(void **state)
{
    dataset_free(&digits.train);
    dataset_free(&digits.test);
    return remove_scratch(state);
}

/* --- an experiment in C -------------------------------------------------- */

#define WRONG(what, says)                                                      \
    do {                                                                       \
        Experiment e = base;                                                   \
        what;                                                                  \
        assert_says(experiment_valid(&e), "base: ");                           \
        assert_says(experiment_valid(&e), says);                               \
    } while (0)

static void test_in_c(void **state)
{
    (void)state;
    assert_null(experiment_valid(&base));
    WRONG(e.optimiser.learning_rate = 0, "optimiser.learning_rate: 0 is out of "
                                         "range, expected 1e-09 to 1e+06: it "
                                         "must be given");
    WRONG(e.optimiser.learning_rate = -0.1f, "optimiser.learning_rate: -0.1 is");
    WRONG(e.optimiser.learning_rate = 2e6f, "optimiser.learning_rate: 2e+06");
    WRONG(e.optimiser.learning_rate = NAN, "optimiser.learning_rate: ");
    WRONG(e.optimiser.momentum = 0, "optimiser.momentum: 0 is out of range");
    WRONG(e.optimiser.beta1 = 0.5f, "momentum: it has no beta1, which is 0.5");
    WRONG(e.optimiser.kind = (OptimiserKind)77, "optimiser: there is no kind 77");
    WRONG(e.loss = (LossKind)-1, "loss: there is no kind -1");
    WRONG(e.method = (MethodKind)9, "method: there is no kind 9");
    WRONG(e.input = ((Shape){ 1, -28, -28 }), "input: 1 -28 -28, expected");
    WRONG(e.input.rows = 785, "input: 1 785 28");
    WRONG(e.train.batch = 0, "train.batch: 0 is out of range");
    WRONG(e.train.batch = 60001, "train.batch: 60001");
    WRONG(e.train.epochs = 129, "train.epochs: 129");
    WRONG(e.train.images = -1, "train.images: -1");
    WRONG(e.layers[5].units = 0, "layers: layer 6, dense: units is 0, expected 1");
    WRONG(e.layers[0].stride = -1, "layers: layer 1, conv2d: stride is -1");
    WRONG(e.layers[1].units = 8, "layers: layer 2, relu: it has no units");
    WRONG(e.layers[2].padding = 1, "layer 3, max_pool: it has no padding");
    WRONG(e.layers[3].rate = 1, "layer 4, dropout: rate is 1");
    WRONG(e.layers[1].kind = (LayerKind)99, "layers: there is no kind 99");
    WRONG(e.layers[0].kind = NO_LAYER, "layers: none given");
    WRONG(for (int i = 0; i < MAX_LAYERS; i++)
              e.layers[i] = (LayerSpec){ RELU },
          "layers: more than 23 of them");
}

/* A training of it fails before it begins, whoever asks. */
static void test_in_the_lab(void **state)
{
    Lab *lab = lab_open(&digits, &(LabOptions){ .store = root, .threads = 1 });
    Experiment e = base;
    const Result *r;

    (void)state;
    e.train.batch = 0;
    lab_try(lab, &r, &e, 1);
    assert_says(r->error, "base: train.batch: 0 is out of range");
    e = base;
    setenv("MEMORY", "1", 1);
    lab_try(lab, &r, &e, 1);
    unsetenv("MEMORY");
    assert_says(r->error, "base: ");
    assert_says(r->error, " MB of memory wanted, 1 MB are free: ");
    assert_says(r->error, "layer 6, dense");
    e.name = "again";
    lab_try(lab, &r, &e, 1);
    assert_null(r->error);
    assert_int_equal(r->trained, 2);
    lab_close(lab);
}

/* --- on the command line ------------------------------------------------- */

static void test_on_the_command_line(void **state)
{
    static const struct {
        const char *setting, *says;
    } cases[] = {
        { "input=1 -28 -28", "input: \"1 -28 -28\", expected channels, rows" },
        { "input=1 28 28x", "input: \"1 28 28x\"" },
        { "input=1 28", "input: \"1 28\"" },
        { "input=4294967297 28 28", "input: \"4294967297 28 28\"" },
        { "units=100000", "units is a number of a dense layer: set all layers" },
        { "kernel=3", "kernel is a number of a conv2d layer" },
        { "train.batch=8f", "train.batch: \"8f\" is no whole number" },
        { "optimiser.learning_rate=0.3ff", "\"0.3ff\" is no number" },
        { "optimiser.learning_rate=f", "\"f\" is no number" },
        { "layers=dense 10f", "layers: dense units is \"10f\", expected a whole" },
    };
    Experiment e = base;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_says(experiment_set(&e, cases[i].setting), cases[i].says);
    assert_null(experiment_set(&e, "optimiser.learning_rate=0.3f"));
    assert_true(e.optimiser.learning_rate == 0.3f);
    assert_null(experiment_set(&e, "layers=dropout 0.5f, dense 10"));
    assert_true(e.layers[0].rate == 0.5f);
    assert_null(experiment_set(&e, "input= 4 14  14 "));
    assert_int_equal(e.input.channels, 4);
    assert_null(experiment_set(&e, "optimiser=momentum"));
    assert_true(e.optimiser.momentum == 0.9f);
    assert_null(experiment_set(&e, "optimiser=sgd"));
    assert_true(e.optimiser.learning_rate == 0.1f && e.optimiser.momentum == 0);
}

/* --- what it will need --------------------------------------------------- */

static void test_sizes(void **state)
{
    (void)state;
    assert_true(size_product(SIZE_MAX / 2, 2) == SIZE_MAX - 1);
    assert_true(size_product(SIZE_MAX / 2, 3) == SIZE_MAX);
    assert_true(size_product(0, 3) == 0);
    assert_true(size_sum(SIZE_MAX - 1, 1) == SIZE_MAX);
    assert_true(size_sum(SIZE_MAX, 7) == SIZE_MAX);
    assert_null(memory_zeroed(SIZE_MAX, sizeof(float)));
}

static Need need(const char *settings)
{
    Experiment e = base;
    Need n;

    must(experiment_set(&e, settings));
    must(need_of(&n, &e, 60000));
    return n;
}

static void test_need(void **state)
{
    Need n = need("layers=dense 65536, relu, dense 65536, relu, dense 10, softmax");
    double small, large;

    (void)state;
    assert_true(n.parameters == 65536.0 * (784 + 1) + 65536.0 * (65536 + 1)
                                + 10.0 * (65536 + 1));
    assert_true(n.bytes > 5 * 4 * n.parameters);
    assert_int_equal(n.largest, 3);
    assert_true(need("layers=dense 100000, relu, dense 100000, relu, dense 10, "
                     "softmax").parameters > 1e10);
    small = need("train.batch=100").bytes;
    large = need("train.batch=60000").bytes;
    assert_true(large > 60000.0 * 4 * 2 * (784 + 4 * 576) && large > 100 * small);
    assert_true(need("train.epochs=4").seconds > 1.9 * need("train.epochs=2").seconds);
}

/* What is estimated is no less than what a training takes, nor thrice that. */
static void test_need_is_right(void **state)
{
    static const char *const settings[] = {
        "train.batch=8", "train.batch=100", "optimiser=adam; train.batch=50",
        "layers=dense 3000, relu, dense 10, softmax; train.batch=10",
    };

    (void)state;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        Experiment e = base;
        Need n;
        Model *m;
        must(experiment_set(&e, settings[i]));
        must(need_of(&n, &e, 120));
        must(model_create(&m, &e, e.train.batch));
        assert_int_equal(m->n, n.parameters);
        const double least = 4 * ((double)m->n * 5 + (double)m->active
                                  + (double)m->worked);
        assert_true(n.bytes >= least && n.bytes < 3 * least);
        model_free(m);
    }
}

/* --- a small stack ------------------------------------------------------- */

static void *train_there(void *error)
{
    static History h;
    Experiment e = base;
    Model *m;
    Text file = { 0 };

    must(text_read(&file, "tests/test_settings.c"));       /* as of the store */
    text_free(&file);
    e.train.batch = 64;
    *(Error *)error = network_fit(&m, &h, &e, &digits.train,
                                  &(FitOptions){ .seed = 1, .threads = 1 });
    if (!*(Error *)error)
        model_free(m);
    return NULL;
}

/* As threads have it with musl. */
static void test_small_stack(void **state)
{
    Error error = "not run";
    pthread_attr_t small;
    pthread_t thread;

    (void)state;
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    skip();
#endif
    pthread_attr_init(&small);
    assert_int_equal(pthread_attr_setstacksize(&small, 128 * 1024), 0);
    assert_int_equal(pthread_create(&thread, &small, train_there, &error), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&small);
    assert_null(error);
}

/* --- the machine --------------------------------------------------------- */

/* A file in a root of our own. */
static void put(const char *top, const char *path, const char *words)
{
    char folder[512];

    snprintf(folder, sizeof folder, "%s", in_root("%s%s", top, path));
    *strrchr(folder, '/') = '\0';
    must(make_folder(folder));
    write_file(in_root("%s%s", top, path), words);
}

static Machine at(const char *top, int cores)
{
    return machine_at(in_root("%s", top), cores);
}

static void test_machine(void **state)
{
    (void)state;
    assert_true(machine_here().cores >= 1 && machine_here().memory > 0);
    assert_int_equal(at("none", 0).cores, 1);
    assert_true(isinf(at("none", 4).memory));

    put("plain", "/proc/meminfo", "MemTotal: 900 kB\nMemAvailable:   500 kB\n");
    assert_true(at("plain", 8).memory == 500 * 1024.0);
    assert_int_equal(at("plain", 8).cores, 8);

    /* Version 2: the group above allows less than the group itself. */
    put("two", "/proc/self/cgroup", "0::/a/b\n");
    put("two", "/proc/meminfo", "MemAvailable: 50000 kB\n");
    put("two", "/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    put("two", "/sys/fs/cgroup/a/cpu.max", "250000 100000\n");
    put("two", "/sys/fs/cgroup/a/b/memory.max", "max\n");
    put("two", "/sys/fs/cgroup/a/memory.max", "1000000\n");
    put("two", "/sys/fs/cgroup/a/memory.current", "400000\n");
    put("two", "/sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 100000\n");
    assert_int_equal(at("two", 8).cores, 2);
    assert_int_equal(at("two", 1).cores, 1);
    assert_true(at("two", 8).memory == 700000);

    /* A container sees its own group at the top. Less than a core is one. */
    put("box", "/proc/self/cgroup", "0::/\n");
    put("box", "/sys/fs/cgroup/cpu.max", "50000 100000\n");
    put("box", "/sys/fs/cgroup/memory.max", "2000000\n");
    assert_int_equal(at("box", 8).cores, 1);
    assert_true(at("box", 8).memory == 2000000);

    /* Version 1; -1 is no quota. */
    put("one", "/proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/x\n1:name=systemd:/\n");
    put("one", "/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us", "300000\n");
    put("one", "/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_period_us", "100000\n");
    put("one", "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put("one", "/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "3000000\n");
    put("one", "/sys/fs/cgroup/memory/x/memory.usage_in_bytes", "1000000\n");
    put("one", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(at("one", 8).cores, 3);
    assert_true(at("one", 8).memory == 2000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_c),
        cmocka_unit_test(test_in_the_lab),
        cmocka_unit_test(test_on_the_command_line),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_need),
        cmocka_unit_test(test_need_is_right),
        cmocka_unit_test(test_small_stack),
        cmocka_unit_test(test_machine),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
