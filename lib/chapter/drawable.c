/* SPDX-License-Identifier: MIT */
#include "chapter/drawable.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST = 8 };

/* A column that is drawn: along x or y, and what its numbers reach. */
typedef struct Drawn {
    int column;                    /* from 0; -1: all */
    char axis;
    bool log;
    double low, high;
} Drawn;

/* The number in "name=1; ", or `otherwise`. */
static double setting_of(const char *settings, const char *name,
                         double otherwise)
{
    const size_t n = strlen(name);

    for (const char *p = settings; (p = strstr(p, name)); p += n)
        if (p[n] == '=' && (p == settings || strchr(" ;", p[-1])))
            return strtod(p + n + 1, NULL);
    return otherwise;
}

static int column_of(const char *table, const char *name, size_t length)
{
    const char *end = table + strcspn(table, "\n");
    int column = 0;

    for (const char *p = table; p < end; p += strcspn(p, "\t\n") + 1, column++)
        if (strcspn(p, "\t\n") == length && memcmp(p, name, length) == 0)
            return column;
    return -1;
}

static int find_drawn(Drawn drawn[MOST], const char *settings,
                      const char *table, const char *script)
{
    const char *line = strstr(script, "# draws: ");
    const char *p = line ? line + strlen("# draws: ") : "*";
    int n = 0;

    while (*p && *p != '\n' && n < MOST) {
        const size_t length = strcspn(p, " \n");
        Drawn *d = &drawn[n++];
        *d = (Drawn){ .column = *p == '*' ? -1 : column_of(table, p, length),
                      .axis = strchr("xft", *p) ? 'x' : 'y',
                      .low = INFINITY, .high = -INFINITY };
        d->log = setting_of(settings, d->axis == 'x' ? "logx" : "logy", 0) != 0;
        p += length + strspn(p + length, " ");
    }
    return n;
}

/* The number of a cell, NAN for words. */
static double number_in(const char *cell)
{
    char *end;
    const double x = strtod(cell, &end);

    return end > cell && strchr("\t\n", *end) ? x : NAN;
}

/* Whether the row has a number for the column, or one in any. */
static bool find_number(double *x, const char *row, const Drawn *d)
{
    const char *end = row + strcspn(row, "\n");
    int column = 0;

    for (const char *p = row; p < end; p += strcspn(p, "\t\n") + 1, column++) {
        *x = number_in(p);
        if (d->column == column && isnan(*x) && isalpha((unsigned char)*p)
            && strncasecmp(p, "nan", 3) != 0)
            return true;               /* words: gnuplot says what is wrong */
        if ((d->column < 0 || d->column == column) && fabs(*x) < 1e300
            && (!d->log || *x > 0))
            return true;
    }
    return false;
}

/* Ends of an axis that it cannot have. */
static void take_back(Text *settings, const Drawn *d)
{
    char low[] = "xmin", high[] = "xmax";

    low[0] = high[0] = d->axis;
    const double from = setting_of(text_string(settings), low, -HUGE_VAL);
    const double to = setting_of(text_string(settings), high, HUGE_VAL);
    const bool none = isnan(from) || isnan(to) || from >= to || from > d->high
                   || to < d->low
                   || (d->log && (isfinite(from) || isfinite(to))
                       && (isfinite(from) ? from : to) <= 0);
    if (none)
        text_add(settings, "; undefine %s; undefine %s", low, high);
}

bool drawable(Text *settings, const char *table, const char *script)
{
    Drawn drawn[MOST];
    const int n = find_drawn(drawn, text_string(settings), table, script);
    bool any = false;

    for (const char *row = text_next_line(table); *row;
         row = text_next_line(row)) {
        double x[MOST];
        bool all = true;
        for (int i = 0; i < n && all; i++)
            all = find_number(&x[i], row, &drawn[i]);
        any |= all;
        for (int i = 0; i < n && all; i++) {
            drawn[i].low = fmin(drawn[i].low, x[i]);
            drawn[i].high = fmax(drawn[i].high, x[i]);
        }
    }
    for (int i = 0; i < n && any; i++)
        if (drawn[i].column >= 0)
            take_back(settings, &drawn[i]);
    return any;
}
