/* SPDX-License-Identifier: MIT
 *
 * How fast is it? Training beside PyTorch, beside OpenBLAS's best product of
 * matrices, and beside itself on fewer threads; and the building of the book.
 *
 *     make bench                              all of it
 *     make bench WORK="mlp-batch1 cnn-small"  these rows alone
 *
 * Prints a table and keeps it in build/bench.tsv; rows that are not measured
 * stay as they are. Everything is measured by turns, several times, and nothing
 * runs beside it; what counts is the median, and the spread is the smallest and
 * the largest. BENCH_REPEAT=1 is for trying it out. */
#define _DEFAULT_SOURCE 1          /* for getloadavg, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "base/clock.h"
#include "data/idx.h"
#include "data/source.h"
#include "base/parallel.h"
#include "nn/train.h"
#include "runs/network.h"
#include "peak.h"
#include "peer.h"
#include "runs/accepted.h"
#include "runs/grid.h"
#include "runs/kernels.h"
#include "runs/settings.h"

enum {
    EPOCH = 60000,                 /* images; seconds are scaled to so many */
    LONG_ENOUGH = 2,               /* seconds, to see the peak of memory */
    MAX_REPEAT = 64, MOST_SEEDS = 16
};

static const char table_path[] = "build/bench.tsv";
static const char folder[] = "build/bench";        /* for what is made here */
static const char header[] =
    "work\tours_s\tpeer\tpeer_s\tratio\tgflops\tshare_of_peak\tours_spread\t"
    "peer_spread\tpeak_gflops\tthreads\truns\timages\tnote\n";

typedef struct Work Work;

struct Work {
    const char *name;
    void (*measure)(const Work *w, Text *row);
    int repeat;

    /* Training: an accepted experiment, by name, for one epoch. */
    const char *experiment;
    const char *set;               /* what is different; or NULL */
    int seeds;                     /* trained side by side */
    int threads;                   /* ours */
    int ways;                      /* the first so many of `ways` that the
                                      peer tries; its fastest counts */
    int peer_images;               /* for one that takes long; 0: all of ours */

    /* The book: see book.sh. */
    const char *copy;              /* of the project, in `folder` */
    const char *before, *each;     /* once, and each time, before the clock
                                      starts; or NULL */
    const char *options;           /* of `make book` */
    bool beside_pytorch;           /* which trains one run each, see below */
};

/* How a peer may go about it. */
typedef struct Way {
    const char *name;
    int threads;
    bool channels_last;            /* PyTorch's other layout of images */
} Way;

static const Way ways[] = {
    { "1 thread", 1, false },
    { "2 threads", 2, false },
    { "1 thread channels_last", 1, true },
    { "2 threads channels_last", 2, true },
};
enum { WAYS = sizeof ways / sizeof ways[0], MOST_THREADS = 2 };

static void measure_beside_pytorch(const Work *w, Text *row);
static void measure_beside_itself(const Work *w, Text *row);
static void measure_book(const Work *w, Text *row);

static const Work works[] = {
    { "mlp-batch1", measure_beside_pytorch, .repeat = 5, .experiment = "mlp",
      .seeds = 1, .threads = 1, .ways = 1, .peer_images = 10000 },
    { "mlp-batch16-sgd", measure_beside_pytorch, .repeat = 5,
      .experiment = "minibatch", .seeds = 1, .threads = 1, .ways = 1 },
    { "mlp-batch16-rmsprop", measure_beside_pytorch, .repeat = 5,
      .experiment = "rmsprop", .seeds = 1, .threads = 1, .ways = 1 },
    { "cnn-32-64", measure_beside_pytorch, .repeat = 3,
      .experiment = "cnn-32-64", .set = "train.batch=64; train.images=6400",
      .seeds = 1, .threads = 2, .ways = WAYS },
    { "cnn-small", measure_beside_pytorch, .repeat = 3,
      .experiment = "cnn-small", .seeds = 1, .threads = 2, .ways = WAYS },

    { "book-cold", measure_book, .repeat = 1, .copy = "book",
      .each = "fresh", .options = "", .beside_pytorch = true },
    { "book-prose", measure_book, .repeat = 5, .copy = "book",
      .before = "warm", .each = "edit", .options = "" },
    { "book-noop", measure_book, .repeat = 5, .copy = "book",
      .before = "warm", .options = "" },
    { "book-quick", measure_book, .repeat = 5, .copy = "quick",
      .each = "fresh", .options = "QUICK=1" },

    { "cnn-32-64-threads", measure_beside_itself, .repeat = 3,
      .experiment = "cnn-32-64", .set = "train.batch=64; train.images=6400",
      .seeds = 1, .threads = 2, .ways = 1 },
    { "mlp-seeds-threads", measure_beside_itself, .repeat = 5,
      .experiment = "mlp", .seeds = 10, .threads = 2, .ways = 1 },
};
enum { WORKS = sizeof works / sizeof works[0] };

