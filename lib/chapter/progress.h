/* SPDX-License-Identifier: MIT
 *
 * One live line per experiment on a terminal, plain lines elsewhere. */
#ifndef CHAPTER_PROGRESS_H
#define CHAPTER_PROGRESS_H

#include "runs/lab.h"

/* Fits LabOptions.progress; the context is the chapter's name. */
void progress_show(void *context, const Progress *p);

/* Takes the live line away. */
void progress_end(void);

/* One line when an experiment is complete. */
void progress_result(const char *chapter, const Result *r);

#endif
