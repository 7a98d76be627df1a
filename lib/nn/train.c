/* SPDX-License-Identifier: MIT */
#include "nn/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "data/gather.h"
#include "nn/products.h"

/* Everything one training needs, so that its parts can be functions. */
typedef struct Training {
    Experiment experiment;             /* complete */
    const TrainOptions *options;
    Dataset data;
    const OptimiserType *rule;
    Optimiser *optimiser;

    int epoch;                         /* from 0 */
    int step, steps;                   /* in this epoch, from 1 */
    int *order;                        /* of the images in this epoch */
    int first, B;                      /* the batch: order[first], B in all */
    uint8_t *labels;                   /* (B) */
    float *total;                      /* (n) gradient of all images */

    int shards;
    Model *shard[MAX_SHARDS];          /* shard[0] is the model itself */
    double loss[MAX_SHARDS];           /* sums over each shard's images */
    int correct[MAX_SHARDS];
    double core_seconds, since;        /* so far; of this thread since then */
    void (*task)(struct Training *t, int s);
} Training;

/* ---- the loop and its parts ---- */

/* False at the end of an epoch. */
static bool next_batch(Training *t)
{
    const int n = t->data.n, batch = t->experiment.train.batch;

    t->first += t->B;
    if (t->first >= n)
        return false;
    t->step++;
    t->B = n - t->first < batch ? n - t->first : batch;
    for (int i = 0; i < t->B; i++)
        t->labels[i] = t->data.labels[t->order[t->first + i]];
    return true;
}

/* Where the images of shard s begin in the batch, and how many they are. */
static int shard_start(const Training *t, int s)
{
    return t->B * s / t->shards;
}

static int shard_size(const Training *t, int s)
{
    return shard_start(t, s + 1) - shard_start(t, s);
}

static void forward(Training *t, int s)
{
    const int first = t->first + shard_start(t, s), B = shard_size(t, s);

    gather(t->shard[s]->x[0], &t->data, t->order, first, B);
    model_forward(t->shard[s], B,
                  &(Pass){ .training = true, .seed = t->options->seed,
                           .epoch = t->epoch, .image = t->order + first });
}

static void loss(Training *t, int s)
{
    Model *m = t->shard[s];
    const uint8_t *labels = t->labels + shard_start(t, s);
    const int B = shard_size(t, s);

    t->loss[s] = model_loss(m, labels, B, t->B);
    t->correct[s] = count_correct(m->x[m->depth], labels, B);
}

static void backward(Training *t, int s)
{
    model_backward(t->shard[s], shard_size(t, s));
}

/* The learning rate of the next step. */
static float learning_rate(const Training *t)
{
    return t->experiment.optimiser.learning_rate;
}

/* In slice s of the parameters: the gradients of the other shards are added to
 * the first one's, in order, and the optimiser moves the weights. */
static void update(Training *t, int s)
{
    Model *m = t->shard[0];
    const size_t from = m->n * s / t->shards, to = m->n * (s + 1) / t->shards;

    for (int k = 1; k < t->shards; k++)
        axpy(m->gradients + from, 1, t->shard[k]->gradients + from, to - from);
    optimiser_update(t->optimiser, m->parameters, m->gradients, from, to);
}

/* ---- shards ---- */

static void shard_task(void *context, int s)
{
    Training *t = context;

    t->task(t, s);
}

/* A task for each shard, side by side. */
static void in_shards(Training *t, void (*task)(Training *t, int s))
{
    if (t->shards == 1) {
        task(t, 0);
        return;
    }
    t->core_seconds += clock_thread_seconds() - t->since;
    t->task = task;
    t->core_seconds += parallel_for(t->shards, t->options->threads,
                                    shard_task, t);
    t->since = clock_thread_seconds();
}

/* Tells who watches, and stops when there is no sense in going on. */
static Error report(Training *t)
{
    Batch b = { .model = t->shard[0], .epoch = t->epoch, .step = t->step,
                .steps = t->steps, .images = t->B };

    for (int s = 0; s < t->shards; s++) {
        b.loss += t->loss[s];
        b.correct += t->correct[s];
    }
    if (!isfinite(b.loss))
        return error_text("the loss is not finite in epoch %d, step %d, with "
                          "learning rate %g: try a smaller one", t->epoch + 1,
                          t->step, (double)learning_rate(t));
    if (t->options->watch)
        t->options->watch(t->options->context, &b);
    return NULL;
}

