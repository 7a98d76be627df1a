/* SPDX-License-Identifier: MIT */
#include "chapter/report.h"

#include <stdarg.h>
#include <string.h>

#include "chapter/state.h"
#include "runs/twin.h"

void report_value_at(Place at, const char *name, const char *format, ...)
{
    char text[128];
    va_list args;

    step_check(at);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    value_add(at.line, name, text);
}

void report_claim_at(Place at, bool holds, const char *format, ...)
{
    char sentence[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    claim_add(artefact_new(at), at.line, holds, sentence);
}

void report_print_at(Place at, const char *format, ...)
{
    Text *t = artefact_new(at);
    char line[4096];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_add(t, "```output\n%s```\n", line);
}

void report_table_at(Place at, const char *caption, const char *columns)
{
    Text *t = artefact_new(at);

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

    step_check(at);
    va_start(args, format);
    vsnprintf(row, sizeof row, format, args);
    va_end(args);
    Text *t = artefact_last();
    if (!t || !strstr(text_string(t), "| --- |"))
        die("%s:%d: a row without a table: call report_table first",
            chapter.source, at.line);
    text_add(t, "| %s |\n", row);
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
    text_add(t, "| %s | %s | %.4f | ", r->experiment.name, accuracy,
             r->loss.mean);
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
