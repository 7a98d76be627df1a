/* SPDX-License-Identifier: MIT
 *
 * Choices are judged on images that are held out, never on the test set: a test
 * set that has helped to choose says too much good of what was chosen. The twin
 * of an experiment is the same, but trains on all images but the last 5,000 and
 * is judged on those.
 *
 *     const Experiment twin = twin_of(&relu);
 *     const Result *r = lab_run(lab, &twin);      "relu, train.validation=5000"
 *     free((char *)twin.name);
 */
#ifndef RUNS_TWIN_H
#define RUNS_TWIN_H

#include "runs/fields.h"

enum { HELD_OUT = 5000 };

/* Its name is new, to be freed. An experiment that holds images out by itself is
 * its own twin. */
Experiment twin_of(const Experiment *e);

/* The same experiment, judged on as many images as another. */
Experiment twin_like(const Experiment *e, const Experiment *other);

/* Whether the reader has asked to be judged on the test set: TEST=1. */
bool judged_on_test(void);

/* What a table calls the images that an experiment was judged on: "Test" or
 * "Held-out". */
const char *judged_on(const Experiment *e);

#endif
