/* SPDX-License-Identifier: MIT */
/*%
# Convolution

A dense layer does not know that pixel 350 and pixel 351 are neighbours. Shuffle the pixels of all images in the same way, and it learns
just as well. Surely a network should profit from knowing that it looks at a *picture*? In this chapter it does: a network with
{{cnn-small.parameters}} weights and biases reads {{cnn-small.accuracy}} of the test digits, and one with {{cnn-32-64.parameters}} reads {{cnn-32-64.accuracy}} after
{{cnn-32-64.train.epochs epochs}}.

**Builds on** chapter 6. **You will meet** shared weights, convolution turned into a product of matrices, pooling, dropout and its classic
mistake, and a batch that is shared between processor cores.

@changes
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "data/gather.h"
#include "nn/experiment.h"
#include "nn/metrics.h"
#include "nn/model.h"
#include "nn/optimiser.h"
#include "nn/products.h"
#include "runs/fields.h"

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
This time many things change at once. Cross-entropy and Adam are no news: chapter 6 measured what they are worth to the dense network, and found differences that its seeds can
hardly tell from luck. Batch, rate and the number of epochs were set by hand, so that the network trains in seconds. What is new is the first line of the table.

## One small picture, moved around

Take a square of 5 by 5 weights and lay it on the image, in the upper left corner. Multiply each weight by the pixel under it and add up: one
number, large where the image looks like the square. Move the square one pixel to the right, and again, over the whole image: a
new image, 24 by 24, that says *where* the pattern occurs. That is a **convolution**, and the square is a **filter**. (In mathematics the filter is turned over first; a
network learns it either way round.) With $`C`$ channels in the input (a grey image has one) the filter has $`C`$ squares of $`k`$ by $`k`$ weights, and its output at row $`r`$,
column $`q`$ is

```math name=convolution
y_{rq} = b + \sum_{c=0}^{C-1} \sum_{i=0}^{k-1} \sum_{j=0}^{k-1} W_{cij} \, x_{c,\,r+i,\,q+j} .
```

@if cnn-small.conv2d
Each filter makes an output channel; our first layer has {{cnn-small.conv2d.channels in words}}. How many weights does that take? $`{{filters}} \cdot {{places}}`$, and {{filters biases}}: {{first.learned}} numbers, against the 25,120 of a dense layer with 32
units.
@else
Each filter makes an output channel. (The small network of this build has no convolution.)
@end
The same few weights are used at every place: a stroke is a stroke wherever it stands. That is knowledge about pictures, put into the
shape of the network, as softmax put in knowledge about answers.

How large is the output? A window of $`k`$ pixels fits into $`n`$ pixels in $`n - k + 1`$ positions: $`28 - 5 + 1 = 24`$. The code allows for two variations that we do not use. A
border of $`p`$ zeros around the image, called *padding*, makes $`n`$ larger by $`2p`$. Moving the window by $`s`$ pixels at a time, the *stride*, leaves
$`\lfloor (n + 2p - k) / s \rfloor + 1`$ positions.

@show lib/nn/conv2d.c conv2d_configure

## As a product of matrices

We could write {{eq:convolution}} as six nested loops: over filters, rows and columns, and the three sums. But chapter 5 has shown how fast products of matrices are, and there is a way to
turn the six loops into one. Write, for each place in the window, all the pixels that come to lie under it while the window
moves. Here is an image of 4 by 4 pixels, numbered, and what becomes of it for a window of 3 by 3.
*/
static void small_example(void)
{
    enum { SIDE = 4, WINDOW = 3, POSITIONS = SIDE - WINDOW + 1 };

    // fold: drawing the window in each of its positions
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
    for (int at = 0; at < POSITIONS * POSITIONS; at++) {
        const int top = at / POSITIONS, left = at % POSITIONS;
        for (int r = 0; r < SIDE; r++)
            for (int c = 0; c < SIDE; c++)
                fprintf(f, "position %d\timage\t%d\t%d\t%d\t%d\n", at + 1, r,
                        c, r * SIDE + c + 1,
                        r >= top && r < top + WINDOW
                        && c >= left && c < left + WINDOW);
        for (int k = 0; k < WINDOW * WINDOW; k++)
            for (int p = 0; p < POSITIONS * POSITIONS; p++) {
                const int r = p / POSITIONS + k / WINDOW;
                const int c = p % POSITIONS + k % WINDOW;
                fprintf(f, "position %d\tcolumns\t%d\t%d\t%d\t%d\n", at + 1,
                        k, p, r * SIDE + c + 1, p == at);
            }
    }
    // end fold
}

