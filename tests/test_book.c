/* SPDX-License-Identifier: MIT
 *
 * Making the book: what chapters report and leave behind, and the program that
 * runs them. The chapters of tests/sample are compiled into this one; each runs
 * in a child of its own, on 200 drawn digits. build/bin/book runs shell scripts
 * in their stead. Run from the root of the project; BIN names the folder of the
 * programs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <signal.h>

#include "scratch.h"

#define main sample_reports
#include "sample/01-reports.c"
#undef main
#define main sample_training
#include "sample/02-training.c"
#undef main
#define main sample_output
#include "sample/03-output.c"
#undef main

#include "base/sha256.h"
#include "press/html.h"
#include "runs/fields.h"
#include "runs/seal.h"
#include "runs/settings.h"

static char book_program[PATH_MAX + 8];

/* ---- chapters that report ---- */

static int run_reports(void)
{
    return sample_reports(1, (char *[]){ "01-reports", NULL });
}

static int run_training(void)
{
    return sample_training(1, (char *[]){ "02-training", NULL });
}

static int run_output(void)
{
    return sample_output(1, (char *[]){ "03-output", NULL });
}

/* The whole page, up to its stamp. */
static void test_page_of_reports(void **state)
{
    (void)state;
    must_run(run_reports);
    const char *page = content(in_root("book/01-reports.md"));
    const char *expected = content("tests/sample/01-reports.md");
    const char *stamp = strstr(page, "```stamp\n");
    assert_non_null(stamp);
    Text body = { 0 };
    text_add_bytes(&body, page, (size_t)(stamp - page));
    assert_string_equal(text_string(&body), expected);
    text_free(&body);
    assert_says(stamp, "```stamp\nRuns: 2\nTraining: ");
    assert_says(stamp, " core seconds in all\nPeak memory: ");
    assert_says(stamp, "\nData: 200 + 100 drawn digits (SHA-256 ");
    assert_says(stamp, "\nCompiler: ");
}

static void test_figures_and_claims(void **state)
{
    (void)state;
    must_run(run_reports);
    assert_string_equal(content(in_root("book/01-reports/line.tsv")),
                        "series\tx\ty\tlo\thi\nline\t0\t0\t0\t0\n"
                        "line\t1\t21\t21\t21\nline\t2\t42\t42\t42\n");
    assert_says(content(in_root("book/01-reports/line.svg")), "</svg>");
    assert_string_equal(content(in_root("book/01-reports/claims.tsv")),
                        "holds\t44\tSix times seven is {{answer}}.\n"
                        "fails\t45\tIt is more than 50.\n");
}

/* Mean and deviation in results.tsv are those of the runs in runs.tsv. */
static void test_results(void **state)
{
    double accuracy[2], loss[2], seconds[2], found[3], sd[3], by_the_clock;
    char key[2][KEY_SIZE];
    int n[5], end = 0;

    (void)state;
    must_run(run_reports);
    const char *runs = content(in_root("book/01-reports/runs.tsv"));
    assert_int_equal(sscanf(runs, "tiny\t1\t%lf\t%lf\t%lf\t%64s\tbook\n"
                            "tiny\t2\t%lf\t%lf\t%lf\t%64s\tbook\n%n",
                            &accuracy[0], &loss[0], &seconds[0], key[0],
                            &accuracy[1], &loss[1], &seconds[1], key[1], &end),
                     8);
    assert_string_equal(runs + end, "");
    for (int i = 0; i < 2; i++)
        assert_true(exists(in_root("runs/%s/score.tsv", key[i])));
    const char *results = content(in_root("book/01-reports/results.tsv"));
    assert_int_equal(sscanf(results,
                            "01-reports\ttiny\ttest_accuracy\t%lf\t%lf\t%d\n"
                            "01-reports\ttiny\ttest_loss\t%lf\t%lf\t%d\n"
                            "01-reports\ttiny\tcore_seconds\t%lf\t%lf\t%d\n"
                            "01-reports\ttiny\ttrain_seconds\t%lf\t%*f\t%d\n"
                            "01-reports\ttiny\tparameters\t7850\t0\t%d\n",
                            &found[0], &sd[0], &n[0], &found[1], &sd[1], &n[1],
                            &found[2], &sd[2], &n[2], &by_the_clock, &n[3],
                            &n[4]), 12);
    const double *x[3] = { accuracy, loss, seconds };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(n[i], 2);
        assert_true(x[i][0] > 0 && x[i][1] > 0);
        assert_true(fabs(found[i] - (x[i][0] + x[i][1]) / 2) < 1e-5);
        assert_true(fabs(sd[i] - fabs(x[i][0] - x[i][1]) / sqrt(2)) < 1e-5);
    }
    assert_int_equal(n[3], 2);
    assert_int_equal(n[4], 2);
    assert_true(by_the_clock > 0);
    assert_true(loss[0] != loss[1]);
}

/* The published experiment is the one in the source, its seeds, and the data
 * that it was run on. */
static void test_published_experiment(void **state)
{
    Text expected = { 0 };
    const Experiment complete = experiment_complete(&tiny);
    Digits digits;

    (void)state;
    must_run(run_reports);
    set_environment();
    must(digits_open(&digits));
    text_add(&expected, "seeds\t2\ndata\t%s\n", digits.digest);
    digits_close(&digits);
    experiment_print(&expected, &complete);
    assert_string_equal(content(in_root("book/01-reports/experiments/tiny.tsv")),
                        text_string(&expected));
    text_free(&expected);
}

/* Nothing is trained twice, and no page changes for it. */
static void test_second_time_is_recalled(void **state)
{
    struct stat before, after;

    (void)state;
    must_run(run_reports);
    assert_int_equal(stat(in_root("book/01-reports.md"), &before), 0);
    const Ending *e = run_child(run_reports);
    assert_int_equal(e->status, 0);
    assert_string_equal(e->said, "01-reports  2 runs recalled\n");
    assert_int_equal(stat(in_root("book/01-reports.md"), &after), 0);
    assert_true(before.st_ino == after.st_ino);
}

static int run_reports_quick(void)
{
    setenv("QUICK", "1", 1);
    setenv("BOOK", in_root("quick"), 1);
    return run_reports();
}

/* One seed, and claims are not judged. */
static void test_quick(void **state)
{
    (void)state;
    must_run(run_reports_quick);
    assert_says(content(in_root("quick/01-reports.md")), "```claim unjudged\nIt is more");
    assert_says(content(in_root("quick/01-reports/claims.tsv")),
                "unjudged\t44\tSix times seven is {{answer}}.\n");
    assert_says(content(in_root("quick/01-reports/results.tsv")),
                "01-reports\ttiny\tparameters\t7850\t0\t1\n");
}

