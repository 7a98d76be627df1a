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

#include "book/chapter.h"
#include "book/report.h"
#include "nn/experiment.h"
#include "nn/model.h"

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
*multilayer perceptron*, hence the name of the experiment.

Ten seeds means that we train it ten times, each time from other random weights and with the images in another random
order. One run would tell us how lucky we were; ten tell us what to expect.

## From pixels to numbers

The images of chapter 1 are bytes. A network computes with real numbers of moderate size, so each byte is divided by 255.
There is one function in this book that does it, for training, for testing, and for every figure:

@show lib/nn/model.c gather

The argument `order` lets us take the images in any order without moving a byte of them.

## A dense layer

A dense layer has a weight for every pair of an input and an output, and a bias for every output. With $`n`$ inputs
$`x_1 \dots x_n`$, output $`i`$ is

```math
y_i = b_i + \sum_{j=1}^{n} W_{ij} \, x_j , \qquad\text{or}\qquad \mathbf{y} = \mathbf{W} \mathbf{x} + \mathbf{b} .
```

You may read row $`i`$ of $`\mathbf{W}`$ as a picture of 784 pixels: the output is large where the image agrees with that
picture. With 784 inputs and 32 outputs there are 25,088 weights and 32 biases. The library computes it for a batch of $`B`$
images at once. Here the batch is one image, but the formula costs nothing to write in general:

@show lib/nn/dense.c dense_configure dense_forward

`configure` is called once, when the network is built: the layer says how large its output is and how many weights it
needs. `mul_bt` multiplies by a transposed matrix; chapter 5 opens it. For now it is the double loop you would write
yourself.

## A sigmoid

Two dense layers in a row are no better than one: a linear function of a linear function is linear. Something must bend
between them. We take the **sigmoid**,

```math
\sigma(a) = \frac{1}{1 + e^{-a}} ,
```

which runs from 0 to 1 and is steepest in the middle. Its derivative has a form worth remembering: with $`y = \sigma(a)`$
it is $`\sigma'(a) = y \, (1 - y)`$, so that whoever has kept $`y`$ need not compute another exponential. (Check it: write
$`\sigma`$ as $`(1 + e^{-a})^{-1}`$ and use the chain rule once.) The layer has nothing to configure beyond keeping its shape.

@show lib/nn/activation.c configure_same_shape sigmoid_forward

Forward through the whole network is then a loop over its layers. Each layer reads the output of the one before it:

@show lib/nn/model.c model_forward

## How wrong is it?

To improve the answer we must first measure how bad it is, with one number. We want output 7 to be 1 when the image shows a
seven, and all others to be 0; call this wish $`\mathbf{t}`$. The **mean squared error** is

```math
L = \frac{1}{10} \sum_{i=0}^{9} (y_i - t_i)^2 ,
```

and over a batch we take the mean over its images. Its derivative is the starting point of everything that follows:
$`\partial L / \partial y_i = \frac{2}{10} (y_i - t_i)`$.

@show lib/nn/loss.c mse_sum

The function returns the loss and leaves the derivative in `d`. A little bookkeeping finds the right outputs to hand over
(some losses of later chapters want to look one layer deeper):

@show lib/nn/model.c model_loss

## Which way is down?

There are {{mlp.parameters}} weights and biases. Think of the loss as the height of a landscape over all of them. The gradient, the
vector of the derivatives of $`L`$ with respect to every weight, points uphill. Take a small step the other way and the loss
falls. That is **gradient descent**, and it is all the learning there is in this book:

```math
w \leftarrow w - \eta \, \frac{\partial L}{\partial w} .
```

The step size $`\eta`$ is the **learning rate**, here 0.1. When the gradient comes from one image, or a few, instead of all
60,000, it is *stochastic* gradient descent, SGD: each step is cheap and a little wrong, and the errors average out.

@show lib/nn/optimiser.c sgd_update

The unused `m` and `v` belong to cleverer rules, which we meet in chapter 6.