/*%
Read the first column downwards: 1 2 3, 5 6 7, 9 10 11 is the window in the upper left corner. Let $`K = C k^2`$ be the number of places in the window and $`P`$ the number of its
positions. Then, with one filter in each of the $`F`$ rows of $`\mathbf{W}`$,

```math
\mathbf{Y} = \mathbf{W} \, \mathbf{X}_{\text{col}} + \mathbf{b} , \qquad (F, P) = (F, K) \, (K, P) ,
```

and a product of matrices does it all. The function that makes this matrix is called *im2col* in many libraries. It costs memory and time, for away from the border each pixel is copied $`k^2`$ times; but copying along rows is cheap, and the
product, in which each copy meets all $`F`$ filters, is what OpenBLAS is best at. We make the matrix for one image at a time, so that it stays in the cache. One row of it is one place in the window, and the pixels that this place meets lie
side by side in the image, as long as the stride is 1. (An image with padding is first laid in a frame of zeros; then the window never leaves it.)

@show lib/nn/conv2d.c window_size positions framed row_in_frame image_to_columns conv2d_forward

Backward, nothing new is needed. With $`\mathbf{G} = \partial L / \partial \mathbf{Y}`$ the rules of the dense layer say

```math
\frac{\partial L}{\partial \mathbf{W}} = \mathbf{G} \, \mathbf{X}_{\text{col}}^\top , \qquad \frac{\partial L}{\partial \mathbf{X}_{\text{col}}} = \mathbf{W}^\top \mathbf{G} .
```

Then every pixel collects the gradient of all its copies, because the derivative with respect to a variable that is used in several places is the
sum of what each of them contributes. That is the way back from columns to the image, an addition for each copy:

@show lib/nn/conv2d.c conv2d_backward columns_to_image

## Pooling

Having found a stroke, we want to know that it is there, not to a pixel where. **Max pooling** keeps the largest of each 2 by 2 pixels: a quarter
of the numbers, and a little shift of the digit changes little. (Our small network pools *before* ReLU. Either way round, what comes out is the largest of the four numbers, or zero if all are negative; but this way ReLU
has a quarter of the work.)

@show lib/nn/max_pool.c max_pool_configure pool_row max_pool_forward

On the way back the whole gradient goes to the pixel that won. The others could have been a little different without changing anything: their derivative is zero.

@show lib/nn/max_pool.c max_pool_backward

Between the last pooling and the first dense layer the picture becomes a plain row of numbers. In memory it already is one; **flatten** only
changes its shape:

@show lib/nn/flatten.c flatten_configure flatten_forward flatten_backward

## The small network

This is what becomes of an image on its way:
*/
static const Layer *first_convolution(const Model *m)
{
    for (int i = 0; i < m->depth; i++)
        if (m->layers[i].spec.kind == CONV2D)
            return &m->layers[i];
    return NULL;
}

static void shapes(void)
{
    Model *m;

    must(model_create(&m, &cnn_small, 1));
    size_t convolutions = 0, all = 0;
    report_table("The layers of the small network.",
                 "Layer | Output: channels × rows × columns | Weights and "
                 "biases");
    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        const Shape out = l->out_shape;
        report_row("%s | %d × %d × %d | %s", l->type->name, out.channels,
                   out.rows, out.columns, thousands((long)l->learned));
        all += l->learned;
        convolutions += l->spec.kind == CONV2D ? l->learned : 0;
    }
    report_value("conv.share", "%.0f",
                 all ? 100.0 * (double)convolutions / (double)all : 0);
    const Layer *first = first_convolution(m);
    if (first) {
        const int filters = first->out_shape.channels;
        const int places = (int)first->tensor[WEIGHT].n / filters;
        report_value("filters", "%s", thousands(filters));
        report_value("places", "%d", places);
        report_value("first.learned", "%s", thousands((long)first->learned));
    }
    model_free(m);
}

