/* SPDX-License-Identifier: MIT
 *
 * The book while it is pressed. All pages are read first, and with them every
 * anchor; then they are woven, when each link can be followed.
 */
#ifndef PRESS_BOOK_H
#define PRESS_BOOK_H

#include "press/draft.h"
#include "press/shown.h"

typedef struct Book {
    Draft *drafts;
    int n;
    const char *notice;    /* on every page; NULL or "" for none */
    ShownList shown;
    int *now;              /* where it notes the page that it is at, or NULL */
} Book;

/* Notes which page the press is at, should it stop there; -1: at none. */
static inline void book_at(const Book *book, int page)
{
    if (book->now)
        *book->now = page;
}

#endif
