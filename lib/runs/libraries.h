/* SPDX-License-Identifier: MIT
 *
 * What computes a run besides the code that its key names: with other libraries
 * the same run may have other bits, and a wrong library other results. */
#ifndef RUNS_LIBRARIES_H
#define RUNS_LIBRARIES_H

/* "sanitizer", "thread sanitizer", or "". */
const char *built_how(void);

/* OpenBLAS and its kernels, the C library, and a digest of what that makes of
 * exp and log; ask first from one thread. */
const char *libraries_name(void);

#endif
