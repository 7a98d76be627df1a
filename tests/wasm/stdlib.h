/* SPDX-License-Identifier: MIT */
#ifndef WASM_STDLIB_H
#define WASM_STDLIB_H

#include <stddef.h>

void *malloc(size_t), *calloc(size_t, size_t), *realloc(void *, size_t);
void *aligned_alloc(size_t, size_t);
void free(void *);

#endif
