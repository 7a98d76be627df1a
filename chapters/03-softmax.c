/* SPDX-License-Identifier: MIT */
/*%
# Softmax

The network of chapter 2 answers ten separate questions: *is it a zero? is it a one?* Nothing stops it from saying yes twice, or
never. But a digit is exactly one digit. What is it worth to tell the network so? In this chapter one word of the
experiment changes, and accuracy rises by {{gain}} points; then we change the loss to match, and it rises by {{gain.ce}} more.

**Builds on** chapter 2. **You will meet** softmax, a layer in which every output depends on every input, cross-entropy, and
the first case of two parts of a network that were made for each other.

@changes
*/
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "nn/experiment.h"

/*%
## One word

The layers, the loss, the learning rate and the sixty thousand steps stay as they were. Only the last activation is new.
*/
static const Experiment softmax = {
    .name      = "softmax",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 10 }, { SOFTMAX } },     /* was SIGMOID */
    .loss      = LOSS_MSE,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 1, .batch = 1, .shuffle = true },
    .seeds     = 10,
};

/*%
## From scores to probabilities

The last dense layer gives ten scores, any real numbers; call them $`z_0 \dots z_9`$. We want ten numbers that
are positive and add up to one. The exponential makes them positive and keeps their order, and dividing by the total does the rest:

```math
p_i = \frac{e^{z_i}}{\sum_{k=0}^{9} e^{z_k}} .
```

This formula deserves a minute with pencil and paper. Add the same constant to all ten scores: nothing changes, since a factor
cancels. That is good news for the programmer, because $`e^{100}`$ does not fit into a float; we subtract the largest score
first, and the largest exponential is $`e^0 = 1`$. And raise one score: its probability grows, and *every other one
shrinks*. There is one unit of belief, and the digits compete for it. This is the knowledge that we came to put in.

The scores are called *logits*, because the logit of a probability is the logarithm of its odds, $`\log (p / (1 - p))`$: with only two digits,
$`z_1 - z_0`$ would be the logit of $`p_1`$. The logarithm is the natural one, here and in the whole book, as it is in C.

@show lib/nn/softmax.c softmax_forward
@show lib/nn/loss.c softmax_row

## Its derivative

With sigmoids each output had one input. Here all ten outputs move when one score does, so there is a table of a hundred derivatives, the *Jacobian*. Take the
logarithm before you differentiate; it turns the quotient into a difference, $`\log p_i = z_i - \log \sum_k e^{z_k}`$, whose derivative
with respect to $`z_j`$ is $`\delta_{ij} - p_j`$, where $`\delta_{ij}`$ is 1 if $`i = j`$ and 0 otherwise. Hence

```math
\frac{\partial p_i}{\partial z_j} = p_i \, (\delta_{ij} - p_j) .
```

Now let $`g_i = \partial L / \partial p_i`$ arrive from above. The message for score $`j`$ collects what flows through all ten outputs,

```math name=softmax-gradient
\frac{\partial L}{\partial z_j} = \sum_i g_i \, p_i \, (\delta_{ij} - p_j)
    = p_j \left( g_j - \sum_i g_i \, p_i \right) ,
```

and the table of a hundred has vanished: one dot product for the image, then one line per score. In words: a score is pushed
up if its own $`g`$ lies below the average of all ten, each weighted with the probability that the network itself gives it.

@show lib/nn/softmax.c softmax_backward

## Does it help?

Before you look, guess. The sigmoid outputs got {{mlp.accuracy}}. Write your number down.
*/
static void train_softmax(void)
{
    const Result *mlp = recall("mlp"), *ours = train_or_recall(&softmax);
    const double gain = ours->accuracy.mean - mlp->accuracy.mean;

    // fold: the table and the curves
    report_scores("Ten answers, or one answer in ten parts.", mlp, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch, mean and standard deviation "
                   "over the seeds.",
        .alt = "Both losses lie on the same plateau for a good part of the "
               "epoch, then fall; that of the softmax network leaves it "
               "earlier and ends lower.",
        .settings = "ymin=0" }), "loss", mlp, ours, NULL);
    report_value("gain", "%.1f", 100 * gain);
    // end fold

    report_claim(gain > 0.05,
                 "Softmax outputs gain at least five points over sigmoid "
                 "outputs: %.1f.", 100 * gain);
}

