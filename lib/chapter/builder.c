/* SPDX-License-Identifier: MIT */
#include "chapter/builder.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
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
    }
    text_add_bytes(&t, common.s, common.length);
    add_files(&t, b->chapters[at].source);
    snprintf(path, sizeof path, "%s/%s", b->programs, b->chapters[at].name);
    add_files(&t, path);
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

bool chapter_up_to_date(const Build *b, const Chapter *c, const char key[65])
{
    char path[PATH], page[PATH];
    Text t = { 0 };

    key_path(path, b, c);
    snprintf(page, sizeof page, "%s/%s.md", b->book, c->name);
    const bool same = !setting_on("FORCE") && access(page, R_OK) == 0
                   && !text_read(&t, path) && strcmp(t.s, key) == 0
                   && records_whole(b->book, c->name);
    text_free(&t);
    return same;
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
        remove(path);
    }
}

/* ---- what it leaves ---- */

static void write_failed_page(const Build *b, const Chapter *c, int status,
                              const char *tail)
{
    char path[PATH];
    const char *last = tail + strlen(tail);
    Text t = { 0 };

    while (last > tail && last[-1] == '\n')
        last--;
    const int length = (int)(last - tail);
    int start = length;
    while (start > 0 && tail[start - 1] != '\n' && tail[start - 1] != '\r')
        start--;
    text_add(&t, "# %s did not run\n\n"
             "This chapter's program stopped before its end ", c->name);
    if (WIFSIGNALED(status))
        text_add(&t, "(%s)", strsignal(WTERMSIG(status)));
    else
        text_add(&t, "(exit status %d)", WEXITSTATUS(status));
    text_add(&t, ". Its last words:\n\n```output\n%.*s\n```\n\n"
             "The source is `%s`. Mend it and say `make book` again; the other "
             "chapters are complete.\n", length - start, tail + start, c->source);
    snprintf(path, sizeof path, "%s/%s.md", b->book, c->name);
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
        remove(path);
    }
}

void chapter_fail(const Build *b, const Chapter *c, int status,
                  const char *tail)
{
    forget(b, c);
    write_failed_page(b, c, status, tail);
}

void remove_strangers(const Build *b)
{
    char pattern[PATH];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/experiments/*.tsv", b->book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i] + strlen(b->book) + 1;
        bool known = false;
        for (int k = 0; k < b->n && !known; k++)
            known = strncmp(name, b->chapters[k].name, strcspn(name, "/")) == 0
                 && b->chapters[k].name[strcspn(name, "/")] == '\0';
        if (!known)
            remove(found.gl_pathv[i]);
    }
    globfree(&found);
}
