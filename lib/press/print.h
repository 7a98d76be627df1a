/* SPDX-License-Identifier: MIT
 *
 * The whole book in one file, for printing: print.html. */
#ifndef PRESS_PRINT_H
#define PRESS_PRINT_H

#include "press/book.h"

/* The woven pages one after the other. Every id gets the name of its page in
 * front, every link inside the book leads to such an id, and the headings of
 * chapters stand one level lower, under the book's title. */
void print_body(Text *html, const Book *book);

#endif
