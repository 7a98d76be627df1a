/* SPDX-License-Identifier: MIT */
#include "press/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "press/nodes.h"

/* A section while its words are gathered. */
typedef struct Section {
    char *href, *kind, *title;
    Text words;
} Section;

/* A JavaScript string. "</" would end the script in some readers' eyes. */
static void add_string(Text *js, const char *s)
{
    text_add_char(js, '"');
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            text_add(js, "\\%c", *s);
        else if (*s == '/' && js->s[js->length - 1] == '<')
            text_add(js, "\\/");
        else
            text_add_char(js, (unsigned char)*s < ' ' ? ' ' : *s);
    text_add_char(js, '"');
}

static void add_entry(Text *js, const char *href, const char *kind,
                      const char *title, const char *page, const char *words)
{
    const char *const columns[] = { href, kind, title, page, words };

    for (int i = 0; i < 5; i++) {
        text_add(js, i ? "," : "[");
        add_string(js, columns[i]);
    }
    text_add(js, "],\n");
}

/* Words without formulas and the rules of tables, and with single spaces. */
static void add_words(Text *words, const char *s)
{
    static const char rule[] = "—";
    bool formula = false;

    for (; *s; s++) {
        if (strncmp(s, rule, strlen(rule)) == 0) {
            s += strlen(rule) - 1;
            continue;
        }
        const bool space = *s == ' ' || *s == '\n' || *s == '|';
        formula ^= *s == '$';
        if (formula || *s == '$'
            || (space && words->length
                && words->s[words->length - 1] == ' '))
            continue;
        text_add_char(words, space ? ' ' : *s);
    }
    text_add_char(words, ' ');
}

/* The name in `.name = "relu",` of a listing that holds an experiment. */
static bool experiment_name(char name[64], const char *code)
{
    const char *at = strstr(code, "static const Experiment ");

    return at && (at = strstr(at, ".name")) && (at = strchr(at, '"'))
        && sscanf(at, "\"%63[^\"]", name) == 1;
}

static void close_section(Text *js, Section *s, const char *page)
{
    if (s->href)
        add_entry(js, s->href, s->kind, s->title, page, text_string(&s->words));
    free(s->href);
    free(s->title);
    text_free(&s->words);
    *s = (Section){ 0 };
}

static void open_section(Section *s, const Draft *d, cmark_node *heading)
{
    const Anchor *a = draft_anchor_of(d, heading);
    const bool chapter = cmark_node_get_heading_level(heading) == 1;
    Text href = { 0 }, title = { 0 };

    text_add(&href, "%s.html", d->page->name);
    if (!chapter && a)
        text_add(&href, "#%s", a->id);
    node_words(&title, heading);
    *s = (Section){ .href = href.s, .title = title.s,
                    .kind = chapter ? "chapter" : "section" };
}

/* A function of the library leads to its listing, an experiment to the section
 * that has it; a claim is part of its section. */
static void add_code(Text *js, Section *s, const Draft *d, cmark_node *block)
{
    const char *info = cmark_node_get_fence_info(block);
    const char *code = cmark_node_get_literal(block);
    const Anchor *a = draft_anchor_of(d, block);
    char name[64];
    Text words = { 0 };

    if (strncmp(info, "claim", 5) == 0) {
        add_words(&s->words, code);
    } else if (a) {
        Text href = { 0 };
        text_add(&href, "%s.html#%s", d->page->name, a->id);
        add_words(&words, code);
        add_entry(js, href.s, "function", a->label, draft_title(d), words.s);
        text_free(&href);
    } else if (strncmp(info, "c ", 2) == 0 && s->href
               && experiment_name(name, code)) {
        add_words(&words, code);
        add_entry(js, s->href, "experiment", name, draft_title(d), words.s);
    }
    text_free(&words);
}

static void add_page(Text *js, const Draft *d)
{
    const Nodes nodes = node_collect(d->document, false);
    Section s = { 0 };

    for (int i = 0; i < nodes.n; i++) {
        cmark_node *node = nodes.at[i];
        Text words = { 0 };
        switch (node_type(node)) {
        case CMARK_NODE_HEADING:
            close_section(js, &s, draft_title(d));
            open_section(&s, d, node);
            break;
        case CMARK_NODE_PARAGRAPH:
            if (draft_figure(node))
                text_add(&words, "%s",
                         cmark_node_get_title(draft_figure(node)));
            else
                node_words(&words, node);
            add_words(&s.words, text_string(&words));
            break;
        case CMARK_NODE_CODE_BLOCK:
            add_code(js, &s, d, node);
            break;
        default:
            break;
        }
        text_free(&words);
    }
    close_section(js, &s, draft_title(d));
    free(nodes.at);
}

Error search_index(const char *folder, const Book *book)
{
    char path[512];
    Text js = { 0 };

    text_add(&js, "const searchIndex = [\n");
    for (int i = 0; i < book->n; i++)
        if (!book->drafts[i].page->aside) {
            book_at(book, i);
            add_page(&js, &book->drafts[i]);
        }
    text_add(&js, "];\n");
    snprintf(path, sizeof path, "%s/search-index.js", folder);
    const Error e = text_write_if_changed(&js, path);
    text_free(&js);
    return e;
}