static void test_page_of_training(void **state)
{
    char accuracy[64], percent[64], loss[64], seconds[64], wide_accuracy[64];
    char answer[128];
    int seeds;

    (void)state;
    must_run(run_reports);
    const Ending *e = run_child(run_training);
    if (e->status != 0)
        fail_msg("%s", e->said);
    const char *page = content(in_root("book/02-training.md"));
    const char *prose = strstr(page, "It stands on the one before:");
    assert_non_null(prose);
    assert_int_equal(sscanf(prose, "It stands on the one before: %63[^,], %63[^,], "
                            "%63[^,], %63[^,], 7,850, %d seeds. Of its own it "
                            "has %63[^%]%%.", accuracy, percent, loss, seconds,
                            &seeds, wide_accuracy), 6);
    assert_says(accuracy, " ± ");
    assert_true(strncmp(accuracy, percent, strlen(percent)) == 0);
    assert_int_equal(seeds, 2);
    assert_says(wide_accuracy, " ± ");

    /* Not its own: tiny. Not published: exercises and what diverged. */
    const char *results = content(in_root("book/02-training/results.tsv"));
    assert_says(results, "02-training\twide\tvalidation_accuracy\t");
    assert_says(results, "02-training\twide\tvalidation_loss\t");
    assert_says(results, "02-training\twide, train.epochs=1; train.batch=5\tvalidation_accuracy\t");
    assert_says(results, "02-training\twide\tparameters\t9550\t0\t3\n");
    assert_silent_about(results, "tiny");
    assert_says(results, "learning_rate=0.001\tvalidation_accuracy\t");
    assert_silent_about(results, "1e6");
    assert_string_equal(files_in("book/02-training/experiments"), "wide.tsv ");
    assert_says(e->said, "02-training  wide, loss=mse; layers=dense 12, dense "
                "10; optimiser.learning_rate=1e6: the loss is not finite");

    assert_says(page, "Table: On the test set.\n\n"
                "| Experiment | Test accuracy | Test loss | Core seconds | Seeds |\n"
                "| --- | --- | --- | --- | --- |\n| tiny | ");
    assert_says(page, " | 2 |\n\nTable: On images held out.\n\n"
                "| Experiment | Held-out accuracy | Held-out loss | Core seconds | Seeds |\n"
                "| --- | --- | --- | --- | --- |\n| wide | ");
    assert_says(page, "![Both rise.](02-training/learning.svg \"Accuracy.\")\n"
                "[data](02-training/learning.tsv)\n[script](figures/curves.gp)\n");
    assert_says(page, "```claim holds\nIt diverges.\n```\n");
    assert_says(page, "**Exercise 2.1.** What if it trains for half as long?\n\n"
                "The change: `train.epochs`: 2 becomes **1**; `train.batch`: 10 "
                "becomes **5**.\n\n<details class=\"answer\">");
    assert_says(page, "| wide, train.epochs=1; train.batch=5 | ");
    snprintf(answer, sizeof answer, "\nIt is not worse than %s%%.\n", wide_accuracy);
    assert_says(page, answer);
    assert_says(page, "**Exercise 2.4.** What if a filter is larger than the "
                "image?\n\nThe change: `layers`: dense 12, relu, dense 10, "
                "softmax becomes **conv2d channels 1 kernel 99 stride 1, dense "
                "10, softmax**.\n\n");
    assert_says(page, "open the answer.</summary>\n\nThe run stopped: wide, "
                "layers=conv2d channels 1 kernel 99, dense 10, softmax: layer 1, "
                "conv2d: a kernel of 99");
}

static void test_figures_of_training(void **state)
{
    static const char *const figures[] = { "learning", "confusion", "sheet" };
    char expected[64];
    int lines = 0;

    (void)state;
    must_run(run_reports);
    must_run(run_training);
    for (int i = 0; i < 3; i++)
        assert_says(content(in_root("book/02-training/%s.svg", figures[i])), "</svg>");

    const char *table = content(in_root("book/02-training/learning.tsv"));
    assert_true(strstr(table, "series\tx\ty\tlo\thi\ntiny\t") == table);
    assert_says(table, "\nwide\t");
    for (const char *p = table; (p = strchr(p, '\n')); p++)
        if (p[1]) {
            double x, y, lo, hi;
            assert_int_equal(sscanf(p + 1, "%*s%lf%lf%lf%lf", &x, &y, &lo, &hi), 4);
            assert_true(y >= 0 && y <= 100 && lo <= y && y <= hi);
            lines++;
        }
    assert_true(lines >= 4);

    table = content(in_root("book/02-training/confusion.tsv"));
    for (int i = 0; i < CLASSES; i++)
        for (int j = 0; j < CLASSES; j++) {
            const int k = i != 3 ? 0 : j == 3 ? 3 : j == 8;
            snprintf(expected, sizeof expected, "\n%d\t%d\t%d\t%.4f\n", i, j, k, k / 4.0);
            assert_says(table, expected);
        }

    /* Two 2 x 2 images, 4 pixels apart. */
    assert_string_equal(content(in_root("book/02-training/sheet.labels.tsv")),
                        "x\ty\ttext\tstyle\n0.5\t7\tright\tplain\n6.5\t7\twrong\twrong\n");
    table = content(in_root("book/02-training/sheet.tsv"));
    assert_says(table, "c0\tc1\tc2\tc3\tc4\tc5\tc6\tc7\n"
                "0\t1\tNaN\tNaN\tNaN\tNaN\t1\t1\n"
                "0.5\t0.25\tNaN\tNaN\tNaN\tNaN\t1\t1\n"
                "NaN\tNaN\tNaN\tNaN\tNaN\tNaN\tNaN\tNaN\n");
}

/* An answer that says which way it goes is a claim: as on the page, so in
 * claims.tsv. */
static void test_exercise_with_an_outcome(void **state)
{
    (void)state;
    must_run(run_reports);
    must_run(run_training);
    const char *page = content(in_root("book/02-training.md"));
    assert_says(page, "\n```claim holds\nWorse: −");
    assert_says(page, "\n```claim fails\nWorse: +");
    assert_says(page, " points of accuracy; 95 % interval with other seeds: ");
    assert_says(page, ": larger than seed noise, and than that of the images.\n"
                "```\n");
    const char *claims = content(in_root("book/02-training/claims.tsv"));
    assert_says(claims, "holds\t");
    assert_says(claims, "\tWorse: −");
    assert_says(claims, "fails\t");
    assert_says(claims, "\tWorse: +");
}

/* An exercise says on which images its networks were judged. */
static void test_exercise_on_images_held_out(void **state)
{
    (void)state;
    must_run(run_reports);
    must_run(run_training);
    assert_says(content(in_root("book/02-training.md")),
                "then open the answer.</summary>\n\n"
                "| Experiment | Held-out accuracy | Held-out loss |");
}

