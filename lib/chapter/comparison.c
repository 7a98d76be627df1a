/* SPDX-License-Identifier: MIT */
#include "chapter/comparison.h"

#include <ctype.h>

#include "base/markup.h"
#include "chapter/pictures.h"
#include "chapter/state.h"
#include "runs/compare.h"

static const char on_held_out[] =
    "The numbers of this page are those of the test set. Whether the change "
    "helped is judged on %s training images that both sides hold out: a test "
    "set that has helped to choose is a test no more.";

static const char on_test[] =
    "You have asked for the test set (TEST=1). Each look at it that makes you "
    "change something, or keep the better of two, makes its number a little "
    "too good for what you end up with.";

void report_comparison(int line, const char *name, const Result *book,
                       const Result *yours)
{
    const int held_out = yours->experiment.train.validation;
    Text *t = artefact_add(line);
    Text file = { 0 }, caption = { 0 };

    chapter.report.artefacts[chapter.report.artefact_count - 1].unasked = true;
    data_close();
    text_add(t, "<div class=\"yours\">\n\n"
             "**Yours against the book's.** This ");
    markup_code(t, name);
    text_add(t, " is not that of the accepted edition. ");
    text_add(t, held_out ? on_held_out : on_test, thousands(held_out));
    text_add(t, "\n\n");
    compare(t, book, "the book's", yours, "yours");
    for (const char *c = name; *c; c++)           /* that of a file */
        text_add_char(&file, isalnum((unsigned char)*c) ? *c : '-');
    text_add(&file, "-yours");
    text_add(&caption, "Accuracy of ");
    markup_code(&caption, name);
    text_add(&caption, " on the training images in passing, mean and standard "
             "deviation over the seeds: the book's in grey, and yours.");
    text_add_char(t, '\n');
    FILE *f = figure_add(t, (Figure){
        .kind = "curves", .name = file.s, .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = caption.s,
        .alt = "Accuracy over the epochs, your experiment's and the book's." });
    fputs(curve_columns, f);
    curve_write(f, "the book's", book, "accuracy");
    curve_write(f, "yours", yours, "accuracy");
    text_add(t, "\n</div>\n");
    text_free(&file);
    text_free(&caption);
}
