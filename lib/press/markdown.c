/* SPDX-License-Identifier: MIT
 *
 * Blocks are woven first, then what is left of the text.
 */
#include "press/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "press/blocks.h"
#include "press/inlines.h"
#include "press/nodes.h"
#include "press/tables.h"

static void weave_heading(const Draft *d, cmark_node *node)
{
    const Anchor *a = draft_anchor_of(d, node);
    const int level = cmark_node_get_heading_level(node);
    char enter[256], leave[256];

    if (!a)
        return;
    snprintf(enter, sizeof enter, "<h%d id=\"%s\">", level, a->id);
    snprintf(leave, sizeof leave, " <a class=\"anchor\" href=\"#%s\" "
             "aria-label=\"Link to this section\">#</a></h%d>", a->id, level);
    node_replace_tags(node, enter, leave);
}

/* The image goes inline, the links after it stay, inside the figure. */
static Error weave_figure(const Book *book, const Draft *d, cmark_node *node)
{
    cmark_node *image = cmark_node_first_child(node);
    char *source = draft_lines(d, node);
    Text html = { 0 };
    Error e = block_figure(book, d, &html, image, draft_anchor_of(d, node),
                           source, node_line(node));

    free(source);
    if (!e) {
        cmark_node_free(image);
        if (node_type(cmark_node_first_child(node)) == CMARK_NODE_SOFTBREAK)
            cmark_node_free(cmark_node_first_child(node));
        const bool links = cmark_node_first_child(node) != NULL;
        if (links)
            text_add(&html, "<span class=\"sources\">");
        node_replace_tags(node, html.s, links ? "</span></figcaption></figure>"
                                              : "</figcaption></figure>");
    }
    text_free(&html);
    return e;
}

static Error weave_paragraph(const Book *book, const Draft *d, cmark_node *node)
{
    const Anchor *a = draft_anchor_of(d, node);
    cmark_node *above = a ? cmark_node_previous(node) : NULL;
    Text html = { 0 };

    if (draft_figure(node))
        return weave_figure(book, d, node);
    if (!draft_is_table(d, node))
        return NULL;
    char *lines = draft_lines(d, node);
    char *caption = above ? draft_lines(d, above) : NULL;
    Error e = table_html(book, d, &html, lines, node_line(node), a, caption,
                         above ? node_line(above) : 0);
    if (!e) {
        if (above)
            cmark_node_free(above);
        node_replace(node, CMARK_NODE_HTML_BLOCK, text_string(&html));
    }
    free(lines);
    free(caption);
    text_free(&html);
    return e;
}

static Error weave_fenced(const Book *book, const Draft *d, cmark_node *node)
{
    Text html = { 0 };
    Error e = block_fenced(book, d, &html, node);

    if (!e)
        node_replace(node, CMARK_NODE_HTML_BLOCK, text_string(&html));
    text_free(&html);
    return e;
}

/* Raw HTML; a script may mean {{ as it stands. */
static Error check_html(const Draft *d, const char *html, int line)
{
    return strncmp(html, "<script", 7) == 0 || !strstr(html, "{{") ? NULL
         : draft_error(d, line, "a value that nobody filled in: ",
                       strstr(html, "{{"));
}

static Error weave_block(const Book *book, const Draft *d, cmark_node *node)
{
    switch (node_type(node)) {
    case CMARK_NODE_HEADING:    weave_heading(d, node); return NULL;
    case CMARK_NODE_PARAGRAPH:  return weave_paragraph(book, d, node);
    case CMARK_NODE_CODE_BLOCK: return weave_fenced(book, d, node);
    case CMARK_NODE_HTML_BLOCK:
        return check_html(d, cmark_node_get_literal(node), node_line(node));
    default:
        return NULL;
    }
}

Error markdown_weave(const Book *book, Draft *d)
{
    const Nodes nodes = node_collect(d->document, false);
    Error e = NULL;

    for (int i = 0; i < nodes.n && !e; i++)
        e = weave_block(book, d, nodes.at[i]);
    free(nodes.at);
    if (!e)
        e = inlines_weave(book, d, d->document, 0);
    if (!e)
        node_render(&d->html, d->document);
    return e;
}
