/* SPDX-License-Identifier: MIT */
/*%
# RMSprop

Should every weight move at the same speed? The weights of a pixel in the corner, which is nearly always blank, get a gradient once in a
thousand images; those of a pixel in the middle get one every time. In this chapter each weight gets a step size of its own, worked out from its own past, and
accuracy rises from {{minibatch.accuracy}} to {{rmsprop.accuracy}}.

**Builds on** chapter 5. **You will meet** momentum, RMSprop, Adam, and a fair way to compare methods that want different learning rates.

@changes
*/
#include <stdlib.h>
#include <string.h>

#include "book/chapter.h"
#include "book/report.h"
#include "nn/experiment.h"
#include "nn/optimiser.h"

static const Experiment rmsprop = {
    .name      = "rmsprop",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { RMSPROP, .learning_rate = 0.001f, .decay = 0.99f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 10, .batch = 16, .shuffle = true },
    .seeds     = 10,
};

/*%
## Remember the size

RMSprop keeps, for each weight, a moving mean of the *square* of its gradient $`g`$,

```math
v \leftarrow \rho \, v + (1 - \rho) \, g^2 ,
\qquad
w \leftarrow w - \eta \, \frac{g}{\sqrt{v} + \varepsilon} .
```

The root of $`v`$ is the typical size of this weight's gradient. Divided by it, every weight has steps of about $`\eta`$, whether its gradients
are large or tiny. The name says it: *root mean square* propagation. Geoffrey Hinton proposed it in a lecture in 2012 and never published
it elsewhere. With $`\rho = 0.99`$ the mean reaches back over about a hundred steps; $`\varepsilon`$ only keeps us from dividing by zero.

@show lib/nn/optimiser.c rmsprop_update

An optimiser sees one long row of floats and knows nothing of layers. So there is little around it:

@show lib/nn/optimiser.c optimiser_create optimiser_free optimiser_step optimiser_update

## Does it help?
*/
static void train_rmsprop(void)
{
    const Result *before = recall("minibatch");
    const Result *ours = train_or_recall(&rmsprop);
    const double gain = ours->accuracy.mean - before->accuracy.mean;

    report_scores("Plain gradient descent against RMSprop, ten epochs each.",
                  before, ours,
                  NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images (logarithmic)",
        .caption = "The loss over ten epochs, mean and standard deviation over "
                   "the seeds.",
        .alt = "RMSprop is below plain SGD from the first epoch to the last.",
        .settings = "logy=1" }), "loss", before, ours, NULL);
    report_claim(gain > 0.015,
                 "RMSprop gains more than 1.5 points over plain SGD: %.1f.",
                 100 * gain);
}

/*%
## Two relatives

**Momentum** is older. It remembers not the size but the direction: the step is a moving sum of gradients, so that noise, which points
everywhere, cancels, and what all batches agree on adds up. A ball rolling down a valley does not zigzag between its walls.

```math
m \leftarrow \mu \, m + g , \qquad w \leftarrow w - \eta \, m .
```

@show lib/nn/optimiser.c momentum_update

**Adam** does both: the direction is a moving mean, its size is divided by the root of the mean square. Both means begin at 0 and are too small
at first; after $`t`$ steps a mean with factor $`\beta`$ has collected only the share $`1 - \beta^t`$ of its weight, and Adam divides that out.

```math
m \leftarrow \beta_1 m + (1 - \beta_1) \, g , \quad
v \leftarrow \beta_2 v + (1 - \beta_2) \, g^2 , \quad
w \leftarrow w - \eta \, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon} .
```

@show lib/nn/optimiser.c adam_update

## A fair race

Which is the best? It would be easy to cheat here, even without wanting to. Give all four the same learning rate, say 0.1, and plain SGD looks
fine while Adam is lost; give them 0.001, and it is the other way round. The rate means something different to each. So each method gets its own, found by
trying: we train for two epochs on 55,000 images, with rates a factor of about three apart, and look at the other 5,000. The test images
stay in the drawer.

While it trains, the loop can look at the images held out at the end of every epoch:

@show lib/nn/train.c validate

One more precaution. Just beyond the best rate there is often a cliff, where some runs diverge, and with few seeds one may be standing on its edge without
noticing. So we do not take the rate with the highest mean, but the *smallest* rate whose mean is within one standard deviation of the highest. It is a rule
of thumb among statisticians: when in doubt, be careful.
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
    report_sweep(((Figure){
        .name = "sweep", .x = "learning rate",
        .y = "accuracy on 5,000 validation images, %",
        .caption = "Two epochs with each learning rate, mean and standard "
                   "deviation of three seeds. Each method has its own best "
                   "rate, and falls off on both sides.",
        .alt = "Four humps on a logarithmic axis: RMSprop and Adam peak near "
               "0.001, momentum near 0.1, SGD near 1.",
        .settings = "ymin=85; ymax=100" }),
        p[SGD], p[MOMENTUM], p[RMSPROP], p[ADAM], NULL);
}

/*%
Now each runs for ten epochs on all 60,000 images with the rate that was chosen, and reads the test set once.
*/
static void race(void)
{
    static const char *const names[OPTIMISER_KINDS] = {
        [SGD] = "sgd-tuned", [MOMENTUM] = "momentum-tuned",
        [RMSPROP] = "rmsprop-tuned",
        [ADAM] = "adam-tuned",
    };
    const Result *r[OPTIMISER_KINDS];
    double best = 0, worst = 1;

    report_table("Each method at the learning rate chosen on the validation "
                 "images.",
                 "Experiment | Learning rate | Test accuracy, % | Training, s "
                 "| Seeds");
    for (int k = 0; k < OPTIMISER_KINDS; k++) {
        Experiment e = rmsprop;
        e.name = names[k];
        e.optimiser = chosen[k];
        e.seeds = 5;
        r[k] = train_or_recall(&e);
        report_row("%s | %.1g | %.2f ± %.2f | %.1f | %d", e.name,
                   (double)e.optimiser.learning_rate, 100 * r[k]->accuracy.mean,
                   100 * r[k]->accuracy.sd, r[k]->seconds.mean, r[k]->runs);
        if (r[k]->accuracy.mean > best)
            best = r[k]->accuracy.mean;
        if (r[k]->accuracy.mean < worst)
            worst = r[k]->accuracy.mean;
    }
    const double untuned = recall("rmsprop")->accuracy.mean
                         - recall("minibatch")->accuracy.mean;
    report_value("between", "%.1f", 100 * (best - worst));
    report_value("untuned", "%.1f", 100 * untuned);
    report_claim(best - worst < untuned,
                 "With a rate of its own for each, the four methods are closer "
                 "together than RMSprop and SGD were before: %.1f points from "
                 "first to last.", 100 * (best - worst));
}

