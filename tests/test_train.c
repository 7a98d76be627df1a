/* SPDX-License-Identifier: MIT
 *
 * Training: the same bits on any number of threads, the same numbers as a loop
 * written by hand, the history, what cannot be trained; and the metrics.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "check_layer.h"
#include "data/gather.h"
#include "data/synth.h"
#include "nn/train.h"
#include "runs/confusion.h"
#include "runs/network.h"

/* Most kinds of layers, and 14 million multiplications in a batch of 64: enough
 * to be shared among threads. 137 images leave a last batch of 9. */
static const Experiment large = {
    .name      = "large",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 8, .kernel = 5 }, { RELU },
                   { MAX_POOL, .kernel = 2 }, { DROPOUT, .rate = 0.25f },
                   { CONV2D, .channels = 8, .kernel = 3, .padding = 1 }, { SIGMOID },
                   { FLATTEN }, { DENSE, .units = 20 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.003f, .beta1 = 0.9f, .beta2 = 0.999f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 2, .batch = 64, .shuffle = true, .images = 137 },
};

static const Experiment small = {
    .name      = "small",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 16 }, { RELU }, { DENSE, .units = 10 },
                   { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { MOMENTUM, .learning_rate = 0.05f, .momentum = 0.9f },
    .train     = { .epochs = 3, .batch = 10, .shuffle = true },
};

static Dataset digits;                 /* 300 synthetic ones, of all classes */

static int setup(void **state)
{
    (void)state;
    digits = synth_digits(300, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dataset_free(&digits);
    return 0;
}

/* Near enough, and a number: cmocka's assert_float_equal lets NAN pass. */
#define assert_near(found, wanted, tolerance)                                  \
    check_near(#found, found, wanted, tolerance)

static void check_near(const char *what, double found, double wanted,
                       double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%s is %.9g, expected %.9g", what, found, wanted);
}

static Model *trained(const Experiment *e, History *h, uint64_t seed, int threads)
{
    Model *m = NULL;
    const Error error = network_fit(&m, h, e, &digits,
                              &(FitOptions){ .seed = seed, .threads = threads });

    if (error)
        fail_msg("%s", error);
    return m;
}

static bool same_bits(const Model *a, const Model *b)
{
    assert_int_equal(a->n, b->n);
    return memcmp(a->parameters, b->parameters, a->n * sizeof(float)) == 0;
}

/* --- seeds and threads --------------------------------------------------- */

static bool has_kind(const Experiment *e, int kind)
{
    for (int i = 0; i < MAX_LAYERS; i++)
        if ((int)e->layers[i].kind == kind)
            return true;
    return false;
}

/* The same parameters and the same history, whatever the number of threads. */
static void check_threads(const Experiment *e)
{
    static const int threads[] = { 0, 2, 4 };
    static History one, other;
    Model *m = trained(e, &one, 1, 1);

    assert_true(model_macs(m) * e->train.batch > 1e7);
    for (int i = 0; i < 3; i++) {
        Model *n = trained(e, &other, 1, threads[i]);
        assert_true(same_bits(m, n));
        assert_int_equal(one.points, other.points);
        assert_memory_equal(one.point, other.point,
                            one.points * sizeof *one.point);
        model_free(n);
    }
    Model *n = trained(e, &other, 2, 2);
    assert_false(same_bits(m, n));
    model_free(n);
    model_free(m);
}

/* A kind of layer that `large` does not have takes the place of one. */
static void test_threads_and_seeds(void **state)
{
    Experiment e = large;

    (void)state;
    check_threads(&large);
    for (int kind = NO_LAYER + 1; kind < LAYER_KINDS; kind++)
        if (!has_kind(&large, kind)) {
            e.layers[5] = small_spec((LayerKind)kind, 1);
            check_threads(&e);
        }
}

/* The seed decides on more than the first weights: the order of the images,
 * and which inputs are silenced. */
static void test_randomness(void **state)
{
    static History h;
    Experiment e = small;
    Model *shuffled = trained(&e, &h, 1, 1);

    (void)state;
    e.train.shuffle = false;
    Model *ordered = trained(&e, &h, 1, 1);
    assert_false(same_bits(shuffled, ordered));
    e.layers[1] = (LayerSpec){ DROPOUT, .rate = 0.5f };
    Model *dropped = trained(&e, &h, 1, 1);
    e.layers[1].rate = 0;
    Model *kept = trained(&e, &h, 1, 1);
    assert_false(same_bits(dropped, kept));
    model_free(shuffled);
    model_free(ordered);
    model_free(dropped);
    model_free(kept);
}

/* Training as plainly as can be: one model, no shards. Which inputs are silenced
 * is up to the image, so that dropout, too, is that of the shards. */
static Model *trained_by_hand(const Experiment *e, uint64_t seed)
{
    const int n = e->train.images ? e->train.images : digits.n;
    int order[300] = { 0 };            /* gather asks for the next beforehand */
    uint8_t labels[300];
    Model *m;

    assert_null(model_create(&m, e, e->train.batch));
    assert_null(model_prepare(m));
    model_initialise(m, seed);
    Optimiser *o = optimiser_create(&e->optimiser, m->n);
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int epoch = 0; epoch < e->train.epochs; epoch++) {
        Rng rng = rng_stream(seed, IMAGE_ORDER, epoch, 0);
        rng_shuffle(&rng, order, n);
        for (int first = 0; first < n; first += e->train.batch) {
            const int B = n - first < e->train.batch ? n - first : e->train.batch;
            for (int i = 0; i < B; i++)
                labels[i] = digits.labels[order[first + i]];
            gather(m->x[0], &digits, order, first, B);
            model_forward(m, B, &(Pass){ .training = true, .seed = seed,
                                         .epoch = epoch, .image = order + first });
            model_loss(m, labels, B, B);
            model_backward(m, B);
            optimiser_step(o, e->optimiser.learning_rate);
            optimiser_update(o, m->parameters, m->gradients, 0, m->n);
        }
    }
    optimiser_free(o);
    return m;
}

static void check_against_hand(const Experiment *e)
{
    static History h;
    Model *m = trained(e, &h, 3, 2), *hand = trained_by_hand(e, 3);
    float largest = 0;

    for (size_t i = 0; i < m->n; i++)
        largest = fmaxf(largest, fabsf(hand->parameters[i]));
    for (size_t i = 0; i < m->n; i++)
        if (!(fabsf(m->parameters[i] - hand->parameters[i]) <= 1e-4f * largest))
            fail_msg("%s, %d images: parameter %zu is %g, by hand %g", e->name,
                     e->train.images, i, (double)m->parameters[i],
                     (double)hand->parameters[i]);
    model_free(m);
    model_free(hand);
}

/* Shards add up to the whole, also where the last batch has fewer images than
 * there are shards. */
static void test_against_a_plain_loop(void **state)
{
    Experiment e = large;

    (void)state;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 0.1f };
    check_against_hand(&e);
    check_against_hand(&small);
    for (e.train.images = 128; e.train.images <= 131; e.train.images++)
        check_against_hand(&e);
}

