/* SPDX-License-Identifier: MIT */
#include "press/print.h"

#include <string.h>

/* The page that the address of a link names, and the length of that name. */
static const Draft *page_of(const Book *book, const char *address, size_t *n)
{
    for (int i = 0; i < book->n; i++) {
        const char *name = book->drafts[i].page->name;
        *n = strlen(name);
        if (text_starts(address, name) && text_starts(address + *n, ".html")
            && strchr("\"'#", address[*n + strlen(".html")])) {
            *n += strlen(".html");
            return &book->drafts[i];
        }
    }
    return NULL;
}

/* An address from its start to where it can be copied on: "#loss" becomes
 * "#page-04-relu-loss", "04-relu.html" becomes "#page-04-relu": a drawing takes
 * no id that begins with a digit. */
static const char *add_address(Text *html, const Book *book, const Draft *d,
                               const char *p)
{
    size_t n = 0;
    const Draft *target = *p == '#' ? d : page_of(book, p, &n);

    if (!target || target->page->aside)
        return p;
    p += n;
    text_add(html, "#page-%s", target->page->name);
    if (*p == '#' && p[1] != '"')
        text_add_char(html, '-');
    return p + (*p == '#');
}

/* <h1> becomes <h2 class="title">, <h2> becomes <h3> ... */
static const char *add_heading(Text *html, const char *p)
{
    const bool closes = p[1] == '/';
    const char level = p[2 + closes];

    text_add(html, closes ? "</h%c" : "<h%c", level + 1);
    if (level == '1' && !closes)
        text_add(html, " class=\"title\"");
    return p + 3 + closes;
}

static bool is_heading(const char *p)
{
    p += 1 + (p[1] == '/');
    return p[0] == 'h' && p[1] >= '1' && p[1] <= '4'
        && (p[2] == '>' || p[2] == ' ');
}

/* Past the frames of a figure that are not seen: on paper nothing moves. The one
 * that is seen comes last. */
static const char *skip_hidden_frames(const char *p)
{
    static const char frame[] = "<g class=\"frame\"";

    while (text_starts(p, frame)) {
        const char *end = p + strcspn(p, ">"), *next = strstr(end, frame);
        const char *hidden = strstr(p, "display=\"none\"");
        if (!next || !hidden || hidden > end)
            break;
        p = next;
    }
    return p;
}

static void add_page(Text *html, const Book *book, const Draft *d)
{
    const char *p = text_string(&d->html);

    while (*(p = skip_hidden_frames(p))) {
        if (text_starts(p, " id=\"") || text_starts(p, " id='")) {
            text_add(html, "%.5spage-%s-", p, d->page->name);
            p += 5;
        } else if (text_starts(p, "href=\"") || text_starts(p, "href='")) {
            text_add(html, "%.6s", p);
            p = add_address(html, book, d, p + 6);
        } else if (text_starts(p, "url(#")) {
            text_add(html, "url(#page-%s-", d->page->name);
            p += 5;
        } else if (*p == '<' && d != book->drafts && is_heading(p)) {
            p = add_heading(html, p);
        } else {
            text_add_char(html, *p++);
        }
    }
}

void print_body(Text *html, const Book *book)
{
    for (int i = 0; i < book->n; i++) {
        const Draft *d = &book->drafts[i];
        if (d->page->aside)
            continue;
        text_add(html, "<section class=\"page\" id=\"page-%s\">\n",
                 d->page->name);
        if (d->page->number)
            text_add(html, "<p class=\"eyebrow\">Chapter %d</p>\n",
                     d->page->number);
        notice_add(html, d->page->banner);
        add_page(html, book, d);
        text_add(html, "</section>\n");
    }
}
