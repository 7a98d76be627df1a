/* SPDX-License-Identifier: MIT
 *
 * Pipe tables, which CommonMark does not have. Part of the press
 * (press/html.h).
 */
#ifndef PRESS_TABLES_H
#define PRESS_TABLES_H

#include "press/book.h"

/* Appends a table out of its source lines (draft_is_table); `caption` is the
 * source of a paragraph `Table: ...` that starts on caption_line, or NULL. */
Error table_html(const Book *book, const Draft *d, Text *html,
                 const char *lines, int line, const Anchor *anchor,
                 const char *caption, int caption_line);

#endif