/* Each print shows behind the code that printed. */
static void test_output_stays_with_its_piece(void **state)
{
    (void)state;
    must_run(run_output);
    assert_says(content(in_root("book/03-output.md")),
                "report_print(\"before\\n\");\n```\n\n"
                "```output\nbefore\n```\n\n"
                "Between.\n\n"
                "```c file=tests/sample/03-output.c line=14\n"
                "report_print(\"after\\n\");\n```\n\n"
                "```output\nafter\n```\n\n");
}

static int press_samples(void)
{
    Page pages[] = { { "01-reports", 1 }, { "02-training", 2 } };
    char figures[PATH_MAX];

    if (!realpath("figures", figures) || symlink(figures, in_root("book/figures")) != 0)
        return 1;
    must(press(in_root("book"), &(Pages){ pages, 2, "Only a test." }));
    return 0;
}

/* What chapters write, the press understands. */
static void test_pages_can_be_pressed(void **state)
{
    (void)state;
    must_run(run_reports);
    must_run(run_training);
    must_run(press_samples);
    assert_says(content(in_root("book/01-reports.html")), "It is more than 50.");
    assert_says(content(in_root("book/02-training.html")), "Exercise 2.1.");
}

/* ---- reports that stop the chapter ---- */

/* Says where the next line is. */
#define HERE_IT_ENDS fprintf(stderr, "line %d\n", __LINE__ + 1)

static void help(void)
{
    HERE_IT_ENDS;
    report_print("from a helper\n");
}

static void ask_for_help(void)
{
    help();
}

static void value_by_helper(void)
{
    HERE_IT_ENDS;
    report_value_at((Place){ __LINE__, "other" }, "x", "%d", 1);
}

static void value_twice(void)
{
    report_value("x", "%d", 1);
    HERE_IT_ENDS;
    report_value("x", "%d", 2);
}

static void row_without_report(void)
{
    HERE_IT_ENDS;
    report_row("1 | 2");
}

static void row_behind_output(void)
{
    report_table("A table.", "a | b");
    report_print("output\n");
    HERE_IT_ENDS;
    report_row("1 | 2");
}

static void figure_twice(void)
{
    const Figure f = { .kind = "curves", .name = "loss", .caption = "c", .alt = "a" };

    report_figure_at(HERE, f);
    HERE_IT_ENDS;
    report_figure_at(HERE, f);
}

static void figure_without_caption(void)
{
    HERE_IT_ENDS;
    report_figure(.kind = "curves", .name = "loss", .alt = "a");
}

static void value_not_used(void)
{
    HERE_IT_ENDS;
    report_value("speed", "%d", 1);
}

static void recall_nobody(void)
{
    recall("nobody");
}

static void train_under_a_name_that_is_taken(void)
{
    train_or_recall(&tiny);
}

static void curve_of_speed(void)
{
    report_curves(((Figure){ .kind = "curves", .name = "loss", .caption = "c",
                             .alt = "a" }), "speed", recall("tiny"), NULL);
}

static void figure_of_no_kind(void)
{
    report_figure(.kind = "nosuch", .name = "loss", .caption = "c", .alt = "a");
}

/* The step; whether its last words begin with the line it told; the rest of
 * them, where %s is the folder of this test. */
static const struct Stop {
    void (*step)(void);
    const char *name;
    bool with_line;
    const char *words;
} stops[] = {
#define STOP(step, ...) { step, #step, __VA_ARGS__ }
    STOP(ask_for_help, true,
         "help() reports, but the step that runs is ask_for_help(): helpers "
         "compute, steps report"),
    STOP(value_by_helper, true,
         "other() reports, but the step that runs is value_by_helper(): helpers "
         "compute, steps report"),
    STOP(value_twice, true, "the value x is reported twice: 1 and 2"),
    STOP(row_without_report, true, "a row without a table: call report_table first"),
    STOP(row_behind_output, true, "a row without a table: call report_table first"),
    STOP(figure_twice, true, "there is a figure loss already"),
    STOP(figure_without_caption, true,
         "a figure needs .kind, .name, .caption and .alt"),
    STOP(value_not_used, true, "the value speed is reported and never used"),
    STOP(recall_nobody, false,
         "experiment \"nobody\" was published by no chapter: run the chapters "
         "before this one first, `make book` does"),
    STOP(train_under_a_name_that_is_taken, false,
         "experiment \"tiny\" has the name of one that is published in "
         "%s/book/01-reports/experiments/tiny.tsv: give it another"),
    STOP(curve_of_speed, false,
         "a learning curve of \"speed\"? There are loss, accuracy and "
         "validation_accuracy"),
};

static const struct Stop *stop;        /* the one that a child is to run */

static void open_this_file(void)
{
    chapter_open_with(1, (char *[]){ "chapter", NULL },
                      &(Contents){ .source = __FILE__ });
}

static int run_stop(void)
{
    open_this_file();
    chapter_run(stop->name, stop->step);
    return chapter_close();
}

/* Each stops with exit status 1 and one line, and leaves no page. */
static void test_reports_that_stop(void **state)
{
    (void)state;
    must_run(run_reports);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        char expected[800], words[600];
        int line = 0;
        stop = &stops[i];
        const Ending *e = run_child(run_stop);
        if (stop->with_line && sscanf(strstr(e->said, "line ") ? strstr(e->said, "line ")
                                                               : "", "line %d", &line) != 1)
            fail_msg("%s told no line:\n%s", stop->name, e->said);
        snprintf(words, sizeof words, stop->words, root);
        if (stop->with_line)
            snprintf(expected, sizeof expected, "tests/test_book.c:%d: %s\n", line, words);
        else
            snprintf(expected, sizeof expected, "tests/test_book.c: %s\n", words);
        assert_says(e->said, expected);
        assert_int_equal(e->status, 1);
        assert_false(exists(in_root("book/test_book.md")));
    }
}

static const struct Stop no_such_kind = { figure_of_no_kind, "figure_of_no_kind",
                                          false, "" };

static void test_figure_of_unknown_kind(void **state)
{
    (void)state;
    stop = &no_such_kind;
    const Ending *e = run_child(run_stop);
    assert_says(e->said, "figures/nosuch.gp");
    assert_int_equal(e->status, 1);
    assert_false(exists(in_root("book/test_book.md")));
}

static int report_from_main(void)
{
    open_this_file();
    HERE_IT_ENDS;
    report_claim(true, "No step runs.");
    return 0;
}

