/* SPDX-License-Identifier: MIT
 *
 * A table in Markdown whose columns stand in line, so that it reads as well in
 * a terminal.
 *
 *     Grid g = { 0 };
 *     grid_add(&g, "experiment | accuracy");            the first row: the head
 *     grid_add(&g, "%s | %.1f %%", name, percent);
 *     grid_write(&text, &g);                             and frees it
 */
#ifndef RUNS_GRID_H
#define RUNS_GRID_H

#include "base/text.h"

typedef struct Grid {
    Text rows;                     /* one a line, cells with " | " between */
} Grid;

void grid_add(Grid *g, const char *format, ...) PRINTF(2, 3);
void grid_write(Text *t, Grid *g);

#endif
