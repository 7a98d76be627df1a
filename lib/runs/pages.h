/* SPDX-License-Identifier: MIT
 *
 * The pages of a book: the list that is left for the press beside them, in
 * pages.tsv.
 *
 *     must(pages_write(&pages, "build/book"));
 *
 *     must(pages_read(&pages, "build/book"));
 *     pages_free(&pages);
 */
#ifndef RUNS_PAGES_H
#define RUNS_PAGES_H

#include "base/text.h"

typedef struct Page {
    const char *name;      /* "03-softmax": name.md in, name.html out */
    int number;            /* of the chapter; 0 for one that has none */
    const char *part;      /* the title of the part that begins with it, or
                              NULL */
    bool aside;            /* no part of the book's text: it comes and goes, and
                              only the front page leads to it, so that the
                              others stay as they are */
    const char *banner;    /* why the page is not up to date, or NULL: shown on
                              it; links from it and to it may lead nowhere */
    const char *trouble;   /* not in the list: why the page cannot be pressed,
                              which is then what it says; or NULL */
} Page;

typedef struct Pages {
    Page *at;              /* in reading order, the front page first */
    int n;
    const char *notice;    /* on every page: "quick build ..." or "synthetic
                              digits ..."; NULL or "" for an ordinary book */
    int *now;              /* where the press notes the page that it is at, -1
                              for none; or NULL */
    Text text;             /* of a list that was read: it holds the names */
} Pages;

Error pages_write(const Pages *p, const char *folder);

/* Free it after an error too. */
Error pages_read(Pages *p, const char *folder);
void pages_free(Pages *p);

#endif