static void test_report_outside_of_steps(void **state)
{
    char expected[300];
    int line;

    (void)state;
    const Ending *e = run_child(report_from_main);
    assert_int_equal(sscanf(e->said, "line %d", &line), 1);
    snprintf(expected, sizeof expected,
             "tests/test_book.c:%d: report_from_main() reports while no step "
             "runs: only steps report, and main RUNs them\n", line);
    assert_says(e->said, expected);
    assert_int_equal(e->status, 1);
}

/* ---- build/bin/book ---- */

/* A project of three chapters, in which scripts stand in for programs:
 *
 *   <root>/<project>/chapters/01-one.c ...     bin/01-one ...     book/
 *
 * Every program adds its name to the file `ran`. */
static char project[64];
static const char *variable, *value;       /* one more for it, or NULL */

static const char *in_project(const char *name)
{
    return in_root("%s/%s", project, name);
}

/* What each of them does unless a test says otherwise: publishes experiment
 * one, two or three, with two runs, and one claim that holds and one that
 * does not. */
static const char good_program[] =
    "name=$(basename $0); folder=$BOOK/$name; experiment=${name#0?-}\n"
    "mkdir -p $folder/experiments\n"
    "echo 2 >$folder/experiments/$experiment.tsv\n"
    "printf \"$experiment\\t1\\t0.5\\t1\\t2\\t5eed\\tbook\\n\" >$folder/runs.tsv\n"
    "printf \"$experiment\\t2\\t0.7\\t1\\t3\\t5eed\\tbook\\n\" >>$folder/runs.tsv\n"
    "printf \"$name\\t$experiment\\ttest_accuracy\\t0.6\\t0.1\\t2\\n\" >$folder/results.tsv\n"
    "printf \"holds\\t3\\tYes.\\nfails\\t4\\tNo to $experiment.\\n\" >$folder/claims.tsv\n"
    "printf \"# About $experiment\\n\\nText.\\n\" >$BOOK/$name.md\n"
    "echo end >&9\n";

static void write_program(const char *name, const char *text)
{
    char path[600];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s", in_root("%s/bin/%s", project, name));
    text_add(&t, "#!/bin/sh\necho $(basename $0) >>ran\n%s", text);
    must(text_write(&t, path));
    assert_int_equal(chmod(path, 0755), 0);
    text_free(&t);
}

static void link_to(const char *name)
{
    char here[PATH_MAX];

    assert_non_null(realpath(name, here));
    assert_int_equal(symlink(here, in_project(name)), 0);
}

static void new_project(void)
{
    static int number;
    static const char *const names[] = { "01-one", "02-two", "03-three" };

    variable = NULL;
    snprintf(project, sizeof project, "project%d", ++number);
    must(make_folder(in_project("chapters")));
    must(make_folder(in_project("bin")));
    must(make_folder(in_project("lib/base")));
    link_to("lib/press");
    link_to("lib/chapter");
    link_to("lib/data");
    link_to("lib/nn");
    link_to("lib/runs");
    link_to("figures");
    write_file(in_project("lib/base/text.h"), "/* a file of the library */\n");
    write_file(in_project("chapters/index.md"),
               "# A book\n\n@chapters\n\n@edition\n\n@ladder one two three\n");
    for (int i = 0; i < 3; i++) {
        write_file(in_root("%s/chapters/%s.c", project, names[i]), "/* source */\n");
        write_program(names[i], good_program);
    }
}

static int exec_book(void)
{
    setenv("PROJECT", ".", 1);
    setenv("BOOK", "book", 1);
    setenv("PROGRAMS", "bin", 1);
    setenv("RUNS", "runs", 1);
    setenv("EXPECTED", "expected", 1);
    if (variable)
        setenv(variable, value, 1);
    if (chdir(in_root("%s", project)) == 0)
        execl(book_program, book_program, "chapters/01-one.c", "chapters/02-two.c",
              "chapters/03-three.c", (char *)NULL);
    return 127;
}

/* Runs it and checks its exit status and which programs ran. */
static const char *run_book(int status, const char *ran)
{
    char found[200] = "";
    size_t length = 0;

    remove(in_project("ran"));
    const Ending *e = run_child(exec_book);
    for (const char *p = content(in_project("ran")); *p && length + 1 < sizeof found; p++)
        found[length++] = *p == '\n' ? ' ' : *p;
    found[length] = '\0';
    if (e->status != status || strcmp(found, ran) != 0)
        fail_msg("status %d where %d was expected; ran \"%s\", expected \"%s\". "
                 "It said:\n%s", e->status, status, found, ran, e->said);
    return e->said;
}

#define ALL "01-one 02-two 03-three "

static const char *run_book_with(const char *name, const char *text, int status,
                                  const char *ran)
{
    variable = name;
    value = text;
    const char *said = run_book(status, ran);
    variable = NULL;
    return said;
}

static void test_book_is_made(void **state)
{
    (void)state;
    new_project();
    const char *said = run_book(0, ALL);
    assert_says(said, "Claim failed, chapters/01-one.c:4: No to one.\n"
                "Claim failed, chapters/02-two.c:4: No to two.\n"
                "Claim failed, chapters/03-three.c:4: No to three.\n"
                "book/index.html   (200 + 100 drawn digits; ");
    assert_says(said, "01-one ");
    assert_silent_about(said, "FAILED");
    assert_silent_about(said, "Yes.");
    assert_string_equal(content(in_project("book/results.tsv")),
                        "chapter\texperiment\tmetric\tmean\tsd\tn\n"
                        "01-one\tone\ttest_accuracy\t0.6\t0.1\t2\n"
                        "02-two\ttwo\ttest_accuracy\t0.6\t0.1\t2\n"
                        "03-three\tthree\ttest_accuracy\t0.6\t0.1\t2\n");
    assert_says(content(in_project("book/02-two.html")), "About two");
    assert_says(content(in_project("book/02-two.html")),
                "Built on synthetic digits, not on MNIST.");
    const char *index = content(in_project("book/index.md"));
    assert_says(index, "| 2 | [](02-two.md) | `two` 60.0 ± 14.1 % |\n");
    assert_says(index, "Data: 200 + 100 drawn digits\n");
    assert_says(index, "Runs: 6, 15 core seconds of training\n");
    assert_says(index, "Claims: 3 hold, 3 fail, 0 not judged\n");
    assert_true(exists(in_project("book/index/ladder.svg")));
    assert_true(exists(in_project("book/index.html")));
    assert_true(exists(in_project("book/figures/curves.gp")));
    assert_string_equal(content(in_project("book/pages.tsv")),
                        "notice\tBuilt on synthetic digits, not on MNIST.\n"
                        "name\tnumber\tpart\taside\tbanner\n"
                        "index\t0\t\t0\t\n01-one\t1\t\t0\t\n"
                        "02-two\t2\t\t0\t\n03-three\t3\t\t0\t\n");
}

/* What a chapter depends on is its source, its program, the library, and what
 * the chapters before it have published. */
