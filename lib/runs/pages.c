/* SPDX-License-Identifier: MIT */
#include "runs/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, PATH = 1024 };

static void list_path(char path[PATH], const char *folder)
{
    snprintf(path, PATH, "%s/pages.tsv", folder);
}

Error pages_write(const Pages *p, const char *folder)
{
    char path[PATH];
    Text t = { 0 };

    list_path(path, folder);
    text_add(&t, "notice\t%s\n", p->notice ? p->notice : "");
    text_add(&t, "name\tnumber\tpart\taside\tbanner\n");
    for (const Page *page = p->at; page < p->at + p->n; page++)
        text_add(&t, "%s\t%d\t%s\t%d\t%s\n", page->name, page->number,
                 page->part ? page->part : "", page->aside,
                 page->banner ? page->banner : "");
    const Error error = text_write_if_changed(&t, path);
    text_free(&t);
    return error;
}

/* Cuts a line into its fields, goes on to the next one, and says how many
 * fields there are. */
static int cut(char *field[COLUMNS], char **line)
{
    char *p = *line, *end = p + strcspn(p, "\n");
    int n = 0;

    *line = end + (*end == '\n');
    *end = '\0';
    for (; p <= end; p++) {
        char *start = p;
        p += strcspn(p, "\t");
        *p = '\0';
        if (n < COLUMNS)
            field[n] = start;
        n++;
    }
    return n;
}

Error pages_read(Pages *p, const char *folder)
{
    char path[PATH], *field[COLUMNS];

    *p = (Pages){ 0 };
    list_path(path, folder);
    const Error error = text_read_lines(&p->text, path);
    if (error)
        return error;
    char *line = p->text.s;                           /* NULL: an empty file */
    if (!line || cut(field, &line) != 2 || strcmp(field[0], "notice") != 0)
        return error_text("%s:1: expected `notice`, a tab and the notice",
                          path);
    p->notice = field[1];
    cut(field, &line);                                /* the columns' names */
    p->at = allocate(p->text.length, sizeof *p->at);  /* more than its lines */
    for (int number = 3; *line; number++) {
        if (cut(field, &line) != COLUMNS)
            return error_text("%s:%d: expected name, number, part, aside "
                              "and banner, with tabs between them", path, number);
        p->at[p->n++] = (Page){ .name = field[0], .number = atoi(field[1]),
                                .part = *field[2] ? field[2] : NULL,
                                .aside = atoi(field[3]) != 0,
                                .banner = *field[4] ? field[4] : NULL };
    }
    return p->n ? NULL : error_text("%s: found no page in it", path);
}

void pages_free(Pages *p)
{
    free(p->at);
    text_free(&p->text);
}
