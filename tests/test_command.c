/* SPDX-License-Identifier: MIT
 *
 * The tinkerer: what changed since an earlier chapter, a chapter whose
 * experiment is changed and changed back, and the command line. The reader of
 * these tests tinkers with tests/sample/04-tinkering.c, which is compiled into
 * this program and runs in children, on 200 drawn digits. Run from the root of
 * the project; BIN names the folder of the programs.
 *
 * With AS_CHAPTER=1 this program is that chapter: for the commands that
 * --sweep-commands prints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scratch.h"

#define main sample_reports
#include "sample/01-reports.c"
#undef main
#define main sample_output
#include "sample/03-output.c"
#undef main
#define main sample_tinkering
#include "sample/04-tinkering.c"
#undef main

#include "chapter/changes.h"
#include "press/html.h"
#include "runs/settings.h"

static const char *this_program;

/* ---- what changed since the last chapter ---- */

static void test_changed_fields(void **state)
{
    Experiment before = relu, now = relu;
    Text t = { 0 };

    (void)state;
    now.name = "deep";
    now.layers[1].kind = SIGMOID;
    now.layers[2].units = 20;
    now.optimiser = (OptimiserSpec){ MOMENTUM, .learning_rate = 0.1f,
                                     .momentum = 0.9f };
    changes_add_fields(&t, &before, "chapter 3", &now);
    assert_string_equal(t.s,
        "| Field | `relu`, chapter 3 | `deep`, here |\n| --- | --- | --- |\n"
        "| `layers` | dense 12, relu, dense 10, softmax | dense 12, **sigmoid**, "
        "**dense 20**, softmax |\n"
        "| `optimiser` | sgd | **momentum** |\n"
        "| `optimiser.momentum` | unused | **0.9** |\n");
    text_free(&t);

    now = relu;                                /* other lengths: all of it */
    now.layers[2] = (LayerSpec){ SOFTMAX };
    now.layers[3] = (LayerSpec){ NO_LAYER };
    before.optimiser = (OptimiserSpec){ MOMENTUM, .learning_rate = 0.1f,
                                     .momentum = 0.9f };
    changes_add_fields(&t, &before, "chapter 3", &now);
    assert_says(t.s, "| dense 12, relu, dense 10, softmax | **dense 12, relu, "
                "softmax** |\n");
    assert_says(t.s, "| `optimiser.momentum` | 0.9 | unused |\n");
    text_free(&t);
}

/* Only the experiment, without its name and without comments. */
static void test_changed_lines(void **state)
{
    Text t = { 0 };

    (void)state;
    changes_add_lines(&t,
        "#include <math.h>\n"
        "static const Experiment other = {\n"
        "    .name = \"other\",\n"
        "    .seeds = 9,\n"
        "};\n"
        "static const Experiment a = {\n"
        "    .name = \"a\",\n"
        "    .train = { .epochs = 1 },   /* passes */\n"
        "    .loss = LOSS_MSE,\n"
        "};\n"
        "int x;\n", "a",
        "#include <stdio.h>\n"
        "static const Experiment b = {\n"
        "    .name = \"b\",\n"
        "    .train = { .epochs = 1 },\n"
        "\n"
        "    .loss = LOSS_CROSS_ENTROPY,   // new\n"
        "    .seeds = 2,\n"
        "};\n"
        "int y;\n", "b");
    assert_string_equal(t.s,
        "```diff\n"
        "-     .loss = LOSS_MSE,\n"
        "+     .loss = LOSS_CROSS_ENTROPY,\n"
        "+     .seeds = 2,\n"
        "```\n");
    text_free(&t);
}

static void test_no_changed_lines(void **state)
{
    static const char source[] = "int x;\n"
        "static const Experiment a = {\n    .name = \"a\",\n    .seeds = 1,\n"
        "};\n";
    Text t = { 0 };

    (void)state;
    changes_add_lines(&t, source, "a", source, "a");
    assert_string_equal(text_string(&t), "");
    changes_add_lines(&t, "", "a", source, "a");
    assert_string_equal(text_string(&t), "```diff\n+     .seeds = 1,\n```\n");
    text_free(&t);
}

