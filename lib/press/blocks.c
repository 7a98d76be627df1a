/* SPDX-License-Identifier: MIT */
#include "press/blocks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "press/drawing.h"
#include "press/formula.h"
#include "press/highlight.h"
#include "press/info.h"
#include "press/inlines.h"

/* Lines that begin with - went, with + came. */
static void add_diff(Text *html, const char *lines)
{
    for (const char *p = lines; *p; p = text_next_line(p)) {
        const char *tag = *p == '-' ? "del" : *p == '+' ? "ins" : NULL;
        if (tag)
            text_add(html, "<%s>", tag);
        escape_html(html, p, strcspn(p, "\n"));
        if (tag)
            text_add(html, "</%s>", tag);
        text_add_char(html, '\n');
    }
}

/* What the code of a listing may link to. */
typedef struct Listing {
    const Book *book;
    const Draft *page;
    const char *name;              /* of the function it shows, or "" */
} Listing;

/* The link to a function that the book shows, but for the one at hand. */
static const char *link_of(void *context, const Token *t)
{
    static char href[256];
    const Listing *l = context;
    const Shown *s = shown_find(&l->book->shown, t->start, t->length);

    if (!s || strcmp(s->name, l->name) == 0)
        return NULL;
    snprintf(href, sizeof href, "%s%s#show-%s",
             s->page == l->page ? "" : s->page->page->name,
             s->page == l->page ? "" : ".html", s->name);
    return href;
}

/* "used in chapters 2, 5": where else a function of the library is called. */
static void add_uses(Text *html, const Shown *s)
{
    int chapters = 0;

    for (int i = 0; i < s->n_uses; i++)
        chapters += s->uses[i].page->page->number > 0;
    if (!chapters)
        return;
    text_add(html, " <span class=\"uses\">used in chapter%s",
             chapters > 1 ? "s" : "");
    for (int i = 0; i < s->n_uses; i++)
        if (s->uses[i].page->page->number > 0)
            text_add(html, "%s <a href=\"%s.html#%s\">%d</a>", i ? "," : "",
                     s->uses[i].page->page->name, s->uses[i].id,
                     s->uses[i].page->page->number);
    text_add(html, "</span>");
}

/* The numbers stand in a column of their own, so that copying the code leaves
 * them behind. */
static void add_code(Text *html, const char *code, const char *language,
                     int line, Listing *l)
{
    text_add(html, "<div class=\"code\">");
    if (line > 0) {
        text_add(html, "<pre class=\"numbers\" aria-hidden=\"true\">");
        for (const char *p = code; (p = strchr(p, '\n')); p++)
            text_add(html, "%d\n", line++);
        text_add(html, "</pre>");
    }
    text_add(html, "<pre class=\"source\"><code>");
    if (strcmp(language, "c") == 0)
        highlight_c(html, code, link_of, l);
    else if (strcmp(language, "diff") == 0)
        add_diff(html, code);
    else
        escape_string(html, code);
    text_add(html, "</code></pre></div>");
}

static void add_listing(const Book *book, const Draft *d, Text *html,
                        const char *info, const char *code, const Anchor *a)
{
    char file[256], name[128] = "", title[256], number[16], id[160];
    char language[16];
    const bool has_file = info_attribute(info, "file", file, sizeof file);
    const bool has_name = info_attribute(info, "show", name, sizeof name);
    const bool folded = info_attribute(info, "fold", title, sizeof title);
    const int line = info_attribute(info, "line", number, sizeof number)
                   ? atoi(number) : 0;

    snprintf(language, sizeof language, "%.*s", (int)strcspn(info, " "), info);
    listing_id(id, info);
    const Shown *shown = has_name ? shown_find(&book->shown, name,
                                               (int)strlen(name)) : NULL;
    const char *tag = has_file && !folded ? "figure" : "div";
    text_add(html, "<%s class=\"listing\"", tag);
    if (*id && (a || !has_name))                /* a name is anchored once */
        text_add(html, " id=\"%s\"", id);
    text_add(html, ">");
    if (folded) {
        text_add(html, "<details><summary>");
        escape_string(html, title);
    } else if (has_file) {
        text_add(html, "<figcaption>");
    }
    if (has_file) {
        text_add(html, " <span class=\"file\">");
        escape_string(html, file);
        text_add(html, "</span>");
    }
    if (has_name)
        text_add(html, " <a href=\"#show-%s\">%s</a>", name, name);
    if (shown)
        add_uses(html, shown);
    if (has_file || folded)
        text_add(html, folded ? "</summary>" : "</figcaption>");
    add_code(html, code, language, line,
             &(Listing){ book, d, has_name ? name : "" });
    text_add(html, folded ? "</details></%s>" : "</%s>", tag);
}

static Error add_claim(const Book *book, const Draft *d, Text *html,
                       const Anchor *a, const char *verdict, const char *claim,
                       int line)
{
    static const struct { const char *name, *mark, *words; } verdicts[] = {
        { "holds", "✓", "holds in this build" },
        { "fails", "✗", "fails in this build" },
        { "unjudged", "–", "not judged in this build" }
    };

    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if (strcmp(verdict, verdicts[i].name) != 0)
            continue;
        text_add(html, "<div class=\"claim %s\" id=\"%s\">"
                 "<p class=\"verdict\">"
                 "<span class=\"tick\" aria-hidden=\"true\">%s</span> "
                 "<a href=\"#%s\">%s</a> %s</p>\n", verdict, a->id,
                 verdicts[i].mark, a->id, a->label, verdicts[i].words);
        Error e = inlines_piece(book, d, html, claim, strlen(claim), line + 1,
                                false);
        text_add(html, "</div>");
        return e;
    }
    return draft_error(d, line, "a claim holds, fails or is unjudged, "
                       "found: ", verdict);
}

