/* SPDX-License-Identifier: MIT
 *
 * With WATCH=1 the pages load themselves anew when the book has changed. */
#ifndef PRESS_WATCH_H
#define PRESS_WATCH_H

#include "press/book.h"

/* When all pages are there: adds to the book's script what looks for changes,
 * and writes stamp.js, where it looks. Without WATCH=1 removes that file. */
Error watch_add(Text *script, const char *folder, const Book *book);

#endif