/*%
The gain is several times the spread of the seeds, so it is not the luck of the draw. But see in {{fig:loss}} *how* it was won.
Both networks rest on the same plateau, near 0.09, which is the loss of answering 0.1 to everything. (Sigmoid outputs must learn
that first; ten scores near zero are ten equal parts from the start.) Softmax leaves the plateau sooner, and its curve still
falls steeply where the epoch ends. The network has not become good; it has become faster.

## A better question

There is something odd about squared errors of probabilities. Suppose the image is a seven, and the network says with full
confidence that it is a one: $`p_1 \approx 1`$, $`p_7 \approx 0`$. It could hardly be more wrong. How strongly is it told so? By
{{eq:softmax-gradient}}, the gradient for the score of the seven has the factor $`p_7`$ in front: it is nearly zero. That for
the score of the one has the bracket $`g_1 - \sum_i g_i p_i`$. With $`p_1`$ nearly one, the sum is nearly $`g_1`$, so this is
nearly zero as well. *A network that is wrong with full confidence learns nothing from it.*

Ask instead how surprised the network is by the truth. If it gave the right digit the probability $`p`$, its surprise is
$`-\log p`$: nothing for $`p = 1`$, and without bound as $`p`$ goes to 0. This surprise, as a loss, is called
**cross-entropy**; for one image

```math
L = -\log p_t = \log \sum_k e^{z_k} - z_t ,
```

where $`t`$ is the true digit, and over a batch we take the mean, as with the squared error. (The *entropy* of a source is the
mean surprise of somebody who knows its true probabilities. Here the surprise is the network's, and the mean is taken over what
is true; hence *cross*.) A sum of logarithms is the logarithm of a product, so to make this loss small is to make all the labels
together as probable as possible. A statistician would have done so from the start, and calls it *maximum likelihood*. The
derivative of the loss with respect to the scores follows at once from the logarithm that we differentiated above,

```math name=cross-entropy-gradient
\frac{\partial L}{\partial z_j} = p_j - \delta_{jt} ,
```

and is as simple as a derivative can be: what the network said, minus what is true. The exponential of softmax and the
logarithm of the loss have eaten each other, and the small factor is gone. The two were made for each other, so the library
computes them together, from the scores. The logarithm of the sum of exponentials is what `softmax_row` gave back above.

@show lib/nn/loss.c cross_entropy_sum
*/
static const Experiment softmax_ce = {
    .name      = "softmax-ce",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,                          /* was LOSS_MSE */
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 1, .batch = 1, .shuffle = true },
    .seeds     = 10,
};

static void train_cross_entropy(void)
{
    const Result *mlp = recall("mlp"), *mse = recall("softmax");
    const Result *ours = train_or_recall(&softmax_ce);
    const double gain = ours->accuracy.mean - mse->accuracy.mean;

    // fold: the table and the curves
    report_scores("The same network, three ways to end it. The loss in the "
                  "last row is a different quantity from the two above it: do "
                  "not compare them.",
                  mlp, mse, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "accuracy", .x = "epochs",
        .y = "accuracy on the training images, %",
        .caption = "Accuracy over the first epoch, each image judged just "
                   "before it is learned from.",
        .alt = "With cross-entropy the accuracy shoots up at the very start "
               "of the epoch and then creeps on; the other two climb slowly, "
               "softmax before sigmoid outputs, and end below it.",
        .settings = "ymin=0; ymax=100" }), "accuracy", mlp, mse, ours, NULL);
    report_value("gain.ce", "%.1f", 100 * gain);
    // end fold

    report_claim(gain > 0.05,
                 "Cross-entropy gains another five points or more over mean "
                 "squared error: %.1f.", 100 * gain);
}

/*%
It is still the same network, with as many weights and biases, {{softmax.parameters}}, and the same images. Two things were added that
are true: that a digit is one digit, and that a confident mistake deserves a strong correction.

But do not take the whole gain for their wages. Go back to the plateau, and let all ten outputs be 0.1. The squared error hands
down $`g_i = 2 \, (p_i - \delta_{it}) / 10`$. These ten numbers add up to zero, so their mean, weighted by ten equal $`p_i`$, is zero, too;
what {{eq:softmax-gradient}} leaves is $`0.1 \cdot 0.2 \, (p_j - \delta_{jt})`$. Compare {{eq:cross-entropy-gradient}}:
the same direction, and exactly *fifty times* the length. A longer gradient at the same learning rate is a longer step. Exercise
2.2 has shown what longer steps alone can do for the network of chapter 2; exercise 3.1 does the same for softmax.

Accuracy does not notice when a network is too sure of itself. Cross-entropy does, which is a reason to look at both. Whether a network that says
*ninety per cent* is right in nine cases out of ten, its *calibration*, is a question of its own.

We shall keep the squared error for a while. It is the slower choice, and so it lets us see what the next change can do
by itself; in chapter 6 both losses meet again.

## One digit, three opinions

Here is one test image, the first that the network of chapter 2 gets wrong in its first run and both others get right, and what each of
them says about it.
*/
static bool right(const Predictions *p, int image)
{
    return p->predicted[image] == p->label[image];
}

