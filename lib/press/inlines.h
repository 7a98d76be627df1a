/* SPDX-License-Identifier: MIT
 *
 * What stands inside the paragraphs of a page: links, formulas, the names of
 * functions. Part of the press (press/html.h).
 */
#ifndef PRESS_INLINES_H
#define PRESS_INLINES_H

#include "press/book.h"

/* Weaves every text under a node. Its tree was parsed from what follows these
 * lines of the page. */
Error inlines_weave(const Book *book, const Draft *d, cmark_node *root,
                    int lines_before);

/* Appends a piece of Markdown that starts on `line` of the page: a caption, a
 * cell, a claim. `inline_only` leaves out the <p> around a single paragraph. */
Error inlines_piece(const Book *book, const Draft *d, Text *html,
                    const char *markdown, size_t length, int line,
                    bool inline_only);

#endif
