/* SPDX-License-Identifier: MIT */
#include "chapter/front.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/markup.h"
#include "base/setting.h"
#include "chapter/figure.h"
#include "chapter/weave.h"
#include "runs/records.h"

static const char source_path[] = "chapters/index.md";

typedef struct Front {
    const char *book;
    const Page *pages;
    int page_count;
    const Digits *digits;
    RunRow *rows;
    int row_count;
    Report report;                 /* values and the ladder's name */
    Text page;
} Front;

/* The path of what a chapter left in its folder; false: it failed, and left
 * nothing. */
static bool left_behind(char path[1024], const Front *f, int chapter,
                        const char *file)
{
    snprintf(path, 1024, "%s/%s/%s", f->book, f->pages[chapter].name, file);
    return access(path, R_OK) == 0;
}

static void read_runs(Front *f)
{
    for (int i = 0; i < f->page_count; i++) {
        char path[1024];
        RunRow *rows;
        int n;
        if (!left_behind(path, f, i, "runs.tsv"))
            continue;
        must(runs_read(&rows, &n, path));
        f->rows = realloc(f->rows, (f->row_count + n + 1) * sizeof *f->rows);
        if (!f->rows)
            die("out of memory: %d runs", f->row_count + n);
        memcpy(f->rows + f->row_count, rows, n * sizeof *rows);
        f->row_count += n;
        free(rows);
    }
}

/* The accuracy of one experiment over its seeds. */
static Stat accuracy_of(const Front *f, const char *experiment)
{
    double x[MAX_SEEDS];
    int n = 0;

    for (int i = 0; i < f->row_count && n < MAX_SEEDS; i++)
        if (strcmp(f->rows[i].experiment, experiment) == 0)
            x[n++] = f->rows[i].accuracy;
    return stat_of(x, n);
}

/* The core seconds of one run, on average; NAN if there is none. */
static double seconds_of(const Front *f, const char *experiment)
{
    double sum = 0;
    int n = 0;

    for (int i = 0; i < f->row_count; i++)
        if (strcmp(f->rows[i].experiment, experiment) == 0) {
            sum += f->rows[i].core_seconds;
            n++;
        }
    return sum / n;
}

static void collect_values(Front *f)
{
    f->report.values = allocate(f->row_count, sizeof *f->report.values);
    for (int i = 0; i < f->row_count; i++) {
        if (i && strcmp(f->rows[i].experiment, f->rows[i - 1].experiment) == 0)
            continue;
        Value *v = &f->report.values[f->report.value_count++];
        char text[64];
        stat_percent(text, accuracy_of(f, f->rows[i].experiment));
        if (snprintf(v->name, sizeof v->name, "%s.accuracy",
                     f->rows[i].experiment) >= (int)sizeof v->name)
            f->report.value_count--;            /* too long to be asked for */
        else
            v->text = text_copy(text);
    }
}

/* ---- what stands behind the @ ---- */

static Error ladder(Front *f, char *names)
{
    static char figure_name[1][64] = { "ladder" };
    const Figure figure = { .kind = "dots", .name = figure_name[0],
                            .x = "core seconds of training, the mean of the runs",
                            .y = "test accuracy, %",
                            .settings = "logx=1; errors=1" };
    char folder[1024], path[1100];
    Text data = { 0 }, alt = { 0 };
    bool any = false;
    Error error;

    snprintf(folder, sizeof folder, "%s/index", f->book);
    snprintf(path, sizeof path, "%s/ladder.tsv", folder);
    text_add(&data, "series\tx\ty\n");
    text_add(&alt, "Test accuracy against the core seconds of training: ");
    for (char *name; (name = strtok_r(names, " ", &names));) {
        char accuracy[64];
        const double seconds = seconds_of(f, name);
        for (int i = 0; i < f->row_count; i++)
            if (strcmp(f->rows[i].experiment, name) == 0)
                text_add(&data, "%s\t%g\t%g\n", name, seconds,
                         100 * f->rows[i].accuracy);
        if (!isfinite(seconds))
            continue;
        stat_percent(accuracy, accuracy_of(f, name));
        text_add(&alt, "%s", any ? "; " : "");
        markup_text(&alt, name);
        text_add(&alt, " %s in %.2g s", accuracy, seconds);
        any = true;
    }
    if (!any) {
        text_add(&f->page, "*None of these experiments has been run yet.*\n");
        text_free(&data);
        text_free(&alt);
        return NULL;
    }
    text_add_char(&alt, '.');
    f->report.figures = figure_name;
    f->report.figure_count = 1;
    if (!(error = make_folder(folder))
        && !(error = text_write_if_changed(&data, path)))
        error = figure_draw(&figure, folder);
    text_add(&f->page,
             "![%s](index/ladder.svg \"The ladder. Each pale dot is one run with "
             "its own random numbers, each strong mark the mean over the seeds, "
             "with one standard deviation to either side. The vertical axis is "
             "logarithmic in the errors, 100 %% minus the accuracy: to climb by "
             "the same distance is always to divide their number by the same "
             "factor.\")\n"
             "[data](index/ladder.tsv)\n[script](figures/dots.gp)\n",
             text_string(&alt));
    text_free(&data);
    text_free(&alt);
    return error;
}

