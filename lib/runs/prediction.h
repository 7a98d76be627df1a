/* SPDX-License-Identifier: MIT
 *
 * One image in a run's predictions.tsv. */
#ifndef RUNS_PREDICTION_H
#define RUNS_PREDICTION_H

#include <stdbool.h>

#include "nn/metrics.h"

/* Label, prediction and outputs of image i, to the end of its line; false if
 * they are not there, or are no digits and numbers. */
bool prediction_parse(Predictions *p, int i, const char *line);

#endif
