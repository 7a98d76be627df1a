/* SPDX-License-Identifier: MIT
 *
 * Chance in training. Each use has a stream of random numbers of its own for
 * every epoch and every image, so that the result depends neither on threads
 * nor on what else is left to chance.
 *
 *     Rng rng = random_stream(seed, STREAM_DROPOUT, epoch, image);
 */
#ifndef NN_RANDOM_H
#define NN_RANDOM_H

#include "base/rng.h"

typedef enum Stream {
    STREAM_WEIGHTS,        /* the first ones */
    STREAM_ORDER,          /* of the images in an epoch */
    STREAM_DROPOUT,        /* which inputs are silenced */
} Stream;

Rng random_stream(uint64_t seed, Stream stream, int epoch, uint64_t item);

#endif
