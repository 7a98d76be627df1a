/* SPDX-License-Identifier: MIT */
/*%
# ReLU

The last exercise of chapter 2 was strange: a network with *fewer* layers learned far better. What keeps layers from
learning? In this chapter we measure the gradient that reaches each of them, find the culprit, and replace it by the simplest function
that bends at all. Accuracy goes from {{softmax.accuracy}} to {{relu.accuracy}}; the table below shows all that has changed.

**Builds on** chapters 2 and 3. **You will meet** vanishing gradients, seen with your own eyes, the rectified linear unit, and units that
die.

@changes
*/
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "data/gather.h"
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
hidden layers: at least sixteen.

Could the weights in between make up for it? At the start they make it worse. Those of a layer with $`n`$ inputs are drawn
between $`-1/\sqrt n`$ and $`1/\sqrt n`$, so their variance is $`1/(3n)`$. That keeps the sums small on the way up. On the way
down, the message $`\mathbf{g}`$ is multiplied by the transposed matrix, and each of the $`n`$ numbers that come out is a sum of
independent terms $`g_i W_{ij}`$, whose variances add up to $`\| \mathbf{g} \|^2 / (3n)`$. Hence

```math name=fading
\| \mathbf{W}^\top \mathbf{g} \|^2 \approx n \cdot \frac{\| \mathbf{g} \|^2}{3n} = \frac{\| \mathbf{g} \|^2}{3} ,
```

where $`\| \mathbf{g} \| = \sqrt{\sum_i g_i^2}`$ is the length of the message. Whatever its size, a fresh dense layer divides
that length by about $`\sqrt 3`$. Together with a sigmoid this makes at least $`4 \sqrt 3 \approx 7`$; for two hidden
layers, 48.

If this is what happens, it must show. We write down, at each of the {{points}} points of the learning curve, how long the gradient of
each layer is in that step, over all its weights and biases; here a step is one image.

@show lib/runs/history.c gradient_length

## The simplest bend

The **rectified linear unit** passes what is positive and stops what is not,

```math
\mathrm{relu}(a) = \max(a, 0) ,
```

and its slope is 1 or 0: the message arrives whole, or not at all, but it never fades by degrees. A unit that is off for one
image learns nothing from it; there are others that switch it on. (The idea is old: Kunihiko Fukushima used it in 1969. It
became the usual choice when Nair and Hinton, in 2010, and Glorot, Bordes and Bengio, in 2011, showed what it is good for.)

@show lib/nn/relu.c relu_forward relu_backward

Is it bent enough? A sum of such units is a curve made of straight pieces, with a corner wherever a unit switches on; with
enough pieces one can follow any continuous curve as closely as one likes. What it lacks is a ceiling. A sigmoid saturates at 1;
a ReLU may grow without bound, and it is up to the learning rate to keep it in check.

## Look

The first network of chapter 3 had the same loss, and with the same seed it started from the same weights and saw the images in
the same order. So we can put the two side by side.
*/
static void train_relu(void)
{
    const Result *before = recall("softmax"), *ours = train_or_recall(&relu);
    const double gain = ours->accuracy.mean - before->accuracy.mean;

    // fold: the table and the curves
    report_scores("Sigmoid or ReLU in the hidden layers.", before, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch, mean and standard deviation "
                   "over the seeds.",
        .alt = "With ReLU the loss falls at once; with sigmoid it waits on a "
               "plateau and ends far above.",
        .settings = "ymin=0" }), "loss", before, ours, NULL);
    // end fold

    report_claim(gain > 0.05,
                 "ReLU gains at least five points over sigmoid: %.1f.",
                 100 * gain);
}

/*%
And the gradients? One point of the learning curve knows the gradient of a single image, and jumps about. So we take the mean
over the seeds and over four points in a row.
*/
enum { GROUP = 4 };

/* Where the layers of a kind stand in a network, in at[]; gives their number. */
static int find_layers(int at[MAX_LAYERS], const Experiment *e, LayerKind kind)
{
    int n = 0;

    for (int i = 0; i < MAX_LAYERS && e->layers[i].kind; i++)
        if (e->layers[i].kind == kind)
            at[n++] = i;
    return n;
}

/* The mean length of the gradient of layer i, over all seeds and GROUP points
 * of the learning curve, from point k on. */
