/* SPDX-License-Identifier: MIT
 *
 * What a build and a chapter show on a terminal while they work: in a
 * pseudo-terminal of 60 columns, with shell scripts for chapters. Run from the
 * root of the project; BIN names the folder of the programs.
 */
#define _DEFAULT_SOURCE 1          /* for the size of a terminal, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/ioctl.h>

#include "scratch.h"

#include "chapter/progress.h"
#include "base/terminal.h"
#include "data/source.h"
#include "runs/settings.h"

enum { WIDTH = 60, LINES = 400 };

/* What stands on the screen, as if it had so many rows; a row may be longer
 * than it is wide, and then the terminal would have wrapped it. */
typedef struct Screen {
    char row[LINES][400];
    int rows, longest;             /* the longest line that was drawn over */
    int drawn;                     /* lines that were */
    char all[100000];              /* every byte */
    int status;
} Screen;

static Screen screen;

static void show_on_screen(const char *bytes, size_t n)
{
    static int column;
    Screen *s = &screen;
    const size_t length = strlen(s->all);

    if (length == 0)
        column = 0;
    assert_true(length + n < sizeof s->all);
    memcpy(s->all + length, bytes, n);
    for (size_t i = 0; i < n; i++) {
        char *row = s->row[s->rows];
        if (bytes[i] == '\r') {
            const char *next = bytes + i + 1;
            if (i + 1 < n && *next != '\n') {
                s->drawn++;
                if (column > s->longest)
                    s->longest = column;
            }
            column = 0;
        } else if (bytes[i] == '\n') {
            assert_true(++s->rows < LINES);
            column = 0;
        } else if (n - i >= 3 && strncmp(bytes + i, "\033[K", 3) == 0) {
            memset(row + column, 0, sizeof s->row[0] - (size_t)column);
            i += 2;
        } else {
            assert_true(bytes[i] != '\033' && column + 1 < (int)sizeof s->row[0]);
            row[column++] = bytes[i];
        }
    }
}

/* Runs it in a terminal. */
static void on_terminal(int (*body)(void))
{
    static char bytes[100000];
    size_t length = 0;
    ssize_t n;
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);

    assert_true(terminal >= 0);
    assert_int_equal(grantpt(terminal), 0);
    assert_int_equal(unlockpt(terminal), 0);
    const int inside = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    assert_true(inside >= 0);
    const struct winsize size = { .ws_row = 24, .ws_col = WIDTH };
    assert_int_equal(ioctl(inside, TIOCSWINSZ, &size), 0);
    screen = (Screen){ 0 };
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            dup2(inside, i);
        close(terminal);
        close(inside);
        set_environment();
        setenv("COLUMNS", "200", 1);           /* the terminal knows better */
        const int result = body();
        fflush(NULL);
        _exit(result);
    }
    close(inside);
    while (length < sizeof bytes
           && (n = read(terminal, bytes + length, sizeof bytes - length)) > 0)
        length += (size_t)n;
    close(terminal);
    assert_int_equal(waitpid(child, &screen.status, 0), child);
    show_on_screen(bytes, length);
}

/* ---- a build ---- */

static const Experiment tiny = {
    .name = "tiny", .input = { 1, 28, 28 },
    .layers = { { DENSE, .units = 10 }, { SOFTMAX } },
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train = { .epochs = 1, .batch = 10 }, .seeds = 4,
};

/* A chapter that trains four runs of `tiny`, and says so with many words. */
static const char program[] =
    "#!/bin/sh\n"
    "folder=$BOOK/$(basename $0); mkdir -p $folder/experiments\n"
    "for f in results runs claims; do : >$folder/$f.tsv; done\n"
    "echo '# A chapter' >$BOOK/$(basename $0).md\n"
    "printf 'step\\ttrain_it_with_a_long_name_that_says_all_that_it_does\\n' >&9\n"
    "for run in 0 1 2 3; do\n"
    "  printf \"at\\ttiny\\t$run\\t4\\tepoch 0.5 of 1, loss 0.1234, "
    "accuracy 81.2 %%, and other words\\n\" >&9\n"
    "  printf 'run\\ttiny\\n' >&9\n"
    "done\n"
    "echo 'a word' >&2\n"
    "printf 'result\\t4\\t4\\t01-one  tiny  4 seeds\\n' >&9\n"
    "printf 'result\\t0\\t60\\t01-one  recalled one\\n' >&9\n"
    "echo end >&9\n";

static int build(void)
{
    char book[PATH_MAX + 8], one[100], two[100];

    snprintf(book, sizeof book, "%s/book", bin_folder);
    snprintf(one, sizeof one, "%s", in_root("chapters/01-one.c"));
    snprintf(two, sizeof two, "%s", in_root("chapters/02-two.c"));
    setenv("PROGRAMS", in_root("bin"), 1);
    setenv("THREADS", "1", 1);
    execl(book, book, one, two, (char *)NULL);
    return 127;
}

static int build_all(void)
{
    setenv("FORCE", "1", 1);
    return build();
}

static int expect_tiny(void)
{
    Digits digits;

    must(digits_open(&digits));
    must(make_folder(in_root("expected/experiments")));
    must(experiment_write(&tiny, digits.digest,
                          in_root("expected/experiments/tiny.tsv")));
    digits_close(&digits);
    return 0;
}

