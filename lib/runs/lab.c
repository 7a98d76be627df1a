/* SPDX-License-Identifier: MIT */
#include "runs/lab.h"

#include <cblas.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "data/clock.h"
#include "nn/parallel.h"

enum { MAX_RESULTS = 512, MAX_SEEDS = 1024, MESSAGE = 1024 };

struct Lab {
    const Digits *digits;
    LabOptions options;
    int threads;
    Result *results[MAX_RESULTS];
    int count;
};

/* One experiment at work: what its threads share. */
typedef struct Job {
    Lab *lab;
    Result *result;
    int missing[MAX_SEEDS];        /* which runs are to be trained */
    int count;
    int done;                      /* under lock, as is all that follows */
    char error[MESSAGE];
    double start;
    pthread_mutex_t lock;
} Job;

/* What one run tells while it trains. */
typedef struct Reporter {
    Job *job;
    uint64_t seed;
} Reporter;

Stat stat_of(const double *x, int n)
{
    Stat s = { .n = n };

    for (int i = 0; i < n; i++)
        s.mean += x[i] / n;
    for (int i = 0; i < n; i++)
        s.sd += (x[i] - s.mean) * (x[i] - s.mean);
    s.sd = n > 1 ? sqrt(s.sd / (n - 1)) : 0;
    return s;
}

void stat_percent(char text[64], Stat s)
{
    const bool fine = s.mean > 0.98 || (s.n > 1 && s.sd < 0.001);
    const int decimals = fine ? 2 : 1;

    if (s.n > 1)
        snprintf(text, 64, "%.*f ± %.*f %%", decimals, 100 * s.mean, decimals,
                 100 * s.sd);
    else
        snprintf(text, 64, "%.*f %%", decimals, 100 * s.mean);
}

Lab *lab_open(const Digits *digits, const LabOptions *options)
{
    Lab *lab = allocate(1, sizeof *lab);
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);

    openblas_set_num_threads(1);               /* the parallelism is ours */
    lab->digits = digits;
    lab->options = *options;
    lab->threads = options->threads > 0 ? options->threads
                 : cores > 0 ? (int)cores : 1;
    must(make_folder(options->store));
    return lab;
}

static void free_result(Result *r)
{
    free(r->run);
    free(r);
}

void lab_close(Lab *lab)
{
    if (!lab)
        return;
    for (int i = 0; i < lab->count; i++)
        free_result(lab->results[i]);
    free(lab);
}

static void tell(Job *job, uint64_t seed, const Point *point)
{
    const LabOptions *o = &job->lab->options;
    Progress p = { .experiment = &job->result->experiment,
                   .runs = job->count, .seed = seed, .point = point };

    if (!o->progress)
        return;
    pthread_mutex_lock(&job->lock);
    p.done = job->done;
    p.seconds = clock_seconds() - job->start;
    o->progress(o->context, &p);
    pthread_mutex_unlock(&job->lock);
}

static void report_point(void *context, const Point *point)
{
    const Reporter *r = context;

    tell(r->job, r->seed, point);
}

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;             /* Linux counts KiB */
}

/* Trains one run, judges it once, and publishes it. */
static Error train_run(Job *job, Run *run)
{
    const Experiment *e = &job->result->experiment;
    const Dataset *data = &job->lab->digits->train;
    const Dataset held_out = dataset_slice(data, data->n - e->train.validation,
                                           e->train.validation);
    Reporter reporter = { job, run->seed };
    Model *m;
    Error error = train(&m, &run->history, e, data,
                        &(TrainOptions){ .seed = run->seed,
                                         .threads = job->lab->threads,
                                         .progress = report_point,
                                         .context = &reporter });
    if (error)
        return error;
    Predictions p = evaluate(m, e->train.validation ? &held_out
                                                    : &job->lab->digits->test);
    run->accuracy = p.accuracy;
    run->loss = p.loss;
    run->seconds = run->history.seconds;
    run->parameters = m->n;
    run->peak_mib = peak_mib();
    error = store_write(run, e, m, &p);
    predictions_free(&p);
    model_free(m);
    return error;
}

static void train_missing(void *context, int i)
{
    Job *job = context;
    Run *run = &job->result->run[job->missing[i]];

    pthread_mutex_lock(&job->lock);
    const bool stop = job->error[0];
    pthread_mutex_unlock(&job->lock);
    if (stop)
        return;
    const Error error = train_run(job, run);
    pthread_mutex_lock(&job->lock);
    job->done++;
    if (error && !job->error[0])
        snprintf(job->error, sizeof job->error, "%s", error);
    pthread_mutex_unlock(&job->lock);
    tell(job, run->seed, NULL);
}

