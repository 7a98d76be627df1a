/* SPDX-License-Identifier: MIT */
#include "press/html.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "press/markdown.h"
#include "press/print.h"
#include "press/search.h"
#include "press/watch.h"

static const char *const style_sources[] = { "lib/press/style.css",
                                             "lib/press/print.css" };
static const char *const script_sources[] = { "lib/press/book.js",
                                              "lib/press/figures.js",
                                              "lib/press/search.js" };
static const char math_font[] = "build/fonts/math.woff2";

/* The reader's choice of theme, before anything is painted. */
static const char theme_script[] =
    "try{document.documentElement.dataset.theme="
    "localStorage.getItem('theme')||''}catch(e){}";

static void add_number(Text *html, const Draft *d)
{
    if (d->page->number)
        text_add(html, "<span class=\"number\">%d</span> ", d->page->number);
}

/* d is NULL for the whole book in one file. */
static void add_head(Text *html, const Book *book, const Draft *d)
{
    const char *title = draft_title(d ? d : book->drafts);
    const char *book_title = draft_title(&book->drafts[0]);

    text_add(html,
             "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\">\n");
    if (!d)
        text_add(html, "<title>%s · the whole book</title>\n", title);
    else if (d == book->drafts)
        text_add(html, "<title>%s</title>\n", title);
    else
        text_add(html, "<title>%s · %s</title>\n", title, book_title);
    text_add(html, "<link rel=\"stylesheet\" href=\"style.css\">\n"
             "<script>%s</script>\n<script src=\"book.js\" defer></script>\n"
             "</head>\n", theme_script);
}

/* The sections of a page: its h2, with their h3 one level down left out. */
static void add_sections(Text *html, const Draft *d)
{
    text_add(html, "\n<ol class=\"sections\">\n");
    for (int i = 0; i < d->n_anchors; i++)
        if (d->anchors[i].level == 2)
            text_add(html, "<li><a href=\"#%s\">%s</a></li>\n",
                     d->anchors[i].id, d->anchors[i].label);
    text_add(html, "</ol>\n");
}

static void add_contents(Text *html, const Book *book, const Draft *d)
{
    text_add(html, "<nav class=\"contents\" aria-label=\"Contents\">\n"
             "<ol class=\"chapters\">\n");
    for (int i = 0; i < book->n; i++) {
        const Draft *other = &book->drafts[i];
        if (other->page->aside && other != d && d != book->drafts)
            continue;
        if (other->page->part)
            text_add(html, "<li class=\"part\">%s</li>\n", other->page->part);
        text_add(html, "<li><a href=\"%s.html\"%s>", other->page->name,
                 other == d ? " aria-current=\"page\"" : "");
        add_number(html, other);
        text_add(html, "%s</a>", i == 0 ? "Front page" : draft_title(other));
        if (other == d)
            add_sections(html, d);
        text_add(html, "</li>\n");
    }
    text_add(html, "</ol>\n<p class=\"whole\"><a href=\"print.html\">The whole "
             "book, for printing</a></p>\n</nav>\n");
}

static const char skip_link[] =
    "<a class=\"skip\" href=\"#text\">Skip to the text</a>\n";

/* The head of every page. On a phone the contents open with a checkbox, which
 * works without the script. */
static void add_header(Text *html, const Book *book, const Draft *d)
{
    text_add(html, "<body>\n%s<header class=\"top\">\n"
             "<input type=\"checkbox\" id=\"menu\" aria-label=\"Contents\">\n"
             "<label for=\"menu\">☰</label>\n"
             "<a class=\"title\" href=\"%s.html\">%s</a>\n"
             "<div class=\"tools\">\n<button type=\"button\" "
             "id=\"open-search\" aria-keyshortcuts=\"/\" hidden>Search</button>\n"
             "<button type=\"button\" id=\"theme\" hidden>Dark</button>\n"
             "</div>\n", skip_link, book->drafts[0].page->name,
             draft_title(&book->drafts[0]));
    add_contents(html, book, d);
    text_add(html, "</header>\n");
}

static void add_neighbour(Text *html, const Draft *d, const char *rel,
                          const char *words)
{
    text_add(html, "<a rel=\"%s\" href=\"%s.html\"><small>%s</small> ", rel,
             d->page->name, words);
    add_number(html, d);
    text_add(html, "%s</a>\n", draft_title(d));
}

static void add_main(Text *html, const Book *book, const Draft *d)
{
    const Draft *last = &book->drafts[book->n - 1];

    text_add(html, "<main id=\"text\" tabindex=\"-1\"%s>\n",
             d->page->aside ? " class=\"sortable\"" : "");
    notice_add(html, book->notice);
    notice_add(html, d->page->banner);
    if (d->page->number)
        text_add(html, "<p class=\"eyebrow\">Chapter %d</p>\n",
                 d->page->number);
    text_add(html, "%s</main>\n<footer>\n"
             "<nav class=\"pager\" aria-label=\"Previous and next chapter\">\n",
             text_string(&d->html));
    if (d->page->aside)
        add_neighbour(html, book->drafts, "prev", "← Back to");
    else if (d > book->drafts)
        add_neighbour(html, d - 1, "prev", "← Previous");
    if (d < last && !d[1].page->aside)
        add_neighbour(html, d + 1, "next", "Next →");
    text_add(html, "</nav>\n</footer>\n</body>\n</html>\n");
}

