/* SPDX-License-Identifier: MIT
 *
 * The run store from the outside.
 *
 *     runs list <store> <book>...             what is there, newest first
 *     runs prune <store> <book>...            what no chapter uses: remove it
 *     runs compare <store> <book>...          yours against the book's
 *     runs compare <store> <book>... A B      these two, by their ids
 *
 * <book> is a folder of pages: their runs.tsv says what they use. CHAPTER=04
 * lists and compares only what was made for that chapter; the list takes
 * WHERE="learning_rate=0.3" and BEST=20, TSV=1 or 0; prune only lists unless YES=1,
 * and keeps the reader's own unless OWN=1. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/root.h"
#include "base/setting.h"
#include "base/terminal.h"
#include "runs/accepted.h"
#include "runs/catalogue.h"
#include "runs/compare.h"
#include "runs/prune.h"

enum { SHORT_ID = 7, MOST_COMPARED = 20, PATH = 1200 };

static bool of_chapter(const Entry *e)
{
    const char *chapter = setting("CHAPTER", NULL);

    return !chapter || atoi(e->run[0].chapter) == atoi(chapter);
}

/* ---- the list ---- */

static bool number_of(double *x, const char *text)
{
    char *end;

    *x = strtod(text, &end);
    return end > text && !*end;
}

/* Whether one "learning_rate=0.3" holds: of a field, whole or by what stands
 * behind its dot; or of name, chapter, data. The sign may be <, = or >. */
static bool holds(const Entry *e, const char *condition, size_t length)
{
    char field[128], wanted[512], value[MAX_VALUE] = "";
    const size_t name = strcspn(condition, "=<>");
    const char sign = condition[name];
    bool known = true;
    double x, y;

    if (name >= length)
        die("WHERE: \"%.*s\": expected field=value, field<value or "
            "field>value", (int)length, condition);
    snprintf(field, sizeof field, "%.*s", (int)name, condition);
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length - name - 1),
             condition + name + 1);
    if (strcmp(field, "name") == 0)
        snprintf(value, sizeof value, "%s", e->experiment.name);
    else if (strcmp(field, "chapter") == 0)
        snprintf(value, sizeof value, "%s", e->run[0].chapter);
    else if (strcmp(field, "data") == 0)
        snprintf(value, sizeof value, "%s", e->run[0].data_name);
    else
        known = false;
    for (int i = 0; !known && experiment_field(i); i++) {
        const Field *f = experiment_field(i);
        const char *dot = strchr(f->name, '.');
        if (strcmp(f->name, field) != 0 && (!dot || strcmp(dot + 1, field) != 0))
            continue;
        known = true;
        if (field_used(f, &e->experiment))
            field_value(value, f, &e->experiment);
    }
    if (!known)
        die("WHERE: \"%s\" is no field of an experiment; "
            "build/chapters/04-relu --list names them, and there are name, "
            "chapter and data", field);
    if (number_of(&x, value) && number_of(&y, wanted))
        return sign == '=' ? x == y : sign == '<' ? x < y : x > y;
    return sign == '=' && strcmp(value, wanted) == 0;
}

/* All conditions, "; " between. */
static bool wanted(const Entry *e)
{
    const char *c = setting("WHERE", "");

    if (!of_chapter(e))
        return false;
    for (; *c; c += strcspn(c, ";"), c += *c == ';') {
        c += strspn(c, " ");
        size_t n = strcspn(c, ";");
        while (n && c[n - 1] == ' ')
            n--;
        if (n && !holds(e, c, n))
            return false;
    }
    return true;
}

/* Best first: what is on other data, or judged on other images, stands apart. */
static int best_first(const void *a, const void *b)
{
    const Entry *p = *(const Entry *const *)a, *q = *(const Entry *const *)b;
    const int data = strcmp(p->run[0].data, q->run[0].data);
    const int held = q->experiment.train.validation
                   - p->experiment.train.validation;

    return data ? data : held ? held
         : (p->accuracy.mean < q->accuracy.mean)
         - (p->accuracy.mean > q->accuracy.mean);
}

/* Settings under their experiment, in lines of the width. */
static void add_settings(Text *t, const char *settings, int width)
{
    int column = 0;

    for (const char *s = settings; *s; s += strcspn(s, ";") , s += *s == ';') {
        s += strspn(s, " ");
        const int n = (int)strcspn(s, ";");
        if (column && column + 2 + n > width) {
            text_add(t, ",\n");
            column = 0;
        }
        text_add(t, "%s%.*s", column ? ", " : "         ", n, s);
        column += n + (column ? 2 : 9);
    }
    if (column)
        text_add_char(t, '\n');
}

/* COLUMNS, where somebody asks for it, or the terminal's; not less than a line
 * of the list needs. */
static int list_width(void)
{
    const int asked = atoi(setting("COLUMNS", "0"));
    const int width = asked >= 40 ? asked : terminal_width(STDOUT_FILENO);

    return width >= 40 ? width : 80;
}

