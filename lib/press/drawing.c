/* SPDX-License-Identifier: MIT */
#include "press/drawing.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

/* What gnuplot writes in its tags, and what the page wants there; @ stands
 * for the prefix of the figure. NULL: nothing, up to the closing quote. */
static const struct { const char *from, *to; } rewrites[] = {
    { " color=\"black\"", "" },                    /* that of the page */
    { "\"black\"", "\"currentColor\"" },
    { "'black'", "'currentColor'" },
    { " fill=\"white\"", " fill=\"none\"" },
    { "'white'", "'var(--paper,white)'" },        /* rings around marks */
    { " font-family=\"sans-serif\"", "" },        /* once, on <svg> */
    { " font-size=\"14.00\" ", "" },                /* the same */
    { " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", "" },
    { " stroke-width=\"1.00\"", "" },                /* as SVG has it anyway */
    { "<image ", "<image style=\"image-rendering:pixelated\" " },
    { " font-family=\"sans-serif:Bold\"", " font-weight=\"bold\"" },
    { " id=\"gnuplot_", NULL },                      /* of plots, unused */
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

static void add_prefixed(Text *html, const char *s, const char *prefix)
{
    for (; *s; s++) {
        if (*s == '@')
            text_add(html, "%s", prefix);
        else
            text_add_char(html, *s);
    }
}

/* Past a colour, rgb(0, 114, 178) or "#0072b2", whose replacement is added;
 * `s` itself where there is none. */
static const char *add_colour(Text *html, const char *s)
{
    char colour[32];
    unsigned r, g, b;
    int length = 0;

    if (*s != 'r' && *s != '#')
        return s;
    snprintf(colour, sizeof colour, "%.31s", s);  /* sscanf measures it all */
    if (sscanf(colour, "rgb( %u , %u , %u )%n", &r, &g, &b, &length) < 3
        && sscanf(colour, "#%2x%2x%2x%n", &r, &g, &b, &length) < 3)
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
            if (!text_starts(s, rewrites[i].from))
                continue;
            rest = s + strlen(rewrites[i].from);
            if (rewrites[i].to)
                add_prefixed(html, rewrites[i].to, prefix);
            else
                rest += strcspn(rest, "\"") + 1;
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
        if (text_starts(s, dropped[i].open)) {
            const char *close = strstr(s, dropped[i].close);
            return close ? close + strlen(dropped[i].close) : s + strlen(s);
        }
    }
    if (text_starts(s, "<g ")) {
        const char *next = s + strcspn(s, ">");
        next += strspn(next, "> \t\n");
        if (text_starts(next, "</g>"))
            return next + strlen("</g>");
    }
    return s;
}

/* The opening <svg>: no width and height, so that the figure fills its column;
 * role and alt text for those who cannot see it. */
static void add_opening(Text *html, const char *view_box, const char *alt)
{
    text_add(html, "<svg viewBox=\"%s\" role=\"img\" aria-label=\"", view_box);
    escape_string(html, alt);
    text_add(html, "\" font-family=\"sans-serif\" font-size=\"14\">");
}

/* What gnuplot writes around a point that knows its value, with a group of
 * attributes around it, and what follows the text. */
static const char hypertext[] =
    "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'";
static const char hypertext_end[] = "')\" onmouseout=";

/* What stands in the group that opens at s, if it is one. */
static const char *inside_group(const char *s)
{
    if (!text_starts(s, "<g "))
        return s;
    s += strcspn(s, ">");
    return s + strspn(s, "> \t\n");
}

/* Past such a point, group and all, which becomes a mark with a title; s where
 * there is none. gnuplot has escaped the text. */
static const char *add_mark(Text *html, const char *s)
{
    const char *group = inside_group(s), *end;
    char *comma;

    if (!text_starts(group, hypertext) || !(end = strstr(group, hypertext_end)))
        return s;
    const char *text = group + strlen(hypertext);
    const char *place = strstr(end, "translate(");
    const char *after = place ? strstr(place, "</g>") : NULL;
    if (!after)
        return s;
    const double x = strtod(place + strlen("translate("), &comma);
    const double y = *comma ? strtod(comma + 1, NULL) : 0;
    after += strlen("</g>");
    after += strspn(after, " \t\n");
    if (!text_starts(after, "</g>"))
        return s;
    text_add(html, "<circle class=\"mark\" cx=\"%.0f\" cy=\"%.0f\" r=\"9\">"
             "<title>", x, y);
    for (; text < end; text++) {
        const bool new_line = text_starts(text, "\\n");
        text_add_char(html, new_line ? '\n' : *text);
        text += new_line;
    }
    text_add(html, "</title></circle>");
    return after + strlen("</g>");
}

static void add_body(Text *html, const char *s, const char *figure)
{
    char prefix[256];
    int frame = 0;

    snprintf(prefix, sizeof prefix, "%s", figure);
    while (*s) {
        const char *next = skip(s);
        if (text_starts(s, "<g class=\"frame\""))
            snprintf(prefix, sizeof prefix, "%s%d-", figure, ++frame);
        if (next == s)
            next = add_mark(html, s);
        if (next == s && *s == '<') {
            next = s + strcspn(s, ">");
            next += *next == '>';
            add_tag(html, s, next, prefix);
            if (text_starts(s, "<defs>"))
                add_prefixed(html, ink_filter, prefix);
        } else if (next == s) {
            next = s + 1;
            if (!isspace((unsigned char)*s) || *s != html->s[html->length - 1])
                text_add_char(html, *s);
        }
        s = next;
    }
}

Error drawing_inline(Text *html, const char *svg_path, const char *prefix,
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
