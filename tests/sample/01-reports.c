/* SPDX-License-Identifier: MIT */
/*%
# A sample

A chapter for tests/test_book.c, which compares its page with `01-reports.md`. It found {{answer}}, as {{fig:line}} shows.
*/
#include "chapter/chapter.h"
#include "chapter/pictures.h"
#include "chapter/report.h"

static const Experiment tiny = {
    .name      = "tiny",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 2, .batch = 10, .shuffle = true },
    .seeds     = 2,
};

/*%
A helper computes.
*/
static int times(int a, int b)
{
    return a * b;
}

/*%
A step reports.
*/
static void report_it(void)
{
    const int answer = times(6, 7);

    for (int i = 1; i <= 2; i++)
        report_print("line %d of {{output}}\n", i);
    report_print("the end\n");
    report_value("answer", "%d", answer);
    report_value("answer", "%d", answer);
/*%
Two claims, the second of them wrong.
*/
    report_claim(answer == 42, "Six times seven is {{answer}}.");
    report_claim(answer > 50, "It is more than %d.", 50);
}

static void tabulate_it(void)
{
    // fold: a table
    report_table("What {{answer}} is.", "number | half | third");
    report_row("%d | %d | %d", 42, 21, 14);
    report_row("a | b | c");
    // end fold
    report_table(NULL, "one");
    report_row("1");
}

static void draw_it(void)
{
    FILE *f = report_figure(.kind = "curves", .name = "line", .x = "x", .y = "y",
                            .caption = "A line to {{answer}}.", .alt = "It rises.");

    fprintf(f, "series\tx\ty\tlo\thi\n");
    for (int i = 0; i < 3; i++)
        fprintf(f, "line\t%d\t%d\t%d\t%d\n", i, 21 * i, 21 * i, 21 * i);
}

/*%
The numbers of this one are in `results.tsv` only.
*/
static void train_it(void)
{
    train_or_recall(&tiny);
}

int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &tiny });
    RUN(report_it);
    RUN(tabulate_it);
    RUN(draw_it);
    RUN(train_it);
    return chapter_close();
}
