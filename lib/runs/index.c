/* SPDX-License-Identifier: MIT */
#include "runs/index.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/parallel.h"
#include "base/sha256.h"
#include "runs/seal.h"
#include "runs/settings.h"

enum { COLUMNS_OF_RUN = 20, PATH = 1200, MANY = 2000, THREADS = 8,
       STRIDE = 64 };

static const char heading[] = "reading digits, runs 1\n";

/* A run of the store, on the way into the index. */
typedef struct Found {
    char key[KEY_SIZE], stamp[20];
    long long bytes;
    const char *line;              /* of the old index, if it still holds */
    Text fresh;                    /* otherwise */
} Found;

typedef struct Store {
    const char *path;
    Found *found;
    int n, folder;
    int *stale;                    /* (stale_count) places in found */
    int stale_count;
} Store;

/* ---- fields ---- */

static void replace(char *s, char from, char to)
{
    for (; (s = strchr(s, from)); s++)
        *s = to;
}

void index_fields(Text *t, const Experiment *e)
{
    const size_t start = t->length;

    experiment_print(t, e);
    replace(t->s + start, '\t', '=');
    replace(t->s + start, '\n', ';');
}

Error index_experiment(Experiment *e, const char *fields)
{
    char *text = text_copy(fields);

    replace(text, '=', '\t');
    replace(text, ';', '\n');
    const Error error = experiment_parse(e, text);
    free(text);
    return error;
}

void index_id(char id[KEY_SIZE], const char *fields, const char *data,
              const char *code)
{
    Text t = { 0 };

    text_add(&t, "%s\n%s\n%s\n", fields, data, code);
    sha256_hex(id, t.s, t.length);
    text_free(&t);
}

/* ---- one run ---- */

