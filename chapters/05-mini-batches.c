/* SPDX-License-Identifier: MIT */
/*%
# Mini-batches

So far every step looked at one image. What if it looks at sixteen, or at 256? The steps become steadier, and the computer, for
reasons of its own, does the same sums faster; but there are fewer steps. In this chapter we take these effects
apart, and end with a network that reads {{minibatch.accuracy}} of the test digits after {{minibatch.train.epochs epochs}}.

**Builds on** chapter 4. **You will meet** gradient noise and its square root, matrix products, how fast a processor can multiply, and the
memory in which a network lives.

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
#include "nn/learning.h"
#include "nn/products.h"

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
a noisy opinion about the direction that all 60,000 images would give. How noisy is the mean? If the opinions are independent, each with standard
deviation $`s`$, their variances add: the sum of $`B`$ of them has variance $`B s^2`$. Dividing the sum by $`B`$ divides its variance by $`B^2`$, and what is left is $`s^2 / B`$, so

```math name=noise
\text{standard deviation of the mean} = \frac{s}{\sqrt{B}} .
```

This is the law that makes opinion polls possible, and it is a meagre bargain: four times the work for half the noise. It holds for each of the
{{minibatch.parameters}} numbers of a gradient, and so for the length of its error. Let us see it. We take a fresh network, compute its gradient over {{many}}
images, and call that the truth. Then we ask how far from it the gradients of smaller batches lie: the length of the difference, as a multiple of
the length of the truth.
*/
enum { MANY = 1024, SIZES = 9 };                       /* batches of 1 to 256 */

/* The gradient of the mean loss over images first to first + B - 1. */
static void gradient(Model *m, int first, int B)
{
    gather(m->x[0], &digits()->train, NULL, first, B);
    model_forward(m, B, &predicting);
    model_loss(m, digits()->train.labels + first, B, B);
    model_backward(m, B);
}

static void gradient_noise(void)
{
    Model *m;
    double error[SIZES];
    int many = MANY;

    while (many > digits()->train.n)           /* a very quick edition */
        many /= 2;
    must(model_create(&m, &minibatch, many));
    must(model_prepare(m));
    model_initialise(m, 1);
    gradient(m, 0, many);
    float *truth = allocate(m->n, sizeof *truth);
    memcpy(truth, m->gradients, m->n * sizeof *truth);
    const double length = sqrt((double)dot(truth, truth, m->n));

    for (int k = 0; k < SIZES; k++) {
        const int B = 1 << k;
        double squares = 0;
        for (int first = 0; first < many; first += B) {
            gradient(m, first, B);
            axpy(m->gradients, -1, truth, m->n);
            squares += (double)dot(m->gradients, m->gradients, m->n);
        }
        error[k] = sqrt(squares * B / many) / length;
    }
    free(truth);
    model_free(m);

    // fold: drawing the errors
    FILE *f = report_figure(.kind = "curves", .name = "noise",
        .x = "images in the batch",
        .y = "length of the error / length of the true gradient",
        .caption = "How far the gradient of a batch is from that of {{many}} "
                   "images, root mean square over the batches. The law of the "
                   "square root is drawn through the first point.",
        .alt = "On logarithmic axes the measured errors fall, from "
               "{{one.error}} for one image, along the straight line of the "
               "law, by half for each fourfold batch; the last of them lie a "
               "little below it.",
        .settings = "logx=2; logy=1; points=1");
    fprintf(f, "series\tx\ty\tlo\thi\n");
    for (int k = 0; k < SIZES; k++) {
        const double law = error[0] / sqrt(1 << k);
        fprintf(f, "1/√B\t%d\t%g\t%g\t%g\n", 1 << k, law, law, law);
        fprintf(f, "measured\t%d\t%g\t%g\t%g\n", 1 << k, error[k], error[k],
                error[k]);
    }
    report_value("many", "%s", thousands(many));
    report_value("one.error", "%.1f", error[0]);
    report_value("sixteen.error", "%.1f", error[4]);
    report_value("sixteen.law", "%.1f", error[0] / 4);
    // end fold
    if (error[SIZES - 1] > 0)          /* 0: a batch was all the images */
        report_claim(error[SIZES - 1] < error[0] / 12,
                     "A batch of 256 divides the noise of a single image by more "
                     "than twelve: by %.1f, where the law says 16.",
                     error[0] / error[SIZES - 1]);
}

