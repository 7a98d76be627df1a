/* SPDX-License-Identifier: MIT
 *
 * What is in the store: its runs, put together to experiments.
 *
 *     Catalogue c = catalogue_read("build/runs");
 *     for (int i = 0; i < c.n; i++)
 *         puts(c.entry[i].result.experiment.name);
 *     catalogue_free(&c);
 *
 * Runs with the same fields, data and training code are one experiment, newest
 * first. Seals are not looked at, and histories not read.
 */
#ifndef RUNS_CATALOGUE_H
#define RUNS_CATALOGUE_H

#include "runs/lab.h"

typedef struct Entry {
    Result result;                 /* the name is that of the experiment that it
                                      is a variation of */
    char id[KEY_SIZE];             /* SHA-256 of fields, data and code */
    char code[KEY_SIZE];           /* digest of the code that made it, */
    bool current;                  /* and whether that is the code of today */
    long long newest;              /* of its runs: seconds since 1970 */
    bool in_use;                   /* see catalogue_mark */
    bool of_book;
} Entry;

typedef struct Catalogue {
    Entry *entry;
    int n;
} Catalogue;

Catalogue catalogue_read(const char *store);
void catalogue_free(Catalogue *c);

/* Marks what the chapters of a book use, by their runs.tsv; and of_book what is
 * the book's own: used as the chapters were accepted, or accepted without being
 * used just now. False when there is no such book. */
bool catalogue_mark(Catalogue *c, const char *book);

/* The book's side of a comparison with an experiment: the runs of the accepted
 * one, on the same data by the code of today and judged on as many images; or that
 * result as accepted, if it was on this data; NULL when there is neither. */
const Result *catalogue_book_side(const Catalogue *c, const Entry *e);

/* What an experiment is called: its name, and how it differs from the accepted
 * one of that name: "relu, train.batch=4". */
void catalogue_title(Text *t, const Entry *e);

/* The day and minute when the newest run was finished: 2026-11-21 14:05. */
void catalogue_time(char text[32], const Entry *e);

#endif
