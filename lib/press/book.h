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
} Book;

#endif
