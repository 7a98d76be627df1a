/* SPDX-License-Identifier: MIT
 *
 * The two sets of a book, training and test, and where they came from. */
#ifndef DATA_DIGITS_H
#define DATA_DIGITS_H

#include "data/dataset.h"

typedef struct Digits {
    Dataset train, test;
    char digest[65];       /* dataset_digest of the two */
    char origin[1200];     /* for the reader: "MNIST, IDX files in dir" */
    char name[64];         /* for a column of a table: "MNIST", "synthetic",
                              the folder's own name; ", quick" behind it */
    char folder[1024];     /* where they lie, absolute; "" for drawn ones */
    bool mnist;            /* MNIST itself, to the last pixel and label */
    bool synthetic;        /* drawn by lib/data/synth.c, not MNIST */
    bool fallback;         /* ... and nobody has asked for that */
    bool quick;            /* a small part, for QUICK=1 */
    void *mapping;         /* the cache file that train and test are part of, */
    size_t mapped;         /* and its bytes; NULL if they own their memory */
} Digits;

#endif
