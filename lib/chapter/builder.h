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
    bool ran, failed;
    double seconds;
} Chapter;

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

/* In place of the page of a chapter that failed; what an earlier run has left
 * is removed: its numbers must not stand in the book. Its experiments stay for
 * those who recall them. */
void chapter_fail(const Build *b, const Chapter *c, int status,
                  const char *tail);

/* Removes what a chapter has published that was renamed or removed: it would
 * stand in the way of others. */
void remove_strangers(const Build *b);

#endif
