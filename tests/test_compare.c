/* SPDX-License-Identifier: MIT
 *
 * Runs beside one another: sweeps, the accepted edition, comparisons, tables
 * for the terminal, the catalogue of a store, and the program build/bin/runs.
 * The edition, the stores and the books are made up here, in a folder under
 * build/. Run from the root of the project; BIN names the folder of programs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <time.h>
#include <utime.h>

#include "scratch.h"

#include "base/markup.h"
#include "base/sha256.h"
#include "runs/accepted.h"
#include "runs/catalogue.h"
#include "runs/code.h"
#include "runs/compare.h"
#include "runs/grid.h"
#include "runs/seal.h"
#include "runs/settings.h"
#include "runs/sweep.h"
#include "runs/twin.h"

static const Experiment tiny = {
    .name      = "tiny",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 1, .batch = 10, .shuffle = true },
    .seeds     = 2,
};

/* Accepted on other data than those of this test. */
static const Experiment far_away = {
    .name      = "far",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { SGD, .learning_rate = 0.2f },
    .train     = { .epochs = 1, .batch = 20 },
    .seeds     = 2,
};

static const char other_data[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

static Digits digits;
static Model *model;                   /* that of tiny, with first weights */
static Predictions nothing;            /* on no image */

/* The whole text, or what differs. */
static void assert_text(Text *t, const char *expected)
{
    assert_string_equal(text_string(t), expected);
    text_free(t);
}

/* ---- sweeps ---- */

static void test_sweep_of_one_field(void **state)
{
    static const Sweep sweep = { .name = "slow", .base = &tiny,
                                 .vary = { "train.batch=1|4|16" } };
    SweepPoints *p = sweep_plan(&sweep);

    (void)state;
    assert_string_equal(p->name, "slow");
    assert_int_equal(p->n, 3);
    assert_int_equal(p->count[0], 3);
    assert_int_equal(p->count[1], 1);
    assert_string_equal(p->field[0], "train.batch");
    assert_string_equal(p->value[0][2], "16");
    assert_string_equal(p->experiment[1].name,
                        "tiny, train.batch=4; train.validation=5000");
    assert_int_equal(p->experiment[1].train.validation, HELD_OUT);
    assert_int_equal(p->experiment[1].train.batch, 4);
    assert_int_equal(p->experiment[1].train.epochs, 1);
    assert_int_equal(p->experiment[1].seeds, 2);
    sweep_free(p);
    sweep_free(NULL);
}

/* The second field changes fastest. */
static void test_sweep_of_two_fields(void **state)
{
    static const Sweep sweep = {
        .base = &tiny,
        .set = "train.epochs=3; train.validation=5000",
        .vary = { "optimiser.learning_rate=0.1|0.5", "train.batch=4|8|16" },
        .seeds = 5,
    };
    SweepPoints *p = sweep_plan(&sweep);

    (void)state;
    assert_string_equal(p->name, "tiny");
    assert_int_equal(p->n, 6);
    for (int i = 0; i < 6; i++) {
        const Experiment *e = &p->experiment[i];
        const Result r = { .runs = i };
        assert_true(e->optimiser.learning_rate == (i < 3 ? 0.1f : 0.5f));
        assert_int_equal(e->train.batch, 4 << i % 3);
        assert_int_equal(e->train.epochs, 3);
        assert_int_equal(e->train.validation, 5000);
        assert_int_equal(e->seeds, 5);
        p->result[i] = &r;
        assert_ptr_equal(sweep_at(p, i / 3, i % 3), &r);
    }
    assert_string_equal(p->experiment[4].name,
                        "tiny, train.epochs=3; train.validation=5000; "
                        "optimiser.learning_rate=0.5; train.batch=8");
    sweep_free(p);
}

static void test_sweep_of_layers(void **state)
{
    static const Sweep sweep = {
        .base = &tiny,
        .vary = { "layers=dense 10, softmax|dense 32, relu, dense 32, relu, dense "
                  "10, softmax" },
    };
    SweepPoints *p = sweep_plan(&sweep);

    (void)state;
    assert_int_equal(p->n, 2);
    const Experiment twin = twin_of(&tiny);
    assert_true(experiment_same(&p->experiment[0], &twin));
    free((char *)twin.name);
    assert_int_equal(p->experiment[1].layers[2].units, 32);
    assert_int_equal(p->experiment[1].layers[5].kind, SOFTMAX);
    sweep_free(p);
}

static const Sweep *wrong_sweep;

static int plan_wrong_sweep(void)
{
    sweep_free(sweep_plan(wrong_sweep));
    return 0;
}

/* One line, which names what is wrong. */
static void test_wrong_sweeps(void **state)
{
    static const struct {
        Sweep sweep;
        const char *says;
    } cases[] = {
        { { .base = &tiny, .vary = { "train.batch" } },
          "sweep: \"train.batch\": expected field=value|value|...\n" },
        { { .base = &tiny, .vary = { "train.bacth=1|2" } },
          "did you mean \"train.batch\"?\n" },
        { { .base = &tiny, .vary = { "train.batch=1|0" } },
          "train.batch: 0 is out of range, expected 1 to 60000\n" },
        { { .base = &tiny, .vary = { "train.batch=1||2" } },
          "train.batch: \"\" is no whole number\n" },
        { { .base = &tiny, .set = "train.epochs=many",
            .vary = { "train.batch=1" } },
          "train.epochs: \"many\" is no whole number\n" },
        { { .base = &tiny, .vary = { "train.batch=1", "loss=mse|mae" } },
          "loss: \"mae\", expected one of: mse, cross_entropy\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wrong_sweep = &cases[i].sweep;
        const char *said = must_stop(plan_wrong_sweep);
        assert_says(said, cases[i].says);
        assert_int_equal(strcspn(said, "\n"), strlen(said) - 1);
    }
}

/* ---- tables ---- */

/* Columns stand in line, letters of two bytes and all; cells that a row lacks
 * are empty. */
static void test_grid(void **state)
{
    Grid g = { 0 };
    Text t = { 0 };

    (void)state;
    grid_add(&g, "experiment | accuracy");
    grid_add(&g, "relu | %.1f ± 0.2 %%", 93.94);
    grid_add(&g, "a longer name | −1 | more");
    grid_add(&g, "last");
    grid_write(&t, &g);
    assert_text(&t, "| experiment    | accuracy     |      |\n"
                    "|---------------|--------------|------|\n"
                    "| relu          | 93.9 ± 0.2 % |      |\n"
                    "| a longer name | −1           | more |\n"
                    "| last          |              |      |\n");
    assert_null(g.rows.s);
    grid_write(&t, &g);
    assert_text(&t, "");
}

/* ---- the accepted edition ---- */

static const char accepted_rows[] =
    "chapter\texperiment\tmetric\tmean\tsd\tn\n"
    "01-tiny\ttiny\ttest_accuracy\t0.75\t0.02\t5\n"
    "01-tiny\ttiny\ttest_loss\t0.9\t0.1\t5\n"
    "01-tiny\ttiny\tparameters\t7850\t0\t5\n"
    "01-tiny\ttiny, train.batch=5\ttest_accuracy\t0.8\t0.01\t3\n"
    "01-tiny\ttiny, layers=dense 8, relu, dense 10; train.epochs=2"
    "\ttest_accuracy\t0.5\t0.01\t3\n"
    "01-tiny\ttiny, train.validation=5000\tvalidation_accuracy\t0.7\t0\t1\n"
    "01-tiny\ttiny, train.batch=0\ttest_accuracy\t0.8\t0.01\t3\n"
    "01-tiny\tnobody, train.batch=9\ttest_accuracy\t0.8\t0.01\t3\n";

static void make_edition(void)
{
    must(make_folder(in_root("expected/experiments")));
    must(experiment_write(&tiny, digits.digest,
                          in_root("expected/experiments/tiny.tsv")));
    must(experiment_write(&far_away, other_data,
                          in_root("expected/experiments/far.tsv")));
    write_file(in_root("expected/01-tiny.tsv"), accepted_rows);
    write_file(in_root("expected/02-far.tsv"),
               "02-far\tfar\ttest_accuracy\t0.9\t0.01\t2\n");
}

static void test_accepted_find(void **state)
{
    const Result *r = accepted_find("tiny");

    (void)state;
    assert_non_null(r);
    assert_true(experiment_same(&r->experiment, &tiny));
    assert_string_equal(r->experiment.name, "tiny");
    assert_int_equal(r->experiment.seeds, 5);
    assert_int_equal(r->runs, 0);
    assert_true(r->accuracy.mean == 0.75 && r->accuracy.sd == 0.02);
    assert_int_equal(r->accuracy.n, 5);
    assert_true(r->loss.mean == 0.9 && r->loss.sd == 0.1);
    assert_int_equal(r->parameters, 7850);
    assert_string_equal(accepted_data(r), digits.digest);
    assert_string_equal(accepted_data(accepted_find("far")), other_data);

    r = accepted_find("tiny, train.batch=5");
    assert_non_null(r);
    assert_int_equal(r->experiment.train.batch, 5);
    assert_true(r->accuracy.mean == 0.8);
    assert_string_equal(accepted_data(r), digits.digest);
    r = accepted_find("tiny, train.validation=5000");
    assert_true(r && r->accuracy.mean == 0.7);
    assert_null(accepted_find("tiny, train.batch=0"));
    assert_null(accepted_find("nobody"));
    assert_null(accepted_find("nobody, train.batch=9"));
}

/* By its fields, whatever it is called. */
static void test_accepted_has(void **state)
{
    static const struct {
        const char *settings;
        bool has;
    } cases[] = {
        { "train.batch=10", true },
        { "train.batch=5", true },
        { "train.batch=6", false },
        { "train.epochs=2; layers=dense 8, relu, dense 10", true },
        { "layers=dense 8, relu, dense 10", false },
        { "train.batch=20; train.shuffle=no; optimiser.learning_rate=0.2", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Experiment e = tiny;
        e.name = "another";
        must(experiment_set(&e, cases[i].settings));
        if (accepted_has(&e) != cases[i].has)
            fail_msg("%s: has is %d", cases[i].settings, !cases[i].has);
    }
}

/* An edition that is not there accepts nothing; one that cannot be read stops
 * the program. */
static int look_into_no_edition(void)
{
    setenv("EXPECTED", in_root("no edition"), 1);
    return accepted_find("tiny") != NULL || accepted_has(&tiny);
}

static int look_into_broken_edition(void)
{
    must(make_folder(in_root("broken/experiments")));
    write_file(in_root("broken/experiments/tiny.tsv"), "2\ntrain.batch\t3\n");
    setenv("EXPECTED", in_root("broken"), 1);
    return accepted_find("tiny") != NULL;
}

static void test_other_editions(void **state)
{
    (void)state;
    must_run(look_into_no_edition);
    assert_says(must_stop(look_into_broken_edition),
                "broken/experiments/tiny.tsv: expected the lines");
}

/* ---- the book's side ---- */

static int trained;

static void count_trained(void *context, const Progress *p)
{
    (void)context;
    trained += p->point == NULL;
}

static Lab *open_lab(const char *store)
{
    trained = 0;
    return lab_open(&digits, &(LabOptions){ .store = in_root("%s", store),
                                            .threads = 1,
                                            .progress = count_trained });
}

/* The accepted experiment, judged as yours is and with as many seeds; trained
 * when it is first asked for. One that was never accepted is its own. */
static void test_book_side(void **state)
{
    Lab *lab = open_lab("book side");
    Experiment own = tiny;

    (void)state;
    own.train.batch = 7;
    Experiment twin = twin_of(&own);
    assert_string_equal(twin.name, "tiny, train.validation=5000");
    assert_int_equal(twin.train.validation, HELD_OUT);
    const Result *r = lab_book_side(lab, &own, &twin, 3);
    assert_int_equal(trained, 3);
    assert_int_equal(r->runs, 3);
    assert_int_equal(r->experiment.train.batch, tiny.train.batch);
    assert_true(r->experiment.train.validation > 0);
    assert_ptr_equal(lab_book_side(lab, &own, &twin, 3), r);
    assert_int_equal(trained, 3);
    r = lab_book_side(lab, &own, &own, 2);             /* on the test set */
    assert_int_equal(r->experiment.train.validation, 0);
    assert_int_equal(trained, 5);
    own.name = "new";
    r = lab_book_side(lab, &own, &own, 1);
    assert_int_equal(r->experiment.train.batch, 7);
    free((char *)twin.name);
    lab_close(lab);
}

/* What holds images out is its own twin; a name with settings gets one more;
 * images are left for training. */
static void test_twins(void **state)
{
    Experiment e = tiny;

    (void)state;
    e.train.validation = 100;
    Experiment twin = twin_of(&e);
    assert_string_equal(twin.name, "tiny");
    assert_int_equal(twin.train.validation, 100);
    free((char *)twin.name);
    e = tiny;
    e.name = "tiny, train.epochs=3";
    e.train.images = 60000;
    twin = twin_of(&e);
    assert_string_equal(twin.name, "tiny, train.epochs=3; train.validation=5000");
    assert_int_equal(twin.train.images, 0);
    assert_true(experiment_set(&e, strchr(twin.name, ',') + 1) == NULL);
    free((char *)twin.name);
    assert_string_equal(judged_on(&tiny), "Test");
    e.train.validation = 1;
    assert_string_equal(judged_on(&e), "Held-out");
}

/* ---- comparing ---- */

enum { MAX_RUNS = 8 };

/* A result with these accuracies and losses (per run; NULL: none), seeds from
 * `first` on, and the predictions of images that are all of digit 1: `right`
 * says of each run and each image whether it was read, '+' or '-'. */
typedef struct Made {
    Experiment e;
    int n, first;
    double accuracy[MAX_RUNS], loss[MAX_RUNS], core_seconds[MAX_RUNS];
    const char *right[MAX_RUNS];
} Made;

static Result make_result(const Made *m)
{
    static int number;
    Result r = { .experiment = m->e, .runs = m->n,
                 .run = allocate(m->n, sizeof(Run)) };

    for (int i = 0; i < m->n; i++) {
        Run *run = &r.run[i];
        Text t = { 0 };
        *run = (Run){ .seed = (uint64_t)(m->first + i), .accuracy = m->accuracy[i],
                      .loss = m->loss[i], .core_seconds = m->core_seconds[i],
                      .parameters = 7850 };
        snprintf(run->folder, sizeof run->folder, "%s",
                 in_root("made/%d", ++number));
        must(make_folder(run->folder));
        text_add(&t, "label\tprediction\tp0 to p9\n");
        for (const char *p = m->right[i] ? m->right[i] : "+"; *p; p++)
            text_add(&t, "1\t%d\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\n", *p == '+');
        must(text_write(&t, in_root("made/%d/predictions.tsv", number)));
        text_free(&t);
    }
    result_summarise(&r);
    return r;
}

#define RESULT(...) make_result(&(Made){ __VA_ARGS__ })

/* Frees both sides. */
static void compare_them(Text *t, Result *a, Result *b)
{
    compare(t, a, "the book's", b, "yours");
    free(a->run);
    free(b->run);
}

static Experiment changed(const char *settings)
{
    Experiment e = tiny;

    must(experiment_set(&e, settings));
    return e;
}

/* By hand: the means differ by 0.04, their error is sqrt(2 * 0.01^2 / 3) =
 * 0.008165, and t is 2.776 with 4 degrees of freedom: 0.0173 to 0.0627. The
 * losses: 0.2 +- 0.0612 * 2.817, 3.86 degrees of freedom. */
static void test_comparison(void **state)
{
    Result a = RESULT(.e = tiny, .n = 3, .first = 1,
                      .accuracy = { 0.90, 0.91, 0.92 },
                      .loss = { 0.4, 0.5, 0.6 }, .core_seconds = { 1, 2, 3 });
    Result b = RESULT(.e = changed("train.batch=64; optimiser=momentum"),
                      .n = 3, .first = 4, .accuracy = { 0.94, 0.95, 0.96 },
                      .loss = { 0.4, 0.5, 0.6 }, .core_seconds = { 1, 2, 3 });
    Text t = { 0 };

    (void)state;
    b.parameters = 9550;
    b.loss = (Stat){ 0.3, 0.05, 2 };
    a.loss = (Stat){ 0.5, 0.1, 4 };
    compare_them(&t, &a, &b);
    assert_text(&t,
        "| Field                | the book's | yours    |\n"
        "|----------------------|------------|----------|\n"
        "| `optimiser`          | sgd        | momentum |\n"
        "| `optimiser.momentum` | unused     | 0.9      |\n"
        "| `train.batch`        | 10         | 64       |\n"
        "\n"
        "| Test images  | the book's          | yours               | Difference | 95 % interval      |\n"
        "|--------------|---------------------|---------------------|------------|--------------------|\n"
        "| accuracy, %  | 91.00 ± 1.00 (3)    | 95.00 ± 1.00 (3)    | +4.00      | +1.73 to +6.27     |\n"
        "| loss         | 0.5000 ± 0.1000 (4) | 0.3000 ± 0.0500 (2) | −0.2000    | −0.3725 to −0.0275 |\n"
        "| core seconds | 2.00 ± 1.00 (3)     | 2.00 ± 1.00 (3)     | 0.00       | −2.27 to +2.27     |\n"
        "| parameters   | 7850                | 9550                | +1700      |                    |\n"
        "\n"
        "In accuracy, yours leads by 4.00 points: **larger than seed noise**.\n"
        "The 95 % interval with other seeds: +1.73 to +6.27 points (Welch).\n");
}

static void test_verdicts(void **state)
{
    Result a = RESULT(.e = tiny, .n = 3, .first = 1,
                      .accuracy = { 0.90, 0.91, 0.92 });
    Result b = RESULT(.e = tiny, .n = 3, .first = 4,
                      .accuracy = { 0.91, 0.92, 0.93 });
    Result c = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.9 });
    Result d = RESULT(.e = tiny, .n = 1, .first = 2, .accuracy = { 0.7 });
    Result e = RESULT(.e = tiny, .n = 3, .first = 4,
                      .accuracy = { 0.80, 0.81, 0.82 });
    Text t = { 0 };

    (void)state;
    compare(&t, &a, "the book's", &b, "yours");
    assert_says(t.s, "| +1.00      | −1.27 to +3.27 ");
    assert_says(t.s, "In accuracy, yours leads by 1.00 points: **within seed "
                "noise**.\n");
    text_free(&t);
    compare(&t, &a, "A", &e, "B");
    assert_says(t.s, "In accuracy, B trails by 10.00 points: **larger than seed "
                "noise**.\n");
    text_free(&t);
    compare_them(&t, &c, &d);
    assert_says(t.s, "| accuracy, %  | 90.00 (1)  | 70.00 (1)  | −20.00     | "
                "unknown ");
    assert_says(t.s, "yours trails by 20.00 points: **no telling**. One run on each "
                "side says nothing of the spread; take five seeds or more.\n");
    text_free(&t);
    free(a.run);
    free(b.run);
    free(e.run);
}

/* Seeds 2 and 3 are on both sides. Within the noise of the seeds, but every
 * seed gains the same: 1.25 +- 12.706 * 0.25. With three, 1.17 +- 0.72. */
static void test_pairs(void **state)
{
    Result a = RESULT(.e = tiny, .n = 3, .first = 1,
                      .accuracy = { 0.90, 0.91, 0.92 });
    Result b = RESULT(.e = tiny, .n = 3, .first = 1,
                      .accuracy = { 0.91, 0.925, 0.93 });
    Text t = { 0 };

    (void)state;
    compare(&t, &a, "a", &b, "b");
    assert_says(t.s, "b leads by 1.17 points: **within seed noise**.\n"
                "The 95 % interval with other seeds: −1.15 to +3.48 points "
                "(Welch).\n\n"
                "The same 3 seeds in pairs: +1.17 points, 95 % interval +0.45 to "
                "+1.88. By the pairs alone this would be larger than seed noise; "
                "believe the verdict above: it was chosen before anyone looked, "
                "and whoever takes of two tests the one that pleases is wrong too "
                "often. More seeds make both agree.\n"
                "Image by image, network against network with the same seed: "
                "better in 0 of 3 pairs, worse in 0 (McNemar's exact test, p < "
                "0.05).\n");
    text_free(&t);
    b.run[2].seed = 7;                                   /* 1, 2, 7 */
    compare_them(&t, &a, &b);
    assert_says(t.s, "The same 2 seeds in pairs: +1.25 points, 95 % interval "
                "−1.93 to +4.43.\n");
    text_free(&t);
}

/* Six images to none: p = 2 / 64. Five to none: 2 / 32 is too much. */
static void test_mcnemar(void **state)
{
    Result a = RESULT(.e = tiny, .n = 4, .first = 1,
                      .accuracy = { 0.5, 0.5, 0.5, 0.5 },
                      .right = { "----------", "----------", "++++++----",
                                 "+++-------" });
    Result b = RESULT(.e = tiny, .n = 4, .first = 1,
                      .accuracy = { 0.5, 0.5, 0.5, 0.5 },
                      .right = { "++++++----", "+++++-----", "----------",
                                 "---+++----" });
    Text t = { 0 };

    (void)state;
    compare_them(&t, &a, &b);
    assert_says(t.s, "better in 1 of 4 pairs, worse in 1 (McNemar's exact test, "
                "p < 0.05).\n");
    text_free(&t);
}

/* Three images to nine: 2 * (1 + 12 + 66 + 220) / 2^12 = 0.146. */
static void test_mcnemar_of_one_pair(void **state)
{
    Result a = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.5 },
                      .right = { "+++---------++-" });
    Result b = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.5 },
                      .right = { "---+++++++++++-" });
    Text t = { 0 };

    (void)state;
    compare_them(&t, &a, &b);
    assert_says(t.s, "take five seeds or more.\n\n"
                "Image by image, with the same seed: 3 are read only before the "
                "change, 9 only after it; p = 0.146 (McNemar's exact test).\n");
    assert_silent_about(t.s, "in pairs");
    text_free(&t);
}

