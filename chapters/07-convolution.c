/* SPDX-License-Identifier: MIT */
/*%
# Convolution

A dense layer does not know that pixel 350 and pixel 351 are neighbours. Shuffle the pixels of all images in the same way, and it learns
exactly as well. Surely a network should profit from knowing that it looks at a *picture*? In this chapter it does: a network with
{{cnn-small.parameters}} weights reads {{cnn-small.accuracy}}, and one with {{cnn-32-64.parameters}} reads {{cnn-32-64.accuracy}} after a single
epoch.

**Builds on** chapter 6. **You will meet** shared weights, convolution turned into a product of matrices, pooling, dropout and its classic
mistake, and a batch that is shared between processor cores.

@changes
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "book/chapter.h"
#include "book/report.h"
#include "data/clock.h"
#include "nn/experiment.h"
#include "nn/metrics.h"
#include "nn/model.h"

static const Experiment cnn_small = {
    .name      = "cnn-small",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 8, .kernel = 5 },
                   { MAX_POOL, .kernel = 2 }, { RELU },
                   { CONV2D, .channels = 16, .kernel = 5 },
                   { MAX_POOL, .kernel = 2 }, { RELU }, { FLATTEN },
                   { DENSE, .units = 128 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.002f },
    .train     = { .epochs = 3, .batch = 64, .shuffle = true },
    .seeds     = 5,
};

/*%
## One small picture, moved around

Take a square of 5 by 5 weights and lay it on the image, in the upper left corner. Multiply each weight with the pixel under it and add up: one
number, large where the image looks like the square. Move the square one pixel to the right, and again, over the whole image: a
new image, 24 by 24, that says *where* the pattern occurs. That is a **convolution**, and the square is a **filter**. With $`C`$ channels in
the input (a grey image has one) the filter has $`C`$ squares, and its output at row $`r`$, column $`s`$ is

```math
y_{rs} = b + \sum_{c=1}^{C} \sum_{i=0}^{k-1} \sum_{j=0}^{k-1} W_{cij} \, x_{c,\,r+i,\,s+j} .
```

Eight filters make eight output channels. How many weights does that take? $`8 \cdot 25 + 8 = 208`$, against the 25,120 of a dense layer with 32
units. The same few weights are used at every place: a stroke is a stroke wherever it stands. That is knowledge about pictures, put into the
shape of the network, as softmax put in knowledge about answers.

@show lib/nn/conv2d.c conv2d_configure

## As a product of matrices

We could write this as six nested loops. Chapter 5 told us what that would cost. The trick is to *copy* the pixels first, so that the sums become a
product of matrices: write, for each place in the window, all the pixels that come to lie under it while the window moves. Here is an image of 4 by
4 pixels, numbered, and what the library makes of it for a window of 3 by 3.
*/
static void small_example(void)
{
    enum { SIDE = 4, WINDOW = 3 };
    Layer l = { .type = &conv2d_layer, .spec = { CONV2D, .channels = 1,
                                                 .kernel = WINDOW },
                .in_shape = { 1, SIDE, SIDE }, .in = SIDE * SIDE };
    float x[SIDE * SIDE], y[SIDE * SIDE];
    float W[WINDOW * WINDOW] = { 0 }, b[1] = { 0 };

    must(l.type->configure(&l, 1));
    l.out = l.out_shape.rows * l.out_shape.columns;
    l.scratch = allocate(l.scratch_size, sizeof(float));
    l.W = W;
    l.b = b;
    for (int i = 0; i < SIDE * SIDE; i++)
        x[i] = (float)(i + 1);
    conv2d_layer.forward(&l, y, x, 1, false);

    FILE *f = report_figure(.kind = "window", .name = "window",
        .settings = "image_title='the image'; "
                    "columns_title='its columns'",
        .caption = "A window of 3 by 3 moves over an image of 4 by 4 pixels. "
                   "Each of its four positions becomes a column of the matrix; "
                   "each place in the window, a row.",
        .alt = "Left the pixels numbered 1 to 16, with the nine under the "
               "window marked; right a matrix of nine rows and four columns, "
               "one column of which holds the numbers of these nine.");
    fprintf(f, "frame\tpanel\trow\tcolumn\tnumber\ton\n");
    for (int at = 0; at < l.out; at++) {
        const int top = at / l.out_shape.columns;
        const int left = at % l.out_shape.columns;
        for (int i = 0; i < SIDE * SIDE; i++) {
            const int r = i / SIDE, c = i % SIDE;
            fprintf(f, "position %d\timage\t%d\t%d\t%.0f\t%d\n", at + 1, r, c,
                    (double)x[i], r >= top && r < top + WINDOW
                                  && c >= left && c < left + WINDOW);
        }
        for (int i = 0; i < l.fan_in * l.out; i++)
            fprintf(f, "position %d\tcolumns\t%d\t%d\t%.0f\t%d\n", at + 1,
                    i / l.out, i % l.out, (double)l.scratch[i],
                    i % l.out == at);
    }
    free(l.scratch);
}

