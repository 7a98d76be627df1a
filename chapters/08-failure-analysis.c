/* SPDX-License-Identifier: MIT */
/*%
# Failure analysis

Our best network so far makes {{errors}} mistakes on 10,000 test images. Which ones? In this chapter we look at them. A
number tells you how often a network is wrong; only looking tells you how, and whether you would have done better yourself.

**Builds on** all chapters before. **You will meet** precision and recall, a confusion matrix that shows only confusion, and images on which
people disagree.
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "book/chapter.h"
#include "book/report.h"
#include "nn/metrics.h"

/*%
## From chapter to chapter

First, the road so far. Nothing is trained in this chapter; all runs are recalled from the store.
*/
static void the_road(void)
{
    report_table("Every chapter's network on the 10,000 test images.",
                 "Experiment | New in it | Test accuracy, % | Errors | Weights "
                 "| Seeds");
    static const char *const road[][2] = {
        { "mlp", "a first network" }, { "softmax", "softmax" },
        { "relu", "ReLU" },
        { "minibatch", "batches of 16, ten epochs" }, { "rmsprop", "RMSprop" },
        { "rmsprop-ce", "cross-entropy" }, { "cnn-small", "convolution" },
        { "cnn-32-64", "thirty times the weights, dropout" },
    };
    for (size_t i = 0; i < sizeof road / sizeof road[0]; i++) {
        const Result *r = recall(road[i][0]);
        char spread[32] = "";
        if (r->runs > 1)
            snprintf(spread, sizeof spread, " ± %.2f", 100 * r->accuracy.sd);
        report_row("%s | %s | %.2f%s | %.0f | %zu | %d", road[i][0], road[i][1],
                   100 * r->accuracy.mean, spread,
                   digits()->test.n * (1 - r->accuracy.mean), r->parameters,
                   r->runs);
    }
}

/*%
We shall look at the small convolutional network, because it was trained {{seeds}} times: that lets us tell an image that is *hard* from one that a
particular run happened to miss.

## The gallery

Here they are: the errors of the first run, a row for each true digit, at most ten in a row. Below each image stands what the network took it for, and in how many of
the {{seeds}} runs the image was missed.
*/
enum { PER_DIGIT = 10, MAX_RUNS = 16 };

/* How many of the runs miss each test image. */
static void count_misses(int *misses, const Predictions *p, int runs)
{
    for (int k = 0; k < runs; k++)
        for (int i = 0; i < p[k].n; i++)
            misses[i] += p[k].predicted[i] != p[k].label[i];
}

/* What the network makes of image i: its probabilities, as a small bar chart in
 * letters. */
static char *opinion(const Predictions *p, int i)
{
    enum { FULL = 12 };
    Text t = { 0 };

    text_add(&t, "test image %d, a %d", i, p->label[i]);
    for (int j = 0; j < CLASSES; j++) {
        const double probability = (double)p->output[i * CLASSES + j];
        text_add(&t, "\\n%d %.3f ", j, probability);
        for (int k = 0; k < (int)(FULL * probability + 0.5); k++)
            text_add(&t, "█");
    }
    return t.s;
}