static double mean_gradient(const Result *r, int i, int k)
{
    double total = 0;

    for (int n = 0; n < r->runs; n++)
        for (int j = k; j < k + GROUP; j++)
            total += r->run[n].history.point[j].gradient[i];
    return total / (r->runs * GROUP);
}

/* The last dense layer's gradient, as a multiple of the first one's, at the
 * start of the epoch. NAN: it has not two, or the curve is too short. */
static double last_to_first(const Result *r)
{
    int dense[MAX_LAYERS];
    const int n = find_layers(dense, &r->experiment, DENSE);

    if (n < 2 || r->run[0].history.points < GROUP)
        return NAN;
    return mean_gradient(r, dense[n - 1], 0) / mean_gradient(r, dense[0], 0);
}

// fold: the length of an image
/* How long a training image is, as a vector of inputs; the mean. */
static double image_length(void)
{
    const Dataset *d = &digits()->train;
    double total = 0;

    for (int i = 0; i < d->n; i++) {
        const uint8_t *pixel = d->pixels + (size_t)i * PIXELS;
        double squares = 0;
        for (int j = 0; j < PIXELS; j++)
            squares += pixel[j] / 255.0 * (pixel[j] / 255.0);
        total += sqrt(squares);
    }
    return total / d->n;
}
// end fold

static void gradients(void)
{
    const Result *with_sigmoid = recall("softmax"), *with_relu = recall("relu");
    const double factor = last_to_first(with_sigmoid);
    const double factor_relu = last_to_first(with_relu);

    report_value("points", "%d", with_relu->run[0].history.points);
    if (!isfinite(factor) || !isfinite(factor_relu))
        return;                                /* the text says so */

    // fold: drawing the lengths
    const Result *results[] = { with_sigmoid, with_relu };
    const Figure figures[] = {
        { .kind = "curves", .name = "gradients-sigmoid", .x = "epochs",
          .y = "sigmoid: length of the gradient of each layer (logarithmic)",
          .caption = "With sigmoids: the length of the gradient of each dense "
                     "layer during the first epoch. Each point of a line is "
                     "the mean over all seeds and four images of each.",
          .alt = "Three lines that start far apart: the gradient of layer 3 is "
                 "by far the longest, that of layer 1 the shortest. Later in "
                 "the epoch the two lower lines rise towards the highest." },
        { .kind = "curves", .name = "gradients-relu", .x = "epochs",
          .y = "ReLU: length of the gradient of each layer (logarithmic)",
          .caption = "With ReLU: the same, on the same scale.",
          .alt = "Three lines close together from the start, as high as the "
                 "highest of the figure before; they jump up and down." },
    };
    double least = 1, most = 0;
    int dense[2][MAX_LAYERS], layers[2], points[2];
    char settings[100];

    for (int n = 0; n < 2; n++) {
        points[n] = results[n]->run[0].history.points / GROUP;
        layers[n] = find_layers(dense[n], &results[n]->experiment, DENSE);
        for (int d = 0; d < layers[n]; d++)
            for (int k = 0; k < points[n]; k++) {
                const double g = mean_gradient(results[n], dense[n][d],
                                               k * GROUP);
                if (g > 0)
                    least = fmin(least, g);
                most = fmax(most, g);
            }
    }
    snprintf(settings, sizeof settings, "logy=1; height=300; ymin=%g; ymax=%g",
             pow(10, floor(log10(least))), pow(10, ceil(log10(most))));
    for (int n = 0; n < 2; n++) {
        Figure figure = figures[n];
        figure.settings = settings;
        FILE *f = report_figure_at(HERE, figure);
        fprintf(f, "series\tx\ty\tlo\thi\n");
        for (int d = 0; d < layers[n]; d++)
            for (int k = 0; k < points[n]; k++) {
                const Point *p = &results[n]->run[0].history.point[k * GROUP];
                const double g = mean_gradient(results[n], dense[n][d],
                                               k * GROUP);
                fprintf(f, "layer %d\t%g\t%g\t%g\t%g\n", d + 1,
                        (p[0].epoch + p[GROUP - 1].epoch) / 2, g, g, g);
            }
    }
    // end fold

    /* From the last dense layer of the sigmoid network to the first. */
    const int hidden = layers[0] - 1;
    const int units = with_sigmoid->experiment.layers[dense[0][hidden - 1]].units;
    const double fading = pow(48, hidden / 2.0);
    const double expected = fading * (sqrt(units) / 2) / image_length();

    report_claim(factor > 2 * factor_relu,
                 "At the start of the epoch the sigmoid network's first layer "
                 "is starved: the last layer's gradient is %.1f times as long "
                 "as its own; with ReLU, %.1f times.", factor, factor_relu);
    report_claim(factor > expected / 2 && factor < expected * 2,
                 "For the sigmoid network, pencil and paper foresee a factor "
                 "of %.1f; that is right within a factor of two.", expected);
    report_value("factor", "%.0f", factor);
    report_value("factor.relu", "%.1f", factor_relu);
    report_value("expected", "%.0f", expected);
    report_value("image.length", "%.1f", image_length());
    report_value("fading", "%.0f", fading);
    report_value("hidden.units", "%d", units);
    report_value("hidden.length", "%.1f", sqrt(units) / 2);
}

