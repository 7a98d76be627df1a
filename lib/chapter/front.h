/* SPDX-License-Identifier: MIT
 *
 * The front page, chapters/index.md, with what only the whole book knows. On a
 * line of its own:
 *
 *   @ladder name name ...    accuracy against training time, all these
 *                            experiments in one figure
 *   @chapters                the chapters, with links and headline results
 *   @edition                 how this edition was made
 *   @part 4 Learning faster  a part of that title begins with chapter 4: for
 *                            the contents beside the text, not for this page
 *
 * and {{name.accuracy}} as in the chapters.
 */
#ifndef CHAPTER_FRONT_H
#define CHAPTER_FRONT_H

#include "base/check.h"
#include "data/source.h"
#include "runs/pages.h"

/* Writes book/index.md from chapters/index.md and what the chapters left in
 * their folders (results.tsv, runs.tsv, claims.tsv). `complete`: all chapters
 * have run; otherwise a value may be missing, and the page says so. The pages
 * learn what parts begin with them; release the titles with free(). */
Error front_page(const char *book, Page *pages, int n, bool complete,
                 const Digits *digits);

#endif
