/* SPDX-License-Identifier: MIT
 *
 * Is a kind of layer right? The checks know nothing of any kind but its
 * LayerType: what it needs, which numbers it uses, how forward and backward
 * belong together.
 *
 *     const char *fault = check_layer(stdout, TANH, NULL, 0);
 *
 * tests/test_nn.c asks this of every kind, `make check-layer LAYER=tanh` of
 * one. What no check of this sort can see is a forward pass that computes
 * something else than it should, with a backward pass to match: that takes
 * numbers from somebody else (tests/ref).
 */
#ifndef TESTS_CHECK_LAYER_H
#define TESTS_CHECK_LAYER_H

#include <stdio.h>

#include "nn/learning.h"

/* A layer with these numbers on inputs of this shape. */
typedef struct LayerCase {
    LayerSpec spec;
    Shape in;
} LayerCase;

/* Checks a kind with several small numbers on inputs of several shapes, and in
 * n cases more. One line per check to `out`, unless that is NULL. Returns the
 * first fault, with what was found and what was expected; NULL: all is right.
 * Each check is a child process of its own, so that it may crash. */
const char *check_layer(FILE *out, LayerKind kind, const LayerCase *more, int n);

/* The kind of this name; NO_LAYER if there is none. */
LayerKind layer_kind(const char *name);

/* A spec with small legal numbers: those that have a usual value keep it,
 * unless size is 2; the others are about so large. */
LayerSpec small_spec(LayerKind kind, int size);

/* A layer by itself, outside of a model, with memory of its own, for batches of
 * at most `batch` images. Its tensors are random. */
Error layer_alone(Layer *l, const LayerCase *c, int batch);
void layer_alone_free(Layer *l);

/* Goes through a network forward and backward layer by layer, each with memory
 * of its own, its input and its output at hand; the model must come to the same
 * bits, whatever it writes over what. The B images are in m->x[0]. */
Error compare_in_place(Model *m, const uint8_t *labels, int B, const Pass *pass);

#endif
