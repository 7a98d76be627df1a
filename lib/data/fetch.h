/* SPDX-License-Identifier: MIT
 *
 * Downloads MNIST with the curl command.
 *
 *     must(fetch_mnist("build/data"));
 *
 * MNIST_MIRROR=url names another place to take the four .gz files from, for
 * example a folder of this machine: MNIST_MIRROR=file:///home/ada/mnist
 */
#ifndef DATA_FETCH_H
#define DATA_FETCH_H

#include "base/check.h"

/* The four files of MNIST, without .gz. Mirrors compress them differently, so
 * a file is known by the SHA-256 of what is inside. */
enum { TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS, MNIST_FILES };

typedef struct MnistFile {
    const char *name;
    const char *sha256;
} MnistFile;

extern const MnistFile mnist_files[MNIST_FILES];

/* Puts the four .gz files into a folder; keeps those that are there and right.
 * One line per file on stderr. Gives up at the first file that no mirror has,
 * so that a machine without a network does not wait. */
Error fetch_mnist(const char *folder);

/* The same for other files, each <name>.gz with the content `sha256`. */
Error fetch_files(const char *folder, const MnistFile *files, int n);

#endif
