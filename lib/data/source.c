/* SPDX-License-Identifier: MIT */
#include "data/source.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/setting.h"
#include "base/text.h"
#include "data/cache.h"
#include "data/fetch.h"
#include "data/idx.h"
#include "data/png_folder.h"
#include "data/synth.h"

enum {
    QUICK_TRAIN = 2000, QUICK_TEST = 500,
    SYNTHETIC_TRAIN = 60000,
    SYNTHETIC_MOST = 1000000,
    FEWEST_TESTS = 100,
    TRAIN_SEED = 1, TEST_SEED = 2,
    PATIENCE = 600,            /* seconds between two attempts to download */
};

static const char downloads[] = "build/data";
static const char offline[] = "build/data/offline";

/* dataset_digest of the 60,000 + 10,000 images of MNIST. */
static const char mnist_digest[] =
    "0a8c056f0bba0da115cafe48f5d7e3585a18713ef359dec6aac46ebaf9b1a994";

/* ---- the formats ---- */

/* Path, size and time of a file: when they change, so may its content. */
static Error stamp(Text *t, const char *path)
{
    struct stat s;

    if (stat(path, &s) != 0)
        return error_text("%s: %s", path, strerror(errno));
    text_add(t, "%s %lld %lld.%09ld\n", path, (long long)s.st_size,
             (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    return NULL;
}

static bool exists(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0;
}

typedef char Path[1024];

/* The path of one of the four IDX files, raw if it is there, or else .gz. */
static bool idx_path(Path path, const char *folder, int file)
{
    const char *name = mnist_files[file].name;

    snprintf(path, sizeof(Path), "%s/%s", folder, name);
    if (exists(path))
        return true;
    snprintf(path, sizeof(Path), "%s/%s.gz", folder, name);
    return exists(path);
}

static bool idx_there(const char *folder)
{
    Path path;

    for (int i = 0; i < MNIST_FILES; i++)
        if (idx_path(path, folder, i))
            return true;
    return false;
}

static Error idx_stamp(Text *t, const char *folder)
{
    Path path;
    Error error = NULL;

    for (int i = 0; i < MNIST_FILES && !error; i++)
        error = idx_path(path, folder, i)
              ? stamp(t, path)
              : error_text("%s: not there, expected all four files of MNIST, "
                           "raw or .gz: add it", path);
    return error;
}

static Error idx_read_both(Digits *d, const char *folder)
{
    Path paths[MNIST_FILES];

    for (int i = 0; i < MNIST_FILES; i++)
        idx_path(paths[i], folder, i);
    const Error error = idx_read(&d->train, paths[TRAIN_IMAGES],
                                 paths[TRAIN_LABELS]);
    return error ? error : idx_read(&d->test, paths[TEST_IMAGES],
                                    paths[TEST_LABELS]);
}

static const char *const parts[] = { "train", "test" };

static bool png_there(const char *folder)
{
    Path path;

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, parts[i]);
        if (exists(path))
            return true;
    }
    return false;
}

static Error png_stamp(Text *t, const char *folder)
{
    Error error = NULL;
    Path part;
    char path[sizeof part + NAME_MAX + 2];

    for (int i = 0; i < 2 && !error; i++) {
        struct dirent **files;
        snprintf(part, sizeof part, "%s/%s", folder, parts[i]);
        const int n = scandir(part, &files, NULL, alphasort);
        if (n < 0)
            return error_text("%s: %s, expected a folder of pictures like "
                              "7_00042.png: add it", part, strerror(errno));
        for (int j = 0; j < n; j++) {
            snprintf(path, sizeof path, "%s/%s", part, files[j]->d_name);
            if (!error)
                error = stamp(t, path);
            free(files[j]);
        }
        free(files);
    }
    return error;
}

static Error png_read_both(Digits *d, const char *folder)
{
    Path train, test;

    snprintf(train, sizeof train, "%s/%s", folder, parts[0]);
    snprintf(test, sizeof test, "%s/%s", folder, parts[1]);
    const Error error = png_folder_read(&d->train, train);
    return error ? error : png_folder_read(&d->test, test);
}

/* The only list of formats: a new one is a row. */
typedef struct Format {
    const char *name;
    bool (*there)(const char *folder);      /* is at least a part of it? */
    Error (*stamp)(Text *key, const char *folder);
    Error (*read)(Digits *d, const char *folder);
} Format;

