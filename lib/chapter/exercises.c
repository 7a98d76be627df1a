/* SPDX-License-Identifier: MIT */
#include "chapter/exercises.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "chapter/report.h"
#include "chapter/state.h"
#include "runs/accepted.h"
#include "runs/compare.h"
#include "runs/settings.h"
#include "runs/twin.h"

/* Enough to see the noise of an answer. */
enum { EXERCISE_SEEDS = 5 };

/* The experiment of an exercise: the base as the book has it, whatever the
 * reader has made of it, with the settings of the exercise, judged on images
 * held out. The caller frees its name. */
static Experiment variation(const Exercise *x)
{
    Experiment e = accepted_version(x->base);
    Text name = { 0 };

    e = method_complete(&e);
    must(experiment_set(&e, x->set));
    e.seeds = x->seeds ? x->seeds
            : e.seeds > EXERCISE_SEEDS ? EXERCISE_SEEDS : e.seeds;
    text_add(&name, "%s, %s", x->base->name, x->set);
    e.name = name.s;
    const Experiment twin = twin_of(&e);
    text_free(&name);
    return twin;
}

/* The two in a table, and what the difference is worth: as a claim, if the
 * answer says which way it goes. */
static void add_answer(Text *t, int line, const Exercise *x,
                       const Result *before, const Result *after)
{
    const Difference seeds = difference_welch(after->accuracy,
                                              before->accuracy);
    const Difference images = difference_images(before, after);
    const bool better = seeds.low > 0 && images.low > 0;
    const bool worse = seeds.high < 0 && images.high < 0;
    char columns[128], points[32], with_seeds[80], on_images[80];
    char sentence[512];

    score_columns(columns, after);
    text_add(t, "| %s |\n| --- | --- | --- | --- | --- |\n", columns);
    score_add(t, before);
    score_add(t, after);
    signed_number(points, 100 * seeds.mean, 1);
    interval_text(with_seeds, seeds, 100, 1);
    interval_text(on_images, images, 100, 1);
    snprintf(sentence, sizeof sentence, "%s%s points of accuracy; 95 %% "
             "interval with other seeds: %s, on other images: %s: %s.",
             x->outcome == BETTER ? "Better: " : x->outcome == WORSE ? "Worse: "
                                                                     : "",
             points, with_seeds, on_images, compare_verdict(seeds, images));
    text_add_char(t, '\n');
    if (x->outcome == OPEN)
        text_add(t, "%s\n", sentence);
    else
        claim_add(t, line, x->outcome == BETTER ? better : worse, sentence,
                  sentence);
}

static void add_exercise(Text *t, int line, const Exercise *x,
                         const Experiment *changed, const Result *after)
{
    const Result *before = lab_book_side(chapter.lab, x->base, changed,
                                         changed->seeds);
    const Experiment accepted = accepted_version(x->base);
    const Experiment book = twin_like(&accepted, changed);
    const Experiment then = method_complete(&book);
    const Experiment now = method_complete(changed);

    free((char *)book.name);
    text_add(t, "**Exercise %d.%d.** %s\n\nThe change: ", chapter.number,
             ++chapter.exercise_count, x->question);
    compare_fields(t, &then, &now);
    text_add(t, ".\n\n<details class=\"answer\"><summary>Write down your "
             "guess, then open the answer.</summary>\n\n");
    if (after->error) {
        text_add(t, "The run stopped: ");
        markup_text(t, after->error);
        text_add(t, ".\n");
    } else {
        result_keep(before, false);
        result_keep(after, accepted_lacks(changed));
        add_answer(t, line, x, before, after);
    }
    text_add(t, "\n%s\n\n</details>\n", x->answer ? x->answer : "");
}

void report_exercises_at(Place at, const Exercise *list, int n)
{
    const Result *result[MAX_EXERCISES];
    Experiment e[MAX_EXERCISES] = { { .name = NULL } };

    CHECK(n, <=, MAX_EXERCISES);
    for (int i = 0; i < n; i++)
        e[i] = variation(&list[i]);
    lab_try(chapter.lab, result, e, n);
    for (int i = 0; i < n; i++)
        add_exercise(artefact_new(at), at.line, &list[i], &e[i], result[i]);
    for (int i = 0; i < n; i++)
        free((char *)e[i].name);
}
