/* SPDX-License-Identifier: MIT
 *
 * Which kernels OpenBLAS computes with, and whether they are right. Old builds
 * of OpenBLAS compute wrong products, or crash, on some newer processors.
 *
 *     int main(int argc, char **argv)
 *     {
 *         kernels_check(argv, "build/runs");
 */
#ifndef RUNS_KERNELS_H
#define RUNS_KERNELS_H

#include <stdbool.h>

#include "nn/products.h"

/* Once for each machine, library and build: multiplies a few matrices in all
 * three forms and compares with plain loops. If that fails it says so, looks for
 * kernels that are right, remembers them in the folder, and starts the program
 * again with OPENBLAS_CORETYPE set to these. Call it before anything else. */
void kernels_check(char **argv, const char *folder);

/* Whether the three products are what plain loops make of the book's shapes. */
bool kernels_right(Product *ab, Product *abt, Product *atb);

/* The library and its kernels: "OpenBLAS 0.3.21 ... Zen". */
const char *kernels_name(void);

#endif
