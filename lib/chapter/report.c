/* SPDX-License-Identifier: MIT */
#include "chapter/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chapter/state.h"
#include "runs/accepted.h"
#include "runs/compare.h"

/* Of a sheet of images, in its own pixels: between two images, under each. */
enum { GUTTER = 4, LABEL_ROWS = 10 };

/* Enough to see the noise of an answer. */
enum { EXERCISE_SEEDS = 5 };

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
    close_data();
}

/* Data are gathered in memory and written in one step: another build may be
 * reading the file. */
void close_data(void)
{
    if (!chapter.data)
        return;
    fclose(chapter.data);
    const Text t = { .s = chapter.data_text, .length = chapter.data_length };
    must(text_write_if_changed(&t, chapter.data_path));
    free(chapter.data_text);
    chapter.data = NULL;
}

/* What goes behind the code of that line. */
static Text *add_artefact(int line)
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

static Text *new_artefact(Place at)
{
    check_step(at);
    return add_artefact(at.line);
}

/* What a step reported last: a comparison comes unasked and does not count. */
static Text *last_artefact(void)
{
    Report *r = &chapter.report;
    int i = r->artefact_count - 1;

    while (i >= 0 && r->artefacts[i].unasked)
        i--;
    return i < 0 ? NULL : &r->artefacts[i].markdown;
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
    char percent[64];

    stat_percent(percent, r->accuracy);
    add_result_value(r, "accuracy", "%s", percent);
    add_result_value(r, "percent", "%.*f", r->accuracy.mean > 0.98 ? 2 : 1,
                     100 * r->accuracy.mean);
    add_result_value(r, "loss", "%.4f", r->loss.mean);
    add_result_value(r, "seconds", "%.*f", r->fastest < 9.95 ? 2 : 0,
                     r->fastest);
    add_result_value(r, "parameters", "%s", thousands((long)r->parameters));
    add_result_value(r, "seeds", "%d", r->runs);
}

/* ---- claims, output, tables ---- */

/* A quick edition cannot judge what is claimed of full runs; it shows what came
 * out and does not call it a failure. */
static void add_claim(Text *t, int line, bool holds, const char *sentence)
{
    const char *verdict = chapter.digits.quick ? "unjudged"
                        : holds ? "holds" : "fails";

    text_add(t, "```claim %s\n%s\n```\n", verdict, sentence);
    text_add(&chapter.claims, "%s\t%d\t%s\n", verdict, line, sentence);
}

