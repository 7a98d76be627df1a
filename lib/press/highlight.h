/* SPDX-License-Identifier: MIT
 *
 * C source with its colours, and with links from what it calls.
 */
#ifndef PRESS_HIGHLIGHT_H
#define PRESS_HIGHLIGHT_H

#include "base/ccode.h"
#include "base/text.h"

/* Where a function that is called leads; NULL: nowhere. */
typedef const char *LinkOf(void *context, const Token *name);

/* Appends highlighted HTML: <span class="k"> for keywords, "t" types, "n"
 * numbers, "s" strings, "c" comments, "p" preprocessor lines. The text without
 * its tags, unescaped, is the source. No span crosses a line end. Calls become
 * links where link (or NULL) says so. */
void highlight_c(Text *html, const char *source, LinkOf *link, void *context);

#endif
