/* SPDX-License-Identifier: MIT
 *
 * IDX, the format in which MNIST is published: two files, one with the images
 * and one with their labels.
 *
 *     Dataset train;
 *     must(idx_read(&train, "train-images-idx3-ubyte.gz",
 *                           "train-labels-idx1-ubyte.gz"));
 *     dataset_free(&train);
 *
 *     images: 00 00 08 03   n   28   28   then n * 784 pixels, row by row
 *     labels: 00 00 08 01   n             then n labels
 *
 * 08 says that the elements are bytes, 03 or 01 is the number of dimensions,
 * and each dimension is four bytes, the most significant first (big-endian).
 *
 * Files are not trusted: memory is taken only for as many images as a file of
 * that size can hold.
 */
#ifndef DATA_IDX_H
#define DATA_IDX_H

#include "base/check.h"
#include "data/dataset.h"

/* Reads both files, raw or gzipped. After an error *d is empty. */
Error idx_read(Dataset *d, const char *images, const char *labels);

/* Writes both files, raw. */
Error idx_write(const Dataset *d, const char *images, const char *labels);

#endif
