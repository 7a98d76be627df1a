/* SPDX-License-Identifier: MIT */
#include "runs/network.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "runs/safetensors.h"

/* Layers and optimisers are added to these by name (runs/code.c). */
static const char *const network_files[] = {
    "base/memory", "base/parallel", "base/rng", "base/spec", "data/gather",
    "nn/experiment", "nn/layer", "nn/learning", "nn/loss", "nn/metrics",
    "nn/model", "nn/optimiser", "nn/plain", "nn/products", "nn/train",
    "runs/history", "runs/network", NULL,
};

/* Who watches a training. */
typedef struct Watcher {
    const FitOptions *options;
    Recorder recorder;
    Dataset held_out;
    TrainTime judging;                 /* what that took, on held-out images */
} Watcher;

/* Evaluates on the images held out, if there are any. */
static void validate(Watcher *w, Point *p, Model *m)
{
    if (w->held_out.n == 0)
        return;
    const TrainTime start = { clock_seconds(), clock_thread_seconds() };
    Predictions judged = evaluate(m, &w->held_out);
    p->validation_loss = judged.loss;
    p->validation_accuracy = judged.accuracy;
    predictions_free(&judged);
    w->judging.seconds += clock_seconds() - start.seconds;
    w->judging.core_seconds += clock_thread_seconds() - start.core_seconds;
}

static void watch(void *context, const Batch *b)
{
    Watcher *w = context;

    if (!recorder_add(&w->recorder, b))
        return;
    Point *p = recorder_point(&w->recorder, b);
    if (b->step == b->steps)
        validate(w, p, b->model);
    if (w->options->progress)
        w->options->progress(w->options->context, p);
}

Error network_fit(Model **m, History *h, const Experiment *e,
                  const Dataset *data, const FitOptions *options)
{
    Watcher w = { options, recorder_create(h, e->train.epochs) };
    Dataset training;
    Error error = experiment_split(&training, &w.held_out, e, data);

    if (error)
        return error_text("%s: %s", e->name, error);
    error = train(m, e, data,
                  &(TrainOptions){ .seed = options->seed,
                                   .threads = options->threads, .watch = watch,
                                   .context = &w, .time = &h->time });
    h->time.seconds -= w.judging.seconds;
    h->time.core_seconds -= w.judging.core_seconds;
    return error;
}

static Error fit(void **learned, History *h, const Experiment *e,
                 const Dataset *data, const FitOptions *options)
{
    Model *m = NULL;
    const Error error = network_fit(&m, h, e, data, options);

    *learned = m;
    return error;
}

static Predictions predict(void *learned, const Dataset *d)
{
    return evaluate(learned, d);
}

static size_t parameters(const void *learned)
{
    return ((const Model *)learned)->n;
}

Error weights_write(const Model *m, const char *path)
{
    const size_t header = safetensors_header(NULL, 0, m);
    char *s = allocate(header, 1);
    Text t = { 0 };

    safetensors_header(s, header, m);
    text_add_bytes(&t, s, header);
    text_add_bytes(&t, (const char *)m->parameters,
                   (m->n + m->states) * sizeof(float));
    const Error error = text_write(&t, path);
    text_free(&t);
    free(s);
    return error;
}

Error weights_read(Model *m, const char *path)
{
    Text t = { 0 };
    Error error = text_read(&t, path);

    if (!error && (error = safetensors_load(m, text_string(&t), t.length)))
        error = error_text("%s: %s", path, error);
    text_free(&t);
    return error;
}

static void path_in(char path[1200], const char *folder)
{
    snprintf(path, 1200, "%s/model.safetensors", folder);
}

static Error save(const void *learned, const char *folder)
{
    char path[1200];

    path_in(path, folder);
    return weights_write(learned, path);
}

static Error load(void **learned, const Experiment *e, int batch,
                  const char *folder)
{
    char path[1200];
    Model *m;
    Error error = model_create(&m, e, batch);

    *learned = NULL;
    if (error)
        return error;
    path_in(path, folder);
    if ((error = weights_read(m, path)))
        model_free(m);
    else
        *learned = m;
    return error;
}

static void release(void *learned)
{
    model_free(learned);
}

const Method network_method = {
    .name = "network", .files = network_files, .layered = true, .fit = fit,
    .predict = predict, .parameters = parameters, .save = save, .load = load,
    .release = release,
};
