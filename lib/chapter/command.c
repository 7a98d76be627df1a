/* SPDX-License-Identifier: MIT */
#include "chapter/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/setting.h"
#include "chapter/edition.h"
#include "chapter/progress.h"
#include "data/named.h"
#include "runs/accepted.h"
#include "runs/compare.h"
#include "runs/kernels.h"
#include "runs/settings.h"
#include "runs/twin.h"

enum { MOST_SEEDS = 1000 };

static const struct option long_options[] = {
    { "experiment",     required_argument, NULL, 'e' },
    { "set",            required_argument, NULL, 's' },
    { "seeds",          required_argument, NULL, 'n' },
    { "seed",           required_argument, NULL, 'o' },
    { "list",           no_argument,       NULL, 'l' },
    { "sweep-commands", no_argument,       NULL, 'w' },
    { "help",           no_argument,       NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
"Usage: %s [option]...\n"
"\n"
"Without options: runs the chapter and makes its page (`make book` does that).\n"
"With options: runs one experiment of the chapter, stores its runs, and compares\n"
"it with the book's, judged on training images that both hold out.\n"
"\n"
"  --experiment NAME    which one; otherwise the first (see --list)\n"
"  --set FIELD=VALUE    change a field; as often as you like, or several with\n"
"                       \"; \" between\n"
"  --seeds N            run seeds 1 to N; otherwise as many as the experiment has\n"
"  --seed K             run seed K alone\n"
"  --list               the experiments, and all fields with their values\n"
"  --sweep-commands     the chapter's sweeps as commands, one run a line\n"
"  --help               this text\n"
"\n"
"Environment: MNIST_DIR, SYNTHETIC, QUICK=1, FORCE=1, TEST=1 (judge on the test\n"
"set), THREADS, RUNS (the store).\n"
"\n"
"Example: %s --set optimiser.learning_rate=0.3 --seeds 5\n";

/* ---- --list ---- */

static void list_experiment(const Experiment *e)
{
    const Experiment whole = method_complete(e);
    char value[MAX_VALUE], range[MAX_VALUE];

    printf("%s, %d seed%s\n", e->name, e->seeds, e->seeds == 1 ? "" : "s");
    for (int i = 0; experiment_field(i); i++) {
        const Field *f = experiment_field(i);
        if (!field_used(f, &whole))
            continue;
        field_value(value, f, &whole);
        field_range(range, f);
        printf("  %-24s %s    (%s)\n", f->name, value, range);
    }
}

static void list(const Contents *c)
{
    for (int i = 0; c->experiments[i]; i++) {
        if (i)
            putchar('\n');
        list_experiment(c->experiments[i]);
    }
}

/* ---- --sweep-commands ---- */

/* A word for the shell, whatever is in it; in single quotes if need be. */
static void add_word(Text *t, const char *word, size_t length)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:+";

    if (length && strspn(word, plain) >= length) {
        text_add_bytes(t, word, length);
        return;
    }
    text_add_char(t, '\'');
    for (size_t i = 0; i < length; i++)
        if (word[i] == '\'')
            text_add(t, "'\\''");
        else
            text_add_char(t, word[i]);
    text_add_char(t, '\'');
}

/* What decides where a run comes from and goes to, as it is set here. */
static void add_environment(Text *t)
{
    static const char *const names[] = { "MNIST_DIR", "SYNTHETIC", "QUICK",
                                         "THREADS", "RUNS", "FORCE" };
    char folder[NAMED_SIZE];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = setting(names[i], NULL);
        if (!value)
            continue;
        if (i == 0 && strcmp(value, setting_download) != 0) {
            must(named_resolve(folder, value));
            value = folder;
        }
        text_add(t, "%s=", names[i]);
        add_word(t, value, strlen(value));
        text_add_char(t, ' ');
    }
}

/* The settings of a point in single quotes, each for a --set of its own. */
static void add_settings(Text *t, const char *settings)
{
    for (const char *s = settings; *s;) {
        s += strspn(s, "; ");
        const size_t n = strcspn(s, ";");
        text_add(t, " --set '%.*s'", (int)n, s);
        s += n;
    }
}

static void print_sweep(const char *program, const Sweep *s)
{
    SweepPoints *p = sweep_plan(s);
    Text start = { 0 }, settings = { 0 };

    add_environment(&start);
    add_word(&start, program, strlen(program));
    text_add(&start, " --experiment ");
    add_word(&start, s->base->name, strlen(s->base->name));
    for (int i = 0; i < p->n; i++) {
        add_settings(&settings, strchr(p->experiment[i].name, ',') + 1);
        for (int seed = 1; seed <= p->experiment[i].seeds; seed++)
            printf("%s%s --seed %d\n", start.s, settings.s, seed);
        text_free(&settings);
    }
    text_free(&start);
    sweep_free(p);
}

/* A list that a full disk has cut off is no list. */
static int printed(void)
{
    output_check();
    return 0;
}

/* ---- running one ---- */

static const Experiment *find_experiment(const Contents *c, const char *name)
{
    Text names = { 0 };

    for (int i = 0; c->experiments[i]; i++)
        if (!name || strcmp(c->experiments[i]->name, name) == 0)
            return c->experiments[i];
    for (int i = 0; c->experiments[i]; i++)
        text_add(&names, "%s%s", i ? ", " : "", c->experiments[i]->name);
    if (!name)
        die("%s: this chapter has no experiment to run", c->source);
    die("--experiment %s: there is none of that name in %s; it has %s", name,
        c->source, names.length ? names.s : "none");
}

