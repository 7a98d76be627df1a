/* SPDX-License-Identifier: MIT
 *
 * Text on its way into Markdown: it means itself there, whatever it holds.
 *
 *     markup_text(&page, "a_b <c>");             a_b &lt;c&gt;
 *     markup_code(&page, "relu");                `relu`
 *     markup_format(&page, "**%s** has `%s`", a, b);
 *     markup_fence(&page, "output", printed, strlen(printed));
 *
 * What could be markup is written as the number of its character (&#42;), which
 * CommonMark, raw HTML and the cells of a table all take for the character.
 */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stdarg.h>

#include "base/text.h"

/* A plain text among words. A line end becomes a space. */
void markup_text(Text *markdown, const char *plain);

/* The same between backquotes that stand there already: nothing is markup in
 * code but the backquote, which becomes an apostrophe. */
void markup_in_code(Text *markdown, const char *plain);

/* A plain text as code, with its backquotes; none is a dash. */
void markup_code(Text *markdown, const char *plain);

/* As printf: the format is Markdown, and what its %s stand for is plain. */
void markup_format(Text *markdown, const char *format,
                   va_list args) PRINTF(2, 0);

/* Lines in a fence that nothing in them closes. */
void markup_fence(Text *markdown, const char *info, const char *lines,
                  size_t length);

/* Whether a fence is open behind a line, and by how many backquotes: `open` is
 * what this said of the line before, 0 at first. */
int markup_fence_after(int open, const char *line);

#endif
