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
#include <math.h>

#include "book/chapter.h"
#include "book/report.h"
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

The last dense layer gives ten scores, any real numbers; call them $`z_0 \dots z_9`$, the *logits*. We want ten numbers that
are positive and add up to one. The exponential makes them positive, and dividing by the total does the rest:

```math
p_i = \frac{e^{z_i}}{\sum_{k=0}^{9} e^{z_k}} .
```

This formula deserves a minute with pencil and paper. Add the same constant to all ten scores: nothing changes, since a factor
cancels. That is good news for the programmer, because $`e^{100}`$ does not fit into a float; we subtract the largest score
first, and the largest exponential is $`e^0 = 1`$. And raise one score: its probability grows, and *every other one
shrinks*. There is one unit of belief, and the digits compete for it. This is the knowledge that we came to put in.

@show lib/nn/softmax.c softmax_forward

## Its derivative

With sigmoids each output had one input. Here all ten outputs move when one score does, so there are a hundred derivatives. Take the
logarithm before you differentiate; it turns the quotient into a difference, $`\log p_i = z_i - \log \sum_k e^{z_k}`$, whose derivative
with respect to $`z_j`$ is $`\delta_{ij} - p_j`$, where $`\delta_{ij}`$ is 1 if $`i = j`$ and 0 otherwise. Hence

```math
\frac{\partial p_i}{\partial z_j} = p_i \, (\delta_{ij} - p_j) .
```

Now let $`g_i = \partial L / \partial p_i`$ arrive from above. The message for score $`j`$ collects what flows through all ten outputs,

```math
\frac{\partial L}{\partial z_j} = \sum_i g_i \, p_i \, (\delta_{ij} - p_j)
    = p_j \left( g_j - \sum_i g_i \, p_i \right) ,
```

and the table of a hundred has vanished: one dot product for the image, then one line per score. In words: a score is pushed
up if its own $`g`$ lies below the average that the network itself believes in.

@show lib/nn/softmax.c softmax_backward

## Does it help?

Before you look, guess. The sigmoid outputs got {{mlp.accuracy}}. Write your number down.
*/
static void train_softmax(void)
{
    const Result *mlp = recall("mlp"), *ours = train_or_recall(&softmax);
    const double gain = ours->accuracy.mean - mlp->accuracy.mean;

    report_scores("Ten answers, or one answer in ten parts.", mlp, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch, mean and standard deviation "
                   "over the seeds.",
        .alt = "Both losses fall; that of the softmax network leaves the "
               "plateau earlier and ends lower.",
        .settings = "ymin=0" }), "loss", mlp, ours, NULL);
    report_value("gain", "%.1f", 100 * gain);
    report_claim(gain > 0.05,
                 "Softmax outputs gain at least five points over sigmoid "
                 "outputs: %.1f.", 100 * gain);
}

