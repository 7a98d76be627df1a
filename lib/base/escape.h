/* SPDX-License-Identifier: MIT
 *
 * Text on its way into HTML.
 *
 *     escape_html(&html, "a < b", 5);            a &lt; b
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/text.h"

/* Appends plain text so that it means itself between tags and, in double
 * quotes, as the value of an attribute. */
void escape_html(Text *html, const char *text, size_t length);

/* The same for a whole string. */
void escape_string(Text *html, const char *text);

#endif
