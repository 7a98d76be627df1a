/* SPDX-License-Identifier: MIT */
/*%
# RMSprop

Should every weight move at the same speed? A weight of the first layer gets a gradient only when there is ink on its pixel, and some pixels carry ink in most of the images, others
in next to none. In this chapter each weight gets a step size of its own, worked out from its own past, and
accuracy rises from {{minibatch.accuracy}} to {{rmsprop.accuracy}}. Then we find out how much of that a better choice of *one* rate would have brought.

**Builds on** chapter 5. **You will meet** momentum, RMSprop, Adam, and a fair way to compare methods that want different learning rates.

@changes
*/
#include <math.h>

#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "nn/experiment.h"
#include "runs/compare.h"

static const Experiment rmsprop = {
    .name      = "rmsprop",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { RMSPROP, .learning_rate = 0.001f, .alpha = 0.99f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 10, .batch = 16, .shuffle = true },
    .seeds     = 10,
};

/*%
## Quiet weights

How unequal are the lives of the weights? The gradient of a weight in the first layer is $`\partial L / \partial W_{ij} = (\partial L / \partial y_i) \, x_j`$: where pixel $`j`$ is blank it is
zero. So we count in how many of the training images each pixel carries ink.
*/
static void count_ink(void)
{
    const Dataset *train = &digits()->train;
    int images[PIXELS] = { 0 };              /* with ink on this pixel */
    int never = 0, rare = 0, busiest = 0;

    for (int i = 0; i < train->n; i++)
        for (int j = 0; j < PIXELS; j++)
            images[j] += train->pixels[(size_t)i * PIXELS + j] > 0;
    for (int j = 0; j < PIXELS; j++) {
        never += images[j] == 0;
        rare += 1000 * images[j] < train->n;
        busiest = images[j] > busiest ? images[j] : busiest;
    }
    report_value("never", "%d", never);
    report_value("rare", "%d", rare);
    report_value("busiest", "%.0f", 100.0 * busiest / train->n);
}

/*%
Of the 784 pixels {{never}} are blank in every training image. Their weights never get a gradient and stay for ever what chance made them. {{rare}} pixels, these
included, carry ink in fewer than one image of a thousand; the busiest carries it in {{busiest}} %. With one rate for all, a weight that hears from one image in a
thousand moves by that image's share, and no more. Should it not take a longer step when it does hear something?

## Remember the size

RMSprop keeps, for each weight, a moving mean of the *square* of its gradient $`g`$,

```math name=rmsprop
v \leftarrow \rho \, v + (1 - \rho) \, g^2 ,
\qquad
w \leftarrow w - \eta \, \frac{g}{\sqrt{v} + \varepsilon} .
```

A gradient of $`k`$ steps ago still counts in $`v`$ with weight $`(1 - \rho) \, \rho^k`$. With a $`\rho`$ of 0.99 the mean reaches back over about $`1 / (1 - \rho) = 100`$ steps;
$`\varepsilon = 10^{-8}`$ only keeps us from dividing by zero. The root of $`v`$ is the typical size of this weight's gradient. Divided by it, gradients that keep their size give steps of
about $`\eta`$, be they large or tiny. A gradient that comes after a long silence gives more, but never more than ten times as much: after the update
$`v \ge (1 - \rho) \, g^2`$, so $`|g| / \sqrt{v} \le 1 / \sqrt{1 - \rho} = 10`$. The same happens in the very first step, for $`v`$ begins at 0.

The name says what is divided by: *root mean square* propagation. Geoffrey Hinton presented it in 2012, in the sixth lecture of an online course; it is usually cited as Tieleman and Hinton's, after the author of the idea and the
lecturer, and no paper followed.

@show lib/nn/optimiser.c rmsprop_update

An optimiser sees one long row of floats and knows nothing of layers. What it remembers from step to step is two numbers for each weight, of which some methods use only one, or none:

@show lib/nn/optimiser.h Optimiser

There is little around it:

@show lib/nn/optimiser.c optimiser_create optimiser_free optimiser_step optimiser_update

## Does it help?

The same network, {{rmsprop.train.epochs epochs}}, batches of {{rmsprop.train.batch}}; {{minibatch.accuracy}} is what plain gradient descent made of them. Guess first: how many points are step sizes of their own worth?
*/
static void train_rmsprop(void)
{
    const Result *before = recall("minibatch");
    const Result *ours = train_or_recall(&rmsprop);
    const double gain = ours->accuracy.mean - before->accuracy.mean;

    // fold: the scores and the curves
    report_scores("Plain gradient descent against RMSprop.",
                  before, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images (logarithmic)",
        .caption = "The loss over {{rmsprop.train.epochs epochs}}, mean and "
                   "standard deviation over the seeds.",
        .alt = "Two falling curves; that of RMSprop is below that of plain SGD "
               "from the first epoch to the last.",
        .settings = "logy=1" }), "loss", before, ours, NULL);
    // end fold
    report_claim(gain > 0.015,
                 "RMSprop gains more than 1.5 points over plain SGD: %.1f.",
                 100 * gain);
}