## Backpropagation

So we need {{mlp.parameters}} derivatives for every image. Computing them one by one would mean {{mlp.parameters}} passes through the
network. The chain rule gives all of them for the price of about two.

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

Layers *add* to `dW` and `db`, so that the gradients of many images can be collected there. The sigmoid has no weights and
only passes the message on, multiplied by its slope:

@show lib/nn/activation.c sigmoid_backward

Backward through the network is the same loop as forward, from the end to the start. The gradient of the loss goes in at
the top, and when the loop is done every layer has its `dW` and `db`.

@show lib/nn/model.c model_backward model_learn

## Is it right?

A wrong gradient is a treacherous bug. The network still learns, only worse, and you blame the learning rate. But there is a
test that needs no cleverness. The derivative is a limit, so take a small step in one weight and look:

```math
\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2 \varepsilon} .
```

We do this for a few weights of every layer, over 32 images, in a fresh network.
*/
enum { IMAGES = 32, PER_LAYER = 3 };

/* The mean loss over the images in m->x[0], without learning. */
static double mean_loss(Model *m, const uint8_t *labels)
{
    model_forward(m, IMAGES, false);
    return model_loss(m, NULL, labels, IMAGES, IMAGES) / IMAGES;
}

static void check_gradient(void)
{
    const uint8_t *labels = digits()->train.labels;
    const float epsilon = 0.02f;
    double worst = 0;
    Model *m;

    must(model_create(&m, &mlp, IMAGES));
    model_initialise(m, 1);
    gather(m->x[0], &digits()->train, NULL, 0, IMAGES);
    model_learn(m, labels, IMAGES, IMAGES);

    report_table("Backpropagation against finite differences.",
                 "Layer | Weight | Backpropagation | Difference quotient");
    for (int i = 0; i < m->depth; i++)
        for (int k = 0; k < PER_LAYER && m->layers[i].weights; k++) {
            const Layer *l = &m->layers[i];
            const int j = l->weights / 2 + 7 * k;
            const float w = l->W[j];
            l->W[j] = w + epsilon;
            const double above = mean_loss(m, labels);
            l->W[j] = w - epsilon;
            const double below = mean_loss(m, labels);
            l->W[j] = w;
            const double slope = (above - below) / (2 * (double)epsilon);
            worst = fmax(worst, fabs(slope - (double)l->dW[j]));
            report_row("%d | %d, %d | %.6f | %.6f", i / 2 + 1,
                       j / l->in, j % l->in, (double)l->dW[j], slope);
        }
    report_claim(worst < 2e-5,
                 "Backpropagation and difference quotient never differ by "
                 "more than 0.00002.");
    model_free(m);
}

