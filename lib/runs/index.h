/* SPDX-License-Identifier: MIT
 *
 * What the runs of a store say, each read and checked against its seal once: the
 * file index.tsv in the store keeps it, with a stamp of the run's files (size,
 * inode, times). A run whose stamp is another is read again; an index that is not
 * whole is made anew, and where none can be written (a store of somebody else)
 * all goes well without.
 *
 *     Index x = index_read("build/runs");
 *     for (const Record *r = x.record; r < x.record + x.n; r++)
 *         if (!*r->wrong)
 *             puts(r->key);
 *     index_free(&x);
 */
#ifndef RUNS_INDEX_H
#define RUNS_INDEX_H

#include "base/text.h"
#include "runs/store.h"

/* One run; the texts belong to the index. */
typedef struct Record {
    const char *key;
    const char *wrong;             /* why it is not to be believed, or "" */
    bool damaged;                  /* its seal says so: good for nothing */
    const char *id;                /* SHA-256 of fields, data and code */
    const char *data, *code;       /* digests */
    uint64_t seed;
    double accuracy, loss, core_seconds;
    size_t parameters;
    long long finished, bytes;     /* in 1970's seconds; of all its files */
    const char *chapter, *name, *data_name, *build, *libraries;
    const char *fields;            /* "input=1 28 28; layers=..." */
} Record;

typedef struct Index {
    Record *record;
    int n;
    Text text;
} Index;

/* A store that is not there has no runs. */
Index index_read(const char *store);
void index_free(Index *x);

/* The fields of an experiment as in a Record. */
void index_fields(Text *t, const Experiment *e);

/* What index_fields wrote, into an experiment; its name stays. */
Error index_experiment(Experiment *e, const char *fields);

/* A digest over fields, data and code: the id of an experiment. */
void index_id(char id[KEY_SIZE], const char *fields, const char *data,
              const char *code);

#endif