/* ---- a chapter that is changed, and changed back ---- */

static const char *edition;            /* below the folder of this test */
static const char *store, *book;       /* the same */
static const char *change;             /* of relu, by the reader; or NULL, */
static int seeds;                      /* and 0, */
static const char *name;               /* and NULL */

static void set_up_child(void)
{
    setenv("EXPECTED", in_root("%s", edition), 1);
    setenv("RUNS", in_root("%s", store), 1);
    setenv("BOOK", in_root("%s", book), 1);
    if (change)
        must(experiment_set(&relu, change));
    if (seeds)
        relu.seeds = seeds;
    if (name)
        relu.name = name;
}

static int run_reports(void)
{
    set_up_child();
    change = NULL;
    return sample_reports(1, (char *[]){ "01-reports", NULL });
}

static int run_tinkering(void)
{
    set_up_child();
    return sample_tinkering(1, (char *[]){ "04-tinkering", NULL });
}

/* A folder of its own for a test: edition, runs and book are below it. */
static void use_folder(const char *folder)
{
    static char path[3][64];

    snprintf(path[0], sizeof path[0], "%s/expected", folder);
    snprintf(path[1], sizeof path[1], "%s/runs", folder);
    snprintf(path[2], sizeof path[2], "%s/book", folder);
    edition = path[0];
    store = path[1];
    book = path[2];
    change = name = NULL;
    seeds = 0;
}

/* The book as it is accepted: two chapters, run once, in the folder "first". */
static void make_first_edition(void)
{
    Text t = { 0 };
    glob_t found;

    use_folder("first");
    must(make_folder(in_root("%s/experiments", edition)));
    must_run(run_reports);
    must_run(run_tinkering);
    assert_int_equal(glob(in_root("%s/*/experiments/*.tsv", book), 0, NULL, &found),
                     0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        write_file(in_root("%s/experiments/%s", edition,
                           strrchr(found.gl_pathv[i], '/') + 1),
                   content(found.gl_pathv[i]));
    globfree(&found);
    text_add(&t, "chapter\texperiment\tmetric\tmean\tsd\tn\n%s",
             content(in_root("%s/04-tinkering/results.tsv", book)));
    must(text_write(&t, in_root("%s/04-tinkering.tsv", edition)));
    text_free(&t);
}

/* A copy of it for a test to tinker with. */
static void new_edition(const char *folder)
{
    char copy[200];

    if (!exists(in_root("first")))
        make_first_edition();
    snprintf(copy, sizeof copy, "cp -Rp %s/first '%s/%s'", root, root, folder);
    assert_int_equal(system(copy), 0);
    use_folder(folder);
}

static int count_runs(void)
{
    char pattern[100];

    snprintf(pattern, sizeof pattern, "%s/*/seal.tsv", store);
    return count_files(pattern);
}

static const char *page(void)
{
    return content(in_root("%s/04-tinkering.md", book));
}

static int press_it(void)
{
    static Page pages[] = { { "01-reports", 1 }, { "04-tinkering", 4 } };

    must(press(in_root("%s", book), &(Pages){ pages, 2 }));
    return 0;
}

static const char *pressed(void)
{
    char here[PATH_MAX];

    if (!exists(in_root("%s/figures", book)))
        assert_true(realpath("figures", here)
                    && symlink(here, in_root("%s/figures", book)) == 0);
    must_run(press_it);
    return content(in_root("%s/04-tinkering.html", book));
}

/* From the first exercise to the end of the last one. */
static void copy_exercises(Text *t, const char *text)
{
    const char *start = strstr(text, "**Exercise 4.1.**");
    const char *end = NULL;

    for (const char *p = start; p && (p = strstr(p, "</details>")); p++)
        end = p;
    assert_true(start && end);
    text_add_bytes(t, start, (size_t)(end - start));
}

/* relu 3 and its twin 3, spare's sweeps 4 * 2 + 2 * 1, exercises 2 + 3, tiny
 * 2. */
enum { RUNS_OF_THE_BOOK = 23 };

static void test_page_as_accepted(void **state)
{
    (void)state;
    new_edition("accepted");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK);
    const char *said = must_run(run_tinkering);
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK);
    assert_silent_about(said, " core seconds a seed");
    assert_silent_about(page(), "Yours against");
    assert_silent_about(content(in_root("%s/04-tinkering/runs.tsv", book)), "yours");
}