/*%
The gradient of a single image misses the truth by {{one.error}} times the length of the truth: it mostly points elsewhere! It works all the
same, because over many small steps the errors largely cancel. For sixteen images {{eq:noise}} says {{sixteen.law}}, and we measure {{sixteen.error}}. (Towards the right end the points fall
below the line: a batch of 256 is itself a large part of the truth, and so cannot be as far from it as 256 fresh images would be.)

## Why matrices are fast

Now the other effect. For one image a dense layer computes $`\mathbf{W}\mathbf{x}`$, and every weight is fetched for a single multiplication.
For $`B`$ images it computes $`\mathbf{X}\mathbf{W}^\top`$, with one image in each row of $`\mathbf{X}`$, and a weight, once fetched, can serve $`B`$ times. The number of
multiplications per image is the same; the number of fetches is not.

Fetching is what takes the time. A core finds numbers at once only in its *registers*, of which it has a few dozen; from the cache next to it they come some cycles later, from memory after hundreds. And it multiplies
not single numbers but *vectors*, of four, eight or sixteen numbers, with several multiplications under way at once. Three products are all that a dense layer needs, one forward and two backward, and each can be written as three
plain loops. The compiler makes vectors of the innermost one, if it goes along a row and if no addition has to wait for the one before it. A sum of products is therefore made as many sums side by side:

@show lib/nn/plain.c total dot axpy

Each product either replaces what was in the result or adds to it:

@show lib/nn/products.h Assign

@show lib/nn/plain.c plain_mul plain_mul_bt plain_mul_at

This is as good as three loops get, and far from what the processor can do: for every multiplication the loops fetch at least one number. To do better, a product must be cut into blocks that find room in the caches, each block into small tiles
whose sums stay in registers, and the numbers copied into the order in which they will be wanted; for each kind of processor differently. That is the work of decades, and we take it ready-made, from the library OpenBLAS. Read its long call
as $`\mathbf{C} \leftarrow \alpha \, \mathbf{A} \mathbf{B} + \beta \, \mathbf{C}`$. It says which of the matrices to transpose, then the three sizes, then $`\alpha`$, then each matrix with the length of its rows in memory, and before the
last one $`\beta`$. Both factors are 1 here: the product is added to what is there, and what it is to replace has been set to zero before.

@show lib/nn/products.c product mul mul_bt mul_at

How fast is it? We time the forward product of the first layer for different batches, by the plain loops and by OpenBLAS, and OpenBLAS with two large square matrices. A product of $`B`$ by 784 and 784 by 32 numbers takes
$`2 \cdot B \cdot 784 \cdot 32`$ operations, half of them multiplications and half additions. A thousand million of them in a second are one GFLOP/s.
*/
enum { SQUARE = 1024 };

/* GFLOP/s of y = x W', the best of several tries, each of some milliseconds. */
static double speed(Product *product, int B, int out, int in)
{
    float *x = allocate((size_t)B * in, sizeof *x);
    float *y = allocate((size_t)B * out, sizeof *y);
    float *W = allocate((size_t)out * in, sizeof *W);
    const double flop = 2.0 * B * out * in;
    const int times = (int)(2e7 / flop) + 1;
    double best = 0;

    for (int try = 0; try < 20; try++) {
        const double start = clock_seconds();
        for (int i = 0; i < times; i++)
            product(y, x, W, B, out, in, SET);
        best = fmax(best, 1e-9 * flop * times / (clock_seconds() - start));
    }
    free(x);
    free(y);
    free(W);
    return best;
}

static void measure_speeds(double *gflops)
{
    for (int k = 0; k < SIZES; k++) {
        gflops[k] = speed(mul_bt, 1 << k, 32, 784);
        gflops[SIZES + 1 + k] = speed(plain_mul_bt, 1 << k, 32, 784);
    }
    gflops[SIZES] = speed(mul_bt, SQUARE, SQUARE, SQUARE);
}

