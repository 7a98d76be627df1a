/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

void *memory_zeroed(size_t count, size_t size)
{
    if (size > 0 && count > (SIZE_MAX - CACHE_LINE) / size)
        return NULL;
    const size_t bytes = (count * size / CACHE_LINE + 1) * CACHE_LINE;
    void *memory = aligned_alloc(CACHE_LINE, bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}