/* Lines `name: value`. */
static Error add_stamp(const Draft *d, Text *html, const char *lines, int line)
{
    text_add(html, "<dl class=\"stamp\">\n");
    for (const char *p = lines; *p;) {
        const size_t n = strcspn(p, "\n"), name = strcspn(p, ":\n");
        line++;
        if (name == n)
            return draft_error(d, line, "a stamp has lines `name: value`",
                               "");
        text_add(html, "<div><dt>");
        escape_html(html, p, name);
        text_add(html, "</dt><dd>");
        const size_t value = name + 1 + strspn(p + name + 1, " ");
        escape_html(html, p + value, n > value ? n - value : 0);
        text_add(html, "</dd></div>\n");
        p += n + (p[n] == '\n');
    }
    text_add(html, "</dl>");
    return NULL;
}

/* One with a name has a number, and can be referred to. */
static Error add_formula(Text *html, const char *tex, const Anchor *a)
{
    if (a)
        text_add(html, "<div class=\"numbered\" id=\"%s\">", a->id);
    text_add(html, "<div class=\"formula\">");
    Error e = formula_mathml(html, tex, true);
    text_add(html, "</div>");
    if (a)
        text_add(html, "<a class=\"equation\" href=\"#%s\" aria-label=\"%s\">"
                 "(%s)</a></div>", a->id, a->label, strchr(a->label, ' ') + 1);
    return e;
}

Error block_fenced(const Book *book, const Draft *d, Text *html,
                   cmark_node *node)
{
    const char *info = cmark_node_get_fence_info(node);
    const char *text = cmark_node_get_literal(node);
    const int line = cmark_node_get_start_line(node);
    const Anchor *a = draft_anchor_of(d, node);

    if (info_is(info, "math")) {
        Error e = add_formula(html, text, a);
        return e ? draft_error(d, line, e, "") : NULL;
    }
    if (info_is(info, "claim"))
        return add_claim(book, d, html, a, info + 5 + strspn(info + 5, " "),
                         text, line);
    if (strcmp(info, "stamp") == 0)
        return add_stamp(d, html, text, line);
    if (strcmp(info, "output") == 0) {
        text_add(html, "<pre class=\"output\"><code>");
        escape_string(html, text);
        text_add(html, "</code></pre>");
        return NULL;
    }
    add_listing(book, d, html, info, text, a);
    return NULL;
}

/* An SVG file as part of the page, at its own size where there is room. */
static Error add_drawing(Text *html, const char *path, const char *prefix,
                         const char *alt)
{
    Text svg = { 0 };
    double width = 0;
    Error e = drawing_inline(&svg, path, prefix, alt);
    const char *box = e ? NULL : strstr(svg.s, "viewBox=\"");

    if (box)
        sscanf(box, "viewBox=\"%*f %*f %lf", &width);
    text_add(html, "<div class=\"scroll\"");
    if (width > 0)
        text_add(html, " style=\"--width: %gpx\"", width);
    text_add(html, ">%s</div>\n", text_string(&svg));
    text_free(&svg);
    return e;
}

/* ![alt](url "caption"): the caption as it stands in the source, because cmark
 * takes the backslash out of the \, of a formula. */
static void find_caption(const char *source, const char **caption,
                         size_t *length)
{
    const char *start = strstr(source, " \"");
    const char *end = start ? strstr(start + 2, "\")") : NULL;

    *caption = end ? start + 2 : "";
    *length = end ? (size_t)(end - *caption) : 0;
}

Error block_figure(const Book *book, const Draft *d, Text *html,
                   cmark_node *image, const Anchor *a, const char *source,
                   int line)
{
    const char *url = cmark_node_get_url(image), *caption;
    size_t length;
    const char *dot = strrchr(url, '.');
    char path[1024], prefix[160];
    Text alt = { 0 };
    Error e = NULL;

    for (cmark_node *n = cmark_node_first_child(image); n;
         n = cmark_node_next(n))
        text_add(&alt, "%s", cmark_node_get_literal(n)
                 ? cmark_node_get_literal(n) : " ");
    snprintf(path, sizeof path, "%s/%s", d->folder, url);
    snprintf(prefix, sizeof prefix, "%s-", a->id);
    text_add(html, "<figure class=\"figure\" id=\"%s\">\n", a->id);
    if (!alt.length) {
        e = draft_error(d, line, "this figure has no alt text: ", url);
    } else if (dot && strcmp(dot, ".svg") == 0) {
        e = add_drawing(html, path, prefix, alt.s);
        if (e)
            e = draft_error(d, line, e, "");
    } else {
        text_add(html, "<img src=\"%s\" alt=\"", url);
        escape_string(html, alt.s);
        text_add(html, "\">\n");
    }
    text_free(&alt);
    if (e)
        return e;
    text_add(html, "<figcaption><b>%s</b> ", a->label);
    find_caption(source, &caption, &length);
    return inlines_piece(book, d, html, caption, length, line, true);
}
