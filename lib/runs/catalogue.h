/* SPDX-License-Identifier: MIT
 *
 * What is in the store: its runs, put together to experiments.
 *
 *     Catalogue c = catalogue_read("build/runs");
 *     for (int i = 0; i < c.n; i++)
 *         puts(c.entry[i].experiment.name);
 *     catalogue_free(&c);
 *
 * Runs with the same fields, data and training code are one experiment, newest
 * first. Only whole runs are among them (runs/index.h); nothing takes longer for
 * a run because there are many.
 */
#ifndef RUNS_CATALOGUE_H
#define RUNS_CATALOGUE_H

#include "runs/index.h"
#include "runs/lab.h"

typedef struct Entry {
    Experiment experiment;         /* the name is that of the experiment that it
                                      is a variation of */
    const Record *run;             /* (runs), by seed */
    int runs;
    Stat accuracy;
    const char *id;                /* SHA-256 of fields, data and code */
    bool current;                  /* made by the code of today */
    bool elsewhere;                /* a run of it by other libraries */
    long long newest;              /* of its runs: seconds since 1970 */
    bool in_use;                   /* see catalogue_mark */
    bool of_book;
} Entry;

typedef struct Catalogue {
    char store[1024];
    Index index;
    Entry *entry;
    int n;
    int passed_over;               /* runs that are damaged, or not understood */
} Catalogue;

Catalogue catalogue_read(const char *store);
void catalogue_free(Catalogue *c);

/* Marks what the chapters of a book use, by their runs.tsv; and of_book what is
 * the book's own: used as the chapters were accepted, or accepted without being
 * used just now. False when there is no such book. */
bool catalogue_mark(Catalogue *c, const char *book);

/* The book's side of a comparison with an experiment: the runs of the accepted
 * one, on the same data by the code of today and judged on as many images; or that
 * result as accepted, if it was on this data; or neither. */
typedef struct Side {
    const Entry *entry;
    const Result *accepted;
} Side;

Side catalogue_book_side(const Catalogue *c, const Entry *e);

/* Its runs as they stand in the store, read anew: those that are whole. NULL
 * when there is none. */
Result *catalogue_result(const Catalogue *c, const Entry *e);
void catalogue_result_free(Result *r);

/* What an experiment is called: its name, and how it differs from the accepted
 * one of that name: "relu, train.batch=4". */
void catalogue_title(Text *t, const Entry *e);

/* How it differs: "train.batch=4; train.epochs=2", or "". */
void catalogue_changes(Text *t, const Entry *e);

/* One line on stderr, if runs were passed over. */
void catalogue_tell_passed_over(const Catalogue *c);

/* "yours", "the book's", "earlier code", ... */
const char *catalogue_whose(const Entry *e);

/* The day and minute when the newest run was finished: 2026-11-21 14:05. */
void catalogue_time(char text[32], const Entry *e);

#endif
