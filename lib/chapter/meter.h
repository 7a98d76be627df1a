/* SPDX-License-Identifier: MIT
 *
 * How far a build is: what it has still to train, by the accepted edition and
 * what the store has of it, and how long that takes, by the last times.
 *
 *     meter_plan(&build, last);
 *     meter_begin(i);                    chapter i runs
 *     meter_news("run\trelu");           what it tells (chapter/progress.h)
 */
#ifndef CHAPTER_METER_H
#define CHAPTER_METER_H

#include "chapter/builder.h"

/* Before the first chapter; those from 0 to `last` may have to run. */
void meter_plan(const Build *b, int last);

void meter_begin(int chapter);

/* Takes a line of news into account and draws the live line. */
void meter_news(const char *line);

/* "4 of 212 runs, 3 min left", or less where less is known; for the line. */
void meter_words(char words[200]);

#endif
