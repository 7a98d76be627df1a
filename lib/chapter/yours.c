/* SPDX-License-Identifier: MIT */
#include "chapter/yours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runs/accepted.h"
#include "runs/catalogue.h"
#include "runs/compare.h"
#include "runs/twin.h"

const Page yours = { .name = "your-experiments", .aside = true };

static const char opening[] =
    "# Your experiments\n\n"
    "These runs are in the store and are not the book's own: you made them, by "
    "changing a chapter or with `make try`. Each stands against the book's "
    "experiment of the same name, and both are judged on training images that "
    "they hold out, not on the test set. *Larger than seed noise* means that the "
    "95 % interval of the difference (Welch) does not hold zero. Whoever tries twenty "
    "things will find one larger than seed noise by luck alone: run that one "
    "again, with more seeds.\n\n"
    "`make compare` says more about each, `make prune` removes those that no "
    "chapter uses. Click on the head of a column to sort by it.\n\n";

/* What was changed, or what it is if the book has nothing of that name. */
static void add_what(Text *t, const Entry *e)
{
    const Result *accepted = accepted_find(e->result.experiment.name);

    if (!accepted) {
        text_add(t, "an experiment of your own");
        return;
    }
    const Experiment book = twin_like(&accepted->experiment,
                                      &e->result.experiment);
    compare_fields(t, &book, &e->result.experiment);
    free((char *)book.name);
}

static void add_row(Text *t, const Catalogue *c, const Entry *e)
{
    const Result *book = catalogue_book_side(c, e), *r = &e->result;
    char day[32], accuracy[64], points[32], interval[80];

    catalogue_time(day, e);
    stat_percent(accuracy, r->accuracy);
    text_add(t, "| %s | `%s` | ", day, r->experiment.name);
    add_what(t, e);
    text_add(t, " | %s | %d | ", accuracy, r->runs);
    if (!e->current) {
        text_add(t, "– | by earlier code |\n");
    } else if (!r->experiment.train.validation) {
        text_add(t, "– | judged on the test set |\n");
    } else if (!book) {
        text_add(t, "– | nothing to compare with |\n");
    } else {
        const Difference d = difference_welch(r->accuracy, book->accuracy);
        signed_number(points, 100 * d.mean, 2);
        interval_text(interval, d, 100, 2);
        text_add(t, "%s (%s) | %s |\n", points, interval,
                 compare_verdict(d, difference_images(book, r)));
    }
}

static bool is_yours(const Entry *e, const char *digest)
{
    return !e->of_book && strcmp(e->result.run[0].data, digest) == 0;
}

/* All that was made for one chapter, newest first. */
static int add_chapter(Text *t, const Catalogue *c, const char *digest,
                       const Page *page)
{
    int rows = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        if (!is_yours(e, digest)
            || strcmp(e->result.run[0].chapter, page->name) != 0)
            continue;
        if (rows++ == 0)
            text_add(t, "## Chapter %d\n\n[](%s.md)\n\n"
                     "| Finished | Experiment | The change | Accuracy | Runs "
                     "| Difference, points | Is it luck? |\n"
                     "| --- | --- | --- | --- | --- | --- | --- |\n",
                     page->number, page->name);
        add_row(t, c, e);
    }
    if (rows)
        text_add_char(t, '\n');
    return rows;
}

bool yours_page(const char *folder, const char *store, const Digits *digits,
                const Page *pages, int n)
{
    Catalogue c = catalogue_read(store);
    char path[1024];
    Text t = { 0 };
    int rows = 0;

    catalogue_mark(&c, folder);
    text_add(&t, "%s", opening);
    for (int i = 0; i < n; i++)
        if (pages[i].number)
            rows += add_chapter(&t, &c, digits->digest, &pages[i]);
    catalogue_free(&c);
    snprintf(path, sizeof path, "%s/%s.md", folder, yours.name);
    if (rows) {
        must(text_write_if_changed(&t, path));
    } else {
        remove(path);
        snprintf(path, sizeof path, "%s/%s.html", folder, yours.name);
        remove(path);
    }
    text_free(&t);
    return rows > 0;
}