/*%
The gain is several times the spread of the seeds, so it is no luck of the draw. But see in {{fig:loss}} *how* it was won. The
curve still falls steeply where the epoch ends. The network has not become good; it has become faster.

## A better question

There is something odd about squared errors of probabilities. Suppose the image is a seven, and the network says with full
confidence that it is a one: $`p_1 \approx 1`$, $`p_7 \approx 0`$. It could hardly be more wrong. How strongly is it told so? The
gradient for the score of the seven has the factor $`p_7`$ in front, by the formula above. It is nearly zero. *The more
wrong the network is, the less it learns.*

Ask instead how surprised the network is by the truth. If it gave the right digit the probability $`p`$, its surprise is
$`-\log p`$: nothing for $`p = 1`$, and without bound as $`p`$ goes to 0. The mean of it over the images is called
**cross-entropy**,

```math
L = -\log p_t = \log \sum_k e^{z_k} - z_t ,
```

where $`t`$ is the true digit. To make it small is to make the labels as probable as possible, which is what a statistician would
have done from the start: it is maximum likelihood. And its derivative with respect to the scores,

```math
\frac{\partial L}{\partial z_j} = p_j - \delta_{jt} ,
```

is as simple as a derivative can be: what the network said, minus what is true. The exponential of softmax and the
logarithm of the loss have eaten each other, and the small factor is gone. The two were made for each other, so the library
computes them together, from the scores; the logarithm of a sum of exponentials is again protected by taking the largest
out first.

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

    report_scores("The same network, three ways to end it. The loss of the "
                  "last row is another quantity than the two above it: do not "
                  "compare them.",
                  mlp, mse, ours, NULL);
    report_curves(((Figure){
        .kind = "curves", .name = "accuracy", .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = "Accuracy over the first epoch, each image judged just "
                   "before it is learned from.",
        .alt = "With cross-entropy the accuracy rises above 80 % within the "
               "first tenth of the epoch; the others take far longer.",
        .settings = "ymin=0; ymax=100" }), "accuracy", mlp, mse, ours, NULL);
    report_value("gain.ce", "%.1f", 100 * gain);
    report_claim(gain > 0.05,
                 "Cross-entropy gains another five points or more over mean "
                 "squared error: %.1f.", 100 * gain);
}

/*%
It is still the same network, with the same {{softmax.parameters}} weights and the same images. Nothing was added but two
things that are true: that a digit is one digit, and that a confident mistake deserves a strong correction.

Is cross-entropy fair, then, as a thing to *compare* networks by? It punishes overconfidence, accuracy does not. Whether a network that says
*ninety per cent* is right in nine cases out of ten is a question of its own, called **calibration**.

We shall nevertheless keep the squared error for a while. It is the slower choice, and so it lets the next change show what it
can do by itself; in chapter 6 both losses meet again.

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
    static float pixels[PIXELS];
    char label[1][32];
    int image = 0;

    for (int k = 0; k < NETWORKS; k++)
        p[k] = run_predictions(&recall(names[k])->run[0]);
    while (image + 1 < p[0].n
           && (right(&p[0], image) || !right(&p[1], image)
               || !right(&p[2], image)))
        image++;
    for (int j = 0; j < PIXELS; j++)
        pixels[j] = digits()->test.pixels[(size_t)image * PIXELS + j];
    snprintf(label[0], sizeof label[0], "label %d", p[0].label[image]);
    report_sheet(((Figure){
        .name = "image", .caption = "The test image in question.",
        .alt = "One handwritten digit.", .settings = "zoom=4" }),
        &((Sheet){ .n = 1, .rows = ROWS, .columns = COLUMNS, .across = 1,
                   .pixels = pixels, .label = (const char (*)[32])label }));
    FILE *f = report_figure(.kind = "bars", .name = "opinions",
        .x = "digit", .y = "output",
        .caption = "What three networks say about this image. Sigmoid outputs "
                   "(mlp) need not add up to one; the others do.",
        .alt = "Ten groups of three bars; the sigmoid network has several low "
               "bars, the softmax networks favour the true digit.",
        .settings = "ymin=0; ymax=1");
    fprintf(f, "category\tseries\tvalue\n");
    for (int k = 0; k < NETWORKS; k++)
        for (int d = 0; d < CLASSES; d++)
            fprintf(f, "%d\t%s\t%.4f\n", d, names[k],
                    (double)p[k].output[image * CLASSES + d]);
    double sum = 0;
    for (int d = 0; d < CLASSES; d++)
        sum += (double)p[0].output[image * CLASSES + d];
    report_value("image", "%d", image);
    report_value("sum", "%.2f", sum);
    for (int k = 0; k < NETWORKS; k++)
        predictions_free(&p[k]);
}

/*%
This is test image number {{image}}. The ten outputs of the sigmoid network add up to {{sum}}; whatever they are, they are not
probabilities.

## Try it
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &softmax, .set = "optimiser.learning_rate=1",
      .outcome = BETTER,
      .question = "Softmax with squared error, but ten times the learning "
                  "rate. Does it reach cross-entropy at the rate of 0.1?",
      .answer = "Much of what looked like a better loss was a larger step. "
                "Part of any comparison at one fixed learning rate is a "
                "comparison of step sizes; chapter 6 compares each method at "
                "its own best rate." },
    { .base = &softmax_ce, .set = "optimiser.learning_rate=1",
      .outcome = WORSE,
      .question = "And cross-entropy with ten times the learning rate?",
      .answer = "Cross-entropy already took large steps; ten times more is "
                "no gift. The best rate depends on the loss." },
    { .base = &softmax_ce, .set = "layers=dense 10, softmax",
      .outcome = WORSE,
      .question = "Take out both hidden layers, so that one dense layer goes "
                  "straight from pixels to scores. How much do the hidden "
                  "layers earn?",
      .answer = "This is *logistic regression*, the workhorse of statistics, "
                "with 7,850 weights. The difference between the two rows is "
                "what the hidden layers earn. (The line itself can do better "
                "than this: single-image steps at a rate of 0.1 keep it "
                "restless.)" },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
}

/*%
## What to remember

- Softmax turns scores into probabilities that compete for one unit of belief. Subtract the largest score first.
- Cross-entropy and softmax belong together: their joint gradient is what was said minus what is true.
- A constraint that is true of the world is worth more than a longer training.
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