/*%
@if factor
At the beginning the last layer of the sigmoid network has a gradient {{factor}} times as long as that of the first, which holds
more than nine tenths of all weights ({{fig:gradients-sigmoid}}). What has become of the {{fading}}? That was the message. The gradient
of a weight is the message times the input of that weight, and the input of the first layer is longer: an image has a length of
{{image.length}}, {{hidden.units}} sigmoids near one half have only $`\sqrt{ {{hidden.units}} } / 2 \approx {{hidden.length}}`$. So the factor to expect between the last
layer and the first is $`{{fading}} \cdot {{hidden.length}} / {{image.length}}`$, or {{expected}}. Half a page of algebra has foretold what a network
of {{relu.parameters}} weights and biases does.

With ReLU the factor is {{factor.relu}} ({{fig:gradients-relu}}). Its lines jump, and that says something, too: towards the end
of the epoch most images are read correctly and leave hardly any gradient, so that each mean is made by the few that are not.
@else
There is no figure of the gradients here: it compares the first and the last dense layer of two networks, this one and that of
chapter 3, over at least four points of the learning curve, and they do not both have them, or a gradient is zero.
@end

The first layer of the sigmoid network can hardly learn before the others have grown; this is the plateau in {{fig:loss}}. The
phenomenon is called **vanishing gradients**. Sepp Hochreiter described it in his diploma thesis of 1991, and for two decades it
was one of the reasons why networks of many layers were so hard to train. Could one not simply take longer steps in the layers
that get too little? One can; chapter 6 gives every weight a step length of its own. Here we have removed the cause.

What was it worth, then? Exercise 2.2 came about as far with sigmoids, by a learning rate of 1. For this small network, ReLU
does not raise the summit. What it gives is that a rate of {{relu.optimiser.learning_rate}} works, and that it goes on working when the network
grows deeper: two of the exercises below show it.

## Units that die

Nothing is free. A ReLU whose weighted sum is negative for *every* training image has slope zero for every image: its weights
and its bias receive no gradient. In the first layer it never comes back; in the second, only if its inputs, which the first
layer makes, happen to move. Such a unit is *dead*. Let us count, in our network and in the same network after learning at a
rate of {{rate.bold}}; ten thousand training images must do.
*/
static const Sweep bold = {
    .base  = &relu,
    .vary  = { "optimiser.learning_rate=1" },
    .seeds = 5,
};

/* How many units of a ReLU layer none of the first 10,000 training images
 * switches on. */
static int count_dead(Model *m, int layer)
{
    const Dataset *d = &digits()->train;
    const int n = d->n < 10000 ? d->n : 10000;
    const float *y = m->x[layer + 1];                          /* (B, units) */
    const int units = m->layers[layer].out;
    int dead = units;
    bool *on = allocate(units, sizeof *on);

    for (int first = 0; dead > 0 && first < n; first += m->batch) {
        const int left = n - first;
        const int B = left < m->batch ? left : m->batch;
        gather(m->x[0], d, NULL, first, B);
        model_forward(m, B, &predicting);
        for (int i = 0; i < B * units; i++)
            if (y[i] > 0 && !on[i % units]) {
                on[i % units] = true;
                dead--;
            }
    }
    free(on);
    return dead;
}

// fold: adding up over the seeds
/* The dead of an experiment: the mean in each of its ReLU layers, and the sum
 * and the extremes of all together. */
typedef struct Dead {
    int layers;            /* 0: there are none, or the run has stopped */
    int width[MAX_LAYERS], units;
    double mean[MAX_LAYERS], all;
    int fewest, most;
} Dead;

