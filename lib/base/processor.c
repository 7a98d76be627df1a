/* SPDX-License-Identifier: MIT */
#include "base/processor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether this processor has the instructions of that name; an unknown name is
 * that of some newer processor. */
static bool has(const char *name, size_t length)
{
#ifdef __x86_64__
#define FEATURE(name) { name, __builtin_cpu_supports(name) }
    __builtin_cpu_init();
    const struct { const char *name; int there; } features[] = {
        FEATURE("sse4.2"), FEATURE("avx"), FEATURE("avx2"), FEATURE("fma"),
        FEATURE("bmi2"), FEATURE("avx512f"), FEATURE("avx512bw"),
        FEATURE("avx512dq"), FEATURE("avx512vl"), FEATURE("avx512vnni"),
    };
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (strlen(features[i].name) == length
            && strncmp(features[i].name, name, length) == 0)
            return features[i].there;
#endif
    return false;
}

__attribute__((constructor)) void processor_check(void)
{
    for (const char *name = built_for; *name; ) {
        const size_t length = strcspn(++name, " ");
        if (!has(name, length)) {
            fprintf(stderr, "This program was built for a newer processor: it "
                    "uses %.*s, which this one does not have. Run `make clean` "
                    "and build it here, or build it with MARCH=x86-64-v2 where "
                    "it was built.\n", (int)length, name);
            _Exit(EXIT_FAILURE);
        }
        name += length;
    }
}