/*%
The two columns come from quite different computations: one is a few lines of algebra, the other knows nothing about the
network but how to run it forward. That they agree is the best evidence we could ask for. Keep the trick; it works for any
function you will ever differentiate. (The last digit may differ, because we compute in single precision: subtracting two
nearly equal losses leaves few digits that mean anything.)

## Where to begin

All weights zero would be a poor start: every unit of a layer would compute the same thing, receive the same gradient and
stay the same for ever. So we begin at random. How large? The sum of $`n`$ random terms grows like $`\sqrt n`$, so weights
of about $`1/\sqrt{n}`$ keep the sums near one, where the sigmoid is steep.

@show lib/nn/model.c model_initialise

## The training loop

Now everything is there. One **epoch** is one pass over all 60,000 images; with batches of one image that makes 60,000
steps. Each step takes the next image in a random order, runs it forward and backward, and updates all weights.

@show lib/nn/train.c train_epoch

There is more book-keeping in it than learning. The learning is in three calls: `learn_shard` goes forward and backward,
`update_slice` takes the step, and `optimiser_step` counts it. The rest draws the curve that we look at next, and stops with
a clear message when the loss has become infinite or not a number. The words *shard* and *slice* belong to chapter 7, where
one batch will be work enough for several cores; until then there is one shard, which is the whole batch:

@show lib/nn/train.c learn_shard count_correct

And around it all, what happens once: build the network, draw the first weights, shuffle, and train epoch after epoch.

@show lib/nn/train.c train first_order

## Does it learn?

Before you look at the figure, guess: one pass over the data, 32 hidden units twice. How many of 10,000 digits it has never
seen will it read correctly?
*/
static void train_it(void)
{
    const Result *r = train_or_recall(&mlp);

    report_curves(((Figure){
        .kind = "curves", .name = "loss", .x = "epochs",
        .y = "mean squared error, training images",
        .caption = "The loss over the first epoch. The line is the mean over "
                   "the seeds, the band one standard deviation to either side.",
        .alt = "The loss starts near 0.1, stays on a plateau, then falls "
               "slowly and is still falling when the epoch ends.",
        .settings = "ymin=0" }), "loss", r, NULL);
    report_scores("A first network, judged on the 10,000 test images.",
                  r, NULL);
    report_value("mlp.best", "%.1f", 100 * (r->accuracy.mean + r->accuracy.sd));
    report_value("mlp.worst", "%.1f",
                 100 * (r->accuracy.mean - r->accuracy.sd));
    report_claim(r->accuracy.mean > 0.6 && r->accuracy.mean < 0.75,
                 "The first network reads roughly two of three test digits, "
                 "between 60 and 75 %%: %.1f %%.", 100 * r->accuracy.mean);
}

/*%
It learns. The loss begins near 0.09, which is what you get by answering 0.1 to everything, whatever the image: one output
misses by 0.9, nine by 0.1. For a while it does little more than that; then it finds something.

The seeds differ: most runs lie between {{mlp.worst}} and {{mlp.best}} %. Remember this spread. If somebody shows you *one* run that is
a point better than another, ask for the other nine.

Judging the result is the same forward pass, without learning, over images that took no part in training:

@show lib/nn/metrics.c evaluate largest_of

<details><summary>Room for the predictions</summary>

@show lib/nn/metrics.c predictions_create predictions_free

</details>

## What does it confuse?

One number hides a lot. A **confusion matrix** shows, for every true digit (row), how often each answer (column) was given.

@show lib/nn/metrics.c confusion_matrix
*/
static void confuse(void)
{
    const Result *r = train_or_recall(&mlp);
    Predictions p = run_predictions(&r->run[0]);
    int count[CLASSES][CLASSES], truth = 0, answer = 1, weakest = 0;

    confusion_matrix(count, &p);
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
        .caption = "Confusion matrix of the first run (seed 1). The colour "
                   "scale ends at 150, so that the errors show.",
        .alt = "A ten by ten table of counts; most lie on the diagonal, the "
               "errors gather in a few cells.",
        .settings = "cap=150" }), count);
    report_value("truth", "%d", truth);
    report_value("answer", "%d", answer);
    report_value("times", "%d", count[truth][answer]);
    report_value("weakest", "%d", weakest);
    report_value("weakest.right", "%d", count[weakest][weakest]);
    predictions_free(&p);
}

/*%
The errors are not spread evenly. In this run {{times}} images of a {{truth}} were taken for a {{answer}}, and of the digit {{weakest}} only
{{weakest.right}} images were recognised at all. Why those?

## Watch it learn

We can look while it happens. The training is stopped after 5,000 images, after 10,000, and so on, and each time the network answers for 5,000 images that took no part in it.
(The test images are for the end, so these come out of the training set. Shuffling is off, so that all eleven trainings see the same images in the same order.)
*/
static const Sweep while_learning = {
    .base  = &mlp,
    .set   = "train.shuffle=no; train.validation=5000",
    .vary  = { "train.images=5000|10000|15000|20000|25000|30000|35000|40000|"
               "45000|50000|55000" },
    .seeds = 1,
};

