/* SPDX-License-Identifier: MIT */
#include "runs/lab.h"

#include <cblas.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/machine.h"
#include "base/parallel.h"
#include "runs/accepted.h"
#include "runs/libraries.h"
#include "runs/need.h"
#include "runs/twin.h"
#include "runs/valid.h"

enum { MAX_RESULTS = 1024 };

struct Lab {
    const Digits *digits;
    LabOptions options;
    int threads;
    Result *results[MAX_RESULTS];
    int count;
    bool told;                     /* that a run is of other libraries */
};

/* A run that is missing. */
typedef struct Missing {
    Result *result;
    Run *run;
} Missing;

/* What the threads share that train the missing runs. */
typedef struct Job {
    Lab *lab;
    Missing *missing;
    int count;
    double start;
    bool force;
    int done;                      /* under lock, as are the results' errors */
    char *broken;                  /* what the machine could not do: no result,
                                      the program stops */
    pthread_mutex_t lock;
} Job;

/* What one run tells while it trains. */
typedef struct Reporter {
    Job *job;
    const Missing *m;
} Reporter;

Lab *lab_open(const Digits *digits, const LabOptions *options)
{
    Lab *lab = allocate(1, sizeof *lab);
    openblas_set_num_threads(1);               /* the parallelism is ours */
    lab->digits = digits;
    lab->options = *options;
    lab->threads = options->threads > 0 ? options->threads
                                        : machine_here().cores;
    must(make_folder(options->store));
    libraries_name();                          /* before there are threads */
    return lab;
}

static void free_result(Result *r)
{
    free((char *)r->experiment.name);
    free(r->run);
    free(r->error);
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

/* Under lock. */
static void tell(const Job *job, const Missing *m, const Point *point)
{
    const LabOptions *o = &job->lab->options;
    Progress p = { .experiment = &m->result->experiment, .seed = m->run->seed,
                   .point = point, .runs = job->count };

    if (!o->progress)
        return;
    p.done = job->done;
    p.seconds = clock_seconds() - job->start;
    o->progress(o->context, &p);
}

static void report_point(void *context, const Point *point)
{
    const Reporter *r = context;

    pthread_mutex_lock(&r->job->lock);
    tell(r->job, r->m, point);
    pthread_mutex_unlock(&r->job->lock);
}

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return (double)usage.ru_maxrss / (1024 * 1024);    /* macOS counts bytes */
#else
    return (double)usage.ru_maxrss / 1024;             /* Linux counts KiB */
#endif
}

/* Trains one run, judges it once, and publishes it. The error is that of the
 * training; *broken is what the machine could not do. */
static Error train_run(Job *job, const Missing *missing, char **broken)
{
    const Experiment *e = &missing->result->experiment;
    const Digits *digits = job->lab->digits;
    const Method *method = method_of(e->method);
    Run *run = missing->run;
    Reporter reporter = { job, missing };
    void *learned = NULL;
    Dataset training, held_out;
    Error error = method_check(e);

    if (error || (error = experiment_split(&training, &held_out, e,
                                           &digits->train)))
        return error_text("%s: %s", e->name, error);
    error = method->fit(&learned, &run->history, e, &digits->train,
                        &(FitOptions){ .seed = run->seed,
                                       .threads = job->lab->threads,
                                       .progress = report_point,
                                       .context = &reporter });
    if (error)
        return error;
    Predictions p = method->predict(learned, held_out.n ? &held_out
                                                        : &digits->test);
    run->accuracy = p.accuracy;
    run->loss = p.loss;
    run->seconds = run->history.time.seconds;
    run->core_seconds = run->history.time.core_seconds;
    run->parameters = method->parameters(learned);
    run->peak_mib = peak_mib();
    run->threads = job->lab->threads;
    run->finished = (long long)time(NULL);
    snprintf(run->data_name, sizeof run->data_name, "%s", digits->name);
    if (!isfinite(p.loss))
        error = error_text("%s: the loss is not finite on the images that "
                           "judge", e->name);
    else
        *broken = text_copy(store_write(run, e, learned, &p, job->force));
    predictions_free(&p);
    method->release(learned);
    return error;
}

