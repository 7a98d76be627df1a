/* SPDX-License-Identifier: MIT */
#include "nn/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "data/gather.h"

/* The place of the largest of ten outputs; of equals, the first. */
int largest_of(const float *y)
{
    int best = 0;

    for (int j = 1; j < CLASSES; j++)
        if (y[j] > y[best])
            best = j;
    return best;
}

/* How many of B rows of outputs have their largest number at the label. */
int count_correct(const float *y, const uint8_t *labels, int B)
{
    int correct = 0;

    for (int i = 0; i < B; i++)
        correct += largest_of(y + (size_t)i * CLASSES) == labels[i];
    return correct;
}

Predictions predictions_create(int n)
{
    return (Predictions){ .n = n, .label = allocate(n, 1),
                          .predicted = allocate(n, 1),
                          .output = allocate((size_t)n * CLASSES,
                                             sizeof(float)) };
}

void predictions_free(Predictions *p)
{
    free(p->label);
    free(p->predicted);
    free(p->output);
    *p = (Predictions){ 0 };
}

/* Runs the model over all images, not training: nothing is dropped out, no
 * weight changes. */
Predictions evaluate(Model *m, const Dataset *d)
{
    Predictions p = predictions_create(d->n);
    double loss = 0;
    int correct = 0;

    memcpy(p.label, d->labels, d->n);
    for (int first = 0; first < d->n; first += m->batch) {
        const int B = d->n - first < m->batch ? d->n - first : m->batch;
        gather(m->x[0], d, NULL, first, B);
        const float *y = model_forward(m, B, &predicting);
        loss += model_loss(m, d->labels + first, B, 0);
        memcpy(p.output + (size_t)first * CLASSES, y, B * CLASSES * sizeof *y);
        for (int i = 0; i < B; i++)
            p.predicted[first + i] = (uint8_t)largest_of(y + i * CLASSES);
        correct += count_correct(y, d->labels + first, B);
    }
    p.loss = loss / d->n;
    p.accuracy = (double)correct / d->n;
    return p;
}
