/* SPDX-License-Identifier: MIT
 *
 * The pages of a book: what those who write them and the press agree on.
 */
#ifndef RUNS_PAGES_H
#define RUNS_PAGES_H

#include <stdbool.h>

typedef struct Page {
    const char *name;      /* "03-softmax": name.md in, name.html out */
    int number;            /* of the chapter; 0 for one that has none */
    const char *part;      /* the title of the part that begins with it, or
                              NULL */
    bool aside;            /* no part of the book's text: it comes and goes, and
                              only the front page leads to it, so that the
                              others stay as they are */
} Page;

#endif
