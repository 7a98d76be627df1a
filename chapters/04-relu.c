/* SPDX-License-Identifier: MIT */
/*%
# ReLU

The last exercise of chapter 2 was strange: a network with *fewer* layers learned far better. What keeps layers from
learning? In this chapter we measure the gradient that reaches each of them, find the culprit, and replace it by the simplest function
that bends at all. Accuracy rises from {{softmax.accuracy}} to {{relu.accuracy}}, with nothing else changed.

**Builds on** chapters 2 and 3. **You will meet** vanishing gradients, seen with your own eyes, the rectified linear unit, and units that
die.

@changes
*/
#include <stdlib.h>

#include "book/chapter.h"
#include "book/report.h"
#include "nn/experiment.h"
#include "nn/model.h"

static const Experiment relu = {
    .name      = "relu",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },          /* was SIGMOID */
                   { DENSE, .units = 32 }, { RELU },          /* was SIGMOID */
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 1, .batch = 1, .shuffle = true },
    .seeds     = 10,
};

/*%
## The suspect

On its way down, the gradient passes each sigmoid and is multiplied by its slope $`\sigma'(a) = y (1 - y)`$. What is the largest
value this can have? A product of two numbers that add up to one is largest when they are equal: one quarter. So *every*
sigmoid layer divides the message by at least four, and by much more where its units sit in the flat ends of the curve. Two
hidden layers: at least sixteen. The weights in between could make up for it, but at the start they are small too.

If this is what happens, it must show. The training loop writes down, at every point of the learning curve, how long the gradient of
each layer is: $`\| \mathbf{g} \| = \sqrt{\sum_i g_i^2}`$ over all its weights and biases.

@show lib/nn/train.c gradient_lengths

## The simplest bend

The **rectified linear unit** passes what is positive and stops what is not,

```math
\mathrm{relu}(a) = \max(a, 0) ,
```

and its slope is 1 or 0: the message arrives whole, or not at all, but it never fades by degrees. It is also cheaper than
an exponential by far.

@show lib/nn/activation.c relu_forward relu_backward

Is it bent enough? A sum of such units is a curve made of straight pieces, with a corner wherever a unit switches on; with
enough pieces one can follow any curve. What it lacks is a ceiling. A sigmoid saturates at 1; a ReLU may grow without bound, and it is up to
the learning rate to keep it in check.

## Look

In chapters 2 and 3 the loss and the images were the same as here, so we can put the gradients side by side.
*/
static void train_relu(void)
{
    const Result *before = recall("softmax"), *ours = train_or_recall(&relu);
    const double gain = ours->accuracy.mean - before->accuracy.mean;

    report_scores("Sigmoid or ReLU in the hidden layers.", before, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch, mean and standard deviation "
                   "over the seeds.",
        .alt = "With ReLU the loss falls at once; with sigmoid it waits on a "
               "plateau and ends far above.",
        .settings = "ymin=0" }), "loss", before, ours, NULL);
    report_claim(gain > 0.05,
                 "ReLU gains at least five points over sigmoid: %.1f.",
                 100 * gain);
}

enum { GROUP = 4 };

/* The mean length of a layer's gradient over all seeds and GROUP points of the
 * learning curve, from point k on: each point holds that of one image only. */
static double mean_gradient(const Result *r, int layer, int k)
{
    double total = 0;

    for (int i = 0; i < r->runs; i++)
        for (int j = k; j < k + GROUP; j++)
            total += r->run[i].history.point[j].gradient[layer];
    return total / (r->runs * GROUP);
}

static void gradients(void)
{
    const Result *results[] = { recall("softmax"), recall("relu") };
    static const char *const names[] = { "sigmoid", "ReLU" };
    static const int dense_layers[] = { 0, 2, 4 };
    double first[2], last[2];

    FILE *f = report_figure(.kind = "curves", .name = "gradients",
        .x = "epochs",
        .y = "length of the gradient of a layer (logarithmic)",
        .caption = "The gradient that reaches each dense layer during the "
                   "first epoch, mean over the seeds.",
        .alt = "Early in training the first layer of the sigmoid network "
               "receives a gradient many times shorter than its last layer; "
               "with ReLU the three layers receive gradients of similar "
               "length.",
        .settings = "logy=1");
    fprintf(f, "series\tx\ty\tlo\thi\n");
    for (int n = 0; n < 2; n++)
        for (int d = 0; d < 3; d++)
            for (int k = 0; k + GROUP <= results[n]->run[0].history.points;
                 k += GROUP) {
                const Point *p = &results[n]->run[0].history.point[k];
                const double g = mean_gradient(results[n], dense_layers[d], k);
                fprintf(f, "%s, layer %d\t%g\t%g\t%g\t%g\n", names[n], d + 1,
                        (p[0].epoch + p[GROUP - 1].epoch) / 2, g, g, g);
            }
    for (int n = 0; n < 2; n++) {
        first[n] = mean_gradient(results[n], 0, 0);
        last[n] = mean_gradient(results[n], 4, 0);
    }
    report_value("ratio.sigmoid", "%.0f", last[0] / first[0]);
    report_value("ratio.relu", "%.1f", last[1] / first[1]);
    report_claim(last[0] / first[0] > 2 * (last[1] / first[1]),
                 "At the start of the epoch the sigmoid network's first "
                 "layer is starved: its gradient is %.1f times shorter than "
                 "the last layer's, against %.1f times with ReLU.",
                 last[0] / first[0], last[1] / first[1]);
}

