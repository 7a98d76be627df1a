/* SPDX-License-Identifier: MIT */
/*%
# Colophon

How long does learning take, and what does that depend on? This page measures it once, on the machine that built the book: the cost of one image against the batch,
the width and the depth of the network, the time of an epoch against the number of images, and the same work on one core and on two. Where the law is a straight line,
one can plan with it; where the points leave the line, something else is at work.
*/
#include <math.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "chapter/chapter.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "nn/train.h"

/*%
## How it is measured

Training only, without reading files or judging the result; the fastest of several tries, because whatever else a machine does can only slow them down. The figures have
two lines each: what was measured, and the simplest law, drawn through one of the points, or two.
*/
/* A quick edition tries once. */
static int tries(void)
{
    return digits()->quick ? 1 : 3;
}

/* Seconds to train on one image of n, the fastest of several tries. */
static double seconds_an_image(const Experiment *e, int n, int threads)
{
    Experiment part = *e;
    double fastest = INFINITY;

    part.train.images = n < digits()->train.n ? n : digits()->train.n;
    for (int try = 0; try < tries(); try++) {
        TrainTime time;
        Model *m;
        must(train(&m, &part, &digits()->train,
                   &(TrainOptions){ .seed = 1, .threads = threads,
                                    .time = &time }));
        fastest = fmin(fastest, time.seconds / part.train.images);
        model_free(m);
    }
    return fastest;
}

/* Dense layers with ReLU, as in chapter 5, as wide and as deep as asked. */
static Experiment dense_network(int width, int depth, int batch)
{
    Experiment e = {
        .name      = "scale",
        .input     = { 1, 28, 28 },
        .loss      = LOSS_CROSS_ENTROPY,
        .optimiser = { SGD, .learning_rate = 0.01f },
        .train     = { .epochs = 1, .batch = batch, .shuffle = true },
    };
    int n = 0;

    for (int i = 0; i < depth; i++) {
        e.layers[n++] = (LayerSpec){ DENSE, .units = width };
        e.layers[n++] = (LayerSpec){ RELU };
    }
    e.layers[n++] = (LayerSpec){ DENSE, .units = CLASSES };
    e.layers[n] = (LayerSpec){ SOFTMAX };
    return e;
}

enum { BATCHES = 9, WIDTHS = 7, DEPTHS = 6, LENGTHS = 6 };

// fold: drawing a law and what was measured
static void add_series(FILE *f, const char *name, const double *x,
                       const double *y, int n)
{
    for (int k = 0; k < n; k++)
        fprintf(f, "%s\t%g\t%g\t%g\t%g\n", name, x[k], y[k], y[k], y[k]);
}

/* Points (x, y), and their law. */
static void draw(FILE *f, const char *law_name, const double *law,
                 const double *x, const double *y, int n)
{
    fprintf(f, "series\tx\ty\tlo\thi\n");
    add_series(f, law_name, x, law, n);
    add_series(f, "measured", x, y, n);
}

/* Points (x, y), and the line through one of them that grows as x^power. */
static void draw_power(FILE *f, const double *x, const double *y, int n,
                       const char *law_name, int through, double power)
{
    double law[BATCHES];

    CHECK(n, <=, BATCHES);
    for (int k = 0; k < n; k++)
        law[k] = y[through] * pow(x[k] / x[through], power);
    draw(f, law_name, law, x, y, n);
}
// end fold

/*%
## The batch

If an image cost the same in every batch, the points would lie on the level line.
*/
static void time_batches(double *us)
{
    for (int k = 0; k < BATCHES; k++) {
        const Experiment e = dense_network(32, 2, 1 << k);
        us[k] = 1e6 * seconds_an_image(&e, 4096, 1);
    }
}

static void the_batch(void)
{
    double x[BATCHES], us[BATCHES];

    measure_or_recall("scale-batch", us, BATCHES, time_batches);
    for (int k = 0; k < BATCHES; k++)
        x[k] = 1 << k;
    // fold: drawing it
    draw_power(report_figure(.kind = "curves", .name = "batch",
                       .x = "images in the batch", .y = "µs for an image",
                       .caption = "Training time of one image against the "
                                  "batch; a network with two hidden layers "
                                  "of 32, one core.",
                       .alt = "Points at {{one}} microseconds for single "
                              "images, {{two}} for batches of two and "
                              "{{largest}} for batches of 256.",
                       .settings = "logx=2; logy=1; points=1"),
         x, us, BATCHES, "as the largest", BATCHES - 1, 0);
    report_value("one", "%.1f", us[0]);
    report_value("two", "%.1f", us[1]);
    report_value("largest", "%.1f", us[BATCHES - 1]);
    report_value("batch.gain", "%.1f", us[0] / us[BATCHES - 1]);
    // end fold
    report_claim(us[0] > us[BATCHES - 1],
                 "An image costs less in a batch of 256 than alone: %.1f "
                 "instead of %.1f µs.", us[BATCHES - 1], us[0]);
}

