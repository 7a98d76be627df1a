/* SPDX-License-Identifier: MIT */
#include "chapter/weave.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "chapter/show.h"
#include "chapter/values.h"

enum { MAX_NAME = 64, INDENT = 4 };

/* A line of the source. */
typedef struct Line {
    const char *start;
    size_t length;         /* without the newline */
} Line;

/* The chapter while it is woven. */
typedef struct Loom {
    const char *path;
    Line *line;            /* line[1] to line[lines] */
    int lines;
    const char *const *steps;
    int step_count, next_step;
    const Report *report;
    bool *placed;          /* per artefact */
    bool changes_placed;
    bool in_step;          /* inside the braces of a step */
    enum { NO_IF, IF, ELSE } branch;       /* of an @if */
    bool holds;            /* its condition */
    Text *page;
    int at;                /* the line that is next */
} Loom;

static void split_lines(Loom *l, const char *source)
{
    int n = 2;

    for (const char *p = source; *p; p++)
        n += *p == '\n';
    l->line = allocate(n + 1, sizeof *l->line);
    while (*source) {
        const size_t length = strcspn(source, "\n");
        l->line[++l->lines] = (Line){ source, length };
        source += length + (source[length] == '\n');
    }
}

static size_t indent_of(Line s)
{
    size_t n = 0;

    while (n < s.length && s.start[n] == ' ')
        n++;
    return n;
}

/* Whether the line, indentation aside, begins with this text. */
static bool begins(Line s, const char *text)
{
    const size_t n = indent_of(s), length = strlen(text);

    return s.length - n >= length && memcmp(s.start + n, text, length) == 0;
}

static bool blank(Line s)
{
    for (size_t i = 0; i < s.length; i++)
        if (!isspace((unsigned char)s.start[i]))
            return false;
    return true;
}

/* Whether the line is exactly this text. */
static bool is(Line s, const char *text)
{
    return s.length == strlen(text) && memcmp(s.start, text, s.length) == 0;
}

/* ---- prose ---- */

/* @show file name name ... */
static Error show(Loom *l, Line s)
{
    const Error error = show_items(l->page, s.start, s.length);

    return error ? error_text("%s:%d: @show: %s", l->path, l->at, error) : NULL;
}

/* @changes */
static Error changes(Loom *l)
{
    if (!l->report->changes.length)
        return error_text("%s:%d: @changes: this chapter builds on none; give "
                          "its contents .builds_on", l->path, l->at);
    l->changes_placed = true;
    text_add(l->page, "%s\n", l->report->changes.s);
    return NULL;
}

/* @if name, @else, @end */
static Error condition(Loom *l, Line s)
{
    const bool opens = begins(s, "@if");

    if (opens != (l->branch == NO_IF) || (begins(s, "@else") && l->branch == ELSE))
        return error_text("%s:%d: @if, @else and @end stand in this order, one "
                          "@if at a time", l->path, l->at);
    if (begins(s, "@end") && l->branch == IF)
        return error_text("%s:%d: @end without @else: what does the page say "
                          "when the condition does not hold?", l->path, l->at);
    if (opens) {
        const size_t skip = indent_of(s) + strlen("@if");
        Text name = { 0 };
        text_add_bytes(&name, s.start + skip, s.length - skip);
        l->holds = value_holds(l->report, text_string(&name));
        text_free(&name);
    }
    l->branch = opens ? IF : begins(s, "@else") ? ELSE : NO_IF;
    return NULL;
}

/* One line of prose that stands on line `at` of the source. */
static Error prose_line(Loom *l, Line s, int *fenced)
{
    if (begins(s, "```"))
        *fenced = markup_fence_after(*fenced, s.start);
    if (!*fenced && (begins(s, "@if ") || is(s, "@else") || is(s, "@end")))
        return condition(l, s);
    if (l->branch != NO_IF && l->holds != (l->branch == IF))
        return NULL;
    if (!*fenced && begins(s, "@show"))
        return show(l, s);
    if (!*fenced && begins(s, "@changes"))
        return changes(l);
    if (*fenced) {
        text_add_bytes(l->page, s.start, s.length);
    } else {
        const Error error = weave_values(l->page, l->path, l->at, s.start,
                                         s.length,
                                         l->report);
        if (error)
            return error;
    }
    text_add_char(l->page, '\n');
    return NULL;
}