/* The lines and fields that changed since the chapter it builds on. */
static void test_page_says_what_changed(void **state)
{
    (void)state;
    new_edition("changes");
    assert_says(page(), "# A sample to tinker with\n\n<div class=\"changes\">\n\n"
                "**What changed since chapter 1**\n\n"
                "| Field | `tiny`, chapter 1 | `relu`, here |\n| --- | --- | --- |\n"
                "| `layers` | dense 10, softmax | **dense 12, relu, dense 10, "
                "softmax** |\n\n```diff\n");
    assert_says(page(), "\n-     .layers    = { { DENSE, .units = 10 }, { SOFTMAX } },"
                "\n+     .layers    = { { DENSE, .units = 12 }, { RELU },\n");
    assert_says(page(), "```\n\n</div>\n");
    assert_says(pressed(), "<div class=\"changes\">");
}

/* Only that experiment trains, and its twin; the page shows both; the exercises stay what
 * they were. Changed back, nothing trains and the page is the old one. */
static void test_changed_and_changed_back(void **state)
{
    Text old = { 0 }, old_html = { 0 }, asked = { 0 }, asks = { 0 };

    (void)state;
    new_edition("changed");
    text_add(&old, "%s", page());
    text_add(&old_html, "%s", pressed());
    copy_exercises(&asked, old.s);

    change = "optimiser.learning_rate=0.3";
    const char *said = must_run(run_tinkering);
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 6);
    assert_says(said, "04-tinkering  relu  3 seeds, accuracy ");
    const char *one = strstr(said, " core seconds a seed\n");
    const char *two = one ? strstr(one + 1, " core seconds a seed\n") : NULL;
    assert_non_null(two);
    assert_silent_about(two + 1, " core seconds a seed\n");
    assert_says(page(), "train_or_recall(&relu);\n```\n\n<div class=\"yours\">\n\n"
                "**Yours against the book's.** This `relu` is not that of the "
                "accepted edition. The numbers of this page are those of the "
                "test set. Whether the change helped is judged on 17 training "
                "images that both sides hold out: a test set that has helped to "
                "choose is a test no more.\n\n"
                "| Field                     | the book's | yours |\n"
                "|---------------------------|------------|-------|\n"
                "| `optimiser.learning_rate` | 0.1        | 0.3   |\n\n"
                "| Held-out images | the book's ");
    assert_says(page(), "In accuracy, yours ");
    assert_says(page(), "\nThe 95 % interval with other seeds: ");
    assert_says(page(), " points (Welch); on other images: ");
    assert_says(page(), "The same 3 seeds in pairs: ");
    assert_says(page(), "](04-tinkering/relu-yours.svg \"Accuracy of `relu` on the "
                "training images in passing, mean and standard deviation over the "
                "seeds: the book's in grey, and yours.\")\n"
                "[data](04-tinkering/relu-yours.tsv)\n[script](figures/curves.gp)\n"
                "\n</div>\n");
    const char *table = content(in_root("%s/04-tinkering/relu-yours.tsv", book));
    assert_says(table, "series\tx\ty\tlo\thi\nthe book's\t");
    assert_says(table, "\nyours\t");
    assert_says(content(in_root("%s/04-tinkering/relu-yours.svg", book)), "</svg>");
    copy_exercises(&asks, page());
    assert_string_equal(asks.s, asked.s);
    const char *runs = content(in_root("%s/04-tinkering/runs.tsv", book));
    const char *first = strstr(runs, "relu\t1\t");
    assert_non_null(first);
    assert_memory_equal(strchr(first, '\n') - 5, "yours", 5);
    assert_non_null(strstr(runs, "relu, train.batch=5; train.validation=5000\t1\t"));
    first = strstr(runs, "relu, train.batch=5; train.validation=5000\t1\t");
    assert_memory_equal(strchr(first, '\n') - 4, "book", 4);
    assert_says(pressed(), "Yours against the book");

    change = NULL;
    said = must_run(run_tinkering);
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 6);
    assert_silent_about(said, " core seconds a seed");
    assert_string_equal(page(), old.s);
    assert_string_equal(pressed(), old_html.s);
    text_free(&old);
    text_free(&old_html);
    text_free(&asked);
    text_free(&asks);
}