/*%
## Two relatives

**Momentum** is older (Boris Polyak, 1964). It remembers not the size but the direction: the step is a moving sum of gradients, so that noise, which points
everywhere, largely cancels, and what all batches agree on adds up. A ball rolling down a valley does not zigzag between its walls.

```math name=momentum
m \leftarrow \mu \, m + g , \qquad w \leftarrow w - \eta \, m .
```

We take $`\mu = 0.9`$. A gradient that stays the same then adds up to $`g \, (1 + \mu + \mu^2 + \dots) = g / (1 - \mu) = 10 \, g`$. So expect the best rate to be about a tenth of that of plain SGD.

@show lib/nn/optimiser.c momentum_update

**Adam** (Diederik Kingma and Jimmy Ba, 2015) does both: its direction is a moving mean of the gradients, much like $`m`$ in {{eq:momentum}}, and that is divided by the root of their mean square, as in {{eq:rmsprop}}. Both means begin at 0 and are too small
at first: after $`t`$ steps the factors with which the gradients count add up to $`(1 - \beta)(1 + \beta + \dots + \beta^{t-1}) = 1 - \beta^t`$ and not to 1. Adam divides that out:

```math name=adam
\begin{aligned}
m &\leftarrow \beta_1 m + (1 - \beta_1) \, g , \qquad
v \leftarrow \beta_2 v + (1 - \beta_2) \, g^2 , \\
w &\leftarrow w - \eta \, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon} .
\end{aligned}
```

The authors' values, and ours, are $`\beta_1 = 0.9`$, $`\beta_2 = 0.999`$ and $`\varepsilon = 10^{-8}`$. The corrections depend on $`t`$ alone, so the code works them out once for all weights:

@show lib/nn/optimiser.c adam_update

And here are all four, each with the numbers that it uses, their ranges, and what they are when an experiment does not say otherwise. The fields have PyTorch's names: `momentum` is $`\mu`$, `alpha` $`\rho`$, `beta1` and `beta2` are Adam's. 
@show lib/nn/optimiser.h OptimiserType
@show lib/nn/optimiser.c sgd_fields momentum_fields rmsprop_fields adam_fields sgd_optimiser momentum_optimiser rmsprop_optimiser adam_optimiser
@show lib/nn/optimiser_types.c optimiser_types
@show lib/nn/experiment.c train_fields experiment_complete experiment_check

<details><summary>Rules that want all images at once</summary>

A rule may, instead, ask for the mean loss of all images and its gradient, at any weights it likes to try. None of the four does.

@show lib/nn/train.c minimise_epoch loss_of_all

</details>

## A fair race

Which is the best? It would be easy to cheat here, even without wanting to. A rate that suits one method may be timid for the second and ruinous for the third:
whoever gives all of them the same rate has chosen the winner. So each method gets its own, found by
trying: we train for two epochs on 55,000 images, with rates a factor of about three apart, and look at the other 5,000. The test images
stay in the drawer.

At the end of every epoch the network is judged on the images held out, if there are any:

@show lib/runs/network.c validate

One more precaution. Just beyond the best rate there is often a cliff, where some runs diverge, and with few seeds one may be standing on its edge without
noticing. So we do not take the rate with the highest mean, but the *smallest* rate whose mean is within one standard deviation of the highest. It is a cousin of the statisticians'
one-standard-error rule (Breiman, Friedman, Olshen and Stone, 1984): among what cannot be told apart, take the tamest. (The best rate for two epochs need not be the best for ten; it is what we can afford.)
*/
#define SWEPT "train.epochs=2; train.validation=5000"

