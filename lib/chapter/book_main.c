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
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/root.h"
#include "base/setting.h"
#include "base/sha256.h"
#include "base/text.h"
#include "chapter/edition.h"
#include "chapter/front.h"
#include "chapter/yours.h"
#include "runs/accepted.h"
#include "runs/records.h"

enum { MAX_CHAPTERS = 64, TAIL = 2000, PATH = 1024 };

typedef struct Chapter {
    const char *source;            /* chapters/03-softmax.c */
    char name[64];
    int number;
    bool ran, failed;
    double seconds;
} Chapter;

static const char *book, *programs;
static Digits digits;

/* ---- is a chapter up to date? ---- */

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

/* Everything that a page depends on: the chapter, its program, what it shows
 * of the library, how figures look, the accepted results, the data, and what
 * the chapters before it have published. */
static void key_of(char key[65], const Chapter *chapters, int at)
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
        text_add(&common, "%s %s %d\n", digits.digest, digits.origin,
                 digits.quick);
    }
    text_add_bytes(&t, common.s, common.length);
    add_files(&t, chapters[at].source);
    snprintf(path, sizeof path, "%s/%s", programs, chapters[at].name);
    add_files(&t, path);
    for (int i = 0; i < at; i++) {
        snprintf(path, sizeof path, "%s/%s/experiments/*.tsv", book,
                 chapters[i].name);
        add_files(&t, path);
    }
    sha256_hex(key, t.s, t.length);
    text_free(&t);
}

static void key_path(char path[PATH], const Chapter *c)
{
    snprintf(path, PATH, "%s/%s/key", book, c->name);
}

static bool up_to_date(const Chapter *c, const char key[65])
{
    char path[PATH], page[PATH];
    Text t = { 0 };

    key_path(path, c);
    snprintf(page, sizeof page, "%s/%s.md", book, c->name);
    const bool same = !setting_on("FORCE") && access(page, R_OK) == 0
                   && !text_read(&t, path) && strcmp(t.s, key) == 0
                   && records_whole(book, c->name);
    text_free(&t);
    return same;
}

/* ---- running one ---- */

/* Passes on what the chapter says while it runs, and keeps the last lines. */
static void pass_on(int from, char tail[TAIL + 1])
{
    char block[512];
    size_t length = 0;
    ssize_t n;

    tail[0] = '\0';
    while ((n = read(from, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        fwrite(block, 1, (size_t)n, stderr);
        fflush(stderr);
        if (length + (size_t)n > TAIL) {
            const size_t drop = length + (size_t)n - TAIL;
            memmove(tail, tail + drop, length - drop);
            length -= drop;
        }
        memcpy(tail + length, block, (size_t)n);
        length += (size_t)n;
        tail[length] = '\0';
    }
}

static void write_failed_page(const Chapter *c, int status, const char *tail)
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
    snprintf(path, sizeof path, "%s/%s.md", book, c->name);
    must(text_write(&t, path));
    text_free(&t);
}

/* Removes what an earlier run of a chapter left that fails now: its numbers
 * must not stand in the book. Its experiments stay for those who recall them. */
static void forget(const Chapter *c)
{
    static const char *const files[] = { "key", "results.tsv", "runs.tsv",
                                         "claims.tsv" };
    char path[PATH];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", book, c->name, files[i]);
        remove(path);
    }
}

static void run_chapter(Chapter *c, const char key[65])
{
    char program[PATH], path[PATH], tail[TAIL + 1];
    const double start = clock_seconds();
    int ends[2], status = 0;

    key_path(path, c);
    remove(path);                  /* killed from here on, it must run again */
    snprintf(program, sizeof program, "%s/%s", programs, c->name);
    if (pipe(ends) != 0)
        die("%s: no pipe: %s", program, strerror(errno));
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (child == 0) {
        if (isatty(STDERR_FILENO))
            setenv("PROGRESS_LIVE", "1", 1);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(program, program, (char *)NULL);
        die("%s: %s", program, strerror(errno));
    }
    close(ends[1]);
    pass_on(ends[0], tail);
    close(ends[0]);
    waitpid(child, &status, 0);
    c->ran = true;
    c->seconds = clock_seconds() - start;
    c->failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;

    if (c->failed) {
        forget(c);
        write_failed_page(c, status, tail);
        return;
    }
    Text t = { 0 };
    text_add(&t, "%s", key);
    key_path(path, c);
    must(text_write(&t, path));
    text_free(&t);
}

/* A chapter that was renamed or removed leaves its folder behind; what it has
 * published would stand in the way of others. */
