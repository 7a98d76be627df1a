/* SPDX-License-Identifier: MIT */
#include "runs/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "data/sha256.h"
#include "runs/code.h"
#include "runs/safetensors.h"

static const char *const sealed_files[] = {
    "experiment.tsv", "history.tsv", "predictions.tsv", "score.tsv",
    "model.safetensors",
};

enum { SEALED_FILES = sizeof sealed_files / sizeof sealed_files[0],
       PATH = 1200 };

void run_key(char key[KEY_SIZE], const Experiment *e, const char *data_digest,
             uint64_t seed)
{
    Text t = { 0 };

    experiment_print(&t, e);
    text_add(&t, "data\t%s\nseed\t%llu\ncode\t%s\n", data_digest,
             (unsigned long long)seed, training_code);
    sha256_hex(key, t.s, t.length);
    text_free(&t);
}

static void path_in(char path[PATH], const char *folder, const char *file)
{
    snprintf(path, PATH, "%s/%s", folder, file);
}

static Error write_text(Text *t, const char *folder, const char *file)
{
    char path[PATH];

    path_in(path, folder, file);
    const Error error = text_write(t, path);
    text_free(t);
    return error;
}

static Error write_experiment(const Run *run, const Experiment *e,
                              const char *folder)
{
    Text t = { 0 };

    text_add(&t, "field\tvalue\n");
    experiment_print(&t, e);
    text_add(&t, "seed\t%llu\n", (unsigned long long)run->seed);
    return write_text(&t, folder, "experiment.tsv");
}

static Error write_history(const History *h, const Model *m, const char *folder)
{
    Text t = { 0 };

    text_add(&t, "epoch\tloss\taccuracy\tvalidation_loss\tvalidation_accuracy");
    for (int i = 0; i < m->depth; i++)
        text_add(&t, "\tgradient_%d", i);
    for (int k = 0; k < h->points; k++) {
        const Point *p = &h->point[k];
        text_add(&t, "\n%.17g\t%.17g\t%.17g\t%.17g\t%.17g", p->epoch, p->loss,
                 p->accuracy,
                 p->validation_loss, p->validation_accuracy);
        for (int i = 0; i < m->depth; i++)
            text_add(&t, "\t%.17g", p->gradient[i]);
    }
    text_add_char(&t, '\n');
    return write_text(&t, folder, "history.tsv");
}

/* An output with six decimals. There are 100,000 of them in a run, and printf
 * would take longer over them than some networks over their training. */
static void add_output(Text *t, float y)
{
    char s[] = "\t0.000000";

    if (!(y >= 0 && y < 0.9999994f)) {
        text_add(t, "\t%.6f", (double)y);
        return;
    }
    int millionths = (int)(y * 1e6f + 0.5f);
    for (int i = 8; i > 2; i--, millionths /= 10)
        s[i] = (char)('0' + millionths % 10);
    text_add_bytes(t, s, 9);
}

static Error write_predictions(const Predictions *p, const char *folder)
{
    Text t = { 0 };

    text_add(&t, "label\tprediction");
    for (int j = 0; j < CLASSES; j++)
        text_add(&t, "\tp%d", j);
    text_add_char(&t, '\n');
    for (int i = 0; i < p->n; i++) {
        text_add(&t, "%d\t%d", p->label[i], p->predicted[i]);
        for (int j = 0; j < CLASSES; j++)
            add_output(&t, p->output[i * CLASSES + j]);
        text_add_char(&t, '\n');
    }
    return write_text(&t, folder, "predictions.tsv");
}

static Error write_score(const Run *run, const char *folder)
{
    struct utsname machine;
    Text t = { 0 };

    uname(&machine);
    text_add(&t, "metric\tvalue\n");
    text_add(&t, "accuracy\t%.17g\nloss\t%.17g\ntrain_seconds\t%.17g\n",
             run->accuracy,
             run->loss, run->seconds);
    text_add(&t, "peak_mib\t%.6g\nparameters\t%zu\n", run->peak_mib,
             run->parameters);
    text_add(&t, "machine\t%s %s\ncompiler\t%s\n", machine.sysname,
             machine.machine,
             __VERSION__);
    return write_text(&t, folder, "score.tsv");
}

static Error write_seal(const char *folder)
{
    Text seal = { 0 }, content = { 0 };
    char path[PATH], digest[65];

    text_add(&seal, "file\tbytes\tsha256\n");
    for (int i = 0; i < SEALED_FILES; i++) {
        path_in(path, folder, sealed_files[i]);
        const Error error = text_read(&content, path);
        if (error)
            return error;
        sha256_hex(digest, text_string(&content), content.length);
        text_add(&seal, "%s\t%zu\t%s\n", sealed_files[i], content.length,
                 digest);
        text_free(&content);
    }
    return write_text(&seal, folder, "seal.tsv");
}

static void remove_run(const char *folder)
{
    char path[PATH];

    for (int i = 0; i < SEALED_FILES; i++) {
        path_in(path, folder, sealed_files[i]);
        remove(path);
    }
    path_in(path, folder, "seal.tsv");
    remove(path);
    rmdir(folder);
}

