/* SPDX-License-Identifier: MIT */
#include "chapter/pictures.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "chapter/state.h"

/* Of a sheet of images, in its own pixels: between two images, under each. */
enum { GUTTER = 4, LABEL_ROWS = 10 };

/* Adds a figure to a text and opens the stream for its data. */
FILE *figure_add(Text *t, Figure f)
{
    Report *r = &chapter.report;

    CHECK(r->figure_count, <, MAX_FIGURES);
    if (strlen(f.name) >= sizeof r->figures[0])
        die("%s: %s: the name of a figure has %zu characters, expected fewer "
            "than %zu", chapter.source, f.name, strlen(f.name),
            sizeof r->figures[0]);
    if (!r->figures)
        r->figures = allocate(MAX_FIGURES, sizeof *r->figures);
    strcpy(r->figures[r->figure_count], f.name);
    chapter.figures[r->figure_count++] = (Figure){
        .kind = text_copy(f.kind), .name = text_copy(f.name),
        .x = text_copy(f.x), .y = text_copy(f.y),
        .settings = text_copy(f.settings),
    };
    text_add(t, "![");
    for (const char *c = f.alt; *c; c++)          /* plain, but for {{values}} */
        if (strchr("\\`*_[]<>&", *c))
            text_add(t, "&#%d;", *c);
        else
            text_add_char(t, *c == '\n' ? ' ' : *c);
    text_add(t, "](%s/%s.svg \"", chapter.name, f.name);
    for (const char *c = f.caption; *c; c++)      /* Markdown, in quotes */
        if (*c == '"')
            text_add(t, "&quot;");
        else
            text_add_char(t, *c == '\n' ? ' ' : *c);
    text_add(t, "\")\n");
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
    Text *t = artefact_new(at);

    if (!f.kind || !f.name || !f.caption || !f.alt)
        die("%s:%d: a figure needs .kind, .name, .caption and .alt",
            chapter.source, at.line);
    for (int i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i], f.name) == 0)
            die("%s:%d: there is a figure %s already", chapter.source, at.line,
                f.name);
    return figure_add(t, f);
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
void curve_write(FILE *f, const char *name, const Result *r,
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

const char curve_columns[] = "series\tx\ty\tlo\thi\n";

void report_curves_at(Place at, Figure figure, const char *quantity, ...)
{
    FILE *f = report_figure_at(at, figure);
    va_list results;

    fputs(curve_columns, f);
    va_start(results, quantity);
    for (const Result *r; (r = va_arg(results, const Result *));)
        curve_write(f, r->experiment.name, r, quantity);
    va_end(results);
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
    Text settings = { 0 };
    double x[MAX_VALUES];
    va_list sweeps;

    va_start(sweeps, figure);
    const SweepPoints *p = va_arg(sweeps, const SweepPoints *);
    numbers_of(x, at, p, 0);
    text_add(&settings, "points=1; %s%s", axis_of(x, p->count[0]),
             figure.settings ? figure.settings : "");
    figure.kind = "curves";
    figure.settings = settings.s;
    FILE *f = report_figure_at(at, figure);
    text_free(&settings);
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
                fprintf(f, "NaN\tdiverged\n");
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
        must(file_remove(path));
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