static void gallery(void)
{
    const Result *r = recall("cnn-small");
    const Dataset *test = &digits()->test;
    const int runs = r->runs < MAX_RUNS ? r->runs : MAX_RUNS;
    int *misses = allocate(test->n, sizeof *misses), shown[CLASSES] = { 0 };
    int always = 0, sometimes = 0, errors = 0;
    Predictions p[MAX_RUNS];

    for (int k = 0; k < runs; k++)
        p[k] = run_predictions(&r->run[k]);
    count_misses(misses, p, runs);

    static float pixels[CLASSES * PER_DIGIT * PIXELS];
    static char label[CLASSES * PER_DIGIT][32];
    static char *told[CLASSES * PER_DIGIT];
    for (int i = 0; i < CLASSES * PER_DIGIT * PIXELS; i++)
        pixels[i] = NAN;
    for (int i = 0; i < test->n; i++) {
        const int truth = test->labels[i];
        always += misses[i] == runs;
        sometimes += misses[i] > 0;
        errors += p[0].predicted[i] != truth;
        if (p[0].predicted[i] == truth || shown[truth] == PER_DIGIT)
            continue;
        const int at = truth * PER_DIGIT + shown[truth]++;
        for (int j = 0; j < PIXELS; j++)
            pixels[at * PIXELS + j] = test->pixels[(size_t)i * PIXELS + j];
        snprintf(label[at], sizeof label[at], "!%d (%d/%d)", p[0].predicted[i],
                 misses[i], runs);
        told[at] = opinion(&p[0], i);
    }
    report_sheet(((Figure){
        .name = "gallery",
        .caption = "Test images that the first run of the small convolutional "
                   "network gets wrong. Rows: the true digits 0 to 9. Below "
                   "each image its answer, and in how many runs the image was "
                   "missed.",
        .alt = "Ten rows of misread digits; many are smeared, cut off or "
               "ambiguous." }),
        &((Sheet){ .n = CLASSES * PER_DIGIT, .rows = ROWS, .columns = COLUMNS,
                   .across = PER_DIGIT, .pixels = pixels,
                   .label = (const char (*)[32])label, .told = told }));
    for (int k = 0; k < CLASSES * PER_DIGIT; k++)
        free(told[k]);
    report_value("errors", "%d", errors);
    report_value("seeds", "%d", runs);
    report_value("always", "%d", always);
    report_value("sometimes", "%d", sometimes);
    report_claim(always < sometimes / 2,
                 "Fewer than half of the images that any run misses are "
                 "missed by all: %d of %d.", always, sometimes);
    for (int k = 0; k < runs; k++)
        predictions_free(&p[k]);
    free(misses);
}

/*%
Cover the answers with your hand and read the images yourself. You will find some that you would have read at once, and some where you would have liked to ask
the writer. Of all {{sometimes}} images that at least one run misses, only {{always}} are missed by every one. Those are the hard ones; the others are,
in part, bad luck, and a committee of networks would get many of them right.

## The most certain mistakes

An error with a probability of 0.4 is a shrug. An error with 0.99 is a conviction. These are the strongest convictions of the first run.
*/
enum { LISTED = 10 };

/* Five people judged the errors of good classifiers. On these test images they
 * could not agree, or agreed that the label is wrong. */
static const int disputed[] = { 947, 1621, 1901, 2462, 2597, 3558, 5937, 6651,
                                6783, 9729,
                                2654, 3520, 9679, 2130, 8527 };
enum { DISPUTED = sizeof disputed / sizeof disputed[0] };

