/* SPDX-License-Identifier: MIT */
/*%
# A first network

Can a machine learn to read digits from nothing but examples, with parts as simple as sums, products and one curve? In
this chapter we build such a network from scratch, train it for one pass over the images, and find that it reads
{{mlp.accuracy}} of the test digits correctly. That is far from good. It is also far better than guessing, which gets one
in ten, and every later chapter starts from here.

**Builds on** chapter 1, for the images. **You will meet** layers, weights, loss, backpropagation, gradient descent, and
a way to check a gradient that catches nearly every mistake one can make in one.
*/
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "data/gather.h"
#include "nn/experiment.h"
#include "nn/learning.h"
#include "runs/confusion.h"

/*%
## The network as data

Here is the whole experiment. It is a plain C struct; everything that can change the result stands in it.
*/
static const Experiment mlp = {
    .name      = "mlp",
    .input     = { 1, 28, 28 },          /* channels, rows, columns */
    .layers    = { { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 32 }, { SIGMOID },
                   { DENSE, .units = 10 }, { SIGMOID } },
    .loss      = LOSS_MSE,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 1, .batch = 1, .shuffle = true },
    .seeds     = 10,
};

/*%
An image enters as 784 numbers. The first **dense** layer turns them into 32 others, a **sigmoid** bends each of these, and
so on until ten numbers are left, one per digit. The largest of the ten is the answer. A network of this kind is called a
*multilayer perceptron*, hence the name of the experiment. The 32 in between, twice, are its **hidden units**: without them each
digit would have to be told from all the others by one weighted sum of pixels. Their number is a choice, small so that we need not wait.

The experiment has {{mlp.seeds seeds}}: we train it so many times, each time from other random weights and with the images in another random
order. One run would tell us how lucky we were; several tell us what to expect.

## From pixels to numbers

The images of chapter 1 are bytes. A network computes with real numbers of moderate size, so each byte is divided by 255.
There is one function in this book that does it, for training, for testing, and for every figure:

@show lib/data/gather.c gather

The argument `order` lets us take the images in any order without moving a byte of them.

## Layers in a row

In memory, too, the network is a row of layers. What a layer learns is kept in **tensors**, rows of numbers with a name and a shape; each
has its values, and a place for the derivatives of the loss with respect to them:

@show lib/nn/layer.h Tensor

A layer knows what goes in, what comes out, and which tensors it has:

@show lib/nn/layer.h Layer

`type` leads to the functions of its kind: how to fit the layer into a network (`configure`), how to compute its outputs
(`forward`), and how to send derivatives back through it (`backward`). The work space, `scratch`, is for layers of chapter 7. A **model** is
the layers and all the numbers that belong to them:

@show lib/nn/model.h Model

`x[i]` is what goes into layer `i`, counted from 0, and `x[i + 1]` what comes out of it. `dx[i]` is the derivative of the loss with
respect to `x[i]`; nobody wants that of the pixels, so `dx[0]` is `NULL`.

## A dense layer

A dense layer has a weight for every pair of an input and an output, and a bias for every output. With $`n`$ inputs
$`x_1 \dots x_n`$, output $`i`$ is

```math
y_i = b_i + \sum_{j=1}^{n} W_{ij} \, x_j , \qquad\text{or}\qquad \mathbf{y} = \mathbf{W} \mathbf{x} + \mathbf{b} .
```

You may read row $`i`$ of $`\mathbf{W}`$ as a picture of 784 pixels: the output is large when the image agrees with that
picture. With 784 inputs and 32 outputs there are 25,088 weights and 32 biases. The library computes $`\mathbf{y}`$ for a
**batch** of $`B`$ images at once, one image in each row, so that its `x` stands to the left of the weights. Here the batch is one
image, but the code is no longer for being general:

@show lib/nn/dense.c dense_configure dense_forward

`configure` is called once, when the network is built: the layer says how large its output is, and which tensors it needs, each with the two numbers
between which its values begin (more on these below). Most of what it does is filling in a struct:

@show lib/nn/layer.c layer_add_tensor shape_size

In `forward` the argument `pass` says whether the network learns or is used; a dense layer does the same in both cases. `mul_bt` multiplies by a transposed matrix, which the comments mark with a prime; chapter 5 opens it. For one image it is
the double loop you would write yourself.

## A sigmoid

Two dense layers in a row are no better than one:
$`\mathbf{W}_2 (\mathbf{W}_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2`$ is again a matrix times $`\mathbf{x}`$, plus a vector.
Something must bend between them. We take the **sigmoid**,

```math
\sigma(a) = \frac{1}{1 + e^{-a}} ,
```

which runs from 0 to 1 and is steepest in the middle. Its derivative has a form worth remembering: with $`y = \sigma(a)`$
it is $`\sigma'(a) = y \, (1 - y)`$, so that whoever has kept $`y`$ need not compute another exponential. (Check it: write
$`\sigma`$ as $`(1 + e^{-a})^{-1}`$, use the chain rule once, and see that $`1 - y = e^{-a} / (1 + e^{-a})`$.) The layer has
nothing to configure: it learns nothing and keeps the shape.

@show lib/nn/sigmoid.c sigmoid_forward

Forward through the whole network is then a loop over its layers. Each layer reads the output of the one before it:

@show lib/nn/model.c model_forward

## How wrong is it?

To improve the answer we must first measure how bad it is, with one number. We want output 7 to be 1 when the image shows a
seven, and all others to be 0; call this wish $`\mathbf{t}`$. The **mean squared error** is

```math
L = \frac{1}{10} \sum_{i=0}^{9} (y_i - t_i)^2 ,
```

and over a batch we take the mean over its images. (The factor of one tenth only makes it a mean. Leave it out, and all
derivatives are ten times as large.) Why not simply count the wrong answers? Because the count has no slope: a small change of a weight nearly
always leaves every answer as it was, and so does not say which way is better. The squared error does. Its derivative is the
starting point of everything that follows: $`\partial L / \partial y_i = \frac{2}{10} (y_i - t_i)`$.

@show lib/nn/loss.c mse_sum

The function returns the *sum* of the losses of its `B` images; whoever adds such sums up will divide. In `d` it leaves the
derivative of their *mean* over the whole batch, which is `images` large: that is the quantity we want to go down. Two short functions
find the right outputs to hand over (a loss of the next chapter wants to look one layer deeper):

@show lib/nn/learning.c model_loss loss_at

## Which way is down?

There are {{mlp.parameters}} weights and biases. Think of the loss as the height of a landscape over all of them. The gradient, the
vector of the derivatives of $`L`$ with respect to every weight, points uphill. Take a small step the other way and the loss
falls. That is **gradient descent**, and every way of learning in this book is a variation on it:

```math
w \leftarrow w - \eta \, \frac{\partial L}{\partial w} .
```

The step size $`\eta`$ is the **learning rate**. Ours is {{mlp.optimiser.learning_rate}}, a first guess and no more than that; an exercise at the end
tries another. When the gradient comes from one image, or a few, instead of all 60,000, it is *stochastic* gradient descent, SGD:
each step is cheap and a little wrong. A step for this image may well hurt the others, but over many steps such errors average
out; chapter 5 measures them.

@show lib/nn/optimiser.c sgd_update

The unused `m` and `v` belong to cleverer rules, which we meet in chapter 6.

## Backpropagation

So we need {{mlp.parameters}} derivatives for every image. Nudging the parameters one by one, to see what happens to the loss, would
mean {{mlp.parameters}} passes through the network. The chain rule gives all derivatives for the price of about two.

Look at one dense layer. Suppose somebody tells us the derivative of the loss with respect to each of its outputs; call it
$`g_i = \partial L / \partial y_i`$. Each output is $`y_i = b_i + \sum_j W_{ij} x_j`$. A weight $`W_{ij}`$ touches only output $`i`$,
with slope $`x_j`$; a bias touches only its own output, with slope 1; an input $`x_j`$ touches *all* outputs, with slopes
$`W_{ij}`$. So

```math
\begin{aligned}
\frac{\partial L}{\partial W_{ij}} &= g_i \, x_j &
\frac{\partial L}{\partial b_i} &= g_i &
\frac{\partial L}{\partial x_j} &= \sum_i g_i \, W_{ij} .
\end{aligned}
```

The first two are what we came for. The third is the message that we pass down: the inputs of this layer are the outputs
of the one below, which now knows *its* $`g`$. In the code `dy` stands for $`g`$, and `dW` for $`\partial L / \partial W`$, always
with the shape of the thing it is the gradient of.

@show lib/nn/dense.c dense_backward

The sum over the images of a batch is made by the product itself, and `SET` overwrites what the step before has left in `dW`.
(`mul` and `mul_at` are the siblings of `mul_bt`, and `axpy` adds a multiple of one row of numbers to another;
chapter 5 prints them all.) The sigmoid has no weights and only passes the message on, multiplied by its slope:

@show lib/nn/sigmoid.c sigmoid_backward

Backward through the network is the same loop as forward, from the end to the start. The gradient of the loss goes in at
the top, and when the loop is done every tensor has its gradient. (A layer is given only what it needs on the way back: the
dense layer its input, the sigmoid its output.)

@show lib/nn/learning.c model_backward

## Is it right?

A wrong gradient is a treacherous bug. The network still learns, only worse, and you blame the learning rate. But there is a
test that needs no cleverness. The derivative is a limit, so take a small step in one weight and look:

```math
\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2 \varepsilon} .
```

We do this for a few weights and a bias of every layer, over 32 images, in a fresh network. The weights must belong to inputs that
are not always zero: for a pixel that is blank in every image both sides are zero, and nothing has been tested. So we cut the
inputs of a layer into thirds and take, in each third, the one that is largest over the images.
*/
enum { IMAGES = 32, WEIGHTS = 3 };

