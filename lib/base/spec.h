/* SPDX-License-Identifier: MIT
 *
 * The numbers of a struct, by name: those that a kind of layer, an optimiser or
 * a method uses of it. Printing and reading them, their ranges and usual values
 * follow from the list.
 *
 *     static const SpecField fields[] = {
 *         { "units", offsetof(LayerSpec, units), .low = 1, .high = 100000 },
 *         { NULL },
 *     };
 */
#ifndef BASE_SPEC_H
#define BASE_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct SpecField {
    const char *name;      /* NULL ends a list */
    size_t offset;         /* in the spec: of an int, or of a float, */
    bool real;             /* if this is true */
    double low, high;      /* both ends included */
    double usual;          /* what 0 stands for; 0: nothing but itself */
    size_t usual_as;       /* or the offset of a number that it is equal to */
    bool given;            /* who leaves it out makes a mistake: in C it cannot
                              be told from 0. `usual` is what a setting of the
                              kind alone brings */
} SpecField;

/* Of what has no numbers. */
extern const SpecField no_fields[];

double spec_get(const void *spec, const SpecField *f);
void spec_set(void *spec, const SpecField *f, double x);

/* Replaces what was left out by the usual values. */
void spec_complete(void *spec, const SpecField *fields);

/* All numbers become the usual ones. */
void spec_usual(void *spec, const SpecField *fields);

/* Whether a number lies in a range, both ends included. As floats, an end and
 * what was set to it are the same number. */
bool spec_inside(double x, double low, double high, bool real);

/* Says which number is out of its range. */
Error spec_check(const void *spec, const SpecField *fields, const char *kind);

#endif
