/* SPDX-License-Identifier: MIT
 *
 * What a step puts on the page: values, claims, output, tables. Figures are in
 * chapter/pictures.h, exercises in chapter/exercises.h.
 *
 *     report_value("gain", "%.1f", gain);           {{gain}} in the prose
 *     report_claim(gain > 5, "ReLU gains %.1f points.", gain);
 *     report_print("epoch %d\n", epoch);
 *     report_table("What it cost.", "net | seconds");
 *     report_row("%s | %.1f", name, seconds);
 *
 * Helpers compute, steps report: a report from any function but the running
 * step stops with file:line.
 */
#ifndef CHAPTER_REPORT_H
#define CHAPTER_REPORT_H

#include <stdbool.h>

#include "chapter/place.h"
#include "runs/lab.h"

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

/* Accuracy, loss and time of experiments, side by side. End with NULL. */
#define report_scores(...) report_scores_at(HERE, __VA_ARGS__)
void report_scores_at(Place at, const char *caption, ...);

/* For tables of scores elsewhere: the columns, and a row. */
void score_columns(char columns[128], const Result *r);
void score_add(Text *t, const Result *r);

#endif
