/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include <limits.h>

int shape_size(Shape s)
{
    const double n = (double)s.channels * s.rows * s.columns;

    return n < INT_MAX ? (int)n : INT_MAX;
}

void layer_add_tensor(Layer *l, Tensor tensor)
{
    tensor.n = 1;
    for (int i = 0; i < MAX_DIMENSIONS && tensor.shape[i]; i++)
        tensor.n *= (size_t)tensor.shape[i];
    *(tensor.state ? &l->kept : &l->learned) += tensor.n;
    if (l->tensors < MAX_TENSORS)
        l->tensor[l->tensors] = tensor;
    l->tensors++;
}