/* No p is 0, however many images. */
static void test_mcnemar_is_never_sure(void **state)
{
    char all[1301] = "", none[1301] = "";
    Text t = { 0 };

    (void)state;
    memset(all, '+', 1300);
    memset(none, '-', 1300);
    Result a = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.5 },
                      .right = { none });
    Result b = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.5 },
                      .right = { all });
    compare_them(&t, &a, &b);
    assert_says(t.s, "1300 only after it; p < 0.001 (McNemar's exact test).\n");
    text_free(&t);
}

/* Predictions of other images, or of fewer, are not laid side by side. */
static void test_predictions_of_different_lengths(void **state)
{
    Result a = RESULT(.e = tiny, .n = 2, .first = 1, .accuracy = { 0.3, 0.3 },
                      .right = { "+++++-----", "++++++++++++++" });
    Result b = RESULT(.e = tiny, .n = 2, .first = 1, .accuracy = { 0.8, 0.8 },
                      .right = { "+++++++-", "+++++++-" });
    Result c = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.8 },
                      .right = { "++++++++++" });
    Text t = { 0 };

    (void)state;
    assert_true(isinf(difference_images(&a, &b).low));
    compare(&t, &a, "a", &b, "b");
    assert_silent_about(t.s, "Image by image");
    assert_silent_about(t.s, "in pairs");
    text_free(&t);
    assert_true(difference_images(&a, &c).mean == 0.5);  /* the first run alone */
    compare_them(&t, &a, &c);
    assert_says(t.s, "0 are read only before the change, 5 only after it");
    text_free(&t);
    free(b.run);
}

