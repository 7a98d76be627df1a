/* SPDX-License-Identifier: MIT */
/*%
# Another sample

It stands on the one before: {{tiny.accuracy}}, {{tiny.percent}}, {{tiny.loss}}, {{tiny.seconds}}, {{tiny.parameters}},
{{tiny.seeds}} seeds. Of its own it has {{wide.accuracy}}.
*/
#include "chapter/chapter.h"
#include "chapter/exercises.h"
#include "chapter/pictures.h"
#include "chapter/report.h"

static const Experiment wide = {
    .name      = "wide",
    .input     = { 1, 28, 28 },
    .layers    = { { DENSE, .units = 12 }, { RELU }, { DENSE, .units = 10 }, { SOFTMAX } },
    .loss      = LOSS_CROSS_ENTROPY,
    .optimiser = { SGD, .learning_rate = 0.1f },
    .train     = { .epochs = 2, .batch = 10, .validation = 5000 },
    .seeds     = 3,
};

static void compare_them(void)
{
    const Result *r = recall("tiny"), *w = train_or_recall(&wide);

    report_scores("On the test set.", r, NULL);
    report_scores("On images held out.", w, NULL);
    report_curves(((Figure){ .kind = "curves", .name = "learning", .x = "epochs",
                             .y = "accuracy, %", .caption = "Accuracy.",
                             .alt = "Both rise." }), "accuracy", r, w, NULL);
}

/*%
A learning rate that is too large.
*/
static const Sweep rates = {
    .base  = &wide,
    .set   = "loss=mse; layers=dense 12, dense 10",
    .vary  = { "optimiser.learning_rate=0.001|1e6" },
    .seeds = 2,
};

static void break_it(void)
{
    const SweepPoints *p = sweep_or_recall(&rates);

    report_claim(sweep_at(p, 1, 0)->error, "It diverges.");
    report_sweep(((Figure){ .name = "rates", .x = "learning rate", .y = "%",
                            .caption = "Too fast.", .alt = "One point." }), p,
                 NULL);
}

static void look_at_it(void)
{
    static int count[CLASSES][CLASSES];
    static const float pixels[2][4] = { { 0, 1, 0.5f, 0.25f }, { 1, 1, 1, 1 } };
    static const char labels[2][32] = { "right", "!wrong" };

    count[3][3] = 3;
    count[3][8] = 1;
    report_confusion(((Figure){ .name = "confusion", .caption = "Counts.",
                                .alt = "A 3 is read as an 8." }), count);
    report_sheet(((Figure){ .name = "sheet", .caption = "Two images.",
                            .alt = "Squares." }),
                 &(Sheet){ .n = 2, .rows = 2, .columns = 2, .across = 2,
                           .pixels = pixels[0], .label = labels });
}

static const Exercise exercises[] = {
    { &wide, "train.epochs=1; train.batch=5",
      "What if it trains for half as long?",
      "It is not worse than {{wide.accuracy}}.", .seeds = 1 },
    { &wide, "loss=mse; layers=dense 10, sigmoid; optimiser.learning_rate=1e-9",
      "What if it learns nothing?", .outcome = WORSE },
    { &wide, "train.epochs=20", "What if it takes its time?", .outcome = WORSE },
    { &wide, "layers=conv2d channels 1 kernel 99, dense 10, softmax",
      "What if a filter is larger than the image?" },
};

static void ask(void)
{
    report_exercises(exercises);
}

int main(int argc, char **argv)
{
    chapter_open(argc, argv, .experiments = { &wide },
                 .sweeps = { &rates });
    RUN(compare_them);
    RUN(break_it);
    RUN(look_at_it);
    RUN(ask);
    return chapter_close();
}
