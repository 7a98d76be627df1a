/* SPDX-License-Identifier: MIT
 *
 * The object code that decides a result, as SHA-256: comments and prose do not
 * count, a changed formula does, and so does a new member of a struct that the
 * code knows. A run is recalled only if the code that it was made with has not
 * changed; that of a layer, an optimiser, a method that it does not use is no
 * part of it.
 */
#ifndef RUNS_CODE_H
#define RUNS_CODE_H

#include <stddef.h>

#include "nn/experiment.h"

/* Made by the Makefile, one for each object file of base, data, nn and runs,
 * but for the tables of the kinds; the last has no name. */
typedef struct CodeFile {
    const char *name;              /* "nn/dense" */
    const char *digest;            /* 64 hexadecimal digits */
} CodeFile;

extern const CodeFile code_files[];

/* Whether the object file decides a result of this experiment; NULL: of any. */
bool code_used(const CodeFile *f, const Experiment *e);

/* The digest of all that is used by an experiment; NULL: by any. */
void code_digest(char hex[65], const Experiment *e);

#endif
