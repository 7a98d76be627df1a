/* SPDX-License-Identifier: MIT
 *
 * The command line of a chapter: one of its experiments, changed and run, and
 * compared with the book's. No page is made.
 *
 *     build/chapters/04-relu --set optimiser.learning_rate=0.3 --seeds 5
 */
#ifndef CHAPTER_COMMAND_H
#define CHAPTER_COMMAND_H

#include "chapter/contents.h"

/* Returns the exit status. */
int command(int argc, char **argv, const Contents *contents,
            LabOptions *options);

#endif
