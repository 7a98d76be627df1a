/* SPDX-License-Identifier: MIT
 *
 * Somebody else reads our runs: tests/ref/model_numpy.py takes the weights and
 * the list of layers of a finished run and computes its predictions anew. Run
 * from the root of the project. Without a Python that has NumPy it is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "data/idx.h"
#include "data/synth.h"
#include "base/text.h"
#include "runs/lab.h"

static const Experiment dense = {
    .name      = "dense",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 24 }, { SIGMOID },
                   { DENSE, .units = 10 }, { SIGMOID } },
    .loss      = LOSS_MSE,
    .optimiser = { ADAM, .learning_rate = 0.001f },
    .train     = { .epochs = 20, .batch = 8, .shuffle = true },
};

/* Windows that leave a rest, overlap, and reach over the edge. */
static const Experiment convolution = {
    .name      = "convolution",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 4, .kernel = 5, .stride = 2,
                     .padding = 1 },
                   { RELU }, { MAX_POOL, .kernel = 3, .stride = 2 },
                   { CONV2D, .channels = 6, .kernel = 3, .padding = 2 },
                   { MAX_POOL, .kernel = 2 }, { RELU }, { FLATTEN },
                   { DROPOUT, .rate = 0.25f }, { DENSE, .units = 10 },
                   { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.001f },
    .train     = { .epochs = 10, .batch = 8, .shuffle = true },
};

static char root[] = "build/test_numpy.XXXXXX", store[64];
static const char *python;             /* NULL: there is none with NumPy */
static Digits digits;
static Lab *lab;

/* ---- what the tests share ---- */

/* The system's own Python may have NumPy where the user's has not. */
static void find_python(void)
{
    static const char *const names[] = { "python3", "/usr/bin/python3" };
    char command[128];

    for (size_t i = 0; i < sizeof names / sizeof names[0] && !python; i++) {
        snprintf(command, sizeof command, "%s -c 'import numpy' 2>/dev/null",
                 names[i]);
        if (system(command) == 0)
            python = names[i];
    }
}

/* The digits as IDX files in the folder `root`, named as those of MNIST. */
static void write_digits(void)
{
    char images[128], labels[128];

    for (int i = 0; i < 2; i++) {
        const char *part = i ? "t10k" : "train";
        snprintf(images, sizeof images, "%s/%s-images-idx3-ubyte", root, part);
        snprintf(labels, sizeof labels, "%s/%s-labels-idx1-ubyte", root, part);
        must(idx_write(i ? &digits.test : &digits.train, images, labels));
    }
}

static int setup(void **state)
{
    (void)state;
    find_python();
    if (!python) {
        print_message("skipped: there is no python3 with NumPy here\n");
        return 0;
    }
    must(make_folder("build"));
    if (!mkdtemp(root))
        die("%s: cannot be made; run from the root of the project", root);
    digits.train = synth_digits(400, 1);
    digits.test = synth_digits(150, 2);
    dataset_digest(digits.digest, &digits.train, &digits.test);
    write_digits();
    snprintf(store, sizeof store, "%s/runs", root);
    lab = lab_open(&digits, &(LabOptions){ .store = store });
    return 0;
}

static int teardown(void **state)
{
    char command[64];

    (void)state;
    if (!python)
        return 0;
    lab_close(lab);
    dataset_free(&digits.train);
    dataset_free(&digits.test);
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

/* Runs the script on a run; its exit status, and what it said. */
static int judge(char said[512], const Run *run)
{
    char command[2048];

    snprintf(command, sizeof command,
             "%s tests/ref/model_numpy.py %s %s 2>&1", python, run->folder,
             root);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, 511, f)] = '\0';
    return WEXITSTATUS(pclose(f));
}

/* ---- the tests ---- */

static void check_agrees(const Experiment *e)
{
    char said[512], accuracy[64];

    if (!python)
        skip();
    const Result *r = lab_run(lab, e);
    const int status = judge(said, &r->run[0]);
    print_message("%s", said);
    assert_int_equal(status, 0);
    snprintf(accuracy, sizeof accuracy, ": accuracy %.2f %% (",
             100 * r->accuracy.mean);
    assert_non_null(strstr(said, accuracy));
    assert_true(r->accuracy.mean > 0.4);         /* it has something to say */
}

static void test_dense(void **state)
{
    (void)state;
    check_agrees(&dense);
}

static void test_convolution(void **state)
{
    (void)state;
    check_agrees(&convolution);
}

/* Judged on the last training images, not on the test set; the lab takes as
 * large a share of 400 images as this is of 60,000. */
static void test_held_out(void **state)
{
    Experiment e = dense;

    (void)state;
    e.train.validation = 9000;
    check_agrees(&e);
}

/* One number, the last bias, that is not as trained: the script must see it. */
static void test_it_can_fail(void **state)
{
    Text weights = { 0 };
    char said[512], path[1200];
    float w = 0.5f;

    (void)state;
    if (!python)
        skip();
    const Run *run = &lab_run(lab, &convolution)->run[0];
    snprintf(path, sizeof path, "%s/model.safetensors", run->folder);
    must(text_read(&weights, path));
    memcpy(weights.s + weights.length - sizeof w, &w, sizeof w);
    must(text_write(&weights, path));
    text_free(&weights);
    assert_int_equal(judge(said, run), 1);
    assert_non_null(strstr(said, "outputs differ\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense),
        cmocka_unit_test(test_convolution),
        cmocka_unit_test(test_held_out),
        cmocka_unit_test(test_it_can_fail),          /* it spoils a run: last */
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
