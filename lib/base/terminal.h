/* SPDX-License-Identifier: MIT
 *
 * The line on a terminal that shows how far the work is: drawn over and over,
 * cut to the width, so that it never wraps, and taken away before anything
 * else is said. Nothing of it where standard error is no terminal. */
#ifndef BASE_TERMINAL_H
#define BASE_TERMINAL_H

#include <stdbool.h>

/* Whether standard error is a terminal. */
bool terminal_is(void);

/* The columns of the terminal that a file number leads to; where it leads to
 * none, COLUMNS, or 80. */
int terminal_width(int file);

/* Draws the line in place of the one before. */
void terminal_line(const char *text);

/* Takes it away. */
void terminal_clear(void);

/* How many bytes of a text fit into so many columns. What is not ASCII counts
 * as two columns wide, and is not cut in two. */
int terminal_cut(const char *text, int columns);

#endif
