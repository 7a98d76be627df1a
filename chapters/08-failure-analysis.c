/* SPDX-License-Identifier: MIT */
/*%
# Failure analysis

The small convolutional network of chapter 7, in its first run, makes {{errors}} mistakes on {{images}} test images. Which ones? In this
chapter we look at them. A number tells you how often a network is wrong; only looking tells you how, and whether you would have done
better yourself.

**Builds on** all chapters before. **You will meet** a committee of networks, images on which people disagree, a confusion matrix that
shows only confusion, and precision and recall.
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "chapter/chapter.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "runs/confusion.h"

/*%
## From chapter to chapter

First, the road so far. Nothing is trained in this chapter; all runs are recalled from disk.
*/
static double mean_errors(const Result *r)
{
    return digits()->test.n * (1 - r->accuracy.mean);
}

static void the_road(void)
{
    // fold: printing the table
    static const char *const road[][2] = {
        { "mlp", "a first network" },
        { "softmax", "outputs that compete" },
        { "relu", "ReLU in the hidden layers" },
        { "minibatch", "batches of 16, ten epochs" },
        { "rmsprop", "a step length for each weight" },
        { "rmsprop-ce", "cross-entropy" },
        { "cnn-small", "convolution" },
        { "cnn-32-64", "more weights, dropout" },
    };
    report_table("The networks along the way, on the {{images}} test images.",
                 "Experiment | New in it | Test accuracy, % | Errors | Weights "
                 "and biases | Seeds");
    for (size_t i = 0; i < sizeof road / sizeof road[0]; i++) {
        const Result *r = recall(road[i][0]);
        char spread[32] = "";
        if (r->runs > 1)
            snprintf(spread, sizeof spread, " ± %.2f", 100 * r->accuracy.sd);
        report_row("%s | %s | %.2f%s | %s | %s | %d", road[i][0], road[i][1],
                   100 * r->accuracy.mean, spread,
                   thousands(lround(mean_errors(r))),
                   thousands((long)r->parameters), r->runs);
    }
    report_value("images", "%s", thousands(digits()->test.n));
    report_value("mlp.errors", "%s",
                 thousands(lround(mean_errors(recall("mlp")))));
    report_value("cnn-small.errors", "%.0f", mean_errors(recall("cnn-small")));
    // end fold
}

/*%
We shall look at the small convolutional network. Its mistakes are few enough to be looked at one by one, and it was trained {{seeds}} times: that
lets us tell an image that is *hard* from one that a particular run happened to miss. So we take the answers of all its runs, and count
for every image how many of them miss it.
*/
typedef struct Runs {
    int n;
    Predictions *of;       /* (n) */
    int *misses;           /* for each image: how many of the runs miss it */
} Runs;

static bool wrong(const Predictions *p, int i)
{
    return p->predicted[i] != p->label[i];
}

static Runs runs_of(const char *name)
{
    const Result *r = recall(name);
    Runs all = { .n = r->runs };

    all.of = allocate(all.n, sizeof *all.of);
    all.misses = allocate(digits()->test.n, sizeof *all.misses);
    for (int k = 0; k < all.n; k++) {
        all.of[k] = run_predictions(&r->run[k]);
        for (int i = 0; i < all.of[k].n; i++)
            all.misses[i] += wrong(&all.of[k], i);
    }
    return all;
}

static void runs_free(Runs *all)
{
    for (int k = 0; k < all->n; k++)
        predictions_free(&all->of[k]);
    free(all->of);
    free(all->misses);
}

/*%
## The gallery

Here they are: the errors of the first run, at most ten of each digit. Below each image stands the true digit, then what the network took it for,
then in how many of the {{seeds}} runs the image is missed. On a screen, point at an image to see its ten probabilities.
*/
// fold: what an image says when pointed at
/* Its probabilities, as a small bar chart in letters. */
static char *opinion(const Predictions *p, int i)
{
    enum { FULL = 12 };
    Text t = { 0 };

    text_add(&t, "test image %d, label %d", i, p->label[i]);
    for (int j = 0; j < CLASSES; j++) {
        const double probability = (double)p->output[i * CLASSES + j];
        text_add(&t, "\\n%d %.3f ", j, probability);
        for (int k = 0; k < (int)(FULL * probability + 0.5); k++)
            text_add(&t, "█");
    }
    return t.s;
}
// end fold