static const Sweep rates[OPTIMISER_KINDS] = {
    [SGD]      = { .name = "sgd", .base = &rmsprop, .seeds = 3,
                   .set  = "optimiser=sgd; " SWEPT,
                   .vary = { "optimiser.learning_rate=0.1|0.3|1|3|10" } },
    [MOMENTUM] = { .name = "momentum", .base = &rmsprop, .seeds = 3,
                   .set  = "optimiser=momentum; " SWEPT,
                   .vary = { "optimiser.learning_rate=0.01|0.03|0.1|0.3|1" } },
    [RMSPROP]  = { .name = "rmsprop", .base = &rmsprop, .seeds = 3,
                   .set  = SWEPT,
                   .vary = { "optimiser.learning_rate="
                             "0.0001|0.0003|0.001|0.003|0.01" } },
    [ADAM]     = { .name = "adam", .base = &rmsprop, .seeds = 3,
                   .set  = "optimiser=adam; " SWEPT,
                   .vary = { "optimiser.learning_rate="
                             "0.0001|0.0003|0.001|0.003|0.01" } },
};

/* The optimiser at the smallest rate within one standard deviation of the best.
 * A rate with which the loss ran away counts as no accuracy at all. */
static OptimiserSpec careful_choice(const SweepPoints *p)
{
    Stat a[MAX_VALUES] = { 0 };
    int best = 0, i = 0;

    for (int k = 0; k < p->n; k++) {
        if (!p->result[k]->error)
            a[k] = p->result[k]->accuracy;
        if (a[k].mean > a[best].mean)
            best = k;
    }
    while (a[i].mean < a[best].mean - a[best].sd)
        i++;
    return p->experiment[i].optimiser;
}

static OptimiserSpec chosen[OPTIMISER_KINDS];

static void sweep(void)
{
    const SweepPoints *p[OPTIMISER_KINDS];

    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        p[k] = sweep_or_recall(&rates[k]);
        chosen[k] = careful_choice(p[k]);
    }
    // fold: drawing the sweep
    report_sweep(((Figure){
        .name = "sweep", .x = "learning rate",
        .y = "accuracy on 5,000 validation images, %",
        .caption = "Two epochs with each learning rate, mean and standard "
                   "deviation of three seeds. Each method has its own best "
                   "rate. The frame begins at 85 %; momentum with a rate of "
                   "1: {{cliff}}.",
        .alt = "Four humps on a logarithmic axis. RMSprop and Adam, almost one "
               "curve, are high near {{rate.adam}}, momentum near "
               "{{rate.momentum}}, SGD near {{rate.sgd}}.",
        .settings = "ymin=85; ymax=100" }),
        p[SGD], p[MOMENTUM], p[RMSPROP], p[ADAM], NULL);
    const Result *cliff = p[MOMENTUM]->result[p[MOMENTUM]->n - 1];
    char reads[64] = "the loss ran away";
    if (!cliff->error)
        stat_percent(reads, cliff->accuracy);
    report_value("cliff", "%s", reads);
    report_value("rate.sgd", "%g", (double)chosen[SGD].learning_rate);
    report_value("rate.momentum", "%g", (double)chosen[MOMENTUM].learning_rate);
    report_value("rate.rmsprop", "%g", (double)chosen[RMSPROP].learning_rate);
    report_value("rate.adam", "%g", (double)chosen[ADAM].learning_rate);
    // end fold
    report_claim(chosen[MOMENTUM].learning_rate < chosen[SGD].learning_rate,
                 "Momentum wants a smaller rate than plain SGD, as expected: "
                 "%g instead of %g.",
                 (double)chosen[MOMENTUM].learning_rate,
                 (double)chosen[SGD].learning_rate);
    report_claim(chosen[ADAM].learning_rate < chosen[SGD].learning_rate / 30,
                 "What suits SGD is more than thirty times too much for Adam: "
                 "%g against %g.", (double)chosen[SGD].learning_rate,
                 (double)chosen[ADAM].learning_rate);
}