static void test_book_runs_what_has_changed(void **state)
{
    char program[sizeof good_program + 200];

    (void)state;
    new_project();
    run_book(0, ALL);
    const char *said = run_book(0, "");
    assert_says(said, "Claim failed, chapters/02-two.c:4: No to two.\n");

    write_file(in_project("chapters/02-two.c"), "/* another source */\n");
    run_book(0, "02-two ");
    run_book(0, "");
    snprintf(program, sizeof program, "%s# another program\n", good_program);
    write_program("03-three", program);
    run_book(0, "03-three ");
    write_file(in_project("lib/base/text.h"), "/* another library */\n");
    run_book(0, ALL);
    remove(in_project("book/02-two.md"));
    run_book(0, "02-two ");
    snprintf(program, sizeof program, "%secho 3 >$folder/experiments/$experiment.tsv\n",
             good_program);
    write_program("02-two", program);
    run_book(0, "02-two 03-three ");
    run_book(0, "");
    run_book_with("SYNTHETIC", "210", 0, ALL);
}

static void test_book_force(void **state)
{
    (void)state;
    new_project();
    run_book(0, ALL);
    run_book_with("FORCE", "1", 0, ALL);
}

/* While a chapter runs it is not up to date: a build that is killed then must
 * not leave half of its files under the key of the time before. */
static void test_book_takes_the_key_away_first(void **state)
{
    char text[2000];

    (void)state;
    new_project();
    run_book(0, ALL);
    assert_true(exists(in_project("book/02-two/key")));
    snprintf(text, sizeof text, "test ! -e $BOOK/02-two/key || exit 3\n%s",
             good_program);
    write_program("02-two", text);
    run_book(0, "02-two ");
    assert_true(exists(in_project("book/02-two/key")));
}

/* A chapter that fails: a page says so, the others are made, and it runs again
 * until it succeeds. */
static void test_book_with_a_failing_chapter(void **state)
{
    (void)state;
    new_project();
    write_program("02-two", "echo 'some words' >&2\necho 'x: found 3, expected 4' >&2\n"
                  "exit 7\n");
    const char *said = run_book(1, ALL);
    assert_says(said, "some words\nx: found 3, expected 4\n");
    assert_says(said, " s   FAILED\nchapters/02-two.c: stopped before its end "
                "(exit status 7); its last line: x: found 3, expected 4\n03-three ");
    assert_string_equal(content(in_project("book/02-two.md")),
                        "# 02-two did not run\n\nThis chapter's program stopped "
                        "before its end (exit status 7). Its last words:\n\n"
                        "```output\nx: found 3, expected 4\n```\n\n"
                        "The source is `chapters/02-two.c`. Mend it and say `make "
                        "book` again; the other chapters are complete.\n");
    assert_says(content(in_project("book/02-two.html")), "x: found 3, expected 4");
    assert_says(content(in_project("book/03-three.html")), "About three");
    assert_silent_about(content(in_project("book/results.tsv")), "02-two");

    run_book(1, "02-two ");
    write_program("02-two", good_program);
    run_book(0, "02-two 03-three ");
    assert_says(content(in_project("book/02-two.html")), "About two");
    run_book(0, "");
}

static void test_book_with_a_killed_chapter(void **state)
{
    char expected[200];

    (void)state;
    new_project();
    write_program("03-three", "kill -SEGV $$\n");
    run_book(1, ALL);
    snprintf(expected, sizeof expected, "stopped before its end (%s).", strsignal(SIGSEGV));
    assert_says(content(in_project("book/03-three.md")), expected);
    assert_says(content(in_project("book/03-three.html")), "03-three did not run");
    assert_says(content(in_project("book/02-two.html")), "About two");
}

static void test_book_without_a_program(void **state)
{
    (void)state;
    new_project();
    remove(in_project("bin/02-two"));
    run_book(1, "01-one 03-three ");
    assert_says(content(in_project("book/02-two.md")),
                "(exit status 1). Its last words:\n\n```output\n"
                "bin/02-two: No such file or directory\n```\n");
}

/* The press stands beside the book; what either cannot do is told in a line. */
static void test_press_that_fails(void **state)
{
    char program[PATH_MAX + 8];

    (void)state;
    new_project();
    run_book(0, ALL);
    write_file(in_project("chapters/index.md"), "# A book\n\n[x](#nowhere)\n");
    const char *said = run_book(1, "");
    assert_true(strstr(said, "book/index.md:3: a link to an anchor that is not "
                       "there: #nowhere\n") == said);

    snprintf(program, sizeof program, "%s", book_program);
    assert_int_equal(symlink(program, in_project("bin/book")), 0);
    snprintf(book_program, sizeof book_program, "bin/book");
    said = run_book(1, "");
    snprintf(book_program, sizeof book_program, "%s", program);
    assert_true(strstr(said, "bin/press: No such file or directory\n") == said);
}

/* What a chapter left when it still ran is no result of this book. */
static void test_book_forgets_results_of_a_chapter_that_fails_now(void **state)
{
    (void)state;
    new_project();
    run_book(0, ALL);
    write_program("02-two", "exit 1\n");
    const char *said = run_book(1, "02-two ");
    assert_silent_about(content(in_project("book/results.tsv")), "02-two");
    assert_silent_about(said, "No to two.");
}

/* CHAPTER=02: that one, and of those before it what is not up to date. */
static void test_book_of_one_chapter(void **state)
{
    (void)state;
    new_project();
    run_book_with("CHAPTER", "02", 0, "01-one 02-two ");
    assert_says(content(in_project("book/03-three.html")), "Not built yet.");
    assert_says(content(in_project("book/02-two.html")), "About two");
    write_file(in_project("chapters/02-two.c"), "/* another source */\n");
    run_book_with("CHAPTER", "02", 0, "02-two ");
    run_book_with("CHAPTER", "01", 0, "");
    run_book(0, "03-three ");
}

static void test_book_of_no_such_chapter(void **state)
{
    (void)state;
    new_project();
    const char *said = run_book_with("CHAPTER", "99", 1, "");
    assert_string_equal(said, "CHAPTER=99: there is no such chapter; there are 1 to 3\n");
}

/* The front page names experiments of chapters that have not run or failed;
 * the book is made nevertheless. */
static void test_front_page_without_a_chapter(void **state)
{
    (void)state;
    new_project();
    write_file(in_project("chapters/index.md"), "# A book\n\nFrom {{one.accuracy}} to "
               "{{three.accuracy}}.\n\n@ladder one three\n");
    run_book_with("CHAPTER", "01", 0, "01-one ");
    assert_says(content(in_project("book/01-one.html")), "About one");
    assert_true(exists(in_project("book/index.html")));
    write_program("03-three", "exit 1\n");
    run_book(1, "02-two 03-three ");
    assert_says(content(in_project("book/03-three.html")), "did not run");
}

