/* SPDX-License-Identifier: MIT
 *
 * The weights of a model in the safetensors format: eight bytes (little-endian)
 * for the length of a JSON header that names type, shape and place of each
 * tensor, the header, the numbers. PyTorch and NumPy read it.
 *
 * Tensors are named as PyTorch names those of an nn.Sequential with the same
 * layers: 0.weight (32, 784), 0.bias (32), 2.weight ... Here they are bytes in
 * memory, so that a browser can read them, too; files are those of
 * runs/network.h.
 */
#ifndef RUNS_SAFETENSORS_H
#define RUNS_SAFETENSORS_H

#include "nn/model.h"

/* Everything before the numbers; they follow as they lie in m->parameters.
 * Writes at most `size` bytes and returns how many there are. */
size_t safetensors_header(char *to, size_t size, const Model *m);

/* Into a model with the same layers. The error says that these are not the
 * weights of this network. */
Error safetensors_load(Model *m, const char *bytes, size_t n);

#endif