/* The mean loss over the images in m->x[0], without learning. */
static double mean_loss(Model *m, const uint8_t *labels)
{
    model_forward(m, IMAGES, &predicting);
    return model_loss(m, labels, IMAGES, 0) / IMAGES;
}

/* The slope of the loss along one parameter, from a step to either side. */
static double difference_quotient(Model *m, const uint8_t *labels, float *w)
{
    const float before = *w, epsilon = 0.05f;

    *w = before + epsilon;
    const double above = mean_loss(m, labels);
    *w = before - epsilon;
    const double below = mean_loss(m, labels);
    *w = before;
    return (above - below) / (2 * (double)epsilon);
}

/* In the k-th third of the inputs of layer i, the largest over the images. */
static int largest_input(const Model *m, int i, int k)
{
    const int in = m->layers[i].in;
    int best = 0;
    double most = -1;

    for (int j = in * k / WEIGHTS; j < in * (k + 1) / WEIGHTS; j++) {
        double sum = 0;
        for (int b = 0; b < IMAGES; b++)
            sum += (double)m->x[i][b * in + j];
        if (sum > most) {
            most = sum;
            best = j;
        }
    }
    return best;
}

static void check_gradient(void)
{
    const uint8_t *labels = digits()->train.labels;
    double worst = 0, smallest = INFINITY;
    Model *m;

    must(model_create(&m, &mlp, IMAGES));
    must(model_prepare(m));
    model_initialise(m, 1);
    gather(m->x[0], &digits()->train, NULL, 0, IMAGES);
    model_forward(m, IMAGES, &predicting);
    const double fresh = model_loss(m, labels, IMAGES, IMAGES)
                       / IMAGES;
    model_backward(m, IMAGES);

    report_table("Backpropagation against finite differences, in the three "
                 "dense layers. Units and inputs are counted from 0.",
                 "Layer | To unit | From input | Backpropagation | "
                 "Difference quotient");
    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        const int unit = l->out / 2;
        double apart = 0, largest = 0;
        if (l->tensors == 0)
            continue;
        for (int k = 0; k <= WEIGHTS; k++) {
            const bool bias = k == WEIGHTS;
            const int input = bias ? 0 : largest_input(m, i, k);
            const Tensor *t = &l->tensor[bias ? BIAS : WEIGHT];
            const int at = bias ? unit : unit * l->in + input;
            const double ours = (double)t->gradient[at];
            const double slope = difference_quotient(m, labels,
                                                     &t->value[at]);
            apart = fmax(apart, fabs(ours - slope));
            largest = fmax(largest, fabs(slope));
            report_row("%d | %d | %s | %.3e | %.3e", i / 2 + 1, unit,
                       bias ? "bias" : thousands(input), ours, slope);
        }
        worst = fmax(worst, apart / largest);
        smallest = fmin(smallest, largest);
    }
    report_claim(smallest > 0 && worst < 0.01,
                 "In no layer are the derivatives all zero, and in none do "
                 "the two columns differ by more than one per cent of the "
                 "largest.");
    report_value("fresh", "%.2f", fresh);
    model_free(m);
}

