/* SPDX-License-Identifier: MIT
 *
 * Memory for whom may not stop the program; others use allocate (base/check.h).
 *
 *     float *x = memory_zeroed(n, sizeof *x);
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` elements of `size` bytes, all zero, aligned to a cache line; NULL when
 * there is no room. Release it with free(). */
void *memory_zeroed(size_t count, size_t size);

/* Sizes that a reader chooses may be too large for any number: then both are
 * SIZE_MAX, of which there is never room. */
size_t size_product(size_t a, size_t b);
size_t size_sum(size_t a, size_t b);

#endif
