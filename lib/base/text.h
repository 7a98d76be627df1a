/* SPDX-License-Identifier: MIT
 *
 * A text that grows.
 *
 *     Text t = { 0 };
 *     text_add(&t, "%d digits", 10);
 *     must(text_write(&t, "out.txt"));
 *     text_free(&t);
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/check.h"

typedef struct Text {
    char *s;          /* always ends in '\0'; NULL while nothing was added */
    size_t length;    /* bytes, without that '\0' */
    size_t capacity;
} Text;

void text_add(Text *t, const char *format, ...) PRINTF(2, 3);
void text_add_list(Text *t, const char *format, va_list args) PRINTF(2, 0);
void text_add_bytes(Text *t, const char *bytes, size_t length);
void text_add_char(Text *t, char c);
void text_free(Text *t);

/* The text so far, "" when nothing was added. */
const char *text_string(const Text *t);

/* Appends the whole of a file. */
Error text_read(Text *t, const char *path);

/* The same, with \n for every \r\n, as a checkout on Windows writes the ends
 * of lines. For all that is read as text; what is sealed is read as it is. */
Error text_read_lines(Text *t, const char *path);

/* Replaces a file in one step (written beside it, then renamed). */
Error text_write(const Text *t, const char *path);

/* The same, but leaves a file alone that already holds this text, so that
 * nothing that depends on its time is made again. */
Error text_write_if_changed(const Text *t, const char *path);

/* Dies unless all that was printed has reached standard output. */
void output_check(void);

/* Closes a stream that was written to; the error if any of it was lost. */
Error file_close(FILE *f, const char *path);

/* Removes a file; that there is none is no error. */
Error file_remove(const char *path);

/* A copy of a string; NULL stays NULL. Release it with free(). */
char *text_copy(const char *s);

/* Whether a string begins with another that is not empty. */
bool text_starts(const char *s, const char *with);

/* A number as it is read: 60000 becomes "60,000". The text holds until the
 * fourth call after it. */
const char *thousands(long n);

/* Where the next line of a text begins; at the last line, its end. */
const char *text_next_line(const char *line);

/* Makes a folder and those above it, like mkdir -p. */
Error make_folder(const char *path);

#endif
