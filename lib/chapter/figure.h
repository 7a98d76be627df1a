/* SPDX-License-Identifier: MIT
 *
 * Figures: a table of numbers, a gnuplot script of figures/, an SVG file.
 *
 *     Figure f = { .kind = "curves", .name = "loss", .x = "images seen",
 *                  .y = "training loss" };
 *     (write build/book/03-softmax/loss.tsv)
 *     must(figure_draw(&f, "build/book/03-softmax"));
 *
 * Where the table has a column `frame`, the figure is a row of pictures, one
 * for each text of that column; the script draws the one named in `frame`.
 *
 * Where the table holds no number that has a place on the axes, the figure says
 * that there is nothing to draw (chapter/drawable.h).
 *
 * A figure whose data, script, style and settings did not change is not drawn
 * again: their SHA-256 stands in a comment at the end of the SVG.
 */
#ifndef CHAPTER_FIGURE_H
#define CHAPTER_FIGURE_H

#include "base/check.h"
#include "base/text.h"

typedef struct Figure {
    const char *kind;      /* the script: figures/<kind>.gp */
    const char *name;      /* <name>.tsv: the data (and <name>.labels.tsv),
                              <name>.svg: the figure */
    const char *caption;   /* Markdown, one paragraph, for the page */
    const char *alt;       /* what the figure shows, in words */
    const char *x, *y;     /* axis labels, with units; NULL: none */
    const char *settings;  /* further gnuplot assignments that the script
                              documents: "logx=1; ymin=0.9"; NULL: none */
} Figure;

/* Draws folder/<name>.svg from folder/<name>.tsv. */
Error figure_draw(const Figure *f, const char *folder);

#endif
