/* SPDX-License-Identifier: MIT */
#include "book/figure.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/sha256.h"

/* --- Drawing ------------------------------------------------------------- */

static const char STYLE[] = "figures/style.gp";

enum { PATH = 1024, NOT_FOUND = 127 };      /* 127: what a shell says, too */

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
    if (line < 3)
        return error_text("%s: found no numbers, expected a line of column "
                          "names and lines of data", path);
    return check_header(path, table, script);
}

/* In the child: gnuplot, its output into a file, its complaints into a pipe.
 * -d passes over the user's own ~/.gnuplot. */
_Noreturn static void become_gnuplot(const char *settings, const char *script,
                                     const char *output, int complaints)
{
    const int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0
        && dup2(complaints, STDERR_FILENO) >= 0)
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

static Error run_gnuplot(const char *settings, const char *script,
                         const char *output)
{
    Text message = { 0 };
    char block[4096];
    int ends[2], status = 0;
    ssize_t n;

    fflush(NULL);
    if (pipe(ends) != 0)
        return error_text("gnuplot: no pipe: %s", strerror(errno));
    const pid_t child = fork();
    if (child == 0)
        become_gnuplot(settings, script, output, ends[1]);
    close(ends[1]);
    while (child > 0 && (n = read(ends[0], block, sizeof block)) > 0)
        text_add_bytes(&message, block, (size_t)n);
    close(ends[0]);

    Error error = NULL;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        error = error_text("gnuplot: cannot be started: %s", strerror(errno));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        error = error_text("gnuplot: not found, and it draws the figures: "
                           "install it with `make setup`");
    else if (status != 0)
        error = error_text("%s: gnuplot says: %s", script,
                           last_line(&message));
    text_free(&message);
    return error;
}

/* Is the figure there, and made from what this digest stands for? */
static bool up_to_date(const char *svg, const char *stamp)
{
    Text old = { 0 };

    const bool same = access(svg, R_OK) == 0 && text_read(&old, svg) == NULL
                   && strstr(text_string(&old), stamp);
    text_free(&old);
    return same;
}

static Error draw(const char *settings, const char *script, const char *svg,
                  const char *stamp)
{
    Text drawing = { 0 };
    char temporary[PATH + 32];

    snprintf(temporary, sizeof temporary, "%s.%ld.tmp", svg, (long)getpid());
    Error error = run_gnuplot(settings, script, temporary);
    if (!error)
        error = text_read(&drawing, temporary);
    if (!error && !strstr(text_string(&drawing), "</svg>"))
        error = error_text("%s: gnuplot wrote no whole SVG", script);
    if (!error) {
        text_add(&drawing, "%s\n", stamp);
        error = text_write(&drawing, svg);
    }
    remove(temporary);
    text_free(&drawing);
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

    Error error = text_read(&table, data);
    if (!error)
        error = text_read(&script, kind);
    if (!error)
        error = check_table(data, text_string(&table), text_string(&script));
    if (!error)
        error = text_read(&sources, STYLE);
    if (!error && access(labels, R_OK) == 0)
        error = text_read(&sources, labels);
    if (!error) {
        text_add(&sources, "%s\n%s\n%s", text_string(&script),
                 text_string(&table), text_string(&settings));
        sha256_hex(hex, sources.s, sources.length);
        snprintf(stamp, sizeof stamp, "<!-- sha256 %s -->", hex);
        if (!up_to_date(svg, stamp))
            error = draw(text_string(&settings), kind, svg, stamp);
    }
    text_free(&settings);
    text_free(&table);
    text_free(&script);
    text_free(&sources);
    return error;
}

/* --- Inlining ------------------------------------------------------------ */

/* What gnuplot writes in its tags, and what the page wants there; @ stands
 * for the prefix of the figure. */
static const struct { const char *from, *to; } rewrites[] = {
    { "\"black\"", "\"currentColor\"" },
    { "'black'", "'currentColor'" },
    { " fill=\"white\"", " fill=\"none\"" },
    { "'white'", "'var(--paper,white)'" },        /* rings around marks */
    { " font-family=\"sans-serif\"", "" },        /* once, on <svg> */
    { "<image ", "<image style=\"image-rendering:pixelated\" " },
    { " font-family=\"sans-serif:Bold\"", " font-weight=\"bold\"" },
    { " id=\"ink_plot_1\"", " filter=\"url(#@ink)\"" },
    { " id=\"", " id=\"@" },
    { " id='", " id='@" },
    { "xlink:href=\"#", "href=\"#@" },
    { "xlink:href='#", "href='#@" },
    { "xlink:href=", "href=" },
    { "href=\"#", "href=\"#@" },
    { "href='#", "href='#@" },
    { "url(#", "url(#@" },
    { "url('#", "url('#@" },
};

/* The colours of figures/style.gp, and their names in the style sheet. */
static const struct { unsigned rgb; const char *name; } palette[] = {
    { 0x0072b2, "--c1" }, { 0xd55e00, "--c2" }, { 0x009e73, "--c3" },
    { 0xcc79a7, "--c4" }, { 0xe69f00, "--c5" }, { 0x56b4e9, "--c6" },
    { 0x808080, "--grey" }, { 0x666666, "--muted" }, { 0xd9d9d9, "--line" },
};

