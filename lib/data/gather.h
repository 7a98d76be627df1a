/* SPDX-License-Identifier: MIT
 *
 * The one way from pixels to the inputs of a network: in training, in testing
 * and wherever a network is used.
 *
 *     gather(x, &digits.test, NULL, 0, 100);
 */
#ifndef DATA_GATHER_H
#define DATA_GATHER_H

#include "data/dataset.h"

/* The order of the images to begin with: that of the file, or digit by digit. */
void first_order(int *order, const Dataset *d, bool sorted);

void gather(float *x, const Dataset *d, const int *order, int first, int B);

#endif
