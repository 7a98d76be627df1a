/* SPDX-License-Identifier: MIT */
#include "nn/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "nn/complete.h"
#include "nn/products.h"
#include "nn/random.h"

/* A batch is cut into shards that can be worked on side by side. Their number
 * depends on the work alone, never on the threads: the gradients are added in
 * the order of the shards, so the result is the same bits on any number. Below
 * 10^7 multiplications handing a shard over costs more than it brings. */
enum { MAX_SHARDS = 2, WORTH_SHARING = 10000000 };

/* Everything one training needs, so that its parts can be functions. */
typedef struct Training {
    Experiment experiment;             /* complete */
    const TrainOptions *options;
    Dataset data, held_out;
    const OptimiserType *rule;
    Optimiser *optimiser;
    Recorder recorder;

    int epoch;                         /* from 0 */
    int *order;                        /* of the images in this epoch */
    int first, B;                      /* the batch: order[first], B in all */
    uint8_t *labels;                   /* (B) */

    int shards;
    Model *shard[MAX_SHARDS];          /* shard[0] is the model itself */
    double loss[MAX_SHARDS];           /* sums over each shard's images */
    int correct[MAX_SHARDS];
    double busy[MAX_SHARDS];           /* core seconds of the last task */
    double core_seconds, since;        /* so far; of this thread since then */
    void (*task)(struct Training *t, int s);
} Training;

/* ---- the loop ---- */

static bool next_batch(Training *t);
static void forward(Training *t, int s);
static void loss(Training *t, int s);
static void backward(Training *t, int s);
static void step(Training *t, int s);
static void in_shards(Training *t, void (*task)(Training *t, int s));
static Error record(Training *t);

/* One epoch: every image once, batch after batch. */
static Error train_epoch(Training *t)
{
    Error error = NULL;

    while (!error && next_batch(t)) {
        in_shards(t, forward);
        in_shards(t, loss);
        in_shards(t, backward);
        in_shards(t, step);
        error = record(t);
    }
    return error;
}

/* ---- its parts ---- */

/* The learning rate of the next step. */
static float learning_rate(const Training *t)
{
    return t->experiment.optimiser.learning_rate;
}

/* False at the end of an epoch. */
static bool next_batch(Training *t)
{
    const int n = t->data.n, batch = t->experiment.train.batch;

    t->first += t->B;
    if (t->first >= n)
        return false;
    t->B = n - t->first < batch ? n - t->first : batch;
    for (int i = 0; i < t->B; i++)
        t->labels[i] = t->data.labels[t->order[t->first + i]];
    optimiser_step(t->optimiser, learning_rate(t));
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

    t->loss[s] = model_loss_gradient(m, labels, B, t->B);
    t->correct[s] = count_correct(m->x[m->depth], labels, B);
}

static void backward(Training *t, int s)
{
    model_backward(t->shard[s], shard_size(t, s));
}

/* In slice s of the parameters: the gradients of the other shards are added to
 * the first one's, in order, and the optimiser moves the weights. */
static void step(Training *t, int s)
{
    Model *m = t->shard[0];
    const size_t from = m->n * s / t->shards, to = m->n * (s + 1) / t->shards;

    for (int k = 1; k < t->shards; k++)
        axpy(m->gradients + from, 1, t->shard[k]->gradients + from, to - from);
    optimiser_update(t->optimiser, m->parameters, m->gradients, from, to);
}

/* ---- shards ---- */

static void timed_task(void *context, int s)
{
    Training *t = context;
    const double start = clock_thread_seconds();

    t->task(t, s);
    t->busy[s] = clock_thread_seconds() - start;
}

/* A task for each shard, side by side; core seconds are those in which they
 * were worked on, by whichever thread. */
static void in_shards(Training *t, void (*task)(Training *t, int s))
{
    if (t->shards == 1) {
        task(t, 0);
        return;
    }
    t->core_seconds += clock_thread_seconds() - t->since;
    t->task = task;
    parallel_for(t->shards, t->options->threads, timed_task, t);
    for (int s = 0; s < t->shards; s++)
        t->core_seconds += t->busy[s];
    t->since = clock_thread_seconds();
}

/* ---- a rule that wants all images at once ---- */

/* Objective of such a rule: goes through all batches and adds up. */
static double loss_of_all(void *context)
{
    Training *t = context;
    Model *m = t->shard[0];
    float *total = allocate(m->n, sizeof *total);
    double sum = 0;
    int correct = 0;

    t->first = t->B = 0;
    while (next_batch(t)) {
        forward(t, 0);
        sum += model_loss_gradient(m, t->labels, t->B, t->data.n);
        correct += count_correct(m->x[m->depth], t->labels, t->B);
        backward(t, 0);
        axpy(total, 1, m->gradients, m->n);
    }
    memcpy(m->gradients, total, m->n * sizeof *total);
    free(total);
    t->correct[0] = correct;
    return sum / t->data.n;
}

static Error minimise_epoch(Training *t)
{
    Model *m = t->shard[0];

    t->rule->minimise(t->optimiser, m->parameters, m->gradients, m->n, loss_of_all,
                      t);
    t->loss[0] = t->data.n * loss_of_all(t);
    t->B = t->data.n;
    return record(t);
}

/* ---- writing down ---- */