/* An accepted result has no runs: no times, no pairs. */
static void test_comparison_with_an_accepted_result(void **state)
{
    Result b = RESULT(.e = changed("train.batch=5"), .n = 2, .first = 1,
                      .accuracy = { 0.8, 0.9 }, .loss = { 0.5, 0.6 });
    Text t = { 0 };

    (void)state;
    compare(&t, accepted_find("tiny"), "the book's", &b, "yours");
    assert_says(t.s, "| accuracy, % | 75.00 ± 2.00 (5)    | 85.00 ± 7.07 (2) ");
    assert_says(t.s, "| loss        | 0.9000 ± 0.1000 (5) |");
    assert_silent_about(t.s, "core seconds");
    assert_silent_about(t.s, "pairs");
    assert_silent_about(t.s, "Image by image");
    text_free(&t);
    free(b.run);
}

/* Two losses that are measured differently are not compared. */
static void test_comparison_of_losses(void **state)
{
    Result a = RESULT(.e = tiny, .n = 1, .first = 1, .accuracy = { 0.5 });
    Result b = RESULT(.e = changed("loss=mse"), .n = 1, .first = 1,
                      .accuracy = { 0.5 });
    Text t = { 0 };

    (void)state;
    compare_them(&t, &a, &b);
    assert_says(t.s, "| `loss` | cross_entropy | mse   |\n");
    assert_says(t.s, "| accuracy, %");
    assert_silent_about(t.s, "\n| loss ");
    text_free(&t);
}