/* Sorted: the same as if the data set had come in this order, of equal digits
 * the first one first. */
static void test_sorted(void **state)
{
    static History h;
    const Dataset unsorted = digits;
    Experiment e = small;
    int n = 0;

    (void)state;
    e.train.shuffle = false;
    Model *before = trained(&e, &h, 1, 1);
    e.train.sorted = true;
    Model *m = trained(&e, &h, 1, 1);
    e.train.sorted = false;
    digits = dataset_create(unsorted.n);
    for (int label = 0; label < CLASSES; label++)
        for (int i = 0; i < unsorted.n; i++)
            if (unsorted.labels[i] == label) {
                memcpy(digits.pixels + n * PIXELS, unsorted.pixels + i * PIXELS,
                       PIXELS);
                digits.labels[n++] = (uint8_t)label;
            }
    Model *same = trained(&e, &h, 1, 1);
    dataset_free(&digits);
    digits = unsorted;
    assert_true(same_bits(m, same));
    assert_false(same_bits(m, before));
    model_free(before);
    model_free(m);
    model_free(same);
}

/* --- the pool of threads ------------------------------------------------- */

static void count_task(void *context, int i)
{
    int *count = context;              /* plain: each task has its own */

    count[i]++;
}

static void check_counts(int tasks, int threads, int calls)
{
    int count[101] = { 0 };

    for (int i = 0; i < calls; i++)
        parallel_for(tasks, threads, count_task, count);
    for (int i = 0; i <= 100; i++)
        if (count[i] != (i < tasks ? calls : 0))
            fail_msg("%d tasks, %d threads: task %d done %d times in %d calls",
                     tasks, threads, i, count[i], calls);
}

static void test_parallel_for(void **state)
{
    static const int tasks[] = { 0, 1, 2, 7, 100 };
    static const int threads[] = { -1, 0, 1, 2, 4 };

    (void)state;
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            check_counts(tasks[i], threads[j], 50);
    check_counts(2, 2, 50000);
    check_counts(7, 4, 5000);
}

static void pause_for(double seconds)
{
    const double end = clock_seconds() + seconds;

    while (clock_seconds() < end)
        sched_yield();
}

static void inner_task(void *context, int i)
{
    int (*count)[7] = context;

    pause_for(i * 10e-6);              /* so that calls end in any order */
    parallel_for(7, 2, count_task, count[i]);
}

static void outer_task(void *context, int i)
{
    int (*count)[3][7] = context;

    pause_for(i * 10e-6);
    parallel_for(3, 4, inner_task, count[i]);
}

static void test_nested_calls(void **state)
{
    int count[5][3][7] = { 0 };

    (void)state;
    for (int i = 0; i < 500; i++)
        parallel_for(5, 1 + i % 4, outer_task, count);
    for (int i = 0; i < 5 * 3 * 7; i++)
        assert_int_equal(count[i / 21][i / 7 % 3][i % 7], 500);
}

typedef struct Crowd {
    int allowed;
    atomic_int now, tasks_in_excess;
} Crowd;