/*%
The two columns come from quite different computations: one is a few lines of algebra, the other knows nothing about the
network but how to run it forward. That they agree is the best evidence we could ask for. Keep the trick; it works for any smooth
function you will ever differentiate. (The last digits differ, for two reasons. The quotient is not yet the limit: its error is
of the order of $`\varepsilon^2`$. And we compute in single precision, where subtracting two nearly equal losses leaves few digits
that mean anything, the fewer the smaller $`\varepsilon`$. Our 0.05 is a compromise. Make it ten times as large, or as small, and
the columns drift apart.)

## Where to begin

All weights zero would be a poor start: every unit of a layer would compute the same thing, receive the same gradient and
stay the same for ever. So we begin at random. How large? The variances of independent terms add up, so a sum of $`n`$ of them
grows like $`\sqrt n`$. Inputs between 0 and 1 and weights no larger than $`1/\sqrt{n}`$ therefore keep the sums near zero, rarely
beyond one to either side, where the sigmoid is steep. That is what `dense_configure` has written into its tensors.

@show lib/nn/model.c model_initialise

Random numbers come from **streams**: one for the first weights, one for each epoch's order of the images, and so on. Whoever draws more numbers
from one of them does not change the others.

@show lib/nn/layer.h Chance
@show lib/base/rng.c rng_stream

## The training loop

Now everything is there. One **epoch** is one pass over all 60,000 images; with batches of one image that makes 60,000
steps. Each step takes the next image in a random order, runs it forward and backward, and updates all weights.

@show lib/nn/train.c train_epoch

That is all of it: the next batch, forward, loss, backward, and a step with this learning rate. The word *shard* belongs to chapter 7, where one batch will be work enough
for several cores; until then there is one shard, number 0, which is the whole batch, and `in_shards(t, forward)` is no more than
`forward(t, 0)`. These are the five:

@show lib/nn/train.c next_batch forward loss backward update

`report` tells whoever watches how the batch went, and stops with a clear message when the loss has become infinite or not a number.
Around it all is what happens once: build the network, draw the first weights, shuffle, and train epoch after epoch.

<details><summary>Watching, and writing down the curve</summary>

@show lib/nn/train.h Batch
@show lib/nn/train.c report
@show lib/nn/metrics.c count_correct
@show lib/runs/network.c watch
@show lib/runs/history.h Point Recorder
@show lib/runs/history.c recorder_create recorder_add recorder_point

</details>

<details><summary>Once around everything</summary>

@show lib/nn/train.c train train_shards run_epochs learning_rate
@show lib/nn/experiment.c experiment_split
@show lib/data/gather.c first_order

</details>

## Does it learn?

You know already where it ends. But how does it get there? Before you look at the figure, sketch on paper how the loss falls in
the course of the epoch: steadily, fast at first, fast at last?
*/
static void train_it(void)
{
    const Result *r = train_or_recall(&mlp);

    // fold: drawing the curve
    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch. The line is the mean over "
                   "the seeds, the band one standard deviation to either side.",
        .alt = "The loss drops at once to a plateau at 0.09, stays there for a "
               "good part of the epoch, then falls to about 0.05 and is still "
               "falling when the epoch ends.",
        .settings = "ymin=0" }), "loss", r, NULL);
    double share = 0, loss = 0;
    for (int i = 0; i < r->runs; i++) {
        share += r->run[i].history.point[0].epoch / r->runs;
        loss += r->run[i].history.point[0].loss / r->runs;
    }
    report_value("point", "%s", thousands(lround(share * digits()->train.n)));
    report_value("point.loss", "%.3f", loss);
    // end fold
}

