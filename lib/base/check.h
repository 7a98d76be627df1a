/* SPDX-License-Identifier: MIT
 *
 * What to do when something is wrong.
 *
 * The world is wrong (a file, an argument): a function of lib/data returns an
 * error text, NULL when all went well, and the caller decides. A program has
 * nothing better to do than stop:
 *
 *     must(idx_read(&train, "images.gz", "labels.gz"));
 *     die("%s: found %d labels, expected %d: download it again", path, n, 10);
 *
 * The program is wrong (a shape): CHECK prints both expressions and both
 * values and aborts. It names the function, not the line, so that the object
 * code of a file does not change when a comment in it does.
 */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include <stddef.h>

#include "base/error.h"

/* One line on stderr, exit status 1. */
_Noreturn void die(const char *format, ...) PRINTF(1, 2);

/* Dies with the error, if there is one. */
void must(Error error);

/* As memory_zeroed, but dies when there is no room. */
void *allocate(size_t count, size_t size);

#define CHECK(a, op, b)                                                        \
    do {                                                                       \
        const long long check_a = (long long)(a), check_b = (long long)(b);    \
        if (!(check_a op check_b))                                             \
            check_failed(__func__, #a, #op, #b, check_a, check_b);             \
    } while (0)

_Noreturn void check_failed(const char *function, const char *a, const char *op,
                            const char *b, long long value_a,
                            long long value_b);

#endif
