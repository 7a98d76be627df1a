/* SPDX-License-Identifier: MIT */
#include "chapter/show.h"

#include <stdio.h>
#include <string.h>

#include "base/ccode.h"
#include "base/markup.h"

/* Every item of that name: a declaration and its definition may share it. */
static Error show_item(Text *page, const char *file, const char *source,
                       const char *name)
{
    int line = 1, found = 0;
    Item item;

    while (ccode_item(&item, &source, &line))
        if (strcmp(item.name, name) == 0) {
            Text info = { 0 };
            text_add(&info, "c file=%s line=%d show=%s", file, item.first,
                     item.name);
            markup_fence(page, info.s, item.text, (size_t)item.length);
            text_add_char(page, '\n');
            text_free(&info);
            found++;
        }
    return found ? NULL : error_text("%s has no function or declaration %s",
                                     file, name);
}

Error show_items(Text *page, const char *line, size_t length)
{
    char words[512], *rest, *file, *name;
    Text source = { 0 };

    if (length >= sizeof words)
        return "line too long";
    memcpy(words, line, length);
    words[length] = '\0';
    strtok_r(words, " ", &rest);                                 /* @show */
    file = strtok_r(NULL, " ", &rest);
    if (!file || !rest[strspn(rest, " ")])
        return "expected a file and the names in it";
    Error error = text_read_lines(&source, file);
    while (!error && (name = strtok_r(NULL, " ", &rest)))
        error = show_item(page, file, text_string(&source), name);
    text_free(&source);
    return error;
}
