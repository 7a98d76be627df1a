/* SPDX-License-Identifier: MIT */
#include "data/idx.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"

enum {
    MAGIC_IMAGES = 0x00000803,
    MAGIC_LABELS = 0x00000801,
    MOST_IMAGES = 1000000,       /* 784 MB: more is not a file of digits */
    MOST_DEFLATED = 1032,        /* bytes that one byte of .gz can become */
};

/* What makes the two files of a data set different. */
typedef struct Kind {
    const char *name;
    uint32_t magic;
    int header;                  /* numbers in the header */
    int size;                    /* bytes of an element */
} Kind;

static const Kind images_kind = { "images", MAGIC_IMAGES, 4, PIXELS };
static const Kind labels_kind = { "labels", MAGIC_LABELS, 2, 1 };

/* Most significant byte first. Shifting the bytes into place gives the same
 * number whichever order this machine keeps its own numbers in. */
static uint32_t big_endian(const uint8_t b[4])
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16
         | (uint32_t)b[2] << 8 | b[3];
}

/* What zlib has to complain about, if anything. */
static Error stream_error(gzFile f, const char *path)
{
    int code;
    const char *reason = gzerror(f, &code);

    if (code == Z_OK || code == Z_STREAM_END)
        return NULL;
    if (code == Z_BUF_ERROR)
        return error_text("%s: the gzip stream breaks off, expected its end: "
                          "download the file again", path);
    return error_text("%s: unreadable (%s), expected a raw or gzipped IDX "
                      "file: download it again", path, reason);
}

/* Exactly n bytes, raw or unpacked. */
static Error read_bytes(gzFile f, const char *path, void *bytes, size_t n)
{
    const int got = gzread(f, bytes, (unsigned)n);
    /* Asked after every read: zlib 1.3.2 says once that a stream breaks off,
     * maybe with the last bytes that it gave, and forgets it. */
    const Error error = stream_error(f, path);

    if (error || (got >= 0 && (size_t)got == n))
        return error;
    return error_text("%s: cut short, %zu bytes are missing at the end: "
                      "download the file again", path, n - (size_t)got);
}

/* How many elements can a file hold, judged by its size on disk? */
static long long most_elements(gzFile f, const char *path, const Kind *kind)
{
    const long long header = 4 * kind->header;
    struct stat status;

    if (stat(path, &status) != 0)
        return 0;
    const long long bytes = status.st_size * (gzdirect(f) ? 1 : MOST_DEFLATED);
    return bytes < header ? 0 : (bytes - header) / kind->size;
}

static Error read_header(gzFile f, const char *path, const Kind *kind, int *n)
{
    uint8_t bytes[16];
    const Error error = read_bytes(f, path, bytes, 4 * (size_t)kind->header);

    if (error)
        return error;
    const uint32_t magic = big_endian(bytes);
    if (magic != kind->magic)
        return error_text("%s: magic number 0x%08x, expected 0x%08x for an "
                          "IDX file of %s: is it the right file?",
                          path, (unsigned)magic, (unsigned)kind->magic,
                          kind->name);
    const uint32_t count = big_endian(bytes + 4);
    if (count == 0 || count > MOST_IMAGES)
        return error_text("%s: header announces %u %s, expected 1 to %d: "
                          "download the file again",
                          path, (unsigned)count, kind->name, MOST_IMAGES);
    const long long most = most_elements(f, path, kind);
    if (count > most)
        return error_text("%s: header announces %u %s, but a file of this "
                          "size holds at most %lld: download it again",
                          path, (unsigned)count, kind->name, most);
    if (kind == &images_kind) {
        const uint32_t rows = big_endian(bytes + 8);
        const uint32_t columns = big_endian(bytes + 12);
        if (rows != ROWS || columns != COLUMNS)
            return error_text("%s: images of %u x %u pixels, expected %d x %d: "
                              "use MNIST or scale the images", path,
                              (unsigned)rows, (unsigned)columns, ROWS, COLUMNS);
    }
    *n = (int)count;
    return NULL;
}

/* The read past the end also makes zlib compare the checksum of a .gz. */
static Error read_end(gzFile f, const char *path, const Kind *kind, int n)
{
    char byte;

    if (gzread(f, &byte, 1) > 0)
        return error_text("%s: more bytes after the last of %d %s, expected "
                          "the end of the file: download it again",
                          path, n, kind->name);
    return stream_error(f, path);
}

/* The first file read, that of the images, decides how many there are, and
 * makes room for them and their labels. */
static Error read_file(Dataset *d, const char *path, const Kind *kind)
{
    Error error = file_check(path);
    gzFile f = error ? NULL : gzopen(path, "rb");
    int n = 0;

    if (!f)
        return error ? error : error_text("%s: %s", path, strerror(errno));
    gzbuffer(f, 1 << 17);
    error = read_header(f, path, kind, &n);
    if (!error && d->n == 0)
        *d = dataset_create(n);
    if (!error && n != d->n)
        error = error_text("%s: %d %s, expected %d as in the file of the "
                           "images: take two files that belong together",
                           path, n, kind->name, d->n);
    if (!error)
        error = read_bytes(f, path,
                           kind == &images_kind ? d->pixels : d->labels,
                           (size_t)n * (size_t)kind->size);
    if (!error)
        error = read_end(f, path, kind, n);
    gzclose(f);
    return error;
}

static Error check_labels(const Dataset *d, const char *path)
{
    for (int i = 0; i < d->n; i++)
        if (d->labels[i] >= CLASSES)
            return error_text("%s: label %d is %d, expected 0 to 9: "
                              "download the file again",
                              path, i, d->labels[i]);
    return NULL;
}

Error idx_read(Dataset *d, const char *images, const char *labels)
{
    Error error;

    *d = (Dataset){ 0 };
    error = read_file(d, images, &images_kind);
    if (!error)
        error = read_file(d, labels, &labels_kind);
    if (!error)
        error = check_labels(d, labels);
    if (error)
        dataset_free(d);
    return error;
}

static Error write_file(const char *path, const Kind *kind, int n,
                        const uint8_t *elements)
{
    const uint32_t header[] = { kind->magic, (uint32_t)n, ROWS, COLUMNS };
    const size_t bytes = (size_t)n * (size_t)kind->size;
    FILE *f = fopen(path, "wb");

    if (!f)
        return error_text("%s: %s", path, strerror(errno));
    for (int i = 0; i < kind->header; i++)
        for (int shift = 24; shift >= 0; shift -= 8)
            fputc((int)(header[i] >> shift & 255), f);
    const size_t written = fwrite(elements, 1, bytes, f);
    if (fclose(f) != 0 || written != bytes)
        return error_text("%s: cannot be written: is the disk full?", path);
    return NULL;
}

Error idx_write(const Dataset *d, const char *images, const char *labels)
{
    const Error error = write_file(images, &images_kind, d->n, d->pixels);

    return error ? error : write_file(labels, &labels_kind, d->n, d->labels);
}