static void gallery(void)
{
    Runs all = runs_of("cnn-small");
    const Predictions *first = &all.of[0];
    int errors = 0, sometimes = 0, always = 0;

    for (int i = 0; i < first->n; i++) {
        errors += wrong(first, i);
        sometimes += all.misses[i] > 0;
        always += all.misses[i] == all.n;
    }
    // fold: hanging the pictures
    enum { PER_DIGIT = 10, MOST = CLASSES * PER_DIGIT };
    static float pixels[MOST * PIXELS];
    static char label[MOST][32];
    static char *told[MOST];
    int rows = 0, pictures = 0;

    for (int j = 0; j < MOST * PIXELS; j++)
        pixels[j] = NAN;
    for (int digit = 0; digit < CLASSES; digit++) {
        int shown = 0;
        for (int i = 0; i < first->n && shown < PER_DIGIT; i++) {
            if (first->label[i] != digit || !wrong(first, i))
                continue;
            const uint8_t *image = digits()->test.pixels + (size_t)i * PIXELS;
            const int at = rows * PER_DIGIT + shown++;
            for (int j = 0; j < PIXELS; j++)
                pixels[at * PIXELS + j] = image[j];
            snprintf(label[at], sizeof label[at], "!%d→%d %d/%d", digit,
                     first->predicted[i], all.misses[i], all.n);
            told[at] = opinion(first, i);
        }
        rows += shown > 0;
        pictures += shown;
    }
    const int n = (rows > 0 ? rows : 1) * PER_DIGIT;
    report_value("pictures", "%d", pictures);
    report_sheet(((Figure){
        .name = "gallery",
        .caption = "{{pictures}} of the {{errors}} test images that the first "
                   "run of the small convolutional network gets wrong, at most "
                   "ten of each digit. Below each: the digit, the answer, and "
                   "how many of the runs miss the image.",
        .alt = "Rows of misread digits, sorted by what they are; many are "
               "cramped, broken or missing a stroke." }),
        &((Sheet){ .n = n, .rows = ROWS, .columns = COLUMNS,
                   .across = PER_DIGIT, .pixels = pixels,
                   .label = (const char (*)[32])label, .told = told }));
    for (int at = 0; at < n; at++)
        free(told[at]);
    report_value("seeds", "%d", all.n);
    report_value("errors", "%d", errors);
    report_value("sometimes", "%d", sometimes);
    report_value("always", "%d", always);
    // end fold
    report_claim(always < sometimes / 2,
                 "Fewer than half of the images that any run misses are "
                 "missed by all: %d of %d.", always, sometimes);
    runs_free(&all);
}

/*%
Read a few of them yourself. You will find some that you would have read at once, and some where, without being told, you would have liked to ask
the writer. Of all {{sometimes}} images that at least one run misses, only {{always}} are missed by every one. Those are the hard ones. Each of
the others is read correctly by at least one of our networks. Can we have the right opinion without knowing whose it is?

## A committee

Let the runs vote. The answer is the digit that most of them say; where two digits have equally many votes, their probabilities decide,
summed over the runs.
*/
static int vote(const Runs *all, int image)
{
    int votes[CLASSES] = { 0 }, winner = 0;
    double sum[CLASSES] = { 0 };

    for (int k = 0; k < all->n; k++) {
        const Predictions *p = &all->of[k];
        votes[p->predicted[image]]++;
        for (int d = 0; d < CLASSES; d++)
            sum[d] += (double)p->output[image * CLASSES + d];
    }
    for (int d = 1; d < CLASSES; d++)
        if (votes[d] > votes[winner]
            || (votes[d] == votes[winner] && sum[d] > sum[winner]))
            winner = d;
    return winner;
}

static void committee(void)
{
    Runs all = runs_of("cnn-small");
    const Dataset *test = &digits()->test;
    const double mean = mean_errors(recall("cnn-small"));
    int fewest = test->n, errors = 0;

    for (int k = 0; k < all.n; k++) {
        int own = 0;
        for (int i = 0; i < test->n; i++)
            own += wrong(&all.of[k], i);
        if (own < fewest)
            fewest = own;
        report_print("run %-6d %5d errors\n", k + 1, own);
    }
    for (int i = 0; i < test->n; i++)
        errors += vote(&all, i) != test->labels[i];
    report_print("committee  %5d errors\n", errors);
    report_value("committee", "%d", errors);
    report_value("fewest", "%d", fewest);
    report_claim(errors < mean,
                 "The committee makes fewer errors than its members on "
                 "average: %d against %.1f.", errors, mean);
    runs_free(&all);
}