/* One epoch: every image once, batch after batch. */
static Error train_epoch(Training *t)
{
    Error error = NULL;

    while (!error && next_batch(t)) {
        in_shards(t, forward);
        in_shards(t, loss);
        in_shards(t, backward);
        optimiser_step(t->optimiser, learning_rate(t));
        in_shards(t, update);
        error = report(t);
    }
    return error;
}

/* ---- a rule that wants all images at once ---- */

/* Objective of such a rule: goes through all batches and adds up. */
static double loss_of_all(void *context)
{
    Training *t = context;
    Model *m = t->shard[0];

    memset(t->total, 0, m->n * sizeof *t->total);
    t->first = t->B = t->correct[0] = 0;
    t->loss[0] = 0;
    while (next_batch(t)) {
        forward(t, 0);
        t->loss[0] += model_loss(m, t->labels, t->B, t->data.n);
        t->correct[0] += count_correct(m->x[m->depth], t->labels, t->B);
        backward(t, 0);
        axpy(t->total, 1, m->gradients, m->n);
    }
    memcpy(m->gradients, t->total, m->n * sizeof *t->total);
    return t->loss[0] / t->data.n;
}

static Error minimise_epoch(Training *t)
{
    Model *m = t->shard[0];

    optimiser_step(t->optimiser, learning_rate(t));
    t->rule->minimise(t->optimiser, m->parameters, m->gradients, m->n,
                      loss_of_all, t);
    t->step = t->steps = 1;
    t->B = t->data.n;
    return report(t);
}

/* ---- from the first weights to the last epoch ---- */

/* One model for each shard, all over the same parameters. */
static Error create_shards(Training *t)
{
    const Experiment *e = &t->experiment;
    const int batch = e->train.batch;
    Error error = model_create(&t->shard[0], e, batch);

    if (error || (error = model_prepare(t->shard[0])))
        return error;
    t->shards = 1;
    if (t->rule->minimise || model_macs(t->shard[0]) * batch < WORTH_SHARING)
        return NULL;
    const int shards = batch < MAX_SHARDS ? batch : MAX_SHARDS;
    for (; t->shards < shards && !error; t->shards++) {
        Model **twin = &t->shard[t->shards];
        if (!(error = model_share(twin, t->shard[0], e, batch / shards + 1)))
            error = model_prepare(*twin);
    }
    return error;
}

static Error run_epochs(Training *t)
{
    const TrainSpec *s = &t->experiment.train;
    Error error = NULL;

    for (; t->epoch < s->epochs && !error; t->epoch++) {
        if (s->shuffle) {
            Rng rng = rng_stream(t->options->seed, IMAGE_ORDER, t->epoch, 0);
            rng_shuffle(&rng, t->order, t->data.n);
        }
        t->first = t->B = t->step = 0;
        error = t->rule->minimise ? minimise_epoch(t) : train_epoch(t);
    }
    return error;
}

/* From the first weights to the last, and the time that this takes. */
static Error train_shards(Training *t)
{
    const int batch = t->experiment.train.batch;

    t->optimiser = optimiser_create(&t->experiment.optimiser, t->shard[0]->n);
    t->optimiser->type = t->rule;
    t->steps = (t->data.n + batch - 1) / batch;
    t->labels = allocate(batch, 1);
    t->order = allocate(t->data.n, sizeof *t->order);
    first_order(t->order, &t->data, t->experiment.train.sorted);
    if (t->rule->minimise)
        t->total = allocate(t->shard[0]->n, sizeof *t->total);
    model_initialise(t->shard[0], t->options->seed);

    TrainTime time = { .seconds = clock_seconds() };
    t->since = clock_thread_seconds();
    const Error error = run_epochs(t);
    time.seconds = clock_seconds() - time.seconds;
    time.core_seconds = t->core_seconds + clock_thread_seconds() - t->since;
    if (t->options->time)
        *t->options->time = time;
    optimiser_free(t->optimiser);
    free(t->labels);
    free(t->order);
    free(t->total);
    return error;
}

Error train(Model **model, const Experiment *e, const Dataset *data,
            const TrainOptions *options)
{
    Training t = { .experiment = experiment_complete(e), .options = options };
    Dataset held_out;
    Error error = experiment_check(&t.experiment);

    t.rule = options->rule ? options->rule
                           : optimiser_types[e->optimiser.kind];
    if (error || (error = experiment_split(&t.data, &held_out, e, data))
        || (error = create_shards(&t)) || (error = train_shards(&t)))
        error = error_text("%s: %s", e->name, error);
    for (int k = 1; k < t.shards; k++)
        model_free(t.shard[k]);
    if (error)
        model_free(t.shard[0]);
    else
        *model = t.shard[0];
    return error;
}
