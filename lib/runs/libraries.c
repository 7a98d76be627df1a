/* SPDX-License-Identifier: MIT */
#include "runs/libraries.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/sha256.h"
#include "base/text.h"
#include "runs/kernels.h"

const char *built_how(void)
{
#if defined(__SANITIZE_THREAD__)
    return "thread sanitizer";
#elif defined(__SANITIZE_ADDRESS__)
    return "sanitizer";
#else
    return "";
#endif
}

/* Bits of what the C library makes of a few numbers: another version of it may
 * round otherwise, whatever it says of itself. */
static void add_libm(Text *t)
{
    float bits[5 * 64];
    char hex[65];

    for (int i = 0; i < 64; i++) {
        const volatile float x = 0.37f * (float)(i - 40);
        bits[5 * i] = expf(x);
        bits[5 * i + 1] = logf(1.01f + x * x);
        bits[5 * i + 2] = (float)(exp((double)x) * 1e3);
        bits[5 * i + 3] = (float)log(1.01 + (double)(x * x));
        bits[5 * i + 4] = tanhf(x);
    }
    sha256_hex(hex, bits, sizeof bits);
    text_add(t, "libm %.16s", hex);
}

const char *libraries_name(void)
{
    static char said[256];
    char libc[64] = "C library";
    Text t = { 0 };

    if (*said)
        return said;
#ifdef _CS_GNU_LIBC_VERSION
    confstr(_CS_GNU_LIBC_VERSION, libc, sizeof libc);
#endif
    text_add(&t, "%s; %s, ", kernels_name(), libc);
    add_libm(&t);
    snprintf(said, sizeof said, "%s", t.s);
    text_free(&t);
    return said;
}
