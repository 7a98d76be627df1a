/* SPDX-License-Identifier: MIT */
#include "chapter/figure.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/sha256.h"
#include "chapter/drawable.h"

static const char STYLE[] = "figures/style.gp";
static const char NOTHING[] = "figures/nothing.gp";

enum {
    PATH = 1024,
    NOT_FOUND = 127,               /* what a shell says, too */
    PATIENCE = 120                 /* seconds; a figure takes less than one */
};

/* name='value'; as gnuplot reads it: between single quotes nothing is special
 * but the quote itself, which is written twice. */
static void set(Text *settings, const char *name, const char *value)
{
    text_add(settings, "%s='", name);
    for (; *value; value++) {
        if (*value == '\'')
            text_add_char(settings, '\'');
        text_add_char(settings, *value == '\n' ? ' ' : *value);
    }
    text_add(settings, "'; ");
}

/* The table's first line against the script's "# columns: x y [lo hi]". A
 * script without such a line takes any columns. */
static Error check_header(const char *path, const char *table,
                          const char *script)
{
    char expected[256] = "", found[256] = "";

    const char *line = strstr(script, "# columns: ");
    if (!line)
        return NULL;
    sscanf(line, "# columns: %255[^\n]", expected);
    sscanf(table, "%255[^\n]", found);
    for (char *c = found; *c; c++)
        if (*c == '\t')
            *c = ' ';

    char *optional = strstr(expected, " [");
    const size_t needed = optional ? (size_t)(optional - expected)
                                   : strlen(expected);
    if (strncmp(found, expected, needed) == 0
        && (found[needed] == '\0'
            || (optional && found[needed] == ' '
                && strncmp(found + needed + 1, optional + 2,
                           strlen(optional + 2) - 1) == 0)))
        return NULL;
    return error_text("%s: found the columns \"%s\", expected \"%s\"", path,
                      found, expected);
}

/* gnuplot would pass over a damaged line in silence. */
static Error check_table(const char *path, const char *table,
                         const char *script)
{
    int columns = 0, line = 1;

    for (const char *row = table; *row; line++) {
        const char *end = row + strcspn(row, "\n");
        int cells = 1;
        for (const char *c = row; c < end; c++)
            cells += *c == '\t';
        if (line == 1)
            columns = cells;
        if (cells != columns || end == row)
            return error_text("%s:%d: found %d columns, expected %d as in "
                              "line 1", path, line, end == row ? 0 : cells,
                              columns);
        row = *end ? end + 1 : end;
    }
    if (line < 2)
        return error_text("%s: found nothing, expected a line of column names "
                          "and lines of data", path);
    return check_header(path, table, script);
}

/* In the child: gnuplot, its output and its complaints into pipes. -d passes
 * over the user's own ~/.gnuplot. */
_Noreturn static void become_gnuplot(const char *settings, const char *script,
                                     int out, int complaints)
{
    if (dup2(out, STDOUT_FILENO) >= 0 && dup2(complaints, STDERR_FILENO) >= 0)
        execlp("gnuplot", "gnuplot", "-d", "-e", settings, STYLE, script,
               (char *)NULL);
    _exit(errno == ENOENT ? NOT_FOUND : 1);
}

/* The last line that is not empty is the one that says what is wrong. */
static const char *last_line(Text *message)
{
    while (message->length && isspace((unsigned char)
                                      message->s[message->length - 1]))
        message->s[--message->length] = '\0';
    const char *newline = strrchr(text_string(message), '\n');
    return newline ? newline + 1 : text_string(message);
}

/* Reads both pipes of a child until it closes them; false: it took too long. */
static bool read_both(Text *text[2], const int from[2])
{
    struct pollfd ends[2] = { { .fd = from[0], .events = POLLIN },
                              { .fd = from[1], .events = POLLIN } };
    const double start = clock_seconds();
    char block[4096];

    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (clock_seconds() - start > PATIENCE)
            return false;
        if (poll(ends, 2, 1000) <= 0)
            continue;
        for (int i = 0; i < 2; i++) {
            if (ends[i].fd < 0 || !ends[i].revents)
                continue;
            const ssize_t n = read(ends[i].fd, block, sizeof block);
            if (n > 0)
                text_add_bytes(text[i], block, (size_t)n);
            else if (n == 0 || errno != EINTR)
                ends[i].fd = -1;
        }
    }
    return true;
}