/* Images are a sample, too: paired, image by image, all runs of a side
 * together. */
static void test_noise_of_the_images(void **state)
{
    Result a = RESULT(.e = tiny, .n = 2, .first = 1, .accuracy = { 0.3, 0.2 },
                      .right = { "+++-------", "++--------" });
    Result b = RESULT(.e = tiny, .n = 2, .first = 7, .accuracy = { 0.8, 0.7 },
                      .right = { "++++++++--", "+++++++---" });
    const double share_a[] = { 1, 1, 0.5, 0, 0, 0, 0, 0, 0, 0 };
    const double share_b[] = { 1, 1, 1, 1, 1, 1, 1, 0.5, 0, 0 };
    const Difference expected = difference_paired(share_b, share_a, 10);
    const Difference found = difference_images(&a, &b);
    const Result none = { .runs = 0 };
    Text t = { 0 };

    (void)state;
    assert_true(expected.low > 0);
    assert_true(fabs(found.mean - 0.5) < 1e-12);
    assert_true(fabs(found.low - expected.low) < 1e-12);
    assert_true(fabs(found.high - expected.high) < 1e-12);
    assert_true(isinf(difference_images(&none, &b).low));
    assert_string_equal(compare_verdict(found, found),
                        "larger than seed noise, and than that of the images");
    assert_string_equal(compare_verdict(found, (Difference){ 0.1, -0.1, 0.3, 9 }),
                        "larger than seed noise, but within that of the images");
    assert_string_equal(compare_verdict((Difference){ 0.1, -0.1, 0.3, 9 }, found),
                        "within seed noise");
    compare_them(&t, &a, &b);
    assert_says(t.s, " points (Welch); on other images: +");
    text_free(&t);
}

static void test_comparison_on_other_images(void **state)
{
    Result a = RESULT(.e = tiny, .n = 2, .first = 1, .accuracy = { 0.5, 0.6 });
    Result b = RESULT(.e = changed("train.validation=50"), .n = 2, .first = 1,
                      .accuracy = { 0.5, 0.6 });
    Result c = RESULT(.e = changed("train.validation=60"), .n = 2, .first = 1,
                      .accuracy = { 0.5, 0.6 });
    Text t = { 0 };

    (void)state;
    compare(&t, &a, "a", &b, "b");
    assert_says(t.s, "| Field              | a | b  |\n"
                     "|--------------------|---|----|\n"
                     "| `train.validation` | 0 | 50 |\n\n");
    assert_says(t.s, "they cannot be compared.\n");
    assert_silent_about(t.s, "accuracy");
    text_free(&t);
    compare(&t, &b, "b", &b, "b");
    assert_says(t.s, "| Held-out images | b ");
    text_free(&t);
    compare_them(&t, &b, &c);
    assert_silent_about(t.s, "the other is not");     /* 50 images, and 60 */
    assert_says(t.s, "they cannot be compared.\n");
    text_free(&t);
    free(a.run);
}

static void test_compare_fields(void **state)
{
    const Experiment e = changed("train.batch=64; optimiser=momentum; "
                                 "optimiser.learning_rate=0.1");
    Text t = { 0 };

    (void)state;
    text_add(&t, "Changed: ");
    compare_fields(&t, &tiny, &e);
    assert_text(&t, "Changed: `optimiser`: sgd becomes **momentum**; "
                    "`optimiser.momentum`: unused becomes **0.9**; "
                    "`train.batch`: 10 becomes **64**");
    compare_fields(&t, &e, &tiny);
    assert_says(t.s, "`optimiser.momentum`: 0.9 becomes **unused**");
    text_free(&t);
    compare_fields(&t, &e, &e);
    assert_text(&t, "");
}

static void test_signed_numbers(void **state)
{
    char text[80];

    (void)state;
    signed_number(text, 0.614, 2);
    assert_string_equal(text, "+0.61");
    signed_number(text, -12.25, 1);
    assert_string_equal(text, "−12.2");
    signed_number(text, -0.004, 2);
    assert_string_equal(text, "0.00");
    signed_number(text, -0.006, 2);
    assert_string_equal(text, "−0.01");
    interval_text(text, (Difference){ .low = -0.00267, .high = 0.04 }, 100, 1);
    assert_string_equal(text, "−0.3 to +4.0");
    interval_text(text, (Difference){ .low = -INFINITY, .high = INFINITY }, 1, 1);
    assert_string_equal(text, "unknown");
}

/* ---- the catalogue ---- */

/* A run in the store, without the trouble of training it. */
typedef struct Put {
    const char *store, *settings;      /* tiny with these; NULL: tiny itself */
    int seed;
    double accuracy;
    long long finished;
    const char *chapter, *data;        /* NULL: 01-tiny, those of this test */
} Put;

#define PUT(...) put_run(&(Put){ __VA_ARGS__ })

