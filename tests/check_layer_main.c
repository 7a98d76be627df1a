/* SPDX-License-Identifier: MIT
 *
 * build/bin/check_layer tanh: whether this kind of layer is right, a line per
 * check, and at the end what is wrong. Exit status 1: something is. */
#include <stdio.h>

#include "check_layer.h"

static int list_kinds(const char *name)
{
    if (name)
        printf("%s: no kind of layer. Known are:", name);
    else
        printf("make check-layer LAYER=kind, where the kind is one of:");
    for (int k = NO_LAYER + 1; k < LAYER_KINDS; k++)
        printf(" %s", layer_types[k]->name);
    printf("\nA new one is a row in lib/nn/kinds.h and a file lib/nn/<kind>.c.\n");
    return 1;
}

int main(int argc, char **argv)
{
    const LayerKind kind = argc == 2 ? layer_kind(argv[1]) : NO_LAYER;

    if (kind == NO_LAYER)
        return list_kinds(argc == 2 ? argv[1] : NULL);
    const char *fault = check_layer(stdout, kind, NULL, 0);
    printf("%s: %s\n", argv[1], fault ? fault : "all right");
    return fault != NULL;
}
