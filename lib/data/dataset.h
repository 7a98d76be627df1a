/* SPDX-License-Identifier: MIT
 *
 * Labelled images of digits, as bytes.
 *
 *     Digits digits;
 *     must(digits_open(&digits));                    (data/source.h)
 *     printf("%d\n", digits.train.labels[0]);
 *     digits_close(&digits);
 *
 * Images stay bytes in memory; data/gather.h turns those of one batch into
 * floats.
 */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROWS = 28, COLUMNS = 28, PIXELS = ROWS * COLUMNS, CLASSES = 10 };

typedef struct Dataset {
    uint8_t *pixels;   /* (n, ROWS, COLUMNS): 0 is paper, 255 is ink */
    uint8_t *labels;   /* (n): 0 to 9 */
    int n;
} Dataset;

/* Room for n images, all blank and labelled 0. */
Dataset dataset_create(int n);

/* Releases what dataset_create or a reader made; the struct becomes empty. */
void dataset_free(Dataset *d);

/* A view of images first to first + n - 1. It owns nothing: do not free it. */
Dataset dataset_slice(const Dataset *d, int first, int n);

/* SHA-256, in hex, of n (four bytes, big-endian), the pixels and the labels of
 * train, then of test: the identity of a data set, whatever its files. */
void dataset_digest(char hex[65], const Dataset *train, const Dataset *test);

#endif
