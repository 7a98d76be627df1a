/* SPDX-License-Identifier: MIT */
#include "press/inlines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "press/formula.h"
#include "press/nodes.h"

/* Code between two texts, `...$` before it and `$...` after it. */
static bool is_formula(cmark_node *code)
{
    cmark_node *before = cmark_node_previous(code);
    cmark_node *after = cmark_node_next(code);

    if (node_type(before) != CMARK_NODE_TEXT
        || node_type(after) != CMARK_NODE_TEXT)
        return false;
    const char *left = cmark_node_get_literal(before);
    return *left && left[strlen(left) - 1] == '$'
        && *cmark_node_get_literal(after) == '$';
}

static Error weave_formula(const Draft *d, cmark_node *code, int line)
{
    cmark_node *before = cmark_node_previous(code);
    cmark_node *after = cmark_node_next(code);
    char *left = strdup(cmark_node_get_literal(before));
    char *right = strdup(cmark_node_get_literal(after) + 1);
    Text html = { 0 };
    Error e = formula_mathml(&html, cmark_node_get_literal(code), false);

    left[strlen(left) - 1] = '\0';
    cmark_node_set_literal(before, left);
    cmark_node_set_literal(after, right);
    if (e)
        e = draft_error(d, line, e, "");
    else
        node_replace(code, CMARK_NODE_HTML_INLINE, html.s);
    free(left);
    free(right);
    text_free(&html);
    return e;
}

/* `dense_forward` leads to the listing that shows it, wherever that is. */
static void link_code(const Book *book, const Draft *d, cmark_node *code)
{
    const char *name = cmark_node_get_literal(code);
    char id[160];
    Text html = { 0 };

    for (cmark_node *n = code; n; n = cmark_node_parent(n))
        if (node_type(n) == CMARK_NODE_LINK)
            return;
    snprintf(id, sizeof id, "show-%.*s", (int)strcspn(name, "("), name);
    for (int i = 0; i < book->n && !html.length; i++)
        if (draft_find(&book->drafts[i], id))
            text_add(&html, "<a class=\"shown\" href=\"%s%s#%s\"><code>",
                     &book->drafts[i] == d ? "" : book->drafts[i].page->name,
                     &book->drafts[i] == d ? "" : ".html", id);
    if (html.length) {
        escape_string(&html, name);
        text_add(&html, "</code></a>");
        node_replace(code, CMARK_NODE_HTML_INLINE, html.s);
    }
    text_free(&html);
}

static bool is_file(const Draft *d, const char *url)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", d->folder, url);
    return access(path, R_OK) == 0;
}

static const Draft *find_draft(const Book *book, const char *file)
{
    const size_t stem = strlen(file) > 3 ? strlen(file) - 3 : 0;

    for (int i = 0; i < book->n; i++) {
        const char *name = book->drafts[i].page->name;
        if (strlen(name) == stem && memcmp(name, file, stem) == 0
            && strcmp(file + stem, ".md") == 0)
            return &book->drafts[i];
    }
    return NULL;
}

/* Inside the book: #anchor, page.md, page.md#anchor, or a file beside them. */
static Error weave_link(const Book *book, const Draft *d, cmark_node *link,
                        int line)
{
    char *url = strdup(cmark_node_get_url(link)), *hash = strchr(url, '#');
    const Anchor *anchor = NULL;
    const Draft *target = NULL;
    Text href = { 0 };
    Error e = NULL;

    if (url[strcspn(url, ":/")] != ':' && strncmp(url, "//", 2) != 0) {
        if (hash)
            *hash = '\0';
        target = *url ? find_draft(book, url) : d;
        if (target && hash)
            anchor = draft_find(target, hash + 1);
        /* What is not up to date may lead to what is not there. */
        const bool loose = d->page->banner || (target && target->page->banner);
        if (loose && !anchor)
            hash = NULL;
        if (loose && !target && !is_file(d, url))
            text_add(&href, "%s.html", book->drafts[0].page->name);
        else if (!target && (hash || !is_file(d, url)))
            e = draft_error(d, line, "a link to a page or file that is not "
                            "there: ", cmark_node_get_url(link));
        else if (hash && !anchor)
            e = draft_error(d, line, "a link to an anchor that is not "
                            "there: ", cmark_node_get_url(link));
        else if (target && *url)
            text_add(&href, "%s.html", target->page->name);
        if (hash)
            text_add(&href, "#%s", hash + 1);
        if (href.length)
            cmark_node_set_url(link, href.s);
    }
    if (!e && !cmark_node_first_child(link)) {
        cmark_node *label = cmark_node_new(CMARK_NODE_HTML_INLINE);
        const char *words = anchor ? anchor->label
                          : target && *url ? draft_title(target)
                          : href.length ? url : "";
        cmark_node_set_literal(label, words);
        cmark_node_append_child(link, label);
        if (!*words)
            e = draft_error(d, line, "a link without words: ", url);
    }
    free(url);
    text_free(&href);
    return e;
}