/* A ladder of experiments that nobody has run yet. */
static void test_front_page_with_an_empty_ladder(void **state)
{
    (void)state;
    new_project();
    write_file(in_project("chapters/index.md"), "# A book\n\n@ladder four five\n");
    run_book(0, ALL);
    assert_true(exists(in_project("book/index.html")));
}

/* A page can be read as soon as it is there; the others say that they are not. */
static void test_book_is_pressed_as_it_grows(void **state)
{
    char text[3000];

    (void)state;
    new_project();
    write_file(in_project("chapters/03-three.c"), "/*%\n# The third\n\nOf {{value}}.\n*/\n");
    snprintf(text, sizeof text, "grep -q 'Not built yet' $BOOK/03-three.html &&\n"
             "grep -q '<title>The third · ' $BOOK/03-three.html &&\n"
             "grep -q 'chapter 1, chapter 2, chapter 3' $BOOK/index.html || exit 3\n%s",
             good_program);
    write_program("01-one", text);
    snprintf(text, sizeof text, "grep -q 'About one' $BOOK/01-one.html &&\n"
             "! grep -q 'Not built' $BOOK/01-one.html &&\n"
             "grep -q 'Not up to date yet: chapter 2, chapter 3' $BOOK/index.html "
             "|| exit 4\n%s", good_program);
    write_program("02-two", text);
    const char *said = run_book(0, ALL);
    assert_true(strstr(said, "book/index.html can be opened already (`make open`)")
                == said);
    assert_silent_about(content(in_project("book/03-three.html")), "Not built");
    assert_silent_about(content(in_project("book/index.html")), "Not up to date");
    assert_silent_about(run_book(0, ""), "opened already");
}

/* A link to what is not there yet leads to its page; when all is there, it must
 * lead on. */
static void test_link_to_a_page_that_is_not_built(void **state)
{
    char text[3000];

    (void)state;
    new_project();
    snprintf(text, sizeof text, "%secho 'See [it](03-three.md#late).' >>$BOOK/$name.md\n",
             good_program);
    write_program("01-one", text);
    run_book_with("CHAPTER", "01", 0, "01-one ");
    assert_says(content(in_project("book/01-one.html")),
                "See <a href=\"03-three.html\">it</a>");
    run_book(1, "02-two 03-three ");
    assert_says(content(in_project("book/01-one.html")), "01-one could not be made");
}

/* Pages that stand on results that have changed say so until they are built. */
static void test_pages_that_are_older_than_their_results(void **state)
{
    static const char old[] = "This page is older than its chapter";
    char text[3000];

    (void)state;
    new_project();
    snprintf(text, sizeof text, "%secho '## Section' >>$BOOK/$name.md\n", good_program);
    write_program("02-two", text);
    snprintf(text, sizeof text, "%secho '[It](02-two.md#section).' >>$BOOK/$name.md\n",
             good_program);
    write_program("03-three", text);
    run_book(0, ALL);
    assert_says(content(in_project("book/03-three.html")), "\"02-two.html#section\"");
    write_program("03-three", good_program);
    snprintf(text, sizeof text, "%secho 3 >$folder/experiments/$experiment.tsv\n",
             good_program);
    write_program("02-two", text);
    run_book_with("CHAPTER", "02", 0, "02-two ");      /* without the section */
    assert_says(content(in_project("book/03-three.html")), "\"02-two.html\">It<");
    assert_says(content(in_project("book/03-three.html")), old);
    assert_says(content(in_project("book/print.html")), old);
    assert_silent_about(content(in_project("book/01-one.html")), old);
    assert_silent_about(content(in_project("book/02-two.html")), old);
    assert_says(content(in_project("book/index.html")),
                "Not up to date yet: chapter 3.");
    run_book(0, "03-three ");
    assert_silent_about(content(in_project("book/03-three.html")), old);
    assert_silent_about(content(in_project("book/index.html")), "Not up to date");
}

/* What a chapter left that is no more goes; what no chapter made stays. */
static void test_removed_chapter_goes_away(void **state)
{
    (void)state;
    new_project();
    run_book(0, ALL);
    must(make_folder(in_project("book/04-old/experiments")));
    must(make_folder(in_project("book/05-notes")));
    write_file(in_project("book/04-old/experiments/old.tsv"), "1\n");
    write_file(in_project("book/04-old.md"), "# Old\n");
    write_file(in_project("book/04-old.html"), "old\n");
    run_book(0, "");
    assert_int_equal(count_files(in_root("%s/book/04-old*", project) + strlen(root) + 1), 0);
    assert_true(exists(in_project("book/05-notes")));
    assert_true(exists(in_project("book/02-two.html")));
}

/* A program that ends before its page is written has failed, whatever its exit
 * status says. */
static void test_chapter_that_ends_early(void **state)
{
    (void)state;
    new_project();
    run_book(0, ALL);
    write_program("02-two", "exit 0\n");
    const char *said = run_book(1, "02-two ");
    assert_says(said, "chapters/02-two.c: stopped before its end (it ended before "
                "chapter_close, with exit status 0); its last line: none\n");
    assert_false(exists(in_project("book/02-two/key")));
    assert_says(content(in_project("book/02-two.html")), "02-two did not run");
    run_book(1, "02-two ");
}

/* One that does nothing is stopped, and one that leaves a process behind is not
 * waited for. */
static void test_chapter_that_hangs(void **state)
{
    char text[3000];

    (void)state;
    new_project();
    write_program("01-one", "echo 'about to hang' >&2\nexec sleep 300\n");
    snprintf(text, sizeof text, "sleep 300 >/dev/null &\necho $! >sleeper\n%s", good_program);
    write_program("02-two", text);
    const char *said = run_book_with("CHAPTER_TIMEOUT", "2", 1, ALL);
    const pid_t sleeper = (pid_t)atoi(content(in_project("sleeper")));
    if (sleeper > 1)
        kill(sleeper, SIGKILL);
    assert_says(said, "chapters/01-one.c: stopped before its end (it said nothing and did "
                "nothing for 2 seconds, and was ended); its last line: about to hang\n");
    assert_says(content(in_project("book/02-two.html")), "About two");
    assert_says(run_book_with("CHAPTER_TIMEOUT", "5 min", 1, ""),
                "CHAPTER_TIMEOUT: found 5 min, expected a whole number");
}