static void matrix_speed(void)
{
    double gflops[2 * SIZES + 1];
    const double *loops = gflops + SIZES + 1;

    measure_or_recall("products", gflops, 2 * SIZES + 1, measure_speeds);
    // fold: drawing the speeds
    FILE *f = report_figure(.kind = "curves", .name = "speed",
        .x = "images in the batch",
        .y = "10⁹ floating-point operations per second",
        .caption = "Speed of the first layer's forward product on one core "
                   "of the machine that built this book: by plain loops and by "
                   "OpenBLAS, which also makes the product of two large square "
                   "matrices. A single image is done by the loops in any case.",
        .alt = "Over batches of 1 to 256 images: {{one}} GFLOP/s with one "
               "image, {{eight}} with eight, {{sixteen.speed}} with sixteen, "
               "{{largest}} with 256. The plain loops stay near where they "
               "began. A level line marks the {{peak}} of large matrices.",
        .settings = "logx=2; ymin=0");
    fprintf(f, "series\tx\ty\tlo\thi\n");
    for (int k = 0; k < SIZES; k++)
        fprintf(f, "plain loops\t%d\t%g\t%g\t%g\n", 1 << k, loops[k], loops[k],
                loops[k]);
    for (int k = 0; k < SIZES; k++)
        fprintf(f, "OpenBLAS\t%d\t%g\t%g\t%g\n", 1 << k, gflops[k], gflops[k],
                gflops[k]);
    for (int k = 0; k < SIZES; k++)
        fprintf(f, "large matrices\t%d\t%g\t%g\t%g\n", 1 << k, gflops[SIZES],
                gflops[SIZES], gflops[SIZES]);
    report_value("one", "%.0f", gflops[0]);
    report_value("eight", "%.0f", gflops[3]);
    report_value("sixteen.speed", "%.0f", gflops[4]);
    report_value("sixteen.gain", "%.1f", gflops[4] / gflops[0]);
    report_value("largest", "%.0f", gflops[SIZES - 1]);
    report_value("loops.sixteen", "%.0f", loops[4]);
    report_value("peak", "%.0f", gflops[SIZES]);
    // end fold
    report_claim(gflops[4] > 1.1 * gflops[0],
                 "Sixteen images at once do the same sums faster than single "
                 "images do: at %.0f against %.0f GFLOP/s.",
                 gflops[4], gflops[0]);
}

