/* SPDX-License-Identifier: MIT
 *
 * The run store: one folder per run, named by its key.
 *
 *     experiment.tsv       field, value: all that decides the result; the key is
 *                          the SHA-256 of this file
 *     history.tsv          the learning curve
 *     predictions.tsv      image by image: label, prediction, ten outputs
 *     score.tsv            accuracy, loss, time, memory, machine, and who asked
 *     model.safetensors    the weights, or whatever else a method keeps
 *     seal.tsv             file, bytes, SHA-256 of all the others, and of the
 *                          lines before its last
 *
 * A run is written into a folder beside and renamed when it is whole, so a
 * killed build leaves no half run; the seal shows what was damaged later.
 */
#ifndef RUNS_STORE_H
#define RUNS_STORE_H

#include "runs/fields.h"
#include "runs/method.h"

enum { KEY_SIZE = 65 };

typedef struct Run {
    uint64_t seed;
    char data[KEY_SIZE];           /* digest of the data set */
    char key[KEY_SIZE];
    char folder[1024];
    char chapter[64], name[64];    /* for which experiment of which chapter it
                                      was made first; variations of an
                                      experiment go by its name */
    History history;
    double accuracy, loss;         /* on the test set, or on what is held out */
    double seconds;                /* of training, by the clock */
    double core_seconds;           /* CPU time of all threads for it */
    double peak_mib;               /* of the process when the run ended */
    int threads;                   /* that it could use */
    long long finished;            /* seconds since 1970 */
    size_t parameters;
    char data_name[64];            /* for tables: "MNIST, quick" */
    char build[32];                /* "sanitizer", or "" */
    char libraries[256];           /* that computed it */
} Run;

/* Sets seed, data, key and folder. The key: SHA-256 over the experiment's
 * fields, the digest of the data, the seed, and the digest of the object code
 * that decides the result (runs/code.h). */
void run_identify(Run *run, const char *store, const Experiment *e,
                  const char *data_digest, uint64_t seed);

/* Publishes a run of experiment e, which *run was identified for, with what its
 * method has learned. A whole one that is there already stays, unless it is to
 * be replaced. */
Error store_write(const Run *run, const Experiment *e, const void *learned,
                  const Predictions *p, bool replace);

/* Fills *run from its folder. NULL when it is there and whole; otherwise why
 * not: nothing there is the error "". */
Error store_read(Run *run);

/* The same when its seal has just been checked. */
Error store_read_sealed(Run *run);

/* What a run was made of: the experiment (without a name), seed and data into
 * *run, and the digest of the code that trained it. */
Error store_read_experiment(Experiment *e, Run *run, char code[KEY_SIZE]);

/* Removes a run, whole or not; says what stays. */
Error store_remove(const char *folder);

Error store_read_predictions(Predictions *p, const Run *run);

/* What its method has learned, to be asked about `batch` images at once. NULL
 * in case of an error. */
Error store_read_learned(void **learned, const Run *run, const Experiment *e,
                         int batch);

#endif
