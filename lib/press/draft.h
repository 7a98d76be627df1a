/* SPDX-License-Identifier: MIT
 *
 * One page of the book as the press reads it: its Markdown, parsed, and the
 * places in it that a link can lead to.
 *
 *     must(draft_read(&d, "build/book", &page));
 *     const Anchor *a = draft_find(&d, "fig-loss");      "Figure 3.2"
 *     draft_free(&d);
 */
#ifndef PRESS_DRAFT_H
#define PRESS_DRAFT_H

#include <cmark.h>

#include "base/text.h"
#include "runs/pages.h"

/* A heading, a figure, a table, a listing, a formula with a name, a claim, an
 * id in raw HTML. */
typedef struct Anchor {
    char *id;
    char *label;           /* HTML: what [](#id) says; "" for raw HTML */
    int level;             /* of a heading; 0 for anything else */
} Anchor;

typedef struct Draft {
    const Page *page;
    const char *folder;
    char path[512];        /* of the Markdown, for errors */
    Text source;
    cmark_node *document;
    Anchor *anchors;       /* in the order of the page */
    int n_anchors;
    int figures, tables, equations, claims;    /* so far, for their numbers */
    Text html;             /* the body, once woven */
} Draft;

/* Reads and parses folder/<page->name>.md and finds its anchors. Free it after
 * an error too. */
Error draft_read(Draft *d, const char *folder, const Page *page);
void draft_free(Draft *d);

/* An error at a line of the page. */
Error draft_error(const Draft *d, int line, const char *what,
                  const char *which);

/* The title: the text of the page's one h1, as HTML. */
const char *draft_title(const Draft *d);

/* The anchor with this id, or the one that a node makes; NULL if there is
 * none. */
const Anchor *draft_find(const Draft *d, const char *id);
const Anchor *draft_anchor_of(const Draft *d, cmark_node *node);

/* The source lines of a block, without the quote or list around it; to be
 * freed. */
char *draft_lines(const Draft *d, cmark_node *node);

/* Whether a block is a paragraph that holds a table. */
bool draft_is_table(const Draft *d, cmark_node *node);

/* The image of a paragraph that is a figure: it comes first, and nothing after
 * it but links. NULL for any other paragraph. */
cmark_node *draft_figure(cmark_node *paragraph);

/* What stands above the text of a page: the notice of the book, the banner of
 * the page. Nothing where that is NULL or "". */
void notice_add(Text *html, const char *notice);

#endif
