/* SPDX-License-Identifier: MIT */
#include "base/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value && *value ? value : otherwise;
}

bool setting_on(const char *name)
{
    return strcmp(setting(name, "0"), "0") != 0;
}

const char *setting_book(void)
{
    return setting("BOOK", setting_on("QUICK") ? "build/quick" : "build/book");
}

int chapter_name(char name[64], const char *source)
{
    const char *slash = strrchr(source, '/');

    snprintf(name, 64, "%s", slash ? slash + 1 : source);
    name[strcspn(name, ".")] = '\0';
    return atoi(name);
}

#ifdef __clang__
const char compiler_name[] = __VERSION__;          /* "Clang 14.0.6 ..." */
#else
const char compiler_name[] = "GCC " __VERSION__;
#endif
