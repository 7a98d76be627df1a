/* SPDX-License-Identifier: MIT
 *
 * The index of the book's search: a script, since a page that was opened from a
 * file may load nothing else. One entry for every chapter, section, function
 * and experiment:
 *
 *     ["04-relu.html#the-suspect", "section", "The suspect", "ReLU", "On its
 *      way down, the gradient ..."]
 */
#ifndef PRESS_SEARCH_H
#define PRESS_SEARCH_H

#include "press/book.h"

/* Writes folder/search-index.js from pages that are read and not yet woven. */
Error search_index(const char *folder, const Book *book);

#endif
