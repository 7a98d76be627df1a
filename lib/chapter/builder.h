/* SPDX-License-Identifier: MIT
 *
 * A build of the book: its chapters, which of them are up to date, and what
 * they have left in the folder of the book.
 *
 *     char key[65];
 *     chapter_key(key, &build, i);
 *     if (!chapter_up_to_date(&build, &build.chapters[i], key))
 *         ...
 */
#ifndef CHAPTER_BUILDER_H
#define CHAPTER_BUILDER_H

#include "data/source.h"

enum { MAX_CHAPTERS = 64, PATH = 1024 };

typedef struct Chapter {
    const char *source;            /* chapters/03-softmax.c */
    char name[64];
    int number;
    bool current;                  /* its page is up to date */
    bool ran, failed;
    double seconds;
} Chapter;

/* How a chapter's program ended. */
typedef struct Outcome {
    bool failed;
    char how[160];                 /* "exit status 7" */
    char step[128];                /* that ran last; "" for none */
    char last[2001];               /* the last line that it said */
    bool crashed;                  /* the program is wrong, not its input */
    int trained, recalled;         /* runs */
} Outcome;

typedef struct Build {
    const char *book;              /* folder of the pages */
    const char *programs;          /* folder of the chapters' programs */
    Digits digits;
    Chapter chapters[MAX_CHAPTERS];
    int n;                         /* chapters */
} Build;

/* SHA-256 of everything that a page depends on: the chapter, its program, what
 * it shows of the library, how figures look, the accepted results, the data,
 * and what the chapters before it have published. */
void chapter_key(char key[65], const Build *b, int at);

/* Whether the page was made with this key, and all that belongs to it is
 * there. */
bool chapter_up_to_date(const Build *b, const Chapter *c, const char key[65]);

/* The key of the page that is there now; NULL takes it away: a chapter that is
 * killed while it runs must run again. */
void chapter_write_key(const Build *b, const Chapter *c, const char *key);

/* Finds out which pages are up to date, and makes those that are not there:
 * they say that they are not built yet. How many those are. */
int chapters_look(Build *b);

/* What is to be said on the page of a chapter that is not up to date; NULL: it
 * is. */
const char *chapter_banner(const Build *b, const Chapter *c);

/* "make book SAN=1 CHAPTER=07", when a program has crashed; "" under the
 * sanitizers. */
void chapter_how_to_find(char words[128], const Chapter *c);

/* In place of the page of a chapter that failed; what an earlier run has left
 * is removed: its numbers must not stand in the book. Its experiments stay for
 * those who recall them. */
void chapter_fail(const Build *b, const Chapter *c, const Outcome *o);

/* Removes what is left of chapters that were renamed or removed: their pages,
 * and what they have published, which would stand in the way of others. */
void remove_strangers(const Build *b);

#endif