static Digits digits;
static double load;                    /* when it all began */
static Text rows[WORKS];               /* of the table; "": not measured yet */

/* ---- samples ---- */

typedef struct Samples {
    double x[MAX_REPEAT];
    int n;
} Samples;

static void add(Samples *s, double x)
{
    s->x[s->n++] = x;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts them. */
static double median(Samples *s)
{
    qsort(s->x, s->n, sizeof s->x[0], by_size);
    return (s->x[(s->n - 1) / 2] + s->x[s->n / 2]) / 2;
}

static void add_spread(Text *t, const Samples *sorted, double scale)
{
    text_add(t, "%.4g..%.4g", scale * sorted->x[0],
             scale * sorted->x[sorted->n - 1]);
}

/* BENCH_REPEAT, or as often as the work says. */
static int repeats(const Work *w)
{
    const char *wanted = getenv("BENCH_REPEAT");
    const int n = wanted && *wanted ? atoi(wanted) : w->repeat;

    if (n < 1 || n > MAX_REPEAT)
        die("BENCH_REPEAT: found %s, expected 1 to %d", wanted, MAX_REPEAT);
    return n;
}

/* Threads that have just worked wait awake for a while, PyTorch's some
 * hundredths of a second: let them go to sleep. */
static void settle(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 200 * 1000000 }, NULL);
}

/* ---- training ---- */

/* An accepted experiment, as the book trains it. */
static Experiment experiment_named(const char *name)
{
    const Result *accepted = accepted_find(name);

    if (!accepted)
        die("%s/experiments/%s.tsv: not there, and it is to be trained: `make "
            "book accept-results` writes it", accepted_folder(), name);
    Experiment e = accepted->experiment;
    if (!e.train.images || e.train.images > digits.train.n)
        e.train.images = digits.train.n;
    return e;
}

/* One epoch of it, with what is different in this row. */
static Experiment experiment_of(const Work *w)
{
    Experiment e = experiment_named(w->experiment);

    must(experiment_set(&e, "train.epochs=1"));
    if (w->set)
        must(experiment_set(&e, w->set));
    return e;
}

static size_t parameters_of(const Experiment *e)
{
    Model *m;

    must(model_create(&m, e, 1));
    const size_t n = m->n;
    model_free(m);
    return n;
}

typedef struct Training {
    const Experiment *e;
    int threads;
    History history[MOST_SEEDS];
} Training;

static void train_seed(void *context, int i)
{
    Training *t = context;
    Model *m;

    must(network_fit(&m, &t->history[i], t->e, &digits.train,
               &(FitOptions){ .seed = (uint64_t)i + 1,
                                .threads = t->threads }));
    model_free(m);
}

/* Seconds of training alone; of several seeds, until all are done, which is how
 * the lab trains them. */
static double train_ours(const Experiment *e, int seeds, int threads)
{
    static Training t;
    const double start = clock_seconds();

    t = (Training){ .e = e, .threads = threads };
    parallel_for(seeds, threads, train_seed, &t);
    return seeds == 1 ? t.history[0].time.seconds : clock_seconds() - start;
}

/* What one image costs in training: forward, dW, and dx, each as many
 * multiplications and additions as the other; no dx for the first layer with
 * weights. Those that a layer skips, because a pixel is 0, count as well. */
static double flops_per_image(const Model *m)
{
    int first = 0;

    while (first < m->depth - 1 && !m->layers[first].tensors)
        first++;
    const Layer *l = &m->layers[first];
    const double no_dx = (double)l->tensor[WEIGHT].n * l->out_shape.rows
                       * l->out_shape.columns;
    return 2 * (3 * model_macs(m) - no_dx);
}

/* ---- the peers ---- */

static Peer *peer[MOST_THREADS + 1];   /* by threads; they stay, so that they
                                          read their data once */

