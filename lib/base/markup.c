/* SPDX-License-Identifier: MIT */
#include "base/markup.h"

#include <ctype.h>
#include <string.h>

/* White space, and what else cannot be seen, is a space in one line. */
static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

/* Whether s[i] could begin a list, a heading, a quotation or a rule, if the
 * text stands at the start of a line. */
static bool opens_block(const char *s, size_t i)
{
    const char next = s[i + 1];

    if (i == 0)
        return s[i] == '#' || s[i] == '='
            || (strchr("-+", s[i]) && (!next || is_space(next) || next == s[i]));
    return (s[i] == '.' || s[i] == ')') && (!next || is_space(next))
        && strspn(s, "0123456789") == i;
}

/* Whether s[i] is an underscore inside a word, which is no markup. */
static bool joins(const char *s, size_t i)
{
    return s[i] == '_' && i > 0 && isalnum((unsigned char)s[i - 1])
        && isalnum((unsigned char)s[i + 1]);
}

void markup_text(Text *markdown, const char *plain)
{
    const char *s = plain + strspn(plain, " \t\r\n");

    for (size_t i = 0; s[i]; i++)
        if (is_space(s[i]))
            text_add_char(markdown, ' ');
        else if (opens_block(s, i)
                 || (strchr("\\`*_{}[]<>&|~\"$!", s[i]) && !joins(s, i)))
            text_add(markdown, "&#%d;", s[i]);
        else
            text_add_char(markdown, s[i]);
}

void markup_in_code(Text *markdown, const char *plain)
{
    for (; *plain; plain++)
        text_add_char(markdown, is_space(*plain) ? ' '
                              : *plain == '`' ? '\'' : *plain);
}

void markup_code(Text *markdown, const char *plain)
{
    text_add_char(markdown, '`');
    markup_in_code(markdown, *plain ? plain : "-");
    text_add_char(markdown, '`');
}

/* ---- formats ---- */

/* The argument of one conversion, as printf has it: spec is "%-5.2f". */
static void print_one(Text *plain, const char *spec, const int *star, int stars,
                      va_list *args)
{
    const char conversion = spec[strlen(spec) - 1];
    const char *length = strpbrk(spec, "hlzjt");
    const bool is_long = length && *length != 'h';
    const bool twice = is_long && length[1] == 'l';

#define PRINT(type) do { \
        type x = va_arg(*args, type); \
        if (stars == 2) \
            text_add(plain, spec, star[0], star[1], x); \
        else if (stars == 1) \
            text_add(plain, spec, star[0], x); \
        else \
            text_add(plain, spec, x); \
    } while (0)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strchr("aAeEfFgG", conversion))
        PRINT(double);
    else if (strchr("sp", conversion))
        PRINT(const void *);
    else if (twice || (is_long && *length == 'j'))
        PRINT(long long);
    else if (is_long)                              /* size_t is as wide */
        PRINT(long);
    else
        PRINT(int);
#pragma GCC diagnostic pop
#undef PRINT
}

void markup_format(Text *markdown, const char *format, va_list args)
{
    va_list rest;
    bool code = false;

    va_copy(rest, args);
    for (const char *p = format; *p;) {
        if (*p != '%' || p[1] == '%') {
            code = *p == '\n' ? false : code ^ (*p == '`');
            text_add_char(markdown, *p);
            p += *p == '%' ? 2 : 1;
            continue;
        }
        const size_t n = 1 + strcspn(p + 1, "diouxXcsaAeEfFgGp") + 1;
        char spec[32] = "";
        int star[2] = { 0 }, stars = 0;
        Text plain = { 0 };
        CHECK(n, <, sizeof spec);
        memcpy(spec, p, n);
        for (const char *c = spec; *c; c++)
            if (*c == '*' && stars < 2)
                star[stars++] = va_arg(rest, int);
        print_one(&plain, spec, star, stars, &rest);
        if (!strchr("sc", spec[n - 1]))
            text_add(markdown, "%s", text_string(&plain));
        else if (code)
            markup_in_code(markdown, text_string(&plain));
        else
            markup_text(markdown, text_string(&plain));
        text_free(&plain);
        p += n;
    }
    va_end(rest);
}

/* ---- fences ---- */

void markup_fence(Text *markdown, const char *info, const char *lines,
                  size_t length)
{
    int longest = 2, run = 0;

    for (size_t i = 0; i < length; i++) {
        run = lines[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (int i = 0; i <= longest; i++)
        text_add_char(markdown, '`');
    text_add(markdown, "%s\n", info);
    text_add_bytes(markdown, lines, length);
    if (length && lines[length - 1] != '\n')
        text_add_char(markdown, '\n');
    for (int i = 0; i <= longest; i++)
        text_add_char(markdown, '`');
    text_add_char(markdown, '\n');
}

int markup_fence_after(int open, const char *line)
{
    line += strspn(line, " ");
    const int n = (int)strspn(line, "`");
    const char *rest = line + n;
    const size_t words = strcspn(rest, "\n");

    if (n < 3 || memchr(rest, '`', words))         /* `code` in a line */
        return open;
    if (!open)
        return n;
    return n >= open && strspn(rest, " \t\r") >= words ? 0 : open;
}