/* A prose comment, from its opening line to the closing one. */
static Error prose(Loom *l)
{
    const int opened = l->at;
    int fenced = 0;
    Line s = l->line[l->at];
    const size_t skip = indent_of(s) + 3;

    s = (Line){ s.start + skip, s.length - skip };
    for (;;) {
        const char *close = NULL;
        for (size_t i = 0; i + 1 < s.length && !close; i++)
            if (s.start[i] == '*' && s.start[i + 1] == '/')
                close = s.start + i;
        if (close && !blank((Line){ close + 2,
                                    s.length - (close + 2 - s.start) }))
            return error_text("%s:%d: prose ends here, at the first \"*/\"; "
                              "nothing may follow on that line",
                              l->path, l->at);
        if (close)
            s.length = close - s.start;
        if (!blank(s) || (l->at != opened && !close)) {
            const Error error = prose_line(l, s, &fenced);
            if (error)
                return error;
        }
        l->at++;
        if (close)
            break;
        if (l->at > l->lines)
            return error_text("%s:%d: prose begins here and never ends",
                              l->path, opened);
        s = l->line[l->at];
    }
    if (fenced)
        return error_text("%s:%d: a ``` in this prose is never closed", l->path,
                          opened);
    if (l->branch != NO_IF)
        return error_text("%s:%d: an @if in this prose has no @end", l->path,
                          opened);
    text_add_char(l->page, '\n');
    return NULL;
}

/* ---- code ---- */

/* Whether lines `at` and `at` + 1 open a function that main runs. */
static bool opens_step(const Loom *l, int at, char name[MAX_NAME])
{
    const char *prefix = "static void ";
    const Line s = l->line[at];
    size_t n = strlen(prefix), length = 0;

    if (s.length < n || memcmp(s.start, prefix, n) != 0 || at == l->lines
        || !is(l->line[at + 1], "{"))
        return false;
    while (n + length < s.length && s.start[n + length] != '('
           && length + 1 < MAX_NAME)
        length++;
    memcpy(name, s.start + n, length);
    name[length] = '\0';
    for (int i = 0; i < l->step_count; i++)
        if (strcmp(l->steps[i], name) == 0)
            return true;
    return false;
}

/* What a program prints in a row belongs together. */
static void place_output(Text *page, Text *output)
{
    if (output->length) {
        markup_fence(page, "output", output->s, output->length);
        text_add_char(page, '\n');
    }
    text_free(output);
}

/* Puts what was reported on lines first to last behind them. Values count in
 * captions, claims and answers too, but not in what a program printed. */
static Error place(Loom *l, int first, int last)
{
    Text output = { 0 };
    Error error = NULL;

    for (int i = 0; i < l->report->artefact_count && !error; i++) {
        const Artefact *a = &l->report->artefacts[i];
        if (l->placed[i] || a->line < first || a->line > last)
            continue;
        l->placed[i] = true;
        if (a->output) {
            text_add_bytes(&output, a->markdown.s, a->markdown.length);
            continue;
        }
        place_output(l->page, &output);
        error = weave_values(l->page, l->path, a->line,
                             text_string(&a->markdown), a->markdown.length,
                             l->report);
        text_add_char(l->page, '\n');
    }
    place_output(l->page, &output);
    return error;
}

/* Lines first to last as one listing, with what they reported behind it. */
static Error piece(Loom *l, int first, int last, const char *fold)
{
    const int reported_from = first, reported_to = last;
    size_t skip = l->in_step ? INDENT : 0;

    while (first <= last && blank(l->line[first]))
        first++;
    while (first <= last && blank(l->line[last]))
        last--;
    if (first <= last && !(first == last && begins(l->line[first], "/* "
                                                                   "SPDX"))) {
        Text info = { 0 }, lines = { 0 };
        text_add(&info, "c file=%s line=%d", l->path, first);
        if (*fold)
            text_add(&info, " fold=\"%s\"", fold);
        for (int i = first; i <= last; i++) {
            const Line s = l->line[i];
            const size_t cut = indent_of(s) < skip ? indent_of(s) : skip;
            text_add_bytes(&lines, s.start + cut, s.length - cut);
            text_add_char(&lines, '\n');
        }
        markup_fence(l->page, info.s, lines.s, lines.length);
        text_add_char(l->page, '\n');
        text_free(&info);
        text_free(&lines);
    }
    return place(l, reported_from, reported_to);
}

