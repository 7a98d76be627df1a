/* SPDX-License-Identifier: MIT */
#include "chapter/report.h"

#include <stdarg.h>
#include <string.h>

#include "base/markup.h"
#include "chapter/state.h"
#include "runs/twin.h"

void report_value_at(Place at, const char *name, const char *format, ...)
{
    Text text = { 0 };
    va_list args;

    step_check(at);
    va_start(args, format);
    text_add_list(&text, format, args);
    va_end(args);
    value_add(at.line, name, text_string(&text));
    text_free(&text);
}

void report_claim_at(Place at, bool holds, const char *format, ...)
{
    Text plain = { 0 }, markdown = { 0 };
    va_list args;

    va_start(args, format);
    text_add_list(&plain, format, args);
    markup_format(&markdown, format, args);
    va_end(args);
    claim_add(artefact_new(at), at.line, holds, text_string(&plain),
              text_string(&markdown));
    text_free(&plain);
    text_free(&markdown);
}

void report_print_at(Place at, const char *format, ...)
{
    Text *t = artefact_new(at);
    va_list args;

    chapter.report.artefacts[chapter.report.artefact_count - 1].output = true;
    va_start(args, format);
    text_add_list(t, format, args);
    va_end(args);
}

/* One line, whatever the chapter wrote. */
static void add_caption(Text *t, const char *caption)
{
    text_add(t, "Table: ");
    for (const char *c = caption; *c; c++)
        text_add_char(t, *c == '\n' ? ' ' : *c);
    text_add(t, "\n\n");
}

void report_table_at(Place at, const char *caption, const char *columns)
{
    Text *t = artefact_new(at);

    if (caption)
        add_caption(t, caption);
    text_add(t, "| %s |\n|", columns);
    for (const char *p = columns; p; p = strchr(p + 1, '|'))
        text_add(t, " --- |");
    text_add_char(t, '\n');
}

void report_row_at(Place at, const char *format, ...)
{
    va_list args;

    step_check(at);
    Text *t = artefact_last();
    if (!t || !strstr(text_string(t), "| --- |"))
        die("%s:%d: a row without a table: call report_table first",
            chapter.source, at.line);
    text_add(t, "| ");
    va_start(args, format);
    markup_format(t, format, args);
    va_end(args);
    text_add(t, " |\n");
}

/* The columns of a table of scores; what they were judged on is the same for
 * all of them. */
void score_columns(char columns[128], const Result *r)
{
    const char *on = judged_on(&r->experiment);

    snprintf(columns, 128, "Experiment | %s accuracy | %s loss | Core seconds | "
             "Seeds", on, on);
}

void score_add(Text *t, const Result *r)
{
    char accuracy[64];

    stat_percent(accuracy, r->accuracy);
    text_add(t, "| ");
    markup_text(t, r->experiment.name);
    text_add(t, " | %s | %.4f | ", accuracy, r->loss.mean);
    if (r->runs)
        text_add(t, "%.2f | %d |\n", r->core_seconds.mean, r->runs);
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
            die("%s:%d: scores on test and held-out images in one table",
                chapter.source, at.line);
        score_add(artefact_last(), r);
    }
    va_end(results);
}