/* After a crash: the step, the last line, and how to find the place. */
static void test_crash_names_the_step(void **state)
{
    (void)state;
    new_project();
    write_program("03-three", "printf 'step\\tfirst\\nstep\\tmeasure_it\\n' >&9\n"
                  "echo 'before the last' >&2\necho 'the last words' >&2\n"
                  "kill -SEGV $$\n");
    const char *said = run_book(1, ALL);
    assert_says(said, ", in the step measure_it; its last line: the last words\n"
                "To find the line: make book SAN=1 CHAPTER=03\n");
    const char *page = content(in_project("book/03-three.html"));
    assert_says(page, "in the step <code>measure_it</code>");
    assert_says(page, "the last words");
    assert_says(page, "make book SAN=1 CHAPTER=03");
    assert_silent_about(page, "before the last");
}

/* A page that cannot be pressed says why; the others are made. */
static void test_one_bad_page(void **state)
{
    static const char *const bad[] = { "| a | b |\n| --- | --- |\n| 1 | 2 | 3 |",
                                       "The value {{w}}.", "##", "# Twice" };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[3000];
        const bool allowed = strcmp(bad[i], "##") == 0;
        new_project();
        run_book(0, ALL);
        snprintf(text, sizeof text, "%scat >>$BOOK/$name.md <<'END'\n\n%s\nEND\n",
                 good_program, bad[i]);
        write_program("02-two", text);
        snprintf(text, sizeof text, "%s# changed\n", good_program);
        write_program("03-three", text);
        const Ending *e = run_child(exec_book);
        if (!allowed) {
            assert_int_equal(e->status, 1);
            assert_says(e->said, "book/02-two.md:");
            assert_says(content(in_project("book/02-two.html")),
                        "02-two could not be made");
            assert_says(content(in_project("book/02-two.html")), "book/02-two.md:");
        }
        assert_says(e->said, "book/index.html   (");
        assert_says(content(in_project("book/03-three.html")), "About three");
        assert_says(content(in_project("book/index.html")), "About three");
        assert_says(content(in_project("book/print.html")), "About three");
    }
}

/* A page is drawn by the scripts of its figures. */
static void test_book_runs_when_figures_change(void **state)
{
    (void)state;
    new_project();
    assert_int_equal(remove(in_project("figures")), 0);
    must(make_folder(in_project("figures")));
    for (int i = 0; i < 2; i++) {
        static const char *const scripts[] = { "style.gp", "dots.gp" };
        char path[100];
        snprintf(path, sizeof path, "figures/%s", scripts[i]);
        write_file(in_project(path), content(path));
    }
    run_book(0, ALL);
    run_book(0, "");
    write_file(in_project("figures/style.gp"),
               content(in_root("%s/figures/style.gp", project)));
    run_book(0, "");
    char *text = text_copy(content("figures/dots.gp"));
    text[strlen(text) - 1] = ' ';
    write_file(in_project("figures/dots.gp"), text);
    free(text);
    run_book(0, ALL);
}

/* Each experiment of the front page by its own runs. */
static void test_front_page_tells_experiments_apart(void **state)
{
    char text[3000];

    (void)state;
    new_project();
    snprintf(text, sizeof text, "%s"
             "printf 'onetoo\\t1\\t0.9\\t1\\t7\\t5eed\\tbook\\n' >>$folder/runs.tsv\n"
             "printf \"$name\\tonetoo\\ttest_accuracy\\t0.9\\t0\\t1\\n\" >>$folder/results.tsv\n",
             good_program);
    write_program("01-one", text);
    write_file(in_project("chapters/index.md"), "# A book\n\n@chapters\n\nFrom "
               "{{one.accuracy}} to {{onetoo.accuracy}}.\n\n@ladder one onetoo\n");
    run_book(0, ALL);
    const char *page = content(in_project("book/index.md"));
    assert_says(page, "| `one` 60.0 ± 14.1 %, `onetoo` 90.0 % |\n");
    assert_says(page, "From 60.0 ± 14.1 % to 90.0 %.");
    assert_says(page, "one 60.0 ± 14.1 % in 2.5 s; onetoo 90.0 % in 7 s.");
    assert_string_equal(content(in_project("book/index/ladder.tsv")),
                        "series\tx\ty\none\t2.5\t50\none\t2.5\t70\nonetoo\t7\t90\n");
}

/* In a build by `make watch` the pages look for another stamp; it is another
 * when a page is. An ordinary build takes all of it away. */
static void test_pages_that_watch(void **state)
{
    char first[200], text[3000];

    (void)state;
    new_project();
    run_book(0, ALL);
    assert_silent_about(content(in_project("book/book.js")), "watchBook");
    assert_false(exists(in_project("book/stamp.js")));
    run_book_with("WATCH", "1", 0, "");
    snprintf(first, sizeof first, "%s", content(in_project("book/stamp.js")));
    assert_says(first, "bookStamp(\"");
    snprintf(text, sizeof text, "\nwatchBook%s", first + strlen("bookStamp"));
    assert_says(content(in_project("book/book.js")), text);
    run_book_with("WATCH", "1", 0, "");
    assert_string_equal(content(in_project("book/stamp.js")), first);
    snprintf(text, sizeof text, "%secho 'More.' >>$BOOK/$name.md\n", good_program);
    write_program("02-two", text);
    run_book_with("WATCH", "1", 0, "02-two ");
    assert_says(content(in_project("book/stamp.js")), "bookStamp(\"");
    assert_string_not_equal(content(in_project("book/stamp.js")), first);
    run_book(0, "");
    assert_silent_about(content(in_project("book/book.js")), "watchBook");
    assert_false(exists(in_project("book/stamp.js")));
}

/* ---- the page "Your experiments" ---- */

static void run_in_project(const Digits *d, const char *chapter, const char *name,
                           const char *settings)
{
    Lab *lab = lab_open(d, &(LabOptions){ .store = in_project("runs"),
                                          .chapter = chapter });
    Experiment e = tiny;

    e.name = name;
    must(experiment_set(&e, settings));
    lab_run(lab, &e);
    lab_close(lab);
}

