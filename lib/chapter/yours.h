/* SPDX-License-Identifier: MIT
 *
 * The page "Your experiments": what is in the store and not the book's own. */
#ifndef CHAPTER_YOURS_H
#define CHAPTER_YOURS_H

#include "data/source.h"
#include "runs/pages.h"

extern const Page yours;

/* Writes folder/your-experiments.md, for runs on these digits; false, and no
 * page, when there are none. */
bool yours_page(const char *folder, const char *store, const Digits *digits,
                const Page *pages, int n);

#endif