static void chapters(Front *f)
{
    text_add(&f->page,
             "| No. | Chapter | Its experiments, accuracy on the test set |\n"
             "| --- | --- | --- |\n");
    for (int i = 0; i < f->page_count; i++) {
        char path[1024];
        Text list = { 0 };
        ResultRow *rows = NULL;
        int n = 0;
        if (f->pages[i].number == 0)
            continue;
        text_add(&f->page, "| %d | [](%s.md) | ", f->pages[i].number,
                 f->pages[i].name);
        if (left_behind(path, f, i, "results.tsv"))
            must(results_read(&rows, &n, path));
        for (int k = 0; k < n; k++) {
            char accuracy[64];
            const char *experiment = rows[k].experiment;
            /* The variations of exercises and sweeps have a comma or a space
             * in their names. */
            if (strcmp(rows[k].metric, "test_accuracy") != 0
                || strpbrk(experiment, ", "))
                continue;
            stat_percent(accuracy, accuracy_of(f, experiment));
            text_add(&list, "%s", list.length ? ", " : "");
            markup_code(&list, experiment);
            text_add(&list, " %s", accuracy);
        }
        text_add(&f->page, "%s |\n", text_string(&list));
        text_free(&list);
        free(rows);
    }
    text_add_char(&f->page, '\n');
}

static void processor(char name[128])
{
    char line[256];
    FILE *f = fopen("/proc/cpuinfo", "r");
    struct utsname machine;

    uname(&machine);
    snprintf(name, 128, "%s", machine.machine);
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name : %127[^\n]", name) == 1)
            break;
    if (f)
        fclose(f);
}

static void edition(Front *f)
{
    char cpu[128];
    double seconds = 0;
    int claims[VERDICTS] = { 0 };

    for (int i = 0; i < f->row_count; i++)
        seconds += f->rows[i].core_seconds;
    for (int i = 0; i < f->page_count; i++) {
        char path[1024];
        ClaimRow *rows;
        int n;
        if (!left_behind(path, f, i, "claims.tsv"))
            continue;
        must(claims_read(&rows, &n, path));
        for (int k = 0; k < n; k++)
            claims[rows[k].verdict]++;
        free(rows);
    }
    processor(cpu);
    text_add(&f->page,
             "```stamp\nData: ");
    markup_in_code(&f->page, f->digits->origin);       /* on one line */
    text_add(&f->page, "\nSHA-256 of its pixels and labels: %s\n",
             f->digits->digest);
    text_add(&f->page, "Runs: %d, %.0f core seconds of training\n", f->row_count,
             seconds);
    text_add(&f->page, "Claims: %d hold, %d fail, %d not judged\n",
             claims[HOLDS], claims[FAILS], claims[UNJUDGED]);
    text_add(&f->page, "Processor: %s, %ld cores\nCompiler: %s\n```\n", cpu,
             sysconf(_SC_NPROCESSORS_ONLN), compiler_name);
}

/* "4 Learning faster" */
static void part(Page *pages, int n, const char *words)
{
    char *title;
    const long number = strtol(words, &title, 10);

    for (int i = 0; i < n; i++)
        if (number && pages[i].number == number)
            pages[i].part = text_copy(title + strspn(title, " "));
}

Error front_page(const char *book, Page *pages, int n, bool complete,
                 const Digits *digits)
{
    Front f = { .book = book, .pages = pages, .page_count = n,
                .digits = digits };
    Text source = { 0 };
    char path[1024];
    Error error = text_read_lines(&source, source_path);
    int number = 1;

    if (!complete)
        f.report.unknown = "(not run yet)";
    read_runs(&f);
    collect_values(&f);
    for (char *line = source.s; line && *line && !error; number++) {
        const size_t length = strcspn(line, "\n");
        char *next = line + length + (line[length] == '\n');
        line[length] = '\0';
        if (strncmp(line, "@ladder ", 8) == 0)
            error = ladder(&f, line + 8);
        else if (strcmp(line, "@chapters") == 0)
            chapters(&f);
        else if (strcmp(line, "@edition") == 0)
            edition(&f);
        else if (strncmp(line, "@part ", 6) == 0)
            part(pages, n, line + 6);
        else
            error = weave_values(&f.page, source_path, number, line, length,
                                 &f.report);
        text_add_char(&f.page, '\n');
        line = next;
    }
    snprintf(path, sizeof path, "%s/index.md", book);
    if (!error)
        error = text_write_if_changed(&f.page, path);
    free(f.rows);
    for (int i = 0; i < f.report.value_count; i++)
        free(f.report.values[i].text);
    free(f.report.values);
    text_free(&f.page);
    text_free(&source);
    return error;
}
