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
#include "runs/code.h"
#include "runs/kernels.h"
#include "runs/settings.h"

enum { PATH = 1200 };

static const char identity_file[] = "experiment.tsv", seal_file[] = "seal.tsv";

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
    text_add(&t, "machine\t%s %s\ncompiler\t%s\nblas\t%s\n",
             machine.sysname, machine.machine, __VERSION__, kernels_name());
    return write_text(&t, folder, "score.tsv");
}

static Error add_to_seal(Text *seal, const char *folder, const char *file)
{
    Text content = { 0 };
    char path[PATH], digest[KEY_SIZE];

    path_in(path, folder, file);
    const Error error = text_read(&content, path);
    sha256_hex(digest, text_string(&content), content.length);
    text_add(seal, "%s\t%zu\t%s\n", file, content.length, digest);
    text_free(&content);
    return error;
}

/* Seals whatever is in the folder, and last the seal itself. */
static Error write_seal(const char *folder)
{
    Text seal = { 0 };
    char digest[KEY_SIZE];
    struct dirent **file;
    const int n = scandir(folder, &file, NULL, alphasort);
    Error error = n < 0 ? error_text("%s: cannot be read: %s", folder,
                                     strerror(errno)) : NULL;

    text_add(&seal, "file\tbytes\tsha256\n");
    for (int i = 0; i < n; i++) {
        if (!error && file[i]->d_name[0] != '.')
            error = add_to_seal(&seal, folder, file[i]->d_name);
        free(file[i]);
    }
    if (n >= 0)
        free(file);
    sha256_hex(digest, text_string(&seal), seal.length);
    text_add(&seal, "%s\t%zu\t%s\n", seal_file, seal.length, digest);
    if (!error)
        return write_text(&seal, folder, seal_file);
    text_free(&seal);
    return error;
}

/* Everything in it: a build that was killed may have left half a file, too. */
void store_remove(const char *folder)
{
    DIR *d = opendir(folder);
    char path[PATH];

    for (struct dirent *file; d && (file = readdir(d));) {
        path_in(path, folder, file->d_name);
        remove(path);                              /* not "." and not ".." */
    }
    if (d)
        closedir(d);
    rmdir(folder);
}

/* A folder beside that of a run, which no other process uses: on this machine
 * or on another that shares the store. */
static void path_beside(char path[PATH], const Run *run, const char *what)
{
    char host[64] = "";

    gethostname(host, sizeof host - 1);
    snprintf(path, PATH, "%s.%s.%ld.%s.tmp", run->folder, host, (long)getpid(),
             what);
}

/* Gives a finished run its name. Something may be there already: the same run
 * by another process, which is as good; or a damaged one, which is moved out of
 * the way first, so that nobody finds half of it. */
static Error publish(const Run *run, const char *finished)
{
    char damaged[PATH];
    Run other = *run;
    int why = 0;

    path_beside(damaged, run, "damaged");
    for (int tries = 0; tries < 10; tries++) {
        if (rename(finished, run->folder) == 0)
            return NULL;
        why = errno;
        if (!store_read(&other)) {
            store_remove(finished);
            return NULL;
        }
        if (rename(run->folder, damaged) == 0)
            store_remove(damaged);
    }
    return error_text("%s: cannot be put in the place of a damaged run: %s",
                      run->folder, strerror(why));
}

Error store_write(const Run *run, const Experiment *e, const void *learned,
                  const Predictions *p)
{
    char beside[PATH];
    Error error;

    path_beside(beside, run, "new");
    if ((error = make_folder(beside))
        || (error = write_experiment(run, e, beside))
        || (error = write_history(&run->history, beside))
        || (error = write_predictions(p, beside))
        || (error = write_score(run, beside))
        || (error = method_of(e->method)->save(learned, beside))
        || (error = write_seal(beside))) {
        store_remove(beside);
        return error;
    }
    return publish(run, beside);
}

/* Compares one line of a seal with what it is about: a file of the folder, or
 * the lines of the seal before it. */
