/* SPDX-License-Identifier: MIT
 *
 * An error is a text: what it is about, what was found, what was expected, what
 * to do. Code that must not stop the program returns it; NULL means that all
 * went well.
 *
 *     return error_text("%s: found %d labels, expected %d", path, n, 10);
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#if defined(__GNUC__)
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define PRINTF(text, first)
#endif

/* It lives in a buffer of the calling thread until that thread has made two
 * more, so that one error may quote another. */
typedef const char *Error;

Error error_text(const char *format, ...) PRINTF(1, 2);

#endif