static void list_one(Text *t, const Entry *e, int width, bool tsv)
{
    char accuracy[64], day[32];
    Text changes = { 0 };
    const Record *r = e->run;

    stat_percent(accuracy, e->accuracy);
    catalogue_time(day, e);
    catalogue_changes(&changes, e);
    if (tsv) {
        text_add(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%.9g\t%.6g\t%s%s\t%s\t"
                 "%s\t%s\n", e->id, r->chapter, e->experiment.name,
                 text_string(&changes), r->data_name,
                 e->experiment.train.validation ? "held-out" : "test", r->build,
                 e->runs, e->accuracy.mean, e->accuracy.sd, catalogue_whose(e),
                 e->elsewhere ? ", other libraries" : "", day, r->libraries,
                 r->fields);
    } else {
        const bool two = e->accuracy.n > 1;            /* bytes of the ± */
        text_add(t, "%.*s %.2s %-*.*s %-9.9s %-4s %3d %-*s %.10s\n", SHORT_ID,
                 e->id, r->chapter, width - 57, width - 57, e->experiment.name,
                 *r->data_name ? r->data_name : "unknown",
                 e->experiment.train.validation ? "held" : "test", e->runs,
                 15 + two, accuracy, day);
        add_settings(t, text_string(&changes), width);
        text_add(t, "         %s%s%s%s\n", catalogue_whose(e),
                 e->elsewhere ? ", computed by other libraries" : "",
                 *r->build ? ", " : "", r->build);
    }
    text_free(&changes);
}

static void list(const Catalogue *c)
{
    const bool tsv = setting("TSV", NULL) ? setting_on("TSV")
                                          : !isatty(STDOUT_FILENO);
    const long best = setting_number("BEST", 0);           /* 0: all */
    const Entry **entry = allocate(c->n, sizeof *entry);
    const int width = list_width();
    int n = 0, shown = 0;
    Text t = { 0 };

    for (int i = 0; i < c->n; i++)
        if (wanted(&c->entry[i]))
            entry[n++] = &c->entry[i];
    if (best && n)
        qsort(entry, n, sizeof *entry, best_first);
    if (tsv)
        text_add(&t, "id\tchapter\texperiment\tsettings\tdata\timages\tbuild\t"
                 "runs\taccuracy\tsd\twhose\tfinished\tlibraries\tfields\n");
    else
        text_add(&t, "%-7s ch %-*s %-9s %-4s %3s %-15s %s\n", "id", width - 57,
                 "experiment", "data", "on", "n", "accuracy", "finished");
    for (int i = 0; i < n; i++) {
        const bool new_kind = i == 0
            || entry[i]->experiment.train.validation
               != entry[i - 1]->experiment.train.validation
            || strcmp(entry[i]->run[0].data, entry[i - 1]->run[0].data) != 0;
        shown = new_kind ? 1 : shown + 1;
        if (!best || shown <= best)
            list_one(&t, entry[i], width, tsv);
    }
    fputs(text_string(&t), stdout);
    catalogue_tell_passed_over(c);
    text_free(&t);
    free(entry);
}

/* ---- pruning and comparing ---- */

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

    if (strcmp(first->run[0].data, second->run[0].data) != 0)
        die("%s and %s were run on different data: they cannot be compared", a,
            b);
    Result *x = catalogue_result(c, first), *y = catalogue_result(c, second);
    if (!x || !y)
        die("%s: its runs are damaged", x ? b : a);
    text_add(&t, "Data: %s\n\n", first->run[0].data_name);
    compare(&t, x, a, y, b);
    catalogue_result_free(x);
    catalogue_result_free(y);
    fputs(text_string(&t), stdout);
    text_free(&t);
}

static void compare_one(const Catalogue *c, const Entry *e, Side side,
                        bool first)
{
    Result *yours = catalogue_result(c, e);
    Result *own = side.entry ? catalogue_result(c, side.entry) : NULL;
    const Result *book = side.entry ? own : side.accepted;
    Text t = { 0 };

    if (yours && book) {
        text_add(&t, "%s%s: %s", first ? "" : "\n", e->run[0].chapter,
                 e->experiment.name);
        if (*e->run[0].data_name)
            text_add(&t, ", on %s", e->run[0].data_name);
        text_add(&t, "\n\n");
        compare(&t, book, "the book's", yours, "yours");
        fputs(text_string(&t), stdout);
    }
    text_free(&t);
    catalogue_result_free(own);
    catalogue_result_free(yours);
}

/* The newest; ids name any other. */
static void compare_yours(const Catalogue *c)
{
    int compared = 0, more = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        if (e->of_book || !e->current || !of_chapter(e))
            continue;
        if (compared == MOST_COMPARED) {
            more++;
            continue;
        }
        const Side side = catalogue_book_side(c, e);
        if (side.entry || side.accepted)
            compare_one(c, e, side, compared++ == 0);
    }
    if (more)
        printf("\nThese are the newest %d; there are %d more: `make runs`, then "
               "`make compare A=id B=id`\n", compared, more);
    catalogue_tell_passed_over(c);
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
    int at = 3, failed = 0;

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
        failed = prune(&c, argv[2]);
    }
    else
        die("runs: \"%s\" is not understood; expected list, prune, or compare "
            "with no ids or two", argc > at ? argv[at] : verb);
    catalogue_free(&c);
    output_check();
    return failed != 0;
}
