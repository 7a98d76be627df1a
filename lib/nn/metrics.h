/* SPDX-License-Identifier: MIT
 *
 * How good is it? What a model says of images with known labels.
 *
 *     Predictions p = evaluate(m, &digits.test);
 *     printf("%.2f %%\n", 100 * p.accuracy);
 *     predictions_free(&p);
 */
#ifndef NN_METRICS_H
#define NN_METRICS_H

#include "nn/learning.h"

typedef struct Predictions {
    int n;
    uint8_t *label;        /* (n) what it is */
    uint8_t *predicted;    /* (n) what the model says: its largest output */
    float *output;         /* (n, CLASSES): probabilities after a softmax */
    double accuracy;       /* share of right answers */
    double loss;           /* mean over the images */
} Predictions;

int largest_of(const float *y);
int count_correct(const float *y, const uint8_t *labels, int B);
Predictions predictions_create(int n);
void predictions_free(Predictions *p);
Predictions evaluate(Model *m, const Dataset *d);

#endif
