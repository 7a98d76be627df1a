/* SPDX-License-Identifier: MIT
 *
 * Functions and declarations as they stand in another file, for a line of prose
 *
 *     @show lib/nn/dense.c dense_forward dense_backward
 */
#ifndef CHAPTER_SHOW_H
#define CHAPTER_SHOW_H

#include "base/text.h"

/* Appends a listing for each name on such a line. */
Error show_items(Text *page, const char *line, size_t length);

#endif
