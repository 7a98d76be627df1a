/* SPDX-License-Identifier: MIT */
#include "press/draft.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/markup.h"
#include "press/info.h"
#include "press/nodes.h"

Error draft_error(const Draft *d, int line, const char *what,
                  const char *which)
{
    return error_text("%s:%d: %s%s", d->path, line, what, which);
}

/* Anchors are kept by number, from 1, in the node that makes them. */
static void set_anchor(cmark_node *node, int number)
{
    cmark_node_set_user_data(node, (void *)(intptr_t)number);
}

const Anchor *draft_anchor_of(const Draft *d, cmark_node *node)
{
    const intptr_t number = (intptr_t)cmark_node_get_user_data(node);

    return number ? &d->anchors[number - 1] : NULL;
}

const Anchor *draft_find(const Draft *d, const char *id)
{
    for (int i = 0; i < d->n_anchors; i++)
        if (strcmp(d->anchors[i].id, id) == 0)
            return &d->anchors[i];
    return NULL;
}

static Error add_anchor(Draft *d, cmark_node *node, const char *id,
                        const char *label, int level)
{
    if (draft_find(d, id))
        return draft_error(d, node_line(node), "a second #", id);
    d->anchors = realloc(d->anchors,
                         (size_t)(d->n_anchors + 1) * sizeof *d->anchors);
    CHECK(d->anchors != NULL, ==, true);
    d->anchors[d->n_anchors++] = (Anchor){ strdup(id), strdup(label), level };
    set_anchor(node, d->n_anchors);
    return NULL;
}

/* "What's new?" becomes what-s-new, the second one what-s-new-2. */
static Error anchor_heading(Draft *d, cmark_node *node)
{
    Text words = { 0 }, slug = { 0 }, label = { 0 };

    node_words(&words, node);
    if (text_string(&words)[strspn(text_string(&words), " \t")] == '\0') {
        text_free(&words);
        return draft_error(d, node_line(node), "a heading without words", "");
    }
    for (const char *p = text_string(&words); *p; p++)
        if (isalnum((unsigned char)*p) && !(*p & 0x80))
            text_add_char(&slug, (char)tolower((unsigned char)*p));
        else if (slug.length && slug.s[slug.length - 1] != '-')
            text_add_char(&slug, '-');
    while (slug.length && slug.s[slug.length - 1] == '-')
        slug.s[--slug.length] = '\0';
    if (slug.length == 0)
        text_add(&slug, "section");
    const size_t stem = slug.length;
    for (int i = 2; draft_find(d, slug.s); i++) {
        slug.length = stem;
        text_add(&slug, "-%d", i);
    }
    escape_string(&label, text_string(&words));
    Error e = add_anchor(d, node, slug.s, text_string(&label),
                         cmark_node_get_heading_level(node));
    text_free(&words);
    text_free(&slug);
    text_free(&label);
    return e;
}

cmark_node *draft_figure(cmark_node *paragraph)
{
    cmark_node *image = cmark_node_first_child(paragraph);

    if (node_type(image) != CMARK_NODE_IMAGE)
        return NULL;
    for (cmark_node *n = cmark_node_next(image); n; n = cmark_node_next(n)) {
        const char *text = cmark_node_get_literal(n);
        const cmark_node_type type = node_type(n);
        if (type != CMARK_NODE_SOFTBREAK && type != CMARK_NODE_LINEBREAK
            && type != CMARK_NODE_LINK
            && !(type == CMARK_NODE_TEXT && text[strspn(text, " ")] == '\0'))
            return NULL;
    }
    return image;
}

/* The label "Figure 3.2", or "Figure 2" on a page without a number. */
static Error anchor_numbered(Draft *d, cmark_node *node, const char *id,
                             const char *kind, int number)
{
    char label[64];

    if (d->page->number)
        snprintf(label, sizeof label, "%s %d.%d", kind, d->page->number,
                 number);
    else
        snprintf(label, sizeof label, "%s %d", kind, number);
    return add_anchor(d, node, id, label, 0);
}

