/* SPDX-License-Identifier: MIT */
#include "data/gather.h"

void first_order(int *order, const Dataset *d, bool sorted)
{
    int n = 0;

    for (int i = 0; i < d->n && !sorted; i++)
        order[n++] = i;
    for (int digit = 0; digit < CLASSES && sorted; digit++)
        for (int i = 0; i < d->n; i++)
            if (d->labels[i] == digit)
                order[n++] = i;
}

/* x (B, PIXELS) are the bytes of B images, divided by 255. The images are
 * order[first], order[first + 1], ... of an order of all images, or just first,
 * first + 1, ... without one. In an order they lie anywhere in some 47 MB: the
 * next is asked for beforehand. */
void gather(float *x, const Dataset *d, const int *order, int first, int B)
{
    enum { CACHE_LINE = 64 };

    for (int i = first; i < first + B; i++) {
        const uint8_t *pixel = d->pixels
                             + (size_t)(order ? order[i] : i) * PIXELS;
        if (order && i + 1 < d->n)
            for (int j = 0; j < PIXELS; j += CACHE_LINE)
                __builtin_prefetch(d->pixels + (size_t)order[i + 1] * PIXELS
                                   + j);
        for (int j = 0; j < PIXELS; j++)
            *x++ = (float)pixel[j] / 255;
    }
}