static Run put_run(const Put *p)
{
    const Experiment e = p->settings ? changed(p->settings) : tiny;
    Run run = { .accuracy = p->accuracy, .loss = 1, .seconds = 1,
                .parameters = model->n, .threads = 1, .finished = p->finished };

    must(make_folder(in_root("%s", p->store)));
    snprintf(run.chapter, sizeof run.chapter, "%s",
             p->chapter ? p->chapter : "01-tiny");
    snprintf(run.name, sizeof run.name, "tiny");
    snprintf(run.data_name, sizeof run.data_name, "synthetic");
    run_identify(&run, in_root("%s", p->store), &e,
                 p->data ? p->data : digits.digest, (uint64_t)p->seed);
    must(store_write(&run, &e, model, &nothing, false));
    return run;
}

/* Makes it a run of other training code, and renames it accordingly. */
static void age_run(Run *run)
{
    char path[1100], old[1024];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/experiment.tsv", run->folder);
    must(text_read(&t, path));
    memset(strstr(t.s, "\ncode\t") + strlen("\ncode\t"), '0', KEY_SIZE - 1);
    must(text_write(&t, path));
    sha256_hex(run->key, t.s, t.length);
    strcpy(old, run->folder);
    strcpy(strrchr(run->folder, '/') + 1, run->key);
    assert_int_equal(rename(old, run->folder), 0);
    snprintf(path, sizeof path, "%s/seal.tsv", run->folder);
    remove(path);
    must(seal_write(run->folder));
    text_free(&t);
}

/* What a chapter of a book says that it uses. */
static void write_runs_tsv(const char *book, const char *chapter,
                           const Run *const *run, const char *whose)
{
    Text t = { 0 };

    must(make_folder(in_root("%s/%s/experiments", book, chapter)));
    for (; *run; run++)
        text_add(&t, "tiny\t%d\t%g\t1\t1\t%s\t%s\n", (int)(*run)->seed,
                 (*run)->accuracy, (*run)->key, whose);
    must(text_write(&t, in_root("%s/%s/runs.tsv", book, chapter)));
    text_free(&t);
}

#define USES(...) ((const Run *const[]){ __VA_ARGS__, NULL })

static void test_catalogue(void **state)
{
    (void)state;
    PUT("catalogue", NULL, .seed = 2, 0.8, 3000);
    PUT("catalogue", NULL, .seed = 1, 0.6, 1000);
    PUT("catalogue", "train.batch=9", .seed = 1, 0.5, 2000);
    PUT("catalogue", "train.batch=8", .seed = 4, 0.5, 4000);
    PUT("catalogue", NULL, .seed = 3, 0.9, 500, .data = other_data);
    Run old = PUT("catalogue", NULL, .seed = 5, 0.9, 400);
    age_run(&old);

    Catalogue c = catalogue_read(in_root("catalogue"));
    assert_int_equal(c.n, 5);
    assert_int_equal(c.entry[0].experiment.train.batch, 8);
    assert_int_equal(c.entry[0].run[0].seed, 4);
    const Entry *e = &c.entry[1];                        /* tiny, two seeds */
    assert_true(experiment_same(&e->experiment, &tiny));
    assert_string_equal(e->experiment.name, "tiny");
    assert_int_equal(e->runs, 2);
    assert_int_equal(e->experiment.seeds, 2);
    assert_int_equal(e->run[0].seed, 1);
    assert_int_equal(e->run[1].seed, 2);
    assert_int_equal(e->newest, 3000);
    assert_true(fabs(e->accuracy.mean - 0.7) < 1e-9);
    assert_int_equal(e->run[0].parameters, 7850);
    assert_true(e->current);
    assert_string_equal(e->run[0].chapter, "01-tiny");
    assert_int_equal(c.entry[2].experiment.train.batch, 9);
    assert_string_equal(c.entry[3].run[0].data, other_data);
    assert_string_equal(c.entry[4].run[0].key, old.key);
    assert_int_equal(strspn(c.entry[4].run[0].code, "0"), 64);
    assert_false(c.entry[4].current);
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(c.entry[i].id, c.entry[k].id);
    catalogue_free(&c);
    catalogue_free(&c);

    c = catalogue_read(in_root("no such store"));
    assert_int_equal(c.n, 0);
    catalogue_free(&c);
}

static void test_catalogue_words(void **state)
{
    char day[32], expected[32];
    Text t = { 0 };

    (void)state;
    PUT("words", "train.batch=9; train.epochs=2", .seed = 1, 0.5, 1000000000);
    Catalogue c = catalogue_read(in_root("words"));
    catalogue_title(&t, &c.entry[0]);
    assert_text(&t, "tiny, train.epochs=2; train.batch=9");
    const time_t then = 1000000000;
    strftime(expected, sizeof expected, "%Y-%m-%d %H:%M", localtime(&then));
    catalogue_time(day, &c.entry[0]);
    assert_string_equal(day, expected);
    c.entry[0].experiment = tiny;
    catalogue_title(&t, &c.entry[0]);
    assert_text(&t, "tiny");
    c.entry[0].experiment.name = "nobody";
    catalogue_title(&t, &c.entry[0]);
    assert_text(&t, "nobody");
    catalogue_free(&c);
}

/* The entry that holds a run. */
static const Entry *entry_of(const Catalogue *c, const Run *run)
{
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < c->entry[i].runs; k++)
            if (strcmp(c->entry[i].run[k].key, run->key) == 0)
                return &c->entry[i];
    fail_msg("no such run in the catalogue: %s", run->key);
    return NULL;
}

static void test_catalogue_marks(void **state)
{
    const Run used = PUT("marks", NULL, .seed = 1, 0.5, 1);
    const Run variation = PUT("marks", "train.batch=5", .seed = 1, 0.5, 2);
    const Run mine = PUT("marks", "train.batch=6", .seed = 1, 0.5, 3);
    const Run tried = PUT("marks", "train.batch=7", .seed = 1, 0.5, 4);
    const Run fresh = PUT("marks", "train.batch=8", .seed = 1, 0.5, 5);
    Catalogue c = catalogue_read(in_root("marks"));

    (void)state;
    assert_false(catalogue_mark(&c, in_root("no book")));
    write_runs_tsv("marks book", "01-tiny", USES(&used, &fresh), "book");
    write_runs_tsv("marks book", "02-more", USES(&mine), "yours");
    assert_true(catalogue_mark(&c, in_root("marks book")));
    const struct { const Run *run; bool in_use, of_book; } expected[] = {
        { &used, true, true }, { &variation, false, true },
        { &mine, true, false }, { &tried, false, false }, { &fresh, true, true },
    };
    for (int i = 0; i < 5; i++) {
        const Entry *e = entry_of(&c, expected[i].run);
        if (e->in_use != expected[i].in_use || e->of_book != expected[i].of_book)
            fail_msg("run %d: in use %d, the book's %d", i, e->in_use, e->of_book);
    }
    catalogue_free(&c);
}

static void test_catalogue_book_side(void **state)
{
    const Run mine = PUT("sides", "train.batch=6", .seed = 1, 0.5, 1);
    const Run elsewhere = PUT("sides", "train.batch=6", .seed = 1, 0.5, 1,
                              .data = other_data);
    Run old = PUT("sides", "train.batch=7", .seed = 1, 0.5, 1);

    (void)state;
    age_run(&old);
    Catalogue c = catalogue_read(in_root("sides"));
    Side side = catalogue_book_side(&c, entry_of(&c, &mine));
    assert_ptr_equal(side.accepted, accepted_find("tiny"));
    assert_null(side.entry);
    side = catalogue_book_side(&c, entry_of(&c, &elsewhere));
    assert_true(!side.accepted && !side.entry);
    catalogue_free(&c);

    const Run book = PUT("sides", NULL, .seed = 1, 0.7, 1);
    const Run there = PUT("sides", NULL, .seed = 1, 0.7, 1, .data = other_data);
    c = catalogue_read(in_root("sides"));
    assert_ptr_equal(catalogue_book_side(&c, entry_of(&c, &mine)).entry,
                     entry_of(&c, &book));
    assert_ptr_equal(catalogue_book_side(&c, entry_of(&c, &elsewhere)).entry,
                     entry_of(&c, &there));
    assert_null(catalogue_book_side(&c, entry_of(&c, &old)).entry);  /* other code */
    catalogue_free(&c);
}

