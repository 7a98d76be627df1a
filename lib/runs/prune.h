/* SPDX-License-Identifier: MIT */
#ifndef RUNS_PRUNE_H
#define RUNS_PRUNE_H

#include "runs/catalogue.h"

/* Lists what no chapter uses, and with YES=1 removes it: runs, damaged runs, and
 * what killed builds have left. What is the reader's own stays unless OWN=1.
 * Returns how many could not be removed. */
int prune(const Catalogue *c, const char *store);

#endif
