/* SPDX-License-Identifier: MIT */
#include "book/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "book/state.h"

/* Of a sheet of images, in its own pixels: between two images, under each. */
enum { GUTTER = 4, LABEL_ROWS = 10 };

/* Enough to see the noise of an answer. */
enum { EXERCISE_SEEDS = 3 };

/* A report belongs to the step that runs. */
static void check_step(Place at)
{
    if (!chapter.step)
        die("%s:%d: %s() reports while no step runs: only steps report, and "
            "main RUNs them", chapter.source, at.line, at.function);
    if (strcmp(at.function, chapter.step) != 0)
        die("%s:%d: %s() reports, but the step that runs is %s(): helpers "
            "compute, steps report",
            chapter.source, at.line, at.function, chapter.step);
    if (chapter.data)
        fclose(chapter.data);
    chapter.data = NULL;
}

static Text *new_artefact(Place at)
{
    Report *r = &chapter.report;

    check_step(at);
    if (r->artefact_count % 64 == 0)
        r->artefacts = realloc(r->artefacts,
                               (r->artefact_count + 64) * sizeof *r->artefacts);
    if (!r->artefacts)
        die("out of memory: %d reports", r->artefact_count);
    r->artefacts[r->artefact_count] = (Artefact){ .line = at.line };
    return &r->artefacts[r->artefact_count++].markdown;
}

static Text *last_artefact(void)
{
    Report *r = &chapter.report;

    if (r->artefact_count == 0)
        return NULL;
    return &r->artefacts[r->artefact_count - 1].markdown;
}

/* ---- values ---- */

static void add_value(int line, const char *name, const char *text)
{
    Report *r = &chapter.report;

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
    *v = (Value){ .line = line };
    snprintf(v->name, sizeof v->name, "%s", name);
    snprintf(v->text, sizeof v->text, "%s", text);
}

void report_value_at(Place at, const char *name, const char *format, ...)
{
    char text[128];
    va_list args;

    check_step(at);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add_value(at.line, name, text);
}

/* The value <experiment>.<what>, formatted. */
static void add_result_value(const Result *r, const char *what,
                             const char *format, ...) PRINTF(3, 4);

static void add_result_value(const Result *r, const char *what,
                             const char *format, ...)
{
    char name[128], text[128];
    va_list args;

    snprintf(name, sizeof name, "%s.%s", r->experiment.name, what);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add_value(0, name, text);
}

void report_result_values(const Result *r)
{
    const size_t n = r->parameters;
    char percent[64];

    stat_percent(percent, r->accuracy);
    add_result_value(r, "accuracy", "%s", percent);
    add_result_value(r, "percent", "%.*f", r->accuracy.mean > 0.98 ? 2 : 1,
                     100 * r->accuracy.mean);
    add_result_value(r, "loss", "%.4f", r->loss.mean);
    add_result_value(r, "seconds", "%.*f", r->seconds.mean < 9.95 ? 2 : 0,
                     r->seconds.mean);
    if (n < 1000000)
        add_result_value(r, "parameters", "%zu,%03zu", n / 1000, n % 1000);
    else
        add_result_value(r, "parameters", "%zu,%03zu,%03zu", n / 1000000,
                         n / 1000 % 1000, n % 1000);
    add_result_value(r, "seeds", "%d", r->runs);
}

/* ---- claims, output, tables ---- */

/* A quick edition cannot judge what is claimed of full runs; it shows what came
 * out and does not call it a failure. */
