/* SPDX-License-Identifier: MIT */
#include "base/printable.h"

#include <string.h>

/* The bytes of the character at s; 0 if it is no UTF-8. */
static size_t character(const char *s)
{
    const unsigned char *c = (const unsigned char *)s;
    const size_t n = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2
                   : c[0] < 0xf0 ? 3 : c[0] < 0xf5 ? 4 : 0;

    for (size_t i = 1; i < n; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    /* longer than need be, a half of a pair, beyond the last one */
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f)
        || (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
        return 0;
    return n;
}

void printable(char *to, size_t size, const char *from)
{
    size_t length = 0;

    while (*from) {
        const size_t n = character(from);
        const unsigned char c = (unsigned char)*from;
        const int bad = n == 0 || (n == 1 && (c < ' ' || c == 127
                                              || strchr("`|<>{}", c)))
                      || (c == 0xc2 && n == 2           /* U+0080 to U+009F */
                          && (unsigned char)from[1] < 0xa0);
        if (length + (bad ? 1 : n) >= size)
            break;
        if (bad)
            to[length++] = '?';
        else
            memcpy(to + length, from, n), length += n;
        from += n ? n : 1;
    }
    to[length] = '\0';
}