/*%
Read the first column downwards: 1 2 3, 5 6 7, 9 10 11 is the window in the upper left corner. The layer's output is then one row of nine weights
times this matrix; with $`F`$ filters it is $`F`$ rows, and OpenBLAS takes over. Each pixel was copied up to nine times, and still it is far faster:
the copies of one image fit into the processor's cache.

@show lib/nn/conv2d.c inside read_row im2col conv2d_forward

Backward, nothing new is needed. To the product of matrices apply the rules of the dense layer; then every pixel collects the gradient of all its copies,
because a variable that is used in several places has the sum of their derivatives:

@show lib/nn/conv2d.c conv2d_backward col2im add_row

## Pooling

Having found a stroke, we want to know that it is there, not to a pixel where. **Max pooling** keeps the largest of each 2 by 2 pixels: a quarter
of the numbers, and a little shift of the digit changes nothing.

@show lib/nn/max_pool.c max_pool_configure largest max_pool_forward

On the way back the whole gradient goes to the pixel that won. The others could have been a little different without changing anything: their derivative is zero.

@show lib/nn/max_pool.c max_pool_backward

Between the last pooling and the first dense layer the picture becomes a plain row of numbers. In memory it already is one, and **flatten** only
changes its name:

@show lib/nn/flatten.c flatten_configure flatten_forward flatten_backward

## The small network
*/
static void train_small(void)
{
    const Result *before = recall("rmsprop-ce");
    const Result *ours = train_or_recall(&cnn_small);

    report_scores("Dense layers or convolution, both with cross-entropy.",
                  before, ours, NULL);
    report_value("ratio", "%.1f",
                 (1 - before->accuracy.mean) / (1 - ours->accuracy.mean));
    report_claim(ours->accuracy.mean > 0.985,
                 "The small convolutional network reads more than 98.5 %% of "
                 "the test images: %.2f %%.", 100 * ours->accuracy.mean);
    report_claim(1 - before->accuracy.mean > 2 * (1 - ours->accuracy.mean),
                 "It makes fewer than half the errors of the dense network, "
                 "after three epochs instead of ten.");
}

/*%
With {{cnn-small.parameters}} weights against {{rmsprop-ce.parameters}} the number of errors has been divided by {{ratio}}. When accuracies come close to one, count
errors: from 97 to 99 % sounds like little, and means that two of three mistakes are gone.

What has it learned to look for? These are its eight filters in the first layer, and what they answer to one test image.
*/
static void look_inside(void)
{
    const Result *r = recall("cnn-small");
    Model *m = run_model(&r->run[0], &cnn_small, 1);
    const Layer *conv = &m->layers[0];
    const int filters = conv->spec.channels, k = conv->spec.kernel;

    report_sheet(((Figure){
        .name = "filters", .settings = "diverging=1; zoom=10",
        .caption = "The eight filters of the first layer (seed 1): blue "
                   "weights are positive, orange ones negative.",
        .alt = "Eight squares of five by five weights; several are edges, "
               "positive on one side and negative on the other." }),
        &((Sheet){ .n = filters, .rows = k, .columns = k, .across = filters,
                   .pixels = conv->W }));
    gather(m->x[0], &digits()->test, NULL, 0, 1);
    model_forward(m, 1, false);

    static float maps[32 * PIXELS];
    const int rows = conv->out_shape.rows, columns = conv->out_shape.columns;
    for (int f = 0; f < filters; f++) {
        const float *map = m->x[1] + f * rows * columns;
        float most = 1e-6f;
        for (int i = 0; i < rows * columns; i++)
            most = fmaxf(most, map[i]);
        for (int i = 0; i < rows * columns; i++)
            maps[f * rows * columns + i] = 255 * fmaxf(map[i], 0) / most;
    }
    report_sheet(((Figure){
        .name = "maps",
        .caption = "Where each of them found its pattern in the first test "
                   "image; dark is strong, and what is negative is left "
                   "white. Each map has its own scale.",
        .alt = "Eight versions of the same digit, each showing other edges of "
               "its strokes." }),
        &((Sheet){ .n = filters, .rows = rows, .columns = columns,
                   .across = filters, .pixels = maps }));
    model_free(m);
}