/*%
It learns. A fresh network answers about one half to everything. So it misses every wish by one half, which costs a quarter: the
loss of ours, when we checked its gradient, was {{fresh}}. The first point of the curve, a mean over {{point}} images, is at {{point.loss}}.
Soon the loss is 0.09, which is what you get by answering 0.1 to everything, whatever the image: one output misses by 0.9, nine by
0.1. For a good part of the epoch the network does little more than that; then it finds something.

How well does it read in the end?
*/
static void judge_it(void)
{
    const Result *r = train_or_recall(&mlp);

    report_scores("A first network, judged on the test images.", r, NULL);
    report_value("mlp.high", "%.1f", 100 * (r->accuracy.mean + r->accuracy.sd));
    report_value("mlp.low", "%.1f",
                 100 * (r->accuracy.mean - r->accuracy.sd));
    report_claim(r->accuracy.mean > 0.6 && r->accuracy.mean < 0.75,
                 "The first network reads roughly two of three test digits, "
                 "between 60 and 75 %%: %.1f %%.", 100 * r->accuracy.mean);
}

/*%
The seeds differ: most runs lie between {{mlp.low}} and {{mlp.high}} %. Remember this spread. If somebody shows you *one* run that is
a point better than another, ask for the others. The column *Core seconds* says what a run cost: the time for which it kept a
processor core busy, added up over all cores that worked for it, and averaged over the runs.

Judging the result is the same forward pass, without learning, over images that took no part in training:

@show lib/nn/metrics.c evaluate largest_of

<details><summary>Room for the predictions</summary>

@show lib/nn/metrics.c predictions_create predictions_free

</details>

## What does it confuse?

One number hides a lot. A **confusion matrix** shows, for every true digit (row), how often each answer (column) was given.

@show lib/runs/confusion.c confusion_matrix
*/
static void confuse(void)
{
    const Result *r = train_or_recall(&mlp);
    Predictions p = run_predictions(&r->run[0]);
    int count[CLASSES][CLASSES];

    confusion_matrix(count, &p);
    predictions_free(&p);

    // fold: drawing it, and finding the largest numbers
    int truth = 0, answer = 1, weakest = 0;
    for (int i = 0; i < CLASSES; i++) {
        if (count[i][i] < count[weakest][weakest])
            weakest = i;
        for (int j = 0; j < CLASSES; j++)
            if (i != j && count[i][j] > count[truth][answer]) {
                truth = i;
                answer = j;
            }
    }
    report_confusion(((Figure){
        .name = "confusion", .x = "the network says", .y = "it is",
        .caption = "Confusion matrix of the first run (seed 1). Grey: right "
                   "answers. The colour of the errors is the same from 150 "
                   "up. A dot is a zero; at the end of a row stands the share "
                   "of the digit that was read correctly.",
        .alt = "A ten by ten table of counts; most lie on the diagonal, the "
               "errors gather in a few cells.",
        .settings = "cap=150" }), count);
    report_value("truth", "%d", truth);
    report_value("answer", "%d", answer);
    report_value("times", "%d", count[truth][answer]);
    report_value("weakest", "%d", weakest);
    report_value("weakest.right", "%d", count[weakest][weakest]);
    // end fold
}

