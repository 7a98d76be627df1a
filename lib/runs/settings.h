/* SPDX-License-Identifier: MIT
 *
 * From text to an experiment: settings, and experiments in files.
 *
 *     Experiment e = relu;
 *     must(experiment_set(&e, "optimiser.learning_rate=0.3"));
 */
#ifndef RUNS_SETTINGS_H
#define RUNS_SETTINGS_H

#include "runs/fields.h"

/* What experiment_print has printed; what the text does not mention stays as it
 * is in e. */
Error experiment_parse(Experiment *e, const char *text);

/* "field=value", or several with "; " between. The error names the nearest
 * field, or the range. */
Error experiment_set(Experiment *e, const char *settings);

/* An experiment in a file: how many seeds it has, the digest of the data it was
 * run on, and its fields. Reading leaves the name alone. */
Error experiment_write(const Experiment *e, const char *data_digest,
                       const char *path);
Error experiment_read(Experiment *e, char data_digest[65], const char *path);

#endif
