/* SPDX-License-Identifier: MIT */
#include "chapter/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "runs/fields.h"
#include "runs/method.h"

/* ---- fields ---- */

/* How many parts "dense 32, relu, softmax" has. */
static int count_parts(const char *list)
{
    int n = 1;

    for (; (list = strchr(list, ',')); list++)
        n++;
    return n;
}

/* A value with those parts in bold that differ from the other's; all of it when
 * the two have not as many parts. */
static void add_marked(Text *t, const char *value, const char *other)
{
    if (!*value) {
        text_add(t, "unused");
        return;
    }
    if (count_parts(value) != count_parts(other)) {
        text_add(t, "**%s**", value);
        return;
    }
    for (const char *separator = ""; *value; separator = ", ") {
        const size_t n = strcspn(value, ","), m = strcspn(other, ",");
        const bool same = n == m && memcmp(value, other, n) == 0;
        text_add(t, same ? "%s%.*s" : "%s**%.*s**", separator, (int)n, value);
        value += n + strspn(value + n, ", ");
        other += m + strspn(other + m, ", ");
    }
}

void changes_add_fields(Text *t, const Experiment *before, const char *where,
                        const Experiment *now)
{
    const Experiment a = method_complete(before);
    const Experiment b = method_complete(now);

    text_add(t, "| Field | ");
    markup_code(t, a.name);
    text_add(t, ", %s | ", where);
    markup_code(t, b.name);
    text_add(t, ", here |\n| --- | --- | --- |\n");
    for (Change c = { 0 }; next_change(&c, &a, &b);) {
        text_add(t, "| `%s` | %s | ", c.field, *c.before ? c.before : "unused");
        add_marked(t, c.after, c.before);
        text_add(t, " |\n");
    }
}

/* ---- lines ---- */

typedef struct Line {
    const char *s;
    int length;
} Line;

typedef struct Lines {
    Line *line;
    int n;
} Lines;

/* Where the experiment of that name begins: behind the line that names it. */
static const char *begin_of(const char *source, const char *name)
{
    Text quoted = { 0 };
    const char *at;

    text_add(&quoted, "\"%s\"", name);
    for (at = source; (at = strstr(at, quoted.s)); at++) {
        const char *line = at;
        while (line > source && line[-1] != '\n')
            line--;
        if (strncmp(line + strspn(line, " "), ".name", 5) == 0)
            break;
    }
    text_free(&quoted);
    return at ? text_next_line(at) : source + strlen(source);
}

/* The lines of an experiment, to its closing brace, without the comments at
 * their ends. */
static Lines lines_of(const char *source, const char *name)
{
    const char *begin = begin_of(source, name);
    const char *end = strstr(begin, "\n};\n");
    Lines l = { 0 };
    int room = 1;

    if (!end)
        end = begin;
    for (const char *p = begin; p < end; p = text_next_line(p))
        room++;
    l.line = allocate(room, sizeof *l.line);
    for (const char *p = begin; p < end; p = text_next_line(p)) {
        const char *stop = p + strcspn(p, "\n");
        for (const char *c = p; c + 1 < stop; c++)
            if (c[0] == '/' && (c[1] == '*' || c[1] == '/'))
                stop = c;
        while (stop > p && stop[-1] == ' ')
            stop--;
        if (stop > p)
            l.line[l.n++] = (Line){ p, (int)(stop - p) };
    }
    return l;
}

static bool same(Line a, Line b)
{
    return a.length == b.length && memcmp(a.s, b.s, a.length) == 0;
}

/* common[i * (m + 1) + k]: the length of the longest common subsequence of the
 * lines from i of a and from k of b on. */
static int *table_of(Lines a, Lines b)
{
    const int m = b.n + 1;
    int *common = allocate((size_t)(a.n + 1) * m, sizeof *common);

    for (int i = a.n - 1; i >= 0; i--)
        for (int k = b.n - 1; k >= 0; k--) {
            const int down = common[(i + 1) * m + k];
            const int right = common[i * m + k + 1];
            common[i * m + k] = same(a.line[i], b.line[k])
                              ? common[(i + 1) * m + k + 1] + 1
                              : down > right ? down : right;
        }
    return common;
}

/* The lines that went with '-' and those that came with '+'; one "..." for
 * those that stayed between them. */
static void add_difference(Text *t, Lines a, Lines b, const int *common)
{
    const int m = b.n + 1;
    bool stayed = false, any = false;

    for (int i = 0, k = 0; i < a.n || k < b.n;) {
        const bool both = i < a.n && k < b.n;
        if (both && same(a.line[i], b.line[k])) {
            i++, k++;
            stayed = true;
            continue;
        }
        if (stayed && any)
            text_add(t, "  ...\n");
        stayed = false;
        any = true;
        const bool goes = k == b.n
                       || (both && common[(i + 1) * m + k]
                                   >= common[i * m + k + 1]);
        const Line l = goes ? a.line[i++] : b.line[k++];
        text_add(t, "%c %.*s\n", goes ? '-' : '+', l.length, l.s);
    }
}

void changes_add_lines(Text *t, const char *before, const char *name_before,
                       const char *now, const char *name_now)
{
    const Lines a = lines_of(before, name_before);
    const Lines b = lines_of(now, name_now);
    int *common = table_of(a, b);

    if (common[0] < a.n || common[0] < b.n) {
        text_add(t, "```diff\n");
        add_difference(t, a, b, common);
        text_add(t, "```\n");
    }
    free(common);
    free(a.line);
    free(b.line);
}