static void join_crowd(void *context, int i)
{
    Crowd *c = context;

    (void)i;
    if (atomic_fetch_add(&c->now, 1) >= c->allowed)
        atomic_fetch_add(&c->tasks_in_excess, 1);
    pause_for(0.0002);
    atomic_fetch_sub(&c->now, 1);
}

/* However many helpers there are from other calls; the last one asks for more
 * than there may be at all, and goes last, for its helpers stay. */
static void test_not_too_many_threads(void **state)
{
    static const int threads[] = { 4, 3, 2, 1, 129 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        Crowd c = { .allowed = threads[i] < 64 ? threads[i] : 64 };
        parallel_for(200, threads[i], join_crowd, &c);
        assert_int_equal(c.tasks_in_excess, 0);
    }
}

/* Two tasks that wait for each other: only two threads can end this. */
typedef struct Meeting {
    atomic_int missing, alone;
} Meeting;

static void meet(void *context, int i)
{
    Meeting *m = context;
    const double late = clock_seconds() + 5;

    (void)i;
    atomic_fetch_sub(&m->missing, 1);
    while (atomic_load(&m->missing) > 0 && clock_seconds() < late)
        sched_yield();
    if (atomic_load(&m->missing) > 0)
        atomic_fetch_add(&m->alone, 1);
}

/* Two seeds side by side; one ends at once, the other has shards to share. */
typedef struct Seeds {
    pthread_t caller;
    bool caller_ends;
    double pause;
    Meeting seeds, shards;
} Seeds;

static void run_seed(void *context, int i)
{
    Seeds *s = context;

    meet(&s->seeds, i);
    if ((pthread_equal(pthread_self(), s->caller) != 0) == s->caller_ends)
        return;
    pause_for(s->pause);
    parallel_for(2, 2, meet, &s->shards);
}

/* Whoever has nothing to do helps, awake or asleep: a helper as well as the
 * caller that waits for the last seed. Before any test asks for more than two
 * threads: a third would help as well. */
static void test_the_idle_help(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        Seeds s = { .caller = pthread_self(), .caller_ends = i % 2,
                    .pause = i % 4 < 2 ? 0 : 0.002,
                    .seeds.missing = 2, .shards.missing = 2 };
        parallel_for(2, 2, run_seed, &s);
        assert_int_equal(s.seeds.alone, 0);
        assert_int_equal(s.shards.alone, 0);
    }
}

/* --- the history --------------------------------------------------------- */

/* All points lie in order, each epoch ends with one, and only those have been
 * judged on the images held out. */
static void check_history(const History *h, const Experiment *e)
{
    double before = 0, ends = 0;

    for (int i = 0; i < h->points; i++) {
        const Point *p = &h->point[i];
        const bool end = p->epoch == floor(p->epoch);
        assert_true(p->epoch > before);
        assert_true(isfinite(p->loss) && p->loss > 0);
        assert_true(p->accuracy >= 0 && p->accuracy <= 1);
        assert_int_equal(isfinite(p->validation_loss), end && e->train.validation);
        assert_int_equal(isfinite(p->validation_accuracy), end && e->train.validation);
        assert_true(p->gradient[0] > 0 && p->gradient[2] > 0);
        assert_true(p->gradient[1] <= 0 && p->gradient[3] <= 0);
        before = p->epoch;
        ends += end;
    }
    assert_true(before == e->train.epochs && ends == e->train.epochs);
    assert_true(h->time.seconds >= 0);
}

static void test_history(void **state)
{
    static const struct {
        TrainSpec train;
        int points;
    } cases[] = {
        { { .epochs = 3, .batch = 10, .images = 100 }, 30 },       /* all batches */
        { { .epochs = 3, .batch = 7, .images = 100, .validation = 30 }, 45 },
        { { .epochs = 1, .batch = 1, .images = 200 }, 48 },
        { { .epochs = 5, .batch = 1, .images = 13, .validation = 1 }, 45 },
        { { .epochs = 2, .batch = 1000 }, 2 },
        { { .epochs = 128, .batch = 5, .images = 10, .validation = 290 }, 128 },
    };
    static History h;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Experiment e = small;
        e.layers[1].kind = SIGMOID;    /* never dead, as all ReLUs may be at once */
        e.train = cases[i].train;
        model_free(trained(&e, &h, 1, 1));
        assert_int_equal(h.points, cases[i].points);
        check_history(&h, &e);
    }
}

/* With a learning rate of almost nothing every point has seen the same model:
 * weighted by their images, the points give what evaluate finds. And the
 * validation of the last point is that of the model that comes back. */