/*%
The convolutions together hold {{conv.share}} % of the weights. Guess, before you read on: the dense network of chapter 6 made about {{errors.before}} mistakes on 10,000
test images. How many will be left?
*/
static void train_small(void)
{
    const Result *before = recall("rmsprop-ce");
    const Result *ours = train_or_recall(&cnn_small);

    report_scores("Dense layers or convolution, both with cross-entropy.",
                  before, ours, NULL);
    report_value("errors.before", "%.0f", 10000 * (1 - before->accuracy.mean));
    report_value("ratio", "%.1f", (1 - before->accuracy.mean)
                                  / fmax(1 - ours->accuracy.mean, 1e-4));
    report_claim(ours->accuracy.mean > 0.985,
                 "The small convolutional network reads more than 98.5 %% of "
                 "the test images: %.2f %%.", 100 * ours->accuracy.mean);
    report_claim(1 - before->accuracy.mean > 2 * (1 - ours->accuracy.mean),
                 "It makes fewer than half the errors of the dense network, "
                 "after %d instead of %d epochs.",
                 ours->experiment.train.epochs,
                 before->experiment.train.epochs);
}

/*%
The number of errors has been divided by {{ratio}}, with {{cnn-small.parameters}} weights and biases against {{rmsprop-ce.parameters}} and {{cnn-small.train.epochs epochs}} against {{rmsprop-ce.train.epochs in words}}; one run took {{cnn-small.seconds}} core seconds,
and one of the dense network {{rmsprop-ce.seconds}}. When accuracies come close to 100 %, count errors: from 97 to 99 % sounds like little, and means that two of three mistakes are gone.

@if cnn-small.conv2d
What has it learned to look for? These are the filters of its first convolution, and what they answer to one test image.
@else
There is no convolution in this network, and so there are no filters to look at.
@end
*/
enum { ACROSS = 8 };                       /* filters in a row of a figure */

static void look_inside(void)
{
    const Result *r = recall("cnn-small");
    Model *m = run_model(&r->run[0], &r->experiment, 1);
    const Layer *conv = first_convolution(m);

    if (!conv) {
        model_free(m);
        return;                                /* the text says so */
    }
    const int filters = conv->out_shape.channels, k = conv->spec.kernel;
    const int across = filters < ACROSS ? filters : ACROSS;

    gather(m->x[0], &digits()->test, NULL, 0, 1);
    model_forward(m, 1, &predicting);

    // fold: drawing the filters and their answers
    const int squares = filters * conv->in_shape.channels;
    report_sheet(((Figure){
        .name = "filters", .settings = "diverging=1; zoom=10",
        .caption = "The {{cnn-small.conv2d.channels filters}} of the first "
                   "convolution (seed 1): blue weights are positive, orange "
                   "ones negative, pale ones near zero.",
        .alt = "Squares of weights, one for each filter; in some the positive "
               "weights lie on one side and the negative ones on the other, "
               "others are mottled." }),
        &((Sheet){ .n = squares, .rows = k, .columns = k,
                   .across = squares < ACROSS ? squares : ACROSS,
                   .pixels = conv->tensor[WEIGHT].value }));

    const int i = (int)(conv - m->layers), size = conv->out / filters;
    const int rows = conv->out_shape.rows, columns = conv->out_shape.columns;
    float *maps = allocate(conv->out, sizeof *maps);
    for (int f = 0; f < filters; f++) {
        const float *map = m->x[i + 1] + (size_t)f * size;
        float most = 1e-6f;
        for (int j = 0; j < size; j++)
            most = fmaxf(most, map[j]);
        for (int j = 0; j < size; j++)
            maps[f * size + j] = 255 * fmaxf(map[j], 0) / most;
    }
    report_sheet(((Figure){
        .name = "maps",
        .caption = "What each of them, in the same order, answers to the first "
                   "test image: the more ink, the stronger; what is negative "
                   "is left blank. Each map has its own scale.",
        .alt = "Versions of the same digit, one for each filter; each has "
               "other strokes, or other sides of them, in strong ink." }),
        &((Sheet){ .n = filters, .rows = rows, .columns = columns,
                   .across = across, .pixels = maps }));
    free(maps);
    model_free(m);
    // end fold
}