/*%
The best member by itself makes {{fewest}} errors, the committee {{committee}}, and none of the networks has learned anything new. An image is
read correctly as soon as more than half of the runs read it correctly: the slip of one is outvoted by the others, unless they slip on the same
image. So the vote takes away most of the bad luck and keeps what is hard. The {{always}} images that every run misses are among its errors, for
there nobody speaks up for the truth. The price is plain: there are {{seeds}} networks to train instead of one, and {{seeds}} to ask.

## The most certain mistakes

An error with a probability of 0.4 is a shrug. An error with 0.99 is a conviction. These are the strongest convictions of the first run.
*/
/* C. Northcutt, A. Athalye and J. Mueller, "Pervasive Label Errors in Test Sets
 * Destabilize Machine Learning Benchmarks", 2021, mturk/mnist_mturk.json at
 * github.com/cleanlab/label-errors: of five people, fewer than three chose the
 * label of these images of the MNIST test set. */
static const int disputed[] = { 947, 1621, 1901, 2130, 2462, 2597, 2654, 3520,
                                3558, 5937, 6651, 6783, 8527, 9679, 9729 };
enum { DISPUTED = sizeof disputed / sizeof disputed[0] };

static bool is_disputed(int image)
{
    for (int k = 0; k < DISPUTED; k++)
        if (disputed[k] == image)
            return !digits()->synthetic;
    return false;
}

// fold: certainty, and the second choice
/* The probability of the answer to image i. */
static double certainty(const Predictions *p, int i)
{
    return (double)p->output[i * CLASSES + p->predicted[i]];
}

/* The second largest of ten outputs. */
static int second_of(const float *y)
{
    const int best = largest_of(y);
    int second = best == 0;

    for (int j = 0; j < CLASSES; j++)
        if (j != best && y[j] > y[second])
            second = j;
    return second;
}
// end fold

static void most_certain(void)
{
    Runs all = runs_of("cnn-small");
    const Predictions *first = &all.of[0];
    int contradicted = 0, by_all = 0;

    for (int i = 0; i < first->n; i++)
        if (is_disputed(i)) {
            contradicted += wrong(first, i);
            by_all += all.misses[i] == all.n;
        }
    // fold: printing the table
    enum { LISTED = 10 };
    bool *listed = allocate(first->n, sizeof *listed);

    report_table("The ten wrong answers with the highest probability. "
                 "Disputed: fewer than three of five people chose the label "
                 "(Northcutt, Athalye and Mueller, 2021).",
                 "Test image | Label | Answer | Probability | Second choice | "
                 "Its probability | Disputed");
    for (int k = 0; k < LISTED; k++) {
        int worst = -1;
        for (int i = 0; i < first->n; i++)
            if (wrong(first, i) && !listed[i]
                && (worst < 0 || certainty(first, i) > certainty(first, worst)))
                worst = i;
        if (worst < 0)
            break;
        const float *y = first->output + worst * CLASSES;
        const int second = second_of(y);
        listed[worst] = true;
        report_row("%d | %d | %d | %.3f | %d | %.3f | %s", worst,
                   first->label[worst], first->predicted[worst],
                   certainty(first, worst), second, (double)y[second],
                   is_disputed(worst) ? "yes" : "");
    }
    free(listed);
    report_value("disputed", "%d", DISPUTED);
    report_value("disputed.errors", "%d", contradicted);
    report_value("disputed.always", "%d", by_all);
    runs_free(&all);
    // end fold
}

/*%
Need all of these be the network's fault? A label can be wrong, too. In 2021 Curtis Northcutt, Anish Athalye and Jonas Mueller let a program pick
out a hundred images of the MNIST test set whose labels looked doubtful, and showed each to five people. For {{disputed}} of them fewer than three
of the five chose the label: these we call disputed. Our first run contradicts the label on {{disputed.errors}} of those, and of the {{always}}
images that every run misses {{disputed.always}} are disputed. On the rest of the hundred most of the five sided with the label; where the network
contradicts *them*, the mistake is its own.

A classifier that got all {{images}} right would have to share the mistakes of whoever wrote the labels down.

## Only the confusion

In the confusion matrix of a good network there is nothing to see but the diagonal. Blank it out, and the structure of the errors appears. We add up
the matrices of all runs.
*/
static void add_up(int total[CLASSES][CLASSES], const char *name)
{
    Runs all = runs_of(name);

    memset(total, 0, CLASSES * sizeof total[0]);
    for (int k = 0; k < all.n; k++) {
        int count[CLASSES][CLASSES];
        confusion_matrix(count, &all.of[k]);
        for (int i = 0; i < CLASSES; i++)
            for (int j = 0; j < CLASSES; j++)
                total[i][j] += count[i][j];
    }
    runs_free(&all);
}

