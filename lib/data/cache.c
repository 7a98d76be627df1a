/* SPDX-License-Identifier: MIT */
#include "data/cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/sha256.h"
#include "base/temporary.h"
#include "base/text.h"

/* Only this machine reads the file again, so numbers lie in it as they do in
 * memory. Train pixels, train labels, test pixels, test labels follow. */
typedef struct Header {
    char magic[16];
    char key[65];          /* SHA-256 of what the digits were made from */
    char digest[65];       /* dataset_digest */
    int32_t train, test;   /* images */
    uint32_t sum;          /* Adler-32 of all that follows: 20 times as fast as
                            * SHA-256, and it is accidents we look for */
    char check[65];        /* SHA-256 of the fields above */
} Header;

static const char magic[16] = "reading digits1";

static void file_of(char path[64], const Digits *digits)
{
    char hex[65];

    sha256_hex(hex, digits->origin, strlen(digits->origin));
    snprintf(path, 64, "build/data/%.16s.cache", hex);
}

static void header_check(char hex[65], const Header *h)
{
    sha256_hex(hex, h, offsetof(Header, check));
}

static uint32_t add_to_sum(uint32_t sum, const Dataset *d)
{
    sum = (uint32_t)adler32_z(sum, d->pixels, (size_t)d->n * PIXELS);
    return (uint32_t)adler32_z(sum, d->labels, (size_t)d->n);
}

static uint32_t sum_of(const Digits *digits)
{
    return add_to_sum(add_to_sum(1, &digits->train), &digits->test);
}

/* Is this the header of a whole file of `size` bytes, made from `key`? */
static bool header_fits(const Header *h, size_t size, const char *key)
{
    char key_hex[65], check[65];

    if (size < sizeof *h || memcmp(h->magic, magic, sizeof magic) != 0)
        return false;
    sha256_hex(key_hex, key, strlen(key));
    header_check(check, h);
    return memcmp(h->check, check, sizeof check) == 0
        && memcmp(h->key, key_hex, sizeof key_hex) == 0
        && size == sizeof *h
                 + ((size_t)h->train + (size_t)h->test) * (PIXELS + 1);
}

static Dataset view(uint8_t *bytes, int n)
{
    return (Dataset){ .pixels = bytes,
                      .labels = bytes + (size_t)n * PIXELS, .n = n };
}

/* A private mapping: a program may change its images without changing the
 * file. Mapping takes half the time of reading into new memory. */
static void *map_file(size_t *size, const char *path)
{
    const int file = open(path, O_RDONLY);
    struct stat s;
    void *mapping = MAP_FAILED;

    if (file < 0)
        return NULL;
    if (fstat(file, &s) == 0 && s.st_size > 0) {
        *size = (size_t)s.st_size;
        mapping = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
                       file, 0);
    }
    close(file);
    return mapping == MAP_FAILED ? NULL : mapping;
}

bool cache_load(Digits *digits, const char *key)
{
    char path[64];

    file_of(path, digits);
    digits->mapping = map_file(&digits->mapped, path);
    if (!digits->mapping)
        return false;
    const Header *h = digits->mapping;
    if (header_fits(h, digits->mapped, key)) {
        uint8_t *bytes = (uint8_t *)digits->mapping + sizeof *h;
        digits->train = view(bytes, h->train);
        digits->test = view(bytes + (size_t)h->train * (PIXELS + 1), h->test);
        memcpy(digits->digest, h->digest, sizeof h->digest);
        if (sum_of(digits) == h->sum)
            return true;
    }
    cache_unload(digits);
    return false;
}

void cache_unload(Digits *digits)
{
    munmap(digits->mapping, digits->mapped);
    digits->mapping = NULL;
    digits->train = digits->test = (Dataset){ 0 };
}

static bool dataset_store(const Dataset *d, FILE *f)
{
    const size_t n = (size_t)d->n;

    return fwrite(d->pixels, PIXELS, n, f) == n
        && fwrite(d->labels, 1, n, f) == n;
}

void cache_store(const Digits *digits, const char *key)
{
    char path[64], temporary[TEMPORARY_PATH];
    Header h;

    memset(&h, 0, sizeof h);           /* the bytes between the fields, too */
    memcpy(h.magic, magic, sizeof magic);
    sha256_hex(h.key, key, strlen(key));
    memcpy(h.digest, digits->digest, sizeof h.digest);
    h.train = digits->train.n;
    h.test = digits->test.n;
    h.sum = sum_of(digits);
    header_check(h.check, &h);

    file_of(path, digits);
    FILE *f = make_folder("build/data") ? NULL : temporary_file(temporary, path);
    if (!f)
        return;
    const bool written = fwrite(&h, sizeof h, 1, f) == 1
                      && dataset_store(&digits->train, f)
                      && dataset_store(&digits->test, f);
    temporary_close(f, written, temporary, path);      /* or there is none */
}