/* Whether the paragraph at a line of the page holds it as it stands there: what
 * was written as &#123; is no markup. */
static bool in_source(const Draft *d, int line, const char *what)
{
    const char *p = text_string(&d->source);

    while (--line > 0 && *p)
        p = text_next_line(p);
    const char *end = strstr(p, "\n\n"), *found = strstr(p, what);
    return found && (!end || found < end);
}

static Error check_text(const Draft *d, const char *text, int line)
{
    static const char *const refused[][2] = {
        { "{{", "a value that nobody filled in: " },
        { "[^", "the book has no footnotes: " },
    };

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *at = strstr(text, refused[i][0]);
        if (at && in_source(d, line, refused[i][0]))
            return draft_error(d, line, refused[i][1], at);
    }
    return NULL;
}

/* No line ends inside 98.73 ± 0.17 %: the spaces around ± and before % become
 * such as do not break. */
static void keep_together(cmark_node *node)
{
    static const char unbroken[] = "\u00a0";
    const char *text = cmark_node_get_literal(node);
    Text new = { 0 };

    if (!strstr(text, " ±") && !strstr(text, " %"))
        return;
    for (const char *p = text; *p; p++) {
        const bool after = p - text >= 2 && strncmp(p - 2, "±", 2) == 0;
        if (*p == ' ' && (after || p[1] == '%' || strncmp(p + 1, "±", 2) == 0))
            text_add(&new, "%s", unbroken);
        else
            text_add_char(&new, *p);
    }
    cmark_node_set_literal(node, new.s);
    text_free(&new);
}

static Error weave_inline(const Book *book, const Draft *d, cmark_node *node,
                          int line)
{
    switch (node_type(node)) {
    case CMARK_NODE_TEXT:
        keep_together(node);
        return check_text(d, cmark_node_get_literal(node), line);
    case CMARK_NODE_CODE:
        if (is_formula(node))
            return weave_formula(d, node, line);
        link_code(book, d, node);
        return NULL;
    case CMARK_NODE_LINK:
        return weave_link(book, d, node, line);
    case CMARK_NODE_IMAGE:
        return is_file(d, cmark_node_get_url(node)) ? NULL
             : draft_error(d, line, "an image that is not there: ",
                           cmark_node_get_url(node));
    default:
        return NULL;
    }
}

Error inlines_weave(const Book *book, const Draft *d, cmark_node *root,
                    int lines_before)
{
    const Nodes nodes = node_collect(root, true);
    Error e = NULL;

    for (int i = 0; i < nodes.n && !e; i++)
        e = weave_inline(book, d, nodes.at[i],
                         lines_before + node_line(nodes.at[i]));
    free(nodes.at);
    return e;
}

Error inlines_piece(const Book *book, const Draft *d, Text *html,
                    const char *markdown, size_t length, int line,
                    bool inline_only)
{
    cmark_node *document = node_parse(markdown, length);
    cmark_node *only = cmark_node_first_child(document);
    Error e = inlines_weave(book, d, document, line - 1);

    if (!e && inline_only && node_type(only) == CMARK_NODE_PARAGRAPH
        && !cmark_node_next(only)) {
        Text paragraph = { 0 };                     /* <p>...</p>\n */
        node_render(&paragraph, document);
        text_add_bytes(html, paragraph.s + 3, paragraph.length - 8);
        text_free(&paragraph);
    } else if (!e) {
        node_render(html, document);
    }
    cmark_node_free(document);
    return e;
}
