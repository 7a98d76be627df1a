/* SPDX-License-Identifier: MIT
 *
 * The run store from the outside.
 *
 *     runs list <store> <book>...             what is there, newest first
 *     runs prune <store> <book>...            remove what no chapter uses
 *     runs compare <store> <book>...          yours against the book's
 *     runs compare <store> <book>... A B      these two, by their ids
 *
 * <book> is a folder of pages: their runs.tsv says what they use. CHAPTER=04
 * lists and compares only what was made for that chapter. */
#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/root.h"
#include "base/setting.h"
#include "runs/accepted.h"
#include "runs/catalogue.h"
#include "runs/compare.h"
#include "runs/grid.h"

enum { SHORT_ID = 7, ABANDONED = 3600, PATH = 1200 };

static bool of_chapter(const Entry *e)
{
    const char *chapter = setting("CHAPTER", NULL);

    return !chapter || atoi(e->result.run[0].chapter) == atoi(chapter);
}

static const char *whose(const Entry *e)
{
    return !e->current ? "earlier code"
         : !e->of_book ? e->in_use ? "yours, in a chapter" : "yours"
         : e->in_use ? "the book's" : "the book's, not in use";
}

static void list(const Catalogue *c)
{
    Grid g = { 0 };
    Text t = { 0 };

    grid_add(&g, "id | chapter | experiment | runs | accuracy | whose | "
             "finished");
    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        char accuracy[64], day[32];
        Text title = { 0 };
        if (!of_chapter(e))
            continue;
        stat_percent(accuracy, e->result.accuracy);
        catalogue_time(day, e);
        catalogue_title(&title, e);
        grid_add(&g, "%.*s | %s | %s | %d | %s | %s | %s", SHORT_ID, e->id,
                 e->result.run[0].chapter, text_string(&title), e->result.runs,
                 accuracy, whose(e), day);
        text_free(&title);
    }
    grid_write(&t, &g);
    fputs(text_string(&t), stdout);
    text_free(&t);
}

/* A folder that a killed build has left, and that was not touched lately; or a
 * run of which something is missing. */
static bool is_unfinished(const char *path)
{
    static const char *const files[] = { "experiment.tsv", "score.tsv",
                                         "seal.tsv" };
    const size_t n = strlen(path), key = KEY_SIZE - 1;
    char file[PATH + 16];
    struct stat s;
    bool whole = true;

    if (n > 4 && strcmp(path + n - 4, ".tmp") == 0)
        return stat(path, &s) == 0 && time(NULL) - s.st_mtime > ABANDONED;
    for (int i = 0; i < 3; i++) {
        snprintf(file, sizeof file, "%s/%s", path, files[i]);
        whole = whole && stat(file, &s) == 0;
    }
    return strspn(strrchr(path, '/') + 1, "0123456789abcdef") == key && !whole;
}

static int remove_abandoned(const char *store)
{
    DIR *folder = opendir(store);
    char path[PATH];
    int removed = 0;

    for (struct dirent *d; folder && (d = readdir(folder));) {
        snprintf(path, sizeof path, "%s/%s", store, d->d_name);
        if (is_unfinished(path)) {
            store_remove(path);
            removed++;
        }
    }
    if (folder)
        closedir(folder);
    return removed;
}

static void prune(const Catalogue *c, const char *store)
{
    int runs = 0, experiments = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        if (e->in_use)
            continue;
        for (int k = 0; k < e->result.runs; k++)
            store_remove(e->result.run[k].folder);
        runs += e->result.runs;
        experiments++;
    }
    const int abandoned = remove_abandoned(store);
    printf("%s: removed %d runs of %d experiments that no chapter uses, and %d "
           "unfinished\n", store, runs, experiments, abandoned);
}

/* A chapter that failed does not say which runs it uses: better keep all. */
static void check_finished(const char *book)
{
    char pattern[PATH], path[PATH + 16];
    struct stat s;
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/experiments", book);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        *strrchr(found.gl_pathv[i], '/') = '\0';
        snprintf(path, sizeof path, "%s/runs.tsv", found.gl_pathv[i]);
        if (stat(path, &s) != 0)
            die("%s has not run to its end, so nobody knows which runs it "
                "uses: nothing removed; mend it and `make book` first",
                found.gl_pathv[i]);
    }
    globfree(&found);
}

static const Entry *named(const Catalogue *c, const char *id)
{
    const Entry *found = NULL;

    for (int i = 0; i < c->n; i++)
        if (strncmp(c->entry[i].id, id, strlen(id)) == 0) {
            if (found)
                die("%s: more than one experiment has an id that begins so; "
                    "give more of it", id);
            found = &c->entry[i];
        }
    if (!found)
        die("%s: no experiment has this id; `make runs` lists them", id);
    return found;
}

static void compare_two(const Catalogue *c, const char *a, const char *b)
{
    const Entry *first = named(c, a), *second = named(c, b);
    Text t = { 0 };

    if (strcmp(first->result.run[0].data, second->result.run[0].data) != 0)
        die("%s and %s were run on different data: they cannot be compared", a,
            b);
    compare(&t, &first->result, a, &second->result, b);
    fputs(text_string(&t), stdout);
    text_free(&t);
}

static void compare_yours(const Catalogue *c)
{
    int compared = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        const Result *book;
        Text t = { 0 };
        if (e->of_book || !of_chapter(e) || !e->current
            || !(book = catalogue_book_side(c, e)))
            continue;
        text_add(&t, "%s%s: %s\n\n", compared++ ? "\n" : "",
                 e->result.run[0].chapter, e->result.experiment.name);
        compare(&t, book, "the book's", &e->result, "yours");
        fputs(text_string(&t), stdout);
        text_free(&t);
    }
    if (!compared)
        printf("Nothing to compare: every run in the store is the book's own. "
               "Change a number in a chapter and say `make book`, or\n"
               "    make try CHAPTER=04 SET=\"optimiser.learning_rate=0.3\"\n");
}

int main(int argc, char **argv)
{
    const char *verb = argc > 2 ? argv[1] : "";
    struct stat s;
    bool any_book = false;
    int at = 3;

    root_enter(argv);
    for (int i = 2; i < argc; i++)
        argv[i] = root_path(argv[i]);
    if (argc < 3)
        die("usage: runs list|prune|compare <store> <book>... [A B]");
    Catalogue c = catalogue_read(argv[2]);
    for (; at < argc && (stat(argv[at], &s) == 0 || strchr(argv[at], '/')); at++)
        any_book = catalogue_mark(&c, argv[at]) || any_book;
    if (strcmp(verb, "list") == 0)
        list(&c);
    else if (strcmp(verb, "compare") == 0 && argc - at == 2)
        compare_two(&c, argv[at], argv[at + 1]);
    else if (strcmp(verb, "compare") == 0 && argc == at)
        compare_yours(&c);
    else if (strcmp(verb, "prune") == 0 && !any_book)
        die("%s: no book says which runs it uses: nothing removed. `make book` "
            "first; `make distclean` removes everything", argv[2]);
    else if (strcmp(verb, "prune") == 0) {
        for (int i = 3; i < at; i++)
            check_finished(argv[i]);
        prune(&c, argv[2]);
    }
    else
        die("runs: \"%s\" is not understood; expected list, prune, or compare "
            "with no ids or two", argc > at ? argv[at] : verb);
    catalogue_free(&c);
    return 0;
}
