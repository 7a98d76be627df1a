/* SPDX-License-Identifier: MIT
 *
 * What stands between the paragraphs of a page, as HTML: listings and the
 * other fenced blocks, figures, tables. Part of the press (press/html.h).
 */
#ifndef PRESS_BLOCKS_H
#define PRESS_BLOCKS_H

#include "press/markdown.h"

/* ```info and what follows it. */
Error block_fenced(const Book *book, const Draft *d, Text *html,
                   cmark_node *node);

/* Whether the first word of an info string is this. */
bool block_is(const char *info, const char *kind);

/* The value of key= or key="..." in an info string; false if it is absent. */
bool block_attribute(const char *info, const char *key, char *value,
                     size_t room);

/* A figure up to the links of its caption, which follow, and its end tags.
 * `source` is that of its paragraph, which starts on `line`. */
Error block_figure(const Book *book, const Draft *d, Text *html,
                   cmark_node *image, const Anchor *anchor, const char *source,
                   int line);

/* The lines of a paragraph as a table: true if the second one is |---|. */
bool block_is_table(const char *lines);

/* A table; caption is the source of a paragraph `Table: ...` that starts
 * caption_line, or NULL. */
Error block_table(const Book *book, const Draft *d, Text *html,
                  const char *lines, int line, const Anchor *anchor,
                  const char *caption, int caption_line);

#endif
