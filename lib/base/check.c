/* SPDX-License-Identifier: MIT */
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void must(Error error)
{
    if (error)
        die("%s", error);
}

void *allocate(size_t count, size_t size)
{
    void *memory = memory_zeroed(count, size);

    if (!memory)
        die("out of memory: %zu elements of %zu bytes wanted", count, size);
    return memory;
}

void check_failed(const char *function, const char *a, const char *op,
                  const char *b, long long value_a, long long value_b)
{
    fprintf(stderr, "%s: %s %s %s does not hold: %lld against %lld\n",
            function, a, op, b, value_a, value_b);
    abort();
}