void report_claim_at(Place at, bool holds, const char *format, ...)
{
    char sentence[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    add_claim(new_artefact(at), at.line, holds, sentence);
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
    text_add(t, "| %s | %s | %.4f | ", r->experiment.name, accuracy,
             r->loss.mean);
    if (r->runs)
        text_add(t, "%.2f | %d |\n", r->fastest, r->runs);
    else
        text_add(t, "– | %d |\n", r->accuracy.n);     /* as accepted */
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

/* Adds a figure to a text and opens the stream for its data. */
static FILE *add_figure(Text *t, Figure f)
{
    Report *r = &chapter.report;

    CHECK(r->figure_count, <, MAX_FIGURES);
    if (!r->figures)
        r->figures = allocate(MAX_FIGURES, sizeof *r->figures);
    snprintf(r->figures[r->figure_count], sizeof r->figures[0], "%s", f.name);
    chapter.figures[r->figure_count++] = (Figure){
        .kind = text_copy(f.kind), .name = text_copy(f.name),
        .x = text_copy(f.x), .y = text_copy(f.y),
        .settings = text_copy(f.settings),
    };
    text_add(t, "![%s](%s/%s.svg \"%s\")\n", f.alt, chapter.name, f.name,
             f.caption);
    text_add(t, "[data](%s/%s.tsv)\n[script](figures/%s.gp)\n", chapter.name,
             f.name, f.kind);
    snprintf(chapter.data_path, sizeof chapter.data_path, "%s/%s.tsv",
             chapter.folder, f.name);
    chapter.data = open_memstream(&chapter.data_text, &chapter.data_length);
    if (!chapter.data)
        die("out of memory for %s", chapter.data_path);
    return chapter.data;
}

FILE *report_figure_at(Place at, Figure f)
{
    const Report *r = &chapter.report;
    Text *t = new_artefact(at);

    if (!f.kind || !f.name || !f.caption || !f.alt)
        die("%s:%d: a figure needs .kind, .name, .caption and .alt",
            chapter.source, at.line);
    for (int i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i], f.name) == 0)
            die("%s:%d: there is a figure %s already", chapter.source, at.line,
                f.name);
    return add_figure(t, f);
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

/* A curve with its band: the mean of a quantity over the seeds. */
static void write_curve(FILE *f, const char *name, const Result *r,
                        const char *quantity)
{
    for (int k = 0; k < r->run[0].history.points; k++) {
        double value[1024];
        for (int i = 0; i < r->runs; i++)
            value[i] = quantity_of(&r->run[i].history.point[k], quantity);
        const Stat s = stat_of(value, r->runs);
        if (isfinite(s.mean))
            fprintf(f, "%s\t%g\t%g\t%g\t%g\n", name,
                    r->run[0].history.point[k].epoch, s.mean, s.mean - s.sd,
                    s.mean + s.sd);
    }
}

static const char curve_columns[] = "series\tx\ty\tlo\thi\n";

void report_curves_at(Place at, Figure figure, const char *quantity, ...)
{
    FILE *f = report_figure_at(at, figure);
    va_list results;

    fputs(curve_columns, f);
    va_start(results, quantity);
    for (const Result *r; (r = va_arg(results, const Result *));)
        write_curve(f, r->experiment.name, r, quantity);
    va_end(results);
}

/* ---- yours against the book's ---- */

void report_comparison(int line, const Result *book, const Result *yours)
{
    const char *name = yours->experiment.name;
    Text *t = add_artefact(line);
    char file[64], caption[512];

    chapter.report.artefacts[chapter.report.artefact_count - 1].unasked = true;
    close_data();
    text_add(t, "<div class=\"yours\">\n\n"
             "**Yours against the book's.** This `%s` is not that of the "
             "accepted edition.\n\n", name);
    compare(t, book, "the book's", yours, "yours");
    snprintf(file, sizeof file, "%.50s-yours", name);
    snprintf(caption, sizeof caption, "Accuracy of `%s` on the training images "
             "in passing, mean and standard deviation over the seeds: %s.",
             name, book->runs ? "the book's in grey, and yours"
             : "yours; the store has no runs of the book's");
    text_add_char(t, '\n');
    FILE *f = add_figure(t, (Figure){
        .kind = "curves", .name = file, .x = "epochs",
        .y = "accuracy on the training images in passing, %",
        .caption = caption,
        .alt = "Accuracy over the epochs, your experiment's and the book's." });
    fputs(curve_columns, f);
    if (book->runs)
        write_curve(f, "the book's", book, "accuracy");
    write_curve(f, "yours", yours, "accuracy");
    text_add(t, "\n</div>\n");
}

/* ---- sweeps ---- */

/* The values of a field as numbers; a figure has no place for words. */
static void numbers_of(double x[MAX_VALUES], Place at, const SweepPoints *p,
                       int axis)
{
    for (int i = 0; i < p->count[axis]; i++) {
        char *end;
        x[i] = strtod(p->value[axis][i], &end);
        if (*end)
            die("%s:%d: the sweep over %s has the value \"%s\", which is no "
                "number and has no place on an axis: make a table",
                chapter.source, at.line, p->field[axis], p->value[axis][i]);
    }
}

/* Factors between the values ask for a logarithmic axis: powers of two for
 * batches, of ten for rates. */
static const char *axis_of(const double *x, int n)
{
    bool twos = true;

    for (int i = 0; i < n; i++)
        twos = twos && x[i] >= 1 && exp2(round(log2(x[i]))) == x[i];
    return x[n - 1] < 8 * x[0] || x[0] <= 0 ? "" : twos ? "logx=2; "
                                                        : "logx=1; ";
}

static void write_sweep(FILE *f, const SweepPoints *p, const double *x)
{
    for (int i = 0; i < p->n; i++) {
        const Stat a = p->result[i]->accuracy;
        if (!p->result[i]->error)
            fprintf(f, "%s\t%g\t%g\t%g\t%g\n", p->name, x[i], 100 * a.mean,
                    100 * (a.mean - a.sd), 100 * (a.mean + a.sd));
    }
}

void report_sweep_at(Place at, Figure figure, ...)
{
    char settings[256];
    double x[MAX_VALUES];
    va_list sweeps;

    va_start(sweeps, figure);
    const SweepPoints *p = va_arg(sweeps, const SweepPoints *);
    numbers_of(x, at, p, 0);
    snprintf(settings, sizeof settings, "points=1; %s%s",
             axis_of(x, p->count[0]), figure.settings ? figure.settings : "");
    figure.kind = "curves";
    figure.settings = settings;
    FILE *f = report_figure_at(at, figure);
    fputs(curve_columns, f);
    for (; p; p = va_arg(sweeps, const SweepPoints *)) {
        numbers_of(x, at, p, 0);
        write_sweep(f, p, x);
    }
    va_end(sweeps);
}

void report_heatmap_at(Place at, Figure figure, const SweepPoints *p)
{
    figure.kind = "heatmap";
    FILE *f = report_figure_at(at, figure);

    fprintf(f, "x\ty\tz\ttext\n");
    for (int i = 0; i < p->count[0]; i++)
        for (int k = 0; k < p->count[1]; k++) {
            const Result *r = sweep_at(p, i, k);
            fprintf(f, "%s\t%s\t", p->value[1][k], p->value[0][i]);
            if (r->error)
                fprintf(f, "0\tdiverged\n");
            else if (r->runs > 1)
                fprintf(f, "%g\t%.1f ± %.1f\n", 100 * r->accuracy.mean,
                        100 * r->accuracy.mean, 100 * r->accuracy.sd);
            else
                fprintf(f, "%g\t%.1f\n", 100 * r->accuracy.mean,
                        100 * r->accuracy.mean);
        }
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

/* The texts of a sheet, at places in its own pixels, beside its table. */
static void write_labels(const Sheet *s, const char *name)
{
    const int cell = s->rows + GUTTER + (s->label ? LABEL_ROWS : 0);
    char path[700];
    Text labels = { 0 };

    snprintf(path, sizeof path, "%s/%s.labels.tsv", chapter.folder, name);
    if (!s->label && !s->told) {
        remove(path);
        return;
    }
    text_add(&labels, "x\ty\ttext\tstyle\n");
    for (int i = 0; i < s->n; i++) {
        const double x = i % s->across * (s->columns + GUTTER)
                       + (s->columns - 1) / 2.0;
        const int top = i / s->across * cell;
        if (s->label) {
            const bool wrong = s->label[i][0] == '!';
            text_add(&labels, "%g\t%g\t%s\t%s\n", x,
                     top + s->rows + LABEL_ROWS / 2.0, s->label[i] + wrong,
                     wrong ? "wrong" : "plain");
        }
        if (s->told && s->told[i])
            text_add(&labels, "%g\t%g\t%s\ttold\n", x, top + s->rows / 2.0,
                     s->told[i]);
    }
    must(text_write_if_changed(&labels, path));
    text_free(&labels);
}

void report_sheet_at(Place at, Figure figure, const Sheet *s)
{
    figure.kind = "digits";
    FILE *f = report_figure_at(at, figure);
    const int down = (s->n + s->across - 1) / s->across;
    const int label = s->label ? LABEL_ROWS : 0;
    const int width = s->across * (s->columns + GUTTER) - GUTTER;
    const int height = down * (s->rows + GUTTER + label) - GUTTER;

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
    write_labels(s, figure.name);
}

/* ---- exercises ---- */

/* The experiment of an exercise: the base as the book has it, whatever the
 * reader has made of it, with the settings of the exercise. */
static Experiment variation(const Exercise *x)
{
    Experiment e = as_accepted(x->base);
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
    add_score(t, before);
    add_score(t, after);
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
        add_claim(t, line, x->outcome == BETTER ? d.low > 0 : d.high < 0,
                  sentence);
}

static void add_exercise(Text *t, int line, const Exercise *x,
                         const Experiment *changed, const Result *after)
{
    const Experiment base = as_accepted(x->base);
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
        keep_result(after, accepted_lacks(changed));
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
        add_exercise(new_artefact(at), at.line, &list[i], &e[i], result[i]);
    for (int i = 0; i < n; i++)
        free((char *)e[i].name);
}
