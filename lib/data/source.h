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

#include "data/check.h"
#include "data/dataset.h"

typedef struct Digits {
    Dataset train, test;
    char digest[65];       /* dataset_digest of the two */
    char origin[256];      /* for the reader: "MNIST, IDX files in dir" */
    bool synthetic;        /* drawn by lib/data/synth.c, not MNIST */
    bool quick;            /* a small part, for QUICK=1 */
    void *mapping;         /* the cache file that train and test are part of, */
    size_t mapped;         /* and its bytes; NULL if they own their memory */
} Digits;

/* Chooses, reads and checks. An MNIST_DIR that cannot be used is an error, not
 * a reason to take the next source. Says on stderr what it downloads. */
Error digits_open(Digits *digits);
void digits_close(Digits *digits);

#endif