/*%
@if cnn-small.conv2d
Nobody told it what to look for. Each filter is {{places}} weights and a bias, each answers to other parts of the strokes, and gradient descent found them all.
@else
Nobody told a filter what to look for; gradient descent finds it.
@end

## Dropout

The second network of this chapter is larger, with {{cnn-32-64.parameters}} weights and biases; its layers are those of the MNIST example that comes with PyTorch. So many weights could learn
the training images by heart. **Dropout** (Srivastava, Hinton and others, 2014) makes that harder: in every training step each input of the layer is silenced with
a given probability, chosen anew each time, so that no unit can rely on a particular other. One that survives with probability $`q`$ is multiplied by $`1/q`$, so that on average
it stays what it was: $`q \cdot x / q = x`$.

@show lib/nn/dropout.c dropout_configure dropout_forward dropout_backward

Note `pass`, which every layer is given and only this one asks. It says whether the network learns or is used: when it is *used*, nothing may be dropped. This is easily forgotten, because nothing crashes; we shall measure what it costs.
It also says which images these are and in which epoch, and these decide, with the seed, what is silenced; so it does not matter which core does the work.

@show lib/nn/layer.h Pass
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
    .train     = { .epochs = 1, .batch = 64, .shuffle = true },
    .seeds     = 3,
};

enum { SHARE = 32 };                       /* images, of one core in a batch */

static bool has_dropout(const Experiment *e)
{
    bool found = false;

    for (int i = 0; i < MAX_LAYERS && e->layers[i].kind; i++)
        found = found || e->layers[i].kind == DROPOUT;
    return found;
}

/* The share of right answers among the first n test images, in either mode. */
static double accuracy_in_mode(Model *m, bool training, int n)
{
    const Dataset *test = &digits()->test;
    int image[SHARE], correct = 0;

    for (int first = 0; first + SHARE <= n; first += SHARE) {
        for (int i = 0; i < SHARE; i++)
            image[i] = first + i;
        gather(m->x[0], test, NULL, first, SHARE);
        const float *p = model_forward(m, SHARE,
                                       &(Pass){ .training = training, .seed = 1,
                                                .image = image });
        correct += count_correct(p, test->labels + first, SHARE);
    }
    return n < SHARE ? 0 : (double)correct / (n / SHARE * SHARE);
}

static void train_large(void)
{
    enum { LOOKED_AT = 1000 };
    const Result *small = recall("cnn-small");
    const Result *ours = train_or_recall(&cnn_32_64);

    report_scores("The small network and the large one.", small, ours, NULL);
    report_claim(ours->accuracy.mean > 0.98,
                 "The large network reads more than 98 %%: %.2f %%.",
                 100 * ours->accuracy.mean);
    report_claim(ours->accuracy.mean < small->accuracy.mean,
                 "With %.0f times the weights, but after %d instead of %d "
                 "epochs, it does not lead the small one.",
                 (double)ours->parameters / (double)small->parameters,
                 ours->experiment.train.epochs,
                 small->experiment.train.epochs);

    const int n = digits()->test.n < LOOKED_AT ? digits()->test.n : LOOKED_AT;
    Model *m = run_model(&ours->run[0], &ours->experiment, SHARE);
    const double right = accuracy_in_mode(m, false, n);
    const double wrong = accuracy_in_mode(m, true, n);
    report_table("The same weights, used in both modes, on the first "
                 "{{looked.at}} test images.",
                 "Dropout | Accuracy, % | Errors");
    report_row("off, as it should be | %.1f | %.0f", 100 * right,
               n * (1 - right));
    report_row("left on by mistake | %.1f | %.0f", 100 * wrong,
               n * (1 - wrong));
    const double macs = model_macs(m) / 1e6;
    report_value("macs", "%.3g", macs);
    report_value("macs.step", "%s",
                 thousands(lround(3 * macs * ours->experiment.train.batch)));
    report_value("looked.at", "%s", thousands(n));
    report_value("more.errors", "%s", wrong < right ? "More errors" :
                 wrong > right ? "Fewer errors, this time"
                               : "As many errors, this time");
    if (has_dropout(&ours->experiment))
        report_claim(wrong < right,
                 "Leaving dropout on at test time costs accuracy: %.1f instead "
                 "of %.1f %%.", 100 * wrong, 100 * right);
    model_free(m);
}