static void only_confusion(void)
{
    int count[CLASSES][CLASSES];

    add_up(count, "cnn-small");
    // fold: drawing the matrix
    int truth = 0, answer = 1;
    char settings[64];

    for (int i = 0; i < CLASSES; i++)
        for (int j = 0; j < CLASSES; j++)
            if (i != j && count[i][j] > count[truth][answer]) {
                truth = i;
                answer = j;
            }
    snprintf(settings, sizeof settings, "nodiagonal=1; cap=%d",
             count[truth][answer] > 0 ? count[truth][answer] : 1);
    report_value("truth", "%d", truth);
    report_value("answer", "%d", answer);
    report_confusion(((Figure){
        .name = "confusion", .x = "the network says", .y = "it is",
        .caption = "Errors of the small convolutional network, all runs added "
                   "up; the right answers are left out.",
        .alt = "A ten by ten table of errors, its diagonal blank. Most cells "
               "are pale, a few are red; the reddest is {{truth}} taken for "
               "{{answer}}.",
        .settings = settings }), count);
    // end fold
    for (int k = 0; k < 5; k++) {
        int a = 0, b = 1;
        for (int i = 0; i < CLASSES; i++)
            for (int j = i + 1; j < CLASSES; j++)
                if (count[i][j] + count[j][i] > count[a][b] + count[b][a]) {
                    a = i;
                    b = j;
                }
        const int ab = count[a][b], ba = count[b][a];
        if (ab + ba == 0)
            break;
        report_print("%d and %d: %3d times   %d taken for %d: %3d   "
                     "%d taken for %d: %3d\n",
                     a, b, ab + ba, a, b, ab, b, a, ba);
        count[a][b] = count[b][a] = 0;       /* now the next pair */
    }
}

/*%
Counted as pairs, both ways, these are the most frequent confusions. Compare with the mean digits of chapter 1: the pairs at the head of the list
are pairs that share many of their strokes. Which way round they are confused is another matter; look at the two numbers.

## Two kinds of being wrong

Suppose the digits are the amounts on cheques. For the digit 7 there are two questions. When the network says *seven*, how often is it right? That is
**precision**. And of all sevens, how many does it find? That is **recall**. A network that says *seven* to everything has a recall of 1 and a
precision of {{seven.precision}}. Their harmonic mean,

```math
F_1 = \frac{2 \, \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}} ,
```

is never more than twice the smaller of the two, whatever the other; for the network that always says *seven* it is {{seven.f1}}. Neither
can be bought with the other.

@show lib/runs/confusion.h ClassScore

@show lib/runs/confusion.c class_score

Each of the ten digits has its own scores. For a single number we take their mean, in one of two ways:
*/
static void add_share(ClassScore *mean, double share, ClassScore s)
{
    mean->precision += share * s.precision;
    mean->recall += share * s.recall;
    mean->f1 += share * s.f1;
}

static void scores_per_digit(void)
{
    int count[CLASSES][CLASSES], all = 0, weakest = 0;
    ClassScore score[CLASSES], macro = { 0 }, weighted = { 0 };

    add_up(count, "cnn-small");
    for (int d = 0; d < CLASSES; d++) {
        score[d] = class_score(count, d);
        all += score[d].support;
        if (score[d].f1 < score[weakest].f1)
            weakest = d;
    }
    for (int d = 0; d < CLASSES; d++) {
        add_share(&macro, 1.0 / CLASSES, score[d]);
        add_share(&weighted, (double)score[d].support / all, score[d]);
    }
    // fold: printing the table
    const int runs = recall("cnn-small")->runs;
    report_table("How well each digit is read, over all runs.",
                 "Digit | Precision | Recall | F1 | Images");
    for (int d = 0; d < CLASSES; d++)
        report_row("%d | %.4f | %.4f | %.4f | %s", d, score[d].precision,
                   score[d].recall, score[d].f1,
                   thousands(score[d].support / runs));
    report_row("macro average | %.4f | %.4f | %.4f | %s", macro.precision,
               macro.recall, macro.f1, thousands(all / runs));
    report_row("weighted average | %.4f | %.4f | %.4f | %s", weighted.precision,
               weighted.recall, weighted.f1, thousands(all / runs));
    const double sevens = (double)score[7].support / all;
    report_value("seven.precision", "%.2f", sevens);
    report_value("seven.f1", "%.2f", 2 * sevens / (1 + sevens));
    report_value("weakest", "%d", weakest);
    report_value("weakest.f1", "%.4f", score[weakest].f1);
    // end fold
}