/* Another seed is no other experiment; another name is a new one. */
static void test_more_seeds_are_no_change(void **state)
{
    (void)state;
    new_edition("seeds");
    seeds = 4;
    must_run(run_tinkering);
    assert_silent_about(page(), "Yours against");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 1);
    seeds = 0;
    name = "renamed";
    assert_says(must_stop(run_tinkering), "{{relu.accuracy}}");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 1);
}

/* The store is a new one: what the change is compared with is trained. */
static void test_changed_without_the_books_runs(void **state)
{
    (void)state;
    new_edition("new store");
    store = "new store/other runs";
    change = "train.epochs=1";
    must_run(run_tinkering);
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK - 2 + 3);
    assert_says(page(), "| `train.epochs` | 2          | 1     |\n");
    const char *table = content(in_root("%s/04-tinkering/relu-yours.tsv", book));
    assert_says(table, "series\tx\ty\tlo\thi\nthe book's\t");
    assert_says(table, "\nyours\t");
    assert_says(page(), "in pairs");
}

/* ---- the command line ---- */

static const char *options[8];         /* of the chapter, NULL at their end */

static int run_command(void)
{
    char *argv[10] = { "04-tinkering" };
    int n = 0;

    set_up_child();
    for (; options[n]; n++)
        argv[n + 1] = (char *)options[n];
    return sample_tinkering(n + 1, argv);
}

static const char *command_says(int status, const char *const *option)
{
    int n = 0;

    for (; option[n]; n++)
        options[n] = option[n];
    options[n] = NULL;
    return status ? must_stop(run_command) : must_run(run_command);
}

#define SAYS(...) command_says(0, (const char *const[]){ __VA_ARGS__, NULL })
#define STOPS(...) command_says(1, (const char *const[]){ __VA_ARGS__, NULL })

static void test_list(void **state)
{
    char kinds[MAX_VALUE];             /* however many there are */
    Text expected = { 0 };
    int i = 0;

    (void)state;
    use_folder("list");
    while (experiment_field(i)->type != LAYERS)
        i++;
    field_range(kinds, experiment_field(i));
    text_add(&expected,
        "relu, 3 seeds\n"
        "  input                    1 28 28    (channels rows columns)\n"
        "  layers                   dense 12, relu, dense 10, softmax    (%s)\n"
        "  loss                     cross_entropy    (mse, cross_entropy)\n"
        "  optimiser                sgd    (sgd, momentum, rmsprop, adam)\n"
        "  optimiser.learning_rate  0.1    (number, 1e-09 to 1e+06)\n"
        "  train.epochs             2    (whole number, 1 to 128)\n"
        "  train.batch              10    (whole number, 1 to 60000)\n"
        "  train.shuffle            yes    (yes or no)\n"
        "  train.sorted             no    (yes or no)\n"
        "  train.images             0    (whole number, 0 to 60000)\n"
        "  train.validation         0    (whole number, 0 to 59999)\n"
        "\n"
        "spare, 1 seed\n"
        "  input                    1 28 28    (channels rows columns)\n"
        "  layers                   dense 10, softmax    (%s)\n"
        "  loss                     mse    (mse, cross_entropy)\n"
        "  optimiser                momentum    (sgd, momentum, rmsprop, adam)\n"
        "  optimiser.learning_rate  0.1    (number, 1e-09 to 1e+06)\n"
        "  optimiser.momentum       0.9    (number, 1e-06 to 0.999999)\n"
        "  train.epochs             1    (whole number, 1 to 128)\n"
        "  train.batch              10    (whole number, 1 to 60000)\n"
        "  train.shuffle            no    (yes or no)\n"
        "  train.sorted             no    (yes or no)\n"
        "  train.images             0    (whole number, 0 to 60000)\n"
        "  train.validation         0    (whole number, 0 to 59999)\n",
        kinds, kinds);
    assert_string_equal(SAYS("--list"), expected.s);
    text_free(&expected);
    assert_false(exists(in_root("list")));
}

