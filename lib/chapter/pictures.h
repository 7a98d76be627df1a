/* SPDX-License-Identifier: MIT
 *
 * The figures that a step puts on the page.
 *
 *     FILE *f = report_figure(.kind = "curves", .name = "loss", ...);
 *     fprintf(f, "series\tx\ty\tlo\thi\n");
 */
#ifndef CHAPTER_PICTURES_H
#define CHAPTER_PICTURES_H

#include <stdio.h>

#include "chapter/figure.h"
#include "chapter/place.h"
#include "runs/sweep.h"

/* A figure; write its data (tab-separated, one header line, as its script in
 * figures/ asks for) into the stream before the next report. */
#define report_figure(...) report_figure_at(HERE, (Figure){ __VA_ARGS__ })
FILE *report_figure_at(Place at, Figure figure);

/* Learning curves of experiments: the mean over the seeds and a band of one
 * standard deviation. `quantity` is "loss" or "accuracy" on the training
 * images, or "validation_accuracy". End the list of results with NULL. */
#define report_curves(...) report_curves_at(HERE, __VA_ARGS__)
void report_curves_at(Place at, Figure figure, const char *quantity, ...);

/* Sweeps of one field: accuracy with error bars, one line for each. End the
 * list with NULL. */
#define report_sweep(...) report_sweep_at(HERE, __VA_ARGS__)
void report_sweep_at(Place at, Figure figure, ...);

/* A sweep of two fields: accuracy as a heat map. */
#define report_heatmap(...) report_heatmap_at(HERE, __VA_ARGS__)
void report_heatmap_at(Place at, Figure figure, const SweepPoints *points);

/* A confusion matrix, rows truth, columns prediction. */
#define report_confusion(...) report_confusion_at(HERE, __VA_ARGS__)
void report_confusion_at(Place at, Figure figure, int count[CLASSES][CLASSES]);

/* Small images in rows: pixels (n, rows, columns) and a label under each. A
 * label that begins with '!' is drawn as wrong. */
typedef struct Sheet {
    int n, rows, columns;          /* images, and the size of each */
    int across;                    /* images in a row of the sheet */
    const float *pixels;
    const char (*label)[32];       /* (n), or NULL */
    char *const *told;             /* (n), or NULL: what each says when pointed
                                      at; "\\n" begins a new line */
} Sheet;

#define report_sheet(...) report_sheet_at(HERE, __VA_ARGS__)
void report_sheet_at(Place at, Figure figure, const Sheet *sheet);

/* For figures that come with something else: adds one to a text and opens the
 * stream for its data; a learning curve with its band. */
FILE *figure_add(Text *t, Figure f);
extern const char curve_columns[];
void curve_write(FILE *f, const char *name, const Result *r,
                 const char *quantity);

#endif
