/* SPDX-License-Identifier: MIT */
#include "runs/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A digit, or -1. */
static int read_digit(char **at)
{
    char *end;
    const long digit = strtol(*at, &end, 10);

    if (end == *at || digit < 0 || digit >= CLASSES)
        return -1;
    *at = end;
    return (int)digit;
}

bool prediction_parse(Predictions *p, int i, const char *line)
{
    const char *end = line + strcspn(line, "\n");
    char *at = (char *)line, *next;
    const int label = read_digit(&at), predicted = read_digit(&at);

    if (label < 0 || predicted < 0 || *end != '\n')
        return false;
    p->label[i] = (uint8_t)label;
    p->predicted[i] = (uint8_t)predicted;
    for (int j = 0; j < CLASSES; j++, at = next) {
        const float y = strtof(at, &next);
        if (next == at || next > end || !isfinite(y))
            return false;
        p->output[i * CLASSES + j] = y;
    }
    return at == end;
}
