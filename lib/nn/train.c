/* SPDX-License-Identifier: MIT */
#include "nn/train.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "nn/blas.h"
#include "nn/optimiser.h"
#include "base/parallel.h"

/* A batch is cut into shards that can be worked on side by side. Their number
 * depends on the work alone, never on the threads: the gradients are added in
 * the order of the shards, so the result is the same bits on any number. Below
 * 10^7 multiplications handing a shard over costs more than it brings. */
enum { MAX_SHARDS = 2, WORTH_SHARING = 10000000, CURVE = 48 };

/* Everything one training needs, so that its parts can be functions. */
typedef struct Training {
    const Experiment *experiment;
    const TrainOptions *options;
    Dataset data, held_out;
    int *order;                        /* of the images in this epoch */
    int shards;
    Model *shard[MAX_SHARDS];          /* shard[0] is the model itself */
    int first, B;                      /* the batch: order[first], B in all */
    double loss[MAX_SHARDS];           /* sums over each shard's images */
    int correct[MAX_SHARDS];
    Optimiser *optimiser;
} Training;

/* How many of B rows of outputs have their largest number at the label. */
static int count_correct(const float *y, const uint8_t *labels, int B)
{
    int correct = 0;

    for (int i = 0; i < B; i++)
        correct += largest_of(y + i * CLASSES) == labels[i];
    return correct;
}

/* The part of shard s: gather its images, forward, loss, backward. */
static void learn_shard(void *context, int s)
{
    Training *t = context;
    Model *m = t->shard[s];
    const int from = t->B * s / t->shards, to = t->B * (s + 1) / t->shards;
    const int B = to - from;
    uint8_t labels[B + 1];

    for (int i = 0; i < B; i++)
        labels[i] = t->data.labels[t->order[t->first + from + i]];
    gather(m->x[0], &t->data, t->order, t->first + from, B);
    t->loss[s] = model_learn(m, labels, B, t->B);
    t->correct[s] = count_correct(m->x[m->depth], labels, B);
}

/* Slice s of the parameters: the gradients of the other shards are added to
 * the first one's, in order. */
static void add_shards(void *context, int s)
{
    Training *t = context;
    const size_t n = t->shard[0]->n;
    const size_t from = n * s / t->shards, to = n * (s + 1) / t->shards;
    float *total = t->shard[0]->gradients;

    for (int k = 1; k < t->shards; k++)
        axpy(total + from, 1, t->shard[k]->gradients + from, to - from);
}

static void update_slice(void *context, int s)
{
    Training *t = context;
    Model *m = t->shard[0];

    optimiser_update(t->optimiser, m->parameters, m->gradients,
                     m->n * s / t->shards, m->n * (s + 1) / t->shards);
}

/* The length of each layer's gradient, as one vector of all its dW and db. */
static void gradient_lengths(double length[MAX_LAYERS], const Model *m)
{
    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        length[i] = sqrt((double)dot(l->dW, l->dW, l->weights)
                         + (double)dot(l->db, l->db, l->biases));
    }
}

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

/* One epoch: every image once, batch after batch, and `points` points for the
 * learning curve. */
static Error train_epoch(Training *t, History *h, int epoch, int points)
{
    const int n = t->data.n, batch = t->experiment->train.batch;
    const int threads = t->options->threads;
    int steps = (n + batch - 1) / batch, seen = 0, point = 0;
    double loss = 0, correct = 0;

    for (int step = 0; step < steps; step++) {
        t->first = step * batch;
        t->B = n - t->first < batch ? n - t->first : batch;
        parallel_for(t->shards, threads, learn_shard, t);
        if (t->shards > 1)
            parallel_for(t->shards, threads, add_shards, t);
        for (int s = 0; s < t->shards; s++) {
            loss += t->loss[s];
            correct += t->correct[s];
        }
        seen += t->B;

        const bool at_point = (long)(step + 1) * points / steps > point;
        Point *p = &h->point[h->points];
        if (at_point)
            gradient_lengths(p->gradient, t->shard[0]);
        optimiser_step(t->optimiser);
        parallel_for(t->shards, threads, update_slice, t);
        if (!at_point)
            continue;

        if (!isfinite(loss))
            return error_text("%s: the loss is not finite in epoch %d, step "
                              "%d, with learning rate %g: try a smaller one",
                              t->experiment->name, epoch + 1, step + 1,
                              (double)t->experiment->optimiser.learning_rate);
        p->epoch = epoch + (double)(step + 1) / steps;
        p->loss = loss / seen;
        p->accuracy = correct / seen;
        p->validation_loss = p->validation_accuracy = NAN;
        if (step + 1 == steps)
            validate(p, t);
        if (t->options->progress)
            t->options->progress(t->options->context, p);
        h->points++;
        point++;
        seen = 0;
        loss = correct = 0;
    }
    return NULL;
}

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

/* Trains the model of an experiment on `data`, from the first random weights
 * to the last epoch. Streams of random numbers: 0 for the weights, 1 for the
 * order of the images, 2 and on for the dropout of each shard. */
Error train(Model **model, History *h, const Experiment *e, const Dataset *data,
            const TrainOptions *options)
{
    const int validation = e->train.validation;
    const int images = e->train.images ? e->train.images : data->n - validation;
    Training t = { .experiment = e, .options = options };
    Error error;

    if (validation < 0 || images < 1 || images + validation > data->n)
        return error_text("%s: %d images for training and %d for validation; "
                          "the data set has %d",
                          e->name, images, validation, data->n);
    if (e->train.batch < 1 || e->train.epochs < 1
        || e->train.epochs > MAX_POINTS)
        return error_text("%s: %d epochs in batches of %d; expected 1 to %d "
                          "epochs, batches of at least 1",
                          e->name, e->train.epochs, e->train.batch,
                          MAX_POINTS);
    const int points = CURVE < e->train.epochs ? 1 : CURVE / e->train.epochs;
    t.data = dataset_slice(data, 0, images);
    t.held_out = dataset_slice(data, data->n - validation, validation);
    *h = (History){ 0 };

    Model *m;
    if ((error = model_create(&m, e, e->train.batch)))
        return error_text("%s: %s", e->name, error);
    model_initialise(m, options->seed);
    t.shard[0] = m;
    t.shards = model_macs(m) * e->train.batch < WORTH_SHARING
             ? 1 : e->train.batch < MAX_SHARDS ? e->train.batch : MAX_SHARDS;
    for (int s = 0; s < t.shards; s++) {
        if (s > 0)
            t.shard[s] = model_share(m, e, e->train.batch / t.shards + 1);
        for (int i = 0; i < m->depth; i++) {
            const uint64_t stream = 2 + (uint64_t)(s * MAX_LAYERS + i);
            t.shard[s]->layers[i].rng = rng_create(options->seed, stream);
        }
    }
    t.optimiser = optimiser_create(&e->optimiser, m->n);
    t.order = allocate(images, sizeof *t.order);
    first_order(t.order, &t.data, e->train.sorted);

    Rng rng = rng_create(options->seed, 1);
    const double start = clock_seconds();
    for (int epoch = 0; !error && epoch < e->train.epochs; epoch++) {
        if (e->train.shuffle)
            rng_shuffle(&rng, t.order, images);
        error = train_epoch(&t, h, epoch, points);
    }
    h->seconds = clock_seconds() - start;

    for (int s = 1; s < t.shards; s++)
        model_free(t.shard[s]);
    optimiser_free(t.optimiser);
    free(t.order);
    if (error)
        model_free(m);
    else
        *model = m;
    return error;
}
