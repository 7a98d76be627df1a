/* SPDX-License-Identifier: MIT
 *
 * The programs that a build starts, each in a process of its own. */
#ifndef CHAPTER_WORKERS_H
#define CHAPTER_WORKERS_H

#include "chapter/builder.h"

/* Runs a chapter; notes whether it failed, and then makes a page that says so;
 * else its page has this key. */
void run_chapter(const Build *b, Chapter *c, const char key[65]);

/* Runs the press, which is beside the program `self`; it tells what is wrong
 * with a page by itself, and then this process stops. */
void press_book(const Build *b, const char *self);

#endif