/* fig-curves, of folder/curves.svg */
static Error anchor_figure(Draft *d, cmark_node *node, cmark_node *image)
{
    const char *url = cmark_node_get_url(image);
    const char *slash = strrchr(url, '/'), *name = slash ? slash + 1 : url;
    char id[128];

    snprintf(id, sizeof id, "fig-%.*s", (int)strcspn(name, "."), name);
    return anchor_numbered(d, node, id, "Figure", ++d->figures);
}

char *draft_lines(const Draft *d, cmark_node *node)
{
    const int first = cmark_node_get_start_line(node);
    const int last = cmark_node_get_end_line(node);
    const char *p = text_string(&d->source);
    Text lines = { 0 };

    for (int line = 1; line <= last && *p; line++) {
        const char *end = p + strcspn(p, "\n");
        if (line >= first) {
            p += strspn(p, " >");
            text_add(&lines, "%.*s\n", (int)(end - p), p);
        }
        p = end + (*end == '\n');
    }
    return lines.s ? lines.s : strdup("");
}

static bool is_caption(cmark_node *node)
{
    const char *text = node_type(node) == CMARK_NODE_PARAGRAPH
        ? cmark_node_get_literal(cmark_node_first_child(node)) : NULL;

    return text && strncmp(text, "Table: ", 7) == 0;
}

/* :--- :---: ---: or ---, the second line of a table. */
static bool is_rule(const char *line)
{
    const size_t n = strcspn(line, "\n");

    return strspn(line, "|-: \t") == n && memchr(line, '-', n)
        && memchr(line, '|', n);
}

static bool begins_table(const char *lines)
{
    return *lines == '|' && is_rule(text_next_line(lines));
}

bool draft_is_table(const Draft *d, cmark_node *node)
{
    if (node_type(node) != CMARK_NODE_PARAGRAPH)
        return false;
    char *lines = draft_lines(d, node);
    const bool table = begins_table(lines);

    free(lines);
    return table;
}

/* A table that cmark took for more words of the paragraph above it. */
static Error refuse_glued_table(const Draft *d, cmark_node *node)
{
    char *lines = draft_lines(d, node);
    int line = node_line(node), found = 0;

    for (const char *p = lines; (p = strchr(p, '\n')) && !found; line++)
        found = begins_table(++p) ? line + 1 : 0;
    free(lines);
    return found ? draft_error(d, found, "a table needs a blank line "
                               "before it", "") : NULL;
}

static Error anchor_paragraph(Draft *d, cmark_node *node)
{
    cmark_node *image = draft_figure(node);
    char id[32];

    if (image)
        return anchor_figure(d, node, image);
    if (is_caption(node) && !draft_is_table(d, cmark_node_next(node)))
        return draft_error(d, node_line(node), "a caption without a table",
                           "");
    if (!draft_is_table(d, node))
        return refuse_glued_table(d, node);
    if (!is_caption(cmark_node_previous(node)))
        return NULL;
    snprintf(id, sizeof id, "table-%d", ++d->tables);
    return anchor_numbered(d, node, id, "Table", d->tables);
}

/* A fenced block: show-dense_forward, for the first listing of that function on
 * the page; eq-slope for a formula with a name; claim-3. */
static Error anchor_fenced(Draft *d, cmark_node *node)
{
    const char *info = cmark_node_get_fence_info(node);
    char name[128], id[160];

    if (info_attribute(info, "show", name, sizeof name)) {
        snprintf(id, sizeof id, "show-%s", name);
        return draft_find(d, id) ? NULL : add_anchor(d, node, id, name, 0);
    }
    if (info_is(info, "math")
        && info_attribute(info, "name", name, sizeof name)) {
        snprintf(id, sizeof id, "eq-%s", name);
        return anchor_numbered(d, node, id, "Equation", ++d->equations);
    }
    if (info_is(info, "claim")) {
        snprintf(id, sizeof id, "claim-%d", ++d->claims);
        return anchor_numbered(d, node, id, "Claim", d->claims);
    }
    return NULL;
}

