/* SPDX-License-Identifier: MIT
 *
 * Which digits the book is built on. The first of these that is there:
 *
 *   1. SYNTHETIC=n     n drawn digits for training, n / 6 for testing (at
 *                      least 100): for tests and for trying things out
 *   2. MNIST_DIR=dir   the four IDX files, raw or gzipped, or folders train/
 *                      and test/ of <digit>_<number>.png; MNIST_DIR=download
 *                      passes over 3
 *   3. the folder that was named before (data/named.h)
 *   4. build/data/     what `make data` has downloaded
 *   5. the network     the same, downloaded now
 *   6. nothing         60,000 + 10,000 drawn digits; every program says so
 *
 * QUICK=1 keeps the first 2,000 and 500 images of whichever it was.
 */
#ifndef DATA_SOURCE_H
#define DATA_SOURCE_H

#include "base/check.h"
#include "data/digits.h"

/* Chooses, reads and checks. A folder that was named and cannot be used is an
 * error, not a reason to take the next source. Says on stderr what it
 * downloads, when drawn digits stand in for MNIST, and when a folder holds
 * others. */
Error digits_open(Digits *digits);
void digits_close(Digits *digits);

/* Keeps the folder that MNIST_DIR names for later programs; MNIST_DIR=download
 * forgets the one before. Without MNIST_DIR nothing changes. */
Error digits_remember(const Digits *digits);

/* From here on the programs that this one starts open the same digits, whatever
 * happens to the network, and say nothing of them again. */
void digits_share(const Digits *digits);

#endif