/* gnuplot's SVG comes through a pipe: nothing that is full can cut it. */
static Error run_gnuplot(Text *svg, const char *settings, const char *script)
{
    Text message = { 0 };
    int out[2], complaints[2], status = 0;

    fflush(NULL);
    if (pipe(out) != 0)
        return error_text("gnuplot: no pipe: %s", strerror(errno));
    if (pipe(complaints) != 0) {
        close(out[0]);
        close(out[1]);
        return error_text("gnuplot: no pipe: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {      /* other figures are drawn beside it */
        fcntl(out[i], F_SETFD, FD_CLOEXEC);
        fcntl(complaints[i], F_SETFD, FD_CLOEXEC);
    }
    const pid_t child = fork();
    if (child == 0)
        become_gnuplot(settings, script, out[1], complaints[1]);
    close(out[1]);
    close(complaints[1]);
    const bool in_time = child < 0
        || read_both((Text *[]){ svg, &message },
                     (int[]){ out[0], complaints[0] });
    close(out[0]);
    close(complaints[0]);
    if (!in_time)
        kill(child, SIGKILL);

    Error error = NULL;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        error = error_text("gnuplot: cannot be started: %s", strerror(errno));
    else if (!in_time)
        error = error_text("%s: gnuplot has not finished after %d seconds",
                           script, PATIENCE);
    else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        error = error_text("gnuplot: not found, and it draws the figures: "
                           "install it with `make setup`");
    else if (status != 0)
        error = error_text("%s: gnuplot says: %s", script,
                           last_line(&message));
    text_free(&message);
    return error;
}

/* Whether a text ends with another. */
static bool ends_with(const Text *t, const char *end)
{
    const size_t n = strlen(end);

    return t->length >= n && strcmp(t->s + t->length - n, end) == 0;
}

/* Is the figure there, whole, and made from what this digest stands for? */
static bool up_to_date(const char *svg, const char *stamp)
{
    Text old = { 0 }, end = { 0 };

    text_add(&end, "%s\n", stamp);
    const bool same = access(svg, R_OK) == 0 && text_read(&old, svg) == NULL
                   && ends_with(&old, end.s);
    text_free(&old);
    text_free(&end);
    return same;
}

/* Appends a drawing to `svg`, all of it. */
static Error draw(Text *svg, const char *settings, const char *script)
{
    const Error error = run_gnuplot(svg, settings, script);

    if (error)
        return error;
    return strstr(text_string(svg), "<svg")
        && (ends_with(svg, "</svg>\n\n") || ends_with(svg, "</svg>\n"))
         ? NULL : error_text("%s: gnuplot wrote no whole SVG", script);
}

/* The column `frame` of a table, from 0; -1: there is none, and the figure is
 * one picture. */
static int frame_column(const char *table)
{
    const char *end = table + strcspn(table, "\n");
    int column = 0;

    for (const char *p = table; p < end; p += strcspn(p, "\t\n") + 1, column++)
        if (strcspn(p, "\t\n") == 5 && strncmp(p, "frame", 5) == 0)
            return column;
    return -1;
}

/* The next line of the table that begins a new frame, and its name; NULL: no
 * more. The lines of a frame stand together. */
static const char *next_frame(const char *line, int column, char name[128])
{
    char before[128];

    snprintf(before, sizeof before, "%s", name);
    for (; *line; line = text_next_line(line)) {
        const char *cell = line;
        for (int i = 0; i < column; i++)
            cell += strcspn(cell, "\t\n") + 1;
        snprintf(name, 128, "%.*s", (int)strcspn(cell, "\t\n"), cell);
        if (strcmp(name, before) != 0)
            return line;
    }
    return NULL;
}

/* One picture for each frame, in one SVG; only the last is seen. */
static Error draw_frames(Text *svg, const char *settings, const char *script,
                         const char *table, int column)
{
    char name[128] = "";
    const char *line = text_next_line(table);
    Text frames = { 0 };
    size_t last = 0;
    Error error = NULL;

    while (!error && (line = next_frame(line, column, name))) {
        Text one = { 0 }, own = { 0 };
        set(&own, "frame", name);
        text_add(&own, "%s", settings);
        error = draw(&one, text_string(&own), script);
        if (!error) {
            const char *root = strstr(one.s, "<svg");
            const char *body = root + strcspn(root, ">") + 1;
            if (!frames.length)
                text_add_bytes(&frames, one.s, (size_t)(body - one.s));
            last = frames.length;
            text_add(&frames, "<g class=\"frame\" data-name=\"");
            escape_string(&frames, name);
            text_add(&frames, "\" display=\"none\">%.*s</g>\n",
                     (int)(strstr(body, "</svg>") - body), body);
        }
        text_free(&one);
        text_free(&own);
    }
    if (!error) {
        char *seen = strstr(frames.s + last, " display=\"none\"");
        text_add_bytes(svg, frames.s, (size_t)(seen - frames.s));
        text_add(svg, "%s</svg>\n", seen + strlen(" display=\"none\""));
    }
    text_free(&frames);
    return error;
}

static Error draw_all(const Text *settings, const char *script,
                      const char *path, const Text *table, const char *stamp)
{
    const int column = strcmp(script, NOTHING) == 0
                     ? -1 : frame_column(text_string(table));
    Text svg = { 0 };
    Error error = column < 0
        ? draw(&svg, text_string(settings), script)
        : draw_frames(&svg, text_string(settings), script, text_string(table),
                      column);

    if (!error) {
        text_add(&svg, "%s\n", stamp);
        error = text_write(&svg, path);
    }
    text_free(&svg);
    return error;
}

Error figure_draw(const Figure *f, const char *folder)
{
    Text settings = { 0 }, table = { 0 }, script = { 0 }, sources = { 0 };
    char kind[PATH], data[PATH], labels[PATH], svg[PATH];
    char hex[65], stamp[128];

    snprintf(kind, sizeof kind, "figures/%s.gp", f->kind);
    snprintf(data, sizeof data, "%s/%s.tsv", folder, f->name);
    snprintf(labels, sizeof labels, "%s/%s.labels.tsv", folder, f->name);
    snprintf(svg, sizeof svg, "%s/%s.svg", folder, f->name);

    set(&settings, "data", data);
    if (access(labels, R_OK) == 0)
        set(&settings, "labels", labels);
    if (f->x)
        set(&settings, "xlabel_", f->x);
    if (f->y)
        set(&settings, "ylabel_", f->y);
    if (f->settings)
        text_add(&settings, "%s", f->settings);

    Error error = text_read_lines(&table, data);
    if (!error)
        error = text_read_lines(&script, kind);
    if (!error)
        error = check_table(data, text_string(&table), text_string(&script));
    if (!error && !drawable(&settings, text_string(&table),
                            text_string(&script))) {
        snprintf(kind, sizeof kind, "%s", NOTHING);
        text_free(&script);
        error = text_read_lines(&script, kind);
    }
    if (!error)
        error = text_read_lines(&sources, STYLE);
    if (!error && access(labels, R_OK) == 0)
        error = text_read_lines(&sources, labels);
    if (!error) {
        text_add(&sources, "%s\n%s\n%s", text_string(&script),
                 text_string(&table), text_string(&settings));
        sha256_hex(hex, sources.s, sources.length);
        snprintf(stamp, sizeof stamp, "<!-- sha256 %s -->", hex);
        if (!up_to_date(svg, stamp))
            error = draw_all(&settings, kind, svg, &table, stamp);
    }
    text_free(&settings);
    text_free(&table);
    text_free(&script);
    text_free(&sources);
    return error;
}
