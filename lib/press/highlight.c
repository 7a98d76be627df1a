/* SPDX-License-Identifier: MIT */
#include "press/highlight.h"

#include <string.h>

#include "base/escape.h"

/* The text of one token; its span is closed before every line end and opened
 * again after it. */
static void add_span(Text *html, const char *class, const char *s, int length)
{
    while (length > 0) {
        const char *newline = memchr(s, '\n', (size_t)length);
        const int part = newline ? (int)(newline - s) : length;
        if (part > 0) {
            text_add(html, "<span class=\"%s\">", class);
            escape_html(html, s, (size_t)part);
            text_add(html, "</span>");
        }
        if (!newline)
            return;
        text_add_char(html, '\n');
        s += part + 1;
        length -= part + 1;
    }
}

void highlight_c(Text *html, const char *source, LinkOf *link, void *context)
{
    static const char *const classes[] = {
        [TOKEN_COMMENT] = "c", [TOKEN_KEYWORD] = "k", [TOKEN_TYPE] = "t",
        [TOKEN_NUMBER] = "n", [TOKEN_STRING] = "s", [TOKEN_PREPROCESSOR] = "p",
        [TOKEN_PUNCTUATION] = NULL
    };
    Token before = { 0 };

    for (Token t; ccode_token(&t, source); source += t.length, before = t) {
        const char *href = link && ccode_is_call(&t, &before)
                         ? link(context, &t) : NULL;
        if (href)
            text_add(html, "<a href=\"%s\">%.*s</a>", href, t.length, t.start);
        else if (classes[t.kind])
            add_span(html, classes[t.kind], t.start, t.length);
        else
            escape_html(html, t.start, (size_t)t.length);
    }
}