static void make_project(void)
{
    static const char *const names[] = { "01-one", "02-two" };

    must_run(expect_tiny);
    write_file(in_root("expected/01-one.tsv"),
               "01-one\ttiny\tparameters\t7850\t0\t4\n"
               "01-one\ttiny\tcore_seconds\t2\t0\t4\n");
    must(make_folder(in_root("chapters")));
    must(make_folder(in_root("bin")));
    for (int i = 0; i < 2; i++) {
        write_file(in_root("chapters/%s.c", names[i]), "/* source */\n");
        write_file(in_root("bin/%s", names[i]),
                   i == 0 ? program : "#!/bin/sh\nexit 1\n");
        assert_int_equal(chmod(in_root("bin/%s", names[i]), 0755), 0);
    }
}

/* One line, drawn over and over, never wider than the terminal, gone at the
 * end; what stays are a line for what was trained and one for each chapter. */
static void test_build_on_a_terminal(void **state)
{
    int others = 0;

    (void)state;
    make_project();
    on_terminal(build);
    assert_true(screen.drawn > 10);
    if (screen.longest >= WIDTH)
        fail_msg("a line of %d columns was drawn over", screen.longest);
    assert_says(screen.all, "\rchapter 1 of 2, 0 of 4 runs, 8 s left: ");
    assert_says(screen.all, "\rchapter 1 of 2, 1 of 4 runs, ");
    assert_says(screen.all, "\rchapter 1 of 2, 4 of 4 runs: ");
    assert_says(screen.all, "\rchapter 2 of 2, 4 of 4 runs: starts");
    for (int i = 0; i < screen.rows; i++) {
        assert_silent_about(screen.row[i], " of 2");
        if (strstr(screen.row[i], "seeds") || strstr(screen.row[i], "recalled"))
            others++;
    }
    assert_int_equal(others, 1);
    assert_says(screen.all, "01-one  tiny  4 seeds\r\n");
    assert_says(screen.all, "01-one                    0.");
    assert_says(screen.all, " s   trained 4 of 64 runs\r\n");
}

static int train_tiny(void)
{
    Digits digits;

    must(digits_open(&digits));
    Lab *lab = lab_open(&digits, &(LabOptions){ .store = in_root("runs") });
    lab_run(lab, &tiny);
    lab_close(lab);
    digits_close(&digits);
    return 0;
}

/* What the store has is not to be trained, unless all is. */
static void test_plan_knows_the_store(void **state)
{
    (void)state;
    make_project();
    must_run(train_tiny);
    write_file(in_root("chapters/01-one.c"), "/* another source */\n");
    on_terminal(build);
    assert_says(screen.all, "\rchapter 1 of 2: starts");
    on_terminal(build_all);
    assert_says(screen.all, "\rchapter 1 of 2, 0 of 4 runs, 8 s left: starts");
}

/* Elsewhere nothing is drawn over, and a chapter is one line. */
static void test_build_without_a_terminal(void **state)
{
    (void)state;
    make_project();
    const Ending *e = run_child(build_all);
    assert_int_equal(e->status, 1);
    assert_silent_about(e->said, "\r");
    assert_silent_about(e->said, "\033");
    assert_silent_about(e->said, "seeds");
    assert_says(e->said, " s   trained 4 of 64 runs\n");
}

/* ---- a chapter alone ---- */

static int train_alone(void)
{
    Experiment e = tiny;
    Point point = { .epoch = 0.5, .loss = 0.1f, .accuracy = 0.5f };
    Progress p = { .experiment = &e, .point = &point, .runs = 10, .done = 3 };

    e.name = "größe, layers=dense 32, sigmoid, dense 32, sigmoid, dense 10, softmax";
    for (int i = 1; i < 5; i++) {
        p.seconds = i;
        progress_show("01-one", &p);
    }
    progress_end();
    return 0;
}

static void test_chapter_on_a_terminal(void **state)
{
    (void)state;
    on_terminal(train_alone);
    assert_int_equal(screen.rows, 0);
    assert_string_equal(screen.row[0], "");
    assert_says(screen.all, "\r01-one: 3 of 10 runs done, ");
    assert_true(screen.longest > 40 && screen.longest < WIDTH);
}

static void test_cutting(void **state)
{
    (void)state;
    assert_int_equal(terminal_cut("abc", 5), 3);
    assert_int_equal(terminal_cut("abc", 3), 3);
    assert_int_equal(terminal_cut("abc", 2), 2);
    assert_int_equal(terminal_cut("aäb", 2), 1);
    assert_int_equal(terminal_cut("aäb", 3), 3);
    assert_int_equal(terminal_cut("漢字", 3), 3);
    assert_int_equal(terminal_cut("", 3), 0);
}

static int setup(void **state)
{
    (void)state;
    make_scratch("test_terminal");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build_on_a_terminal),
        cmocka_unit_test(test_plan_knows_the_store),
        cmocka_unit_test(test_build_without_a_terminal),
        cmocka_unit_test(test_chapter_on_a_terminal),
        cmocka_unit_test(test_cutting),
    };
    return cmocka_run_group_tests(tests, setup, remove_scratch);
}
