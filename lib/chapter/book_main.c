/* SPDX-License-Identifier: MIT
 *
 * The book: runs the chapters whose inputs have changed, in order, and has
 * build/bin/press, which stands beside this program, press what they left.
 *
 *     build/bin/book chapters/01-load-data.c chapters/02-mlp.c ...
 *
 * Programs are build/chapters/<name>. CHAPTER=03 runs that chapter, and those
 * before it that are not up to date. The book is pressed as soon as there is
 * something to see, and after each chapter; pages that are not up to date say
 * so. A chapter that fails still gets a page that says so; the exit status is
 * then 1. */
#define _DEFAULT_SOURCE 1          /* for flock, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/root.h"
#include "base/setting.h"
#include "base/text.h"
#include "chapter/edition.h"
#include "chapter/front.h"
#include "chapter/meter.h"
#include "chapter/workers.h"
#include "chapter/yours.h"
#include "runs/records.h"

/* One build at a time writes into a folder. The chapters and the press inherit
 * the lock, so one that has outlived its build keeps the next one waiting; it
 * ends with the last of them. */
static void lock_book(const char *book)
{
    char path[PATH];

    snprintf(path, sizeof path, "%s.lock", book);
    const int file = open(path, O_RDWR | O_CREAT, 0666);
    if (file < 0)
        die("%s: %s", path, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return;
    fprintf(stderr, "%s: another build is at work here; waiting for it\n",
            book);
    while (flock(file, LOCK_EX) != 0)
        if (errno != EINTR)
            die("%s: cannot be locked: %s", path, strerror(errno));
}

/* What builds have left that were killed while writing. */
static void remove_leftovers(const char *book)
{
    static const char *const patterns[] = { "%s/*.tmp", "%s/*/*.tmp",
                                            "%s/*/experiments/*.tmp" };
    char pattern[PATH];
    glob_t found;

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        snprintf(pattern, sizeof pattern, patterns[i], book);
        if (glob(pattern, 0, NULL, &found) != 0)
            continue;
        for (size_t k = 0; k < found.gl_pathc; k++)
            remove(found.gl_pathv[k]);
        globfree(&found);
    }
}

static void gather_results(const Build *b)
{
    char path[PATH];
    Text t = { 0 };

    text_add(&t, "%s", results_heading);
    for (int i = 0; i < b->n; i++) {
        snprintf(path, sizeof path, "%s/%s/results.tsv", b->book,
                 b->chapters[i].name);
        if (access(path, R_OK) == 0)
            must(text_read(&t, path));
    }
    snprintf(path, sizeof path, "%s/results.tsv", b->book);
    must(text_write_if_changed(&t, path));
    text_free(&t);
}