static void test_history_is_right(void **state)
{
    static History h;
    Experiment e = small;
    const Dataset used = dataset_slice(&digits, 0, 100);
    const Dataset held_out = dataset_slice(&digits, 230, 70);
    double loss = 0, accuracy = 0, before = 0;

    (void)state;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 1e-9f };
    e.train = (TrainSpec){ .epochs = 1, .batch = 1, .images = 100, .validation = 70 };
    Model *m = trained(&e, &h, 1, 1);
    for (int i = 0; i < h.points; i++) {
        const Point *p = &h.point[i];
        loss += p->loss * (p->epoch - before);
        accuracy += p->accuracy * (p->epoch - before);
        before = p->epoch;
    }
    Predictions p = evaluate(m, &used);
    assert_near(loss, p.loss, 1e-4);
    assert_near(accuracy, p.accuracy, 1e-4);
    predictions_free(&p);
    p = evaluate(m, &held_out);
    assert_true(p.loss == h.point[h.points - 1].validation_loss);
    assert_true(p.accuracy == h.point[h.points - 1].validation_accuracy);
    predictions_free(&p);
    model_free(m);
}

/* The length of a layer's gradient is that of its weights and biases together:
 * one step, once more by hand. */
static void test_gradient_length(void **state)
{
    static History h;
    Experiment e = small;
    uint8_t labels[10];
    int order[10];
    Model *hand;

    (void)state;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 1e-9f };
    e.train = (TrainSpec){ .epochs = 1, .batch = 10, .images = 10 };
    model_free(trained(&e, &h, 1, 1));
    assert_null(model_create(&hand, &e, 10));
    assert_null(model_prepare(hand));
    model_initialise(hand, 1);
    for (int i = 0; i < 10; i++)
        labels[i] = digits.labels[order[i] = i];
    gather(hand->x[0], &digits, NULL, 0, 10);
    model_forward(hand, 10, &(Pass){ .training = true, .seed = 1, .image = order });
    model_loss(hand, labels, 10, 10);
    model_backward(hand, 10);
    for (int i = 0; i < hand->depth; i += 2) {
        const Layer *l = &hand->layers[i];
        const float *g = l->tensor[WEIGHT].gradient, *b = l->tensor[BIAS].gradient;
        double weights = 0, biases = 0;
        for (size_t j = 0; j < l->tensor[WEIGHT].n; j++)
            weights += (double)g[j] * (double)g[j];
        for (size_t j = 0; j < l->tensor[BIAS].n; j++)
            biases += (double)b[j] * (double)b[j];
        assert_true(biases > 1e-3 * weights);
        assert_near(h.point[0].gradient[i], sqrt(weights + biases),
                    1e-5 * sqrt(weights));
    }
    model_free(hand);
}

typedef struct Watcher {
    int points;
    double last;
} Watcher;

static void watch(void *context, const Point *latest)
{
    Watcher *w = context;

    w->points++;
    w->last = latest->epoch;
}

static void test_progress(void **state)
{
    static History h;
    Watcher w = { 0 };
    Model *m;

    (void)state;
    assert_null(network_fit(&m, &h, &small, &digits,
                      &(FitOptions){ .seed = 1, .progress = watch, .context = &w }));
    assert_int_equal(w.points, h.points);
    assert_true(w.last == small.train.epochs);
    model_free(m);
}

/* --- learning ------------------------------------------------------------ */

static void test_it_learns(void **state)
{
    static const OptimiserSpec optimisers[] = {
        { SGD, .learning_rate = 0.2f },
        { MOMENTUM, .learning_rate = 0.05f, .momentum = 0.9f },
        { RMSPROP, .learning_rate = 0.003f, .alpha = 0.99f, .epsilon = 1e-8f },
        { ADAM, .learning_rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f,
          .epsilon = 1e-8f },
    };
    static History h;

    (void)state;
    for (size_t i = 0; i < sizeof optimisers / sizeof optimisers[0]; i++)
        for (LossKind loss = 0; loss < LOSS_KINDS; loss++) {
            Experiment e = small;
            e.loss = loss;
            e.optimiser = optimisers[i];
            e.train.epochs = 10;
            if (loss == LOSS_MSE && e.optimiser.kind < RMSPROP)
                e.optimiser.learning_rate *= 10;
            Model *m = trained(&e, &h, 1, 1);
            Predictions p = evaluate(m, &digits);
            if (!(h.point[h.points - 1].loss < h.point[0].loss / 2 && p.accuracy > 0.8))
                fail_msg("optimiser %zu, loss %d: from %g to %g, accuracy %g", i,
                         (int)loss, h.point[0].loss, h.point[h.points - 1].loss,
                         p.accuracy);
            predictions_free(&p);
            model_free(m);
        }
}

