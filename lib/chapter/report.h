/* SPDX-License-Identifier: MIT
 *
 * What a step puts on the page: values, claims, output, tables, figures.
 *
 *     report_value("gain", "%.1f", gain);           {{gain}} in the prose
 *     report_claim(gain > 5, "ReLU gains %.1f points.", gain);
 *     report_print("epoch %d\n", epoch);
 *     report_table("What it cost.", "net | seconds");
 *     report_row("%s | %.1f", name, seconds);
 *     FILE *f = report_figure(.kind = "curves", .name = "loss", ...);
 *     fprintf(f, "series\tx\ty\tlo\thi\n");
 *
 * Helpers compute, steps report: a report from any function but the running
 * step stops with file:line.
 */
#ifndef CHAPTER_REPORT_H
#define CHAPTER_REPORT_H

#include <stdarg.h>
#include <stdio.h>

#include "chapter/figure.h"
#include "runs/sweep.h"

typedef struct Place {
    int line;
    const char *function;
} Place;

#define HERE ((Place){ __LINE__, __func__ })

/* A value for {{name}} in the prose. */
#define report_value(...) report_value_at(HERE, __VA_ARGS__)
void report_value_at(Place at, const char *name, const char *format,
                     ...) PRINTF(3, 4);

/* A sentence, and whether it holds in this build. */
#define report_claim(...) report_claim_at(HERE, __VA_ARGS__)
void report_claim_at(Place at, bool holds, const char *format, ...) PRINTF(3,
                                                                           4);

/* Lines of output, as in a terminal. */
#define report_print(...) report_print_at(HERE, __VA_ARGS__)
void report_print_at(Place at, const char *format, ...) PRINTF(2, 3);

/* A table: its caption, and the names of its columns with " | " between. */
#define report_table(...) report_table_at(HERE, __VA_ARGS__)
void report_table_at(Place at, const char *caption, const char *columns);

/* One more row of the last table. */
#define report_row(...) report_row_at(HERE, __VA_ARGS__)
void report_row_at(Place at, const char *format, ...) PRINTF(2, 3);

/* A figure; write its data (tab-separated, one header line, as its script in
 * figures/ asks for) into the stream before the next report. */
#define report_figure(...) report_figure_at(HERE, (Figure){ __VA_ARGS__ })
FILE *report_figure_at(Place at, Figure figure);

/* Learning curves of experiments: the mean over the seeds and a band of one
 * standard deviation. `quantity` is "loss" or "accuracy" on the training
 * images, or "validation_accuracy". End the list of results with NULL. */
#define report_curves(...) report_curves_at(HERE, __VA_ARGS__)
void report_curves_at(Place at, Figure figure, const char *quantity, ...);

/* Accuracy, loss and time of experiments, side by side. End with NULL. */
#define report_scores(...) report_scores_at(HERE, __VA_ARGS__)
void report_scores_at(Place at, const char *caption, ...);

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

/* An exercise: a question, the settings it changes in an experiment, and the
 * true answer, folded away. Settings: "train.batch=4; train.epochs=2". When the
 * answer says that the change is for the better or the worse, the build checks
 * that it is so by more than seed noise. */
typedef struct Exercise {
    const Experiment *base;
    const char *set;
    const char *question;          /* Markdown: what to predict */
    const char *answer;            /* Markdown, after the numbers, or NULL */
    enum { OPEN, BETTER, WORSE } outcome;
    int seeds;                     /* 0: as the base, at most 5 */
} Exercise;

/* An array of them; they are run together. */
#define report_exercises(list)                                                 \
    report_exercises_at(HERE, list, sizeof (list) / sizeof (list)[0])
void report_exercises_at(Place at, const Exercise *list, int n);

#endif
