/* SPDX-License-Identifier: MIT */
#include "chapter/builder.h"

#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/setting.h"
#include "base/sha256.h"
#include "base/text.h"
#include "runs/accepted.h"
#include "runs/records.h"

/* Adds name and content of every file that matches. */
static void add_files(Text *t, const char *pattern)
{
    glob_t found;

    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        text_add(t, "\n%s\n", found.gl_pathv[i]);
        must(text_read(t, found.gl_pathv[i]));
    }
    globfree(&found);
}

/* A digest of the chapter and its program, which stay the same in a build. */
static const char *own_digest(const Build *b, int at)
{
    static char digest[MAX_CHAPTERS][65];
    char path[PATH];
    Text t = { 0 };

    if (*digest[at])
        return digest[at];
    add_files(&t, b->chapters[at].source);
    snprintf(path, sizeof path, "%s/%s", b->programs, b->chapters[at].name);
    add_files(&t, path);
    sha256_hex(digest[at], text_string(&t), t.length);
    text_free(&t);
    return digest[at];
}

void chapter_key(char key[65], const Build *b, int at)
{
    static Text common;
    static const char *const inputs[] = { "lib/base/*.[ch]", "lib/data/*.[ch]",
                                          "lib/nn/*.[ch]", "lib/runs/*.[ch]",
                                          "figures/*" };
    static const char *const accepted[] = { "%s/*.tsv", "%s/experiments/*.tsv" };
    Text t = { 0 };
    char path[PATH];

    if (!common.length) {
        for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
            add_files(&common, inputs[i]);
        for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
            snprintf(path, sizeof path, accepted[i], accepted_folder());
            add_files(&common, path);
        }
        text_add(&common, "%s %s %d\n", b->digits.digest,
                 b->digits.origin, b->digits.quick);
        sha256_hex(key, common.s, common.length);
        text_free(&common);
        text_add(&common, "%s", key);
    }
    text_add(&t, "%s\n%s", common.s, own_digest(b, at));
    for (int i = 0; i < at; i++) {
        snprintf(path, sizeof path, "%s/%s/experiments/*.tsv", b->book,
                 b->chapters[i].name);
        add_files(&t, path);
    }
    sha256_hex(key, t.s, t.length);
    text_free(&t);
}

static void key_path(char path[PATH], const Build *b, const Chapter *c)
{
    snprintf(path, PATH, "%s/%s/key", b->book, c->name);
}

static void page_path(char path[PATH], const Build *b, const Chapter *c)
{
    snprintf(path, PATH, "%s/%s.md", b->book, c->name);
}

/* Whether the page is there and was made with this key. */
static bool has_key(const Build *b, const Chapter *c, const char key[65])
{
    char path[PATH], page[PATH];
    Text t = { 0 };

    key_path(path, b, c);
    page_path(page, b, c);
    const bool same = access(page, R_OK) == 0 && access(path, R_OK) == 0
                   && !text_read(&t, path)
                   && strcmp(text_string(&t), key) == 0;
    text_free(&t);
    return same;
}

bool chapter_up_to_date(const Build *b, const Chapter *c, const char key[65])
{
    return !setting_on("FORCE") && has_key(b, c, key)
        && records_whole(b->book, c->name);
}

void chapter_write_key(const Build *b, const Chapter *c, const char *key)
{
    char path[PATH];
    Text t = { 0 };

    key_path(path, b, c);
    if (key) {
        text_add(&t, "%s", key);
        must(text_write(&t, path));
        text_free(&t);
    } else {
        must(file_remove(path));
    }
}

/* ---- pages in place of a chapter's own ---- */

static const char not_built[] =
    "This page is not built yet: `make book` makes it. While it is at work, "
    "pages appear as their chapters come to an end; reload this one.\n";
static const char stopped[] = "This chapter's program stopped before its end (";