/*%
The errors are not spread evenly. In this run {{times}} images of a {{truth}} were taken for a {{answer}}, and of all images of a {{weakest}} only
{{weakest.right}} were recognised. Why does it fail at some digits, and not at others?

## Watch it learn

We can look while it happens. The training is stopped after 5,000 images, after 10,000, and so on, and each time the network
answers for 5,000 images that took no part in it. (The test images are for the end, so these come out of the training set.
Shuffling is off, so that all eleven trainings see the same images in the same order.) Of a digit that is the answer to at least
one image in a hundred we say that the network *uses* it.
*/
static const Sweep while_learning = {
    .base  = &mlp,
    .set   = "train.shuffle=no; train.validation=5000",
    .vary  = { "train.images=5000|10000|15000|20000|25000|30000|35000|40000|"
               "45000|50000|55000" },
    .seeds = 1,
};

/* How many of the ten digits are used: the answer to 1 image in 100 or more. */
static int digits_used(int count[CLASSES][CLASSES])
{
    int times[CLASSES] = { 0 }, all = 0, used = 0;

    for (int i = 0; i < CLASSES; i++)
        for (int j = 0; j < CLASSES; j++) {
            times[j] += count[i][j];
            all += count[i][j];
        }
    for (int j = 0; j < CLASSES; j++)
        used += 100 * times[j] >= all;
    return used;
}

