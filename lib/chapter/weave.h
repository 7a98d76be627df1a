/* SPDX-License-Identifier: MIT
 *
 * Weaving: from the source of a chapter and what it reported to its page in
 * Markdown. The rules, in full:
 *
 *   - A comment that opens with / *% (without the space) is prose. All else is
 *     code and is shown, with its true line numbers.
 *   - The page shows the steps (functions that main RUNs) without their first
 *     and last lines and without indentation; prose may stand inside them.
 *   - What a step reports is placed behind the piece of code that reported it.
 *   - `// fold: title` to `// end fold` folds lines away, whole steps too.
 *   - {{name}} in prose becomes the value reported under that name;
 *     {{fig:name}} becomes a link to the figure of that name, {{eq:name}} to
 *     the formula ```math name=....
 *   - `@changes` on a line of prose becomes what changed since the chapter that
 *     this one builds on.
 *   - `@show file name name ...` on a line of prose prints these functions or
 *     declarations as they stand in that file.
 *
 * Whatever cannot be resolved is an error with file:line.
 */
#ifndef CHAPTER_WEAVE_H
#define CHAPTER_WEAVE_H

#include <stdbool.h>

#include "base/text.h"

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
    Text changes;          /* for @changes; empty: the chapter has none */
    const char *unknown;   /* stands in for a value that nobody reported; NULL:
                              that is an error */
} Report;

/* Appends the page. `path` is the file the source was read from; `steps` are
 * the names of the functions that main ran, in order. */
Error weave(Text *page, const char *path, const char *source,
            const char *const *steps, int step_count, const Report *report);

/* Replaces {{values}} and figure references in one text. */
Error weave_values(Text *out, const char *path, int line, const char *text,
                   size_t length, const Report *report);

#endif
