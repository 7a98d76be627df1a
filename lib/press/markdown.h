/* SPDX-License-Identifier: MIT
 *
 * From Markdown to HTML, inside the press (press/html.h). All pages are read
 * first, and with them every anchor; then they are woven, when each link can
 * be followed.
 */
#ifndef PRESS_MARKDOWN_H
#define PRESS_MARKDOWN_H

#include "press/shown.h"

typedef struct Book {
    Draft *drafts;
    int n;
    ShownList shown;
} Book;

/* Fills d->html. */
Error markdown_weave(const Book *book, Draft *d);

/* Weaves a piece of Markdown that starts on `line` of the page: a caption, a
 * cell, a claim. `inline_only` leaves out the <p> around a single paragraph. */
Error markdown_piece(const Book *book, const Draft *d, Text *html,
                     const char *markdown, size_t length, int line,
                     bool inline_only);

#endif
