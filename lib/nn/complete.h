/* SPDX-License-Identifier: MIT
 *
 * An experiment in full: what it leaves out, and what it must not say. */
#ifndef NN_COMPLETE_H
#define NN_COMPLETE_H

#include "base/error.h"
#include "nn/experiment.h"

/* Replaces what was left out by the usual values. */
Experiment experiment_complete(const Experiment *e);

/* Says which number of a complete experiment is out of its range. */
Error experiment_check(const Experiment *e);

#endif