/* PyTorch on that many threads; NULL when it is not here, which is said. */
static Peer *pytorch(int threads)
{
    static bool absent;

    CHECK(threads, <=, MOST_THREADS);
    if (!peer[threads] && !absent) {
        must(idx_write(&digits.train, "build/bench/train-images-idx3-ubyte",
                       "build/bench/train-labels-idx1-ubyte"));
        peer[threads] = peer_start(folder, threads);
        if (!peer[threads]) {
            absent = true;
            printf("%s: no PyTorch here (Debian: python3-torch; PYTHON=... "
                   "names another Python), so no peer\n", peer_python());
        }
    }
    return peer[threads];
}

static void stop_peers(void)
{
    for (int i = 0; i <= MOST_THREADS; i++) {
        peer_stop(peer[i]);
        peer[i] = NULL;
    }
}

/* ---- rows ---- */

/* Remarks stand one after the other, with "; " between. */
static void add_note(Text *note, const char *remark)
{
    text_add(note, "%s%s", note->length ? "; " : "", remark);
}

static void add_general_notes(Text *note)
{
    char remark[64];

    if (strncmp(digits.origin, "MNIST", 5) != 0)
        add_note(note, "not MNIST");
    snprintf(remark, sizeof remark, "load %.2f at the start", load);
    if (load > 0.5)
        add_note(note, remark);
}

/* What is found out about one training. */
typedef struct Beside {
    Experiment e;
    Samples ours, peak;
    Samples peer[WAYS];                /* none at all: no peer */
    const char *peer_name;
    int peer_images;
} Beside;

/* The row of a training. All seconds are of an epoch. */
static void add_training(Text *row, const Work *w, Beside *b)
{
    Model *m;
    int best = -1;
    Text note = { 0 };

    must(model_create(&m, &b->e, 1));
    const double scale = (double)EPOCH / b->e.train.images;
    const double peer_scale = (double)EPOCH / b->peer_images;
    const double ours = scale * median(&b->ours), peak = median(&b->peak);
    const double gflops = 1e-9 * flops_per_image(m) * EPOCH * w->seeds / ours;
    model_free(m);
    for (int i = 0; i < WAYS; i++)
        if (b->peer[i].n && (best < 0
                             || median(&b->peer[i]) < median(&b->peer[best])))
            best = i;

    text_add(row, "%s\t%.4g\t%s\t", w->name, ours,
             best >= 0 ? b->peer_name : "");
    if (best >= 0)
        text_add(row, "%.4g\t%.3g\t", peer_scale * median(&b->peer[best]),
                 peer_scale * median(&b->peer[best]) / ours);
    else
        text_add(row, "\t\t");
    text_add(row, "%.4g\t%.3f\t", gflops, gflops / peak);
    add_spread(row, &b->ours, scale);
    text_add(row, "\t");
    if (best >= 0)
        add_spread(row, &b->peer[best], peer_scale);
    text_add(row, "\t%.4g\t%d\t%d\t%d\t", peak, w->threads, b->ours.n,
             b->e.train.images);

    text_add(&note, "batch %d", b->e.train.batch);
    if (w->seeds > 1)
        text_add(&note, "; %d seeds, each an epoch", w->seeds);
    if (b->e.train.images != EPOCH)
        text_add(&note, "; seconds of %d images, times %.4g",
                 b->e.train.images, scale);
    if (best >= 0 && b->peer_images != b->e.train.images)
        text_add(&note, "; the peer's of %d, times %.4g", b->peer_images,
                 peer_scale);
    if (best >= 0 && w->measure == measure_beside_pytorch)
        text_add(&note, "; PyTorch on %s", ways[best].name);
    for (int i = 0; i < WAYS; i++)
        if (i != best && b->peer[i].n)
            text_add(&note, ", %.4g s on %s",
                     peer_scale * median(&b->peer[i]), ways[i].name);
    if (b->peak.x[0] < 0.9 * b->peak.x[b->peak.n - 1])
        text_add(&note, "; disturbed: the peak went from %.4g to %.4g GFLOP/s",
                 b->peak.x[0], b->peak.x[b->peak.n - 1]);
    add_general_notes(&note);
    text_add(row, "%s\n", text_string(&note));
    text_free(&note);
}

