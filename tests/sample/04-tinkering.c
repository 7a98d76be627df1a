/* SPDX-License-Identifier: MIT */
/*%
# A sample to tinker with

@changes

It reads {{relu.accuracy}} with {{relu.seeds}} seeds.
*/
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"

/* Not const: tests/test_command.c is the reader who changes it. */
static Experiment relu = {
    .name      = "relu",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 12 }, { RELU },
                   { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 2, .batch = 10, .shuffle = true },
    .seeds     = 3,
};

static const Experiment spare = {
    .name      = "spare",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_MSE,
    .optimiser = { MOMENTUM, .learning_rate = 0.1f, .momentum = 0.9f },
    .train     = { .epochs = 1, .batch = 10 },
    .seeds     = 1,
};

static const Sweep rates = {
    .base  = &spare,
    .set   = "train.epochs=2; train.batch=20",
    .vary  = { "optimiser.learning_rate=0.1|0.01", "optimiser.momentum=0.5|0.9" },
    .seeds = 2,
};

static const Sweep nets = {
    .base = &spare,
    .vary = { "layers=dense 10, softmax|dense 8, relu, dense 10, softmax" },
};

static void train_relu(void)
{
    train_or_recall(&relu);
}

static void choose(void)
{
    const SweepPoints *p = sweep_or_recall(&rates), *q = sweep_or_recall(&nets);

    report_heatmap(((Figure){ .name = "rates", .x = "momentum", .y = "rate",
                              .caption = "Rates.", .alt = "Four squares." }), p);
    report_print("%d nets\n", q->n);
}

static const Exercise exercises[] = {
    { &relu, "train.batch=5", "And with smaller batches?", "So it is.",
      .seeds = 2 },
    { &relu, "loss=mse", "And with the other loss?" },
};

static void ask(void)
{
    report_exercises(exercises);
}

int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &relu, &spare },
                 .sweeps = { &rates, &nets }, .builds_on = "tiny");
    RUN(train_relu);
    RUN(choose);
    RUN(ask);
    return chapter_close();
}
