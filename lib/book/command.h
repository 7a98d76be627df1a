/* SPDX-License-Identifier: MIT
 *
 * The command line of a chapter: one of its experiments, changed and run, and
 * compared with the book's. No page is made.
 *
 *     build/chapters/04-relu --set optimiser.learning_rate=0.3 --seeds 5
 */
#ifndef BOOK_COMMAND_H
#define BOOK_COMMAND_H

#include "book/chapter.h"

/* Returns the exit status. */
int command(int argc, char **argv, const Contents *contents,
            LabOptions *options);

#endif
