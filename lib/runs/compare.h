/* SPDX-License-Identifier: MIT
 *
 * Did it help, and is that more than luck? Two experiments side by side: the
 * fields that differ, what came out, the difference with its 95 % interval,
 * and one plain sentence.
 *
 *     compare(&text, book, "the book's", yours, "yours");
 *
 * The text is Markdown that reads as well in a terminal. Either side may be
 * without runs (an accepted result): then nothing is compared in pairs.
 */
#ifndef RUNS_COMPARE_H
#define RUNS_COMPARE_H

#include "runs/lab.h"

void compare(Text *t, const Result *a, const char *name_of_a, const Result *b,
             const char *name_of_b);

/* The fields in which b differs from a: "`train.batch`: 16 becomes **64**",
 * with "; " between. */
void compare_fields(Text *t, const Experiment *a, const Experiment *b);

/* "larger than seed noise", "within seed noise", or that there is no telling. */
const char *compare_verdict(Difference accuracy);

/* A difference with its sign: "+0.61"; a true minus sign, as in the text. */
void signed_number(char text[32], double x, int decimals);

/* "+0.22 to +0.99", after scaling; "unknown" when there is no telling. */
void interval_text(char text[80], Difference d, double scale, int decimals);

#endif