/* Of all files of a run, in whatever order: FNV-1a of each, added up. */
static void stamp_run(Found *f, int store)
{
    uint64_t sum = 0;
    const int folder = openat(store, f->key, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = folder < 0 ? NULL : fdopendir(folder);

    f->bytes = 0;
    for (struct dirent *file; d && (file = readdir(d));) {
        struct stat s;
        uint64_t hash = 0xcbf29ce484222325u;
        if (file->d_name[0] == '.' || fstatat(folder, file->d_name, &s, 0) != 0)
            continue;
        const uint64_t part[] = {
            (uint64_t)s.st_size, (uint64_t)s.st_ino,
            (uint64_t)s.st_mtim.tv_sec, (uint64_t)s.st_mtim.tv_nsec,
            (uint64_t)s.st_ctim.tv_sec, (uint64_t)s.st_ctim.tv_nsec };
        for (const char *c = file->d_name; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
        for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
            hash = (hash ^ part[i]) * 0x100000001b3u + (hash >> 29);
        sum += hash;
        f->bytes += s.st_size;
    }
    if (d)
        closedir(d);
    snprintf(f->stamp, sizeof f->stamp, "%016llx", (unsigned long long)sum);
}

static void add_word(Text *t, const char *word)
{
    text_add_char(t, '\t');
    for (; *word; word++)
        text_add_char(t, (unsigned char)*word < ' ' ? ' ' : *word);
}

/* Reads and checks a run; its line in the index. */
static void describe(void *context, int i)
{
    const Store *store = context;
    Found *f = &store->found[store->stale[i]];
    Run *run = allocate(1, sizeof *run);
    char code[KEY_SIZE] = "", id[KEY_SIZE] = "";
    Experiment e = { .name = "" };
    Predictions p = { 0 };
    Text fields = { 0 };

    snprintf(run->folder, sizeof run->folder, "%s/%s", store->path, f->key);
    Error wrong = seal_check(run->folder);
    const bool damaged = wrong;
    if (!wrong)
        wrong = store_read_sealed(run);
    if (!wrong)
        wrong = store_read_experiment(&e, run, code);
    if (!wrong && !(wrong = store_read_predictions(&p, run)))
        index_fields(&fields, &e);
    text_add(&f->fresh, "%s\t%s\t%d", f->key, f->stamp, damaged);
    add_word(&f->fresh, wrong ? *wrong ? wrong : "gone" : "");
    index_id(id, text_string(&fields), run->data, code);
    text_add(&f->fresh, "\t%s\t%s\t%s\t%llu\t%.17g\t%.17g\t%.17g\t%zu\t%lld\t"
             "%lld", id, wrong ? "" : run->data, wrong ? "" : code,
             (unsigned long long)run->seed, run->accuracy, run->loss,
             run->core_seconds, run->parameters, run->finished, f->bytes);
    add_word(&f->fresh, run->chapter);
    add_word(&f->fresh, run->name);
    add_word(&f->fresh, run->data_name);
    add_word(&f->fresh, run->build);
    add_word(&f->fresh, run->libraries);
    add_word(&f->fresh, text_string(&fields));
    text_add_char(&f->fresh, '\n');
    predictions_free(&p);
    text_free(&fields);
    free(run);
}

/* ---- all of them ---- */

static int by_key(const void *a, const void *b)
{
    return strncmp(((const Found *)a)->key, ((const Found *)b)->key,
                   KEY_SIZE - 1);
}

/* The stamps of the i-th STRIDE of runs; one that is gone has none. */
static void stamp_some(void *context, int i)
{
    const Store *s = context;

    for (int k = i * STRIDE; k < s->n && k < (i + 1) * STRIDE; k++)
        stamp_run(&s->found[k], s->folder);
}

/* Names of finished runs; others (index.tsv, *.tmp) are not looked at. The
 * stamps side by side: a folder may be on another machine. */
static void list_runs(Store *s)
{
    DIR *d = opendir(s->path);
    int room = 0;

    s->folder = d ? dirfd(d) : -1;
    for (struct dirent *file; d && (file = readdir(d));) {
        if (strspn(file->d_name, "0123456789abcdef") != KEY_SIZE - 1
            || file->d_name[KEY_SIZE - 1])
            continue;
        if (s->n == room) {
            room = 2 * room + 64;
            s->found = realloc(s->found, room * sizeof *s->found);
            if (!s->found)
                die("out of memory: %d runs", room);
        }
        s->found[s->n] = (Found){ .bytes = 0 };
        memcpy(s->found[s->n].key, file->d_name, KEY_SIZE);
        s->n++;
    }
    parallel_for((s->n + STRIDE - 1) / STRIDE, THREADS, stamp_some, s);
    if (d)
        closedir(d);
    if (s->n)
        qsort(s->found, s->n, sizeof *s->found, by_key);
}

static void index_path(char path[PATH], const char *store)
{
    snprintf(path, PATH, "%s/index.tsv", store);
}

/* Whether it ends with the sum of the rest. */
static bool is_whole(const Text *old)
{
    const size_t tail = 14;                  /* "sum\t", 8 digits, "\n", and 1 */
    char expected[32];

    if (old->length < sizeof heading - 1 + tail - 1
        || strlen(old->s) != old->length
        || strncmp(old->s, heading, sizeof heading - 1) != 0)
        return false;
    const size_t n = old->length - (tail - 1);
    snprintf(expected, sizeof expected, "sum\t%08lx\n",
             crc32_z(0, (const unsigned char *)old->s, n));
    return strcmp(old->s + n, expected) == 0;
}

/* Gives every run its line of the old index, if its stamp is still the same. */
static void take_old(Store *s, const Text *old)
{
    if (!is_whole(old))
        return;
    for (const char *line = text_next_line(old->s); *line;
         line = text_next_line(line)) {
        Found wanted = { .bytes = 0 };
        snprintf(wanted.key, KEY_SIZE, "%.64s", line);
        Found *f = s->n ? bsearch(&wanted, s->found, s->n, sizeof wanted, by_key)
                        : NULL;
        if (f && strncmp(line + KEY_SIZE, f->stamp, 16) == 0)
            f->line = line;
    }
}

static void write_index(const char *path, const Text *lines)
{
    Text t = { 0 };

    text_add_bytes(&t, lines->s, lines->length);
    text_add(&t, "sum\t%08lx\n",
             crc32_z(0, (const unsigned char *)t.s, t.length));
    text_write(&t, path);                     /* without it all goes well, too */
    text_free(&t);
}

static bool parse(Record *r, char *line)
{
    char *cell[COLUMNS_OF_RUN];
    int n = 0;

    for (char *p = line; p && n < COLUMNS_OF_RUN; n++) {
        cell[n] = p;
        if ((p = strchr(p, '\t')))
            *p++ = '\0';
    }
    if (n != COLUMNS_OF_RUN)
        return false;
    *r = (Record){
        .key = cell[0], .damaged = *cell[2] == '1', .wrong = cell[3],
        .id = cell[4], .data = cell[5], .code = cell[6],
        .seed = strtoull(cell[7], NULL, 10), .accuracy = strtod(cell[8], NULL),
        .loss = strtod(cell[9], NULL), .core_seconds = strtod(cell[10], NULL),
        .parameters = (size_t)strtoull(cell[11], NULL, 10),
        .finished = atoll(cell[12]), .bytes = atoll(cell[13]),
        .chapter = cell[14], .name = cell[15], .data_name = cell[16],
        .build = cell[17], .libraries = cell[18], .fields = cell[19] };
    return true;
}

static void parse_all(Index *x, int runs)
{
    char *line = x->text.s + strlen(heading), *end;

    x->record = allocate(runs, sizeof *x->record);
    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        x->n += parse(&x->record[x->n], line);
    }
}

Index index_read(const char *store)
{
    Store s = { .path = store };
    Index x = { .record = NULL };
    Text old = { 0 };
    char path[PATH];
    int old_lines = 0;

    index_path(path, store);
    list_runs(&s);
    if (text_read(&old, path))
        text_free(&old);
    take_old(&s, &old);
    s.stale = allocate(s.n, sizeof *s.stale);
    for (int i = 0; i < s.n; i++)
        if (!s.found[i].line)
            s.stale[s.stale_count++] = i;
    if (s.stale_count > MANY)
        fprintf(stderr, "%s: %d runs are checked, once\n", store, s.stale_count);
    parallel_for(s.stale_count, THREADS, describe, &s);
    text_add(&x.text, "%s", heading);
    for (int i = 0; i < s.n; i++) {
        const Found *f = &s.found[i];
        const char *line = f->line ? f->line : f->fresh.s;
        text_add_bytes(&x.text, line, text_next_line(line) - line);
    }
    for (const char *c = text_string(&old); *c; c = text_next_line(c))
        old_lines++;
    if (s.n && (s.stale_count || old_lines != s.n + 2))
        write_index(path, &x.text);
    parse_all(&x, s.n);
    for (int i = 0; i < s.n; i++)
        text_free(&s.found[i].fresh);
    text_free(&old);
    free(s.stale);
    free(s.found);
    return x;
}

void index_free(Index *x)
{
    text_free(&x->text);
    free(x->record);
    *x = (Index){ 0 };
}