/* What is left out is as usual: of the optimiser and of the layers. */
static void test_usual_numbers(void **state)
{
    static const OptimiserSpec usual[OPTIMISER_KINDS] = {
        { SGD, .learning_rate = 0.1f },
        { MOMENTUM, .learning_rate = 0.1f, .momentum = 0.9f },
        { RMSPROP, .learning_rate = 0.001f, .alpha = 0.99f, .epsilon = 1e-8f },
        { ADAM, .learning_rate = 0.001f, .beta1 = 0.9f, .beta2 = 0.999f,
          .epsilon = 1e-8f },
    };
    static History h;

    (void)state;
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        Experiment e = {
            .name   = "bare",
            .input  = { 1, 28, 28 },
            .layers = { { CONV2D, .channels = 2, .kernel = 5 },
                        { MAX_POOL, .kernel = 4 }, { DENSE, .units = 10 } },
            .optimiser = { .kind = (OptimiserKind)k,
                           .learning_rate = usual[k].learning_rate,
                           .momentum = usual[k].momentum },
            .train  = { .epochs = 1, .batch = 50 },
        };
        Model *bare = trained(&e, &h, 1, 1);
        e.layers[0].stride = 1;
        e.layers[1].stride = 4;
        e.optimiser = usual[k];
        Model *full = trained(&e, &h, 1, 1);
        assert_true(same_bits(bare, full));
        e.optimiser.learning_rate *= 2;
        Model *faster = trained(&e, &h, 1, 1);
        assert_false(same_bits(full, faster));
        model_free(bare);
        model_free(full);
        model_free(faster);
    }
}

/* --- a rule that wants all images at once -------------------------------- */

/* What the objective says of one weight, against its values to both sides. */
static void check_slope(float *w, float gradient, double largest,
                        Objective *objective, void *context)
{
    const float here = *w, h = 1.0f / 64;

    *w = here + h;
    const double up = objective(context);
    *w = here - h;
    const double down = objective(context);
    *w = here;
    assert_near(gradient, (up - down) / (2 * (double)h), 5e-6 + 0.01 * largest);
}

static double last_loss, last_length;          /* where the rule has ended */

/* Down the gradient of all images, in steps that are halved until the loss has
 * fallen by half of what the gradient promises (Armijo 1966). */
static void descend(Optimiser *o, float *w, const float *g, size_t n,
                    Objective *objective, void *context)
{
    double loss = objective(context), largest = 0;
    float *from = allocate(n, sizeof *from), *down = allocate(n, sizeof *down);
    double square = 0;

    assert_true(o->spec.learning_rate > 0);
    assert_true(objective(context) == loss);           /* also with dropout */
    memcpy(from, w, n * sizeof *w);
    memcpy(down, g, n * sizeof *g);
    for (size_t i = 0; i < n; i++) {
        square += (double)(down[i] * down[i]);
        largest = fmax(largest, fabs((double)down[i]));
    }
    assert_true(largest > 2e-4);
    for (size_t i = 0; i < n; i += n / 23)
        check_slope(w + i, down[i], largest, objective, context);
    for (float step = 128;; step /= 2) {
        for (size_t i = 0; i < n; i++)
            w[i] = from[i] - step * down[i];
        const double next = objective(context);
        if (next <= loss - (double)step * square / 2) {
            last_loss = next;
            break;
        }
        assert_true(step > 1e-6f);
    }
    last_length = 0;
    for (size_t i = 0; i < n; i++)
        last_length += (double)(g[i] * g[i]);
    free(from);
    free(down);
}

static const OptimiserType descent = {
    .name = "descent", .fields = no_fields, .minimise = descend,
};

static void into_curve(void *context, const Batch *b)
{
    Recorder *r = context;

    if (recorder_add(r, b))
        recorder_point(r, b);
}

/* Trains by a rule of this test. */
static Model *trained_by(const OptimiserType *rule, const Experiment *e,
                         History *h, uint64_t seed, int threads)
{
    Model *m = NULL;
    Recorder r = recorder_create(h, e->train.epochs);
    const Error error = train(&m, e, &digits,
                              &(TrainOptions){ .seed = seed, .threads = threads,
                                               .watch = into_curve, .context = &r,
                                               .time = &h->time, .rule = rule });

    if (error)
        fail_msg("%s", error);
    return m;
}

/* No batches, whatever they say: one point an epoch, the mean loss over all
 * images at the weights as they are then. */
static void check_descent(const Experiment *e, int threads)
{
    static History h;
    Model *m = trained_by(&descent, e, &h, 4, threads);
    double length = 0;

    assert_int_equal(h.points, e->train.epochs);
    for (int i = 0; i < h.points; i++) {
        assert_near(h.point[i].epoch, i + 1, 0);
        if (i > 0 && e->layers[1].kind != DROPOUT)
            assert_true(h.point[i].loss < h.point[i - 1].loss);
    }
    assert_true(h.point[h.points - 1].loss < 0.8 * h.point[0].loss);
    assert_near(h.point[h.points - 1].loss, last_loss, 1e-9);
    for (int i = 0; i < m->depth; i++)
        length += pow(h.point[h.points - 1].gradient[i], 2);
    assert_near(length, last_length, 1e-4 * last_length);
    if (e->layers[1].kind != DROPOUT) {
        const Dataset used = dataset_slice(&digits, 0, e->train.images
                                           ? e->train.images : digits.n);
        Predictions p = evaluate(m, &used);
        assert_near(h.point[h.points - 1].loss, p.loss, 1e-6);
        assert_near(h.point[h.points - 1].accuracy, p.accuracy, 1e-9);
        predictions_free(&p);
    }
    assert_true(h.time.core_seconds > 0);
    model_free(m);
}

