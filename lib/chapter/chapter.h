/* SPDX-License-Identifier: MIT
 *
 * A chapter: one plain C program that is its own text.
 *
 *     static void train_it(void) { ... }
 *
 *     int main(int argc, char **argv)
 *     {
 *         chapter_open(argc, argv, .experiments = { &relu });
 *         RUN(train_it);
 *         return chapter_close();
 *     }
 *
 * The steps run in the order of the text; what they report (chapter/report.h) is
 * placed behind the code that reported it; chapter_close weaves the page. With
 * arguments the program runs one experiment and makes no page: see --help.
 *
 * Environment: BOOK, the folder of the pages (build/book); RUNS, the run store
 * (build/runs); THREADS; QUICK=1, one seed and few images; FORCE=1, nothing is
 * recalled; and where the digits come from, see data/source.h.
 */
#ifndef CHAPTER_CHAPTER_H
#define CHAPTER_CHAPTER_H

#include "chapter/contents.h"
#include "runs/lab.h"

/* Opens the data and the run store. Stops with one line when anything is
 * missing. */
#define chapter_open(argc, argv, ...)                                          \
    chapter_open_with(argc, argv,                                              \
                      &(Contents){ .source = __FILE__, __VA_ARGS__ })
void chapter_open_with(int argc, char **argv, const Contents *contents);

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
 * .percent, .loss, .seconds (of cores), .parameters and .seeds come with it.
 * When it is not what it was in the accepted edition, the page compares the
 * two. */
#define train_or_recall(e) train_or_recall_at(__LINE__, e)
const Result *train_or_recall_at(int line, const Experiment *e);

/* All points of a sweep, each of which may have failed: see its error. */
const SweepPoints *sweep_or_recall(const Sweep *s);

/* The experiment that an earlier chapter has published under this name. */
const Result *recall(const char *name);

/* n numbers that are measured once on this machine and then kept with the
 * runs: times change from build to build, and a page must not. Measured anew
 * when the code that trains has changed, or with FORCE=1. */
void measure_or_recall(const char *name, double *x, int n,
                       void (*measure)(double *x));

#endif
