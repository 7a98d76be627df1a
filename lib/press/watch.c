/* SPDX-License-Identifier: MIT */
#include "press/watch.h"

#include <stdio.h>

#include "base/setting.h"
#include "base/sha256.h"

/* SHA-256 of all that a page shows. */
static Error stamp_of(char stamp[65], const char *folder, const Book *book)
{
    char path[512];
    Text all = { 0 };
    Error e = NULL;

    for (int i = 0; i < book->n && !e; i++) {
        snprintf(path, sizeof path, "%s/%s.html", folder,
                 book->drafts[i].page->name);
        e = text_read(&all, path);
    }
    snprintf(path, sizeof path, "%s/style.css", folder);
    if (!e)
        e = text_read(&all, path);
    if (!e)
        sha256_hex(stamp, all.s, all.length);
    text_free(&all);
    return e;
}

Error watch_add(Text *script, const char *folder, const Book *book)
{
    char path[512], stamp[65];
    Text js = { 0 };

    snprintf(path, sizeof path, "%s/stamp.js", folder);
    if (!setting_on("WATCH")) {
        remove(path);
        return NULL;
    }
    Error e = stamp_of(stamp, folder, book);
    if (!e)
        e = text_read(script, "lib/press/watch.js");
    if (!e) {
        text_add(script, "\nwatchBook(\"%s\");\n", stamp);
        text_add(&js, "bookStamp(\"%s\");\n", stamp);
        e = text_write_if_changed(&js, path);
    }
    text_free(&js);
    return e;
}