static void test_rule_for_all_images(void **state)
{
    Experiment e = small;

    (void)state;
    e.layers[1].kind = SIGMOID;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 0.1f };
    e.train = (TrainSpec){ .epochs = 12, .batch = 64, .shuffle = true };
    check_descent(&e, 1);
    e.train.images = 130;                          /* a last batch of 2 */
    e.train.validation = 20;
    e.loss = LOSS_MSE;
    e.train.epochs = 30;
    check_descent(&e, 2);
    e.layers[1] = (LayerSpec){ DROPOUT, .rate = 0.3f };
    e.loss = LOSS_CROSS_ENTROPY;
    check_descent(&e, 1);
    e = large;                                     /* as large as shards want it */
    e.layers[1].kind = e.layers[3].kind = e.layers[8].kind = SIGMOID;
    e.layers[2] = (LayerSpec){ CONV2D, .channels = 4, .kernel = 2, .stride = 2 };
    e.train = (TrainSpec){ .epochs = 2, .batch = 64, .images = 70 };
    static History h;
    Model *one = trained_by(&descent, &e, &h, 4, 1);
    Model *two = trained_by(&descent, &e, &h, 4, 2);
    assert_true(same_bits(one, two));
    model_free(one);
    model_free(two);
}

/* Another rule for batches comes in the same way. */
static void sign_update(const Optimiser *o, float *w, const float *g, float *m,
                        float *v, size_t n)
{
    (void)m;
    (void)v;
    for (size_t i = 0; i < n; i++)
        w[i] -= o->rate * (float)((g[i] > 0) - (g[i] < 0));
}

static void test_rule_for_batches(void **state)
{
    static const OptimiserType sign = { .name = "sign", .fields = no_fields,
                                        .update = sign_update };
    static History h;
    Experiment e = small;

    (void)state;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 1.0f / 256 };
    Model *m = trained_by(&sign, &e, &h, 1, 1);
    assert_true(h.point[h.points - 1].loss < h.point[0].loss / 2);
    Model *first = NULL;
    assert_null(model_create(&first, &e, 1));
    model_initialise(first, 1);
    for (size_t i = 0; i < m->n; i++) {            /* whole steps, 90 at most */
        const double steps = 256.0 * (m->parameters[i] - first->parameters[i]);
        assert_near(steps, round(steps), 0.01);
        assert_true(fabs(steps) < 90.5);
    }
    model_free(first);
    model_free(m);
}

/* --- time ---------------------------------------------------------------- */

static double process_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Core seconds are those of cores: more than none, not more than the process
 * has used up, nor than its threads could have worked in that time. A machine
 * that is busy with something else changes nothing about that. */
static void check_core_seconds(const Experiment *e, int threads)
{
    static History h;
    const double used = process_seconds();
    Model *m = trained(e, &h, 1, threads);
    const double all = process_seconds() - used, slack = 1e-3;

    assert_true(h.time.seconds > 0 && h.time.core_seconds > 0);
    assert_true(h.time.core_seconds <= threads * h.time.seconds + slack);
    assert_true(h.time.core_seconds <= all + slack);
    if (threads == 1)
        assert_true(h.time.core_seconds >= all / 3);
    model_free(m);
}

static void test_core_seconds(void **state)
{
    Experiment e = small;

    (void)state;
    e.train.epochs = 20;
    check_core_seconds(&e, 1);
    check_core_seconds(&e, 2);                     /* too small for two */
    check_core_seconds(&large, 1);
    check_core_seconds(&large, 2);
}

/* --- what cannot be ------------------------------------------------------ */

static Error train_error(const Experiment *e)
{
    static History h;
    Model *m = NULL;
    const Error error = network_fit(&m, &h, e, &digits, &(FitOptions){ .seed = 1 });

    if (!error) {
        model_free(m);
        fail_msg("%s: trained, where an error was expected", e->name);
    }
    return error;
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static void test_not_finite(void **state)
{
    Experiment e = small;

    (void)state;
    e.name = "rocket";
    e.layers[3].kind = NO_LAYER;
    e.loss = LOSS_MSE;
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 1e6f };
    const Error error = train_error(&e);
    assert_says(error, "rocket: ");
    assert_says(error, "not finite");
    assert_says(error, "epoch 1, step ");
    assert_says(error, "learning rate 1e+06");
}