static void measure_beside_pytorch(const Work *w, Text *row)
{
    static Beside b;

    b = (Beside){ .e = experiment_of(w) };
    Experiment theirs = b.e;
    const size_t parameters = parameters_of(&b.e);
    if (w->peer_images && w->peer_images < b.e.train.images)
        theirs.train.images = w->peer_images;
    b.peer_images = theirs.train.images;

    for (int i = repeats(w); i > 0; i--) {
        settle();
        add(&b.peak, peak_gflops(w->threads));
        add(&b.ours, train_ours(&b.e, w->seeds, w->threads));
        for (int k = 0; k < w->ways; k++) {
            Peer *p = pytorch(ways[k].threads);
            if (!p)
                break;
            settle();
            b.peer_name = peer_name(p);
            add(&b.peer[k], peer_train(p, &theirs, ways[k].channels_last,
                                       parameters));
        }
    }
    add_training(row, w, &b);
}

static void measure_beside_itself(const Work *w, Text *row)
{
    static Beside b;

    b = (Beside){ .e = experiment_of(w), .peer_name = "one thread" };
    b.peer_images = b.e.train.images;
    for (int i = repeats(w); i > 0; i--) {
        settle();
        add(&b.peak, peak_gflops(w->threads));
        add(&b.ours, train_ours(&b.e, w->seeds, w->threads));
        add(&b.peer[0], train_ours(&b.e, w->seeds, ways[0].threads));
    }
    add_training(row, w, &b);
}

/* ---- the book ---- */

/* What `make book` prints at its end has the time of chapters and press:
 * "build/book/index.html   (MNIST, IDX files in dir; 3.1 s)". */
static double press_seconds(const Text *said)
{
    const char *last = strstr(text_string(said), "index.html   (");
    double seconds = NAN;

    if (last && (last = strrchr(last, ';')))
        sscanf(last, "; %lf s", &seconds);
    return seconds;
}

/* One of the steps of book.sh. */
static Command book_step(const Work *w, const char *step, const char *options)
{
    char line[256];
    Command c;

    snprintf(line, sizeof line, "tests/bench/book.sh %s %s/%s %s", step, folder,
             w->copy, options);
    command_run(&c, line);
    return c;
}

static void prepare_book(const Work *w, const char *step)
{
    if (!step)
        return;
    Command c = book_step(w, step, "");
    text_free(&c.said);
}

/* What the whole book is measured by: the seconds that PyTorch takes for one run
 * of each of these, in its fastest way; 0 without PyTorch. */
static const char *const one_run_each[] = { "mlp", "softmax", "relu",
                                            "minibatch", "rmsprop",
                                            "cnn-32-64" };

static double peer_seconds(Text *note)
{
    double all = 0;

    for (size_t i = 0; i < sizeof one_run_each / sizeof one_run_each[0]; i++) {
        const Experiment e = experiment_named(one_run_each[i]);
        const bool images = e.layers[0].kind == CONV2D;
        double best = INFINITY;
        for (int k = 0; k < (images ? WAYS : 1); k++) {
            Peer *p = pytorch(ways[k].threads);
            if (!p)
                return 0;
            settle();
            best = fmin(best, peer_train(p, &e, ways[k].channels_last,
                                         parameters_of(&e)));
        }
        text_add(note, "%s%s %.4g s", i ? ", " : "; PyTorch: ", e.name, best);
        all += best;
    }
    stop_peers();
    return all;
}

static void measure_book(const Work *w, Text *row)
{
    Samples all = { 0 }, press = { 0 };
    double peak_mib = 0;
    Text note = { 0 };

    stop_peers();
    prepare_book(w, w->before);
    for (int i = repeats(w); i > 0; i--) {
        prepare_book(w, w->each);
        Command c = book_step(w, "make", w->options);
        add(&all, c.seconds);
        add(&press, press_seconds(&c.said));
        peak_mib = c.peak_mib > peak_mib ? c.peak_mib : peak_mib;
        text_free(&c.said);
    }
    text_add(&note, "the press and its chapters %.4g s, the rest is make and "
             "the compiler", median(&press));
    const double theirs = w->beside_pytorch ? peer_seconds(&note) : 0;
    text_add(row, "%s\t%.4g\t", w->name, median(&all));
    if (theirs > 0)
        text_add(row, "one run each\t%.4g\t%.3g\t\t\t", theirs,
                 theirs / median(&all));
    else
        text_add(row, "\t\t\t\t\t");
    add_spread(row, &all, 1);
    text_add(row, "\t\t\t\t%d\t\t", all.n);
    if (median(&all) > LONG_ENOUGH)
        text_add(&note, "; peak %.0f MiB", peak_mib);
    add_general_notes(&note);
    text_add(row, "%s\n", text_string(&note));
    text_free(&note);
}

