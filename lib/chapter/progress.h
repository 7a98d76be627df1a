/* SPDX-License-Identifier: MIT
 *
 * What a chapter says while it runs. Alone, on its terminal: one live line, and
 * one for each experiment that was trained. In a build it tells the build,
 * which draws the line for all chapters: BOOK_NEWS is the number of an open
 * file that takes lines, their words parted by tabs:
 *
 *     step   <name>                              a step begins
 *     at     <experiment> <done> <runs> <words>  how far a training is; `runs`
 *                                                are trained together
 *     run    <experiment>                        one run is finished
 *     result <trained> <runs> <words>            an experiment is complete
 *     end                                        the page is written
 */
#ifndef CHAPTER_PROGRESS_H
#define CHAPTER_PROGRESS_H

#include "runs/lab.h"

/* Fits LabOptions.progress; the context is the chapter's name. */
void progress_show(void *context, const Progress *p);

void progress_step(const char *name);

/* Takes the live line away. */
void progress_end(void);

/* When an experiment is complete. */
void progress_result(const char *chapter, const Result *r);

/* The chapter is at its end: a build believes no other end. */
void progress_sign_off(const char *chapter);

#endif
