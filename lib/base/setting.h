/* SPDX-License-Identifier: MIT
 *
 * What a chapter and the program that runs it must agree on: the environment,
 * and names. */
#ifndef BASE_SETTING_H
#define BASE_SETTING_H

#include <stdbool.h>

/* An environment variable; the other text when it is unset or empty. */
const char *setting(const char *name, const char *otherwise);

/* Whether it is set, to anything but nothing and "0". */
bool setting_on(const char *name);

/* The folder of the pages: BOOK, or build/book, or with QUICK=1 build/quick. */
const char *setting_book(void);

/* "chapters/03-softmax.c" is "03-softmax", chapter 3 (which is returned). From
 * UNNUMBERED on the number only says where it stands: chapters/99-colophon.c. */
enum { UNNUMBERED = 90 };
int chapter_name(char name[64], const char *source);

/* What compiled the book: "GCC 12.2.0". */
extern const char compiler_name[];

#endif