/*%
A single image ({{fig:speed}}) goes at {{one}} GFLOP/s: all weights have to come from the cache for it, and each is used once. The loops know no better with more images: at sixteen they make {{loops.sixteen}}. In OpenBLAS's tiles each weight that is
fetched serves several images: eight go at {{eight}} GFLOP/s, sixteen at {{sixteen.speed}}, 256 at {{largest}}, and the large square matrices, where the copying is least beside the arithmetic, at {{peak}}.

So in this product alone sixteen images gain a factor of {{sixteen.gain}} over one. A whole training step has another saving: the optimiser
goes through all {{minibatch.parameters}} weights and their gradients once per *step*, and in batches of sixteen there are sixteen times fewer steps.

## How large a batch?

Now all effects together: we train three epochs with each batch size and the same learning rate. A batch is something to *choose*, so the runs use 55,000 images
and are judged on the other 5,000, the validation images. Before you look: which batch will read most of those?
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

    // fold: the table
    report_table("Three epochs with the same learning rate of "
                 "{{minibatch.optimiser.learning_rate}} and different batches, on the validation images.",
                 "Batch | Steps | Accuracy, % | Core seconds an epoch | Images a "
                 "second");
    for (int k = 0; k < p->n; k++) {
        const TrainSpec *t = &r[k]->experiment.train;
        const int images = digits()->train.n - t->validation;
        const double seconds = r[k]->core_seconds.mean / t->epochs;
        report_row("%d | %s | %.1f ± %.1f | %.2f | %s", t->batch,
                   thousands(t->epochs * ((images + t->batch - 1) / t->batch)),
                   100 * r[k]->accuracy.mean, 100 * r[k]->accuracy.sd, seconds,
                   thousands(1000 * lround(images / seconds / 1000)));
    }
    report_value("single.three", "%.1f", 100 * r[0]->accuracy.mean);
    // end fold
    report_claim(r[0]->accuracy.mean > r[4]->accuracy.mean + 0.5,
                 "With the same number of epochs and the same rate, single "
                 "images lead a batch of 256 by more than fifty points: %.1f "
                 "against %.1f %%.",
                 100 * r[0]->accuracy.mean, 100 * r[4]->accuracy.mean);
    report_claim(r[0]->core_seconds.mean > r[3]->core_seconds.mean,
                 "An epoch in batches of 64 takes less time than one with "
                 "single images.");
}

/*%
At this rate large batches learn far less in three epochs: they take few steps, and do not make up for it by longer ones. So the single-image steps, a suspect since chapter 2, did not hold the network back. Larger batches do take less time for an epoch. But could a
large batch, with so much less noise, not simply afford longer steps? This table cannot tell, for it holds the rate fixed. So let us vary both.
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
    const int last = p->count[0] - 1;
    bool falls = false;

    for (int i = 0; i < last; i++)
        falls = falls || best_rate(p, i + 1) < best_rate(p, i);
    const Result *small = sweep_at(p, 0, best_rate(p, 0));
    const Result *sixteen = sweep_at(p, 1, best_rate(p, 1));
    const Result *large = sweep_at(p, last, best_rate(p, last));
    // fold: drawing the table of both
    report_heatmap(((Figure){
        .name = "both", .x = "learning rate", .y = "images in the batch",
        .caption = "One epoch with each batch and each learning rate: accuracy "
                   "on the validation images, %, mean and standard deviation "
                   "of two seeds. Below 50 % a cell has no colour.",
        .alt = "A table of four batches by six rates. The best cell is at a "
               "rate of {{rate.4}} in the row of batches of 4, and at "
               "{{rate.256}} in that of 256; far from the best of a row the "
               "cells are pale.",
        .settings = "zmin=50" }), p);
    report_value("rate.first", "%s", p->value[1][0]);
    report_value("rate.4", "%s", p->value[1][best_rate(p, 0)]);
    report_value("rate.16", "%s", p->value[1][best_rate(p, 1)]);
    report_value("rate.256", "%s", p->value[1][best_rate(p, last)]);
    report_value("own.16", "%.1f", 100 * sixteen->accuracy.mean);
    report_value("left.16", "%.1f", 100 * sweep_at(p, 1, 0)->accuracy.mean);
    report_value("own.256", "%.1f", 100 * large->accuracy.mean);
    report_value("left.256", "%.1f", 100 * sweep_at(p, last, 0)->accuracy.mean);
    // end fold
    report_claim(!falls && best_rate(p, 0) < best_rate(p, last),
                 "Larger batches want larger rates. From row to row the best "
                 "rate never falls: it is %s for batches of %s and %s for "
                 "batches of %s.",
                 p->value[1][best_rate(p, 0)], p->value[0][0],
                 p->value[1][best_rate(p, last)], p->value[0][last]);
    report_claim(small->accuracy.mean > large->accuracy.mean,
                 "Each at its own best rate, batches of %s still learn more "
                 "from one epoch than batches of %s: %.1f against %.1f %%.",
                 p->value[0][0], p->value[0][last],
                 100 * small->accuracy.mean, 100 * large->accuracy.mean);
}

/*%
Read {{fig:both}} row by row: the best rate is {{rate.4}} for batches of four and {{rate.256}} for batches of 256. With that rate a batch of 256
reads {{own.256}} % after a single epoch, where a rate of {{rate.first}} leaves it at {{left.256}} %. Much of what the
table before charged to large batches was the fault of the rate.

So batch and rate belong together: to judge one, say what the other was. At its own best rate a small batch learns a little more from an epoch, and a large one takes less time
over it. We take sixteen, in the middle, for the dense networks. Sixteen images would like a rate of {{rate.16}}. Ours stays at {{minibatch.optimiser.learning_rate}} for now, so that what we compare next differs from chapter 4 in its batches and its
epochs alone; chapter 6 will choose rates with care.

## The result
*/
static void train_minibatch(void)
{
    const Result *before = recall("relu"), *ours = train_or_recall(&minibatch);
    const TrainSpec *t = &ours->experiment.train;
    const int n = digits()->train.n;

    // fold: the scores and the curve
    report_scores("One epoch of single images, or ten epochs of batches.",
                  before, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "accuracy", .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = "Accuracy over {{minibatch.train.epochs epochs}} in batches "
                   "of {{minibatch.train.batch}}, mean and standard deviation over the seeds.",
        .alt = "The curve climbs steeply during the first epochs, and then "
               "ever more slowly.",
        .settings = "ymin=0; ymax=100" }), "accuracy", ours, NULL);
    report_value("steps", "%s",
                 thousands(t->epochs * ((n + t->batch - 1) / t->batch)));
    report_value("steps.single", "%s", thousands(n));
    // end fold
    report_claim(ours->accuracy.sd < before->accuracy.sd,
                 "Averaged gradients and more epochs also make the result "
                 "steadier: a standard deviation of %.2f points over the seeds "
                 "instead of %.2f.",
                 100 * ours->accuracy.sd, 100 * before->accuracy.sd);
}