void report_claim_at(Place at, bool holds, const char *format, ...)
{
    Text *t = new_artefact(at);
    const char *verdict = chapter.digits.quick ? "unjudged"
                        : holds ? "holds" : "fails";
    char sentence[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    text_add(t, "```claim %s\n%s\n```\n", verdict, sentence);
    text_add(&chapter.claims, "%s\t%d\t%s\n", verdict, at.line, sentence);
}

void report_print_at(Place at, const char *format, ...)
{
    Text *t = new_artefact(at);
    char line[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_add(t, "```output\n%s```\n", line);
}

void report_table_at(Place at, const char *caption, const char *columns)
{
    Text *t = new_artefact(at);

    if (caption)
        text_add(t, "Table: %s\n\n", caption);
    text_add(t, "| %s |\n|", columns);
    for (const char *p = columns; p; p = strchr(p + 1, '|'))
        text_add(t, " --- |");
    text_add_char(t, '\n');
}

void report_row_at(Place at, const char *format, ...)
{
    char row[2048];
    va_list args;

    check_step(at);
    va_start(args, format);
    vsnprintf(row, sizeof row, format, args);
    va_end(args);
    Text *t = last_artefact();
    if (!t || !strstr(text_string(t), "| --- |"))
        die("%s:%d: a row without a table: call report_table first",
            chapter.source, at.line);
    text_add(t, "| %s |\n", row);
}

/* The columns of a table of scores; what they were judged on is the same for
 * all of them. */
static void score_columns(char columns[128], const Result *r)
{
    const char *on = r->experiment.train.validation ? "Validation" : "Test";

    snprintf(columns, 128, "Experiment | %s accuracy | %s loss | Training, s | "
             "Seeds", on, on);
}

static void add_score(Text *t, const Result *r)
{
    char accuracy[64];

    stat_percent(accuracy, r->accuracy);
    text_add(t, "| %s | %s | %.4f | %.2f | %d |\n", r->experiment.name,
             accuracy, r->loss.mean, r->seconds.mean, r->runs);
}

void report_scores_at(Place at, const char *caption, ...)
{
    va_list results;
    char columns[128], others[128];

    va_start(results, caption);
    const Result *r = va_arg(results, const Result *);
    CHECK(r, !=, NULL);
    score_columns(columns, r);
    report_table_at(at, caption, columns);
    for (; r; r = va_arg(results, const Result *)) {
        score_columns(others, r);
        if (strcmp(columns, others) != 0)
            die("%s:%d: scores on test and validation images in one table",
                chapter.source, at.line);
        add_score(last_artefact(), r);
    }
    va_end(results);
}

/* ---- figures ---- */

static const char *copy(const char *s)
{
    if (!s)
        return NULL;
    char *twin = allocate(strlen(s) + 1, 1);
    return memcpy(twin, s, strlen(s) + 1);
}

FILE *report_figure_at(Place at, Figure f)
{
    Report *r = &chapter.report;
    Text *t = new_artefact(at);
    char path[700];

    if (!f.kind || !f.name || !f.caption || !f.alt)
        die("%s:%d: a figure needs .kind, .name, .caption and .alt",
            chapter.source, at.line);
    for (int i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i], f.name) == 0)
            die("%s:%d: there is a figure %s already", chapter.source, at.line,
                f.name);
    CHECK(r->figure_count, <, MAX_FIGURES);
    if (!r->figures)
        r->figures = allocate(MAX_FIGURES, sizeof *r->figures);
    snprintf(r->figures[r->figure_count], sizeof r->figures[0], "%s", f.name);
    chapter.figures[r->figure_count++] = (Figure){
        .kind = copy(f.kind), .name = copy(f.name),
        .x = copy(f.x), .y = copy(f.y),
        .settings = copy(f.settings),
    };
    text_add(t, "![%s](%s/%s.svg \"%s\")\n", f.alt, chapter.name, f.name,
             f.caption);
    text_add(t, "[data](%s/%s.tsv)\n[script](figures/%s.gp)\n", chapter.name,
             f.name, f.kind);
    snprintf(path, sizeof path, "%s/%s.tsv", chapter.folder, f.name);
    if (!(chapter.data = fopen(path, "w")))
        die("%s: cannot be written", path);
    return chapter.data;
}

static double quantity_of(const Point *p, const char *quantity)
{
    if (strcmp(quantity, "loss") == 0)
        return p->loss;
    if (strcmp(quantity, "accuracy") == 0)
        return 100 * p->accuracy;
    if (strcmp(quantity, "validation_accuracy") == 0)
        return 100 * p->validation_accuracy;
    die("%s: a learning curve of \"%s\"? There are loss, accuracy and "
        "validation_accuracy", chapter.source, quantity);
}

void report_curves_at(Place at, Figure figure, const char *quantity, ...)
{
    FILE *f = report_figure_at(at, figure);
    va_list results;

    fprintf(f, "series\tx\ty\tlo\thi\n");
    va_start(results, quantity);
    for (const Result *r; (r = va_arg(results, const Result *));)
        for (int k = 0; k < r->run[0].history.points; k++) {
            double value[1024];
            for (int i = 0; i < r->runs; i++)
                value[i] = quantity_of(&r->run[i].history.point[k], quantity);
            const Stat s = stat_of(value, r->runs);
            if (isfinite(s.mean))
                fprintf(f, "%s\t%g\t%g\t%g\t%g\n", r->experiment.name,
                        r->run[0].history.point[k].epoch, s.mean, s.mean - s.sd,
                        s.mean + s.sd);
        }
    va_end(results);
}

void report_confusion_at(Place at, Figure figure, int count[CLASSES][CLASSES])
{
    figure.kind = "confusion";
    FILE *f = report_figure_at(at, figure);

    fprintf(f, "truth\tprediction\tcount\tshare\n");
    for (int i = 0; i < CLASSES; i++) {
        int all = 0;
        for (int j = 0; j < CLASSES; j++)
            all += count[i][j];
        for (int j = 0; j < CLASSES; j++)
            fprintf(f, "%d\t%d\t%d\t%.4f\n", i, j, count[i][j],
                    all ? (double)count[i][j] / all : 0.0);
    }
}

