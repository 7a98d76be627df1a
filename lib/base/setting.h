/* SPDX-License-Identifier: MIT
 *
 * What a chapter and the program that runs it must agree on: the environment,
 * and names.
 *
 * setting.c has the one table of all settings, each with its type and range.
 * Every program checks them when it starts (base/root.h), so that THREADS=abc
 * is one line and not a build with another number of threads. */
#ifndef BASE_SETTING_H
#define BASE_SETTING_H

#include <stdbool.h>

#include "base/check.h"

/* An environment variable; the other text when it is unset or empty. */
const char *setting(const char *name, const char *otherwise);

/* Whether it is set, to anything but nothing and "0". */
bool setting_on(const char *name);

/* A whole number, in the range that the table has for it; the other number when
 * it is unset, empty or wrong (which settings_check has told). */
long setting_number(const char *name, long otherwise);

/* Is what the environment has for this name, or for all, what the table
 * expects? */
Error setting_check(const char *name);
Error settings_check(void);

/* Makes every folder that is set by a relative name absolute, as seen from
 * another folder: for a program that is about to leave it. */
void settings_from(const char *folder);

/* What MNIST_DIR says to have MNIST downloaded, whatever folder was named
 * before; a folder of this name is ./download. */
extern const char setting_download[];

/* The folder of the pages: BOOK, or build/book, or with QUICK=1 build/quick;
 * without a "/" at its end. */
const char *setting_book(void);

/* "chapters/03-softmax.c" is "03-softmax", chapter 3 (which is returned). From
 * UNNUMBERED on the number only says where it stands: chapters/99-colophon.c. */
enum { UNNUMBERED = 90 };
int chapter_name(char name[64], const char *source);

/* What compiled the book: "GCC 12.2.0". */
extern const char compiler_name[];

#endif