/* The first plot of a figure drawn under the terminal name `ink` is black on
 * transparent; this paints its black with the text colour of the page. */
static const char ink_filter[] =
    "<filter id=\"@ink\"><feFlood flood-color=\"currentColor\"/>"
    "<feComposite operator=\"in\" in2=\"SourceAlpha\"/></filter>";

/* Elements and marks that the page has no use for. */
static const struct { const char *open, *close; } dropped[] = {
    { "<?", "?>" }, { "<!--", "-->" }, { "<!", ">" },
    { "<title>", "</title>" }, { "<desc>", "</desc>" },
};

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static void add_prefixed(Text *html, const char *s, const char *prefix)
{
    for (; *s; s++) {
        if (*s == '@')
            text_add(html, "%s", prefix);
        else
            text_add_char(html, *s);
    }
}

static void add_escaped(Text *html, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '&': text_add(html, "&amp;"); break;
        case '<': text_add(html, "&lt;"); break;
        case '"': text_add(html, "&quot;"); break;
        default: text_add_char(html, *s);
        }
    }
}

/* Past a colour, rgb(0, 114, 178) or "#0072b2", whose replacement is added;
 * `s` itself where there is none. */
static const char *add_colour(Text *html, const char *s)
{
    unsigned r, g, b;
    int length = 0;

    if (sscanf(s, "rgb( %u , %u , %u )%n", &r, &g, &b, &length) < 3
        && sscanf(s, "#%2x%2x%2x%n", &r, &g, &b, &length) < 3)
        return s;
    if (length == 0)
        return s;
    const unsigned rgb = r << 16 | g << 8 | b;
    for (size_t i = 0; i < sizeof palette / sizeof *palette; i++) {
        if (palette[i].rgb == rgb) {
            text_add(html, "var(%s,#%06x)", palette[i].name, rgb);
            return s + length;
        }
    }
    text_add(html, rgb ? "#%06x" : "currentColor", rgb);
    return s + length;
}

/* One tag, from its < to its >. */
static void add_tag(Text *html, const char *s, const char *end,
                    const char *prefix)
{
    while (s < end) {
        const char *rest = add_colour(html, s);
        for (size_t i = 0; rest == s
                           && i < sizeof rewrites / sizeof *rewrites; i++) {
            if (starts(s, rewrites[i].from)) {
                add_prefixed(html, rewrites[i].to, prefix);
                rest = s + strlen(rewrites[i].from);
            }
        }
        if (rest == s)
            text_add_char(html, *rest++);
        s = rest;
    }
}

/* Past what starts at `s` and has no place on the page: `dropped`, and groups
 * with nothing in them, of which gnuplot leaves many. */
static const char *skip(const char *s)
{
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
        if (starts(s, dropped[i].open)) {
            const char *close = strstr(s, dropped[i].close);
            return close ? close + strlen(dropped[i].close) : s + strlen(s);
        }
    }
    if (starts(s, "<g ")) {
        const char *next = s + strcspn(s, ">");
        next += strspn(next, "> \t\n");
        if (starts(next, "</g>"))
            return next + strlen("</g>");
    }
    return s;
}

/* The opening <svg>: no width and height, so that the figure fills its column;
 * role and alt text for those who cannot see it. */
static void add_opening(Text *html, const char *view_box, const char *alt)
{
    text_add(html, "<svg viewBox=\"%s\" role=\"img\" aria-label=\"", view_box);
    add_escaped(html, alt);
    text_add(html, "\" font-family=\"sans-serif\">");
}

static void add_body(Text *html, const char *s, const char *prefix)
{
    while (*s) {
        const char *next = skip(s);
        if (next == s && *s == '<') {
            next = s + strcspn(s, ">");
            next += *next == '>';
            add_tag(html, s, next, prefix);
            if (starts(s, "<defs>"))
                add_prefixed(html, ink_filter, prefix);
        } else if (next == s) {
            next = s + 1;
            if (!isspace((unsigned char)*s) || *s != html->s[html->length - 1])
                text_add_char(html, *s);
        }
        s = next;
    }
}

Error figure_inline(Text *html, const char *svg_path, const char *prefix,
                    const char *alt)
{
    Text svg = { 0 };
    char view_box[64];

    Error error = text_read(&svg, svg_path);
    if (error)
        return error;
    const char *root = strstr(text_string(&svg), "<svg");
    const char *body = root ? strchr(root, '>') : NULL;
    const char *box = root ? strstr(root, "viewBox=") : NULL;
    if (!body || !box || box > body
        || sscanf(box, "viewBox=%*[\"']%63[-0-9. ]", view_box) != 1) {
        error = error_text("%s: found no <svg viewBox=\"...\">, expected a "
                           "drawing by gnuplot: delete it and build again",
                           svg_path);
    } else {
        add_opening(html, view_box, alt ? alt : "");
        add_body(html, body + 1, prefix);
    }
    text_free(&svg);
    return error;
}