/*%
The four now lie within {{between}} points. Of the {{untuned}} points by which RMSprop led at the beginning of this chapter, a good part belonged to SGD's
timid rate of 0.1, not to RMSprop's cleverness. What remains in favour of the adaptive methods is that their best rate is nearly the same for every
network: 0.001 is a good first guess wherever you go, and a good first guess saves many runs.

## Cross-entropy again

In chapter 3 the better loss was worth many points. What is it worth now?
*/
static const Experiment rmsprop_ce = {
    .name      = "rmsprop-ce",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 32 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,                          /* was LOSS_MSE */
    .optimiser = { RMSPROP, .learning_rate = 0.001f, .decay = 0.99f,
                   .epsilon = 1e-8f },
    .train     = { .epochs = 10, .batch = 16, .shuffle = true },
    .seeds     = 10,
};

static void cross_entropy_again(void)
{
    const Result *mse = recall("rmsprop"), *ce = train_or_recall(&rmsprop_ce);
    const double gain = ce->accuracy.mean - mse->accuracy.mean;

    report_scores("Two losses under RMSprop. The losses themselves are "
                  "different quantities and cannot be compared.",
                  mse, ce, NULL);
    report_value("gain.ce", "%+.2f", 100 * gain);
    report_claim(gain < 0.01 && gain > -0.01,
                 "Under RMSprop the loss makes less than one "
                 "point of difference: %+.2f.", 100 * gain);
}

/*%
{{gain.ce}} points. RMSprop divides every gradient by its own size, so a loss whose gradients are small is no longer at a
disadvantage. Two remedies for the same illness need not add up.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &rmsprop, .set = "optimiser.decay=0.9",
      .question = "Let the mean square forget ten times faster: a decay of "
                  "0.9.",
      .answer = "The estimate of the size becomes noisier, and with it every "
                "step. If that does harm here, it does less than five seeds "
                "can show. Take twenty, `make try CHAPTER=06 "
                "SET=optimiser.decay=0.9 SEEDS=20`, and look at the interval: "
                "how small a difference could you still tell from luck?" },
    { .base = &rmsprop, .set = "optimiser.learning_rate=0.01",
      .outcome = WORSE,
      .question = "Ten times the learning rate: 0.01.",
      .answer = "The sweep has told you: to the right of its best rate "
                "RMSprop falls off quickly, since every weight, even one "
                "that has found its place, keeps moving by about the rate in "
                "every step." },
    { .base = &rmsprop,
      .set = "layers=dense 64, relu, dense 32, relu, dense 10, softmax",
      .outcome = BETTER,
      .question = "Twice as many units in the first hidden layer.",
      .answer = "Nearly twice the weights, and fewer errors. Ten epochs had "
                "brought the narrow network close to what it can hold; a "
                "better optimiser makes room for a larger network." },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
}

/*%
## What to remember

- Divide each gradient by its own typical size, and one learning rate fits all weights.
- Compare methods at each one's own best setting, found on images that are not the test set.
- Improvements that cure the same illness do not add up.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &rmsprop, &rmsprop_ce },
                 .sweeps = { &rates[SGD], &rates[MOMENTUM], &rates[RMSPROP],
                             &rates[ADAM] },
                 .builds_on = "minibatch");
    RUN(train_rmsprop);
    RUN(sweep);
    RUN(race);
    RUN(cross_entropy_again);
    RUN(try_it);
    return chapter_close();
}
// end fold