static bool is_disputed(int image)
{
    for (int k = 0; k < DISPUTED; k++)
        if (disputed[k] == image)
            return true;
    return false;
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

/* The probability of the answer to image i. */
static double certainty(const Predictions *p, int i)
{
    return (double)p->output[i * CLASSES + p->predicted[i]];
}

static void most_certain(void)
{
    Predictions p = run_predictions(&recall("cnn-small")->run[0]);
    bool *listed = allocate(p.n, sizeof *listed);
    int contradicted = 0;

    report_table("The ten wrong answers with the highest probability. "
                 "Disputed: human raters did not confirm the label.",
                 "Test image | Label | Answer | Probability | Second | "
                 "Probability of it | Disputed");
    for (int k = 0; k < LISTED; k++) {
        int worst = -1;
        for (int i = 0; i < p.n; i++)
            if (p.predicted[i] != p.label[i] && !listed[i]
                && (worst < 0 || certainty(&p, i) > certainty(&p, worst)))
                worst = i;
        if (worst < 0)
            break;
        const float *y = p.output + worst * CLASSES;
        const int second = second_of(y);
        const bool known = is_disputed(worst) && !digits()->synthetic;
        listed[worst] = true;
        report_row("%d | %d | %d | %.3f | %d | %.3f | %s", worst,
                   p.label[worst], p.predicted[worst], certainty(&p, worst),
                   second, (double)y[second], known ? "yes" : "");
    }
    for (int k = 0; k < DISPUTED; k++)
        if (disputed[k] < p.n)
            contradicted += p.predicted[disputed[k]] != p.label[disputed[k]];
    report_value("disputed", "%d", DISPUTED);
    report_value("disputed.errors", "%d", contradicted);
    free(listed);
    predictions_free(&p);
}

/*%
Some of these are the network's fault, and some the label's. Five people were once asked to judge images on which good classifiers fail; on {{disputed}} of the
test images they could not confirm the label. Our network contradicts the label on {{disputed.errors}} of those. A classifier that got all
10,000 right would have to share the mistakes of whoever wrote the labels down.

## Only the confusion

The confusion matrix of a good network is a diagonal and nothing else to see. Blank the diagonal out, and the structure of the errors appears. We add up
the matrices of all runs.
*/
static void add_up(int total[CLASSES][CLASSES], const Result *r)
{
    memset(total, 0, CLASSES * sizeof total[0]);
    for (int k = 0; k < r->runs; k++) {
        int count[CLASSES][CLASSES];
        Predictions p = run_predictions(&r->run[k]);
        confusion_matrix(count, &p);
        for (int i = 0; i < CLASSES; i++)
            for (int j = 0; j < CLASSES; j++)
                total[i][j] += count[i][j];
        predictions_free(&p);
    }
}

static void only_confusion(void)
{
    int count[CLASSES][CLASSES], pairs[3][2] = { { 0 } };

    add_up(count, recall("cnn-small"));
    report_confusion(((Figure){
        .name = "confusion", .x = "the network says", .y = "it is",
        .caption = "Errors of the small convolutional network, all runs added "
                   "up; the right answers are left out.",
        .alt = "A ten by ten table without its diagonal; a few pairs stand "
               "out.",
        .settings = "nodiagonal=1; cap=60" }), count);

    bool taken[CLASSES][CLASSES] = { { false } };
    for (int k = 0; k < 3; k++) {
        int a = 0, b = 1;
        for (int i = 0; i < CLASSES; i++)
            for (int j = 0; j < CLASSES; j++)
                if (i != j && !taken[i][j]
                    && (taken[a][b] || count[i][j] > count[a][b])) {
                    a = i;
                    b = j;
                }
        taken[a][b] = true;
        pairs[k][0] = a;
        pairs[k][1] = b;
    }
    report_print("most frequent confusions, all runs:\n");
    for (int k = 0; k < 3; k++)
        report_print("  %d taken for %d: %d times\n", pairs[k][0], pairs[k][1],
                     count[pairs[k][0]][pairs[k][1]]);
}

/*%
Compare with the mean digits of chapter 1. The pairs that a network confuses are the pairs that share their strokes.

## Two kinds of being wrong

Suppose the digits are the amounts on cheques. For the digit 7 there are two questions: when the network says seven, how often is it one? That is
**precision**. And of all sevens, how many does it find? That is **recall**. A network that says seven to everything has a recall of 1 and a
precision of 0.1. Their harmonic mean,

```math
F_1 = \frac{2 \, \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}} ,
```

is near the smaller of the two, so neither can be bought with the other.

@show lib/nn/metrics.c class_score
*/
static void scores_per_digit(void)
{
    const Result *r = recall("cnn-small");
    int count[CLASSES][CLASSES], all = 0, weakest = 0;
    ClassScore score[CLASSES], macro = { 0 }, weighted = { 0 };

    add_up(count, r);
    for (int d = 0; d < CLASSES; d++) {
        score[d] = class_score(count, d);
        all += score[d].support;
        if (score[d].f1 < score[weakest].f1)
            weakest = d;
    }
    report_table("How well each digit is read, over all runs.",
                 "Digit | Precision | Recall | F1 | Images");
    for (int d = 0; d < CLASSES; d++) {
        const ClassScore s = score[d];
        const double share = (double)s.support / all;
        macro.precision += s.precision / CLASSES;
        macro.recall += s.recall / CLASSES;
        macro.f1 += s.f1 / CLASSES;
        weighted.precision += share * s.precision;
        weighted.recall += share * s.recall;
        weighted.f1 += share * s.f1;
        report_row("%d | %.4f | %.4f | %.4f | %d", d, s.precision, s.recall,
                   s.f1,
                   s.support / r->runs);
    }
    report_row("macro average | %.4f | %.4f | %.4f | %d", macro.precision,
               macro.recall,
               macro.f1, all / r->runs);
    report_row("weighted average | %.4f | %.4f | %.4f | %d", weighted.precision,
               weighted.recall, weighted.f1, all / r->runs);
    report_value("weakest", "%d", weakest);
    report_value("weakest.f1", "%.4f", score[weakest].f1);
}

/*%
The *macro* average counts every digit the same, the *weighted* average every image. Where the classes are as even as here they hardly differ; where one class is
rare, the macro average is the one that notices that it is neglected. The weakest digit is the {{weakest}}, with an F1 of {{weakest.f1}}.

## Right and wrong, by digit

The same, as plain counts: out of all images of each digit, over all runs, how many were wrong?
*/
static void right_and_wrong(void)
{
    static const char *const names[] = { "rmsprop-ce", "cnn-small" };

    FILE *f = report_figure(.kind = "bars", .name = "wrong", .x = "true digit",
        .y = "wrong answers per 1,000 images",
        .caption = "Errors by digit: the dense network of chapter 6 and the "
                   "convolutional one of chapter 7.",
        .alt = "Two bars for each digit; convolution makes fewer errors on "
               "every digit.",
        .settings = "ymin=0");
    fprintf(f, "category\tseries\tvalue\n");
    int better = 0;
    double rate[2][CLASSES];
    for (int k = 0; k < 2; k++) {
        int count[CLASSES][CLASSES];
        add_up(count, recall(names[k]));
        for (int d = 0; d < CLASSES; d++) {
            const ClassScore s = class_score(count, d);
            rate[k][d] = 1000 * (1 - s.recall);
            fprintf(f, "%d\t%s\t%.2f\n", d, names[k], rate[k][d]);
        }
    }
    for (int d = 0; d < CLASSES; d++)
        better += rate[1][d] < rate[0][d];
    report_table("The small convolutional network, all runs together.",
                 "True digit | Right | Wrong | Wrong per 1,000");
    int count[CLASSES][CLASSES];
    add_up(count, recall("cnn-small"));
    for (int d = 0; d < CLASSES; d++) {
        const ClassScore s = class_score(count, d);
        report_row("%d | %d | %d | %.1f", d, count[d][d],
                   s.support - count[d][d],
                   1000 * (1 - s.recall));
    }
    report_claim(better == CLASSES,
                 "Convolution makes fewer errors than the dense network on "
                 "every one of the ten digits: on %d of 10.", better);
}

/*%
## Try it

1. In the gallery, choose ten images and write down what *you* read. Compare with the labels in `build/book/08-failure-analysis/gallery.tsv` order. Are you better than the
   network on the images that it finds hardest?
2. Let the runs vote: for each test image take the digit that most of the {{seeds}} runs say. How many errors are left? (Ten lines in a new step; `run_predictions` has all you
   need.)
3. Which of the three confusions listed above would do the most harm on a cheque? Give each confusion a cost in money and find the network with the cheapest errors.

## What to remember

- Look at the errors, one by one. No average replaces it.
- Separate hard images from unlucky runs by training more than once.
- Precision asks whether an answer can be trusted, recall whether anything was missed.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv);
    RUN(the_road);
    RUN(gallery);
    RUN(most_certain);
    RUN(only_confusion);
    RUN(scores_per_digit);
    RUN(right_and_wrong);
    return chapter_close();
}
// end fold
