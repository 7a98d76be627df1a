/* SPDX-License-Identifier: MIT
 *
 * The tree that cmark makes of a page: what the press asks of it and does to
 * it, in a few words.
 */
#ifndef PRESS_NODES_H
#define PRESS_NODES_H

#include <cmark.h>

#include "base/text.h"

/* Parses with the book's options; neighbouring texts are one node. */
cmark_node *node_parse(const char *markdown, size_t length);
void node_render(Text *html, cmark_node *root);

/* The nodes of a tree in the order of the page. They are collected before any
 * is edited: cmark's iterator does not survive a node replaced under it. */
typedef struct Nodes {
    cmark_node **at;       /* to be freed */
    int n;
} Nodes;

/* Blocks only, or the texts, links and so on inside them, too. */
Nodes node_collect(cmark_node *root, bool inlines);

/* CMARK_NODE_NONE for NULL. */
cmark_node_type node_type(cmark_node *node);

/* The line of a node, or of the block it stands in. */
int node_line(cmark_node *node);

/* The words of a node, without emphasis and links. */
void node_words(Text *words, cmark_node *node);

/* Puts HTML in the place of a node, which is freed. */
void node_replace(cmark_node *node, cmark_node_type type, const char *html);

/* Puts tags of our own around the children of a block. */
void node_replace_tags(cmark_node *node, const char *enter, const char *leave);

#endif
