/* SPDX-License-Identifier: MIT */
#include "chapter/edition.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "data/source.h"

enum { PATH = 1200 };

/* A book from before there was data.tsv has its digest on the front page. */
static void read_front_page(Edition *e, const char *book)
{
    static const char label[] = "SHA-256 of its pixels and labels: ";
    char path[PATH];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/index.md", book);
    if (!text_read(&t, path)) {
        const char *at = strstr(text_string(&t), label);
        if (at && sscanf(at + strlen(label), "%64[0-9a-f]", e->digest) == 1)
            snprintf(e->name, sizeof e->name, "%s",
                     strstr(t.s, "\nData: MNIST") ? "MNIST" : "other digits");
    }
    text_free(&t);
}

Edition edition_of(const char *book)
{
    Edition e = { "", "" };
    char path[PATH];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/data.tsv", book);
    if (!text_read(&t, path))
        sscanf(text_string(&t), "digest\t%64[0-9a-f]\nname\t%63[^\n]",
               e.digest, e.name);
    else
        read_front_page(&e, book);
    text_free(&t);
    return e;
}

static void write_data(const char *book, const Digits *digits)
{
    char path[PATH];
    Text t = { 0 };

    must(make_folder(book));
    snprintf(path, sizeof path, "%s/data.tsv", book);
    text_add(&t, "digest\t%s\nname\t%s\n", digits->digest, digits->name);
    must(text_write_if_changed(&t, path));
    text_free(&t);
}

static void move(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        die("%s: cannot be moved to %s: %s: move one of them elsewhere", from,
            to, strerror(errno));
}

static void move_aside(const char *book, const Edition *old)
{
    char aside[PATH];

    snprintf(aside, sizeof aside, "%s.%.7s", book, old->digest);
    move(book, aside);
    fprintf(stderr, "%s: the book on %s is kept as %s, and comes back when "
            "these digits do\n", book, old->name, aside);
}

/* The folder is empty, or not there. */
static void bring_back(const char *book, const char *digest)
{
    char aside[PATH];

    snprintf(aside, sizeof aside, "%s.%.7s", book, digest);
    if (strcmp(edition_of(aside).digest, digest) != 0)
        return;
    if (rmdir(book) != 0 && errno != ENOENT)
        return;                            /* something else is in it */
    move(aside, book);
}

void edition_open(const char *book, const Digits *digits)
{
    const Edition old = edition_of(book);
    const bool other = *old.digest && strcmp(old.digest, digits->digest) != 0;
    Error error;

    if (other && digits->fallback && strncmp(old.name, "synthetic", 9) != 0)
        die("%s: holds the book on %s, and synthetic digits do not replace it: "
            "connect to the network, name a folder with make book MNIST_DIR="
            "folder, or say make book SYNTHETIC=%d", book, old.name,
            digits->train.n);
    if (other)
        move_aside(book, &old);
    if (other || !*old.digest)
        bring_back(book, digits->digest);
    write_data(book, digits);
    if ((error = digits_remember(digits)))     /* a book it can be, though */
        fprintf(stderr, "%s\n", error);
    digits_share(digits);
}

void edition_join(const char *book, const Digits *digits)
{
    const Edition old = edition_of(book);

    if (*old.digest && strcmp(old.digest, digits->digest) != 0)
        die("%s: holds the book on %s, expected one on %s: make book makes it, "
            "or name another folder with BOOK=folder", book, old.name,
            digits->name);
    write_data(book, digits);
}

void edition_notice(char *notice, size_t size, const Digits *digits)
{
    int n = 0;

    *notice = '\0';
    if (digits->quick)
        n = snprintf(notice, size,
                     "Quick build: %d training images, one seed. The numbers "
                     "on this page are not those of the book.%s",
                     digits->train.n, digits->mnist ? "" : " ");
    if (digits->synthetic)
        snprintf(notice + n, size - n,
                 "Built on synthetic digits, not on MNIST.");
    else if (!digits->mnist)
        snprintf(notice + n, size - n, "Built on the digits of %s, not on "
                 "MNIST: digest %.7s.", digits->name, digits->digest);
}
