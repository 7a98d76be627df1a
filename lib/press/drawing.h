/* SPDX-License-Identifier: MIT
 *
 * An SVG file by gnuplot as a part of an HTML page: no XML declaration, black
 * lines and text as currentColor, the palette as CSS variables, every id (and
 * every reference to one) with a prefix of its own, role="img" and alt text.
 *
 * Two things a page can do that a picture cannot:
 *
 *   - a mark that knows its value (gnuplot's hypertext) is a <circle
 *     class="mark"> with that value as its <title>; "\n" begins a new line;
 *   - of several frames (chapter/figure.h) only the last is seen; the script of
 *     the page puts a slider under them.
 */
#ifndef PRESS_DRAWING_H
#define PRESS_DRAWING_H

#include "base/check.h"
#include "base/text.h"

/* Appends the drawing of a file. */
Error drawing_inline(Text *html, const char *svg_path, const char *prefix,
                     const char *alt);

#endif
