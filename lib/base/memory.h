/* SPDX-License-Identifier: MIT */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` elements of `size` bytes, all zero, aligned to a cache line; NULL when
 * there is no room. Release it with free(). */
void *memory_zeroed(size_t count, size_t size);

#endif