/*%
At a rate of 1 momentum has fallen out of the frame of {{fig:sweep}}: {{cliff}}. A deviation of many points is the mark of a cliff: some runs have learned, and others are lost.

Now each method runs for {{rmsprop.train.epochs epochs}} on all 60,000 images with the rate that was chosen, and reads the test set once.
*/
static void race(void)
{
    static const char *const names[OPTIMISER_KINDS] = {
        [SGD]      = "sgd-tuned",
        [MOMENTUM] = "momentum-tuned",
        [RMSPROP]  = "rmsprop-tuned",
        [ADAM]     = "adam-tuned",
    };
    const Result *r[OPTIMISER_KINDS];
    double best = 0, worst = 1;
    int apart = 0;                           /* pairs that can be told apart */

    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        Experiment e = rmsprop;
        e.name = names[k];
        e.optimiser = chosen[k];
        e.seeds = 5;
        r[k] = train_or_recall(&e);
        best = fmax(best, r[k]->accuracy.mean);
        worst = fmin(worst, r[k]->accuracy.mean);
        for (int i = 0; i < k; i++)
            apart += larger_than_noise(difference_welch(r[k]->accuracy,
                                                        r[i]->accuracy));
    }
    const double plain = recall("minibatch")->accuracy.mean;
    const double untuned = recall("rmsprop")->accuracy.mean - plain;
    const double regained = r[SGD]->accuracy.mean - plain;
    // fold: the table
    report_table("Each method at the learning rate chosen on the validation "
                 "images, and its lead over plain SGD with the 95 % intervals "
                 "that the seeds and the images leave it.",
                 "Experiment | Learning rate | Test accuracy, % | Lead, points "
                 "| With other seeds | On other images | Seeds");
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        const Difference d = difference_welch(r[k]->accuracy, r[SGD]->accuracy);
        char lead[32] = "–", seeds[80] = "–", images[80] = "–";
        if (k != SGD) {
            signed_number(lead, 100 * d.mean, 2);
            interval_text(seeds, d, 100, 2);
            interval_text(images, difference_images(r[SGD], r[k]), 100, 2);
        }
        report_row("%s | %g | %.2f ± %.2f | %s | %s | %s | %d", names[k],
                   (double)chosen[k].learning_rate, 100 * r[k]->accuracy.mean,
                   100 * r[k]->accuracy.sd, lead, seeds, images, r[k]->runs);
    }
    report_value("between", "%.1f", 100 * (best - worst));
    report_value("untuned", "%.1f", 100 * untuned);
    report_value("regained", "%.1f", 100 * regained);
    if (apart == 0)
        report_value("apart", "no two of them can be told apart: the next five "
                     "may well finish in another order");
    else
        report_value("apart", "of the six pairs %d can be told apart", apart);
    // end fold
    report_claim(best - worst < untuned,
                 "With a rate of its own for each, the four methods are closer "
                 "together than RMSprop and SGD were before: %.1f points from "
                 "first to last.", 100 * (best - worst));
    report_claim(regained > untuned / 2,
                 "More than half of what RMSprop had gained over SGD was the "
                 "rate: with a better one SGD itself gains %.1f points.",
                 100 * regained);
}