static int number(const char *option, const char *text)
{
    char *end;
    const long n = strtol(text, &end, 10);

    if (end == text || *end || n < 1 || n > MOST_SEEDS)
        die("--%s %s: expected a whole number, 1 to %d", option, text,
            MOST_SEEDS);
    return (int)n;
}

/* Which digits; and that the book lying there is on others, if it is. */
static void add_digits(Text *t, const Digits *digits)
{
    const Edition there = edition_of(setting_book());

    text_add(t, "\nDigits: %s%s.\n", digits->origin,
             digits->quick ? ", a small part" : "");
    if (*there.digest && strcmp(there.digest, digits->digest) != 0)
        text_add(t, "The book in %s is on other digits, %s: its numbers are "
                 "not these.\n", setting_book(), there.name);
}

/* Which images judge, and what that does to the number. */
static void add_judge(Text *t, const Experiment *e)
{
    if (e->train.validation)
        text_add(t, "\nJudged on %s training images that both sides hold out; "
                 "TEST=1 reads the test set.\n",
                 thousands(e->train.validation));
    else
        text_add(t, "\nJudged on the test set, because of TEST=1. Each look at "
                 "it that makes you change something, or keep the better of "
                 "two, makes its number a little too good for what you end up "
                 "with.\n");
}

/* The book's side first; it may have to be trained, too. */
static void print_result(Lab *lab, const Digits *digits, const Experiment *own,
                         const Experiment *e)
{
    const Result *book = lab_book_side(lab, own, e, e->seeds);
    const Result *yours = lab_run(lab, e);
    char accuracy[64];
    Text t = { 0 };

    progress_end();
    if (experiment_same(&book->experiment, &yours->experiment)) {
        stat_percent(accuracy, yours->accuracy);
        text_add(&t, "%s, as the book has it: accuracy %s, %d seed%s\n",
                 own->name, accuracy, yours->runs, yours->runs == 1 ? "" : "s");
    } else {
        compare(&t, book, "the book's", yours, "yours");
        if (!yours->trained)
            text_add(&t, "\n(Recalled: the store had these runs.)\n");
    }
    add_judge(&t, &yours->experiment);
    add_digits(&t, digits);
    fputs(t.s, stdout);
    text_free(&t);
}

/* One run alone, as in a sweep: there is nothing to compare. */
static void print_run(const Result *r, const Digits *digits)
{
    progress_end();
    printf("%s, seed %d, on %s: accuracy %.2f %%%s\n", r->experiment.name,
           (int)r->run[0].seed, digits->name, 100 * r->accuracy.mean,
           r->trained ? "" : " (recalled)");
}

static void run(const Experiment *own, const char *settings, LabOptions *options,
                int seeds)
{
    Experiment e = method_complete(own);
    Digits digits;
    Text name = { 0 };

    if (*settings) {
        must(experiment_set(&e, settings));
        text_add(&name, "%s, %s", own->name, settings);
        e.name = name.s;
    }
    if (seeds)
        e.seeds = seeds;
    must(digits_open(&digits));
    Lab *lab = lab_open(&digits, options);
    const Experiment twin = twin_of(&e);
    const Experiment *judged = judged_on_test() ? &e : &twin;
    if (options->only_seed)
        print_run(lab_run(lab, judged), &digits);
    else
        print_result(lab, &digits, own, judged);
    free((char *)twin.name);
    lab_close(lab);
    digits_close(&digits);
    text_free(&name);
}

int command(int argc, char **argv, const Contents *c, LabOptions *options)
{
    const char *name = NULL;
    Text settings = { 0 };
    int seeds = 0;

    opterr = 0;
    for (int o; (o = getopt_long_only(argc, argv, "", long_options, NULL)) != -1;)
        switch (o) {
        case 'e': name = optarg; break;
        case 'n': seeds = number("seeds", optarg); break;
        case 'o': options->only_seed = number("seed", optarg); break;
        case 's':
            text_add(&settings, "%s%s", settings.length ? "; " : "", optarg);
            break;
        case 'l':
            list(c);
            return printed();
        case 'w':
            for (int i = 0; c->sweeps[i]; i++)
                print_sweep(argv[0], c->sweeps[i]);
            return printed();
        case 'h':
            printf(help, argv[0], argv[0]);
            return printed();
        default:
            die("%s: \"%s\" is not understood, or lacks its value; --help "
                "lists the options", argv[0], argv[optind - 1]);
        }
    if (optind < argc)
        die("%s: \"%s\" is not understood; expected options such as --set "
            "train.batch=64, see --help", argv[0], argv[optind]);
    if (seeds && options->only_seed)
        die("%s: --seeds runs seeds 1 to N, --seed one alone: give one of the "
            "two", argv[0]);
    if (seeds)
        options->seeds = 0;            /* asked for, so even in a quick edition */
    const Experiment *own = find_experiment(c, name);
    Experiment changed = *own;             /* wrong settings come first */
    if (settings.length)
        must(experiment_set(&changed, settings.s));
    kernels_check(argv, options->store);
    run(own, text_string(&settings), options, seeds);
    text_free(&settings);
    return printed();
}