static const Format formats[] = {
    { "IDX files",    idx_there, idx_stamp, idx_read_both },
    { "PNG pictures", png_there, png_stamp, png_read_both },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* ---- the sources ---- */

void digits_close(Digits *digits)
{
    if (digits->mapping) {
        cache_unload(digits);
    } else {
        dataset_free(&digits->train);
        dataset_free(&digits->test);
    }
}

static Error open_folder(Digits *d, const char *folder)
{
    const Format *format = NULL;
    Text key = { 0 };
    Error error;

    for (int i = FORMATS - 1; i >= 0; i--)
        if (formats[i].there(folder))
            format = &formats[i];
    if (!format)
        return error_text("%s: no digits there, expected the four files of "
                          "MNIST or folders train/ and test/ of PNG pictures: "
                          "correct MNIST_DIR", folder);
    snprintf(d->origin, sizeof d->origin, "%s in %s", format->name, folder);
    error = format->stamp(&key, folder);
    if (!error && !cache_load(d, text_string(&key))) {
        error = format->read(d, folder);
        if (!error) {
            dataset_digest(d->digest, &d->train, &d->test);
            cache_store(d, text_string(&key));
        }
    }
    text_free(&key);
    d->mnist = strcmp(d->digest, mnist_digest) == 0;
    snprintf(d->origin, sizeof d->origin, "%s, %s in %s",
             d->mnist ? "MNIST" : "not MNIST", format->name, folder);
    return error;
}

/* The key of drawn digits is the digest of the first of them: when the code
 * that draws changes, so does this. */
static Error open_synthetic(Digits *d, int n)
{
    const int tests = n / 6 > FEWEST_TESTS ? n / 6 : FEWEST_TESTS;
    Dataset sample = synth_digits(FEWEST_TESTS, TEST_SEED);
    char key[65];

    d->synthetic = true;
    snprintf(d->origin, sizeof d->origin, "%d + %d drawn digits", n, tests);
    dataset_digest(key, &sample, &sample);
    dataset_free(&sample);
    if (cache_load(d, key))
        return NULL;
    d->train = synth_digits(n, TRAIN_SEED);
    d->test = synth_digits(tests, TEST_SEED);
    dataset_digest(d->digest, &d->train, &d->test);
    cache_store(d, key);
    return NULL;
}

/* Has a program failed to download within the last ten minutes? */
static bool offline_lately(void)
{
    struct stat s;

    return stat(offline, &s) == 0 && time(NULL) - s.st_mtime < PATIENCE;
}

static void remember_offline(const char *reason)
{
    Text t = { 0 };

    text_add(&t, "%s\n", reason);
    (void)!text_write(&t, offline);         /* or else the next tries again */
    text_free(&t);
}

static Error open_download(Digits *d)
{
    if (idx_there(downloads)) {
        if (open_folder(d, downloads) == NULL)
            return NULL;
        digits_close(d);               /* damaged or not complete */
    }
    if (!offline_lately()) {
        const Error error = fetch_mnist(downloads);
        if (!error) {
            remove(offline);
            return open_folder(d, downloads);
        }
        fprintf(stderr, "MNIST could not be downloaded, so the book is built "
                        "on synthetic digits (%s)\n", error);
        remember_offline(error);
    }
    d->fallback = true;
    return open_synthetic(d, SYNTHETIC_TRAIN);
}

/* ---- what the user wants ---- */

static Error open_number(Digits *d, const char *text)
{
    char *end;
    const long n = strtol(text, &end, 10);

    if (*end != '\0' || n < 1 || n > SYNTHETIC_MOST)
        return error_text("SYNTHETIC: found %s, expected a number of digits "
                          "from 1 to %d: correct it", text, SYNTHETIC_MOST);
    return open_synthetic(d, (int)n);
}

static void keep_first(Dataset *d, int n)
{
    if (d->n > n)
        d->n = n;
}

static Error make_quick(Digits *d, const char *text)
{
    if (strcmp(text, "0") == 0)
        return NULL;
    if (strcmp(text, "1") != 0)
        return error_text("QUICK: found %s, expected 0 or 1: correct it", text);
    d->quick = true;
    keep_first(&d->train, QUICK_TRAIN);
    keep_first(&d->test, QUICK_TEST);
    dataset_digest(d->digest, &d->train, &d->test);
    return NULL;
}

/* "MNIST", whatever folder it lies in; any other by the folder's own name. */
static void give_name(Digits *d, const char *folder)
{
    const char *slash = folder ? strrchr(folder, '/') : NULL;
    const char *own = slash && slash[1] ? slash + 1 : folder;

    snprintf(d->name, sizeof d->name, "%.48s%s",
             d->synthetic ? "synthetic" : d->mnist ? "MNIST" : own,
             d->quick ? ", quick" : "");
}

Error digits_open(Digits *digits)
{
    const char *synthetic = setting("SYNTHETIC", NULL);
    const char *folder = setting("MNIST_DIR", NULL);
    const char *quick = setting("QUICK", NULL);
    Error error;

    *digits = (Digits){ 0 };
    error = synthetic ? open_number(digits, synthetic)
          : folder    ? open_folder(digits, folder)
          :             open_download(digits);
    if (!error && quick)
        error = make_quick(digits, quick);
    if (!error)
        give_name(digits, folder);
    else
        digits_close(digits);
    return error;
}