/* The scripts go with the book: its pages link to them. */
static void copy_scripts(const char *book)
{
    char path[PATH];
    glob_t found;

    snprintf(path, sizeof path, "%s/figures", book);
    must(make_folder(path));
    if (glob("figures/*.gp", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        Text t = { 0 };
        must(text_read(&t, found.gl_pathv[i]));
        snprintf(path, sizeof path, "%s/%s", book, found.gl_pathv[i]);
        must(text_write_if_changed(&t, path));
        text_free(&t);
    }
    globfree(&found);
}

static void tell_failed_claims(const Build *b)
{
    for (int i = 0; i < b->n; i++) {
        char path[PATH];
        ClaimRow *rows;
        int count;
        snprintf(path, sizeof path, "%s/%s/claims.tsv", b->book,
                 b->chapters[i].name);
        if (access(path, R_OK) != 0)           /* one that failed has none */
            continue;
        must(claims_read(&rows, &count, path));
        for (int k = 0; k < count; k++)
            if (rows[k].verdict == FAILS)
                printf("Claim failed, %s:%d: %s\n", b->chapters[i].source,
                       rows[k].line, rows[k].sentence);
        free(rows);
    }
}

/* ---- the pages ---- */

/* "Not up to date yet: chapter 3, 99-colophon"; whether there are any. */
static bool list_missing(Text *t, const Build *b)
{
    for (int i = 0; i < b->n; i++) {
        const Chapter *c = &b->chapters[i];
        if (c->current)
            continue;
        text_add(t, t->length ? ", " : "Not up to date yet: ");
        if (c->number < UNNUMBERED)
            text_add(t, "chapter %d", c->number);
        else
            text_add(t, "%s", c->name);
    }
    return t->length > 0;
}

/* A front page that cannot be made says so, and the others are made. */
static bool make_front(const Build *b, Page *pages, int n, bool complete,
                       bool tell)
{
    const Error error = front_page(b->book, pages, n, complete, &b->digits);
    char path[PATH];
    Text t = { 0 };

    if (!error)
        return true;
    text_add(&t, "# The front page could not be made\n\n```output\n%s\n```\n",
             error);
    snprintf(path, sizeof path, "%s/index.md", b->book);
    must(text_write(&t, path));
    text_free(&t);
    if (tell)
        fprintf(stderr, "%s\n", error);
    return false;
}

/* Puts the book together of what there is. Unless it is the last time, the page
 * of the reader's own experiments stays as it is. */
static bool press_all(Build *b, const char *self, bool last_time)
{
    Page pages[MAX_CHAPTERS + 2] = { { .name = "index" } };
    char notice[600], path[PATH];
    int n = 1;
    Text missing = { 0 };

    chapters_look(b);
    for (int i = 0; i < b->n; i++) {
        const Chapter *c = &b->chapters[i];
        pages[n++] = (Page){ .name = c->name,
                             .number = c->number < UNNUMBERED ? c->number : 0,
                             .banner = chapter_banner(b, c) };
    }
    const bool complete = !list_missing(&missing, b);
    text_add_char(&missing, '.');
    if (!complete)
        pages[0].banner = missing.s;
    gather_results(b);
    copy_scripts(b->book);
    snprintf(path, sizeof path, "%s/%s.md", b->book, yours.name);
    if (last_time ? yours_page(b->book, setting("RUNS", "build/runs"),
                               &b->digits, pages, n)
                  : access(path, R_OK) == 0)
        pages[n++] = yours;
    const bool front = make_front(b, pages, n, complete, last_time);
    edition_notice(notice, sizeof notice, &b->digits);
    must(pages_write(&(Pages){ .at = pages, .n = n, .notice = notice },
                     b->book));
    const bool good = press_book(b, self, !last_time) && front;
    for (int i = 0; i < n; i++)
        free((char *)pages[i].part);
    text_free(&missing);
    return good;
}

/* ---- the build ---- */

static void open_build(Build *b, int argc, char **argv)
{
    b->book = setting_book();
    b->programs = setting("PROGRAMS", "build/chapters");
    CHECK(argc - 1, <=, MAX_CHAPTERS);
    for (; b->n < argc - 1; b->n++) {
        Chapter *c = &b->chapters[b->n];
        c->source = argv[b->n + 1];
        c->number = chapter_name(c->name, c->source);
    }
}

/* The last chapter to run: the one that CHAPTER names, or the last of all. */
static int last_wanted(const Build *b)
{
    const char *only = setting("CHAPTER", "");
    int last = 0;

    if (!*only)
        return b->n - 1;
    while (last < b->n && b->chapters[last].number != atoi(only))
        last++;
    if (last == b->n)
        die("CHAPTER=%s: there is no such chapter; there are %d to %d", only,
            b->n ? b->chapters[0].number : 0,
            b->n ? b->chapters[b->n - 1].number : 0);
    return last;
}

/* Runs what is not up to date, and presses the book after each; how many
 * failed. */
static int run_chapters(Build *b, int last, const char *self)
{
    char key[65];
    int failed = 0;
    bool pressed = false;

    for (int i = 0; i <= last; i++) {
        Chapter *c = &b->chapters[i];
        chapter_key(key, b, i);
        if (chapter_up_to_date(b, c, key))
            continue;
        if (!pressed) {
            const bool first = chapters_look(b) > 0;
            press_all(b, self, false);
            if (first)
                fprintf(stderr, "%s/index.html can be opened already (`make "
                        "open`); its pages follow one by one\n", b->book);
            meter_plan(b, last);
            pressed = true;
        }
        run_chapter(b, i, key);
        failed += c->failed;
        if (i < last)
            press_all(b, self, false);
    }
    return failed;
}

int main(int argc, char **argv)
{
    const double start = clock_seconds();
    static Build b;

    root_enter(argv);
    open_build(&b, argc, argv);
    const int last = last_wanted(&b);
    must(make_folder(b.book));
    lock_book(b.book);
    remove_leftovers(b.book);
    must(digits_open(&b.digits));
    edition_open(b.book, &b.digits);
    remove_strangers(&b);
    const int failed = run_chapters(&b, last, argv[0]);
    const bool pressed = press_all(&b, argv[0], true);

    tell_failed_claims(&b);
    printf("%s/index.html   (%s; %.1f s)\n", b.book, b.digits.origin,
           clock_seconds() - start);
    digits_close(&b.digits);
    output_check();
    return failed || !pressed ? 1 : 0;
}
