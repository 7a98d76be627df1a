/* SPDX-License-Identifier: MIT
 *
 * The book: runs the chapters whose inputs have changed, in order, and has
 * build/bin/press, which stands beside this program, press what they left.
 *
 *     build/bin/book chapters/01-load-data.c chapters/02-mlp.c ...
 *
 * Programs are build/chapters/<name>. CHAPTER=03 runs that chapter, and those
 * before it that are not up to date. A chapter that fails still gets a page
 * that says so; the exit status is then 1. */
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
#include "base/setting.h"
#include "base/text.h"
#include "chapter/front.h"
#include "chapter/workers.h"
#include "chapter/yours.h"
#include "runs/records.h"

/* One build at a time writes into a folder. The chapters and the press inherit
 * the lock, so one that has outlived its build keeps the next one waiting; it
 * ends with the last of them. */
static void lock_book(const char *book)
{
    char path[PATH];

    snprintf(path, sizeof path, "%s/lock", book);
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

int main(int argc, char **argv)
{
    const char *only = setting("CHAPTER", "");
    static Build b;
    Page pages[MAX_CHAPTERS + 2] = { { .name = "index" } };
    int page_count = 1, failed = 0, last = MAX_CHAPTERS;
    const double start = clock_seconds();
    char notice[600] = "", key[65];

    b.book = setting_book();
    b.programs = setting("PROGRAMS", "build/chapters");
    CHECK(argc - 1, <=, MAX_CHAPTERS);
    for (; b.n < argc - 1; b.n++) {
        b.chapters[b.n].source = argv[b.n + 1];
        b.chapters[b.n].number = chapter_name(b.chapters[b.n].name,
                                              argv[b.n + 1]);
    }
    if (*only) {
        for (last = 0; last < b.n && b.chapters[last].number != atoi(only); last++)
            ;
        if (last == b.n)
            die("CHAPTER=%s: there is no such chapter; there are %d to %d",
                only, b.n ? b.chapters[0].number : 0,
                b.n ? b.chapters[b.n - 1].number : 0);
    }
    must(make_folder(b.book));
    lock_book(b.book);
    remove_leftovers(b.book);
    must(digits_open(&b.digits));
    if (b.digits.quick)
        snprintf(notice, sizeof notice,
                 "Quick build: %d training images, one seed. The numbers on "
                 "this page are not those of the book.", b.digits.train.n);
    if (b.digits.synthetic)
        snprintf(notice + strlen(notice), sizeof notice - strlen(notice),
                 "%sBuilt on synthetic digits, not on MNIST.",
                 *notice ? " " : "");

    remove_strangers(&b);
    for (int i = 0; i < b.n && i <= last; i++) {
        chapter_key(key, &b, i);
        if (!chapter_up_to_date(&b, &b.chapters[i], key))
            run_chapter(&b, &b.chapters[i], key);
        failed += b.chapters[i].failed;
    }
    for (int i = 0; i < b.n; i++) {
        char path[PATH];
        snprintf(path, sizeof path, "%s/%s.md", b.book, b.chapters[i].name);
        if (access(path, R_OK) == 0)
            pages[page_count++] = (Page){
                .name = b.chapters[i].name,
                .number = b.chapters[i].number < UNNUMBERED ? b.chapters[i].number
                                                          : 0 };
    }
    gather_results(&b);
    copy_scripts(b.book);
    const int book_pages = page_count;
    if (yours_page(b.book, setting("RUNS", "build/runs"), &b.digits, pages,
                   page_count))
        pages[page_count++] = yours;
    must(front_page(b.book, pages, page_count,
                    book_pages == b.n + 1 && failed == 0, &b.digits));
    must(pages_write(&(Pages){ .at = pages, .n = page_count,
                               .notice = notice }, b.book));
    press_book(&b, argv[0]);
    for (int i = 0; i < page_count; i++)
        free((char *)pages[i].part);

    for (int i = 0; i < b.n; i++)
        if (b.chapters[i].ran)
            printf("%-22s %6.1f s%s\n", b.chapters[i].name, b.chapters[i].seconds,
                   b.chapters[i].failed ? "   FAILED" : "");
    tell_failed_claims(&b);
    printf("%s/index.html   (%s; %.1f s)\n", b.book, b.digits.origin,
           clock_seconds() - start);
    digits_close(&b.digits);
    return failed ? 1 : 0;
}