/* Where the text has come to a step: it must be the one that runs next. */
static Error enter_step(Loom *l, const char *name)
{
    const char *next = l->next_step < l->step_count ? l->steps[l->next_step]
                                                    : "none";

    if (strcmp(next, name) != 0)
        return error_text("%s:%d: step %s stands here, but main runs %s at "
                          "this point: steps run in the order of the text",
                          l->path, l->at, name, next);
    l->next_step++;
    l->in_step = true;
    return NULL;
}

/* The title of a line that opens or closes a fold: "" for one that closes. */
static Error turn_fold(Loom *l, char fold[128])
{
    const char *opening = "// fold:";
    const Line s = l->line[l->at];
    const bool opens = begins(s, opening);
    const char *title = s.start + indent_of(s) + strlen(opening);

    if (opens && *fold)
        return error_text("%s:%d: a fold inside \"// fold: %s\"; close that "
                          "one first", l->path, l->at, fold);
    if (!opens && !*fold)
        return error_text("%s:%d: \"// end fold\" without \"// fold: title\"",
                          l->path, l->at);
    *fold = '\0';
    if (opens) {
        title += strspn(title, " ");
        const int length = (int)(s.start + s.length - title);
        if (length >= 128 || strcspn(title, "\"`\n") < (size_t)length)
            return error_text("%s:%d: the title of a fold has fewer than 128 "
                              "characters, and no \" or ` among them", l->path,
                              l->at);
        snprintf(fold, 128, "%.*s", length, title);
    }
    return NULL;
}

/* Code, up to the next prose or the end: cut into pieces where a step opens or
 * closes and where lines are folded. What is folded is one piece, steps and
 * all. */
static Error code(Loom *l)
{
    int first = l->at;
    char name[MAX_NAME], fold[128] = "";
    Error error = NULL;

    for (; l->at <= l->lines && !begins(l->line[l->at], "/*%"); l->at++) {
        const Line s = l->line[l->at];
        const bool opens = opens_step(l, l->at, name);
        const bool closes = l->in_step && is(s, "}");
        const bool folds = begins(s, "// fold:") || begins(s, "// end fold");
        const bool cuts = folds || ((opens || closes) && !*fold);
        if ((cuts && (error = piece(l, first, l->at - 1, fold)))
            || (opens && (error = enter_step(l, name)))
            || (folds && (error = turn_fold(l, fold))))
            return error;
        if (opens)
            l->at++;                                   /* behind the { */
        if (closes)
            l->in_step = false;
        if (cuts)
            first = l->at + 1;
    }
    if (*fold)
        return error_text("%s:%d: \"// fold: %s\" is not closed before the "
                          "prose", l->path, l->at, fold);
    return piece(l, first, l->at - 1, fold);
}

/* Everything that was reported must have found its place. */
static Error check_placed(const Loom *l)
{
    const Report *r = l->report;

    for (int i = 0; i < r->artefact_count; i++)
        if (!l->placed[i])
            return error_text("%s:%d: what was reported here has no place in "
                              "the text",
                              l->path, r->artefacts[i].line);
    for (int i = 0; i < r->value_count; i++)
        if (!r->values[i].used && r->values[i].line)
            return error_text("%s:%d: the value %s is reported and never used",
                              l->path,
                              r->values[i].line, r->values[i].name);
    if (r->changes.length && !l->changes_placed)
        return error_text("%s: the chapter builds on another, and no line of "
                          "prose says @changes", l->path);
    if (l->next_step < l->step_count)
        return error_text("%s: main runs %s, which is no step of this text",
                          l->path,
                          l->steps[l->next_step]);
    return NULL;
}

Error weave(Text *page, const char *path, const char *source,
            const char *const *steps, int step_count, const Report *report)
{
    Loom l = { .path = path, .steps = steps, .step_count = step_count,
               .report = report, .page = page, .at = 1 };
    Error error = NULL;

    split_lines(&l, source);
    l.placed = allocate(report->artefact_count + 1, sizeof *l.placed);
    while (l.at <= l.lines && !error)
        error = begins(l.line[l.at], "/*%") ? prose(&l) : code(&l);
    if (!error)
        error = check_placed(&l);
    free(l.line);
    free(l.placed);
    return error;
}