static void remove_strangers(const Chapter *chapters, int n)
{
    char pattern[PATH];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/experiments/*.tsv", book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i] + strlen(book) + 1;
        bool known = false;
        for (int k = 0; k < n && !known; k++)
            known = strncmp(name, chapters[k].name, strcspn(name, "/")) == 0
                 && chapters[k].name[strcspn(name, "/")] == '\0';
        if (!known)
            remove(found.gl_pathv[i]);
    }
    globfree(&found);
}

/* ---- the book ---- */

/* One build at a time writes into a folder. The chapters and the press inherit
 * the lock, so one that has outlived its build keeps the next one waiting; it
 * ends with the last of them. */
static void lock_book(void)
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
static void remove_leftovers(void)
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

static void gather_results(const Chapter *chapters, int n)
{
    char path[PATH];
    Text t = { 0 };

    text_add(&t, "%s", results_heading);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s/results.tsv", book,
                 chapters[i].name);
        if (access(path, R_OK) == 0)
            must(text_read(&t, path));
    }
    snprintf(path, sizeof path, "%s/results.tsv", book);
    must(text_write_if_changed(&t, path));
    text_free(&t);
}

/* The scripts go with the book: its pages link to them. */
static void copy_scripts(void)
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

static void tell_failed_claims(const Chapter *chapters, int n)
{
    for (int i = 0; i < n; i++) {
        char path[PATH];
        ClaimRow *rows;
        int count;
        snprintf(path, sizeof path, "%s/%s/claims.tsv", book, chapters[i].name);
        if (access(path, R_OK) != 0)           /* one that failed has none */
            continue;
        must(claims_read(&rows, &count, path));
        for (int k = 0; k < count; k++)
            if (rows[k].verdict == FAILS)
                printf("Claim failed, %s:%d: %s\n", chapters[i].source,
                       rows[k].line, rows[k].sentence);
        free(rows);
    }
}

/* Runs the press, which is where this program is; it tells what is wrong with a
 * page by itself. */
static void press_book(const char *self)
{
    const char *slash = strrchr(self, '/');
    char program[PATH];
    int status = 0;

    snprintf(program, sizeof program, "%.*spress",
             slash ? (int)(slash + 1 - self) : 0, self);
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (child == 0) {
        execlp(program, program, book, (char *)NULL);
        die("%s: %s", program, strerror(errno));
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        die("%s: stopped before its end (%s)", program,
            strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        exit(1);
}

int main(int argc, char **argv)
{
    const char *only;
    Chapter chapters[MAX_CHAPTERS] = { 0 };
    Page pages[MAX_CHAPTERS + 2] = { { .name = "index" } };
    int n = 0, page_count = 1, failed = 0, last = MAX_CHAPTERS;
    const double start = clock_seconds();
    char notice[600] = "", key[65];

    root_enter(argv);
    only = setting("CHAPTER", "");
    book = setting_book();
    programs = setting("PROGRAMS", "build/chapters");
    CHECK(argc - 1, <=, MAX_CHAPTERS);
    for (; n < argc - 1; n++) {
        chapters[n].source = argv[n + 1];
        chapters[n].number = chapter_name(chapters[n].name, argv[n + 1]);
    }
    if (*only) {
        for (last = 0; last < n && chapters[last].number != atoi(only); last++)
            ;
        if (last == n)
            die("CHAPTER=%s: there is no such chapter; there are %d to %d",
                only, n ? chapters[0].number : 0,
                n ? chapters[n - 1].number : 0);
    }
    must(make_folder(book));
    lock_book();
    remove_leftovers();
    must(digits_open(&digits));
    edition_open(book, &digits);
    edition_notice(notice, sizeof notice, &digits);

    remove_strangers(chapters, n);
    for (int i = 0; i < n && i <= last; i++) {
        key_of(key, chapters, i);
        if (!up_to_date(&chapters[i], key))
            run_chapter(&chapters[i], key);
        failed += chapters[i].failed;
    }
    for (int i = 0; i < n; i++) {
        char path[PATH];
        snprintf(path, sizeof path, "%s/%s.md", book, chapters[i].name);
        if (access(path, R_OK) == 0)
            pages[page_count++] = (Page){
                .name = chapters[i].name,
                .number = chapters[i].number < UNNUMBERED ? chapters[i].number
                                                          : 0 };
    }
    gather_results(chapters, n);
    copy_scripts();
    const int book_pages = page_count;
    if (yours_page(book, setting("RUNS", "build/runs"), &digits, pages,
                   page_count))
        pages[page_count++] = yours;
    must(front_page(book, pages, page_count,
                    book_pages == n + 1 && failed == 0, &digits));
    must(pages_write(&(Pages){ .at = pages, .n = page_count,
                               .notice = notice }, book));
    press_book(argv[0]);
    for (int i = 0; i < page_count; i++)
        free((char *)pages[i].part);

    for (int i = 0; i < n; i++)
        if (chapters[i].ran)
            printf("%-22s %6.1f s%s\n", chapters[i].name, chapters[i].seconds,
                   chapters[i].failed ? "   FAILED" : "");
    tell_failed_claims(chapters, n);
    printf("%s/index.html   (%s; %.1f s)\n", book, digits.origin,
           clock_seconds() - start);
    digits_close(&digits);
    return failed ? 1 : 0;
}
