/* SPDX-License-Identifier: MIT
 *
 * A command of the shell: how long it takes, and how much memory all of its
 * processes need together.
 *
 *     Command c;
 *     command_run(&c, "make book");
 *     printf("%.1f s, %.0f MiB\n", c.seconds, c.peak_mib);
 *     text_free(&c.said);
 */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#include "base/text.h"

typedef struct Command {
    double seconds;        /* of real time */
    double peak_mib;       /* the most at once, looked at every 0.2 s; what
                              processes share counts once (PSS). 0: no /proc */
    Text said;             /* all that it wrote */
} Command;

/* Stops the program when the command fails. */
void command_run(Command *c, const char *line);

#endif
