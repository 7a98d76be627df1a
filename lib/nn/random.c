/* SPDX-License-Identifier: MIT */
#include "nn/random.h"

/* The three side by side in one number: 8 bits for the stream, 16 for the
 * epoch, the rest for the item. */
Rng random_stream(uint64_t seed, Stream stream, int epoch, uint64_t item)
{
    return rng_create(seed, item << 24 | (uint64_t)epoch << 8 | stream);
}
