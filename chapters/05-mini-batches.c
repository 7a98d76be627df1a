/* SPDX-License-Identifier: MIT */
/*%
# Mini-batches

So far every step looked at one image. What if it looks at sixteen, or at 256? The steps become steadier, there are fewer of
them, and the computer, for reasons of its own, does the same sums faster. In this chapter we take both effects
apart, and end with a network that reads {{minibatch.accuracy}} after ten epochs.

**Builds on** chapter 4. **You will meet** gradient noise and its square root, matrix products, the peak speed of your machine, and the
memory in which a network lives.

@changes
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "book/chapter.h"
#include "book/report.h"
#include "data/clock.h"
#include "nn/blas.h"
#include "nn/experiment.h"
#include "nn/model.h"
#include "runs/fields.h"

static const Experiment minibatch = {
    .name      = "minibatch",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 10, .batch = 16, .shuffle = true },
    .seeds     = 10,
};

/*%
## A mean of gradients

With a batch of $`B`$ images the loss is the mean of their losses, and so its gradient is the mean of their gradients. Each of these is
a noisy opinion about the direction that all 60,000 images would give. How noisy is the mean? If the opinions are independent, with standard
deviation $`s`$, then

```math
\text{standard deviation of the mean} = \frac{s}{\sqrt{B}} .
```

This is the law that makes opinion polls possible, and it is a meagre bargain: four times the work for half the noise. Let us see it.
We take a fresh network, compute its gradient over {{many}} images, call that the truth, and ask how far the gradients of small
batches are from it, relative to its length.
*/
enum { MANY = 1024, SIZES = 9 };                       /* batches of 1 to 256 */

/* The gradient of the mean loss over images first to first + B - 1. */
static void gradient(Model *m, int first, int B)
{
    memset(m->gradients, 0, m->n * sizeof *m->gradients);
    gather(m->x[0], &digits()->train, NULL, first, B);
    model_learn(m, digits()->train.labels + first, B, B);
}

static void gradient_noise(void)
{
    Model *m;
    int many = MANY;

    while (many > digits()->train.n)           /* a very quick edition */
        many /= 2;
    must(model_create(&m, &minibatch, many));
    model_initialise(m, 1);
    gradient(m, 0, many);
    float *truth = allocate(m->n, sizeof *truth);
    memcpy(truth, m->gradients, m->n * sizeof *truth);
    const double length = sqrt((double)dot(truth, truth, m->n));

    FILE *f = report_figure(.kind = "curves", .name = "noise",
        .x = "images in the batch",
        .y = "error of the gradient, relative to its length",
        .caption = "How far the gradient of a batch is from that of 1,024 "
                   "images, root mean square over the batches, and the law "
                   "of the square root.",
        .alt = "On logarithmic axes the error falls along a straight line, by "
               "half for each fourfold batch.",
        .settings = "logx=2; logy=1; points=1");
    fprintf(f, "series\tx\ty\tlo\thi\n");
    double first_error = 0, last_error = 0;
    for (int k = 0; k < SIZES; k++) {
        const int B = 1 << k;
        double squares = 0;
        for (int first = 0; first < many; first += B) {
            gradient(m, first, B);
            axpy(m->gradients, -1, truth, m->n);
            squares += (double)dot(m->gradients, m->gradients, m->n) * B / many;
        }
        const double error = sqrt(squares) / length;
        if (k == 0)
            first_error = error;
        last_error = error;
        fprintf(f, "measured\t%d\t%g\t%g\t%g\n", B, error, error, error);
        fprintf(f, "1/√B\t%d\t%g\t%g\t%g\n", B, first_error / sqrt(B),
                first_error / sqrt(B), first_error / sqrt(B));
    }
    report_value("many", "%s", thousands(many));
    report_value("one.error", "%.1f", first_error);
    report_value("sixteen", "%.1f", first_error / 4);
    report_claim(last_error < first_error / 12,
                 "A batch of 256 divides the noise of a single image by more "
                 "than twelve: by %.1f.", first_error / last_error);
    free(truth);
    model_free(m);
}