/* ---- names from elsewhere ---- */

/* A name in a shared store is text on the page, whatever it holds. */
static void test_names_are_code(void **state)
{
    Text t = { 0 };

    (void)state;
    markup_code(&t, "a` <img onerror=x>\n```\n|b");
    assert_text(&t, "`a' <img onerror=x> ''' |b`");
    markup_code(&t, "");
    assert_text(&t, "`-`");
}

/* ---- measured times ---- */

/* Of chapter/chapter.h, whose digits() stands in the way of ours. */
void measure_or_recall(const char *name, double *x, int n,
                       void (*measure)(double *x));

static void measure_two(double *x)
{
    x[0] = 1;
    x[1] = 2;
}

static void never(double *x)
{
    die("measured again");
}

static int measure_once(void)
{
    double x[2] = { 0, 0 };

    must(make_folder(in_root("runs")));
    measure_or_recall("times", x, 2, measure_two);
    measure_or_recall("times", x, 2, never);
    return x[0] != 1 || x[1] != 2;
}

static int measure_forced(void)
{
    double x[2];

    setenv("FORCE", "1", 1);
    measure_or_recall("times", x, 2, never);
    return 0;
}

/* Times are those of this code and these digits (none here), and FORCE measures
 * anew. */
static void test_measured_times(void **state)
{
    char code[KEY_SIZE];

    (void)state;
    code_digest(code, NULL);
    must(make_folder(in_root("runs")));
    write_file(in_root("runs/measured-times.tsv"), "7\n7\n");
    write_file(in_root("runs/measured-times-0123456789abcdef-.tsv"), "7\n7\n");
    write_file(in_root("runs/measured-times-%.16s-0123456789abcdef.tsv", code),
               "7\n7\n");
    must_run(measure_once);
    assert_says(content(in_root("runs/measured-times-%.16s-.tsv", code)), "1\n2\n");
    assert_says(must_stop(measure_forced), "measured again");
}

/* ---- build/bin/runs ---- */

static const char *arguments[12];      /* after the name of the program */

static int exec_runs(void)
{
    char program[PATH_MAX + 8];
    char *argv[16] = { "runs" };

    for (int i = 0; arguments[i]; i++)
        argv[i + 1] = (char *)arguments[i];
    snprintf(program, sizeof program, "%s/runs", bin_folder);
    execv(program, argv);
    return 127;
}

#define RUNS_SAY(...) runs_say(0, (const char *const[]){ __VA_ARGS__, NULL })
#define RUNS_STOP(...) runs_say(1, (const char *const[]){ __VA_ARGS__, NULL })

static const char *runs_say(int status, const char *const *argument)
{
    int n = 0;

    for (; argument[n]; n++)
        arguments[n] = argument[n];
    arguments[n] = NULL;
    return status ? must_stop(exec_runs) : must_run(exec_runs);
}

static void test_runs_list(void **state)
{
    const Run used = PUT("list", NULL, .seed = 1, 0.5, 1000000000);
    PUT("list", NULL, .seed = 2, 0.6, 1000000000);
    PUT("list", "train.batch=5", .seed = 1, 0.5, 900000000);
    PUT("list", "train.batch=6", .seed = 1, 0.5, 1100000000, .chapter = "04-relu");
    const Run mine = PUT("list", "train.batch=7", .seed = 1, 0.5, 800000000);
    Run old = PUT("list", "train.batch=8", .seed = 1, 0.5, 700000000);
    char row[200], day[32];

    (void)state;
    age_run(&old);
    write_runs_tsv("list book", "01-tiny", USES(&used), "book");
    write_runs_tsv("list book", "02-more", USES(&mine), "yours");
    const char *said = RUNS_SAY("list", in_root("list"), in_root("list book"));
    Catalogue c = catalogue_read(in_root("list"));
    assert_true(text_starts(said, "id\tchapter\texperiment\tsettings\tdata\timages\t"
                            "build\truns\taccuracy\tsd\twhose\tfinished\t"));
    const struct { const char *settings, *accuracy, *whose; int runs; } rows[] = {
        { "train.batch=6", "0.5\t0", "yours", 1 },
        { "", "0.55\t0.0707107", "the book's", 2 },
        { "train.batch=5", "0.5\t0", "the book's, not in use", 1 },
        { "train.batch=7", "0.5\t0", "yours, in a chapter", 1 },
        { "train.batch=8", "0.5\t0", "earlier code", 1 },
    };
    const char *at = said;
    for (int i = 0; i < 5; i++) {
        catalogue_time(day, &c.entry[i]);
        snprintf(row, sizeof row, "%s\t%s\ttiny\t%s\tsynthetic\ttest\t",
                 c.entry[i].id, i ? "01-tiny" : "04-relu", rows[i].settings);
        assert_says(at, row);
        at = strstr(at, row);                            /* in this order */
        snprintf(row, sizeof row, "\t%d\t%s\t%s\t%s\t", rows[i].runs,
                 rows[i].accuracy, rows[i].whose, day);
        assert_says(at, row);
    }
    catalogue_free(&c);
    assert_silent_about(RUNS_SAY("list", in_root("no such store")), "tiny");
}

static const char *list_settings[][2] = { { NULL, NULL }, { NULL, NULL },
                                          { NULL, NULL } };

static int list_with_settings(void)
{
    for (int i = 0; i < 3; i++)
        if (list_settings[i][0])
            setenv(list_settings[i][0], list_settings[i][1], 1);
    return exec_runs();
}

static const char *list_with(int status, const char *where, const char *best)
{
    arguments[0] = "list";
    arguments[1] = in_root("search");
    arguments[2] = NULL;
    list_settings[0][0] = "WHERE";
    list_settings[0][1] = where;
    list_settings[1][0] = "BEST";
    list_settings[1][1] = best;
    return status ? must_stop(list_with_settings) : must_run(list_with_settings);
}

/* Filtered by fields, best first; other data stand apart. */
static void test_runs_search(void **state)
{
    (void)state;
    PUT("search", "train.batch=5", .seed = 1, 0.5, 5);
    PUT("search", "train.batch=6", .seed = 1, 0.9, 4);
    PUT("search", "train.batch=7", .seed = 1, 0.7, 3);
    PUT("search", "train.batch=7; optimiser.learning_rate=0.3", .seed = 1, 0.8, 2);
    PUT("search", "train.batch=6", .seed = 1, 0.99, 1, .data = other_data);
    const char *said = list_with(0, "batch=7", "");
    assert_says(said, "\ttrain.batch=7\t");
    assert_says(said, "\toptimiser.learning_rate=0.3; train.batch=7\t");
    assert_silent_about(said, "train.batch=6");
    said = list_with(0, "train.batch>5; learning_rate=0.1", "1");
    const char *first = strstr(said, "\ttrain.batch=6\t");
    assert_says(first, "\t0.99\t");                      /* one of each data */
    assert_says(said, "\t0.9\t");
    assert_silent_about(said, "\t0.7\t");
    said = list_with(0, "", "2");
    assert_true(strstr(said, "\t0.9\t") < strstr(said, "\t0.8\t"));
    assert_silent_about(said, "\t0.7\t");
    assert_says(list_with(1, "bacth=7", ""), "WHERE: \"bacth\" is no field");
    assert_says(list_with(1, "batch", ""), "expected field=value");
    assert_says(list_with(1, "", "none"), "BEST: found none, expected a whole number");
}

