/* SPDX-License-Identifier: MIT
 *
 * What this process may use of the machine. A container, a batch system or
 * `taskset` may allow it less than the machine has.
 *
 *     Machine m = machine_here();
 *     printf("%d cores, %.0f MB\n", m.cores, m.memory / 1e6);
 */
#ifndef BASE_MACHINE_H
#define BASE_MACHINE_H

#include <stddef.h>

typedef struct Machine {
    int cores;                 /* at least 1 */
    double memory;             /* bytes that are free for it; HUGE_VAL where
                                  nobody says */
} Machine;

/* As it is now. The environment variable MEMORY, in MB, replaces what the
 * machine says of its memory. */
Machine machine_here(void);

/* The same from the files of another root than "/": for tests. `cores` are those
 * that the system counts. */
Machine machine_at(const char *root, int cores);

#endif
