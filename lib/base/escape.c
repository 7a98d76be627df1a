/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <string.h>

void escape_html(Text *html, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        switch (text[i]) {
        case '&': text_add(html, "&amp;"); break;
        case '<': text_add(html, "&lt;"); break;
        case '>': text_add(html, "&gt;"); break;
        case '"': text_add(html, "&quot;"); break;
        default:  text_add_char(html, text[i]);
        }
}

void escape_string(Text *html, const char *text)
{
    escape_html(html, text, strlen(text));
}
