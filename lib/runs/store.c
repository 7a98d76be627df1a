/* SPDX-License-Identifier: MIT */
#include "runs/store.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/sha256.h"
#include "base/temporary.h"
#include "runs/code.h"
#include "runs/kernels.h"
#include "runs/libraries.h"
#include "runs/prediction.h"
#include "runs/seal.h"
#include "runs/settings.h"

enum { PATH = 1200 };

/* All that decides a run's result. */
static void identity(Text *t, const Run *run, const Experiment *e)
{
    char code[KEY_SIZE];

    code_digest(code, e);
    experiment_print(t, e);
    text_add(t, "data\t%s\nseed\t%llu\ncode\t%s\n", run->data,
             (unsigned long long)run->seed, code);
}

void run_identify(Run *run, const char *store, const Experiment *e,
                  const char *data_digest, uint64_t seed)
{
    Text t = { 0 };

    run->seed = seed;
    snprintf(run->data, sizeof run->data, "%s", data_digest);
    identity(&t, run, e);
    sha256_hex(run->key, t.s, t.length);
    snprintf(run->folder, sizeof run->folder, "%s/%s", store, run->key);
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

    identity(&t, run, e);
    return write_text(&t, folder, identity_file);
}

static Error write_history(const History *h, const char *folder)
{
    Text t = { 0 };

    text_add(&t, "epoch\tloss\taccuracy\tvalidation_loss\tvalidation_accuracy");
    for (int i = 0; i < h->layers; i++)
        text_add(&t, "\tgradient_%d", i);
    for (int k = 0; k < h->points; k++) {
        const Point *p = &h->point[k];
        text_add(&t, "\n%.17g\t%.17g\t%.17g\t%.17g\t%.17g", p->epoch, p->loss,
                 p->accuracy,
                 p->validation_loss, p->validation_accuracy);
        for (int i = 0; i < h->layers; i++)
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
    text_add(&t, "accuracy\t%.17g\nloss\t%.17g\ntrain_seconds\t%.17g\n"
             "core_seconds\t%.17g\n", run->accuracy, run->loss, run->seconds,
             run->core_seconds);
    text_add(&t, "peak_mib\t%.6g\nparameters\t%zu\nthreads\t%d\n",
             run->peak_mib, run->parameters, run->threads);
    text_add(&t, "finished\t%lld\nchapter\t%s\nname\t%s\n", run->finished,
             run->chapter, run->name);
    text_add(&t, "data_name\t%s\nbuild\t%s\nlibraries\t%s\n",
             run->data_name, built_how(), libraries_name());
    text_add(&t, "machine\t%s %s\ncompiler\t%s\nblas\t%s\n",
             machine.sysname, machine.machine, __VERSION__, kernels_name());
    return write_text(&t, folder, "score.tsv");
}

/* Everything in it: a build that was killed may have left half a file, too. */
static Error empty(const char *folder)
{
    DIR *d = opendir(folder);
    char path[PATH];
    Error error = NULL;

    for (struct dirent *file; d && (file = readdir(d));) {
        path_in(path, folder, file->d_name);
        if (file->d_name[0] != '.' && remove(path) != 0 && errno != ENOENT)
            error = error_text("%s: cannot be removed: %s", path,
                               strerror(errno));
    }
    if (d)
        closedir(d);
    if (!error && rmdir(folder) != 0 && errno != ENOENT)
        error = error_text("%s: cannot be removed: %s", folder,
                           strerror(errno));
    return error;
}

/* Under another name first, so that nobody finds half of it. */
Error store_remove(const char *folder)
{
    char aside[TEMPORARY_PATH];

    if (is_temporary(folder))
        return empty(folder);
    temporary_name(aside, folder);
    if (rename(folder, aside) == 0)
        return empty(aside);
    return error_text("%s: cannot be removed: %s", folder, strerror(errno));
}

/* Gives a finished run its name. Something may be there already: the same run
 * by another process, which is as good unless it is to be replaced; or a
 * damaged one. The two change their names, so that a run that was whole is
 * there at every moment. */
static Error publish(const Run *run, const char *finished, bool replace)
{
    Run *other = allocate(1, sizeof *other);
    Error error = NULL;
    int why = 0;
    bool done = false;

    *other = *run;
    for (int tries = 0; tries < 10 && !done; tries++) {
        done = rename(finished, run->folder) == 0;
        why = errno;
        if (!done && ((!replace && !store_read(other))
                      || swap_names(finished, run->folder))) {
            empty(finished);                       /* which is the older one */
            done = true;
        }
    }
    if (!done) {
        empty(finished);
        error = error_text("%s: cannot be put into the store: %s", run->folder,
                           strerror(why));
    }
    free(other);
    return error;
}

Error store_write(const Run *run, const Experiment *e, const void *learned,
                  const Predictions *p, bool replace)
{
    char beside[TEMPORARY_PATH];
    Error error = temporary_folder(beside, run->folder);

    if (error)
        return error;
    if ((error = write_experiment(run, e, beside))
        || (error = write_history(&run->history, beside))
        || (error = write_predictions(p, beside))
        || (error = write_score(run, beside))
        || (error = method_of(e->method)->save(learned, beside))
        || (error = seal_write(beside))) {
        const Error first = error_text("%s", error);
        empty(beside);
        return first;
    }
    return publish(run, beside, replace);
}

/* What stands behind "name<TAB>" at the start of a line; "" if nothing does. */
static const char *value_of(const Text *t, const char *name)
{
    const size_t length = strlen(name);

    for (const char *line = text_string(t); *line; line = text_next_line(line))
        if (strncmp(line, name, length) == 0 && line[length] == '\t')
            return line + length + 1;
    return "";
}

/* A number that must be there, at least `low`; an error is kept. */
static double number_in(Error *error, const Text *t, const char *name,
                        double low)
{
    const char *value = value_of(t, name);
    char *end;
    const double x = strtod(value, &end);

    if (end != value && *end == '\n' && isfinite(x) && x >= low && x < 1e18)
        return x;
    if (!*error)
        *error = error_text("score.tsv: %s is \"%.*s\", expected a number", name,
                            (int)strcspn(value, "\n"), value);
    return 0;
}

/* A file of lines: text has no zero bytes. */
static Error read_lines(Text *t, char path[PATH], const char *folder,
                        const char *file)
{
    path_in(path, folder, file);
    const Error error = text_read(t, path);
    if (!error && strlen(text_string(t)) != t->length)
        return error_text("%s: a zero byte in it", path);
    return error;
}

/* A store may be shared: what others write into it is one line of text. */
static void word_in(char *word, size_t size, const Text *t, const char *name)
{
    const char *value = value_of(t, name);

    snprintf(word, size, "%.*s", (int)strcspn(value, "\n"), value);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
}

/* Every point has as many numbers as there are columns; NAN is one. */
static Error parse_history(History *h, const Text *t)
{
    const char *line = text_next_line(text_string(t));

    h->points = h->layers = 0;
    for (const char *at = text_string(t); (at = strstr(at, "gradient_")); at++)
        h->layers++;
    if (h->layers > MAX_LAYERS)
        return error_text("%d gradients, expected %d at most", h->layers,
                          MAX_LAYERS);
    for (; *line; line = text_next_line(line), h->points++) {
        if (h->points == MAX_POINTS)
            return error_text("more than %d points", MAX_POINTS);
        Point *p = &h->point[h->points];
        double *column[5 + MAX_LAYERS] = { &p->epoch, &p->loss, &p->accuracy,
                                           &p->validation_loss,
                                           &p->validation_accuracy };
        const char *at = line;
        for (int i = 0; i < h->layers; i++)
            column[5 + i] = &p->gradient[i];
        for (int i = 0; i < 5 + h->layers; i++) {
            char *end;
            *column[i] = strtod(at, &end);
            if (end == at || *end != (i < 4 + h->layers ? '\t' : '\n'))
                return error_text("line %d: number %d is not there",
                                  h->points + 2, i + 1);
            at = end + 1;
        }
    }
    return NULL;
}

static Error read_score(Run *run)
{
    Text score = { 0 };
    char path[PATH];
    Error wrong = NULL, error = read_lines(&score, path, run->folder,
                                           "score.tsv");

    if (!error) {
        run->accuracy = number_in(&wrong, &score, "accuracy", 0);
        run->loss = number_in(&wrong, &score, "loss", -1e18);
        run->seconds = number_in(&wrong, &score, "train_seconds", -1e9);
        run->core_seconds = number_in(&wrong, &score, "core_seconds", -1e9);
        run->peak_mib = number_in(&wrong, &score, "peak_mib", 0);
        run->parameters = (size_t)number_in(&wrong, &score, "parameters", 0);
        run->threads = (int)fmin(number_in(&wrong, &score, "threads", 0), 1e6);
        run->finished = (long long)number_in(&wrong, &score, "finished", 0);
        word_in(run->chapter, sizeof run->chapter, &score, "chapter");
        word_in(run->name, sizeof run->name, &score, "name");
        word_in(run->data_name, sizeof run->data_name, &score, "data_name");
        word_in(run->build, sizeof run->build, &score, "build");
        word_in(run->libraries, sizeof run->libraries, &score, "libraries");
        if (!wrong && run->accuracy > 1)
            wrong = error_text("score.tsv: an accuracy of %g", run->accuracy);
        if (wrong)
            error = error_text("%s: %s", run->folder, wrong);
    }
    text_free(&score);
    return error;
}

Error store_read_experiment(Experiment *e, Run *run, char code[KEY_SIZE])
{
    Text t = { 0 };
    char path[PATH];

    Error error = read_lines(&t, path, run->folder, identity_file);
    if (!error) {
        char *end = strstr(text_string(&t), "data\t");
        word_in(run->data, KEY_SIZE, &t, "data");
        word_in(code, KEY_SIZE, &t, "code");
        run->seed = strtoull(value_of(&t, "seed"), NULL, 10);
        if (end)
            *end = '\0';
        error = experiment_parse(e, text_string(&t));
    }
    text_free(&t);
    return error;
}

Error store_read(Run *run)
{
    Error error = seal_check(run->folder);

    if (error && *error)           /* another process may just replace it */
        error = seal_check(run->folder);
    return error ? error : store_read_sealed(run);
}

Error store_read_sealed(Run *run)
{
    Text history = { 0 };
    char path[PATH];
    Error error = NULL;

    if (!(error = read_score(run))
        && !(error = read_lines(&history, path, run->folder, "history.tsv"))) {
        if ((error = parse_history(&run->history, &history)))
            error = error_text("%s: %s", path, error);
        run->history.time = (TrainTime){ run->seconds, run->core_seconds };
    }
    text_free(&history);
    return error;
}

Error store_read_predictions(Predictions *p, const Run *run)
{
    Text t = { 0 };
    char path[PATH];
    int n = -1;                              /* the first line is the header */
    Error error = read_lines(&t, path, run->folder, "predictions.tsv");

    *p = (Predictions){ 0 };
    for (size_t i = 0; i < t.length; i++)
        n += t.s[i] == '\n';
    if (!error && n < 0)
        error = error_text("%s: no predictions in it", path);
    if (!error) {
        const char *line = text_next_line(t.s);
        *p = predictions_create(n);
        for (int i = 0; i < n && !error; i++, line = text_next_line(line))
            if (!prediction_parse(p, i, line))
                error = error_text("%s:%d: expected a label, a prediction and "
                                   "%d outputs", path, i + 2, CLASSES);
        p->accuracy = run->accuracy;
        p->loss = run->loss;
    }
    if (error)
        predictions_free(p);
    text_free(&t);
    return error;
}

Error store_read_learned(void **learned, const Run *run, const Experiment *e,
                         int batch)
{
    *learned = NULL;
    return method_of(e->method)->load(learned, e, batch, run->folder);
}
