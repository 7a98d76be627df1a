/* SPDX-License-Identifier: MIT
 *
 * What a figure can draw, before gnuplot is asked: it stops where no number has
 * a place on the axes.
 *
 * A script names the columns that it draws, in a line `# draws: x y`; `*` are
 * all. A row counts if each of them holds a number that has a place, on a
 * logarithmic axis a positive one.
 */
#ifndef CHAPTER_DRAWABLE_H
#define CHAPTER_DRAWABLE_H

#include <stdbool.h>

#include "base/text.h"

/* Whether any row counts. To `settings`, ends of axes that leave out all that
 * there is, or make no axis (ymin=nan, ymin=0 with logy=1), are taken back. */
bool drawable(Text *settings, const char *table, const char *script);

#endif
