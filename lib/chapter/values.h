/* SPDX-License-Identifier: MIT
 *
 * What a chapter has reported, and what the names in its prose stand for: the
 * rules are those of chapter/weave.h. */
#ifndef CHAPTER_VALUES_H
#define CHAPTER_VALUES_H

#include <stdbool.h>

#include "base/text.h"
#include "nn/experiment.h"

/* Something that was reported at a line of the source. */
typedef struct Artefact {
    int line;
    Text markdown;
    bool output;           /* no Markdown, but what the program printed */
    bool unasked;          /* not by a step: a comparison with the book */
} Artefact;

/* A value by name. */
typedef struct Value {
    char name[64];
    char *text;            /* plain: nothing in it is markup */
    int line;              /* where it was reported; 0 for those that come with
                              a result */
    bool used;
} Value;

typedef struct Report {
    Artefact *artefacts;
    int artefact_count;
    Value *values;
    int value_count;
    char (*figures)[64];   /* names, in the order in which they appear */
    int figure_count;
    Experiment *experiments;       /* complete: whose numbers have names */
    int experiment_count;
    Text changes;          /* for @changes; empty: the chapter has none */
    const char *unknown;   /* stands in for a value that nobody reported; NULL:
                              that is an error */
} Report;

/* Replaces {{values}} and figure references in one text. */
Error weave_values(Text *out, const char *path, int line, const char *text,
                   size_t length, const Report *report);

/* Whether a value of that name was reported, or is one of an experiment, and is
 * not 0, no or unused. The value then counts as used. */
bool value_holds(const Report *r, const char *name);

#endif