static void test_help(void **state)
{
    static const char *const words[] = {
        "Usage: 04-tinkering [option]...\n", "\n  --experiment NAME ",
        "\n  --set FIELD=VALUE ", "\n  --seeds N ", "\n  --seed K ", "\n  --list ",
        "\n  --sweep-commands ", "\n  --help ",
        "\nExample: 04-tinkering --set optimiser.learning_rate=0.3 --seeds 5\n",
    };

    (void)state;
    const char *said = SAYS("--help");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_says(said, words[i]);
}

/* One line each, and nothing is made. */
static void test_wrong_options(void **state)
{
    static const struct {
        const char *option[5], *says;
    } cases[] = {
        { { "--fast" }, "04-tinkering: \"--fast\" is not understood, or lacks its "
                        "value; --help lists the options\n" },
        { { "-xy" }, "04-tinkering: \"-xy\" is not understood" },
        { { "--set" }, "04-tinkering: \"--set\" is not understood, or lacks" },
        { { "train.batch=3" }, "04-tinkering: \"train.batch=3\" is not understood; "
                               "expected options such as --set train.batch=64, see "
                               "--help\n" },
        { { "--set", "train.bacth=3" }, "\"train.bacth\" is no field of an "
                                        "experiment; did you mean \"train.batch\"?\n" },
        { { "--set", "train.batch=0" }, "train.batch: 0 is out of range, expected "
                                        "1 to 60000\n" },
        { { "--set", "train.batch=5", "--set", "loss=mae" },
          "loss: \"mae\", expected one of: mse, cross_entropy\n" },
        { { "--set", "seeds=5" }, "seeds is no field of an experiment: say --seeds "
                                  "5\n" },
        { { "--experiment", "nosuch" }, "--experiment nosuch: there is none of that "
                                        "name in tests/sample/04-tinkering.c; it has "
                                        "relu, spare\n" },
        { { "--seeds", "abc" }, "--seeds abc: expected a whole number, 1 to 1000\n" },
        { { "--seeds", "0" }, "--seeds 0: expected a whole number" },
        { { "--seeds", "3x" }, "--seeds 3x: expected a whole number" },
        { { "--seed", "1001" }, "--seed 1001: expected a whole number, 1 to 1000" },
        { { "--seeds", "2", "--seed", "1" },
          "04-tinkering: --seeds runs seeds 1 to N, --seed one alone: give one of "
          "the two\n" },
    };

    (void)state;
    use_folder("wrong");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *said = command_says(1, cases[i].option);
        assert_says(said, cases[i].says);
        assert_int_equal(strcspn(said, "\n"), strlen(said) - 1);
    }
    assert_false(exists(in_root("wrong")));
}

static int run_chapter_without_experiments(void)
{
    return sample_output(3, (char *[]){ "03-output", "--seeds", "2", NULL });
}

static void test_nothing_to_run(void **state)
{
    (void)state;
    assert_string_equal(must_stop(run_chapter_without_experiments),
                        "tests/sample/03-output.c: this chapter has no experiment "
                        "to run\n");
}

/* Trained once, compared with the book's runs on the same images held out, and
 * kept. No page changes. */
