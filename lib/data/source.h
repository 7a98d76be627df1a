/* SPDX-License-Identifier: MIT
 *
 * Which digits the book is built on. The first of these that is there:
 *
 *   1. SYNTHETIC=n     n drawn digits for training, n / 6 for testing (at
 *                      least 100): for tests and for trying things out
 *   2. MNIST_DIR=dir   the four IDX files, raw or gzipped, or folders train/
 *                      and test/ of <digit>_<number>.png
 *   3. build/data/     what `make data` has downloaded
 *   4. the network     the same, downloaded now
 *   5. nothing         60,000 + 10,000 drawn digits; the book says so
 *
 * QUICK=1 keeps the first 2,000 and 500 images of whichever it was.
 */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include "base/check.h"
#include "data/digits.h"

/* Chooses, reads and checks. An MNIST_DIR that cannot be used is an error, not
 * a reason to take the next source. Says on stderr what it downloads. */
Error digits_open(Digits *digits);
void digits_close(Digits *digits);

#endif