void report_sheet_at(Place at, Figure figure, const Sheet *s)
{
    figure.kind = "digits";
    FILE *f = report_figure_at(at, figure);
    const int down = (s->n + s->across - 1) / s->across;
    const int label = s->label ? LABEL_ROWS : 0;
    const int width = s->across * (s->columns + GUTTER) - GUTTER;
    const int height = down * (s->rows + GUTTER + label) - GUTTER;
    char path[700];

    for (int x = 0; x < width; x++)
        fprintf(f, "c%d%c", x, x + 1 < width ? '\t' : '\n');
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const int cell = s->rows + GUTTER + label;
            const int r = y % cell, c = x % (s->columns + GUTTER);
            const int i = y / cell * s->across + x / (s->columns + GUTTER);
            const bool ink = i < s->n && r < s->rows && c < s->columns;
            const float *pixel = s->pixels + (i * s->rows + r) * s->columns + c;
            if (ink && isfinite(*pixel))
                fprintf(f, "%.4g", (double)*pixel);
            else
                fprintf(f, "NaN");
            fputc(x + 1 < width ? '\t' : '\n', f);
        }
    snprintf(path, sizeof path, "%s/%s.labels.tsv", chapter.folder,
             figure.name);
    remove(path);
    if (!s->label)
        return;
    FILE *labels = fopen(path, "w");
    if (!labels)
        die("%s: cannot be written", path);
    fprintf(labels, "x\ty\ttext\tstyle\n");
    for (int i = 0; i < s->n; i++) {
        const bool wrong = s->label[i][0] == '!';
        fprintf(labels, "%g\t%g\t%s\t%s\n",
                i % s->across * (s->columns + GUTTER) + (s->columns - 1) / 2.0,
                i / s->across * (s->rows + GUTTER + label) + s->rows
                + label / 2.0,
                s->label[i] + wrong, wrong ? "wrong" : "plain");
    }
    fclose(labels);
}

/* ---- exercises ---- */

/* Applies "a=1; b=2" to an experiment and lists what changed. */
static void apply(Experiment *e, const char *set, Text *changes)
{
    char copy_of_set[512], *rest = copy_of_set, *one;
    char before[MAX_VALUE], after[MAX_VALUE];
    const Experiment base = *e;

    snprintf(copy_of_set, sizeof copy_of_set, "%s", set);
    while ((one = strtok_r(rest, ";", &rest))) {
        while (*one == ' ')
            one++;
        must(experiment_set(e, one));
    }
    for (int i = 0; experiment_field(i); i++) {
        const Field *f = experiment_field(i);
        if (!field_used(f, e))
            continue;
        field_value(before, f, &base);
        field_value(after, f, e);
        if (strcmp(before, after) != 0)
            text_add(changes, "%s`%s`: %s becomes **%s**",
                     changes->length ? "; " : "",
                     field_name(f), before, after);
    }
}

void report_exercise_at(Place at, Exercise x)
{
    Error error;
    Text changes = { 0 };
    Experiment e = experiment_complete(x.base);
    Text *t = new_artefact(at);

    apply(&e, x.set, &changes);
    if (x.seeds)
        e.seeds = x.seeds;
    else if (e.seeds > EXERCISE_SEEDS)
        e.seeds = EXERCISE_SEEDS;
    CHECK(chapter.exercise_count, <, MAX_EXERCISES);
    char *name = chapter.exercises[chapter.exercise_count++];
    snprintf(name, sizeof chapter.exercises[0], "%s, %s", x.base->name, x.set);
    e.name = name;
    text_add(t, "**Exercise %d.%d.** %s\n\nThe change: %s.\n\n", chapter.number,
             chapter.exercise_count, x.question, text_string(&changes));
    text_add(t, "<details class=\"answer\"><summary>Write down your guess, "
             "then open the answer.</summary>\n\n");
    const Result *before = lab_recall(chapter.lab, x.base);
    const Result *after = lab_try(chapter.lab, &e, &error);
    if (after) {
        keep_result(after);
        char columns[128];
        score_columns(columns, after);
        text_add(t, "| %s |\n| --- | --- | --- | --- | --- |\n", columns);
        add_score(t, before);
        add_score(t, after);
    } else {
        text_add(t, "The run stopped: %s.\n", error);
    }
    text_add(t, "\n%s\n\n</details>\n", x.answer ? x.answer : "");
    text_free(&changes);
}
