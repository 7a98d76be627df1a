/* SPDX-License-Identifier: MIT */
#include "runs/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8 };

/* A header that grows; what does not fit is only counted. */
typedef struct Header {
    char *s;
    size_t size, length;
    size_t at;                     /* where the next tensor begins, in bytes */
} Header;

static void add(Header *h, const char *s)
{
    for (; *s; s++, h->length++)
        if (h->length < h->size)
            h->s[h->length] = *s;
}

static void add_tensor(Header *h, int layer, const Tensor *tensor)
{
    const size_t end = h->at + tensor->n * sizeof(float);
    char s[128];

    snprintf(s, sizeof s, "%s\"%d.%s\":{\"dtype\":\"F32\",\"shape\":[",
             h->at ? "," : "", layer, tensor->name);
    add(h, s);
    for (int i = 0; i < MAX_DIMENSIONS && tensor->shape[i]; i++) {
        snprintf(s, sizeof s, "%s%d", i ? "," : "", tensor->shape[i]);
        add(h, s);
    }
    snprintf(s, sizeof s, "],\"data_offsets\":[%zu,%zu]}", h->at, end);
    add(h, s);
    h->at = end;
}

/* The learned tensors of all layers, or those that are only kept. */
static void add_tensors(Header *h, const Model *m, bool state)
{
    for (int i = 0; i < m->depth; i++)
        for (int k = 0; k < m->layers[i].tensors; k++)
            if (m->layers[i].tensor[k].state == state)
                add_tensor(h, i, &m->layers[i].tensor[k]);
}

/* It is padded with spaces so that the numbers start at a multiple of eight. */
size_t safetensors_header(char *to, size_t size, const Model *m)
{
    Header h = { to, size, LENGTH_BYTES, 0 };

    add(&h, "{");
    add_tensors(&h, m, false);
    add_tensors(&h, m, true);
    add(&h, "}");
    while (h.length % 8)
        add(&h, " ");
    for (size_t i = 0; i < LENGTH_BYTES && i < size; i++)
        to[i] = (char)((h.length - LENGTH_BYTES) >> (8 * i) & 255);
    return h.length;
}

Error safetensors_load(Model *m, const char *bytes, size_t n)
{
    const size_t header = safetensors_header(NULL, 0, m);
    const size_t numbers = (m->n + m->states) * sizeof(float);
    char *expected = malloc(header);
    Error error = NULL;

    if (!expected)
        return error_text("out of memory: %zu bytes wanted", header);
    safetensors_header(expected, header, m);
    if (n != header + numbers)
        error = error_text("%zu bytes found, %zu expected: these are not the "
                           "weights of this network", n, header + numbers);
    else if (memcmp(bytes, expected, header) != 0)
        error = error_text("the header names other tensors than this network "
                           "has");
    else
        memcpy(m->parameters, bytes + header, numbers);
    free(expected);
    return error;
}