/* On a terminal no line is longer than it. */
static void test_runs_list_is_as_wide_as_the_terminal(void **state)
{
    (void)state;
    PUT("search", "layers=dense 100, relu, dense 100, relu, dense 100, relu, "
        "dense 10, softmax; optimiser=momentum; train.epochs=3", .seed = 1, 0.5, 5);
    list_settings[2][0] = "TSV";
    list_settings[2][1] = "0";
    const char *said = list_with(0, "", "");
    list_settings[2][0] = NULL;
    assert_says(said, "synthetic test   1 50.0 %");
    assert_says(said, "optimiser.momentum=0.9");
    for (const char *line = said; *line; line = text_next_line(line))
        if (strcspn(line, "\n") > 100 && !strstr(line, "layers="))
            fail_msg("a line of %d: %s", (int)strcspn(line, "\n"), line);
}

static int list_chapter_4(void)
{
    setenv("CHAPTER", "04", 1);
    return exec_runs();
}

static void test_runs_of_one_chapter(void **state)
{
    (void)state;
    PUT("chapters", NULL, .seed = 1, 0.5, 1, .chapter = "01-tiny");
    PUT("chapters", "train.batch=6", .seed = 1, 0.5, 1, .chapter = "04-relu");
    arguments[0] = "list";
    arguments[1] = in_root("chapters");
    arguments[2] = NULL;
    const char *said = must_run(list_chapter_4);
    assert_says(said, "\t04-relu\ttiny\ttrain.batch=6\t");
    assert_silent_about(said, "01-tiny");
}

static void test_runs_compare_yours(void **state)
{
    (void)state;
    PUT("yours", NULL, .seed = 1, 0.5, 1);
    const char *said = RUNS_SAY("compare", in_root("yours"), in_root("no book"));
    assert_says(said, "Nothing to compare: every run in the store is the book's "
                "own. Change a number");
    PUT("yours", "train.batch=6", .seed = 1, 0.7, 2);
    PUT("yours", "train.batch=7", .seed = 2, 0.7, 3);
    Run old = PUT("yours", "train.batch=8", .seed = 1, 0.7, 4);
    age_run(&old);
    said = RUNS_SAY("compare", in_root("yours"), in_root("no book"));
    assert_true(strncmp(said, "01-tiny: tiny, on synthetic\n\n| Field ", 36) == 0);
    assert_says(said, "| `train.batch` | 10         | 7     |\n");
    const char *second = strstr(said, "\n\n01-tiny: tiny, on synthetic\n\n");
    assert_says(second, "| `train.batch` | 10         | 6     |\n");
    assert_says(second, "Image by image, with the same seed: 0 are read");
    assert_silent_about(said, "| 8 ");
    assert_silent_about(said, "Nothing to compare");
}

static void test_runs_compare_two(void **state)
{
    char a[KEY_SIZE], b[KEY_SIZE], expected[200], twice[2] = "";
    Catalogue c;

    (void)state;
    PUT("two", NULL, .seed = 1, 0.5, 1);
    PUT("two", "train.batch=6", .seed = 2, 0.7, 2);
    PUT("two", "train.batch=7", .seed = 2, 0.7, 0, .data = other_data);
    c = catalogue_read(in_root("two"));
    snprintf(a, sizeof a, "%s", c.entry[1].id);
    snprintf(b, sizeof b, "%.9s", c.entry[0].id);
    const char *said = RUNS_SAY("compare", in_root("two"), in_root("no book"), a, b);
    snprintf(expected, sizeof expected, "| Field         | %s | %s |\n", a, b);
    assert_says(said, expected);
    snprintf(expected, sizeof expected, "In accuracy, %s leads by 20.00 "
             "points: **no telling**.", b);
    assert_says(said, expected);
    assert_says(RUNS_STOP("compare", in_root("two"), a, "0x"),
                "0x: no experiment has this id; `make runs` lists them\n");
    assert_says(RUNS_STOP("compare", in_root("two"), a, c.entry[2].id),
                "were run on different data: they cannot be compared\n");
    catalogue_free(&c);

    /* Of seventeen ids two begin alike. */
    for (int batch = 8; batch < 24; batch++) {
        snprintf(expected, sizeof expected, "train.batch=%d", batch);
        PUT("two", expected, .seed = 1, 0.5, 1);
    }
    c = catalogue_read(in_root("two"));
    for (int i = 0; i < c.n; i++)
        for (int k = 0; k < i; k++)
            if (c.entry[i].id[0] == c.entry[k].id[0])
                twice[0] = c.entry[i].id[0];
    snprintf(expected, sizeof expected, "%s: more than one experiment has an id "
             "that begins so; give more of it\n", twice);
    assert_says(RUNS_STOP("compare", in_root("two"), twice, a), expected);
    catalogue_free(&c);
}

static const char *prune_settings[2];

static int prune_with(void)
{
    for (int i = 0; i < 2; i++)
        if (prune_settings[i])
            setenv(prune_settings[i], "1", 1);
    return exec_runs();
}

static const char *prune_says(const char *store, const char *book,
                              const char *quick, const char *yes,
                              const char *own)
{
    const char *const with[] = { "prune", store, book, quick, NULL };

    for (int i = 0; i < 5; i++)
        arguments[i] = with[i];
    prune_settings[0] = yes;
    prune_settings[1] = own;
    return must_run(prune_with);
}

/* It lists, keeps what is the reader's own, and acts when it is told. */
static void test_runs_prune(void **state)
{
    const Run used = PUT("prune", NULL, .seed = 1, 0.5, 1);
    const Run quick = PUT("prune", "train.batch=5", .seed = 1, 0.5, 1);
    const Run mine = PUT("prune", "train.batch=6", .seed = 1, 0.5, 1);
    const Run idle = PUT("prune", "train.batch=7", .seed = 1, 0.5, 1);
    const Run idle2 = PUT("prune", "train.batch=7", .seed = 2, 0.5, 1);
    const Run again = PUT("prune", NULL, .seed = 9, 0.5, 1, .data = other_data);
    Run old = PUT("prune", NULL, .seed = 1, 0.5, 1, .data = other_data);
    const time_t long_ago = time(NULL) - 2 * 3600;
    char expected[200], abandoned[200];

    (void)state;
    age_run(&old);
    snprintf(abandoned, sizeof abandoned, "%s",
             in_root("prune/%s.123.tmp", used.key));
    must(make_folder(abandoned));
    write_file(in_root("prune/%s.123.tmp/history.tsv", used.key), "epoch\n");
    write_file(in_root("prune/%s.123.tmp/score.tsv.123.tmp", used.key), "acc");
    assert_int_equal(utime(abandoned, &(struct utimbuf){ long_ago, long_ago }), 0);
    must(make_folder(in_root("prune/%s.124.tmp", used.key)));
    must(make_folder(in_root("prune/notes")));

    write_runs_tsv("prune book", "01-tiny", USES(&used), "book");
    write_runs_tsv("prune book", "02-more", USES(&mine), "yours");
    write_runs_tsv("prune quick", "01-tiny", USES(&quick), "book");
    const char *store = in_root("prune"), *book = in_root("prune book");
    const char *quick_book = in_root("prune quick");
    const char *said = prune_says(store, book, quick_book, NULL, NULL);
    snprintf(expected, sizeof expected, "%s: would remove 3 runs, ", store);
    assert_says(said, expected);
    assert_says(said, "; YES=1 does it\n2 runs of your own stay; OWN=1 counts "
                "them in\n");
    assert_says(said, " MiB  tiny (earlier code)\n");
    assert_true(exists(abandoned) && exists(old.folder) && exists(again.folder));
    said = prune_says(store, book, quick_book, "YES", NULL);
    snprintf(expected, sizeof expected, "%s: removed 3 runs, ", store);
    assert_says(said, expected);
    assert_true(exists(used.folder) && exists(quick.folder) && exists(mine.folder));
    assert_true(exists(idle.folder) && exists(idle2.folder));
    assert_false(exists(old.folder) || exists(again.folder));
    said = prune_says(store, book, quick_book, "YES", "OWN");
    assert_says(said, "tiny, train.batch=7 (yours)\n");
    assert_true(exists(used.folder) && exists(quick.folder) && exists(mine.folder));
    assert_false(exists(idle.folder) || exists(idle2.folder));
    assert_true(exists(in_root("prune/%s.124.tmp", used.key)));
    assert_true(exists(in_root("prune/notes")));
    assert_false(exists(abandoned));
    Run back = used;
    assert_null(store_read(&back));
}

