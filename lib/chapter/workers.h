/* SPDX-License-Identifier: MIT
 *
 * The programs that a build starts, each in a process of its own. */
#ifndef CHAPTER_WORKERS_H
#define CHAPTER_WORKERS_H

#include "chapter/builder.h"

/* Runs chapter i, says what came of it, and notes whether it failed: its page
 * then says so; else it has this key. A chapter that says nothing and uses no
 * processor for CHAPTER_TIMEOUT seconds (300; 0: for ever) is stopped. */
void run_chapter(Build *b, int i, const char key[65]);

/* Runs the press, which is beside the program `self`. It makes all pages that
 * it can; false: some say what is wrong with them. Quiet: it does not say so on
 * the terminal, too. */
bool press_book(const Build *b, const char *self, bool quiet);

#endif