/*%
The gradient of a single image misses the truth by {{one.error}} times its length: it mostly points elsewhere! It works all the
same, because sixty thousand small steps average themselves. With sixteen images the law says {{sixteen}}. (At the right end the points fall
below the line, since a batch of 256 is itself a quarter of the truth.)

## Why matrices are fast

Now the other effect. For one image a dense layer computes $`\mathbf{W}\mathbf{x}`$, and every weight is fetched from memory for one multiplication.
For $`B`$ images it computes $`\mathbf{X}\mathbf{W}^\top`$, with one image in each row of $`\mathbf{X}`$, and a weight, once fetched, serves $`B`$ times. The number of
multiplications per image is the same; the waiting is not.

Products of matrices are the one thing in this book that we do not write ourselves. OpenBLAS arranges them so that the processor's
arithmetic units are hardly ever idle; it is the work of decades. Three products are all a dense layer needs, one forward and two
backward:

@show lib/nn/blas.c mul mul_bt mul_at

For a single row, or a single summand, there is nothing to arrange, and two plain loops do it faster:

@show lib/nn/blas.c sum dot axpy

How fast is it? We time the forward product of the first layer for different batches, and a large square product, whose speed is
about the most that this processor can do.
*/
enum { SQUARE = 768 };

/* GFLOP/s of y = x W', the best of several tries, each of some milliseconds. */
static double speed(int B, int out, int in)
{
    float *x = allocate((size_t)B * in,
                        sizeof *x), *y = allocate((size_t)B * out, sizeof *y);
    float *W = allocate((size_t)out * in, sizeof *W);
    const double flop = 2.0 * B * out * in;
    const int times = (int)(2e7 / flop) + 1;
    double best = 0;

    for (int try = 0; try < 20; try++) {
        const double start = clock_seconds();
        for (int i = 0; i < times; i++)
            mul_bt(y, x, W, B, out, in, SET);
        best = fmax(best, 1e-9 * flop * times / (clock_seconds() - start));
    }
    free(x);
    free(y);
    free(W);
    return best;
}

static void measure_speeds(double *gflops)
{
    for (int k = 0; k < SIZES; k++)
        gflops[k] = speed(1 << k, 32, 784);
    gflops[SIZES] = speed(SQUARE, SQUARE, SQUARE);
}

static void matrix_speed(void)
{
    double gflops[SIZES + 1];

    measure_or_recall("sgemm", gflops, SIZES + 1, measure_speeds);
    FILE *f = report_figure(.kind = "curves", .name = "speed",
        .x = "images in the batch",
        .y = "10⁹ floating-point operations per second",
        .caption = "Speed of the first layer's forward product on one core "
                   "of the machine that built this book, and that of a product "
                   "of two large square matrices.",
        .alt = "The speed rises steeply from batches of one to batches of "
               "about sixteen and then levels off towards the speed of large "
               "matrices.",
        .settings = "logx=2; ymin=0");
    fprintf(f, "series\tx\ty\tlo\thi\n");
    for (int k = 0; k < SIZES; k++)
        fprintf(f, "784 to 32\t%d\t%g\t%g\t%g\n", 1 << k, gflops[k], gflops[k],
                gflops[k]);
    for (int k = 0; k < SIZES; k++)
        fprintf(f, "large matrices\t%d\t%g\t%g\t%g\n", 1 << k, gflops[SIZES],
                gflops[SIZES],
                gflops[SIZES]);
    report_value("peak", "%.0f", gflops[SIZES]);
    report_value("one", "%.0f", gflops[0]);
    report_value("sixteen.share", "%.0f", 100 * gflops[4] / gflops[SIZES]);
    report_claim(gflops[4] > gflops[0],
                 "A batch of 16 does the same sums faster than single images "
                 "do: at %.0f against %.0f GFLOP/s.", gflops[4], gflops[0]);
}

