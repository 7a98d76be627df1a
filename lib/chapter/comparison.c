/* SPDX-License-Identifier: MIT */
#include "chapter/comparison.h"

#include "chapter/pictures.h"
#include "chapter/state.h"
#include "runs/compare.h"

void report_comparison(int line, const Result *book, const Result *yours)
{
    const char *name = yours->experiment.name;
    Text *t = artefact_add(line);
    char file[64], caption[512];

    chapter.report.artefacts[chapter.report.artefact_count - 1].unasked = true;
    data_close();
    text_add(t, "<div class=\"yours\">\n\n"
             "**Yours against the book's.** This `%s` is not that of the "
             "accepted edition.\n\n", name);
    compare(t, book, "the book's", yours, "yours");
    snprintf(file, sizeof file, "%.50s-yours", name);
    snprintf(caption, sizeof caption, "Accuracy of `%s` on the training images "
             "in passing, mean and standard deviation over the seeds: %s.",
             name, book->runs ? "the book's in grey, and yours"
             : "yours; the store has no runs of the book's");
    text_add_char(t, '\n');
    FILE *f = figure_add(t, (Figure){
        .kind = "curves", .name = file, .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = caption,
        .alt = "Accuracy over the epochs, your experiment's and the book's." });
    fputs(curve_columns, f);
    if (book->runs)
        curve_write(f, "the book's", book, "accuracy");
    curve_write(f, "yours", yours, "accuracy");
    text_add(t, "\n</div>\n");
}
