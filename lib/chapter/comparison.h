/* SPDX-License-Identifier: MIT
 *
 * Yours against the book's, on the page of a chapter that was edited. */
#ifndef CHAPTER_COMPARISON_H
#define CHAPTER_COMPARISON_H

#include "runs/lab.h"

/* For a call at that line; both sides judged on the same images. */
void report_comparison(int line, const char *name, const Result *book,
                       const Result *yours);

#endif