static void test_impossible_layers(void **state)
{
    static const struct {
        LayerSpec layer;
        const char *says;
    } cases[] = {
        { { CONV2D, .channels = 2, .kernel = 30 }, "layer 1, conv2d: a kernel of 30" },
        { { CONV2D, .kernel = 3 }, "channels is 0, expected 1 to " },
        { { CONV2D, .channels = 2 }, "kernel is 0" },
        { { CONV2D, .channels = 2, .kernel = 3, .stride = -1 }, "stride is -1" },
        { { CONV2D, .channels = 2, .kernel = 3, .padding = -1 }, "padding is -1" },
        { { MAX_POOL, .kernel = 29 }, "layer 1, max_pool: a window of 29" },
        { { MAX_POOL, .units = 2 }, "layer 1, max_pool: kernel is 0" },
        { { DENSE, .units = -3 }, "layer 1, dense: units is -3" },
        { { DROPOUT, .rate = 1 }, "layer 1, dropout: rate is 1" },
        { { DROPOUT, .rate = -0.1f }, "rate is -0.1" },
        { { DROPOUT, .rate = NAN }, "rate is " },
    };
    Experiment e = small;

    (void)state;
    e.name = "odd";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        e.layers[0] = cases[i].layer;
        const Error error = train_error(&e);
        assert_says(error, "odd: ");
        assert_says(error, cases[i].says);
    }
    e.input = (Shape){ 1, 56, 14 };            /* high enough, not wide enough */
    e.layers[0] = (LayerSpec){ MAX_POOL, .kernel = 20 };
    assert_says(train_error(&e), "a window of 20 does not fit into 56 x 14");
    e.layers[0] = (LayerSpec){ CONV2D, .channels = 1, .kernel = 20 };
    assert_says(train_error(&e), "does not fit into 56 x 14");
    e.input = (Shape){ 1, 14, 56 };            /* and the other way round */
    e.layers[0] = (LayerSpec){ MAX_POOL, .kernel = 20 };
    assert_says(train_error(&e), "a window of 20 does not fit into 14 x 56");
    e.layers[0] = (LayerSpec){ CONV2D, .channels = 1, .kernel = 20 };
    assert_says(train_error(&e), "does not fit into 14 x 56");
    e = small;
    e.layers[2].units = 11;
    assert_says(train_error(&e), "from 784 inputs to 11 outputs; expected 784 to 10");
    e = small;
    e.input.rows = 27;
    assert_says(train_error(&e), "from 756 inputs");
    e = small;
    e.layers[3] = (LayerSpec){ .kind = NO_LAYER };
    assert_says(train_error(&e), "loss cross_entropy wants softmax as the last layer, "
                                 "found dense");
    memset(e.layers, 0, sizeof e.layers);
    assert_says(train_error(&e), "from 784 inputs to 784 outputs");
    e.layers[0] = (LayerSpec){ CONV2D, .channels = 1073, .kernel = 28 };
    e.layers[1] = (LayerSpec){ CONV2D, .channels = 8, .kernel = 1,
                               .stride = 1000, .padding = 1000 };
    assert_says(train_error(&e), "layer 2, conv2d: too large with padding 1000");
    e.layers[0] = (LayerSpec){ CONV2D, .channels = 100000, .kernel = 1,
                               .padding = 100 };
    assert_says(train_error(&e), "layer 1, conv2d: too large");
}

static void test_impossible_optimisers(void **state)
{
    static const struct {
        OptimiserSpec optimiser;
        const char *says;
    } cases[] = {
        { { SGD, .learning_rate = 2e6f }, "sgd: learning_rate is 2e+06, expected 1e-09" },
        { { SGD, .learning_rate = -0.1f }, "sgd: learning_rate is -0.1" },
        { { SGD, .learning_rate = NAN }, "sgd: learning_rate is " },
        { { SGD }, "sgd: learning_rate is 0 or left out, expected 1e-09" },
        { { MOMENTUM, .learning_rate = 0.1f }, "momentum: momentum is 0 or left out" },
        { { MOMENTUM, .learning_rate = 0.1f, .momentum = 1 }, "momentum: momentum is 1" },
        { { RMSPROP, .learning_rate = 0.1f, .alpha = -0.5f }, "rmsprop: alpha is -0.5" },
        { { ADAM, .learning_rate = 0.1f, .beta1 = 1.5f }, "adam: beta1 is 1.5" },
        { { ADAM, .learning_rate = 0.1f, .beta2 = 1 }, "adam: beta2 is 1, expected " },
        { { ADAM, .learning_rate = 0.1f, .epsilon = 2 }, "adam: epsilon is 2, expected 1e-20 to 1" },
    };
    static History h;
    Experiment e = small;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        e.optimiser = cases[i].optimiser;
        assert_says(train_error(&e), "small: ");
        assert_says(train_error(&e), cases[i].says);
    }
    /* The ends are inside, and what is not used does not count. */
    e.optimiser = (OptimiserSpec){ SGD, .learning_rate = 1e-9f, .beta1 = 7 };
    model_free(trained(&e, &h, 1, 1));
    e.layers[1] = (LayerSpec){ DROPOUT, .rate = 0.999f };
    model_free(trained(&e, &h, 1, 1));
}

static void test_impossible_training(void **state)
{
    static const struct {
        TrainSpec train;
        const char *says;
    } cases[] = {
        { { .epochs = 1 }, "small: training: batch is 0, expected 1 to 60000" },
        { { .epochs = 1, .batch = -1 }, "training: batch is -1" },
        { { .batch = 1 }, "training: epochs is 0, expected 1 to 128" },
        { { .epochs = 129, .batch = 1 }, "training: epochs is 129" },
        { { .epochs = 1, .batch = 1, .images = 301 }, "301 images for training" },
        { { .epochs = 1, .batch = 1, .images = -1 }, "small: -1 images for training and 0 held out" },
        { { .epochs = 1, .batch = 1, .validation = 300 }, "0 images for training and 300 held out" },
        { { .epochs = 1, .batch = 1, .validation = -1 }, "-1 held out; the data set has 300" },
        { { .epochs = 1, .batch = 1, .images = 200, .validation = 101 },
          "small: 200 images for training and 101 held out; the data set has 300" },
    };
    Experiment e = small;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        e.train = cases[i].train;
        assert_says(train_error(&e), "small: ");
        assert_says(train_error(&e), cases[i].says);
    }
}