/* The title of a chapter, from its source. */
static void add_title(Text *t, const Chapter *c)
{
    Text source = { 0 };
    const char *line = text_read(&source, c->source) ? ""
                                                     : text_string(&source);

    while (*line && strncmp(line, "# ", 2) != 0)
        line = text_next_line(line);
    const int length = (int)strcspn(line, "\r\n");
    if (length > 2 && !memchr(line, '{', (size_t)length))
        text_add(t, "%.*s\n\n", length, line);
    else
        text_add(t, "# %s\n\n", c->name);
    text_free(&source);
}

int chapters_look(Build *b)
{
    int made = 0;

    for (int i = 0; i < b->n; i++) {
        Chapter *c = &b->chapters[i];
        char key[65], page[PATH];
        Text t = { 0 };
        chapter_key(key, b, i);
        page_path(page, b, c);
        c->current = has_key(b, c, key);
        if (access(page, R_OK) == 0)
            continue;
        add_title(&t, c);
        text_add(&t, "%s", not_built);
        must(text_write(&t, page));
        text_free(&t);
        made++;
    }
    return made;
}

const char *chapter_banner(const Build *b, const Chapter *c)
{
    char page[PATH];
    Text t = { 0 };
    const char *banner =
        "This page is older than its chapter, or than results that it stands "
        "on: its numbers may no longer hold. “make book” builds it "
        "anew.";

    if (c->current)
        return NULL;
    page_path(page, b, c);
    if (text_read(&t, page) || strstr(text_string(&t), not_built))
        banner = "Not built yet.";
    else if (strstr(text_string(&t), stopped))
        banner = "This chapter did not run to its end.";
    text_free(&t);
    return banner;
}

void chapter_how_to_find(char words[128], const Chapter *c)
{
    words[0] = '\0';
    if (!setting_on("SAN"))
        snprintf(words, 128, "make book SAN=1 CHAPTER=%02d%s", c->number,
                 setting_on("QUICK") ? " QUICK=1" : "");
}

static void write_failed_page(const Build *b, const Chapter *c,
                              const Outcome *o)
{
    char path[PATH], find[128];
    Text t = { 0 };

    text_add(&t, "# %s did not run\n\n%s%s)", c->name, stopped, o->how);
    if (*o->step)
        text_add(&t, ", in the step `%s`", o->step);
    text_add(&t, ". Its last words:\n\n```output\n%s\n```\n\n", o->last);
    chapter_how_to_find(find, c);
    if (o->crashed && *find)
        text_add(&t, "To find the line, run it under the sanitizers, which "
                 "makes a book of its own (in seconds with `QUICK=1`, if that "
                 "is enough to crash it):\n\n```output\n%s\n```\n\n", find);
    text_add(&t, "The source is `%s`. Mend it and say `make book` again; the "
             "other chapters are complete.\n", c->source);
    page_path(path, b, c);
    must(text_write(&t, path));
    text_free(&t);
}

static void forget(const Build *b, const Chapter *c)
{
    static const char *const files[] = { "key", "results.tsv", "runs.tsv",
                                         "claims.tsv" };
    char path[PATH];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", b->book, c->name, files[i]);
        must(file_remove(path));
    }
}

void chapter_fail(const Build *b, const Chapter *c, const Outcome *o)
{
    forget(b, c);
    write_failed_page(b, c, o);
}

/* ---- chapters that are no more ---- */

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static bool is_chapter(const Build *b, const char *name, size_t length)
{
    for (int i = 0; i < b->n; i++)
        if (strlen(b->chapters[i].name) == length
            && strncmp(b->chapters[i].name, name, length) == 0)
            return true;
    return false;
}

/* 05-old.md, 05-old.html and the folder 05-old, if a chapter made it. */
void remove_strangers(const Build *b)
{
    char pattern[PATH];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/[0-9][0-9]-*", b->book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        const char *name = path + strlen(b->book) + 1;
        const char *end = strchr(name, '.');
        if (is_chapter(b, name, end ? (size_t)(end - name) : strlen(name)))
            continue;
        if (end && (strcmp(end, ".md") == 0 || strcmp(end, ".html") == 0))
            remove(path);
        snprintf(pattern, sizeof pattern, "%s/experiments", path);
        if (!end && access(pattern, F_OK) == 0)
            nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    globfree(&found);
}
