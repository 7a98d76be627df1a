/* SPDX-License-Identifier: MIT
 *
 * The fields of an experiment, by name. One table serves the canonical text,
 * which is part of a run's key, the printout on the page, the difference
 * between two experiments, and settings such as "train.batch=64".
 *
 *     Experiment e = relu;
 *     must(experiment_set(&e, "optimiser.learning_rate=0.3"));
 *     experiment_print(&text, &e);
 */
#ifndef RUNS_FIELDS_H
#define RUNS_FIELDS_H

#include <stdbool.h>

#include "base/text.h"
#include "nn/experiment.h"

enum { MAX_VALUE = 2048 };

typedef struct Field Field;

/* The fields in their order: i = 0, 1, ...; NULL after the last. */
const Field *experiment_field(int i);
const char *field_name(const Field *f);

/* Whether this experiment uses the field: SGD, for one, has no momentum. */
bool field_used(const Field *f, const Experiment *e);

/* What it takes: "whole number, 1 to 128". */
void field_range(char range[MAX_VALUE], const Field *f);

/* The value as a text that experiment_set takes back to the same bits. */
void field_value(char value[MAX_VALUE], const Field *f, const Experiment *e);

/* The fields in which two experiments differ, one after the other:
 *     for (Change c = { 0 }; next_change(&c, a, b);) ...
 * A value is "" where the experiment does not use the field. */
typedef struct Change {
    int next;                      /* the field to look at */
    const char *field;
    char before[MAX_VALUE], after[MAX_VALUE];
} Change;

bool next_change(Change *c, const Experiment *a, const Experiment *b);

/* Whether all fields agree, those left out (0) counting as their defaults. */
bool experiment_same(const Experiment *a, const Experiment *b);

/* Replaces what was left out (0) by the usual values: of the optimiser, and
 * strides. */
Experiment experiment_complete(const Experiment *e);

/* One line `field<TAB>value` per field used; the name and the number of seeds
 * are not among them: they change no run. */
void experiment_print(Text *t, const Experiment *e);

/* The inverse; what the text does not mention stays as it is in e. */
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