/*%
Single images run at {{one}} GFLOP/s, batches of sixteen at {{sixteen.share}} % of the {{peak}} GFLOP/s that one core can reach.

## How large a batch?

Both effects together: we train three epochs with each batch size and the same learning rate. This is a *choice*, so the runs use 55,000 images
and are judged on the other 5,000.
*/
static const Sweep batches = {
    .base  = &minibatch,
    .set   = "train.epochs=3; train.validation=5000",
    .vary  = { "train.batch=1|4|16|64|256" },
    .seeds = 3,
};

static void try_batches(void)
{
    const SweepPoints *p = sweep_or_recall(&batches);
    const Result *const *r = p->result;

    report_table("Three epochs with the same learning rate of 0.1 and "
                 "different batches, on the validation images.",
                 "Batch | Steps | Accuracy, % | Seconds an epoch | Images a "
                 "second");
    for (int k = 0; k < p->n; k++) {
        const TrainSpec *t = &r[k]->experiment.train;
        const int images = digits()->train.n - t->validation;
        const double epoch = r[k]->seconds.mean / t->epochs;
        report_row("%d | %d | %.1f ± %.1f | %.2f | %.0f,000", t->batch,
                   t->epochs * ((images + t->batch - 1) / t->batch),
                   100 * r[k]->accuracy.mean, 100 * r[k]->accuracy.sd, epoch,
                   images / epoch / 1000);
    }
    report_claim(r[0]->accuracy.mean > r[4]->accuracy.mean + 0.02,
                 "With the same number of epochs and the same rate, single "
                 "images lead a batch of 256 by more than two points: %.1f "
                 "against %.1f %%.",
                 100 * r[0]->accuracy.mean, 100 * r[4]->accuracy.mean);
    report_claim(r[0]->seconds.mean > r[3]->seconds.mean,
                 "An epoch in batches of 64 takes less time than one with "
                 "single images.");
}

/*%
Small batches learn more per epoch, because they take more steps; large ones take less time per epoch. Or is it that a large batch, with so much less
noise, could simply afford longer steps? One table cannot tell, for it holds the rate fixed. So let us vary both.
*/
static const Sweep batches_and_rates = {
    .base  = &minibatch,
    .set   = "train.epochs=1; train.validation=5000",
    .vary  = { "train.batch=4|16|64|256",
               "optimiser.learning_rate=0.1|0.3|1|3|10|30" },
    .seeds = 2,
};

/* Which of the rates is best with the i-th batch. */
static int best_rate(const SweepPoints *p, int i)
{
    int best = 0;

    for (int k = 1; k < p->count[1]; k++)
        if (sweep_at(p, i, k)->accuracy.mean
            > sweep_at(p, i, best)->accuracy.mean)
            best = k;
    return best;
}

static void try_both(void)
{
    const SweepPoints *p = sweep_or_recall(&batches_and_rates);
    const int last = p->count[0] - 1, best = best_rate(p, last);

    report_heatmap(((Figure){
        .name = "both", .x = "learning rate", .y = "images in the batch",
        .caption = "One epoch with each batch and each learning rate: accuracy "
                   "on the validation images, %, mean and standard deviation "
                   "of two seeds.",
        .alt = "The best rate of a row moves to the right as the batches "
               "grow.",
        .settings = "zmin=50" }), p);
    report_value("rate.4", "%s", p->value[1][best_rate(p, 0)]);
    report_value("rate.256", "%s", p->value[1][best]);
    report_value("own.256", "%.1f", 100 * sweep_at(p, last, best)->accuracy.mean);
    report_value("left.256", "%.1f", 100 * sweep_at(p, last, 0)->accuracy.mean);
    report_claim(best_rate(p, 0) < best,
                 "The larger batch wants the larger rate: %s is best for "
                 "batches of %s, %s for batches of %s.",
                 p->value[1][best_rate(p, 0)], p->value[0][0],
                 p->value[1][best], p->value[0][last]);
}