/* ---- the table ---- */

/* Whether the first word of a row, or of a list, is this name. */
static bool begins_with(const char *s, const char *name)
{
    const size_t length = strcspn(s, " \t\n");

    return length == strlen(name) && strncmp(s, name, length) == 0;
}

/* What was measured before; a table of other columns is forgotten. */
static void read_table(void)
{
    Text t = { 0 };

    if (text_read(&t, table_path) == NULL
        && strncmp(text_string(&t), header, strlen(header)) == 0)
        for (const char *line = t.s, *next; *line; line = next) {
            next = text_next_line(line);
            for (int i = 0; i < WORKS; i++)
                if (begins_with(line, works[i].name) && !rows[i].length)
                    text_add_bytes(&rows[i], line, next - line);
        }
    text_free(&t);
}

static void write_table(void)
{
    Text t = { 0 };

    text_add(&t, "%s", header);
    for (int i = 0; i < WORKS; i++)
        text_add(&t, "%s", text_string(&rows[i]));
    must(text_write(&t, table_path));
    text_free(&t);
}

/* All cells but the last, the note, with " | " instead of tabs. */
static void print_row(Grid *g, const char *row)
{
    const char *note = row;
    Text t = { 0 };

    for (const char *tab = row; (tab = strchr(tab, '\t')); tab++)
        note = tab;
    for (; row < note; row++)
        if (*row == '\t')
            text_add(&t, " | ");
        else
            text_add_char(&t, *row);
    grid_add(g, "%s", text_string(&t));
    text_free(&t);
}

static void print_table(void)
{
    Grid g = { 0 };
    Text t = { 0 };

    print_row(&g, header);
    for (int i = 0; i < WORKS; i++)
        if (rows[i].length)
            print_row(&g, rows[i].s);
    grid_write(&t, &g);
    printf("\n%s\nSeconds are medians, of an epoch of %d images; ratio is the "
           "peer's over ours. share_of_peak: of the\nfastest cblas_sgemm "
           "(peak_gflops) on as many threads, measured by turns with it.\n\n",
           text_string(&t), EPOCH);
    for (int i = 0; i < WORKS; i++)
        if (rows[i].length)
            printf("%s: %s", works[i].name, strrchr(rows[i].s, '\t') + 1);
    printf("\n%s\n", table_path);
    text_free(&t);
}

/* ---- what is wanted: all, or names with spaces between ---- */

/* The first of the names, or the one behind it. */
static const char *name_at(const char *list)
{
    return list + strspn(list, " ");
}

static const char *name_after(const char *list)
{
    return name_at(list + strcspn(list, " "));
}

static bool wanted(const char *list, const char *work)
{
    if (!*name_at(list))
        return true;
    for (list = name_at(list); *list; list = name_after(list))
        if (begins_with(list, work))
            return true;
    return false;
}

static void check_names(const char *list)
{
    Text known = { 0 };

    for (int i = 0; i < WORKS; i++)
        text_add(&known, " %s", works[i].name);
    for (list = name_at(list); *list; list = name_after(list)) {
        bool found = false;
        for (int i = 0; i < WORKS; i++)
            found = found || begins_with(list, works[i].name);
        if (!found)
            die("WORK: found %.*s, expected some of%s",
                (int)strcspn(list, " "), list, text_string(&known));
    }
    text_free(&known);
}

/* The Makefile lets OpenBLAS choose its kernels, for us and for PyTorch; where
 * these are wrong, both get others. */
int main(int argc, char **argv)
{
    const char *list = getenv("WORK") ? getenv("WORK") : "";

    (void)argc;
    kernels_check(argv, folder);
    check_names(list);
    unsetenv("QUICK");                     /* the whole is measured */
    must(digits_open(&digits));
    getloadavg(&load, 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%d images: %s. %s. Load %.2f.\n", digits.train.n, digits.origin,
           kernels_name(), load);
    if (load > 0.5)
        printf("The machine was not quiet: these are not its best times.\n");
    read_table();
    for (int i = 0; i < WORKS; i++) {
        if (!wanted(list, works[i].name))
            continue;
        printf("%s ...\n", works[i].name);
        text_free(&rows[i]);
        works[i].measure(&works[i], &rows[i]);
        write_table();                     /* at once: a book takes minutes */
    }
    print_table();
    return 0;
}
