/* SPDX-License-Identifier: MIT */
#include "runs/confusion.h"

#include <string.h>

/* count[t][s]: how many images of the digit t were called s. */
void confusion_matrix(int count[CLASSES][CLASSES], const Predictions *p)
{
    memset(count, 0, CLASSES * sizeof count[0]);
    for (int i = 0; i < p->n; i++)
        count[p->label[i]][p->predicted[i]]++;
}

/* With nothing called so, precision counts as 0, as in scikit-learn. */
ClassScore class_score(int count[CLASSES][CLASSES], int digit)
{
    const double right = count[digit][digit];
    ClassScore score = { 0 };
    int called = 0;

    for (int j = 0; j < CLASSES; j++) {
        score.support += count[digit][j];
        called += count[j][digit];
    }
    score.precision = called ? right / called : 0;
    score.recall = score.support ? right / score.support : 0;
    if (right > 0)
        score.f1 = 2 * score.precision * score.recall
                 / (score.precision + score.recall);
    return score;
}
