/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1          /* for the nanoseconds of a file, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include "data/formats.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "data/fetch.h"
#include "data/idx.h"
#include "data/png_folder.h"

/* Path, size, both times, and which file it is: when they change, so may its
 * content. The time of the last change of size or name (ctim) cannot be set
 * back, as an archive or `touch` does with the other; a link that leads
 * elsewhere now leads to another file (dev, ino). */
static Error stamp(Text *t, const char *path)
{
    struct stat s;
    const Error error = file_check(path);

    if (error)
        return error;
    if (stat(path, &s) != 0)
        return error_text("%s: %s", path, strerror(errno));
    text_add(t, "%s %lld %lld.%09ld %lld.%09ld %llu %llu\n", path,
             (long long)s.st_size,
             (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
             (long long)s.st_ctim.tv_sec, s.st_ctim.tv_nsec,
             (unsigned long long)s.st_dev, (unsigned long long)s.st_ino);
    return NULL;
}

static bool exists(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0;
}

typedef char Path[2048];

/* ---- the four files of MNIST ---- */

static void raw_path(Path path, const char *folder, int file)
{
    snprintf(path, sizeof(Path), "%s/%s", folder, mnist_files[file].name);
}

static void packed_path(Path path, const char *folder, int file)
{
    snprintf(path, sizeof(Path), "%s/%s.gz", folder, mnist_files[file].name);
}

/* The path of one of the four, raw if it is there, or else .gz. */
static bool idx_path(Path path, const char *folder, int file)
{
    raw_path(path, folder, file);
    if (exists(path))
        return true;
    packed_path(path, folder, file);
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

/* Of both, where a file is there raw and packed. */
static Error idx_stamp(Text *t, const char *folder)
{
    Path path, packed;
    Error error = NULL;

    for (int i = 0; i < MNIST_FILES && !error; i++) {
        if (!idx_path(path, folder, i))
            return error_text("%s: not there, expected all four files of "
                              "MNIST, raw or .gz: add it", path);
        error = stamp(t, path);
        packed_path(packed, folder, i);
        if (!error && strcmp(path, packed) != 0 && exists(packed))
            error = stamp(t, packed);
    }
    return error;
}

/* Do two files hold the same, whichever of them is packed? */
static bool same_content(const char *a, const char *b)
{
    static const unsigned block = 1 << 16;
    gzFile f = gzopen(a, "rb"), g = gzopen(b, "rb");
    char *bytes = allocate(2, block);
    bool same = f && g;
    int n = 1;

    while (same && n > 0) {
        n = gzread(f, bytes, block);
        same = n >= 0 && gzread(g, bytes + block, block) == n
            && memcmp(bytes, bytes + block, (size_t)n) == 0;
    }
    if (f)
        gzclose(f);
    if (g)
        gzclose(g);
    free(bytes);
    return same;
}

/* Fashion-MNIST's files have the names of MNIST's: one of them unpacked beside
 * the .gz of the other would be taken for it. */
static Error idx_check_pairs(const char *folder)
{
    Path raw, packed;

    for (int i = 0; i < MNIST_FILES; i++) {
        raw_path(raw, folder, i);
        packed_path(packed, folder, i);
        if (exists(raw) && exists(packed) && !same_content(raw, packed))
            return error_text("%s: found this and %s.gz, and they differ, "
                              "expected one of them: remove the other", raw,
                              mnist_files[i].name);
    }
    return NULL;
}

static Error idx_read_both(Digits *d, const char *folder)
{
    Path paths[MNIST_FILES];
    Error error = idx_check_pairs(folder);

    for (int i = 0; i < MNIST_FILES; i++)
        idx_path(paths[i], folder, i);
    if (!error)
        error = idx_read(&d->train, paths[TRAIN_IMAGES], paths[TRAIN_LABELS]);
    return error ? error : idx_read(&d->test, paths[TEST_IMAGES],
                                    paths[TEST_LABELS]);
}

/* ---- folders of pictures ---- */

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

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static Error png_stamp(Text *t, const char *folder)
{
    Error error = NULL;
    Path part;
    char path[sizeof part + NAME_MAX + 2];

    for (int i = 0; i < 2 && !error; i++) {
        struct dirent **files;
        snprintf(part, sizeof part, "%s/%s", folder, parts[i]);
        const int n = scandir(part, &files, not_hidden, alphasort);
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
static const Format formats[] = {
    { "IDX files",    idx_there, idx_stamp, idx_read_both },
    { "PNG pictures", png_there, png_stamp, png_read_both },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

const Format *format_of(const char *folder)
{
    for (int i = 0; i < FORMATS; i++)
        if (formats[i].there(folder))
            return &formats[i];
    return NULL;
}