/*%
At the beginning the first layer of the sigmoid network, which holds more than nine tenths of all weights, receives a gradient
{{ratio.sigmoid}} times shorter than the last layer's. With ReLU the factor is {{ratio.relu}}. The first layer of the sigmoid network can hardly learn
before the others have grown; this is the plateau in {{fig:loss}}. The phenomenon is called **vanishing gradients**, and for a decade it was
the reason why nobody trained networks of many layers.

## Units that die

Nothing is free. A ReLU whose weighted sum is negative for *every* image has slope zero for every image: its weights receive no gradient, and it
never comes back. Such a unit is *dead*. Let us count them: a hidden unit is dead if none of the test images switches it on.
*/
static int count_dead(const Run *run)
{
    enum { BATCH = 100 };
    const Dataset *test = &digits()->test;
    Model *m = run_model(run, &relu, BATCH);
    int dead = 0;

    for (int layer = 1; layer <= 3; layer += 2) {          /* the two ReLUs */
        const int units = m->layers[layer].out;
        for (int unit = 0; unit < units; unit++) {
            bool on = false;
            for (int first = 0; !on && first < test->n; first += BATCH) {
                gather(m->x[0], test, NULL, first, BATCH);
                model_forward(m, BATCH, false);
                for (int i = 0; i < BATCH; i++)
                    on = on || m->x[layer + 1][i * units + unit] > 0;
            }
            dead += !on;
        }
    }
    model_free(m);
    return dead;
}

static void count_all_dead(void)
{
    const Result *r = recall("relu");
    int dead = 0, most = 0;

    for (int i = 0; i < r->runs; i++) {
        const int n = count_dead(&r->run[i]);
        dead += n;
        most = n > most ? n : most;
    }
    report_print("dead units of 64: %.1f on average, %d at most, over %d "
                 "runs\n",
                 (double)dead / r->runs, most, r->runs);
    report_value("dead", "%.1f", (double)dead / r->runs);
    report_claim(most < 32,
                 "In no run does half of the network die: at most %d of 64 "
                 "units.", most);
}

/*%
On average {{dead}} of 64 units are dead after one epoch. It is a price worth paying here; with a larger learning rate it can become ruinous, as
the first exercise shows.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &relu, .set = "optimiser.learning_rate=1",
      .outcome = WORSE,
      .question = "Ten times the learning rate was a gift to the sigmoid "
                  "network. Is it one here?",
      .answer = "Now the gradients arrive whole, and steps ten times as long "
                "throw units beyond the point where any image switches them "
                "on. What was timid for sigmoids is bold for ReLU." },
    { .base = &relu,
      .set = "layers=dense 32, relu, dense 32, relu, dense 32, relu, dense "
             "32, relu, dense 10, softmax",
      .outcome = WORSE,
      .question = "Two more hidden layers of 32 units. Would you have dared "
                  "with sigmoids?",
      .answer = "After one epoch it is a little behind, but it trains: the "
                "gradient gets through. Compare the next exercise." },
    { .base = &relu,
      .set = "layers=dense 32, sigmoid, dense 32, sigmoid, dense 32, "
             "sigmoid, dense 32, sigmoid, dense 10, softmax",
      .outcome = WORSE,
      .question = "The same four hidden layers with sigmoids.",
      .answer = "Four sigmoids divide the gradient by at least 256 on its "
                "way to the first layer. Within one epoch this network "
                "learns nothing of use." },
    { .base = &relu,
      .set = "layers=dense 128, relu, dense 10, softmax",
      .outcome = BETTER, .seeds = 10,
      .question = "One wide hidden layer of 128 units instead of two narrow "
                  "ones: four times the weights, four times the work.",
      .answer = "Width pays, and costs in proportion. Whether the seconds "
                "are better spent on width or on another epoch is the kind "
                "of question that only a measurement answers." },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
}

/*%
## What to remember

- A gradient that must pass many small slopes vanishes; the layers that need it most get the least.
- ReLU has slope one where it is on. That single property made deep networks trainable.
- When a network learns slowly, do not guess: draw the length of the gradient, layer by layer.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &relu }, .builds_on = "softmax");
    RUN(train_relu);
    RUN(gradients);
    RUN(count_all_dead);
    RUN(try_it);
    return chapter_close();
}
// end fold
