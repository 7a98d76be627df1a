/* SPDX-License-Identifier: MIT
 *
 * A chapter: one plain C program that is its own text.
 *
 *     static void train_it(void) { ... }
 *
 *     int main(int argc, char **argv)
 *     {
 *         chapter_open(argc, argv, __FILE__);
 *         RUN(train_it);
 *         return chapter_close();
 *     }
 *
 * The steps run in the order of the text; what they report (book/report.h) is
 * placed behind the code that reported it; chapter_close weaves the page.
 *
 * Environment: BOOK, the folder of the pages (build/book); RUNS, the run store
 * (build/runs); THREADS; QUICK=1, one seed and few images; FORCE=1, nothing is
 * recalled; and where the digits come from, see data/source.h.
 */
#ifndef BOOK_CHAPTER_H
#define BOOK_CHAPTER_H

#include "runs/lab.h"

/* Opens the data and the run store. `source` is the chapter's own file. Stops
 * with one line when anything is missing. */
void chapter_open(int argc, char **argv, const char *source);

/* Writes the page, its figures and its results. Returns the exit status. */
int chapter_close(void);

#define RUN(step) chapter_run(#step, step)
void chapter_run(const char *name, void (*step)(void));

/* The digits that this edition is built on. */
const Digits *digits(void);

/* The folder of the pages; this chapter's own is <folder>/<NN-name>. */
const char *book_folder(void);

/* All seeds of an experiment, trained where the store does not have them; it
 * is published under its name for later chapters. The values <name>.accuracy,
 * .percent, .loss, .seconds, .parameters and .seeds come with it. */
const Result *train_or_recall(const Experiment *e);

/* The experiment that an earlier chapter has published under this name. */
const Result *recall(const char *name);

/* Like train_or_recall, for an experiment that may fail (a learning rate too
 * large): NULL when it did. */
const Result *try_out(const Experiment *e);

/* n numbers that are measured once on this machine and then kept with the
 * runs: times change from build to build, and a page must not. Measured anew
 * when the code that trains has changed, or with FORCE=1. */
void measure_or_recall(const char *name, double *x, int n,
                       void (*measure)(double *x));

#endif
