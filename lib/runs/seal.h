/* SPDX-License-Identifier: MIT
 *
 * The seal of a run: file, bytes and SHA-256 of all that is in its folder, and
 * last of the lines before. It shows what was damaged, or changed by hand. */
#ifndef RUNS_SEAL_H
#define RUNS_SEAL_H

#include "base/error.h"

/* What a run is named by: the SHA-256 of this file. */
extern const char identity_file[];

/* Seals whatever is in the folder. */
Error seal_write(const char *folder);

/* NULL when everything is as it was sealed, and the folder's name is the digest
 * of its experiment.tsv. No such folder is the error "". */
Error seal_check(const char *folder);

/* How many seals this process has checked: for tests of those who need not
 * check them twice. */
int seals_checked(void);

#endif
