/* SPDX-License-Identifier: MIT */
#include "chapter/state.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "chapter/progress.h"
#include "runs/method.h"

ChapterState chapter;

/* A report belongs to the step that runs. */
void step_check(Place at)
{
    if (!chapter.step)
        die("%s:%d: %s() reports while no step runs: only steps report, and "
            "main RUNs them", chapter.source, at.line, at.function);
    if (strcmp(at.function, chapter.step) != 0)
        die("%s:%d: %s() reports, but the step that runs is %s(): helpers "
            "compute, steps report",
            chapter.source, at.line, at.function, chapter.step);
    data_close();
}

/* Data are gathered in memory and written in one step: another build may be
 * reading the file. */
void data_close(void)
{
    if (!chapter.data)
        return;
    must(file_close(chapter.data, chapter.data_path));
    const Text t = { .s = chapter.data_text, .length = chapter.data_length };
    must(text_write_if_changed(&t, chapter.data_path));
    free(chapter.data_text);
    chapter.data = NULL;
}

/* What goes behind the code of that line. */
Text *artefact_add(int line)
{
    Report *r = &chapter.report;

    if (r->artefact_count % 64 == 0)
        r->artefacts = realloc(r->artefacts,
                               (r->artefact_count + 64) * sizeof *r->artefacts);
    if (!r->artefacts)
        die("out of memory: %d reports", r->artefact_count);
    r->artefacts[r->artefact_count] = (Artefact){ .line = line };
    return &r->artefacts[r->artefact_count++].markdown;
}

Text *artefact_new(Place at)
{
    step_check(at);
    return artefact_add(at.line);
}

/* What a step reported last: a comparison comes unasked and does not count. */
Text *artefact_last(void)
{
    Report *r = &chapter.report;
    int i = r->artefact_count - 1;

    while (i >= 0 && r->artefacts[i].unasked)
        i--;
    return i < 0 ? NULL : &r->artefacts[i].markdown;
}

void value_add(int line, const char *name, const char *text)
{
    Report *r = &chapter.report;

    if (strlen(name) >= sizeof r->values->name) {
        if (line)
            die("%s:%d: the name of a value has %zu characters, expected "
                "fewer than %zu", chapter.source, line, strlen(name),
                sizeof r->values->name);
        return;                                 /* too long to be asked for */
    }
    for (int i = 0; i < r->value_count; i++)
        if (strcmp(r->values[i].name, name) == 0) {
            if (line && strcmp(r->values[i].text, text) != 0)
                die("%s:%d: the value %s is reported twice: %s and %s",
                    chapter.source, line, name, r->values[i].text, text);
            return;
        }
    if (r->value_count % 64 == 0)
        r->values = realloc(r->values,
                            (r->value_count + 64) * sizeof *r->values);
    if (!r->values)
        die("out of memory: %d values", r->value_count);
    Value *v = &r->values[r->value_count++];
    *v = (Value){ .line = line, .text = text_copy(text) };
    strcpy(v->name, name);
}

void experiment_add(const Experiment *e)
{
    Report *r = &chapter.report;

    for (int i = 0; i < r->experiment_count; i++)
        if (strcmp(r->experiments[i].name, e->name) == 0)
            return;
    if (r->experiment_count % 16 == 0)
        r->experiments = realloc(r->experiments, (r->experiment_count + 16)
                                                 * sizeof *r->experiments);
    if (!r->experiments)
        die("out of memory: %d experiments", r->experiment_count);
    r->experiments[r->experiment_count++] = method_complete(e);
}

/* The value <experiment>.<what>, formatted. */
static void add_result_value(const Result *r, const char *what,
                             const char *format, ...) PRINTF(3, 4);

static void add_result_value(const Result *r, const char *what,
                             const char *format, ...)
{
    Text name = { 0 }, text = { 0 };
    va_list args;

    text_add(&name, "%s.%s", r->experiment.name, what);
    va_start(args, format);
    text_add_list(&text, format, args);
    va_end(args);
    value_add(0, text_string(&name), text_string(&text));
    text_free(&name);
    text_free(&text);
}

void values_of_result(const Result *r)
{
    char percent[64];

    experiment_add(&r->experiment);
    stat_percent(percent, r->accuracy);
    add_result_value(r, "accuracy", "%s", percent);
    add_result_value(r, "percent", "%.*f", r->accuracy.mean > 0.98 ? 2 : 1,
                     100 * r->accuracy.mean);
    add_result_value(r, "loss", "%.4f", r->loss.mean);
    add_result_value(r, "seconds", "%.*f", r->core_seconds.mean < 9.95 ? 2 : 0,
                     r->core_seconds.mean);
    add_result_value(r, "parameters", "%s", thousands((long)r->parameters));
    add_result_value(r, "seeds", "%d", r->runs);
}

/* A quick edition cannot judge what is claimed of full runs; it shows what came
 * out and does not call it a failure. */
void claim_add(Text *t, int line, bool holds, const char *sentence,
               const char *markdown)
{
    ClaimRow row = { chapter.digits.quick ? UNJUDGED : holds ? HOLDS : FAILS,
                     line, "" };

    char info[32];

    if (strlen(sentence) >= sizeof row.sentence)
        die("%s:%d: a claim of %zu characters, expected fewer than %zu: claim "
            "less, or say it shorter", chapter.source, line, strlen(sentence),
            sizeof row.sentence);
    strcpy(row.sentence, sentence);
    snprintf(info, sizeof info, "claim %s", verdict_names[row.verdict]);
    markup_fence(t, info, markdown, strlen(markdown));
    claim_row_add(&chapter.claims, &row);
}

bool result_keep(const Result *r, bool yours)
{
    for (int i = 0; i < chapter.own_count; i++)
        if (chapter.own[i] == r)
            return false;
    CHECK(chapter.own_count, <, MAX_OWN);
    chapter.yours[chapter.own_count] = yours;
    chapter.own[chapter.own_count++] = r;
    progress_result(chapter.name, r);
    values_of_result(r);
    return true;
}