/*%
{{more.errors}}, and no warning. As for the network itself: how far the small one comes in one epoch, exercise 7.1 asks.

## Two cores, one batch

The large network takes {{macs}} million multiplications to read an image, and learning from it takes about three times as many: once forward, twice backward. With a batch of {{cnn-32-64.train.batch}} a step
comes to about {{macs.step}} million. Where a step is that long it is worth sharing. The batch is cut into two **shards**. Each has its own gradients and
activations, while both see the same parameters:

@show lib/nn/model.c model_share model_macs

`in_shards` of the training loop has each of its tasks done once for every shard. What a run costs is counted here, too: the time that the tasks kept a core busy, whichever core it was.

@show lib/nn/train.c in_shards shard_task shard_start shard_size create_shards

`parallel_for` does a number of *tasks*, here one for each shard: its threads take whatever task is next, until none is left. They are started once and stay.
A `parallel_for` in progress is a **call**, and a thread that has nothing to do helps whatever call has tasks left. What all threads share is called `pool`: a lock, the youngest call, the number of
helpers, and the places where idle threads sleep until there is `news`. So the seeds of an experiment and the shards of a batch share the same cores, and when the last seed is alone, nobody is idle:

@show lib/base/parallel.c Call parallel_for share work_on find_call do_task

A thread that finds nothing to do stays awake for a moment, because the next batch is seldom far:

@show lib/base/parallel.c help rest tell

`update`, which you know from chapter 2, first adds the gradients of the shards, and then moves the weights: here shard $`s`$ is a *slice* of the parameters.

The number of shards depends on the work and never on the number of cores, and their gradients are added in a fixed order. That matters, for floating-point addition is not associative:
$`a + (b + c)`$ may differ from $`(a + b) + c`$ in the last bit, and thousands of training steps can make much of a bit. This way the same seed gives the same bits on one core as on two.

## Where does the time go?

One step of the large network, as one of two cores sees it: thirty-two images forward and backward, then its half of the optimiser's work. In the layers with weights we time the products of
matrices once more by themselves. What a convolution takes beyond them is copying: pixels into columns, and the gradients of columns back into images.
*/
enum { PRODUCTS, COPYING, THE_REST, PARTS };

// fold: the stopwatch
/* What is timed: layer i of a model that has seen SHARE images. */
typedef struct Timed {
    Model *m;
    int i;
    Optimiser *optimiser;
} Timed;

static void forward(const Timed *t)
{
    static const int image[SHARE];
    const Layer *l = &t->m->layers[t->i];

    l->type->forward(l, t->m->x[t->i + 1], t->m->x[t->i], SHARE,
                     &(Pass){ .training = true, .image = image });
}

static void backward(const Timed *t)
{
    const Layer *l = &t->m->layers[t->i];

    l->type->backward(l, t->m->dx[t->i], t->m->dx[t->i + 1], t->m->x[t->i],
                      t->m->x[t->i + 1], SHARE);
}

static void update(const Timed *t)
{
    optimiser_update(t->optimiser, t->m->parameters, t->m->gradients, 0,
                     t->m->n / 2);
}

/* The products alone, with the sizes that they have in the layer; what the
 * numbers are does not matter. */
static void products_forward(const Timed *t)
{
    const Layer *l = &t->m->layers[t->i];
    const float *W = l->tensor[WEIGHT].value, *x = t->m->x[t->i];
    float *y = t->m->x[t->i + 1];
    const int F = l->out_shape.channels, P = l->out / F;

    if (l->spec.kind == DENSE)
        mul_bt(y, x, W, SHARE, l->out, l->in, SET);
    else
        for (int i = 0; i < SHARE; i++)
            mul(y + i * l->out, W, l->scratch, F, P,
                (int)l->tensor[WEIGHT].n / F, SET);
}