/* --- metrics ------------------------------------------------------------- */

static void test_largest(void **state)
{
    (void)state;
    assert_int_equal(largest_of((float[CLASSES]){ 0 }), 0);
    assert_int_equal(largest_of((float[CLASSES]){ 1, 3, 2, 3 }), 1);
    assert_int_equal(largest_of((float[CLASSES]){ -9, -8, -8, -7, -9, -9, -9, -9, -9,
                                                  -6 }), 9);
}

/* Six images: 0 is called 0, 0, 1; 1 is called 1, 1; 2 is called 1. */
static void test_scores(void **state)
{
    uint8_t label[] = { 0, 0, 0, 1, 1, 2 }, predicted[] = { 0, 0, 1, 1, 1, 1 };
    const Predictions p = { .n = 6, .label = label, .predicted = predicted };
    int count[CLASSES][CLASSES], sum = 0;

    (void)state;
    memset(count, 255, sizeof count);
    confusion_matrix(count, &p);
    for (int i = 0; i < CLASSES * CLASSES; i++)
        sum += count[i / CLASSES][i % CLASSES];
    assert_int_equal(sum, 6);
    assert_int_equal(count[0][0], 2);
    assert_int_equal(count[0][1], 1);
    assert_int_equal(count[1][1], 2);
    assert_int_equal(count[2][1], 1);

    static const ClassScore expected[] = {
        { .precision = 1, .recall = 2.0 / 3, .f1 = 0.8, .support = 3 },
        { .precision = 0.5, .recall = 1, .f1 = 2.0 / 3, .support = 2 },
        { .support = 1 },              /* never predicted: 0, not NAN */
        { .support = 0 },              /* not there at all */
    };
    for (int digit = 0; digit < 4; digit++) {
        const ClassScore s = class_score(count, digit), *e = &expected[digit];
        assert_near(s.precision, e->precision, 1e-6);
        assert_near(s.recall, e->recall, 1e-6);
        assert_near(s.f1, e->f1, 1e-6);
        assert_int_equal(s.support, e->support);
    }
}

/* The same answers whatever the size of the batches, also with dropout; and
 * accuracy and loss counted once more, from what is kept for each image. */
static void test_evaluate(void **state)
{
    static const int batches[] = { 1, 7, 150, 299, 300, 301 };
    Predictions p[6];

    (void)state;
    for (int i = 0; i < 6; i++) {
        Experiment e = large;
        Model *m;
        if (i == 0)
            e.layers[3].rate = 0;          /* no dropout: judged, that is no change */
        assert_null(model_create(&m, &e, batches[i]));
        model_initialise(m, 5);
        p[i] = evaluate(m, &digits);
        model_free(m);
    }
    for (int i = 0; i < 6; i++) {
        int correct = 0;
        double loss = 0;
        assert_int_equal(p[i].n, digits.n);
        assert_memory_equal(p[i].label, digits.labels, digits.n);
        assert_memory_equal(p[i].predicted, p[0].predicted, digits.n);
        for (int j = 0; j < digits.n; j++) {
            correct += p[i].predicted[j] == digits.labels[j];
            loss -= log((double)p[i].output[j * CLASSES + digits.labels[j]]);
            assert_int_equal(largest_of(p[i].output + j * CLASSES), p[i].predicted[j]);
        }
        for (int j = 0; j < digits.n * CLASSES; j++)
            assert_near(p[i].output[j], p[0].output[j], 1e-5);
        assert_near(p[i].accuracy, correct / 300.0, 1e-6);
        assert_near(p[i].loss, loss / 300, 1e-4);
    }
    for (int i = 0; i < 6; i++) {
        predictions_free(&p[i]);
        assert_null(p[i].output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_idle_help),
        cmocka_unit_test(test_threads_and_seeds),
        cmocka_unit_test(test_randomness),
        cmocka_unit_test(test_against_a_plain_loop),
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_parallel_for),
        cmocka_unit_test(test_nested_calls),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_history_is_right),
        cmocka_unit_test(test_gradient_length),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_it_learns),
        cmocka_unit_test(test_usual_numbers),
        cmocka_unit_test(test_rule_for_all_images),
        cmocka_unit_test(test_rule_for_batches),
        cmocka_unit_test(test_core_seconds),
        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_impossible_layers),
        cmocka_unit_test(test_impossible_optimisers),
        cmocka_unit_test(test_impossible_training),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_evaluate),
        cmocka_unit_test(test_not_too_many_threads),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
