/* SPDX-License-Identifier: MIT */
#include "press/nodes.h"

#include <stdlib.h>

enum { OPTIONS = CMARK_OPT_UNSAFE | CMARK_OPT_SMART };

cmark_node *node_parse(const char *markdown, size_t length)
{
    cmark_node *document = cmark_parse_document(markdown, length, OPTIONS);

    cmark_consolidate_text_nodes(document);
    return document;
}

void node_render(Text *html, cmark_node *root)
{
    char *rendered = cmark_render_html(root, OPTIONS);

    text_add(html, "%s", rendered);
    free(rendered);
}

cmark_node_type node_type(cmark_node *node)
{
    return node ? cmark_node_get_type(node) : CMARK_NODE_NONE;
}

static bool is_block(cmark_node *node)
{
    return node_type(node) >= CMARK_NODE_FIRST_BLOCK
        && node_type(node) <= CMARK_NODE_LAST_BLOCK;
}

Nodes node_collect(cmark_node *root, bool inlines)
{
    cmark_iter *iter = cmark_iter_new(root);
    Nodes nodes = { NULL, 0 };
    int room = 0;

    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_iter_get_event_type(iter) != CMARK_EVENT_ENTER
            || !(inlines || is_block(node)))
            continue;
        if (nodes.n == room) {
            room = 2 * room + 64;
            nodes.at = realloc(nodes.at, (size_t)room * sizeof *nodes.at);
            CHECK(nodes.at != NULL, ==, true);
        }
        nodes.at[nodes.n++] = node;
    }
    cmark_iter_free(iter);
    return nodes;
}

int node_line(cmark_node *node)
{
    while (cmark_node_get_start_line(node) == 0 && cmark_node_parent(node))
        node = cmark_node_parent(node);
    return cmark_node_get_start_line(node);
}

void node_words(Text *words, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);

    if (node_type(node) == CMARK_NODE_SOFTBREAK)
        text_add_char(words, ' ');
    else if (literal && node_type(node) != CMARK_NODE_HTML_INLINE)
        text_add(words, "%s", literal);
    node = cmark_node_first_child(node);
    for (; node; node = cmark_node_next(node))
        node_words(words, node);
}

void node_replace(cmark_node *node, cmark_node_type type, const char *html)
{
    cmark_node *new = cmark_node_new(type);

    cmark_node_set_literal(new, html);
    cmark_node_replace(node, new);
    cmark_node_free(node);
}

void node_replace_tags(cmark_node *node, const char *enter, const char *leave)
{
    cmark_node *new = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK), *child;

    cmark_node_set_on_enter(new, enter);
    cmark_node_set_on_exit(new, leave);
    while ((child = cmark_node_first_child(node)))
        cmark_node_append_child(new, child);
    cmark_node_replace(node, new);
    cmark_node_free(node);
}
