/* SPDX-License-Identifier: MIT */
#include "runs/safetensors.h"

#include <string.h>

#include "base/text.h"

enum { LENGTH_BYTES = 8 };

static void add_tensor(Text *t, int layer, const Tensor *tensor, size_t *at)
{
    const size_t end = *at + tensor->n * sizeof(float);

    text_add(t, "%s\"%d.%s\":{\"dtype\":\"F32\",\"shape\":[", *at ? "," : "",
             layer, tensor->name);
    for (int i = 0; i < MAX_DIMENSIONS && tensor->shape[i]; i++)
        text_add(t, "%s%d", i ? "," : "", tensor->shape[i]);
    text_add(t, "],\"data_offsets\":[%zu,%zu]}", *at, end);
    *at = end;
}

/* The learned tensors of all layers, or those that are only kept. */
static void add_tensors(Text *t, const Model *m, bool state, size_t *at)
{
    for (int i = 0; i < m->depth; i++)
        for (int k = 0; k < m->layers[i].tensors; k++)
            if (m->layers[i].tensor[k].state == state)
                add_tensor(t, i, &m->layers[i].tensor[k], at);
}

/* Length and header of the file for this model; it is padded with spaces so
 * that the numbers start at a multiple of eight. */
static Text header_of(const Model *m)
{
    Text t = { 0 };
    size_t at = 0;

    text_add_bytes(&t, "\0\0\0\0\0\0\0\0{", LENGTH_BYTES + 1);
    add_tensors(&t, m, false, &at);
    add_tensors(&t, m, true, &at);
    text_add(&t, "}");
    while (t.length % 8)
        text_add_char(&t, ' ');
    for (int i = 0; i < LENGTH_BYTES; i++)
        t.s[i] = (char)((t.length - LENGTH_BYTES) >> (8 * i) & 255);
    return t;
}

Error safetensors_write(const Model *m, const char *path)
{
    Text t = header_of(m);

    text_add_bytes(&t, (const char *)m->parameters, (m->n + m->states) * sizeof(float));
    const Error error = text_write(&t, path);
    text_free(&t);
    return error;
}

Error safetensors_read(Model *m, const char *path)
{
    Text expected = header_of(m), found = { 0 };
    const size_t bytes = (m->n + m->states) * sizeof(float);
    Error error = text_read(&found, path);

    if (!error && found.length != expected.length + bytes)
        error = error_text("%s: %zu bytes found, %zu expected: these are not "
                           "the weights of this network", path, found.length,
                           expected.length + bytes);
    if (!error && memcmp(found.s, expected.s, expected.length) != 0)
        error = error_text("%s: the header names other tensors than this "
                           "network has",
                           path);
    if (!error)
        memcpy(m->parameters, found.s + expected.length, bytes);
    text_free(&expected);
    text_free(&found);
    return error;
}
