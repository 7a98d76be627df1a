/* SPDX-License-Identifier: MIT
 *
 * The line on a terminal that shows how far the work is: drawn over and over,
 * cut to the width, so that it never wraps, and taken away before anything
 * else is said. Nothing of it where standard error is no terminal. */
#ifndef CHAPTER_TERMINAL_H
#define CHAPTER_TERMINAL_H

#include <stdbool.h>

/* Whether standard error is a terminal. */
bool terminal_is(void);

/* Draws the line in place of the one before. */
void terminal_line(const char *text);

/* Takes it away. */
void terminal_clear(void);

/* How many bytes of a text fit into so many columns. What is not ASCII counts
 * as two columns wide, and is not cut in two. */
int terminal_cut(const char *text, int columns);

#endif
