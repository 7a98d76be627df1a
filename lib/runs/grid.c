/* SPDX-License-Identifier: MIT */
#include "runs/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_COLUMNS = 16, MAX_ROW = 4096 };

void grid_add(Grid *g, const char *format, ...)
{
    char row[MAX_ROW];
    va_list args;

    va_start(args, format);
    vsnprintf(row, sizeof row, format, args);
    va_end(args);
    text_add(&g->rows, "%s\n", row);
}

/* Letters, not bytes: those that continue a UTF-8 letter do not count. */
static int letters(const char *s, size_t length)
{
    int n = 0;

    for (size_t i = 0; i < length; i++)
        n += (s[i] & 0xc0) != 0x80;
    return n;
}

/* The length of the cell at s; *next is the cell behind it, or NULL. */
static size_t cell(const char *s, const char **next)
{
    const char *end = s + strcspn(s, "\n"), *bar = strstr(s, " | ");
    const bool last = !bar || bar > end;

    *next = last ? NULL : bar + strlen(" | ");
    return (last ? end : bar) - s;
}

static void add_row(Text *t, const char *row, const int width[MAX_COLUMNS],
                    int columns)
{
    for (int c = 0; c < columns; c++) {
        const char *next = NULL;
        const size_t length = row ? cell(row, &next) : 0;
        text_add(t, "| %.*s%*s ", (int)length, row ? row : "",
                 width[c] - (row ? letters(row, length) : 0), "");
        row = next;
    }
    text_add(t, "|\n");
}

void grid_write(Text *t, Grid *g)
{
    int width[MAX_COLUMNS] = { 0 }, columns = 0, row = 0;

    for (const char *line = text_string(&g->rows); *line;
         line = text_next_line(line)) {
        int c = 0;
        for (const char *s = line, *next; s && c < MAX_COLUMNS; s = next, c++) {
            const int n = letters(s, cell(s, &next));
            width[c] = n > width[c] ? n : width[c];
        }
        columns = c > columns ? c : columns;
    }
    for (const char *line = text_string(&g->rows); *line;
         line = text_next_line(line)) {
        add_row(t, line, width, columns);
        for (int c = 0; c < columns && row == 0; c++)
            text_add(t, "|%.*s", width[c] + 2,
                     "----------------------------------------------------"
                     "----------------------------------------------------");
        if (row++ == 0)
            text_add(t, "|\n");
    }
    text_free(&g->rows);
}