Error store_write(const Run *run, const Experiment *e, const Model *m,
                  const Predictions *p)
{
    char beside[PATH], path[PATH];
    Error error;

    snprintf(beside, sizeof beside, "%s.%ld.tmp", run->folder, (long)getpid());
    path_in(path, beside, "model.safetensors");
    if ((error = make_folder(beside))
        || (error = write_experiment(run, e, beside))
        || (error = write_history(&run->history, m, beside))
        || (error = write_predictions(p, beside))
        || (error = write_score(run, beside))
        || (error = safetensors_write(m, path))
        || (error = write_seal(beside)))
        return error;
    if (rename(beside, run->folder) == 0)
        return NULL;

    /* Something is there: a damaged run, or the same run by another process,
     * which is as good. */
    Run other = *run;
    if (store_read(&other) != NULL) {
        remove_run(run->folder);
        if (rename(beside, run->folder) == 0)
            return NULL;
    }
    remove_run(beside);
    return store_read(&other);
}

/* Compares every file of a run with its seal. */
static Error check_seal(const char *folder)
{
    Text seal = { 0 }, content = { 0 };
    char path[PATH], digest[65], expected[PATH];
    struct stat s;
    Error error = NULL;

    path_in(path, folder, "seal.tsv");
    if (stat(folder, &s) != 0)
        return "";
    if (text_read(&seal, path))
        return error_text("%s: no seal.tsv, the run is not whole", folder);
    for (int i = 0; i < SEALED_FILES && !error; i++) {
        path_in(path, folder, sealed_files[i]);
        if (!(error = text_read(&content, path))) {
            sha256_hex(digest, text_string(&content), content.length);
            snprintf(expected, sizeof expected, "%s\t%zu\t%s\n",
                     sealed_files[i],
                     content.length, digest);
            if (!strstr(text_string(&seal), expected))
                error = error_text("%s: not the file that was sealed", path);
        }
        text_free(&content);
    }
    text_free(&seal);
    return error;
}

/* The number behind "name<TAB>" at the start of a line, or NAN. */
static double number_in(const Text *t, const char *name)
{
    const size_t length = strlen(name);

    for (const char *line = text_string(t); *line; line = text_next_line(line))
        if (strncmp(line, name, length) == 0 && line[length] == '\t')
            return strtod(line + length, NULL);
    return NAN;
}

static void parse_history(History *h, const Text *t)
{
    const char *line = strchr(text_string(t), '\n');

    h->points = 0;
    for (; line && line[1] && h->points < MAX_POINTS; h->points++) {
        Point *p = &h->point[h->points];
        double *column[5 + MAX_LAYERS] = { &p->epoch, &p->loss, &p->accuracy,
                                           &p->validation_loss,
                                           &p->validation_accuracy };
        char *at = (char *)line + 1;
        for (int i = 0; i < MAX_LAYERS; i++)
            column[5 + i] = &p->gradient[i];
        for (int i = 0; i < 5 + MAX_LAYERS && *at && *at != '\n'; i++) {
            *column[i] = strtod(at, &at);
            at += *at == '\t';
        }
        line = strchr(line + 1, '\n');
    }
}

Error store_read(Run *run)
{
    Text score = { 0 }, history = { 0 };
    char path[PATH];
    Error error = check_seal(run->folder);

    path_in(path, run->folder, "score.tsv");
    if (!error)
        error = text_read(&score, path);
    path_in(path, run->folder, "history.tsv");
    if (!error)
        error = text_read(&history, path);
    if (!error) {
        run->accuracy = number_in(&score, "accuracy");
        run->loss = number_in(&score, "loss");
        run->seconds = run->history.seconds = number_in(&score,
                                                        "train_seconds");
        run->peak_mib = number_in(&score, "peak_mib");
        run->parameters = (size_t)number_in(&score, "parameters");
        parse_history(&run->history, &history);
    }
    text_free(&score);
    text_free(&history);
    return error;
}

Error store_read_predictions(Predictions *p, const Run *run)
{
    Text t = { 0 };
    char path[PATH];
    int n = -1;                              /* the first line is the header */

    path_in(path, run->folder, "predictions.tsv");
    const Error error = text_read(&t, path);
    if (error)
        return error;
    for (size_t i = 0; i < t.length; i++)
        n += t.s[i] == '\n';
    *p = predictions_create(n);
    char *at = strchr(t.s, '\n') + 1;
    for (int i = 0; i < n; i++) {
        p->label[i] = (uint8_t)strtol(at, &at, 10);
        p->predicted[i] = (uint8_t)strtol(at, &at, 10);
        for (int j = 0; j < CLASSES; j++)
            p->output[i * CLASSES + j] = strtof(at, &at);
    }
    p->accuracy = run->accuracy;
    p->loss = run->loss;
    text_free(&t);
    return NULL;
}

Error store_read_model(Model **m, const Run *run, const Experiment *e,
                       int batch)
{
    char path[PATH];
    Error error = model_create(m, e, batch);

    path_in(path, run->folder, "model.safetensors");
    if (!error && (error = safetensors_read(*m, path)))
        model_free(*m);
    return error;
}