static void three_opinions(void)
{
    static const char *const names[] = { "mlp", "softmax", "softmax-ce" };
    enum { NETWORKS = 3 };
    Predictions p[NETWORKS];
    int image = 0;

    for (int k = 0; k < NETWORKS; k++)
        p[k] = run_predictions(&recall(names[k])->run[0]);
    while (image + 1 < p[0].n
           && (right(&p[0], image) || !right(&p[1], image)
               || !right(&p[2], image)))
        image++;

    // fold: drawing the image and the opinions
    static float pixels[PIXELS];
    char label[1][32];
    double sum = 0;

    for (int j = 0; j < PIXELS; j++)
        pixels[j] = digits()->test.pixels[(size_t)image * PIXELS + j];
    snprintf(label[0], sizeof label[0], "label %d", p[0].label[image]);
    report_sheet(((Figure){
        .name = "image", .caption = "The test image in question.",
        .alt = "The test image that the next figure is about, with its label "
               "below.",
        .settings = "zoom=4" }),
        &((Sheet){ .n = 1, .rows = ROWS, .columns = COLUMNS, .across = 1,
                   .pixels = pixels, .label = (const char (*)[32])label }));
    FILE *f = report_figure(.kind = "bars", .name = "opinions",
        .x = "digit", .y = "output",
        .caption = "What three networks say about this image. Sigmoid outputs "
                   "(mlp) need not add up to one; the others do.",
        .alt = "Ten groups of three bars, one bar for each network: the "
               "sigmoid network's highest bar is at a wrong digit, those of "
               "the two softmax networks are at the true one.",
        .settings = "ymin=0; ymax=1");
    fprintf(f, "category\tseries\tvalue\n");
    for (int k = 0; k < NETWORKS; k++)
        for (int d = 0; d < CLASSES; d++)
            fprintf(f, "%d\t%s\t%.4f\n", d, names[k],
                    (double)p[k].output[image * CLASSES + d]);
    for (int d = 0; d < CLASSES; d++)
        sum += (double)p[0].output[image * CLASSES + d];
    report_value("image", "%d", image);
    report_value("sum", "%.2f", sum);
    for (int k = 0; k < NETWORKS; k++)
        predictions_free(&p[k]);
    // end fold
}

/*%
This is test image number {{image}}, counted from 0. The ten outputs of the sigmoid network add up to {{sum}}. Nothing makes them add up to one,
so whatever they are, they are not probabilities.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &softmax, .set = "optimiser.learning_rate=1",
      .outcome = BETTER,
      .question = "Softmax with squared error, but ten times the learning "
                  "rate. Does it reach cross-entropy at the rate of 0.1?",
      .answer = "As good as: cross-entropy got {{softmax-ce.accuracy}}. Much "
                "of what looked like a better loss was a longer step; look at "
                "exercise 2.2 again, too. Part of any comparison at "
                "one fixed learning rate is a comparison of step sizes. "
                "Chapter 6 compares optimisers, each at its own best rate." },
    { .base = &softmax_ce, .set = "optimiser.learning_rate=1",
      .outcome = WORSE,
      .question = "And cross-entropy with ten times the learning rate?",
      .answer = "Cross-entropy already took long steps; to make them ten "
                "times as long is no gift. The best rate depends on the "
                "loss." },
    { .base = &softmax_ce, .set = "layers=dense 10, softmax",
      .outcome = WORSE,
      .question = "Take out both hidden layers, so that one dense layer goes "
                  "straight from pixels to scores. How much do the hidden "
                  "layers earn?",
      .answer = "This is *logistic regression*, the workhorse of statistics, "
                "with 7,850 weights and biases. The difference between the two "
                "rows is what the hidden layers earn here. (Logistic "
                "regression can do better than this: steps from single images "
                "at a rate of 0.1 never let its weights come to rest.)" },
};

static void try_it(void)
{
    report_exercises(exercises);
}
// end fold

/*%
## What to remember

- Softmax turns scores into probabilities that compete for one unit of belief. Subtract the largest score first.
- Cross-entropy and softmax belong together: their joint gradient is what was said minus what is true.
- At one fixed learning rate, part of what a method gains may be a longer step. Ask for each method's own best rate.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv,
                 .experiments = { &softmax, &softmax_ce },
                 .builds_on = "mlp");
    RUN(train_softmax);
    RUN(train_cross_entropy);
    RUN(three_opinions);
    RUN(try_it);
    return chapter_close();
}
// end fold