/*%
Read {{fig:both}} row by row: the best rate is {{rate.4}} for batches of four and {{rate.256}} for batches of 256, and it moves to the right with every
row between. With a rate of its own a batch of 256 reads {{own.256}} % after a single epoch, where the rate of 0.1 leaves it at {{left.256}} %. Much of what the
table charged to large batches was the fault of the rate.

So the two belong together, and a fair word on one says what the other was. Small batches still learn a little more from an epoch; large ones take less time
over it. Sixteen is a compromise that has aged well, and we keep it. The rate stays at 0.1 for now, so that what we compare next differs from chapter 4 in its batches and its
epochs alone; chapter 6 will choose rates with care.

## The result
*/
static void train_minibatch(void)
{
    const Result *before = recall("relu"), *ours = train_or_recall(&minibatch);

    report_scores("One epoch of single images, or ten epochs of batches.",
                  before, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "accuracy", .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = "Accuracy over ten epochs in batches of 16.",
        .alt = "The accuracy rises quickly to about 90 % within the first two "
               "epochs and then slowly.",
        .settings = "ymin=70; ymax=100" }), "accuracy", ours, NULL);
    report_value("steps", "%d", 10 * (digits()->train.n / 16));
    report_claim(ours->accuracy.sd < before->accuracy.sd,
                 "Averaged gradients and more epochs also make the result "
                 "steadier: a standard deviation of %.2f points over the seeds "
                 "instead of %.2f.",
                 100 * ours->accuracy.sd, 100 * before->accuracy.sd);
}

/*%
Ten epochs in batches of 16 are {{steps}} steps, fewer than the 60,000 of a single epoch before, and each of them is steadier. The gain in
accuracy is small. The step itself has become the bottleneck: every weight is moved with the same rate, whether its gradient is large or
tiny. That is the next chapter.

## Where the numbers live

A word on memory, now that there are batches. A network needs four blocks: its parameters, their gradients, the activations of one batch, and
*their* gradients. They are allocated once; the layers are given views into them. First each layer is fitted to the one before it:

@show lib/nn/model.c numbers configure_layers

Then the blocks are cut up:

@show lib/nn/model.c lay_out

And that is all that creating a network involves. Nothing is allocated while it trains.

@show lib/nn/model.c model_create model_free

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &minibatch,
      .set = "train.batch=64; optimiser.learning_rate=0.4",
      .question = "A batch four times as large has a quarter of the steps. "
                  "Make up for it with a learning rate four times as large "
                  "(the *linear scaling* rule). Is anything lost?",
      .answer = "Hardly anything, and the epochs are shorter. As long as the "
                "steps are small, four steps of 0.1 in nearly the same place "
                "are one step of 0.4." },
    { .base = &minibatch, .set = "train.batch=64",
      .outcome = WORSE,
      .question = "And without making up for it?",
      .answer = "A quarter of the steps, each of the same size: the network "
                "is simply not as far along." },
    { .base = &minibatch, .set = "optimiser.learning_rate=1",
      .outcome = BETTER,
      .question = "Ten times the learning rate was ruinous for single images "
                  "in chapter 4. Is it, with batches of sixteen?",
      .answer = "Averaging sixteen gradients takes most of the noise away, "
                "and noise was what made the large rate dangerous." },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
}

/*%
## What to remember

- The noise of a gradient falls with the square root of the batch, the number of steps with the batch itself.
- One product of matrices is faster than many products with vectors, for the same arithmetic: a weight, once fetched, serves the whole batch.
- Larger batches want larger learning rates.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &minibatch },
                 .sweeps = { &batches, &batches_and_rates }, .builds_on = "relu");
    RUN(gradient_noise);
    RUN(matrix_speed);
    RUN(try_batches);
    RUN(try_both);
    RUN(train_minibatch);
    RUN(try_it);
    return chapter_close();
}
// end fold