static void test_set_and_compare(void **state)
{
    Text before = { 0 }, first = { 0 };

    (void)state;
    new_edition("try");
    text_add(&before, "%s", page());
    text_add(&first, "%s", SAYS("--set", "optimiser.learning_rate=0.3", "--set",
                                "train.epochs=1", "--seeds", "2"));
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 2);
    assert_true(strncmp(first.s, "| Field                     | the book's | yours |\n",
                        51) == 0);
    assert_says(first.s, "| `optimiser.learning_rate` | 0.1        | 0.3   |\n"
                         "| `train.epochs`            | 2          | 1     |\n\n");
    assert_says(first.s, " (2) | ");
    assert_says(first.s, "| Held-out images |");
    assert_says(first.s, "\nJudged on 17 training images that both sides hold "
                "out; TEST=1 reads the test set.\n");
    assert_says(first.s, "The same 2 seeds in pairs: ");
    assert_silent_about(first.s, "Recalled");
    const char *second = SAYS("--set",
                              "optimiser.learning_rate=0.3; train.epochs=1",
                              "--seeds", "2");
    const size_t same = strstr(first.s, "\nJudged on ") - first.s;
    assert_int_equal(strncmp(second, first.s, same), 0);
    assert_says(second, "\n(Recalled: the store had these runs.)\n");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 2);
    assert_string_equal(page(), before.s);
    text_free(&before);
    text_free(&first);
}

static void test_as_the_book_has_it(void **state)
{
    (void)state;
    new_edition("as it is");
    const char *said = SAYS("--experiment", "relu");
    assert_true(strncmp(said, "relu, as the book has it: accuracy ", 35) == 0);
    assert_says(said, " %, 3 seeds\n");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK);
    said = SAYS("--experiment", "spare");            /* was never accepted */
    assert_says(said, "spare, as the book has it: accuracy ");
    assert_says(said, " %, 1 seed\n");
}

static void test_one_seed(void **state)
{
    char expected[200], accuracy[32];

    (void)state;
    new_edition("one seed");
    assert_int_equal(sscanf(SAYS("--set", "train.epochs=1", "--seed", "3"),
                            "relu, train.epochs=1; train.validation=5000, seed 3, "
                            "on synthetic: accuracy %31s %%\n",
                            accuracy), 1);
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 1);
    snprintf(expected, sizeof expected, "relu, train.epochs=1; "
             "train.validation=5000, seed 3, on synthetic: accuracy %s %% "
             "(recalled)\n",
             accuracy);
    assert_string_equal(SAYS("--set", "train.epochs=1", "--seed", "3"), expected);
    const char *said = SAYS("--set", "train.epochs=1");
    assert_says(said, "Image by image, network against network");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK + 3);
}

static int run_quick_command(void)
{
    setenv("QUICK", "1", 1);
    return run_command();
}

/* In a quick edition one seed, unless more are asked for. */
static void test_quick_command(void **state)
{
    (void)state;
    use_folder("quick");
    options[0] = "--experiment";
    options[1] = "relu";
    options[2] = NULL;
    assert_says(must_run(run_quick_command), ", 1 seed\n");
    options[2] = "--seeds";
    options[3] = "2";
    options[4] = NULL;
    assert_says(must_run(run_quick_command), ", 2 seeds\n");
}

/* An experiment that cannot run says why, in one line. */
static void test_impossible_command(void **state)
{
    (void)state;
    use_folder("impossible");
    const char *said = STOPS("--set", "layers=conv2d channels 1 kernel 99, dense 10",
                             "--seed", "1");
    assert_says(said, "layer 1, conv2d: a kernel of 99");
    assert_int_equal(strcspn(said, "\n"), strlen(said) - 1);
}

/* Runs every line of a text in a shell, as this chapter. */
static const char *commands;

