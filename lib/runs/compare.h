/* SPDX-License-Identifier: MIT
 *
 * Did it help, and is that more than luck? Two experiments side by side: the
 * fields that differ, what came out, the difference with its 95 % intervals,
 * and one plain sentence.
 *
 *     compare(&text, book, "the book's", yours, "yours");
 *
 * The text is Markdown that reads as well in a terminal. Either side may be
 * without runs (an accepted result): then nothing is compared in pairs.
 */
#ifndef RUNS_COMPARE_H
#define RUNS_COMPARE_H

#include "runs/result.h"

void compare(Text *t, const Result *a, const char *name_of_a, const Result *b,
             const char *name_of_b);

/* The fields in which b differs from a: "`train.batch`: 16 becomes **64**",
 * with "; " between. */
void compare_fields(Text *t, const Experiment *a, const Experiment *b);

/* Two kinds of noise: other seeds would give other networks, and other images
 * other shares of right answers. This is b - a with the interval that the images
 * leave: paired, image by image, all runs of a side together. Without runs there
 * is no telling. */
Difference difference_images(const Result *a, const Result *b);

/* "larger than seed noise, and than that of the images" or what else there is to
 * say. */
const char *compare_verdict(Difference seeds, Difference images);

/* A difference with its sign: "+0.61"; a true minus sign, as in the text. */
void signed_number(char text[32], double x, int decimals);

/* "+0.22 to +0.99", after scaling; "unknown" when there is no telling. */
void interval_text(char text[80], Difference d, double scale, int decimals);

#endif