/* As if the code that trains had been another one when these runs were made. */
static void age_runs_in_project(const char *setting)
{
    glob_t found;

    assert_int_equal(glob(in_project("runs/*/experiment.tsv"), 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        Text t = { 0 };
        must(text_read(&t, found.gl_pathv[i]));
        if (strstr(t.s, setting)) {
            memset(strstr(t.s, "\ncode\t") + 6, '0', KEY_SIZE - 1);
            must(text_write(&t, found.gl_pathv[i]));
            char *folder = found.gl_pathv[i], old[PATH_MAX], seal[PATH_MAX];
            *strrchr(folder, '/') = '\0';             /* renamed, sealed anew */
            snprintf(old, sizeof old, "%s", folder);
            sha256_hex(strrchr(folder, '/') + 1, t.s, t.length);
            assert_int_equal(rename(old, folder), 0);
            snprintf(seal, sizeof seal, "%s/seal.tsv", folder);
            remove(seal);
            must(seal_write(folder));
        }
        text_free(&t);
    }
    globfree(&found);
}

/* What a reader has tried, in two chapters, and the book's own; on the digits
 * of the book and on others. */
static int tinker(void)
{
    Digits digits;

    must(digits_open(&digits));
    must(make_folder(in_project("expected/experiments")));
    must(experiment_write(&tiny, digits.digest,
                          in_project("expected/experiments/tiny.tsv")));
    write_file(in_project("expected/02-two.tsv"),
               "02-two\ttiny\ttest_accuracy\t0.1\t0.01\t5\n"
               "02-two\ttiny, train.validation=17\tvalidation_accuracy\t0.1\t"
               "0.01\t5\n"
               "02-two\ttiny, train.batch=3\ttest_accuracy\t0.1\t0.01\t5\n");
    run_in_project(&digits, "01-one", "mine",
                   "train.batch=7; train.validation=5000");
    run_in_project(&digits, "02-two", "tiny", "train.batch=5; train.epochs=3; "
                   "train.validation=5000");              /* 17 of 200 */
    run_in_project(&digits, "02-two", "tiny, at once", "train.batch=4");
    run_in_project(&digits, "02-two", "tiny", "train.batch=6");
    age_runs_in_project("train.batch\t6\n");
    run_in_project(&digits, "02-two", "tiny", "train.batch=3");       /* the book's */
    setenv("SYNTHETIC", "210", 1);
    must(digits_open(&digits));
    run_in_project(&digits, "02-two", "tiny", "train.batch=9");
    return 0;
}

/* Grouped by chapter; only the front page leads to it. */
static void test_your_experiments(void **state)
{
    Text before = { 0 };

    (void)state;
    new_project();
    run_book(0, ALL);
    assert_false(exists(in_project("book/your-experiments.md")));
    assert_silent_about(content(in_project("book/index.html")), "your-experiments");
    text_add(&before, "%s", content(in_project("book/02-two.html")));

    must_run(tinker);
    run_book(0, ALL);                   /* other results are accepted now */
    const char *page = content(in_project("book/your-experiments.md"));
    const char *first = strstr(page, "## Chapter 1\n\n[](01-one.md)\n\n| Finished | "
                               "Experiment | The change | Accuracy | Runs | "
                               "Difference, points | Is it luck? |\n"
                               "| --- | --- | --- | --- | --- | --- | --- |\n| 20");
    assert_non_null(first);
    const char *second = strstr(first, "## Chapter 2\n\n[](02-two.md)\n\n");
    assert_non_null(second);
    const char *mine = strstr(first, " | `mine` | an experiment of your own | ");
    assert_true(mine && mine < second);
    assert_says(mine, " | 2 | – | nothing to compare with |\n");
    const char *row = strstr(second, " | `tiny` | `train.epochs`: 2 becomes **3**; "
                             "`train.batch`: 10 becomes **5** | ");
    assert_non_null(row);
    assert_says(row, " % | 2 | +");
    assert_says(row, ") | larger than seed noise |\n");
    assert_says(second, " | `tiny` | `train.batch`: 10 becomes **4** | ");
    assert_says(second, " | 2 | – | judged on the test set |\n");
    assert_says(second, " | `tiny` | `train.batch`: 10 becomes **6** | ");
    assert_says(second, " | 2 | – | by earlier code |\n");
    assert_silent_about(page, "**3** |");
    assert_silent_about(page, "**9**");
    assert_silent_about(page, "## Chapter 3");

    assert_says(content(in_project("book/your-experiments.html")),
                "<a href=\"02-two.html\">About two</a>");
    assert_says(content(in_project("book/index.html")),
                "<a href=\"your-experiments.html\">Your experiments</a>");
    assert_string_equal(content(in_project("book/02-two.html")), before.s);
    assert_silent_about(content(in_project("book/03-three.html")),
                        "your-experiments");

    run_book_with("RUNS", "none", 0, "");
    assert_false(exists(in_project("book/your-experiments.md")));
    assert_false(exists(in_project("book/your-experiments.html")));
    assert_silent_about(content(in_project("book/index.html")), "your-experiments");
    text_free(&before);
}

static int setup(void **state)
{
    (void)state;
    make_scratch("test_book");
    snprintf(book_program, sizeof book_program, "%s/book", bin_folder);
    if (!exists(book_program))
        die("%s: not there: make it first", book_program);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_of_reports),
        cmocka_unit_test(test_figures_and_claims),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_published_experiment),
        cmocka_unit_test(test_second_time_is_recalled),
        cmocka_unit_test(test_quick),
        cmocka_unit_test(test_page_of_training),
        cmocka_unit_test(test_figures_of_training),
        cmocka_unit_test(test_exercise_with_an_outcome),
        cmocka_unit_test(test_exercise_on_images_held_out),
        cmocka_unit_test(test_output_stays_with_its_piece),
        cmocka_unit_test(test_pages_can_be_pressed),
        cmocka_unit_test(test_reports_that_stop),
        cmocka_unit_test(test_figure_of_unknown_kind),
        cmocka_unit_test(test_report_outside_of_steps),
        cmocka_unit_test(test_book_is_made),
        cmocka_unit_test(test_book_runs_what_has_changed),
        cmocka_unit_test(test_book_force),
        cmocka_unit_test(test_book_takes_the_key_away_first),
        cmocka_unit_test(test_book_with_a_failing_chapter),
        cmocka_unit_test(test_book_with_a_killed_chapter),
        cmocka_unit_test(test_book_without_a_program),
        cmocka_unit_test(test_press_that_fails),
        cmocka_unit_test(test_book_forgets_results_of_a_chapter_that_fails_now),
        cmocka_unit_test(test_book_of_one_chapter),
        cmocka_unit_test(test_book_of_no_such_chapter),
        cmocka_unit_test(test_front_page_without_a_chapter),
        cmocka_unit_test(test_front_page_with_an_empty_ladder),
        cmocka_unit_test(test_book_is_pressed_as_it_grows),
        cmocka_unit_test(test_link_to_a_page_that_is_not_built),
        cmocka_unit_test(test_pages_that_are_older_than_their_results),
        cmocka_unit_test(test_removed_chapter_goes_away),
        cmocka_unit_test(test_chapter_that_ends_early),
        cmocka_unit_test(test_chapter_that_hangs),
        cmocka_unit_test(test_crash_names_the_step),
        cmocka_unit_test(test_one_bad_page),
        cmocka_unit_test(test_book_runs_when_figures_change),
        cmocka_unit_test(test_front_page_tells_experiments_apart),
        cmocka_unit_test(test_pages_that_watch),
        cmocka_unit_test(test_your_experiments),
    };
    return cmocka_run_group_tests(tests, setup, remove_scratch);
}