static int run_commands(void)
{
    Text script = { 0 };

    set_up_child();
    setenv("AS_CHAPTER", "1", 1);
    text_add(&script, "set -e\n%s", commands);
    write_file(in_root("commands.sh"), script.s);
    execlp("sh", "sh", in_root("commands.sh"), (char *)NULL);
    return 127;
}

static int print_sweeps(void)
{
    return sample_tinkering(2, (char *[]){ (char *)this_program,
                                           "--sweep-commands", NULL });
}

static int list_sweep_commands(void)
{
    set_up_child();
    return print_sweeps();
}

/* What is printed fills the store: the sweeps find all they need there. */
static void test_sweep_commands(void **state)
{
    char first[PATH_MAX + 200];
    Text lines = { 0 };
    int n = 0;

    (void)state;
    use_folder("sweep");
    text_add(&lines, "%s", must_run(list_sweep_commands));
    snprintf(first, sizeof first, "SYNTHETIC=200 RUNS=%s %s --experiment spare --set 'train.epochs=2' "
             "--set 'train.batch=20' --set 'optimiser.learning_rate=0.1' --set "
             "'optimiser.momentum=0.5' --set 'train.validation=5000' --seed 1\n",
             in_root("%s", store), this_program);
    assert_int_equal(strncmp(lines.s, first, strlen(first)), 0);
    for (const char *p = lines.s; *p; p = text_next_line(p))
        n++;
    assert_int_equal(n, 4 * 2 + 2);
    commands = lines.s;
    const char *said = must_run(run_commands);
    assert_says(said, "spare, train.epochs=2; train.batch=20; "
                "optimiser.learning_rate=0.01; optimiser.momentum=0.9; "
                "train.validation=5000, seed 2, on synthetic: accuracy ");
    assert_says(said, "spare, layers=dense 8, relu, dense 10, softmax; "
                "train.validation=5000, seed 1, on synthetic: ");
    assert_int_equal(count_runs(), 10);

    must_run(run_reports);
    said = must_run(run_tinkering);
    assert_silent_about(said, "04-tinkering  spare, ");       /* were trained */
    assert_says(said, " runs recalled\n");
    assert_int_equal(count_runs(), RUNS_OF_THE_BOOK);
    text_free(&lines);
}

/* Every setting that decides on digits, speed or store is in the line, and the
 * shell gives the program back what was set. */
static const char odd_folder[] = "it's \"Ziffern ä\" $HOME `x`";

static int list_odd_sweep(void)
{
    set_up_child();
    setenv("RUNS", in_root("sweep words/%s", odd_folder), 1);
    setenv("QUICK", "1", 1);
    setenv("THREADS", "2", 1);
    unsetenv("SYNTHETIC");
    setenv("MNIST_DIR", in_root("sweep words/%s", odd_folder), 1);
    return print_sweeps();
}

static void test_sweep_commands_carry_their_settings(void **state)
{
    char here[PATH_MAX], expected[PATH_MAX + 100];
    Text script = { 0 };

    (void)state;
    use_folder("sweep words");
    must(make_folder(in_root("sweep words/%s", odd_folder)));
    const char *said = must_run(list_odd_sweep);
    text_add(&script, "%.*s", (int)(strstr(said, " --experiment ") - said), said);
    char *program = strrchr(script.s, ' ');
    snprintf(expected, sizeof expected, " %s", this_program);
    assert_string_equal(program, expected);
    *program = '\0';
    Text lines = { 0 };
    text_add(&lines, "env -i %s /usr/bin/env\n", script.s);
    write_file(in_root("words.sh"), lines.s);
    snprintf(here, sizeof here, "sh %s >%s/words.txt", in_root("words.sh"), root);
    assert_int_equal(system(here), 0);
    said = content(in_root("words.txt"));
    assert_non_null(realpath(in_root("sweep words/%s", odd_folder), here));
    snprintf(expected, sizeof expected, "MNIST_DIR=%s\n", here);
    assert_says(said, expected);
    snprintf(expected, sizeof expected, "RUNS=%s\n",
             in_root("sweep words/%s", odd_folder));
    assert_says(said, expected);
    assert_says(said, "QUICK=1\n");
    assert_says(said, "THREADS=2\n");
    assert_silent_about(said, "SYNTHETIC");
    text_free(&lines);
    text_free(&script);
}

