/* SPDX-License-Identifier: MIT
 *
 * The run store: one folder per run, named by its key.
 *
 *     experiment.tsv       field, value: what was run
 *     history.tsv          the learning curve
 *     predictions.tsv      image by image: label, prediction, ten outputs
 *     score.tsv            metric, value: accuracy, loss, time, memory, machine
 *     model.safetensors    the weights
 *     seal.tsv             file, bytes, SHA-256 of all the others
 *
 * A run is written into a folder beside and renamed when it is whole, so a
 * killed build leaves no half run; the seal shows what was damaged later.
 */
#ifndef RUNS_STORE_H
#define RUNS_STORE_H

#include "nn/train.h"
#include "runs/fields.h"

enum { KEY_SIZE = 65 };

typedef struct Run {
    uint64_t seed;
    char key[KEY_SIZE];
    char folder[1024];
    History history;
    double accuracy, loss;         /* on the test set, or on what is held out */
    double seconds;                /* of training */
    double peak_mib;               /* of the process when the run ended */
    size_t parameters;
} Run;

/* The key: SHA-256 over the experiment's fields, the digest of the data, the
 * seed, and the digest of the object code that trains. */
void run_key(char key[KEY_SIZE], const Experiment *e, const char *data_digest,
             uint64_t seed);

/* Publishes a run of experiment e; run->seed, key, folder and the numbers are
 * taken from *run. */
Error store_write(const Run *run, const Experiment *e, const Model *m,
                  const Predictions *p);

/* Fills *run from its folder. NULL when it is there and whole; otherwise why
 * not: nothing there is the error "". */
Error store_read(Run *run);

Error store_read_predictions(Predictions *p, const Run *run);
Error store_read_model(Model **m, const Run *run, const Experiment *e,
                       int batch);

#endif
