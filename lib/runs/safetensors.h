/* SPDX-License-Identifier: MIT
 *
 * The weights of a model in a file of the safetensors format: eight bytes
 * (little-endian) for the length of a JSON header that names type, shape and
 * place of each tensor, the header, the numbers. PyTorch and NumPy read it.
 *
 * Tensors are named as PyTorch names those of an nn.Sequential with the same
 * layers: 0.weight (32, 784), 0.bias (32), 2.weight ...
 */
#ifndef RUNS_SAFETENSORS_H
#define RUNS_SAFETENSORS_H

#include "nn/model.h"

Error safetensors_write(const Model *m, const char *path);

/* Into a model with the same layers; a header for any other is an error. */
Error safetensors_read(Model *m, const char *path);

#endif