static void summarise(Result *r)
{
    double accuracy[MAX_SEEDS], loss[MAX_SEEDS], seconds[MAX_SEEDS];

    for (int i = 0; i < r->runs; i++) {
        accuracy[i] = r->run[i].accuracy;
        loss[i] = r->run[i].loss;
        seconds[i] = r->run[i].seconds;
    }
    r->accuracy = stat_of(accuracy, r->runs);
    r->loss = stat_of(loss, r->runs);
    r->seconds = stat_of(seconds, r->runs);
    r->parameters = r->run[0].parameters;
}

/* A quick edition, or a small data set, has fewer images than an experiment
 * may want to use or hold out: it takes its share of them. */
static void fit_to_data(TrainSpec *t, int n)
{
    const int whole = 60000;

    if (n >= whole)
        return;
    if (t->validation)
        t->validation = (int)((long)t->validation * n / whole) + 1;
    if (t->images)
        t->images = (int)((long)t->images * n / whole) + 1;
    if (t->images > n - t->validation)
        t->images = n - t->validation;
}

/* What this process has run or recalled already. */
static const Result *find_result(const Lab *lab, const Result *wanted)
{
    for (int i = 0; i < lab->count; i++)
        if (lab->results[i]->runs == wanted->runs
            && strcmp(lab->results[i]->run[0].key, wanted->run[0].key) == 0
            && strcmp(lab->results[i]->experiment.name,
                      wanted->experiment.name) == 0)
            return lab->results[i];
    return NULL;
}

/* The experiment as this lab runs it, its runs with their keys and folders. */
static Result *plan(const Lab *lab, const Experiment *wanted)
{
    Result *r = allocate(1, sizeof *r);
    Experiment *e = &r->experiment;

    *e = experiment_complete(wanted);
    if (e->seeds < 1)
        e->seeds = 1;
    if (lab->options.seeds && e->seeds > lab->options.seeds)
        e->seeds = lab->options.seeds;
    CHECK(e->seeds, <=, MAX_SEEDS);
    fit_to_data(&e->train, lab->digits->train.n);
    r->runs = e->seeds;
    r->run = allocate(r->runs, sizeof *r->run);
    for (int i = 0; i < r->runs; i++) {
        Run *run = &r->run[i];
        run->seed = (uint64_t)i + 1;
        run_key(run->key, e, lab->digits->digest, run->seed);
        snprintf(run->folder, sizeof run->folder, "%s/%s", lab->options.store,
                 run->key);
    }
    return r;
}

/* Reads what the store has, trains the rest. */
static Error fill(Lab *lab, Result *r, bool force)
{
    Job *job = allocate(1, sizeof *job);

    *job = (Job){ .lab = lab, .result = r, .start = clock_seconds() };
    pthread_mutex_init(&job->lock, NULL);
    for (int i = 0; i < r->runs; i++) {
        const Error why = force ? "" : store_read(&r->run[i]);
        if (why)
            job->missing[job->count++] = i;
        if (why && *why)
            fprintf(stderr, "%s; it is made again\n", why);
    }
    r->trained = job->count;
    parallel_for(job->count, lab->threads, train_missing, job);

    const Error error = job->error[0] ? error_text("%s", job->error) : NULL;
    pthread_mutex_destroy(&job->lock);
    free(job);
    return error;
}

static const Result *obtain(Lab *lab, const Experiment *wanted, bool force,
                            Error *error)
{
    Result *r = plan(lab, wanted);
    const Result *old = find_result(lab, r);

    *error = NULL;
    if (old || (*error = fill(lab, r, force))) {
        free_result(r);
        return old;
    }
    summarise(r);
    CHECK(lab->count, <, MAX_RESULTS);
    return lab->results[lab->count++] = r;
}

const Result *lab_try(Lab *lab, const Experiment *e, Error *error)
{
    return obtain(lab, e, lab->options.force, error);
}

const Result *lab_run(Lab *lab, const Experiment *e)
{
    Error error;
    const Result *r = obtain(lab, e, lab->options.force, &error);

    must(error);
    return r;
}

const Result *lab_recall(Lab *lab, const Experiment *e)
{
    Error error;
    const Result *r = obtain(lab, e, false, &error);

    must(error);
    return r;
}

Predictions run_predictions(const Run *run)
{
    Predictions p;

    must(store_read_predictions(&p, run));
    return p;
}

Model *run_model(const Run *run, const Experiment *e, int batch)
{
    Model *m;

    must(store_read_model(&m, run, e, batch));
    return m;
}
