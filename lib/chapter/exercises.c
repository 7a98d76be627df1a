/* SPDX-License-Identifier: MIT */
#include "chapter/exercises.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chapter/report.h"
#include "chapter/state.h"
#include "runs/accepted.h"
#include "runs/compare.h"
#include "runs/settings.h"

/* Enough to see the noise of an answer. */
enum { EXERCISE_SEEDS = 5 };

/* The experiment of an exercise: the base as the book has it, whatever the
 * reader has made of it, with the settings of the exercise. */
static Experiment variation(const Exercise *x)
{
    Experiment e = accepted_version(x->base);
    Text name = { 0 };

    e = experiment_complete(&e);
    must(experiment_set(&e, x->set));
    e.seeds = x->seeds ? x->seeds
            : e.seeds > EXERCISE_SEEDS ? EXERCISE_SEEDS : e.seeds;
    text_add(&name, "%s, %s", x->base->name, x->set);
    e.name = name.s;                           /* the caller frees it */
    return e;
}

/* The two in a table, and what the difference is worth: as a claim, if the
 * answer says which way it goes. */
static void add_answer(Text *t, int line, const Exercise *x,
                       const Result *before, const Result *after)
{
    const Difference d = difference_welch(after->accuracy, before->accuracy);
    char columns[128], points[32], interval[80] = "", sentence[256];

    score_columns(columns, after);
    text_add(t, "| %s |\n| --- | --- | --- | --- | --- |\n", columns);
    score_add(t, before);
    score_add(t, after);
    signed_number(points, 100 * d.mean, 1);
    if (isfinite(d.low))
        interval_text(interval, d, 100, 1);
    snprintf(sentence, sizeof sentence, "%s%s points of accuracy%s%s: %s.",
             x->outcome == BETTER ? "Better: " : x->outcome == WORSE ? "Worse: "
                                                                     : "",
             points, *interval ? ", 95 % interval " : "", interval,
             compare_verdict(d));
    text_add_char(t, '\n');
    if (x->outcome == OPEN)
        text_add(t, "%s\n", sentence);
    else
        claim_add(t, line, x->outcome == BETTER ? d.low > 0 : d.high < 0,
                  sentence);
}

static void add_exercise(Text *t, int line, const Exercise *x,
                         const Experiment *changed, const Result *after)
{
    const Experiment base = accepted_version(x->base);
    const Result *before = book_side(chapter.lab, x->base);

    text_add(t, "**Exercise %d.%d.** %s\n\nThe change: ", chapter.number,
             ++chapter.exercise_count, x->question);
    const Experiment whole = experiment_complete(&base);
    const Experiment now = experiment_complete(changed);
    compare_fields(t, &whole, &now);
    text_add(t, ".\n\n<details class=\"answer\"><summary>Write down your "
             "guess, then open the answer.</summary>\n\n");
    if (after->error) {
        text_add(t, "The run stopped: %s.\n", after->error);
    } else {
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