static void watch_it_learn(void)
{
    const SweepPoints *p = sweep_or_recall(&while_learning);
    static int count[MAX_VALUES][CLASSES][CLASSES];
    int used[MAX_VALUES];

    for (int k = 0; k < p->n; k++) {
        Predictions answers = run_predictions(&p->result[k]->run[0]);
        confusion_matrix(count[k], &answers);
        used[k] = digits_used(count[k]);
        predictions_free(&answers);
    }

    // fold: drawing it
    FILE *f = report_figure(.kind = "learning", .name = "learning",
        .x = "images seen",
        .caption = "The first network at eleven moments of its training (seed "
                   "1, 5,000 images held out): the right answers so far, and "
                   "what it answers for each true digit.",
        .alt = "A curve that first lies flat near ten per cent and then "
               "climbs; beside it the confusion matrix of the moment, where "
               "at first one column holds nearly all answers and others join "
               "it later.");
    fprintf(f, "frame\timages\ttruth\tprediction\tcount\n");
    for (int k = 0; k < p->n; k++) {
        const int images = p->result[k]->experiment.train.images;
        for (int i = 0; i < CLASSES; i++)
            for (int j = 0; j < CLASSES; j++)
                fprintf(f, "%s images\t%d\t%d\t%d\t%d\n", thousands(images),
                        images, i, j, count[k][i][j]);
    }
    // end fold

    const int first = p->result[0]->experiment.train.images;
    report_claim(used[0] < used[p->n - 1],
                 "The network begins with fewer answers than it ends with: "
                 "of the ten digits it uses %d after %s images, %d at the "
                 "end.", used[0], thousands(first), used[p->n - 1]);
}

/*%
At first it says the same to nearly everything. All ten outputs have settled near 0.1, and the digit whose output happens to lie
a hair above the others wins. Which digit that is may change from one moment to the next; it makes next to no difference to the curve.
Then a second column begins to fill, and a third. Each digit is about a tenth of the images, so to tell one more from the rest
is worth up to ten points: where the curve climbs, look for the columns that have filled. If a column is still nearly empty when
the epoch ends, its digit need not be a hard one. Its turn has not come.

What slows it down? There are three suspects, and the next chapters take them one at a time: the outputs, which do not know
that they compete (chapter 3); the sigmoids, whose slopes are small (chapter 4); and the single-image steps (chapter 5). There is
a fourth, the learning rate, and exercise 2.2 lets you question it yourself. The book stays with its first guess until chapter 6, so that
not everything changes at once; remember that when you compare.

## Try it

For each exercise, write down a number before you open the answer. Being wrong on paper is how one learns what networks do.
You can make each of these changes in `chapters/02-mlp.c` yourself, and say `make book CHAPTER=02`.
*/
static void try_it(void)
{
    // fold: the exercises with their answers
    static const Exercise exercises[] = {
        { .base = &mlp, .set = "train.sorted=yes; train.shuffle=no",
          .outcome = WORSE,
          .question = "Sort the training images, all zeros first, then all "
                      "ones, up to the nines, and do not shuffle. The network "
                      "sees the same images.",
          .answer = "It has forgotten everything but what it saw last. For the "
                    "final thousands of steps the right answer was always "
                    "*nine*, so it learned to say *nine*, whatever the image. "
                    "What is left of its accuracy is the share of nines among "
                    "the test images. Shuffling is not a detail." },
        { .base = &mlp, .set = "optimiser.learning_rate=1",
          .outcome = BETTER,
          .question = "Make the learning rate ten times as large.",
          .answer = "The mean squared error over ten outputs of which nine "
                    "should be 0 has small gradients, and the sigmoids make "
                    "them smaller still. The rate of "
                    "{{mlp.optimiser.learning_rate}} was timid; the "
                    "network could stand far larger steps." },
        { .base = &mlp, .set = "layers=dense 32, sigmoid, dense 10, sigmoid",
          .outcome = BETTER,
          .question = "Take out the second hidden layer. Fewer weights: better "
                      "or worse?",
          .answer = "Depth can help, but here the slope of every further "
                    "sigmoid divides what reaches the first layer by at least "
                    "four, and the small weights do not make up for it. After "
                    "one epoch the shallower network is ahead. Chapter 4 "
                    "removes the obstacle." },
    };
    report_exercises(exercises);
    // end fold
}

/*%
## What to remember

- A network is a function made of simple parts; backpropagation is the chain rule, applied from the end to the start.
- Each layer needs three things: its output, the gradient for its weights, and the gradient it passes down.
- Test every gradient against a difference quotient. Report every accuracy with its spread over seeds.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &mlp },
                 .sweeps = { &while_learning });
    RUN(check_gradient);
    RUN(train_it);
    RUN(judge_it);
    RUN(confuse);
    RUN(watch_it_learn);
    RUN(try_it);
    return chapter_close();
}
// end fold