/* A list that ends early would be taken for the whole. */
static int list_to_a_full_disk(void)
{
    set_up_child();
    if (!freopen("/dev/full", "w", stdout))
        return 9;
    return print_sweeps();
}

static void test_sweep_commands_on_a_full_disk(void **state)
{
    (void)state;
    use_folder("full");
    assert_string_equal(must_stop(list_to_a_full_disk), "standard output: "
                        "cannot be written: No space left on device\n");
}

/* A result names its digits, and the book that is on others. */
static int run_on_other_digits(void)
{
    setenv("SYNTHETIC", "210", 1);
    return run_command();
}

static void test_result_names_its_digits(void **state)
{
    (void)state;
    new_edition("digits");
    const char *said = SAYS("--set", "train.epochs=1", "--seeds", "1");
    assert_says(said, "\nDigits: 200 + 100 drawn digits.\n");
    assert_silent_about(said, "is on other digits");
    options[0] = "--seeds";
    options[1] = "1";
    options[2] = NULL;
    said = must_run(run_on_other_digits);
    assert_says(said, "\nDigits: 210 + 100 drawn digits.\nThe book in ");
    assert_says(said, "is on other digits, synthetic: its numbers are not "
                "these.\n");
}

/* A chapter on other digits does not write into the book. */
static int run_chapter_on_other_digits(void)
{
    setenv("SYNTHETIC", "210", 1);
    return run_tinkering();
}

static void test_page_on_other_digits(void **state)
{
    Text before = { 0 };

    (void)state;
    new_edition("other digits");
    text_add(&before, "%s", page());
    const char *said = must_stop(run_chapter_on_other_digits);
    assert_says(said, ": holds the book on synthetic, expected one on synthetic");
    assert_int_equal(strcspn(said, "\n"), strlen(said) - 1);
    assert_string_equal(page(), before.s);
    text_free(&before);
}

/* A setting of the wrong type, in any program. */
static int run_with_wrong_threads(void)
{
    setenv("THREADS", "abc", 1);
    return run_command();
}

static void test_wrong_setting(void **state)
{
    (void)state;
    use_folder("setting");
    options[0] = "--list";
    options[1] = NULL;
    assert_string_equal(must_stop(run_with_wrong_threads), "THREADS: found abc, "
                        "expected a whole number, 0 to 1024: correct it\n");
}

static int setup(void **state)
{
    (void)state;
    make_scratch("test_command");
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed_fields),
        cmocka_unit_test(test_changed_lines),
        cmocka_unit_test(test_no_changed_lines),
        cmocka_unit_test(test_page_as_accepted),
        cmocka_unit_test(test_page_says_what_changed),
        cmocka_unit_test(test_changed_and_changed_back),
        cmocka_unit_test(test_more_seeds_are_no_change),
        cmocka_unit_test(test_changed_without_the_books_runs),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_wrong_options),
        cmocka_unit_test(test_nothing_to_run),
        cmocka_unit_test(test_set_and_compare),
        cmocka_unit_test(test_as_the_book_has_it),
        cmocka_unit_test(test_one_seed),
        cmocka_unit_test(test_quick_command),
        cmocka_unit_test(test_impossible_command),
        cmocka_unit_test(test_sweep_commands),
        cmocka_unit_test(test_sweep_commands_carry_their_settings),
        cmocka_unit_test(test_sweep_commands_on_a_full_disk),
        cmocka_unit_test(test_result_names_its_digits),
        cmocka_unit_test(test_page_on_other_digits),
        cmocka_unit_test(test_wrong_setting),
    };

    if (getenv("AS_CHAPTER"))
        return sample_tinkering(argc, argv);
    this_program = argv[0];
    return cmocka_run_group_tests(tests, setup, remove_scratch);
}
