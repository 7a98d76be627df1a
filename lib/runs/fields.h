/* SPDX-License-Identifier: MIT
 *
 * The fields of an experiment, by name. One table serves the canonical text,
 * which is part of a run's key, the printout on the page, the difference
 * between two experiments, and settings (runs/settings.h).
 *
 *     experiment_print(&text, &relu);
 */
#ifndef RUNS_FIELDS_H
#define RUNS_FIELDS_H

#include <stdbool.h>

#include "base/text.h"
#include "nn/experiment.h"

enum { MAX_VALUE = 2048 };

typedef enum FieldType { INTEGER, REAL, YES_NO, METHOD, LAYERS, SHAPE, LOSS,
                         OPTIMISER } FieldType;

typedef struct Field {
    const char *name;
    FieldType type;
    size_t offset;         /* in Experiment */
    bool layered;          /* only methods with layers have it */
    bool own;              /* only the optimisers and methods that list it */
    double low, high;      /* INTEGER and REAL: the range, both ends included */
} Field;

/* The fields in their order: i = 0, 1, ...; NULL after the last. */
const Field *experiment_field(int i);

/* Whether a kind of layer has a single number, which goes without its name. */
bool layer_has_one_number(LayerKind kind);

/* Whether this experiment uses the field: SGD, for one, has no momentum. That it
 * is a network goes without saying. */
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

/* One line `field<TAB>value` per field used; the name and the number of seeds
 * are not among them: they change no run. */
void experiment_print(Text *t, const Experiment *e);

#endif
