/* SPDX-License-Identifier: MIT
 *
 * Whether an experiment that stands in a program is one that `--set` could have
 * made: the same table of fields, the same ranges.
 *
 *     must(experiment_valid(&relu));
 */
#ifndef RUNS_VALID_H
#define RUNS_VALID_H

#include "runs/fields.h"

/* Says which field is out of its range, which layer has a wrong number, or which
 * number would be ignored. What may be left out may be missing. */
Error experiment_valid(const Experiment *e);

#endif
