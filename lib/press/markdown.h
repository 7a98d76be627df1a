/* SPDX-License-Identifier: MIT
 *
 * From Markdown to HTML, inside the press (press/html.h).
 */
#ifndef PRESS_MARKDOWN_H
#define PRESS_MARKDOWN_H

#include "press/book.h"

/* Fills d->html. */
Error markdown_weave(const Book *book, Draft *d);

#endif
