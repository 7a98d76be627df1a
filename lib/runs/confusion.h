/* SPDX-License-Identifier: MIT
 *
 * Which digits are taken for which, and how well each is recognised.
 *
 *     int count[CLASSES][CLASSES];
 *     confusion_matrix(count, &predictions);
 *     double recall = class_score(count, 7).recall;
 */
#ifndef RUNS_CONFUSION_H
#define RUNS_CONFUSION_H

#include "nn/metrics.h"

/* How well one digit is recognised. */
typedef struct ClassScore {
    double precision;      /* of those called so, how many are */
    double recall;         /* of those that are, how many are called so */
    double f1;             /* their harmonic mean */
    int support;           /* how many there are */
} ClassScore;

void confusion_matrix(int count[CLASSES][CLASSES], const Predictions *p);
ClassScore class_score(int count[CLASSES][CLASSES], int digit);

#endif