static Dead count_all_dead(const Result *r)
{
    Dead d = { .fewest = INT_MAX };
    int at[MAX_LAYERS];

    for (int k = 0; k < r->runs && !r->error; k++) {
        Model *m = run_model(&r->run[k], &r->experiment, 100);
        int sum = 0;
        d.layers = find_layers(at, &r->experiment, RELU);
        d.units = 0;
        for (int i = 0; i < d.layers; i++) {
            const int dead = count_dead(m, at[i]);
            d.width[i] = m->layers[at[i]].out;
            d.units += d.width[i];
            d.mean[i] += (double)dead / r->runs;
            sum += dead;
        }
        d.all += (double)sum / r->runs;
        if (sum < d.fewest)
            d.fewest = sum;
        if (sum > d.most)
            d.most = sum;
        model_free(m);
    }
    return d;
}

/* "first": what a table calls a layer. */
static const char *const ordinal[] = { "first", "second", "third", "fourth",
                                       "fifth", "sixth", "seventh", "eighth" };
enum { ORDINALS = sizeof ordinal / sizeof ordinal[0] };

/* "3 of 32 in the first layer and 5 of 32 in the second" */
static void dead_text(Text *t, const Dead *d)
{
    for (int i = 0; i < d->layers && i < ORDINALS; i++)
        text_add(t, "%s%.0f of %d in the %s%s", i ? " and " : "", d->mean[i],
                 d->width[i], ordinal[i], i ? "" : " layer");
    if (!d->layers)
        text_add(t, "none that could be counted");
}
// end fold

static void dead_units(void)
{
    const Result *r = recall("relu");
    const Result *faster = sweep_or_recall(&bold)->result[0];
    const double rate = (double)r->experiment.optimiser.learning_rate;
    const double bolder = (double)faster->experiment.optimiser.learning_rate;
    const Dead timid = count_all_dead(r), daring = count_all_dead(faster);

    report_value("rate.bold", "%g", bolder);
    if (timid.layers == 0 || daring.layers == 0)
        return;                                /* the text says so */

    // fold: the table
    char columns[80];
    Text widths = { 0 };
    bool same = true;
    snprintf(columns, sizeof columns, "Hidden layer | Rate %g | Rate %g", rate,
             bolder);
    report_table("Dead hidden units after training, of {{units.layers}}: the "
                 "means over the seeds, and the extremes of all layers "
                 "together.", columns);
    for (int i = 0; i < timid.layers && i < ORDINALS; i++)
        report_row("%s | %.1f | %.1f", ordinal[i], timid.mean[i],
                   daring.mean[i]);
    report_row("all, fewest | %d | %d", timid.fewest, daring.fewest);
    report_row("all, most | %d | %d", timid.most, daring.most);
    for (int i = 0; i < timid.layers; i++) {
        text_add(&widths, "%s%d", i ? " and " : "", timid.width[i]);
        same = same && timid.width[i] == timid.width[0];
    }
    if (same && timid.layers > 1)
        report_value("units.layers", "%d in each layer", timid.width[0]);
    else
        report_value("units.layers", "%s", widths.s);
    text_free(&widths);
    // end fold

    report_claim(timid.most <= timid.units / 10,
                 "At a rate of %g at most one unit in ten is dead: %d of %d "
                 "in the worst run.", rate, timid.most, timid.units);
    if (bolder > rate)
        report_claim(daring.all > timid.all + 2,
                     "At a rate of %g more units die: %.1f of %d on average, "
                     "against %.1f.", bolder, daring.all, timid.units,
                     timid.all);
}

