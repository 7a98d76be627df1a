/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

const SpecField no_fields[] = { { .name = NULL } };

int shape_size(Shape s)
{
    return s.channels * s.rows * s.columns;
}

void layer_add_tensor(Layer *l, Tensor tensor)
{
    tensor.n = 1;
    for (int i = 0; i < MAX_DIMENSIONS && tensor.shape[i]; i++)
        tensor.n *= (size_t)tensor.shape[i];
    l->tensor[l->tensors++] = tensor;
}

Error layer_keep_shape(Layer *l)
{
    l->out_shape = l->in_shape;
    return NULL;
}

size_t layer_parameters(const Layer *l)
{
    size_t n = 0;

    for (int i = 0; i < l->tensors; i++)
        n += l->tensor[i].state ? 0 : l->tensor[i].n;
    return n;
}