/*%
With {{minibatch.train.epochs epochs}} in batches of {{minibatch.train.batch}} there are {{steps}} steps, against {{steps.single}} in a single epoch before, and each of them is steadier. The gain in
accuracy is small for ten times the images, and {{fig:both}} and the table before it have shown the reason. On the validation images three epochs of single images came to {{single.three}} %, and
one epoch of sixteens to {{own.16}} % with a rate of {{rate.16}}, but only to {{left.16}} % with {{rate.first}}. For a batch of sixteen our rate is timid. That can be cured by turning one knob. Chapter 6 first tries
something bolder, a knob for every weight, and then asks how much of its success the one knob would have brought as well.

## Where the numbers live

A word on memory, now that there are batches. A network needs four blocks: its parameters, their gradients, the activations of one batch, and
*their* gradients. (Some layers of chapter 7 also ask for scratch space of their own.) They are allocated once; the layers, whose struct you know from chapter 2, are given views into them. First each layer is fitted to the one before it:

@show lib/nn/model.c configure_layers configure_layer

The numbers of a layer, such as `units`, are listed by its kind, with the range that each may have and what stands for one that was left out:

@show lib/base/spec.h SpecField
@show lib/base/spec.c spec_get spec_set spec_complete spec_check

Then the blocks are cut up. A layer that works number by number, such as ReLU, can write its output over its input: what is not copied need not be fetched. Whether it may is decided by who still wants that input on the way back.

@show lib/nn/model.c lay_out model_in_place

And that is all that creating a network involves. No step of the training allocates anything.

@show lib/nn/model.c create model_create model_free
@show lib/base/memory.c memory_zeroed

A network that is to learn gets gradients besides:

@show lib/nn/learning.c model_prepare

## Try it
*/
static void try_it(void)
{
    // fold: the exercises with their answers
    static const Exercise exercises[] = {
        { .base = &minibatch,
          .set = "train.batch=64; optimiser.learning_rate=0.4",
          .question = "A batch four times as large has a quarter of the steps. "
                      "Make up for it with a learning rate four times as large "
                      "(the *linear scaling* rule). Is anything lost?",
          .answer = "Hardly anything. As long as the steps are small, four "
                    "steps of 0.1 in nearly the same place are one step of "
                    "0.4, since the gradient of 64 images is the mean of four "
                    "gradients of 16." },
        { .base = &minibatch, .set = "train.batch=64",
          .outcome = WORSE,
          .question = "And without making up for it?",
          .answer = "A quarter of the steps, and no longer ones: the network "
                    "is simply not as far along." },
        { .base = &minibatch, .set = "optimiser.learning_rate=1",
          .outcome = BETTER,
          .question = "Ten times the learning rate was ruinous for single "
                      "images in chapter 4. Is it, with batches of sixteen?",
          .answer = "The mean of sixteen gradients has a quarter of the noise "
                    "({{eq:noise}}). With single images, long steps in noisy "
                "directions drove the scores up until softmax was sure of "
                "everything (exercise 4.1); these steps are as long, but "
                "know better where to go." },
    };
    report_exercises(exercises);
    // end fold
}

/*%
## What to remember

- Noise goes as $`1/\sqrt{B}`$, steps as $`1/B`$: sixteen times the images leave a quarter of the noise, and a sixteenth of the steps.
- One *large* product of matrices is faster than many products with vectors, for the same arithmetic: a weight, once fetched, serves the whole batch.
- Larger batches want larger learning rates. To judge a batch, say what the rate was.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &minibatch },
                 .sweeps = { &batches, &batches_and_rates },
                 .builds_on = "relu");
    RUN(gradient_noise);
    RUN(matrix_speed);
    RUN(try_batches);
    RUN(try_both);
    RUN(train_minibatch);
    RUN(try_it);
    return chapter_close();
}
// end fold