static Error check_line(const char *folder, const Text *seal, const char *line)
{
    Text content = { 0 };
    char file[256], digest[KEY_SIZE], found[KEY_SIZE], path[PATH];
    size_t bytes;
    Error error = NULL;

    if (sscanf(line, "%255[^\t/]\t%zu\t%64s", file, &bytes, digest) != 3)
        return error_text("%s/%s: not the file that was sealed", folder,
                          seal_file);
    path_in(path, folder, file);
    if (strcmp(file, seal_file) == 0)
        text_add_bytes(&content, text_string(seal), line - text_string(seal));
    else
        error = text_read(&content, path);
    if (!error) {
        sha256_hex(found, text_string(&content), content.length);
        if (bytes != content.length || strcmp(found, digest) != 0)
            error = error_text("%s: not the file that was sealed", path);
        else if (strcmp(file, identity_file) == 0 && !strstr(folder, found))
            error = error_text("%s: the folder's name is not its SHA-256", path);
    }
    text_free(&content);
    return error;
}

/* Compares every file of a run with its seal, which ends with a line about
 * itself. */
static Error check_seal(const char *folder)
{
    Text seal = { 0 };
    char path[PATH];
    struct stat s;
    const char *last = "";
    Error error = NULL;

    path_in(path, folder, seal_file);
    if (stat(folder, &s) != 0)
        return "";
    if (text_read(&seal, path)) {
        text_free(&seal);
        return error_text("%s: no seal.tsv, the run is not whole", folder);
    }
    for (const char *line = text_next_line(text_string(&seal)); *line && !error;
         line = text_next_line(line)) {
        error = check_line(folder, &seal, line);
        last = line;
    }
    if (!error && (!strstr(text_string(&seal), identity_file)
                   || strncmp(last, seal_file, strlen(seal_file)) != 0))
        error = error_text("%s: not the file that was sealed", path);
    text_free(&seal);
    return error;
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

static double number_in(const Text *t, const char *name)
{
    const char *value = value_of(t, name);

    return *value ? strtod(value, NULL) : NAN;
}

static void word_in(char *word, size_t size, const Text *t, const char *name)
{
    const char *value = value_of(t, name);

    snprintf(word, size, "%.*s", (int)strcspn(value, "\n"), value);
}

static void parse_history(History *h, const Text *t)
{
    const char *line = strchr(text_string(t), '\n');

    h->points = h->layers = 0;
    for (const char *at = text_string(t); (at = strstr(at, "gradient_")); at++)
        h->layers++;
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

Error store_read_score(Run *run)
{
    Text score = { 0 };
    char path[PATH];

    path_in(path, run->folder, "score.tsv");
    const Error error = text_read(&score, path);
    if (!error) {
        run->accuracy = number_in(&score, "accuracy");
        run->loss = number_in(&score, "loss");
        run->seconds = number_in(&score, "train_seconds");
        run->core_seconds = number_in(&score, "core_seconds");
        run->peak_mib = number_in(&score, "peak_mib");
        run->parameters = (size_t)number_in(&score, "parameters");
        run->threads = (int)number_in(&score, "threads");
        run->finished = (long long)number_in(&score, "finished");
        word_in(run->chapter, sizeof run->chapter, &score, "chapter");
        word_in(run->name, sizeof run->name, &score, "name");
    }
    text_free(&score);
    return error;
}

Error store_read_experiment(Experiment *e, Run *run, char code[KEY_SIZE])
{
    Text t = { 0 };
    char path[PATH];

    path_in(path, run->folder, "experiment.tsv");
    Error error = text_read(&t, path);
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
    Text history = { 0 };
    char path[PATH];
    Error error = check_seal(run->folder);

    path_in(path, run->folder, "history.tsv");
    if (!error && !(error = store_read_score(run))
        && !(error = text_read(&history, path))) {
        parse_history(&run->history, &history);
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

    path_in(path, run->folder, "predictions.tsv");
    const Error error = text_read(&t, path);
    for (size_t i = 0; i < t.length; i++)
        n += t.s[i] == '\n';
    if (error || n < 0) {
        text_free(&t);
        return error ? error : error_text("%s: no predictions in it", path);
    }
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

Error store_read_learned(void **learned, const Run *run, const Experiment *e,
                         int batch)
{
    return method_of(e->method)->load(learned, e, batch, run->folder);
}