/*%
A single image pays alone for what every step costs: the optimiser goes through all the weights, and every weight is fetched from the cache to be used once. In a batch these
costs are shared: of two images each takes {{two}} µs, a single image {{one}}. In a batch of 256 an image is {{batch.gain}} times cheaper than alone. From some size on there is nothing left to share, and the points are level.

## Width

One hidden layer, wider and wider: twice the units, twice the weights, twice the sums.
*/
static void time_widths(double *us)
{
    for (int k = 0; k < WIDTHS; k++) {
        const Experiment e = dense_network(16 << k, 1, 16);
        us[k] = 1e6 * seconds_an_image(&e, 2048, 1);
    }
}

static void the_width(void)
{
    double x[WIDTHS], us[WIDTHS];

    measure_or_recall("scale-width", us, WIDTHS, time_widths);
    for (int k = 0; k < WIDTHS; k++)
        x[k] = 16 << k;
    // fold: drawing it
    draw_power(report_figure(.kind = "curves", .name = "width",
                       .x = "units in the hidden layer",
                       .y = "µs for an image",
                       .caption = "Training time of one image against the "
                                  "width of one hidden layer; batches of 16, "
                                  "one core.",
                       .alt = "Points near a rising straight line; those at "
                              "its two ends lie above it.",
                       .settings = "logx=2; logy=1; points=1"),
         x, us, WIDTHS, "in proportion", WIDTHS / 2, 1);
    report_value("width.ratio", "%.0f", us[WIDTHS - 1] / us[0]);
    // end fold
    report_claim(us[WIDTHS - 1] > 8 * us[0],
                 "A layer 64 times as wide takes more than eight times as "
                 "long: %.0f times.", us[WIDTHS - 1] / us[0]);
}

/*%
64 times the width costs {{width.ratio}} times the seconds. Two things pull the points off the line. A narrow network pays for what does not depend on its width: the bytes of an image must be
turned into numbers, and a product with few columns, like one with few rows in chapter 5, fetches much for each multiplication. The widest one has 784 times
1,024 weights, and its batches are the only ones here with work enough for two shards, which one core must do one after the other, each with gradients of its own. Weights and gradients come to 9.6 MB
that must pass through the processor in every step, more than the caches closest to it can hold.

## Depth

Hidden layers of 128 units, one after the other.
*/
static void time_depths(double *us)
{
    for (int k = 0; k < DEPTHS; k++) {
        const Experiment e = dense_network(128, k + 1, 16);
        us[k] = 1e6 * seconds_an_image(&e, 2048, 1);
    }
}

static void the_depth(void)
{
    double x[DEPTHS], us[DEPTHS], line[DEPTHS];

    measure_or_recall("scale-depth", us, DEPTHS, time_depths);
    const double more = (us[DEPTHS - 1] - us[0]) / (DEPTHS - 1);
    for (int k = 0; k < DEPTHS; k++) {
        x[k] = k + 1;
        line[k] = us[0] + k * more;
    }
    // fold: drawing it
    draw(report_figure(.kind = "curves", .name = "depth",
                       .x = "hidden layers", .y = "µs for an image",
                       .caption = "Training time of one image against the "
                                  "number of hidden layers of 128; batches of "
                                  "16, one core. The line goes through the "
                                  "first point and the last.",
                       .alt = "Points along a straight line that does not go "
                              "through the origin.",
                       .settings = "ymin=0; points=1"),
         "straight line", line, x, us, DEPTHS);
    report_value("first.layer", "%.1f", us[0]);
    report_value("one.more", "%.1f", more);
    // end fold
    report_claim(more < us[0],
                 "One more hidden layer costs less than the network with one: "
                 "%.1f against %.1f µs.", more, us[0]);
}