/* Evaluates on the images held out, if there are any. */
static void validate(Point *p, Training *t)
{
    if (t->held_out.n == 0)
        return;
    Predictions judged = evaluate(t->shard[0], &t->held_out);
    p->validation_loss = judged.loss;
    p->validation_accuracy = judged.accuracy;
    predictions_free(&judged);
}

/* Adds the batch to the learning curve, and stops when there is no sense in
 * going on. */
static Error record(Training *t)
{
    Recorder *r = &t->recorder;

    double sum = 0;
    int correct = 0;

    for (int s = 0; s < t->shards; s++) {
        sum += t->loss[s];
        correct += t->correct[s];
    }
    recorder_add(r, sum, correct, t->B);
    if (!recorder_due(r))
        return NULL;
    if (!isfinite(r->loss))
        return error_text("%s: the loss is not finite in epoch %d, step %ld, "
                          "with learning rate %g: try a smaller one",
                          t->experiment.name, t->epoch + 1,
                          (r->step - 1) % r->steps + 1,
                          (double)learning_rate(t));
    Point *p = recorder_point(r, t->shard[0]);
    if (r->step % r->steps == 0)
        validate(p, t);
    if (t->options->progress)
        t->options->progress(t->options->context, p);
    return NULL;
}

/* ---- from the first weights to the last epoch ---- */

/* The order to begin with: that of the file, or digit by digit. */
static void first_order(int *order, const Dataset *data, bool sorted)
{
    int n = 0;

    for (int i = 0; i < data->n && !sorted; i++)
        order[n++] = i;
    for (int digit = 0; digit < CLASSES && sorted; digit++)
        for (int i = 0; i < data->n; i++)
            if (data->labels[i] == digit)
                order[n++] = i;
}

/* What cannot be done with these data. */
static Error check_plan(const Experiment *e, int images, const Dataset *data)
{
    const TrainSpec *s = &e->train;

    if (s->validation < 0 || images < 1 || images + s->validation > data->n)
        return error_text("%s: %d images for training and %d for validation; "
                          "the data set has %d",
                          e->name, images, s->validation, data->n);
    if (s->batch < 1 || s->epochs < 1 || s->epochs > MAX_POINTS)
        return error_text("%s: %d epochs in batches of %d; expected 1 to %d "
                          "epochs, batches of at least 1",
                          e->name, s->epochs, s->batch, MAX_POINTS);
    const Error error = experiment_check(e);
    return error ? error_text("%s: %s", e->name, error) : NULL;
}

/* One model for each shard, all over the same parameters. */
static Error create_shards(Training *t)
{
    const Experiment *e = &t->experiment;
    const int batch = e->train.batch;
    Error error = model_create(&t->shard[0], e, batch);

    t->shards = 1;
    if (error || (error = model_prepare(t->shard[0])))
        return error;
    if (t->rule->minimise
        || model_macs(t->shard[0]) * batch < WORTH_SHARING)
        return NULL;
    const int shards = batch < MAX_SHARDS ? batch : MAX_SHARDS;
    while (t->shards < shards && !error) {
        Model **twin = &t->shard[t->shards];
        error = model_share(twin, t->shard[0], e, batch / shards + 1);
        if (!error) {
            t->shards++;
            error = model_prepare(*twin);
        }
    }
    return error;
}

static Error run_epochs(Training *t)
{
    const TrainSpec *s = &t->experiment.train;
    Error error = NULL;

    for (; t->epoch < s->epochs && !error; t->epoch++) {
        if (s->shuffle) {
            Rng rng = random_stream(t->options->seed, STREAM_ORDER, t->epoch, 0);
            rng_shuffle(&rng, t->order, t->data.n);
        }
        t->first = t->B = 0;
        error = t->rule->minimise ? minimise_epoch(t) : train_epoch(t);
    }
    return error;
}

/* Trains the model of an experiment on `data`. */
Error train(Model **model, History *h, const Experiment *e, const Dataset *data,
            const TrainOptions *options)
{
    Training t = { .experiment = experiment_complete(e), .options = options };
    const TrainSpec *s = &t.experiment.train;
    const int images = s->images ? s->images : data->n - s->validation;
    Error error = check_plan(&t.experiment, images, data);

    if (error)
        return error;
    t.rule = options->rule ? options->rule
                           : &optimiser_types[e->optimiser.kind];
    if ((error = create_shards(&t))) {
        error = error_text("%s: %s", e->name, error);
    } else {
        t.data = dataset_slice(data, 0, images);
        t.held_out = dataset_slice(data, data->n - s->validation,
                                   s->validation);
        t.optimiser = optimiser_create(&t.experiment.optimiser, t.shard[0]->n);
        t.optimiser->type = t.rule;
        t.recorder = recorder_create(h, s->epochs,
                                     t.rule->minimise ? 1
                                     : (images + s->batch - 1) / s->batch);
        t.labels = allocate(s->batch, 1);
        t.order = allocate(images, sizeof *t.order);
        first_order(t.order, &t.data, s->sorted);
        model_initialise(t.shard[0], options->seed);

        const double start = clock_seconds();
        t.since = clock_thread_seconds();
        error = run_epochs(&t);
        h->seconds = clock_seconds() - start;
        h->core_seconds = t.core_seconds + clock_thread_seconds() - t.since;
    }
    for (int k = 1; k < t.shards; k++)
        model_free(t.shard[k]);
    optimiser_free(t.optimiser);
    free(t.labels);
    free(t.order);
    if (error)
        model_free(t.shard[0]);
    else
        *model = t.shard[0];
    return error;
}
