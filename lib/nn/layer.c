/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include <limits.h>

#include "base/memory.h"

int shape_size(Shape s)
{
    const double n = (double)s.channels * s.rows * s.columns;

    return n < INT_MAX ? (int)n : INT_MAX;
}

void layer_add_tensor(Layer *l, Tensor tensor)
{
    tensor.n = 1;
    for (int i = 0; i < MAX_DIMENSIONS && tensor.shape[i]; i++)
        tensor.n = size_product(tensor.n, (size_t)tensor.shape[i]);
    size_t *const all = tensor.state ? &l->kept : &l->learned;
    *all = size_sum(*all, tensor.n);
    if (l->tensors < MAX_TENSORS)
        l->tensor[l->tensors] = tensor;
    l->tensors++;
}
