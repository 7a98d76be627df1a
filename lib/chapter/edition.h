/* SPDX-License-Identifier: MIT
 *
 * The data of a book. The folder of the pages keeps the digest and the name of
 * the digits that they were made on, in data.tsv; pages on other digits never
 * come among them.
 *
 *     edition_open("build/book", &digits);
 */
#ifndef CHAPTER_EDITION_H
#define CHAPTER_EDITION_H

#include "data/digits.h"

typedef struct Edition {
    char digest[65];       /* dataset_digest; "" when the folder has no book */
    char name[64];         /* of the digits, for the reader */
} Edition;

/* What the book in a folder was made on. */
Edition edition_of(const char *book);

/* Makes the folder ready for a book on these digits. A book on others moves
 * aside, to build/book.0a8c056 (the first of its digest), and comes back when
 * they are named again. Digits that only stand in for MNIST replace no book of
 * real ones: the program stops. The programs that this one starts take the same
 * digits. A folder named with MNIST_DIR is remembered. */
void edition_open(const char *book, const Digits *digits);

/* For a chapter that adds its page: stops where the book is on other digits. */
void edition_join(const char *book, const Digits *digits);

/* What every page says where it is not the book's own edition: a quick one, or
 * not on MNIST; "" otherwise. */
void edition_notice(char *notice, size_t size, const Digits *digits);

#endif