static Error anchor_html(Draft *d, cmark_node *node)
{
    Error e = NULL;
    char id[128];

    for (const char *p = cmark_node_get_literal(node);
         !e && (p = strstr(p, " id=\"")); p++) {
        snprintf(id, sizeof id, "%.*s", (int)strcspn(p + 5, "\""), p + 5);
        e = add_anchor(d, node, id, "", 0);
    }
    return e;
}

static Error find_anchors(Draft *d)
{
    const Nodes nodes = node_collect(d->document, true);
    Error e = NULL;

    for (int i = 0; i < nodes.n && !e; i++) {
        cmark_node *node = nodes.at[i];
        switch (node_type(node)) {
        case CMARK_NODE_HEADING:     e = anchor_heading(d, node); break;
        case CMARK_NODE_PARAGRAPH:   e = anchor_paragraph(d, node); break;
        case CMARK_NODE_CODE_BLOCK:  e = anchor_fenced(d, node); break;
        case CMARK_NODE_HTML_BLOCK:
        case CMARK_NODE_HTML_INLINE: e = anchor_html(d, node); break;
        default: break;
        }
    }
    free(nodes.at);
    return e;
}

/* CommonMark takes `[^1]: text` for the address of a link and drops it. */
static Error refuse_footnotes(const Draft *d)
{
    int fence = 0, line = 1;

    for (const char *p = text_string(&d->source); *p; line++) {
        const char *start = p + strspn(p, " ");
        fence = markup_fence_after(fence, p);
        if (!fence && strncmp(start, "[^", 2) == 0)
            return draft_error(d, line, "the book has no footnotes: ", "[^");
        p = text_next_line(p);
    }
    return NULL;
}

static Error check_title(const Draft *d)
{
    int titles = 0;

    for (int i = 0; i < d->n_anchors; i++)
        titles += d->anchors[i].level == 1;
    return titles == 1 ? NULL
         : error_text("%s:1: found %d headings `# ...`, expected one: the "
                      "title of the page", d->path, titles);
}

/* What a page says that cannot be pressed. No brace of a value may stand in it,
 * nor an end of the block. */
static void say_trouble(Draft *d)
{
    text_add(&d->source, "# %s could not be made\n\n"
             "Something in this page cannot be understood:\n\n"
             "<pre class=\"output\"><code>", d->page->name);
    for (const char *p = d->page->trouble; *p; p++)
        if (*p == '{')
            text_add(&d->source, "&#123;");
        else
            escape_html(&d->source, p, 1);
    text_add(&d->source, "</code></pre>\n\n"
             "The other pages are complete. Mend its chapter and say `make "
             "book` again.\n");
}

Error draft_read(Draft *d, const char *folder, const Page *page)
{
    *d = (Draft){ .page = page, .folder = folder };
    snprintf(d->path, sizeof d->path, "%s/%s.md", folder, page->name);

    Error e = NULL;
    if (page->trouble)
        say_trouble(d);
    else
        e = text_read_lines(&d->source, d->path);
    if (!e)
        e = refuse_footnotes(d);
    if (!e) {
        d->document = node_parse(text_string(&d->source), d->source.length);
        e = find_anchors(d);
    }
    return e ? e : check_title(d);
}

void draft_free(Draft *d)
{
    for (int i = 0; i < d->n_anchors; i++) {
        free(d->anchors[i].id);
        free(d->anchors[i].label);
    }
    free(d->anchors);
    if (d->document)
        cmark_node_free(d->document);
    text_free(&d->source);
    text_free(&d->html);
}

const char *draft_title(const Draft *d)
{
    for (int i = 0; i < d->n_anchors; i++)
        if (d->anchors[i].level == 1)
            return d->anchors[i].label;
    return "";
}

void notice_add(Text *html, const char *notice)
{
    if (!notice || !*notice)
        return;
    text_add(html, "<p class=\"notice\" role=\"note\">");
    escape_string(html, notice);
    text_add(html, "</p>\n");
}
