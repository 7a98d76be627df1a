/* SPDX-License-Identifier: MIT
 *
 * The functions that the book shows: on which page each of them stands, and
 * which chapters call it. Listings link both ways.
 */
#ifndef PRESS_SHOWN_H
#define PRESS_SHOWN_H

#include "press/draft.h"

/* The first listing of a page that calls a function. */
typedef struct Use {
    const Draft *page;
    char id[160];          /* of the listing */
} Use;

typedef struct Shown {
    char name[128];
    const Draft *page;     /* where it is explained */
    Use *uses;             /* on other pages, in the order of the book */
    int n_uses;
} Shown;

typedef struct ShownList {
    Shown *at;
    int n;
} ShownList;

ShownList shown_collect(const Draft *drafts, int n);
void shown_free(ShownList *list);

const Shown *shown_find(const ShownList *list, const char *name, int length);

/* The id of a listing: show-NAME, or line-N of its file; "" for others. */
void listing_id(char id[160], const char *info);

#endif
