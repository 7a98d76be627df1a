/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/sha256.h"

Dataset dataset_create(int n)
{
    CHECK(n, >=, 0);
    return (Dataset){ .pixels = allocate((size_t)n, PIXELS),
                      .labels = allocate((size_t)n, 1),
                      .n = n };
}

void dataset_free(Dataset *d)
{
    free(d->pixels);
    free(d->labels);
    *d = (Dataset){ 0 };
}

Dataset dataset_slice(const Dataset *d, int first, int n)
{
    CHECK(first, >=, 0);
    CHECK(n, >=, 0);
    CHECK(first, <=, d->n - n);
    return (Dataset){ .pixels = d->pixels + (size_t)first * PIXELS,
                      .labels = d->labels + first,
                      .n = n };
}

void dataset_digest(char hex[65], const Dataset *train, const Dataset *test)
{
    const Dataset *const both[] = { train, test };
    Sha256 s;

    sha256_start(&s);
    for (int i = 0; i < 2; i++) {
        const Dataset *d = both[i];
        const uint32_t n = (uint32_t)d->n;
        const uint8_t count[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16),
                                   (uint8_t)(n >> 8), (uint8_t)n };
        sha256_add(&s, count, sizeof count);
        sha256_add(&s, d->pixels, (size_t)d->n * PIXELS);
        sha256_add(&s, d->labels, (size_t)d->n);
    }
    sha256_end(&s, hex);
}