/*%
The four now lie within {{between}} points of each other, and with {{sgd-tuned.seeds}} seeds each {{apart}}. Of the {{untuned}} points by which RMSprop led at the
beginning of this chapter, SGD has won back {{regained}} by nothing but a better rate, as it did in exercise 5.3. So did the quiet weights matter so little? A pixel that carries ink in one image
of a thousand has a say in one digit of a thousand.

Which method, then? What remains in favour of the adaptive ones is convenience. Adam's authors recommend a rate of 0.001 for a start, and our sweep has chosen {{rate.adam}} for Adam and {{rate.rmsprop}} for RMSprop;
that SGD wants {{rate.sgd}} here, one finds out only by trying. A good first guess saves many runs.

## Cross-entropy again

In chapter 3 the better loss was worth many points. What is it worth now? Write your number down.
*/
static const Experiment rmsprop_ce = {
    .name      = "rmsprop-ce",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,                          /* was LOSS_MSE */
    .optimiser = { RMSPROP, .learning_rate = 0.001f, .alpha = 0.99f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 10, .batch = 16, .shuffle = true },
    .seeds     = 10,
};

static void cross_entropy_again(void)
{
    const Result *mse = recall("rmsprop"), *ce = train_or_recall(&rmsprop_ce);
    const double gain = ce->accuracy.mean - mse->accuracy.mean;
    const Difference d = difference_welch(ce->accuracy, mse->accuracy);
    char points[32];

    report_scores("Two losses under RMSprop. The losses themselves are "
                  "different quantities and cannot be compared.",
                  mse, ce, NULL);
    signed_number(points, 100 * gain, 2);
    report_value("gain.ce", "%s", points);
    report_value("verdict.ce", "%s", compare_verdict(d, difference_images(mse, ce)));
    report_claim(gain < 0.01 && gain > -0.01,
                 "Under RMSprop the loss makes less than one point of "
                 "difference: %s.", points);
}

/*%
The difference is {{gain.ce}} points, {{verdict.ce}}. RMSprop divides every gradient by its typical size, so a loss whose gradients are all small is no longer at a
disadvantage. Two remedies for the same illness need not add up.

## Try it
*/
static void try_it(void)
{
    // fold: the exercises with their answers
    static const Exercise exercises[] = {
        { .base = &rmsprop, .set = "optimiser.alpha=0.9",
          .question = "Let the mean square forget ten times faster: an alpha of "
                      "0.9.",
          .answer = "The estimate of the size becomes noisier, and with it "
                    "every step. If that does harm here, it is hardly more than "
                    "five seeds can show. Take twenty, `make try CHAPTER=06 "
                    "SET=optimiser.alpha=0.9 SEEDS=20`, and look at the "
                    "interval: how small a difference could you still tell "
                    "from luck?" },
        { .base = &rmsprop, .set = "optimiser.learning_rate=0.01",
          .outcome = WORSE,
          .question = "Ten times the learning rate: 0.01.",
          .answer = "The sweep has told you: to the right of its best rate "
                    "RMSprop falls off quickly, since every weight, even one "
                    "that has found its place, keeps moving by about the rate "
                    "in every step." },
        { .base = &rmsprop,
          .set = "layers=dense 64, relu, dense 32, relu, dense 10, softmax",
          .outcome = BETTER,
          .question = "Twice as many units in the first hidden layer.",
          .answer = "Nearly twice the weights, and fewer errors: with these "
                    "ten epochs, width was what the narrow network lacked." },
    };
    report_exercises(exercises);
    // end fold
}

/*%
## What to remember

- Divide each gradient by its own typical size, and the rate becomes the length of a step: easier to guess.
- Compare methods at each one's own best setting, found on images that are not the test set. Then ask whether what is left is more than luck.
- Improvements that cure the same illness need not add up.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &rmsprop, &rmsprop_ce },
                 .sweeps = { &rates[SGD], &rates[MOMENTUM], &rates[RMSPROP],
                             &rates[ADAM] },
                 .builds_on = "minibatch");
    RUN(count_ink);
    RUN(train_rmsprop);
    RUN(sweep);
    RUN(race);
    RUN(cross_entropy_again);
    RUN(try_it);
    return chapter_close();
}
// end fold
