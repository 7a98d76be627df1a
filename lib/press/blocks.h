/* SPDX-License-Identifier: MIT
 *
 * What stands between the paragraphs of a page, as HTML: listings and the
 * other fenced blocks, figures. Part of the press (press/html.h).
 */
#ifndef PRESS_BLOCKS_H
#define PRESS_BLOCKS_H

#include "press/book.h"

/* ```info and what follows it. */
Error block_fenced(const Book *book, const Draft *d, Text *html,
                   cmark_node *node);

/* A figure up to the links of its caption, which follow, and its end tags.
 * `source` is that of its paragraph, which starts on `line`. */
Error block_figure(const Book *book, const Draft *d, Text *html,
                   cmark_node *image, const Anchor *anchor, const char *source,
                   int line);

#endif