static void products_backward(const Timed *t)
{
    const Layer *l = &t->m->layers[t->i];
    const float *W = l->tensor[WEIGHT].value, *dy = t->m->dx[t->i + 1];
    float *dW = l->tensor[WEIGHT].gradient, *dx = t->m->dx[t->i];
    const int F = l->out_shape.channels, P = l->out / F;
    const int K = (int)l->tensor[WEIGHT].n / F;

    if (l->spec.kind == DENSE) {
        mul_at(dW, dy, t->m->x[t->i], l->out, l->in, SHARE, SET);
        if (dx)
            mul(dx, dy, W, SHARE, l->in, l->out, SET);
        return;
    }
    for (int i = 0; i < SHARE; i++) {
        mul_bt(dW, dy + i * l->out, l->scratch, F, K, P, SET);
        if (dx)
            mul_at(l->scratch, W, dy + i * l->out, K, P, F, SET);
    }
}

/* Milliseconds, the best of several tries. */
static double ms_of(void (*work)(const Timed *), const Timed *t)
{
    double best = INFINITY;

    for (int try = 0; try < 7; try++) {
        const double start = clock_seconds();
        work(t);
        best = fmin(best, 1000 * (clock_seconds() - start));
    }
    return best;
}

/* Of one way through a layer, the products and what is left. */
static void add_parts(double *part, const Timed *t, void (*way)(const Timed *),
                      void (*products)(const Timed *))
{
    const LayerKind kind = t->m->layers[t->i].spec.kind;
    const double all = ms_of(way, t);
    const double some = t->m->layers[t->i].tensors ? ms_of(products, t) : 0;

    part[PRODUCTS] += some;
    part[kind == CONV2D ? COPYING : THE_REST] += fmax(all - some, 0);
}

/* The share of the multiplications that are made by layer i, in per cent. */
static double percent_macs(int at)
{
    Model *m;

    must(model_create(&m, &cnn_32_64, 1));
    const Layer *l = &m->layers[at];
    const double own = !l->tensors ? 0
                     : (double)l->tensor[WEIGHT].n * l->out_shape.rows
                       * l->out_shape.columns;
    const double share = 100 * own / model_macs(m);
    model_free(m);
    return share;
}

/* How many layers are timed. */
static int depth_of(const Experiment *e)
{
    int n = 0;

    while (n < MAX_LAYERS && e->layers[n].kind)
        n++;
    return n;
}

/* ms (depth + 1, PARTS): a row for each layer, then one for the optimiser. */
static void time_layers(double *ms)
{
    const Experiment e = experiment_complete(&cnn_32_64);
    Timed t;

    must(model_create(&t.m, &e, SHARE));
    must(model_prepare(t.m));
    const int depth = t.m->depth;
    model_initialise(t.m, 1);
    gather(t.m->x[0], &digits()->train, NULL, 0, SHARE);
    t.optimiser = optimiser_create(&e.optimiser, t.m->n);
    optimiser_step(t.optimiser, e.optimiser.learning_rate);
    for (int k = 0; k < (depth + 1) * PARTS; k++)
        ms[k] = 0;
    for (t.i = 0; t.i < depth; t.i++) {
        add_parts(ms + t.i * PARTS, &t, forward, products_forward);
        forward(&t);
    }
    model_loss(t.m, digits()->train.labels, SHARE, SHARE);
    for (t.i = depth - 2; t.i >= 0; t.i--)     /* softmax: the loss does it */
        add_parts(ms + t.i * PARTS, &t, backward, products_backward);
    ms[depth * PARTS + THE_REST] = ms_of(update, &t);
    optimiser_free(t.optimiser);
    model_free(t.m);
}
// end fold

