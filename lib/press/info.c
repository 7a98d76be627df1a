/* SPDX-License-Identifier: MIT */
#include "press/info.h"

#include <stdio.h>
#include <string.h>

bool info_is(const char *info, const char *kind)
{
    const size_t n = strcspn(info, " ");

    return strlen(kind) == n && memcmp(info, kind, n) == 0;
}

bool info_attribute(const char *info, const char *key, char *value,
                    size_t room)
{
    const size_t n = strlen(key);

    for (const char *p = info; p && *p;) {
        const char *equals = p + strcspn(p, "= ");
        const bool quoted = *equals == '=' && equals[1] == '"';
        const char *start = equals + (*equals == '=') + quoted;
        const char *end = start + strcspn(start, quoted ? "\"" : " ");
        if (*equals == '=' && (size_t)(equals - p) == n
            && memcmp(p, key, n) == 0) {
            snprintf(value, room, "%.*s", (int)(end - start), start);
            return true;
        }
        end += quoted && *end == '"';
        p = end + strspn(end, " ");
    }
    return false;
}