static void train_missing(void *context, int i)
{
    Job *job = context;
    const Missing *m = &job->missing[i];
    Result *r = m->result;

    char *broken = NULL;

    pthread_mutex_lock(&job->lock);
    const bool stop = r->error || job->broken;
    pthread_mutex_unlock(&job->lock);
    const Error error = stop ? NULL : train_run(job, m, &broken);
    pthread_mutex_lock(&job->lock);
    job->done++;
    if (error && !r->error)
        r->error = text_copy(error);
    if (!job->broken)
        job->broken = broken;
    else
        free(broken);
    tell(job, m, NULL);
    pthread_mutex_unlock(&job->lock);
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
static Result *find_result(const Lab *lab, const Result *wanted)
{
    for (int i = 0; i < lab->count; i++)
        if (wanted->runs > 0 && lab->results[i]->runs == wanted->runs
            && strcmp(lab->results[i]->run[0].key, wanted->run[0].key) == 0
            && strcmp(lab->results[i]->experiment.name,
                      wanted->experiment.name) == 0)
            return lab->results[i];
    return NULL;
}

static const Result *keep(Lab *lab, Result *r)
{
    CHECK(lab->count, <, MAX_RESULTS);
    return lab->results[lab->count++] = r;
}

/* The experiment as this lab runs it, its runs with their keys and folders. */
static Result *plan(const Lab *lab, const Experiment *wanted)
{
    const LabOptions *o = &lab->options;
    Result *r = allocate(1, sizeof *r);
    Experiment *e = &r->experiment;

    const Error wrong = experiment_valid(wanted);
    *e = wrong ? *wanted : method_complete(wanted);
    e->name = text_copy(wanted->name ? wanted->name : "");
    if (wrong) {                               /* no runs, and a reason */
        r->error = text_copy(wrong);
        r->run = allocate(1, sizeof *r->run);
        return r;
    }
    if (e->seeds < 0 || e->seeds > MAX_SEEDS)
        die("%s: %d seeds, expected 1 to %d", e->name, e->seeds, MAX_SEEDS);
    if (e->seeds == 0 || o->only_seed)
        e->seeds = 1;
    if (o->seeds && e->seeds > o->seeds)
        e->seeds = o->seeds;
    fit_to_data(&e->train, lab->digits->train.n);
    r->runs = e->seeds;
    r->run = allocate(r->runs, sizeof *r->run);
    for (int i = 0; i < r->runs; i++) {
        Run *run = &r->run[i];
        const int seed = o->only_seed ? o->only_seed : i + 1;
        run_identify(run, o->store, e, lab->digits->digest, (uint64_t)seed);
        snprintf(run->chapter, sizeof run->chapter, "%s",
                 o->chapter ? o->chapter : "");
        snprintf(run->name, sizeof run->name, "%.*s",
                 (int)strcspn(e->name, ","), e->name);
    }
    return r;
}

/* Said once: other libraries may give other bits. */
static void look_at_libraries(Lab *lab, const Run *run)
{
    if (lab->told || !*run->libraries
        || strcmp(run->libraries, libraries_name()) == 0)
        return;
    lab->told = true;
    fprintf(stderr, "%s: recalled; it was computed by %s, and here is %s. "
            "FORCE=1 trains anew\n", run->name, run->libraries,
            libraries_name());
}

/* Puts those runs of a result on the list that the store does not have. A run
 * that is on it already, for another name, is read when it is finished. */
static void list_missing(Job *job, Result *r, bool force)
{
    for (int i = 0; i < r->runs; i++) {
        Run *run = &r->run[i];
        const Error why = force ? "" : store_read(run);
        bool listed = false;
        if (!why) {
            look_at_libraries(job->lab, run);
            continue;
        }
        if (*why)
            fprintf(stderr, "%s; it is made again\n", why);
        for (int k = 0; k < job->count; k++)
            listed = listed || strcmp(job->missing[k].run->key, run->key) == 0;
        if (!listed)
            job->missing[job->count++] = (Missing){ r, run };
        r->trained++;
    }
}

/* Why a run that another result was to train is not there. */
static Error error_of(const Job *job, const Run *run)
{
    for (int k = 0; k < job->count; k++)
        if (strcmp(job->missing[k].run->key, run->key) == 0)
            return job->missing[k].result->error;
    return NULL;
}

static void read_finished(const Job *job, Result *r)
{
    for (int i = 0; i < r->runs && !r->error; i++)
        if (!r->run[i].finished) {
            Error why = store_read(&r->run[i]);
            if (why && *why)
                die("%s: it was just written; is the disk in order?", why);
            if (why && !(why = error_of(job, &r->run[i])))
                die("%s: it was just written, and is gone", r->run[i].folder);
            if (why)
                r->error = text_copy(why);
        }
    if (!r->error)
        result_summarise(r);
}

/* How many runs fit into memory side by side. An experiment of which not even
 * one does has failed. */
static int side_by_side(Lab *lab, int first)
{
    const double memory = machine_here().memory;
    int threads = lab->threads;

    for (int i = first; i < lab->count; i++) {
        Result *r = lab->results[i];
        const Experiment *e = &r->experiment;
        Need need;
        Error error = r->trained ? need_of(&need, e, lab->digits->train.n)
                                 : NULL;
        if (!r->trained)
            continue;
        if (!error && need.bytes > memory)
            error = need_too_much(&need, e, memory);
        if (error) {
            r->error = text_copy(error);
            continue;
        }
        while (threads > 1 && need.bytes * threads > memory)
            threads--;
        need_announce(&need, e, r->trained, threads);
    }
    return threads;
}

/* Plans n experiments, reads what the store has, trains the rest. */
static void obtain(Lab *lab, const Result **results, const Experiment *e, int n,
                   bool force)
{
    Job job = { .lab = lab, .start = clock_seconds(), .force = force };
    const int first = lab->count;
    int runs = 0;

    for (int i = 0; i < n; i++) {
        Result *r = plan(lab, &e[i]), *old = find_result(lab, r);
        results[i] = old ? old : r;
        if (old) {
            free_result(r);
            continue;
        }
        runs += r->runs;
        keep(lab, r);
    }
    job.missing = allocate(runs, sizeof *job.missing);
    pthread_mutex_init(&job.lock, NULL);
    for (int i = first; i < lab->count; i++)
        list_missing(&job, lab->results[i], force);
    if (job.count && access(lab->options.store, W_OK) != 0)
        die("%s: %d runs are missing, and it cannot be written: %s; name "
            "another store in RUNS", lab->options.store, job.count,
            strerror(errno));
    if (job.count)
        parallel_for(job.count, side_by_side(lab, first), train_missing, &job);
    must(job.broken);
    for (int i = first; i < lab->count; i++)
        read_finished(&job, lab->results[i]);
    pthread_mutex_destroy(&job.lock);
    free(job.missing);
}

void lab_try(Lab *lab, const Result **results, const Experiment *e, int n)
{
    obtain(lab, results, e, n, lab->options.force);
}

static const Result *obtain_one(Lab *lab, const Experiment *e, bool force)
{
    const Result *r;

    obtain(lab, &r, e, 1, force);
    must(r->error);
    return r;
}

const Result *lab_run(Lab *lab, const Experiment *e)
{
    return obtain_one(lab, e, lab->options.force);
}

const Result *lab_recall(Lab *lab, const Experiment *e)
{
    return obtain_one(lab, e, false);
}

const Result *lab_book_side(Lab *lab, const Experiment *own,
                            const Experiment *yours, int seeds)
{
    const Experiment accepted = accepted_version(own);
    Experiment book = twin_like(&accepted, yours);

    book.seeds = seeds;
    const Result *r = lab_recall(lab, &book);
    free((char *)book.name);
    return r;
}

int lab_missing(const Lab *lab, const Experiment *e)
{
    Result *r = plan(lab, e);
    int missing = 0;

    for (int i = 0; i < r->runs; i++)
        missing += lab->options.force || access(r->run[i].folder, F_OK) != 0;
    free_result(r);
    return missing;
}

Predictions run_predictions(const Run *run)
{
    Predictions p;

    must(store_read_predictions(&p, run));
    return p;
}

Model *run_model(const Run *run, const Experiment *e, int batch)
{
    void *m;

    CHECK(e->method, ==, NETWORK);
    must(store_read_learned(&m, run, e, batch));
    return m;
}