/*%
@if units.layers
At a timid rate ReLU comes cheaply. At a bold one a single step can throw the weights and the bias of a
unit so far to the negative side that no image switches it on any more, and there it stays. Are these deaths what ruins a
network that learns too boldly? The first exercise asks.
@else
There is nothing to count here: this network has no ReLU, or it did not come to the end of its training. Do dead units ruin a
network that has them, when it learns too boldly? The first exercise asks.
@end

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &relu, .set = "optimiser.learning_rate=1",
      .outcome = WORSE,
      .question = "Ten times the learning rate was a gift to the sigmoid "
                  "network. Is it one here?",
      .answer = "Now the gradients arrive whole, and without a ceiling the "
                "scores grow with the steps, until softmax says 1 and 0, "
                "right or wrong: {{sure.bold}} % of the answers to images "
                "that it has not seen are given with a probability above "
                "0.9999, against {{sure}} % at the rate of "
                "{{relu.optimiser.learning_rate}}. Then we are in the trap of "
                "chapter 3. Behind the squared error a confident mistake has "
                "no gradient, in the last layer no more than in the first, and "
                "nothing pulls the network back. Some units have died on the "
                "way, too, but the network could spare them. What was "
                "timid for sigmoids is bold for ReLU." },
    { .base = &relu, .set = "optimiser.learning_rate=1; loss=cross_entropy",
      .outcome = WORSE,
      .question = "If that is the trap, cross-entropy should open it: behind "
                  "it, every confident mistake has a gradient. Does it save "
                  "the rate of 1?",
      .answer = "On the contrary. The message that starts at the scores, "
                "$`p_j - \\delta_{jt}`$, is never longer than $`\\sqrt 2`$. "
                "But a step is the message times the input, and what a ReLU "
                "hands up has no ceiling: long inputs make long steps, and "
                "long steps make longer inputs. Behind the squared error, the "
                "silence of a saturated softmax broke this circle. Here it "
                "goes on until units die, and now they do, {{dead}}. "
                "Those that are left are switched on by next to no "
                "image, and the network gives all images the same answer. The "
                "way out is a smaller rate: the best one depends on the loss "
                "*and* on the units." },
    { .base = &relu,
      .set = "layers=dense 32, relu, dense 32, relu, dense 32, relu, dense "
             "32, relu, dense 10, softmax",
      .outcome = WORSE, .seeds = 10,
      .question = "Two more hidden layers of 32 units. Would you have dared "
                  "with sigmoids?",
      .answer = "After one epoch it is a little behind, but it trains: the "
                "gradient gets through. Compare the next exercise." },
    { .base = &relu,
      .set = "layers=dense 32, sigmoid, dense 32, sigmoid, dense 32, "
             "sigmoid, dense 32, sigmoid, dense 10, softmax",
      .outcome = WORSE,
      .question = "The same four hidden layers with sigmoids.",
      .answer = "The slopes of four sigmoids divide the gradient by at "
                "least 256 on its way to the first layer, and the weights, by "
                "{{eq:fading}}, at first by another factor of nine. Within "
                "one epoch this network learns nothing of use." },
    { .base = &relu,
      .set = "layers=dense 128, relu, dense 10, softmax",
      .outcome = BETTER, .seeds = 10,
      .question = "One wide hidden layer of 128 units instead of two narrow "
                  "ones: nearly four times the weights, nearly four times the "
                  "sums to work out.",
      .answer = "Width pays, and has its price. Whether the seconds are "
                "better spent on width or on another epoch is the kind of "
                "question that only a measurement answers." },
};

/* For the answer to the second of them. */
static const Sweep bold_cross = {
    .base  = &relu,
    .vary  = { "optimiser.learning_rate=1", "loss=cross_entropy" },
    .seeds = 5,
};

/* The share of images, in per cent, whose answer is given with more than
 * 0.9999: of those that have judged the runs. */
static double percent_sure(const Result *r)
{
    double sure = 0, all = 0;

    for (int k = 0; k < r->runs && !r->error; k++) {
        Predictions p = run_predictions(&r->run[k]);
        for (int i = 0; i < p.n; i++)
            sure += p.output[i * CLASSES + p.predicted[i]] > 0.9999f;
        all += p.n;
        predictions_free(&p);
    }
    return all > 0 ? 100 * sure / all : 0;
}

static void try_it(void)
{
    const Dead dead = count_all_dead(sweep_or_recall(&bold_cross)->result[0]);

    Text hidden = { 0 };

    dead_text(&hidden, &dead);
    report_value("dead", "%s", text_string(&hidden));
    text_free(&hidden);
    report_value("sure", "%.0f", percent_sure(recall("relu")));
    report_value("sure.bold", "%.0f",
                 percent_sure(sweep_or_recall(&bold)->result[0]));
    report_exercises(exercises);
}
// end fold

/*%
## What to remember

- A gradient that must pass many small slopes vanishes; the layers that need it most get the least.
- ReLU has slope one where it is on: what passes it arrives whole. A unit that is off for every image is dead.
- When a network learns slowly, do not guess: draw the length of the gradient, layer by layer.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &relu },
                 .sweeps = { &bold, &bold_cross }, .builds_on = "softmax");
    RUN(train_relu);
    RUN(gradients);
    RUN(dead_units);
    RUN(try_it);
    return chapter_close();
}
// end fold