static void where_time_goes(void)
{
    enum { MOST = (MAX_LAYERS + 1) * PARTS };
    double ms[MOST], all = 0, part[PARTS] = { 0 }, longest = 0;
    const int depth = depth_of(&cnn_32_64);
    int slowest = 0;
    char name[64];

    /* Times are those of this very network. */
    snprintf(name, sizeof name, "step-parts-%.16s",
             recall("cnn-32-64")->run[0].key);
    measure_or_recall(name, ms, (depth + 1) * PARTS, time_layers);
    for (int i = 0; i <= depth; i++)
        for (int k = 0; k < PARTS; k++) {
            all += ms[i * PARTS + k];
            part[k] += ms[i * PARTS + k];
        }
    for (int i = 0; i < depth; i++) {
        const double layer = ms[i * PARTS] + ms[i * PARTS + 1]
                           + ms[i * PARTS + 2];
        if (layer > longest) {
            longest = layer;
            slowest = i;
        }
    }
    // fold: drawing the parts
    static const char *const names[PARTS] = { "products", "copying",
                                              "everything else" };
    FILE *f = report_figure(.kind = "bars", .name = "time",
        .y = "milliseconds",
        .caption = "One training step of the 32-64 network, layer by layer: "
                   "thirty-two images on one core, and its half of the "
                   "optimiser's work.",
        .alt = "Stacked bars, one for each layer and one for the optimiser; "
               "layer {{slowest}} takes the longest.",
        .settings = "horizontal=1; stacked=1");
    fprintf(f, "category\tseries\tvalue\n");
    for (int k = 0; k < PARTS; k++) {
        for (int i = 0; i < depth; i++)
            fprintf(f, "%d %s\t%s\t%.3f\n", i + 1,
                    layer_types[cnn_32_64.layers[i].kind]->name, names[k],
                    ms[i * PARTS + k]);
        fprintf(f, "optimiser\t%s\t%.3f\n", names[k], ms[depth * PARTS + k]);
    }
    report_value("slowest", "%d", slowest + 1);
    report_value("slowest.kind", "%s",
                 layer_types[cnn_32_64.layers[slowest].kind]->name);
    report_value("slowest.macs", "%.0f", percent_macs(slowest));
    report_value("slowest.time", "%.0f", 100 * longest / all);
    report_value("products", "%.0f", 100 * part[PRODUCTS] / all);
    report_value("copying", "%.0f", 100 * part[COPYING] / all);
    report_value("adam.weights", "%s",
                 thousands((long)recall("cnn-32-64")->parameters / 2));
    report_value("adam", "%.0f", 100 * ms[depth * PARTS + THE_REST] / all);
    // end fold
    report_claim(part[PRODUCTS] > 0.5 * all,
                 "Products of matrices take more than half of the time: "
                 "%.0f %%.", 100 * part[PRODUCTS] / all);
}

/*%
Layer {{slowest}}, {{slowest.kind}}, takes {{slowest.time}} % of the time, and makes {{slowest.macs}} % of the multiplications. The products of all layers together take {{products}} %. Most of the rest only moves numbers: {{copying}} % go into copying pixels and gradients, {{adam}} % into the optimiser, which goes through {{adam.weights}}
weights and for each of them, if it is Adam, fetches four numbers and stores four. Were all of that free, the products would still take {{products}} % of the time: whoever wants to be much
faster must multiply less.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &cnn_small, .set = "train.epochs=1", .seeds = 5,
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
      .set = "train.images=6000; train.epochs=10", .seeds = 5,
      .outcome = WORSE,
      .question = "Only 6,000 images, but ten epochs: as many steps as one "
                  "epoch of all of them (the first exercise). What is an "
                  "image worth that the network has seen before?",
      .answer = "Less than a new one: compare with the first exercise, the "
                "same number of steps, each image new. To see that it is worth "
                "something all the same, try these images for one epoch." },
};

static void try_it(void)
{
    report_exercises(exercises);
}
// end fold

/*%
## What to remember

- Shared weights say that a pattern means the same wherever it stands. Where that is true, a few weights do the work of many.
- A convolution is a product of matrices: filters times columns, one column for each position of the window.
- Training and use are two modes. Name the mode in every call.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &cnn_small, &cnn_32_64 },
                 .builds_on = "rmsprop");
    RUN(small_example);
    RUN(shapes);
    RUN(train_small);
    RUN(look_inside);
    RUN(train_large);
    RUN(where_time_goes);
    RUN(try_it);
    return chapter_close();
}
// end fold
