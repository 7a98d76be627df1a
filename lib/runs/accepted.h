/* SPDX-License-Identifier: MIT
 *
 * The book's own edition: the experiments and results of the last full build
 * that was accepted (`make accept-results`). They are what a reader's own
 * experiment is compared with, even where the store has no such runs.
 *
 *     tests/expected/experiments/relu.tsv     what the experiment is
 *     tests/expected/04-relu.tsv              what came out: mean, sd, n
 */
#ifndef RUNS_ACCEPTED_H
#define RUNS_ACCEPTED_H

#include "runs/result.h"

/* The accepted experiment of that name, and its accuracy, loss and number of
 * parameters; it has no runs. NULL when there is none. */
const Result *accepted_find(const char *name);

/* An experiment as the accepted edition has it; as it is, if it is new. */
Experiment accepted_version(const Experiment *own);

/* The digest of the data that an accepted result was made on. */
const char *accepted_data(const Result *accepted);

/* Whether an experiment is one of the edition, whatever its name: one that it
 * publishes, or a variation in its exercises and sweeps. */
bool accepted_has(const Experiment *e);

/* Whether it is the reader's own: there is an edition, and it does not have
 * this. */
bool accepted_lacks(const Experiment *e);

/* Where the edition is: tests/expected, or what EXPECTED says. */
const char *accepted_folder(void);

#endif