/*%
Each further layer costs {{one.more}} µs an image, the network with one {{first.layer}} µs. The line is straight but does not begin at nothing: the first layer has 784 inputs, all
others 128.

## Images

Twice the images, twice the time: nothing in the training loop looks back.
*/
static void time_lengths(double *s)
{
    const Experiment e = dense_network(32, 2, 16);

    for (int k = 0; k < LENGTHS; k++) {
        const int n = digits()->train.n >> (LENGTHS - 1 - k);
        s[k] = n * seconds_an_image(&e, n, 1);
    }
}

static void the_images(void)
{
    double x[LENGTHS], s[LENGTHS];

    measure_or_recall("scale-images", s, LENGTHS, time_lengths);
    for (int k = 0; k < LENGTHS; k++)
        x[k] = digits()->train.n >> (LENGTHS - 1 - k);
    // fold: drawing it
    draw_power(report_figure(.kind = "curves", .name = "images",
                       .x = "training images", .y = "seconds for an epoch",
                       .caption = "Time of an epoch against the number of "
                                  "images; two hidden layers of 32, batches of "
                                  "16, one core.",
                       .alt = "Points along the straight line of the law, or "
                              "close to it.",
                       .settings = "logx=1; logy=1; points=1"),
         x, s, LENGTHS, "in proportion", LENGTHS - 1, 1);
    report_value("images.ratio", "%.1f", s[LENGTHS - 1] / s[0]);
    report_value("images.factor", "%d", 1 << (LENGTHS - 1));
    // end fold
    report_claim(s[LENGTHS - 1] > s[0] * (1 << (LENGTHS - 2))
                 && s[LENGTHS - 1] < s[0] * (1 << LENGTHS),
                 "%d times the images take about as many times the seconds: "
                 "%.1f.", 1 << (LENGTHS - 1), s[LENGTHS - 1] / s[0]);
}

/*%
{{images.factor}} times the images take {{images.ratio}} times as long. The images of a short list stay in the cache; those of a long one come from memory, in random order. The
processor hides most of that.

## Two cores

There are two ways to use a second core. A batch of the large convolutional network of chapter 7 is cut into two shards. The networks of the other chapters are too small for that;
there the seeds run side by side.
*/
enum { SEEDS = 4 };

static void train_seed(void *context, int i)
{
    const Experiment *e = context;
    Model *m;

    must(train(&m, e, &digits()->train,
               &(TrainOptions){ .seed = (uint64_t)i + 1, .threads = 1 }));
    model_free(m);
}

/* Seconds of SEEDS trainings, the fastest of several tries. */
static double seconds_of_seeds(int threads)
{
    Experiment e = dense_network(32, 2, 1);
    double fastest = INFINITY;

    e.train.images = digits()->train.n < 8192 ? digits()->train.n : 8192;
    for (int try = 0; try < tries(); try++) {
        const double start = clock_seconds();
        parallel_for(SEEDS, threads, train_seed, &e);
        fastest = fmin(fastest, clock_seconds() - start);
    }
    return fastest;
}

static void time_cores(double *s)
{
    Experiment e = recall("cnn-32-64")->experiment;

    e.train.batch = 64;
    for (int threads = 1; threads <= 2; threads++) {
        s[threads - 1] = seconds_an_image(&e, 256, threads);
        s[threads + 1] = seconds_of_seeds(threads);
    }
}

static void two_cores(void)
{
    double s[4];

    measure_or_recall("scale-two-cores", s, 4, time_cores);
    report_table("One core and two.",
                 "Work | One core | Two cores | Times as fast");
    report_row("an image of the 32-64 network, batch of 64, µs | %.0f | %.0f "
               "| %.2f", 1e6 * s[0], 1e6 * s[1], s[0] / s[1]);
    report_row("four seeds of a dense network, batch of 1, ms | %.0f | %.0f "
               "| %.2f", 1e3 * s[2], 1e3 * s[3], s[2] / s[3]);
}

/*%
Twice as fast would be all that there is to win. In the first row part of what is missing goes into waiting: the shards wait for each other before their gradients are added. The seeds of the
second row wait for nothing; they share only the caches and the way to memory. Many a rented machine presents one core as two, and a core that is busy with something else helps nobody.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv);
    RUN(the_batch);
    RUN(the_width);
    RUN(the_depth);
    RUN(the_images);
    RUN(two_cores);
    return chapter_close();
}
// end fold
