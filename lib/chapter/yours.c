/* SPDX-License-Identifier: MIT */
#include "chapter/yours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
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
    "Of each chapter the latest few stand here, all are in "
    "[a table](your-experiments.tsv). `make compare` says more about each, `make "
    "runs` searches them. Click on the head of a column to sort by it.\n\n";

enum { LATEST = 5 };

/* What was changed, or what it is if the book has nothing of that name. */
static void add_what(Text *t, const Entry *e)
{
    const Result *accepted = accepted_find(e->experiment.name);

    if (!accepted) {
        text_add(t, "an experiment of your own");
        return;
    }
    const Experiment book = twin_like(&accepted->experiment,
                                      &e->experiment);
    compare_fields(t, &book, &e->experiment);
    free((char *)book.name);
}

/* The difference and what it is worth, from the runs themselves. */
static void add_difference(Text *t, const Catalogue *c, const Entry *e,
                           Side side)
{
    Result *r = catalogue_result(c, e);
    Result *own = side.entry ? catalogue_result(c, side.entry) : NULL;
    const Result *book = side.entry ? own : side.accepted;
    char points[32], interval[80];

    if (r && book) {
        const Difference d = difference_welch(r->accuracy, book->accuracy);
        signed_number(points, 100 * d.mean, 2);
        interval_text(interval, d, 100, 2);
        text_add(t, "%s (%s) | %s |\n", points, interval,
                 compare_verdict(d, difference_images(book, r)));
    } else {
        text_add(t, "– | nothing to compare with |\n");
    }
    catalogue_result_free(own);
    catalogue_result_free(r);
}

static void add_row(Text *t, const Catalogue *c, const Entry *e)
{
    char day[32], accuracy[64];

    catalogue_time(day, e);
    stat_percent(accuracy, e->accuracy);
    text_add(t, "| %s | ", day);
    markup_code(t, e->experiment.name);
    text_add(t, " | ");
    add_what(t, e);
    text_add(t, " | %s | %d | ", accuracy, e->runs);
    if (!e->current)
        text_add(t, "– | by earlier code |\n");
    else if (!e->experiment.train.validation)
        text_add(t, "– | judged on the test set |\n");
    else
        add_difference(t, c, e, catalogue_book_side(c, e));
}

static bool is_yours(const Entry *e, const char *digest)
{
    return !e->of_book && strcmp(e->run[0].data, digest) == 0;
}

/* The latest that were made for one chapter, newest first. */
static int add_chapter(Text *t, const Catalogue *c, const char *digest,
                       const Page *page)
{
    int rows = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        if (!is_yours(e, digest)
            || strcmp(e->run[0].chapter, page->name) != 0)
            continue;
        if (rows++ == 0)
            text_add(t, "## Chapter %d\n\n[](%s.md)\n\n"
                     "| Finished | Experiment | The change | Accuracy | Runs "
                     "| Difference, points | Is it luck? |\n"
                     "| --- | --- | --- | --- | --- | --- | --- |\n",
                     page->number, page->name);
        if (rows <= LATEST)
            add_row(t, c, e);
    }
    if (rows > LATEST)
        text_add(t, "\nThe latest %d of %s; the others are in [the "
                 "table](your-experiments.tsv).\n", LATEST, thousands(rows));
    if (rows)
        text_add_char(t, '\n');
    return rows;
}

/* All of them, without comparisons. */
static void write_table(const char *path, const Catalogue *c,
                        const char *digest)
{
    Text t = { 0 };

    text_add(&t, "id\tfinished\tchapter\texperiment\taccuracy\tsd\truns\tdata\t"
             "fields\n");
    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        char day[32];
        if (!is_yours(e, digest))
            continue;
        catalogue_time(day, e);
        text_add(&t, "%.9s\t%s\t%s\t%s\t%.6g\t%.4g\t%d\t%s\t%s\n", e->id, day,
                 e->run[0].chapter, e->experiment.name, e->accuracy.mean,
                 e->accuracy.sd, e->runs, e->run[0].data_name,
                 e->run[0].fields);
    }
    must(text_write_if_changed(&t, path));
    text_free(&t);
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
    snprintf(path, sizeof path, "%s/%s.tsv", folder, yours.name);
    if (rows)
        write_table(path, &c, digits->digest);
    else
        must(file_remove(path));
    catalogue_tell_passed_over(&c);
    catalogue_free(&c);
    snprintf(path, sizeof path, "%s/%s.md", folder, yours.name);
    if (rows) {
        must(text_write_if_changed(&t, path));
    } else {
        must(file_remove(path));
        snprintf(path, sizeof path, "%s/%s.html", folder, yours.name);
        must(file_remove(path));
    }
    text_free(&t);
    return rows > 0;
}
