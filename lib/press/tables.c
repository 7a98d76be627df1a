/* SPDX-License-Identifier: MIT
 *
 * The source lines of a paragraph are cut into cells, and each cell is woven by
 * itself.
 */
#include "press/tables.h"

#include <ctype.h>
#include <string.h>

#include "press/inlines.h"

enum { MOST_COLUMNS = 32 };            /* more are refused */

typedef struct Cell {
    const char *s;
    int length;
} Cell;

typedef struct Column {
    char align;            /* 'l', 'c', 'r', or 0: right if all are numbers */
    int numbers, words;    /* cells of each kind */
} Column;

/* Behind the code that begins at p, which ends with as many backquotes as it
 * begins with; p + the backquotes where it has no end. */
static const char *behind_code(const char *p, const char *end)
{
    const size_t n = strspn(p, "`");

    for (const char *q = p + n; q < end; q++) {
        const size_t run = strspn(q, "`");
        if (run == n)
            return q + n;
        q += run ? run - 1 : 0;
    }
    return p + n;
}

/* Cuts one line at its pipes, but for \| and those in code. Returns their
 * number, MOST_COLUMNS + 1 where there are more. */
static int cut(const char *line, Cell cells[MOST_COLUMNS])
{
    const char *end = line + strcspn(line, "\n"), *p;
    int n = 0;

    while (end > line && isspace((unsigned char)end[-1]))
        end--;
    end -= end > line && end[-1] == '|';
    for (line += *line == '|'; line <= end; line = p + 1) {
        if (n == MOST_COLUMNS)
            return n + 1;
        for (p = line; p < end && *p != '|';)
            p = *p == '`' ? behind_code(p, end)
              : p + (*p == '\\' && p + 1 < end ? 2 : 1);
        const char *last = p;
        while (line < last && *line == ' ')
            line++;
        while (last > line && last[-1] == ' ')
            last--;
        cells[n++] = (Cell){ line, (int)(last - line) };
    }
    return n;
}

static char alignment(Cell rule)
{
    const bool left = rule.length && rule.s[0] == ':';
    const bool right = rule.length && rule.s[rule.length - 1] == ':';

    return (char)(left && right ? 'c' : right ? 'r' : left ? 'l' : 0);
}

/* 97.1 ± 0.2 %, −3, 1,199,882: digits and what goes with them. */
static bool is_number(Cell cell)
{
    bool digit = false;

    for (int i = 0; i < cell.length; i++) {
        const char c = cell.s[i];
        digit |= isdigit((unsigned char)c) != 0;
        if (!isdigit((unsigned char)c) && !strchr(" .,+-%<>~*()/", c)
            && !(c & 0x80))
            return false;
    }
    return digit;
}

static bool is_blank(Cell cell)
{
    return cell.length == 0 || strncmp(cell.s, "–", (size_t)cell.length) == 0
        || strncmp(cell.s, "—", (size_t)cell.length) == 0
        || strncmp(cell.s, "-", (size_t)cell.length) == 0;
}

static Error add_row(const Book *book, const Draft *d, Text *html,
                     const Cell *cells, const Column *columns, int n,
                     const char *tag, int line)
{
    Error e = NULL;

    text_add(html, "<tr>");
    for (int i = 0; i < n && !e; i++) {
        const Column *c = &columns[i];
        const char align = c->align ? c->align
                         : c->numbers && !c->words ? 'r' : 'l';
        text_add(html, "<%s%s>", tag, align == 'r' ? " class=\"r\""
                                    : align == 'c' ? " class=\"c\"" : "");
        e = inlines_piece(book, d, html, cells[i].s, (size_t)cells[i].length,
                          line, true);
        text_add(html, "</%.2s>", tag);
    }
    text_add(html, "</tr>\n");
    return e;
}

static Error add_rows(const Book *book, const Draft *d, Text *html,
                      const char *lines, int line)
{
    Column columns[MOST_COLUMNS] = { { 0 } };
    Cell cells[MOST_COLUMNS];
    const char *body = text_next_line(text_next_line(lines));
    const int n = cut(text_next_line(lines), cells);
    Error e = NULL;

    if (n > MOST_COLUMNS)
        return draft_error(d, line + 1, "a table of more than 32 columns", "");
    for (int i = 0; i < n; i++)
        columns[i].align = alignment(cells[i]);
    for (const char *p = body; *p; p = text_next_line(p)) {
        const int m = cut(p, cells);
        for (int i = 0; i < m && i < n; i++) {
            columns[i].numbers += is_number(cells[i]);
            columns[i].words += !is_number(cells[i]) && !is_blank(cells[i]);
        }
    }
    for (const char *p = lines; *p && !e; p = text_next_line(p), line++) {
        if (p == text_next_line(lines))
            continue;
        if (cut(p, cells) != n)
            return draft_error(d, line, "a row with more or fewer cells "
                               "than the line of dashes", "");
        if (p == lines)
            text_add(html, "<thead>");
        e = add_row(book, d, html, cells, columns, n,
                    p == lines ? "th scope=\"col\"" : "td", line);
        if (p == lines)
            text_add(html, "</thead>\n<tbody>");
    }
    text_add(html, "</tbody>");
    return e;
}

Error table_html(const Book *book, const Draft *d, Text *html,
                 const char *lines, int line, const Anchor *a,
                 const char *caption, int caption_line)
{
    const size_t label = strlen("Table: ");
    Error e = NULL;

    if (a) {
        text_add(html, "<figure class=\"table\" id=\"%s\">\n"
                 "<figcaption><b>%s</b> ", a->id, a->label);
        e = inlines_piece(book, d, html, caption + label,
                          strlen(caption) - label, caption_line, true);
        text_add(html, "</figcaption>\n");
    }
    text_add(html, "<div class=\"scroll\"><table>\n");
    if (!e)
        e = add_rows(book, d, html, lines, line);
    text_add(html, "</table></div>%s", a ? "</figure>" : "");
    return e;
}