/*%
Nobody told it to look for edges. They are what is useful.

## Dropout

The second network of this chapter is larger, with over a million weights; it is the one that many introductions use. So many weights could learn
the training images by heart. **Dropout** makes that harder: in every training step each input of the layer is silenced with
a given probability, chosen anew each time, so that no unit can rely on a particular other. Those that remain are scaled up, so that
the sum stays the same on average.

@show lib/nn/dropout.c dropout_configure dropout_forward dropout_backward

Note the argument `training`. When the network is *used*, nothing may be dropped. Forgetting this is one of the most common mistakes in
home-made networks, because nothing crashes; we shall measure what it costs.
*/
static const Experiment cnn_32_64 = {
    .name      = "cnn-32-64",
    .input     = { 1, 28, 28 },
    .layers    = { { CONV2D, .channels = 32, .kernel = 3 }, { RELU },
                   { CONV2D, .channels = 64, .kernel = 3 }, { RELU },
                   { MAX_POOL, .kernel = 2 },
                   { DROPOUT, .rate = 0.25f }, { FLATTEN },
                   { DENSE, .units = 128 }, { RELU }, { DROPOUT, .rate = 0.5f },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { ADAM, .learning_rate = 0.001f },
    .train     = { .epochs = 1, .batch = 32, .shuffle = true },
    .seeds     = 1,
};

/* The share of right answers among the first n test images, in either mode. */
static double accuracy_in_mode(Model *m, bool training, int n)
{
    const Dataset *test = &digits()->test;
    int correct = 0;

    for (int first = 0; first + m->batch <= n; first += m->batch) {
        gather(m->x[0], test, NULL, first, m->batch);
        const float *p = model_forward(m, m->batch, training);
        for (int i = 0; i < m->batch; i++)
            correct += largest_of(p + i * CLASSES) == test->labels[first + i];
    }
    return (double)correct / (n / m->batch * m->batch);
}

static void train_large(void)
{
    enum { LOOKED_AT = 1000, BATCH = 50 };
    const Result *small = recall("cnn-small");
    const Result *ours = train_or_recall(&cnn_32_64);

    report_scores("The small network and the large one. The large one is a "
                  "single run: its spread is not known.", small, ours, NULL);
    report_claim(ours->accuracy.mean > 0.983,
                 "The large network reads more than 98.3 %% after "
                 "one epoch: %.2f %%.", 100 * ours->accuracy.mean);

    const int n = digits()->test.n < LOOKED_AT ? digits()->test.n : LOOKED_AT;
    Model *m = run_model(&ours->run[0], &cnn_32_64, BATCH);
    for (int i = 0; i < m->depth; i++)
        m->layers[i].rng = rng_create(1, (uint64_t)i);
    const double right = accuracy_in_mode(m, false,
                                          n), wrong = accuracy_in_mode(m, true,
                                                                       n);
    report_table("The same weights, used in both modes, on the first 1,000 "
                 "test images.",
                 "Dropout | Accuracy, % | Errors");
    report_row("off, as it should be | %.1f | %.0f", 100 * right,
               n * (1 - right));
    report_row("left on by mistake | %.1f | %.0f", 100 * wrong,
               n * (1 - wrong));
    report_claim(wrong < right,
                 "Leaving dropout on at test time costs accuracy: %.1f instead "
                 "of %.1f %%.", 100 * wrong, 100 * right);
    model_free(m);
}

/*%
## Two cores, one batch

A step of the large network takes more than a thousand million multiplications. That is worth sharing. The batch is cut into two **shards**. Each has its own gradients and
activations, while all see the same parameters:

@show lib/nn/model.c model_share model_macs

The threads take whatever shard is next, until none is left. They are started once and stay; one that has nothing to do helps whatever call
has tasks left. So the seeds of an experiment and the shards of a batch share the same cores, and when the last seed is alone, nobody is idle:

@show lib/nn/parallel.c Call parallel_for share work_on find_call do_task

A thread that finds nothing to do stays awake for a moment, because the next batch is seldom far:

@show lib/nn/parallel.c help rest tell

Then the gradients of the shards are added, each thread taking a slice of the parameters, and the optimiser takes its step, slice by slice:

@show lib/nn/train.c add_shards update_slice

The number of shards depends on the work and never on the number of cores, and they are added in a fixed order. Floating-point addition is not associative: *a
+ (b + c)* may differ from *(a + b) + c* in the last bit, and after a thousand steps in the first digit. This way the same seed gives the same bits on one core as on two.

## Where does the time go?

Layer by layer, forward and backward, on one core, for sixteen images:
*/
enum { DEPTH = 12, TIMED = 16 };

/* Milliseconds of forward, then of backward, for each layer; best of five. */
static void time_layers(double *ms)
{
    Model *m;

    must(model_create(&m, &cnn_32_64, TIMED));
    CHECK(m->depth, ==, DEPTH);
    model_initialise(m, 1);
    for (int i = 0; i < m->depth; i++)
        m->layers[i].rng = rng_create(1, (uint64_t)i);
    for (int i = 0; i < 2 * DEPTH; i++)
        ms[i] = 1e9;
    gather(m->x[0], &digits()->train, NULL, 0, TIMED);
    for (int try = 0; try < 5; try++) {
        for (int i = 0; i < DEPTH; i++) {
            Layer *l = &m->layers[i];
            const double start = clock_seconds();
            l->type->forward(l, m->x[i + 1], m->x[i], TIMED, true);
            ms[i] = fmin(ms[i], 1000 * (clock_seconds() - start));
        }
        model_loss(m, m->dx[DEPTH - 1], digits()->train.labels, TIMED, TIMED);
        for (int i = DEPTH - 2; i >= 0; i--) {
            Layer *l = &m->layers[i];
            const double start = clock_seconds();
            l->type->backward(l, m->dx[i], m->dx[i + 1], m->x[i], m->x[i + 1],
                              TIMED);
            ms[DEPTH + i] = fmin(ms[DEPTH + i],
                                 1000 * (clock_seconds() - start));
        }
    }
    ms[2 * DEPTH - 1] = 0;           /* softmax: cross-entropy did its part */
    model_free(m);
}

static void where_time_goes(void)
{
    double ms[2 * DEPTH], all = 0;

    measure_or_recall("layers", ms, 2 * DEPTH, time_layers);
    FILE *f = report_figure(.kind = "bars", .name = "time",
        .y = "milliseconds for 16 images",
        .caption = "Time in each layer of the 32-64 network, forward and "
                   "backward, on one core.",
        .alt = "Nearly all of the time is spent in the second convolution; "
               "everything else is small beside it.",
        .settings = "horizontal=1; stacked=1");
    fprintf(f, "category\tseries\tvalue\n");
    for (int back = 0; back < 2; back++)
        for (int i = 0; i < DEPTH; i++) {
            const char *name = layer_types[cnn_32_64.layers[i].kind]->name;
            fprintf(f, "%d %s\t%s\t%.3f\n", i + 1, name,
                    back ? "backward" : "forward",
                    ms[back * DEPTH + i]);
            all += ms[back * DEPTH + i];
        }
    const double conv2 = ms[2] + ms[DEPTH + 2];
    report_value("conv2", "%.0f", 100 * conv2 / all);
    report_claim(conv2 > 0.5 * all,
                 "The second convolution takes more than half of the "
                 "time: %.0f %%.", 100 * conv2 / all);
}

/*%
The second convolution takes {{conv2}} % of the time, as it should: it holds nearly all of the multiplications. A program whose time goes where its arithmetic is has
little left to gain by cleverness.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &cnn_small, .set = "train.epochs=1", .seeds = 2,
      .outcome = WORSE,
      .question = "One epoch instead of three.",
      .answer = "Most of the way is covered in the first pass; the others "
                "take away part of the remaining errors." },
    { .base = &cnn_small,
      .set = "train.epochs=1; layers=conv2d channels 8 kernel 5, "
             "max_pool kernel 4, relu, flatten, dense 10, softmax", .seeds = 5,
      .outcome = WORSE,
      .question = "How little is enough? One convolution with eight "
                  "filters, pooling by four, and straight to the answer: "
                  "about three thousand weights, one epoch.",
      .answer = "One ninth of the weights of the dense network of chapter "
                "6, a tenth of its epochs, and nearly its accuracy. The "
                "right shape is worth more than many weights." },
    { .base = &cnn_small,
      .set = "train.images=6000; train.epochs=10", .seeds = 2,
      .outcome = WORSE,
      .question = "Only 6,000 images, but ten epochs: as many steps as one "
                  "epoch of all of them (the first exercise). What is an "
                  "image worth that the network has seen before?",
      .answer = "Less than a new one, but not nothing. Compare with the first "
                "exercise: the same number of steps, each image new." },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
}

/*%
## What to remember

- Shared weights say that a pattern means the same wherever it stands: fewer weights, fewer errors.
- A convolution is a product of matrices, once the pixels have been copied into columns.
- Training and use are two modes. Name the mode in every call.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &cnn_small, &cnn_32_64 },
                 .builds_on = "rmsprop");
    RUN(small_example);
    RUN(train_small);
    RUN(look_inside);
    RUN(train_large);
    RUN(where_time_goes);
    RUN(try_it);
    return chapter_close();
}
// end fold