static Error write_page(const Book *book, const Draft *d)
{
    Text html = { 0 };
    char path[512];

    add_head(&html, book, d);
    add_header(&html, book, d);
    add_main(&html, book, d);
    snprintf(path, sizeof path, "%s/%s.html", d->folder, d->page->name);
    Error e = text_write_if_changed(&html, path);
    text_free(&html);
    return e;
}

/* The whole book in one file, without a script of its own but for the theme. */
static Error write_print(const char *folder, const Book *book)
{
    Text html = { 0 };
    char path[512];

    add_head(&html, book, NULL);
    text_add(&html, "<body class=\"print\">\n%s<header>\n"
             "<nav aria-label=\"Pages\"><a href=\"%s.html\">← To the pages of "
             "this book</a></nav>\n</header>\n"
             "<main id=\"text\" tabindex=\"-1\">\n", skip_link,
             book->drafts[0].page->name);
    notice_add(&html, book->notice);
    print_body(&html, book);
    text_add(&html, "</main>\n<footer><a href=\"#text\">↑ To the beginning</a>"
             "</footer>\n</body>\n</html>\n");
    snprintf(path, sizeof path, "%s/print.html", folder);
    Error e = text_write_if_changed(&html, path);
    text_free(&html);
    return e;
}

static void add_base64(Text *out, const Text *bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)bytes->s;

    for (size_t i = 0; i < bytes->length; i += 3) {
        const size_t left = bytes->length - i;
        const unsigned group = (unsigned)b[i] << 16
                             | (left > 1 ? (unsigned)b[i + 1] << 8 : 0)
                             | (left > 2 ? (unsigned)b[i + 2] : 0);
        text_add(out, "%c%c%c%c", digits[group >> 18],
                 digits[group >> 12 & 63],
                 left > 1 ? digits[group >> 6 & 63] : '=',
                 left > 2 ? digits[group & 63] : '=');
    }
}

/* The style sheets in one, with the font for formulas inside it where there is
 * one. */
static Error write_style(const char *folder)
{
    Text css = { 0 }, font = { 0 };
    char path[512];
    Error e = NULL;

    for (size_t i = 0; i < sizeof style_sources / sizeof *style_sources; i++)
        if (!e)
            e = text_read_lines(&css, style_sources[i]);
    if (!e && !text_read(&font, math_font)) {
        text_add(&css, "\n@font-face {\n    font-family: \"Book Math\";\n"
                 "    src: url(data:font/woff2;base64,");
        add_base64(&css, &font);
        text_add(&css, ") format(\"woff2\");\n}\n");
    }
    snprintf(path, sizeof path, "%s/style.css", folder);
    if (!e)
        e = text_write_if_changed(&css, path);
    text_free(&css);
    text_free(&font);
    return e;
}

static Error write_script(const char *folder, const Book *book)
{
    Text js = { 0 };
    char path[512];
    Error e = NULL;

    for (size_t i = 0; i < sizeof script_sources / sizeof *script_sources; i++)
        if (!e)
            e = text_read_lines(&js, script_sources[i]);
    if (!e)
        e = watch_add(&js, folder, book);
    snprintf(path, sizeof path, "%s/book.js", folder);
    if (!e)
        e = text_write_if_changed(&js, path);
    text_free(&js);
    return e;
}

Error press(const char *folder, const Pages *pages)
{
    const int n = pages->n;
    Book book = { .drafts = allocate((size_t)n, sizeof *book.drafts), .n = n,
                  .notice = pages->notice, .now = pages->now };
    Error e = NULL;

    for (int i = 0; i < n && !e; i++) {
        book_at(&book, i);
        e = draft_read(&book.drafts[i], folder, &pages->at[i]);
    }
    if (!e) {
        book_at(&book, -1);
        book.shown = shown_collect(book.drafts, n);
        e = search_index(folder, &book);
    }
    for (int i = 0; i < n && !e; i++) {
        book_at(&book, i);
        e = markdown_weave(&book, &book.drafts[i]);
    }
    if (!e)
        book_at(&book, -1);
    for (int i = 0; i < n && !e; i++)
        e = write_page(&book, &book.drafts[i]);
    if (!e)
        e = write_print(folder, &book);
    if (!e)
        e = write_style(folder);
    if (!e)
        e = write_script(folder, &book);
    for (int i = 0; i < n; i++)
        draft_free(&book.drafts[i]);
    shown_free(&book.shown);
    free(book.drafts);
    return e;
}
