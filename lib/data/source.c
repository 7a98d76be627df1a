/* SPDX-License-Identifier: MIT */
#include "data/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/printable.h"
#include "base/setting.h"
#include "base/text.h"
#include "data/cache.h"
#include "data/fetch.h"
#include "data/formats.h"
#include "data/named.h"
#include "data/synth.h"

enum {
    QUICK_TRAIN = 2000, QUICK_TEST = 500,
    SYNTHETIC_TRAIN = 60000,
    FEWEST_TESTS = 100,
    TRAIN_SEED = 1, TEST_SEED = 2,
    PATIENCE = 600,            /* seconds between two attempts to download */
};

static const char downloads[] = "build/data";
static const char offline[] = "build/data/offline";
static const char shared[] = "DIGITS_SHARED";

/* dataset_digest of the 60,000 + 10,000 images of MNIST. */
static const char mnist_digest[] =
    "0a8c056f0bba0da115cafe48f5d7e3585a18713ef359dec6aac46ebaf9b1a994";

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

/* A folder inside the project by its path there. */
static const char *short_path(const char *folder)
{
    char here[NAMED_SIZE];
    const size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;

    return n > 1 && strncmp(folder, here, n) == 0 && folder[n] == '/'
         ? folder + n + 1 : folder;
}

static Error open_folder(Digits *d, const char *path)
{
    Text key = { 0 };
    Error error = named_resolve(d->folder, path);

    if (error || (error = folder_check(d->folder)))
        return error;
    const char *folder = short_path(d->folder);
    const Format *format = format_of(folder);
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
    if (d->mnist)
        snprintf(d->origin, sizeof d->origin, "MNIST, %s in ", format->name);
    else
        snprintf(d->origin, sizeof d->origin, "not MNIST (digest %.7s), %s in ",
                 d->digest, format->name);
    const size_t n = strlen(d->origin);
    printable(d->origin + n, sizeof d->origin - n, folder);
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

/* Has a program failed to download within the last ten minutes? Then its
 * reason; a time that lies ahead, as a clock leaves it that was wrong, says
 * nothing. */
static bool offline_lately(Text *reason)
{
    struct stat s;

    if (stat(offline, &s) != 0 || !clock_within(s.st_mtime, PATIENCE)
        || text_read(reason, offline))
        return false;
    if (reason->length && reason->s[reason->length - 1] == '\n')
        reason->s[--reason->length] = '\0';
    return true;
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
    Text reason = { 0 };

    if (format_of(downloads)) {
        if (open_folder(d, downloads) == NULL)
            return NULL;
        digits_close(d);               /* damaged or not complete */
        *d = (Digits){ 0 };
    }
    if (!offline_lately(&reason)) {
        const Error error = fetch_mnist(downloads);
        if (!error) {
            remove(offline);
            return open_folder(d, downloads);
        }
        text_add(&reason, "%s", error);
        remember_offline(error);
    }
    fprintf(stderr, "MNIST could not be downloaded, so synthetic digits stand "
                    "in for it (%s)\n", text_string(&reason));
    text_free(&reason);
    d->fallback = true;
    return open_synthetic(d, SYNTHETIC_TRAIN);
}

/* ---- what the user wants ---- */

static void keep_first(Dataset *d, int n)
{
    if (d->n > n)
        d->n = n;
}

static void make_quick(Digits *d)
{
    d->quick = true;
    keep_first(&d->train, QUICK_TRAIN);
    keep_first(&d->test, QUICK_TEST);
    dataset_digest(d->digest, &d->train, &d->test);
}

/* "MNIST", whatever folder it lies in; any other by the folder's own name,
 * which must not pass for what it is not. */
static void give_name(Digits *d)
{
    const char *slash = strrchr(d->folder, '/');
    char own[49];

    printable(own, sizeof own, slash && slash[1] ? slash + 1 : d->folder);
    const bool taken = strncasecmp(own, "mnist", 5) == 0
                    || strncasecmp(own, "synthetic", 9) == 0;
    snprintf(d->name, sizeof d->name, "%s%s%s",
             taken && !d->synthetic && !d->mnist ? "folder " : "",
             d->synthetic ? "synthetic" : d->mnist ? "MNIST" : own,
             d->quick ? ", quick" : "");
}

static Error choose(Digits *d)
{
    const char *folder = setting("MNIST_DIR", NULL);
    char named[NAMED_SIZE];
    Error error = setting_check("SYNTHETIC");

    if (error || (error = setting_check("QUICK")))
        return error;
    if (setting("SYNTHETIC", NULL))
        return open_synthetic(d, (int)setting_number("SYNTHETIC", 0));
    if (folder && strcmp(folder, setting_download) != 0)
        return open_folder(d, folder);
    if (!folder && (error = named_recall(named)))
        return error;
    return !folder && *named ? open_folder(d, named) : open_download(d);
}

Error digits_open(Digits *digits)
{
    *digits = (Digits){ 0 };
    const Error error = choose(digits);

    if (error) {
        digits_close(digits);
        return error;
    }
    if (setting_on("QUICK"))
        make_quick(digits);
    give_name(digits);
    if (!digits->mnist && !digits->synthetic && !getenv(shared))
        fprintf(stderr, "These digits are %s\n", digits->origin);
    return NULL;
}

Error digits_remember(const Digits *digits)
{
    const char *folder = setting("MNIST_DIR", NULL);

    if (!folder || setting("SYNTHETIC", NULL))
        return NULL;
    return named_keep(strcmp(folder, setting_download) ? digits->folder : NULL);
}

void digits_share(const Digits *digits)
{
    char n[32];

    if (digits->synthetic && !setting("SYNTHETIC", NULL)) {
        snprintf(n, sizeof n, "%d", SYNTHETIC_TRAIN);
        setenv("SYNTHETIC", n, 1);
    }
    if (*digits->folder)
        setenv("MNIST_DIR", digits->folder, 1);
    setenv(shared, "1", 1);
}