/*%
The *macro* average counts every digit the same, the *weighted* average every image. (The weighted recall is just the accuracy.) Where the classes
are as even as here they hardly differ; where one class is rare, the macro average is the one that notices that it is neglected. The weakest digit
is the {{weakest}}, with an F1 of {{weakest.f1}}.

## Right and wrong, by digit

Now recall again, but as plain counts, and beside that of the dense network of chapter 6: of all images of a digit, over all runs, how many were misread?
*/
static void right_and_wrong(void)
{
    static const char *const names[] = { "rmsprop-ce", "cnn-small" };
    int count[2][CLASSES][CLASSES], better = 0, closest = 0;
    double rate[2][CLASSES];

    for (int k = 0; k < 2; k++) {
        add_up(count[k], names[k]);
        for (int d = 0; d < CLASSES; d++)
            rate[k][d] = 1000 * (1 - class_score(count[k], d).recall);
    }
    for (int d = 0; d < CLASSES; d++) {
        better += rate[1][d] < rate[0][d];
        if (rate[0][d] - rate[1][d] < rate[0][closest] - rate[1][closest])
            closest = d;
    }
    // fold: drawing the bars and printing the counts
    FILE *f = report_figure(.kind = "bars", .name = "wrong", .x = "true digit",
        .y = "wrong answers per 1,000 images",
        .caption = "Errors by digit: the dense network of chapter 6 and the "
                   "convolutional one of chapter 7.",
        .alt = "Two bars for each digit, the errors of the dense network and "
               "the lower ones of the convolutional network.",
        .settings = "ymin=0");
    fprintf(f, "category\tseries\tvalue\n");
    for (int k = 0; k < 2; k++)
        for (int d = 0; d < CLASSES; d++)
            fprintf(f, "%d\t%s\t%.2f\n", d, names[k], rate[k][d]);
    report_table("The small convolutional network, all runs together.",
                 "True digit | Right | Wrong | Wrong per 1,000");
    for (int d = 0; d < CLASSES; d++) {
        const int right = count[1][d][d];
        report_row("%d | %s | %s | %.1f", d, thousands(right),
                   thousands(class_score(count[1], d).support - right),
                   rate[1][d]);
    }
    // end fold
    report_claim(better == CLASSES,
                 "Convolution makes fewer errors than the dense network on "
                 "every one of the ten digits, even on the %d, where the two "
                 "are closest: %.1f against %.1f per 1,000 images.", closest,
                 rate[1][closest], rate[0][closest]);
}

/*%
## Try it

1. Write a step that shows thirty of the {{sometimes}} images in random order and without labels. Write down what *you* read, then compare. Are
   you better than the networks on the images where at least one of them went wrong?
2. In our committee a shrug has as much weight as a conviction. Change `vote` so that the sum of the probabilities alone decides: does the committee get
   better? And how many errors are left to a committee of two, of three, of four? Try all the ways to choose them.
3. Which of the confusions listed above would do the most harm on a cheque, and which way round? Give each confusion a cost in money and find the
   network with the cheapest errors.

## What to remember

- Look at the errors, one by one. No average replaces it.
- Train more than once: it tells hard images from unlucky runs, and a committee of the runs reads better than its members do on average.
- Precision asks whether an answer can be trusted, recall whether anything was missed.

## Looking back

The first network of this book misread {{mlp.errors}} of {{images}} digits, on average over its runs. The one of this chapter misreads
{{cnn-small.errors}}, and a committee of its runs {{committee}}. Nothing on the way was magic: outputs that compete, a loss that does not spare
the confident mistake, a unit that lets the gradient through, many images in a step, a step length for each weight, weights that mean the same
wherever they stand. Each is a few lines of C that tell the network something true or take something out of its way, and each was measured, over
several runs, before it was believed. What is left is partly bad luck, partly bad handwriting, and now and then a truth on which people disagree.
Which of these a mistake is, no number says. One has to look.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv);
    RUN(the_road);
    RUN(gallery);
    RUN(committee);
    RUN(most_certain);
    RUN(only_confusion);
    RUN(scores_per_digit);
    RUN(right_and_wrong);
    return chapter_close();
}
// end fold
