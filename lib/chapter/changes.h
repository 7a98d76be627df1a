/* SPDX-License-Identifier: MIT
 *
 * What changed since the chapter that this one builds on: the fields in which
 * their experiments differ, and the lines in which these stand.
 *
 *     changes_add_fields(&text, &softmax, "chapter 3", &relu);
 *     changes_add_lines(&text, source_of_chapter_3, "softmax",
 *                       source_of_this_chapter, "relu");
 */
#ifndef CHAPTER_CHANGES_H
#define CHAPTER_CHANGES_H

#include "base/text.h"
#include "nn/experiment.h"

/* A table; of the layers only those that differ are in bold. */
void changes_add_fields(Text *t, const Experiment *before, const char *where,
                        const Experiment *now);

/* The lines in which the experiments of these names differ, in the sources of
 * two chapters; comments do not count. */
void changes_add_lines(Text *t, const char *before, const char *name_before,
                       const char *now, const char *name_now);

#endif