/* Lists, comparisons and pages believe sealed runs alone; each is checked once,
 * and again when it has changed. */
static void test_index(void **state)
{
    const Run run = PUT("index", NULL, .seed = 1, 0.21, 1);
    const Run other = PUT("index", "train.batch=5", .seed = 1, 0.5, 2);
    char path[1200];
    Text t = { 0 };

    (void)state;
    int checked = seals_checked();
    Catalogue c = catalogue_read(in_root("index"));
    assert_int_equal(seals_checked() - checked, 2);
    assert_int_equal(c.n, 2);
    catalogue_free(&c);
    checked = seals_checked();
    c = catalogue_read(in_root("index"));
    assert_int_equal(seals_checked() - checked, 0);
    assert_int_equal(c.n, 2);
    assert_true(c.entry[1].accuracy.mean == 0.21);
    assert_string_equal(c.entry[1].run[0].data_name, "synthetic");
    catalogue_free(&c);

    snprintf(path, sizeof path, "%s/score.tsv", run.folder);     /* by hand */
    must(text_read(&t, path));
    memcpy(strstr(t.s, "0.2"), "0.9", 3);
    must(text_write(&t, path));
    c = catalogue_read(in_root("index"));
    assert_int_equal(seals_checked() - checked, 1);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.passed_over, 1);
    assert_string_equal(c.entry[0].run[0].key, other.key);
    catalogue_free(&c);
    c = catalogue_read(in_root("index"));
    assert_int_equal(seals_checked() - checked, 1);
    assert_int_equal(c.passed_over, 1);
    catalogue_free(&c);

    snprintf(path, sizeof path, "%s", in_root("index/index.tsv"));
    text_free(&t);
    must(text_read(&t, path));
    t.s[t.length / 2] ^= 1;                        /* not as it was written */
    must(text_write(&t, path));
    text_free(&t);
    c = catalogue_read(in_root("index"));
    assert_int_equal(seals_checked() - checked, 3);
    catalogue_free(&c);
    store_remove(other.folder);
    c = catalogue_read(in_root("index"));
    assert_int_equal(c.n, 0);
    catalogue_free(&c);
}

/* Whoever does not know what is used removes nothing. */
static void test_runs_prune_refuses(void **state)
{
    const Run run = PUT("refuse", NULL, .seed = 1, 0.5, 1);

    (void)state;
    assert_says(RUNS_STOP("prune", in_root("refuse"), in_root("no book")),
                ": no book says which runs it uses: nothing removed. `make book` "
                "first; `make distclean` removes everything\n");
    write_runs_tsv("refuse book", "01-tiny", USES(&run), "book");
    must(make_folder(in_root("refuse book/02-more/experiments")));
    assert_says(RUNS_STOP("prune", in_root("refuse"), in_root("refuse book")),
                "refuse book/02-more has not run to its end, so nobody knows which "
                "runs it uses: nothing removed; mend it and `make book` first\n");
    assert_true(exists(run.folder));
}

/* A run without its files is named, and prune removes it as it promises. */
static void test_runs_prune_of_half_a_run(void **state)
{
    const Run run = PUT("half", NULL, .seed = 1, 0.5, 1);
    const Run half = PUT("half", "train.batch=7", .seed = 1, 0.5, 1);

    (void)state;
    remove(in_root("half/%s/score.tsv", half.key));
    write_runs_tsv("half book", "01-tiny", USES(&run), "book");
    const char *said = RUNS_SAY("list", in_root("half"), in_root("half book"));
    assert_silent_about(said, "train.batch=7");
    assert_says(said, "half: 1 runs passed over: damaged");
    assert_says(prune_says(in_root("half"), in_root("half book"), NULL, "YES",
                           NULL), "score.tsv: No such file");
    assert_true(exists(run.folder));
    assert_false(exists(half.folder));
}

static void test_runs_errors(void **state)
{
    (void)state;
    assert_says(RUNS_STOP("list"), "usage: runs list|prune|compare <store>");
    assert_says(RUNS_STOP("tidy", in_root("two")),
                "runs: \"tidy\" is not understood; expected list, prune, or "
                "compare with no ids or two\n");
    assert_says(RUNS_STOP("compare", in_root("two"), "abc"),
                "runs: \"abc\" is not understood");
}

static int setup(void **state)
{
    (void)state;
    make_scratch("test_compare");
    set_environment();
    must(digits_open(&digits));
    must(model_create(&model, &tiny, 1));
    model_initialise(model, 1);
    nothing = predictions_create(0);
    make_edition();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    digits_close(&digits);
    model_free(model);
    predictions_free(&nothing);
    return remove_scratch(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_editions),   /* before ours is read */
        cmocka_unit_test(test_sweep_of_one_field),
        cmocka_unit_test(test_sweep_of_two_fields),
        cmocka_unit_test(test_sweep_of_layers),
        cmocka_unit_test(test_wrong_sweeps),
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_accepted_find),
        cmocka_unit_test(test_accepted_has),
        cmocka_unit_test(test_book_side),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_mcnemar),
        cmocka_unit_test(test_mcnemar_of_one_pair),
        cmocka_unit_test(test_mcnemar_is_never_sure),
        cmocka_unit_test(test_predictions_of_different_lengths),
        cmocka_unit_test(test_comparison_with_an_accepted_result),
        cmocka_unit_test(test_comparison_of_losses),
        cmocka_unit_test(test_noise_of_the_images),
        cmocka_unit_test(test_comparison_on_other_images),
        cmocka_unit_test(test_compare_fields),
        cmocka_unit_test(test_signed_numbers),
        cmocka_unit_test(test_catalogue),
        cmocka_unit_test(test_catalogue_words),
        cmocka_unit_test(test_catalogue_marks),
        cmocka_unit_test(test_catalogue_book_side),
        cmocka_unit_test(test_names_are_code),
        cmocka_unit_test(test_measured_times),
        cmocka_unit_test(test_runs_list),
        cmocka_unit_test(test_runs_search),
        cmocka_unit_test(test_runs_list_is_as_wide_as_the_terminal),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_runs_of_one_chapter),
        cmocka_unit_test(test_runs_compare_yours),
        cmocka_unit_test(test_runs_compare_two),
        cmocka_unit_test(test_runs_prune),
        cmocka_unit_test(test_runs_prune_refuses),
        cmocka_unit_test(test_runs_prune_of_half_a_run),
        cmocka_unit_test(test_runs_errors),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
