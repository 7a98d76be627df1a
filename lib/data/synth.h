/* SPDX-License-Identifier: MIT
 *
 * Synthetic digits: drawn by a pen that follows a few strokes, each digit in
 * several ways of writing it, leaning, turned, stretched, bent and thick or
 * thin at random. For tests, and for a machine that cannot have MNIST.
 *
 *     Dataset train = synth_digits(60000, 1);
 *     dataset_free(&train);
 */
#ifndef DATA_SYNTH_H
#define DATA_SYNTH_H

#include <stdint.h>

#include "data/dataset.h"

/* n digits as MNIST normalises them: the longest side of the ink measures about
 * 20 pixels, the centre of mass lies in the centre of the image. Image i
 * depends on the seed and on i alone, so n digits are the first n of more. */
Dataset synth_digits(int n, uint64_t seed);

#endif