/* How many of the ten digits are the answer to at least one image in 100. */
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
    int count[CLASSES][CLASSES], used[MAX_VALUES];

    FILE *f = report_figure(.kind = "learning", .name = "learning",
        .x = "images seen",
        .caption = "The first network at eleven moments of its training (seed "
                   "1, 5,000 images held out): the right answers so far, and "
                   "what it answers for each true digit.",
        .alt = "A curve that stays near ten percent for a third of the epoch "
               "and then rises in steps; beside it the confusion matrix, "
               "whose columns fill one after the other.");
    fprintf(f, "frame\timages\ttruth\tprediction\tcount\n");
    for (int k = 0; k < p->n; k++) {
        const Result *r = p->result[k];
        const int images = r->experiment.train.images;
        Predictions answers = run_predictions(&r->run[0]);
        confusion_matrix(count, &answers);
        used[k] = digits_used(count);
        for (int i = 0; i < CLASSES; i++)
            for (int j = 0; j < CLASSES; j++)
                fprintf(f, "%s images\t%d\t%d\t%d\t%d\n", thousands(images),
                        images, i, j, count[i][j]);
        predictions_free(&answers);
    }
    report_value("used.first", "%d", used[0]);
    report_value("used.last", "%d", used[p->n - 1]);
    report_claim(used[0] < used[p->n - 1],
                 "The network begins with fewer answers than it ends with: "
                 "of the ten digits it uses %d after %s images, %d at the "
                 "end.", used[0],
                 thousands(p->result[0]->experiment.train.images),
                 used[p->n - 1]);
}

/*%
At first it says the same to nearly everything. All ten outputs have settled near 0.1, and the digit whose output happens to lie a hair above the others wins: {{used.first}}
of ten digits is given to at least one image in a hundred. Which digit that is changes from one moment to the next; the curve does not move. Then a second column appears, and
a third. Whenever the curve takes a step upwards, the network has learned to tell one more digit from the rest. When the epoch ends, {{used.last}} of the ten are in use. So the digits
that it reads worst are not misread for some reason in their shape alone: their turn has not come.

What slows it down? There are three suspects, and the next chapters take them one at a time: the outputs, which do not know
that they compete (chapter 3); the sigmoids, whose slopes are small (chapter 4); and the single-image steps (chapter 5).

## Try it

For each exercise, write down a number before you open the answer. Being wrong on paper is how one learns what networks do.
You can make each of these changes in `chapters/02-mlp.c` yourself, and say `make book CHAPTER=02`.
*/
// fold: the exercises with their answers
static const Exercise exercises[] = {
    { .base = &mlp, .set = "train.sorted=yes; train.shuffle=no",
      .outcome = WORSE,
      .question = "Sort the training images, all zeros first, then all ones, "
                  "up to the nines, and do not shuffle. The network sees the "
                  "same images.",
      .answer = "It has forgotten everything but what it saw last. For the "
                "final thousands of steps the right answer was always "
                "*nine*, so it learned to say *nine*, whatever the image. Of "
                "the test images 10.09 % are nines. Shuffling is not a "
                "detail." },
    { .base = &mlp, .set = "optimiser.learning_rate=1",
      .outcome = BETTER,
      .question = "Make the learning rate ten times as large.",
      .answer = "The mean squared error over ten outputs of which nine "
                "should be 0 has small gradients, and the sigmoids make them "
                "smaller still. The rate of 0.1 was timid; the network could "
                "stand far larger steps." },
    { .base = &mlp,
      .set = "layers=dense 32, sigmoid, dense 10, sigmoid",
      .outcome = BETTER,
      .question = "Take out the second hidden layer. Fewer weights: better "
                  "or worse?",
      .answer = "Depth can help, but here every further sigmoid divides the "
                "gradient that reaches the first layer by at least four. "
                "After one epoch the shallower network is ahead. Chapter 4 "
                "removes the obstacle." },
};
// end fold

static void try_it(void)
{
    report_exercises(exercises);
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
    RUN(confuse);
    RUN(watch_it_learn);
    RUN(try_it);
    return chapter_close();
}
// end fold
