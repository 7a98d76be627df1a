/* SPDX-License-Identifier: MIT
 *
 * lib/data: random numbers, SHA-256, IDX, PNG folders, synthetic digits, the
 * download, the choice of a source. All files lie in a folder of their own
 * under build/, which is also the current folder while the tests run.
 */
#define _DEFAULT_SOURCE 1                                      /* for usleep */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <math.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "data/cache.h"
#include "data/fetch.h"
#include "data/idx.h"
#include "data/named.h"
#include "data/png_folder.h"
#include "base/printable.h"
#include "base/rng.h"
#include "base/setting.h"
#include "base/sha256.h"
#include "data/source.h"
#include "data/synth.h"
#include "base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static void assert_fine(Error error)
{
    if (error)
        fail_msg("%s", error);
}

static void assert_error(Error error, const char *expected)
{
    if (!error)
        fail_msg("no error, expected: %s", expected);
    assert_string_equal(error, expected);
}

static void assert_error_holds(Error error, const char *expected)
{
    if (!error || !strstr(error, expected))
        fail_msg("found: %s\nexpected: ...%s...", error ? error : "no error",
                 expected);
}

static void assert_same(const Dataset *a, const Dataset *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->pixels, b->pixels, (size_t)a->n * PIXELS);
    assert_memory_equal(a->labels, b->labels, (size_t)a->n);
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void write_gz(const char *path, const void *bytes, size_t n)
{
    gzFile f = gzopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(gzwrite(f, bytes, (unsigned)n), n);
    assert_int_equal(gzclose(f), Z_OK);
}

static size_t count_files(const char *pattern)
{
    glob_t found;
    const size_t n = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;

    globfree(&found);
    return n;
}

/* The whole of a file. */
static Text slurp(const char *path)
{
    Text t = { 0 };

    assert_fine(text_read(&t, path));
    return t;
}

/* ---- random numbers ---- */

/* The first numbers of the authors' program, started with 1, 2, 3, 4. */
static void rng_is_xoshiro256plusplus(void **state)
{
    static const uint64_t expected[] = {
        41943041, 58720359, 3588806011781223, 3591011842654386,
        9228616714210784205u, 9973669472204895162u, 14011001112246962877u,
        12406186145184390807u, 15849039046786891736u, 10450023813501588000u,
    };
    Rng rng = { { 1, 2, 3, 4 } };

    (void)state;
    for (size_t i = 0; i < LENGTH(expected); i++)
        assert_true(rng_next(&rng) == expected[i]);
}

/* The first numbers of splitmix64 from 1234567. The stream is chosen so that
 * the state is filled from there. */
static void rng_is_seeded_by_splitmix64(void **state)
{
    static const uint64_t expected[] = {
        6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
        4593380528125082431u,
    };
    const Rng rng = rng_create(1234567, expected[0] ^ 1234567);

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_true(rng.s[i] == expected[i]);
}

/* Limits of five standard deviations. */
static void rng_is_uniform(void **state)
{
    enum { N = 100000, SIDES = 10 };
    Rng rng = rng_create(7, 1);
    int counts[SIDES] = { 0 };
    double sum = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        const float u = rng_uniform(&rng);
        assert_true(u >= 0 && u < 1);
        sum += u;
        counts[rng_below(&rng, SIDES)]++;
    }
    assert_true(fabs(sum / N - 0.5) < 5 * sqrt(1.0 / 12 / N));
    for (int i = 0; i < SIDES; i++)
        assert_true(abs(counts[i] - N / SIDES) < 5 * sqrt(0.09 * N));
}

/* Many at once are the same bits, 16 by 16 from below, in any number; what is
 * left of the last 64 is not used. */
static void rng_gives_many_uniforms(void **state)
{
    enum { N = 11 };
    Rng many = rng_create(7, 6), one = many;
    float u[N + 1];

    (void)state;
    u[N] = -1;
    rng_uniforms(&many, u, N);
    for (int i = 0; i < N; i += 4) {
        uint64_t bits = rng_next(&one);
        for (int j = i; j < i + 4 && j < N; j++, bits >>= 16)
            assert_true(u[j] * 65536 == (float)(bits & 65535));
    }
    assert_true(u[N] == -1);
    assert_true(rng_next(&many) == rng_next(&one));
}

/* With 3 * 2^30 values, multiplying without drawing again would make every
 * third value twice as frequent. */
static void rng_below_has_no_bias(void **state)
{
    enum { N = 30000 };
    Rng rng = rng_create(7, 2);
    int counts[3] = { 0 };

    (void)state;
    for (int i = 0; i < N; i++)
        counts[rng_below(&rng, 3u << 30) % 3]++;
    for (int i = 0; i < 3; i++)
        assert_true(abs(counts[i] - N / 3) < 5 * sqrt(2.0 / 9 * N));
    for (int i = 0; i < 100; i++)
        assert_int_equal(rng_below(&rng, 1), 0);
}

static void rng_is_normal(void **state)
{
    enum { N = 100000 };
    Rng rng = rng_create(7, 3);
    double sum = 0, squares = 0;
    int beyond = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        const double z = rng_normal(&rng);
        sum += z;
        squares += z * z;
        beyond += fabs(z) > 1.959964;
    }
    assert_true(fabs(sum / N) < 5 / sqrt(N));
    assert_true(fabs(squares / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(abs(beyond - N / 20) < 5 * sqrt(0.0475 * N));
}

static void rng_shuffles(void **state)
{
    enum { N = 1000 };
    Rng rng = rng_create(7, 4);
    int order[N], moved = 0;
    bool seen[N] = { false };

    (void)state;
    for (int i = 0; i < N; i++)
        order[i] = i;
    rng_shuffle(&rng, order, N);
    for (int i = 0; i < N; i++) {
        assert_in_range(order[i], 0, N - 1);
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        moved += order[i] != i;
    }
    assert_true(moved > N - 10);
}

/* Each of the six orders of three is as frequent as the others. */
static void rng_shuffles_evenly(void **state)
{
    enum { N = 6000 };
    Rng rng = rng_create(7, 5);
    int counts[3][3] = { { 0 } };

    (void)state;
    for (int i = 0; i < N; i++) {
        int order[] = { 0, 1, 2 };
        rng_shuffle(&rng, order, 3);
        counts[order[0]][order[1]]++;
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (i != j)
                assert_true(abs(counts[i][j] - N / 6)
                            < 5 * sqrt(5.0 / 36 * N));
}

static void rng_streams_differ(void **state)
{
    Rng a = rng_create(1, 1), b = rng_create(1, 2), c = rng_create(2, 1);
    const uint64_t x = rng_next(&a), y = rng_next(&b), z = rng_next(&c);

    (void)state;
    assert_true(x != y && y != z && z != x);
}

/* ---- SHA-256 ---- */

/* From FIPS 180-4's examples and NIST's test vectors; 55 bytes (by sha256sum)
 * are the most that leave room for the length in their block; a million times
 * "a" crosses block borders in odd pieces. */
static void sha256_known_values(void **state)
{
    static const struct {
        const char *text, *hex;
    } known[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb924"
              "27ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223"
                 "b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039"
          "a33ce45964ff2167f6ecedd419db06c1" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "9f4390f8d30c2dd92ec9f095b65e2b9a"
          "e9b0a925a5258e241c9f1e910f734318" },
    };
    char hex[65], piece[77];
    Sha256 s;

    (void)state;
    for (size_t i = 0; i < LENGTH(known); i++) {
        sha256_hex(hex, known[i].text, strlen(known[i].text));
        assert_string_equal(hex, known[i].hex);
    }
    memset(piece, 'a', sizeof piece);
    sha256_start(&s);
    for (size_t left = 1000000; left > 0;) {
        const size_t n = left < sizeof piece ? left : sizeof piece;
        sha256_add(&s, piece, n);
        left -= n;
    }
    sha256_end(&s, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
                             "f1809a48a497200e046d39ccc7112cd0");
}

/* ---- data sets ---- */

static void dataset_slices(void **state)
{
    Dataset d = synth_digits(5, 1);
    const Dataset slice = dataset_slice(&d, 2, 3);

    (void)state;
    assert_int_equal(slice.n, 3);
    assert_ptr_equal(slice.pixels, d.pixels + 2 * PIXELS);
    assert_ptr_equal(slice.labels, d.labels + 2);
    dataset_free(&d);
    assert_null(d.pixels);
}

/* Two blank images and one: SHA-256 of 00000002, 1568 + 2 zeros, 00000001,
 * 784 + 1 zeros (printf and head -c into sha256sum). */
static void dataset_digest_is_defined(void **state)
{
    Dataset a = dataset_create(2), b = dataset_create(1);
    char hex[65], changed[65];

    (void)state;
    dataset_digest(hex, &a, &b);
    assert_string_equal(hex, "f49594ddcabaae3cfda255682c43550c"
                             "3fd82a1c7f3b1230d13351c0f795d3a0");
    b.labels[0] = 1;
    dataset_digest(changed, &a, &b);
    assert_string_not_equal(hex, changed);
    dataset_free(&a);
    dataset_free(&b);
}

/* ---- IDX ---- */

static void idx_round_trip(void **state)
{
    Dataset d = synth_digits(30, 3), raw, packed;

    (void)state;
    assert_fine(idx_write(&d, "images", "labels"));
    assert_fine(idx_read(&raw, "images", "labels"));
    assert_same(&d, &raw);

    Text images = slurp("images"), labels = slurp("labels");
    assert_int_equal(images.length, 16 + 30 * PIXELS);
    assert_memory_equal(images.s, "\0\0\10\3\0\0\0\36\0\0\0\34\0\0\0\34", 16);
    assert_memory_equal(labels.s, "\0\0\10\1\0\0\0\36", 8);
    write_gz("images.gz", images.s, images.length);
    write_gz("labels.gz", labels.s, labels.length);
    assert_fine(idx_read(&packed, "images.gz", "labels.gz"));
    assert_same(&d, &packed);

    text_free(&images);
    text_free(&labels);
    dataset_free(&d);
    dataset_free(&raw);
    dataset_free(&packed);
}

/* Three good images, with one byte changed, or with bytes appended or cut
 * off, or packed and then cut. */
typedef struct BadIdx {
    const char *file;      /* images or labels */
    int at, byte;          /* this byte becomes that; at < 0: the last ones */
    int grow;              /* bytes appended, or cut off if negative */
    bool gz;               /* then packed, */
    int gz_at, gz_grow;    /* and one bit changed there, and so many cut */
    const char *expected;
} BadIdx;

static const BadIdx bad_idx[] = {
    { "images", 3, 4, .expected =
      "images: magic number 0x00000804, expected 0x00000803 for an IDX file "
      "of images: is it the right file?" },
    { "labels", 3, 3, .expected =
      "labels: magic number 0x00000803, expected 0x00000801 for an IDX file "
      "of labels: is it the right file?" },
    { "images", 11, 29, .expected =
      "images: images of 29 x 28 pixels, expected 28 x 28: use MNIST or scale "
      "the images" },
    { "images", 15, 14, .expected =
      "images: images of 28 x 14 pixels, expected 28 x 28: use MNIST or scale "
      "the images" },
    { "images", 4, 0x80, .expected =
      "images: header announces 2147483651 images, expected 1 to 1000000: "
      "download the file again" },
    { "images", 5, 0x0f, .expected =
      "images: header announces 983043 images, but a file of this size holds "
      "at most 3: download it again" },
    { "images", 5, 0x0f, .gz = true, .expected =
      "images: header announces 983043 images, but a file of this size holds "
      "at most " },
    { "images", 7, 0, .expected =
      "images: header announces 0 images, expected 1 to 1000000: download the "
      "file again" },
    { "images", 7, 4, .expected =
      "images: header announces 4 images, but a file of this size holds at "
      "most 3: download it again" },
    { "images", 7, 4, .gz = true, .expected =
      "images: cut short, 784 bytes are missing at the end: download the file "
      "again" },
    { "images", 7, 2, .expected =
      "images: more bytes after the last of 2 images, expected the end of the "
      "file: download it again" },
    { "labels", 7, 2, .grow = -1, .expected =
      "labels: 2 labels, expected 3 as in the file of the images: take two "
      "files that belong together" },
    { "labels", 7, 4, .grow = 1, .expected =
      "labels: 4 labels, expected 3 as in the file of the images: take two "
      "files that belong together" },
    { "labels", 9, 11, .expected =
      "labels: label 1 is 11, expected 0 to 9: download the file again" },
    { "labels", 10, 10, .expected =
      "labels: label 2 is 10, expected 0 to 9: download the file again" },
    { "labels", 8, 255, .expected =
      "labels: label 0 is 255, expected 0 to 9: download the file again" },
    { "images", 3, 3, .grow = 1, .expected =
      "images: more bytes after the last of 3 images, expected the end of the "
      "file: download it again" },
    { "labels", 3, 1, .grow = 5, .expected =
      "labels: more bytes after the last of 3 labels, expected the end of the "
      "file: download it again" },
    { "images", 3, 3, .grow = -1, .expected =
      "images: header announces 3 images, but a file of this size holds at "
      "most 2: download it again" },
    { "images", 3, 3, .grow = -3 * PIXELS - 6, .expected =
      "images: cut short, 6 bytes are missing at the end: download the file "
      "again" },
    { "labels", 3, 1, .grow = -11, .expected =
      "labels: cut short, 8 bytes are missing at the end: download the file "
      "again" },
    { "images", 3, 3, .gz = true, .gz_grow = -40, .expected =
      "images: the gzip stream breaks off, expected its end: download the "
      "file again" },
    { "images", 3, 3, .gz = true, .gz_grow = -6, .expected =
      "images: the gzip stream breaks off, expected its end: download the "
      "file again" },
    { "images", 3, 3, .gz = true, .gz_at = -6, .expected =
      "images: unreadable (images: incorrect data check), expected a raw or "
      "gzipped IDX file: download it again" },
    { "images", 3, 3, .gz = true, .gz_at = 10, .expected =
      "images: unreadable (images: invalid " },
};

static void idx_bad_files(void **state)
{
    Dataset good = synth_digits(3, 4), d;

    (void)state;
    for (size_t i = 0; i < LENGTH(bad_idx); i++) {
        const BadIdx *bad = &bad_idx[i];
        assert_fine(idx_write(&good, "images", "labels"));
        Text t = slurp(bad->file);
        t.s[bad->at] = (char)bad->byte;
        for (int j = 0; j < bad->grow; j++)
            text_add_char(&t, 0);
        if (bad->grow < 0)
            t.length -= (size_t)-bad->grow;
        if (bad->gz) {
            write_gz(bad->file, t.s, t.length);
            text_free(&t);
            t = slurp(bad->file);
            if (bad->gz_at)
                t.s[bad->gz_at + (bad->gz_at < 0 ? (int)t.length : 0)] ^= 7;
            t.length -= (size_t)-bad->gz_grow;
        }
        write_bytes(bad->file, t.s, t.length);
        text_free(&t);
        assert_error_holds(idx_read(&d, "images", "labels"), bad->expected);
        assert_null(d.pixels);
        assert_int_equal(d.n, 0);
    }
    assert_error(idx_read(&d, "none", "labels"),
                 "none: No such file or directory");
    assert_error(idx_write(&good, "no/images", "labels"),
                 "no/images: No such file or directory");
    dataset_free(&good);
}

/* ---- PNG ---- */

static void png_round_trip(void **state)
{
    Dataset d = synth_digits(120, 5), again;

    (void)state;
    assert_fine(png_folder_write(&d, "png/all"));
    assert_fine(png_folder_read(&again, "png/all"));
    assert_same(&d, &again);
    dataset_free(&d);
    dataset_free(&again);
}

/* A grey value for each pixel and channel, at any size, depth and colour. */
static void write_png(const char *path, unsigned rows, unsigned columns,
                      int depth, int colour, bool interlaced)
{
    static png_byte bytes[64 * 64 * 8];
    static png_color palette[2];
    png_bytep pointers[64];
    FILE *f = fopen(path, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
                                              NULL, NULL);
    png_infop info = png_create_info_struct(png);

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (png_byte)(colour == PNG_COLOR_TYPE_PALETTE ? 0 : i % 251);
    png_init_io(png, f);
    png_set_IHDR(png, info, columns, rows, depth, colour,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (colour == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, 2);
    for (unsigned r = 0; r < rows; r++)
        pointers[r] = bytes + r * png_get_rowbytes(png, info);
    png_set_rows(png, info, pointers);
    png_write_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
    png_destroy_write_struct(&png, &info);
    assert_int_equal(fclose(f), 0);
}

static const struct {
    unsigned rows, columns;
    int depth, colour;
    const char *found;
} bad_png[] = {
    { 28, 29, 8, PNG_COLOR_TYPE_GRAY, "28 x 29 pixels, 8-bit grey" },
    { 27, 28, 8, PNG_COLOR_TYPE_GRAY, "27 x 28 pixels, 8-bit grey" },
    { 1, 1, 8, PNG_COLOR_TYPE_GRAY, "1 x 1 pixels, 8-bit grey" },
    { 28, 28, 1, PNG_COLOR_TYPE_GRAY, "28 x 28 pixels, 1-bit grey" },
    { 28, 28, 16, PNG_COLOR_TYPE_GRAY, "28 x 28 pixels, 16-bit grey" },
    { 28, 28, 8, PNG_COLOR_TYPE_RGB, "28 x 28 pixels, 8-bit RGB" },
    { 28, 28, 8, PNG_COLOR_TYPE_PALETTE, "28 x 28 pixels, 8-bit palette" },
    { 28, 28, 8, PNG_COLOR_TYPE_GRAY_ALPHA,
      "28 x 28 pixels, 8-bit grey with alpha" },
    { 28, 28, 16, PNG_COLOR_TYPE_RGB_ALPHA,
      "28 x 28 pixels, 16-bit RGB with alpha" },
};

static void png_bad_pictures(void **state)
{
    uint8_t pixels[PIXELS];
    char expected[200];

    (void)state;
    for (size_t i = 0; i < LENGTH(bad_png); i++) {
        write_png("bad.png", bad_png[i].rows, bad_png[i].columns,
                  bad_png[i].depth, bad_png[i].colour, false);
        snprintf(expected, sizeof expected, "bad.png: %s, expected 28 x 28, "
                 "8-bit grey: convert it", bad_png[i].found);
        assert_error(digit_png_read(pixels, "bad.png"), expected);
    }
    write_png("laced.png", 28, 28, 8, PNG_COLOR_TYPE_GRAY, true);
    assert_fine(digit_png_read(pixels, "laced.png"));
    for (int i = 0; i < PIXELS; i++)
        assert_int_equal(pixels[i], i % 251);
}

static void png_bad_files(void **state)
{
    uint8_t pixels[PIXELS] = { 0 };

    (void)state;
    write_bytes("text.png", "no picture", 10);
    assert_error_holds(digit_png_read(pixels, "text.png"),
                       "text.png: not a whole PNG file (Not a PNG file), "
                       "expected a picture of a digit: make it again");
    write_bytes("empty.png", "", 0);
    assert_error_holds(digit_png_read(pixels, "empty.png"),
                       "empty.png: not a whole PNG file");
    assert_error(digit_png_read(pixels, "none.png"),
                 "none.png: No such file or directory");
    assert_error(digit_png_write(pixels, "no/0.png"),
                 "no/0.png: No such file or directory");

    assert_fine(digit_png_write(pixels, "whole.png"));
    Text t = slurp("whole.png");
    for (size_t n = 0; n < t.length; n++) {
        write_bytes("cut.png", t.s, n);
        assert_error_holds(digit_png_read(pixels, "cut.png"),
                           "cut.png: not a whole PNG file");
    }
    t.s[45] ^= 1;
    write_bytes("bit.png", t.s, t.length);
    assert_error_holds(digit_png_read(pixels, "bit.png"),
                       "bit.png: not a whole PNG file");
    text_free(&t);
}

static void png_bad_folders(void **state)
{
    static const char *const names[] = {
        "notes.txt", "x_00001.png", "12_00001.png", "3.png", "3_.png",
        "3_1.png.bak", "3_-1.png", "3_0000000001.png", "_1.png",
    };
    const uint8_t pixels[PIXELS] = { 0 };
    char path[100], expected[200];
    Dataset d;

    (void)state;
    assert_error(png_folder_read(&d, "nowhere"),
                 "nowhere: No such file or directory");
    assert_fine(make_folder("odd"));
    assert_error(png_folder_read(&d, "odd"),
                 "odd: no files, expected pictures like 7_00042.png: put some "
                 "there");
    assert_fine(digit_png_write(pixels, "odd/3_00007.png"));
    write_bytes("odd/.hidden", "", 0);
    assert_fine(png_folder_read(&d, "odd"));
    assert_int_equal(d.n, 1);
    assert_int_equal(d.labels[0], 3);
    dataset_free(&d);
    for (size_t i = 0; i < LENGTH(names); i++) {
        snprintf(path, sizeof path, "odd/%s", names[i]);
        snprintf(expected, sizeof expected, "%s: expected a name like "
                 "7_00042.png: rename it, or move it elsewhere", path);
        write_bytes(path, "", 0);
        assert_error(png_folder_read(&d, "odd"), expected);
        assert_null(d.pixels);
        remove(path);
    }
}

/* Numbers count as numbers, and need neither begin at 0 nor be filled up. */
static void png_folder_order(void **state)
{
    static const char *const names[] = {
        "order/7_9.png", "order/1_10.png", "order/5_0100.png",
        "order/2_200.png", "order/4_200.png",
    };
    Dataset d;

    (void)state;
    assert_fine(make_folder("order"));
    for (int i = 0; i < (int)LENGTH(names); i++) {
        uint8_t pixels[PIXELS] = { (uint8_t)(i + 1) };
        assert_fine(digit_png_write(pixels, names[i]));
    }
    assert_fine(png_folder_read(&d, "order"));
    assert_int_equal(d.n, LENGTH(names));
    assert_memory_equal(d.labels, "\7\1\5\2\4", 5);
    for (int i = 0; i < d.n; i++)
        assert_int_equal(d.pixels[i * PIXELS], i + 1);
    dataset_free(&d);
}

/* ---- synthetic digits ---- */

static void synth_is_reproducible(void **state)
{
    Dataset a = synth_digits(200, 1), b = synth_digits(50, 1);
    Dataset c = synth_digits(50, 2);
    const Dataset first = dataset_slice(&a, 0, 50);
    char hex[65];

    (void)state;
    assert_same(&first, &b);
    assert_memory_not_equal(b.pixels, c.pixels, 50 * PIXELS);
    dataset_digest(hex, &a, &c);
    assert_string_equal(hex, "4fd823b5a628beb43f56b23256ecad04"
                             "275eee957ace79ad6605b843dee37c84");
    dataset_free(&a);
    dataset_free(&b);
    dataset_free(&c);
}

/* The ink's longest side is 20 pixels, give or take what rounding hides of an
 * edge; the centre of mass is within half a pixel of row and column 14. */
static void synth_is_normalised_like_mnist(void **state)
{
    Dataset d = synth_digits(1000, 6);
    int counts[CLASSES] = { 0 };
    int cut = 0;

    (void)state;
    for (int i = 0; i < d.n; i++) {
        const uint8_t *image = d.pixels + (size_t)i * PIXELS;
        int left = COLUMNS, right = -1, top = ROWS, bottom = -1, full = 0;
        double mass = 0, row = 0, column = 0;
        for (int r = 0; r < ROWS; r++)
            for (int c = 0; c < COLUMNS; c++) {
                const int ink = image[r * COLUMNS + c];
                mass += ink;
                row += ink * r;
                column += ink * c;
                full += ink > 200;
                if (ink > 0) {
                    left = c < left ? c : left;
                    right = c > right ? c : right;
                    top = r < top ? r : top;
                    bottom = r;
                }
            }
        const int width = right - left + 1, height = bottom - top + 1;
        counts[d.labels[i]]++;
        if (left == 0 || top == 0 || right == 27 || bottom == 27) {
            cut++;                 /* shifted against the edge of the paper */
            continue;
        }
        assert_in_range(width > height ? width : height, 19, 22);
        assert_true(fabs(row / mass - 14) < 0.51);
        assert_true(fabs(column / mass - 14) < 0.51);
        assert_in_range(full, 5, 350);
    }
    assert_true(cut < 40);
    for (int i = 0; i < CLASSES; i++)
        assert_in_range(counts[i], 60, 140);
    dataset_free(&d);
}

/* ---- the download ---- */

/* What was said on stderr from one call to the next. */
static int real_stderr = -1;

static void listen(void)
{
    const int file = open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666);

    fflush(stderr);
    real_stderr = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    close(file);
}

static Text heard(void)
{
    fflush(stderr);
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    return slurp("stderr.txt");
}

static void use_mirror(const char *folder)
{
    char here[1024], url[2048];

    assert_non_null(getcwd(here, sizeof here));
    snprintf(url, sizeof url, "file://%s/%s", here, folder);
    setenv("MNIST_MIRROR", url, 1);
}

static const MnistFile little_files[] = {
    { "abc", "ba7816bf8f01cfea414140de5dae2223"
             "b00361a396177a9cb410ff61f20015ad" },
    { "nothing", "e3b0c44298fc1c149afbf4c8996fb924"
                 "27ae41e4649b934ca495991b7852b855" },
};

static Error fetch_little(const char *said)
{
    listen();
    const Error error = fetch_files("loot", little_files, 2);
    Text t = heard();
    if (!strstr(text_string(&t), said))
        fail_msg("found: %s\nexpected: ...%s...", text_string(&t), said);
    text_free(&t);
    return error;
}

static void fetch_from_a_mirror(void **state)
{
    (void)state;
    use_mirror("the mirror, größer");
    assert_error_holds(fetch_little(""),
                       "the%20mirror,%20gr%C3%B6%C3%9Fer/abc.gz: curl: (37) ");

    assert_fine(make_folder("the mirror, größer"));
    write_gz("the mirror, größer/abc.gz", "abd", 3);
    assert_error_holds(fetch_little(""),
                       "the%20mirror,%20gr%C3%B6%C3%9Fer/abc.gz: the content has "
                       "SHA-256 a52d159f262b2c6d..., expected "
                       "ba7816bf8f01cfea...: use another mirror");
    assert_int_equal(count_files("loot/*"), 0);

    write_gz("the mirror, größer/abc.gz", "abc", 3);
    assert_error_holds(fetch_little("loot/abc.gz: downloaded from file://"),
                       "the%20mirror,%20gr%C3%B6%C3%9Fer/nothing.gz: curl: (37) ");
    write_gz("the mirror, größer/nothing.gz", "", 0);
    assert_fine(fetch_little("loot/abc.gz: already there\n"
                             "loot/nothing.gz: downloaded from file://"));
    write_bytes("loot/abc.gz", "damaged", 7);
    assert_fine(fetch_little("loot/abc.gz: downloaded from file://"));
    use_mirror("the mirror, größer/gone");
    assert_fine(fetch_little("loot/abc.gz: already there\n"
                             "loot/nothing.gz: already there\n"));

}

/* ---- the source ---- */

static int plain_environment(void **state)
{
    (void)state;
    unsetenv("SYNTHETIC");
    unsetenv("MNIST_DIR");
    unsetenv("MNIST_MIRROR");
    unsetenv("QUICK");
    unsetenv("DIGITS_SHARED");
    return 0;
}

static void assert_opens(const char *origin, int train, int test)
{
    Digits d;
    char hex[65];

    assert_fine(digits_open(&d));
    assert_string_equal(d.origin, origin);
    assert_int_equal(d.train.n, train);
    assert_int_equal(d.test.n, test);
    dataset_digest(hex, &d.train, &d.test);
    assert_string_equal(d.digest, hex);
    digits_close(&d);
    assert_null(d.train.pixels);
}

static void source_synthetic(void **state)
{
    static const char *const bad[] = { "abc", "0", "-5", "12x", "1e3",
                                       "99999999999" };
    char expected[200];
    Digits d;

    (void)state;
    setenv("MNIST_DIR", "", 1);
    setenv("SYNTHETIC", "900", 1);
    for (int i = 0; i < 2; i++)
        assert_opens("900 + 150 drawn digits", 900, 150);
    setenv("SYNTHETIC", "30", 1);
    assert_opens("30 + 100 drawn digits", 30, 100);
    assert_fine(digits_open(&d));
    assert_true(d.synthetic && !d.quick);
    assert_memory_not_equal(d.train.pixels, d.test.pixels, 30 * PIXELS);
    digits_close(&d);
    for (size_t i = 0; i < LENGTH(bad); i++) {
        snprintf(expected, sizeof expected, "SYNTHETIC: found %s, expected a "
                 "whole number, 1 to 1000000: correct it", bad[i]);
        setenv("SYNTHETIC", bad[i], 1);
        assert_error(digits_open(&d), expected);
    }
}

static void source_quick(void **state)
{
    Digits d;

    (void)state;
    setenv("SYNTHETIC", "3600", 1);
    setenv("QUICK", "0", 1);
    assert_opens("3600 + 600 drawn digits", 3600, 600);
    setenv("QUICK", "1", 1);
    assert_opens("3600 + 600 drawn digits", 2000, 500);
    assert_fine(digits_open(&d));
    assert_true(d.quick);
    digits_close(&d);
    setenv("QUICK", "yes", 1);
    assert_error(digits_open(&d),
                 "QUICK: found yes, expected 0 or 1: correct it");
    assert_null(d.train.pixels);
}

static void source_folder(void **state)
{
    Dataset train = synth_digits(40, 7), test = synth_digits(20, 8);
    char hex[65];
    Digits d;

    (void)state;
    setenv("MNIST_DIR", "here", 1);
    assert_error(digits_open(&d),
                 "here: No such file or directory, expected a folder with "
                 "digits: correct MNIST_DIR");
    assert_fine(make_folder("here"));
    assert_error(digits_open(&d),
                 "here: no digits there, expected the four files of MNIST or "
                 "folders train/ and test/ of PNG pictures: correct "
                 "MNIST_DIR");

    assert_fine(make_folder("here"));
    assert_fine(idx_write(&train, "here/train-images-idx3-ubyte",
                          "here/train-labels-idx1-ubyte"));
    assert_error(digits_open(&d),
                 "here/t10k-images-idx3-ubyte.gz: not there, expected all "
                 "four files of MNIST, raw or .gz: add it");
    assert_fine(idx_write(&test, "here/t10k-images-idx3-ubyte",
                          "here/t10k-labels-idx1-ubyte"));
    for (int i = 0; i < 2; i++)
        assert_opens("not MNIST (digest c078a00), IDX files in here", 40, 20);

    assert_fine(png_folder_write(&train, "there/train"));
    setenv("MNIST_DIR", "there", 1);
    assert_error(digits_open(&d),
                 "there/test: No such file or directory, expected a folder of "
                 "pictures like 7_00042.png: add it");
    assert_fine(png_folder_write(&test, "there/test"));
    for (int i = 0; i < 2; i++)
        assert_opens("not MNIST (digest c078a00), PNG pictures in there", 40, 20);

    dataset_digest(hex, &train, &test);
    assert_fine(digits_open(&d));
    assert_string_equal(d.digest, hex);
    assert_false(d.synthetic);
    digits_close(&d);
    dataset_free(&train);
    dataset_free(&test);
}

/* A changed file is read again, though its size is the same. */
static void source_follows_its_files(void **state)
{
    Dataset a = synth_digits(10, 9), b = synth_digits(10, 10);
    Digits d;

    (void)state;
    setenv("MNIST_DIR", "fresh", 1);
    assert_fine(make_folder("fresh"));
    for (int i = 0; i < 2; i++) {
        assert_fine(idx_write(i ? &b : &a, "fresh/train-images-idx3-ubyte",
                              "fresh/train-labels-idx1-ubyte"));
        assert_fine(idx_write(&a, "fresh/t10k-images-idx3-ubyte",
                              "fresh/t10k-labels-idx1-ubyte"));
        assert_fine(digits_open(&d));
        assert_same(&d.train, i ? &b : &a);
        digits_close(&d);
    }
    dataset_free(&a);
    dataset_free(&b);
}

static void cache_notices_damage(void **state)
{
    Digits d = { .train = synth_digits(4, 1), .test = synth_digits(3, 2),
                 .digest = "the digest", .origin = "the origin" };
    Digits loaded = { .origin = "the origin" };
    const size_t before = count_files("build/data/*");
    char hex[65], path[64];

    (void)state;
    assert_false(cache_load(&loaded, "key"));
    cache_store(&d, "key");
    assert_true(cache_load(&loaded, "key"));
    assert_same(&loaded.train, &d.train);
    assert_same(&loaded.test, &d.test);
    assert_string_equal(loaded.digest, "the digest");
    cache_unload(&loaded);
    assert_false(cache_load(&loaded, "another key"));

    sha256_hex(hex, "the origin", 10);
    snprintf(path, sizeof path, "build/data/%.16s.cache", hex);
    assert_int_equal(count_files("build/data/*"), before + 1);
    Text t = slurp(path);
    for (size_t i = 0; i < t.length; i += 7) {       /* a bit, anywhere */
        t.s[i] ^= 16;
        write_bytes(path, t.s, t.length);
        if (cache_load(&loaded, "key"))
            fail_msg("damage of byte %zu was not noticed", i);
        t.s[i] ^= 16;
    }
    write_bytes(path, t.s, t.length - 1);
    assert_false(cache_load(&loaded, "key"));
    write_bytes(path, t.s, 100);
    assert_false(cache_load(&loaded, "key"));
    write_bytes(path, t.s, 0);
    assert_false(cache_load(&loaded, "key"));
    assert_null(loaded.train.pixels);
    text_free(&t);
    dataset_free(&d.train);
    dataset_free(&d.test);
}

/* Sets the time of a file, seconds from now. */
static void set_age(const char *path, long from_now)
{
    const struct timespec t = { time(NULL) + from_now, 0 };

    assert_int_equal(utimensat(AT_FDCWD, path,
                               (struct timespec[]){ t, t }, 0), 0);
}

static Text said_on_opening(void)
{
    listen();
    assert_opens("60000 + 10000 drawn digits", 60000, 10000);
    return heard();
}

/* Without a network: one line from every program, with the reason, though the
 * second does not try again. A try that lies in the future is none. */
static void source_without_a_network(void **state)
{
    static const char start[] = "MNIST could not be downloaded, so synthetic "
                                "digits stand in for it (";
    static const long ages[] = { 0, 3600, -700 };

    (void)state;
    use_mirror("mirror/gone");
    Text first = said_on_opening();
    assert_memory_equal(first.s, start, sizeof start - 1);
    assert_ptr_equal(strchr(first.s, '\n'), first.s + first.length - 1);
    assert_non_null(strstr(first.s, "/mirror/gone/"));
    use_mirror("mirror/lost");
    for (size_t i = 0; i < LENGTH(ages); i++) {
        set_age("build/data/offline", ages[i]);
        Text again = said_on_opening();
        assert_non_null(strstr(again.s, ages[i] ? "/lost/" : "/gone/"));
        assert_int_equal(strcmp(again.s, first.s) == 0, ages[i] == 0);
        text_free(&again);
        write_bytes("build/data/offline", "mirror/gone/\n", 13);
    }
    Digits d;
    assert_fine(digits_open(&d));
    assert_true(d.fallback && d.synthetic && !d.mnist);
    digits_close(&d);
    text_free(&first);
}

/* The programs that a book starts take its digits, not those of the network. */
static void source_is_shared(void **state)
{
    Digits d;

    (void)state;
    use_mirror("mirror/gone");
    assert_fine(digits_open(&d));
    assert_true(d.fallback);
    digits_share(&d);
    digits_close(&d);
    unsetenv("MNIST_MIRROR");
    listen();
    assert_opens("60000 + 10000 drawn digits", 60000, 10000);
    Text t = heard();
    assert_string_equal(text_string(&t), "");
    text_free(&t);
}

/* ---- the folder that was named ---- */

static void write_digits(const char *in, uint64_t seed)
{
    Dataset d = synth_digits(12, seed);
    char images[200], labels[200];

    assert_fine(make_folder(in));
    for (int i = 0; i < MNIST_FILES; i += 2) {
        snprintf(images, sizeof images, "%s/%s", in, mnist_files[i].name);
        snprintf(labels, sizeof labels, "%s/%s", in, mnist_files[i + 1].name);
        assert_fine(idx_write(&d, images, labels));
    }
    dataset_free(&d);
}

static void name_folder(const char *path)
{
    Digits d;

    setenv("MNIST_DIR", path, 1);
    listen();
    assert_fine(digits_open(&d));
    assert_fine(digits_remember(&d));
    Text t = heard();
    text_free(&t);
    digits_close(&d);
    unsetenv("MNIST_DIR");
}

static void named_folder_is_remembered(void **state)
{
    char kept[NAMED_SIZE], line[1200];
    Digits d;

    (void)state;
    write_digits("Mein Büro/die Ziffern ä'", 21);
    name_folder("Mein Büro/../Mein Büro/die Ziffern ä'/");
    assert_fine(named_recall(kept));
    assert_int_equal(kept[0], '/');
    assert_non_null(strstr(kept, "/Mein Büro/die Ziffern ä'"));
    assert_fine(digits_open(&d));
    assert_string_equal(d.name, "die Ziffern ä'");
    assert_string_equal(d.folder, kept);
    assert_int_equal(d.train.n, 12);
    digits_close(&d);

    assert_fine(digits_remember(&d));          /* nothing is named */
    setenv("SYNTHETIC", "30", 1);              /* for once */
    assert_opens("30 + 100 drawn digits", 30, 100);
    assert_fine(digits_remember(&d));
    unsetenv("SYNTHETIC");

    rename("Mein Büro", "elsewhere");
    snprintf(line, sizeof line, "%s: No such file or directory; the digits "
             "were there (build/data/folder says so), and no others take "
             "their place: bring the folder back, name another with make data "
             "MNIST_DIR=folder, or make data MNIST_DIR=download", kept);
    assert_error(digits_open(&d), line);
    assert_null(d.train.pixels);

    write_bytes("build/data/folder", "here\n", 5);
    assert_error(digits_open(&d), "build/data/folder: does not hold the name "
                 "of a folder: write it anew with make data MNIST_DIR=folder");
    setenv("MNIST_DIR", "download", 1);
    use_mirror("mirror/gone");
    listen();
    assert_opens("60000 + 10000 drawn digits", 60000, 10000);
    assert_fine(digits_remember(&d));
    Text t = heard();
    text_free(&t);
    assert_int_equal(access("build/data/folder", F_OK), -1);
}

/* A line break and backquotes would end the block of a page in which the name
 * stands; half an umlaut is no character. */
static void names_are_printable(void **state)
{
    static const struct {
        const char *from, *to;
    } names[] = {
        { "a\nb```c", "a?b???c" }, { "Ziffern ä", "Ziffern ä" },
        { "<b>|{{x}}", "?b????x??" }, { "\xe4", "?" },
        { "\xc2\x85", "?" }, { "\xed\xa0\x80", "???" },
        { "0123456789012345678ä", "0123456789012345678" },
    };
    char to[21];
    Digits d;

    (void)state;
    for (size_t i = 0; i < LENGTH(names); i++) {
        printable(to, sizeof to, names[i].from);
        assert_string_equal(to, names[i].to);
    }
    write_digits("x\n```\n<b>", 22);
    setenv("MNIST_DIR", "x\n```\n<b>", 1);
    listen();
    assert_fine(digits_open(&d));
    Text t = heard();
    assert_ptr_equal(strchr(t.s, '\n'), t.s + t.length - 1);
    assert_string_equal(d.name, "x?????" "?b?");
    assert_null(strpbrk(d.origin, "\n`<"));
    text_free(&t);
    digits_close(&d);
}

/* A file whose size and time are put back is another file nevertheless: one
 * renamed into its place, and one written over; and so where a link leads
 * elsewhere. */
static void cache_knows_its_files(void **state)
{
    static const char *const ways[] = {
        "cp -p b/$f t/n; touch -r t/$f t/n; mv t/n t/$f",
        "touch -r t/$f ref; cat a/$f >t/$f; touch -r ref t/$f",
    };
    char command[300];
    Digits d;
    char before[65];

    (void)state;
    write_digits("a", 31);
    write_digits("b", 32);
    write_digits("t", 31);
    setenv("MNIST_DIR", "t", 1);
    for (size_t i = 0; i < LENGTH(ways); i++) {
        listen();
        assert_fine(digits_open(&d));
        strcpy(before, d.digest);
        digits_close(&d);
        usleep(20000);                     /* the clock of files has ticks */
        snprintf(command, sizeof command, "for f in %s %s; do %s; done",
                 mnist_files[TRAIN_IMAGES].name,
                 mnist_files[TRAIN_LABELS].name, ways[i]);
        assert_int_equal(system(command), 0);
        assert_fine(digits_open(&d));
        assert_string_not_equal(d.digest, before);
        digits_close(&d);
        Text t = heard();
        text_free(&t);
    }
}

/* One line each, and no waiting. */
static void source_refuses_what_is_no_file(void **state)
{
    static const struct {
        const char *make, *says;
    } cases[] = {
        { "mkfifo", "is a named pipe, expected a file: move it elsewhere" },
        { "mkdir", "is a folder, expected a file: move it elsewhere" },
        { "ln -s /dev/zero", "is a device, expected a file: move it elsewhere" },
        { "f() { ln -s $1 $1; }; f", "not there, expected all four files" },
    };
    char command[400], expected[300];
    Dataset d;
    Digits digits;
    uint8_t pixels[PIXELS];

    (void)state;
    write_digits("special", 23);
    setenv("MNIST_DIR", "special", 1);
    alarm(20);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        snprintf(command, sizeof command, "rm -rf special/train-i*; %s "
                 "special/%s", cases[i].make, mnist_files[0].name);
        assert_int_equal(system(command), 0);
        snprintf(expected, sizeof expected, "special/%s", mnist_files[0].name);
        const Error error = digits_open(&digits);
        assert_error_holds(error, cases[i].says);
        assert_memory_equal(error, expected, strlen(expected));
        if (i < 3) {
            assert_error_holds(idx_read(&d, expected, expected), cases[i].says);
            assert_error_holds(digit_png_read(pixels, expected), cases[i].says);
        }
    }
    assert_int_equal(system("rm -rf special/train-i*; mkdir special/train "
                            "special/test; mkfifo special/train/1_0001.png"),
                     0);
    assert_int_equal(system("rm special/*ubyte"), 0);
    assert_error(digits_open(&digits), "special/train/1_0001.png: is a named "
                 "pipe, expected a file: move it elsewhere");
    setenv("MNIST_DIR", "special/train/1_0001.png", 1);
    assert_error_holds(digits_open(&digits), "/special/train/1_0001.png: is a "
                       "named pipe, expected a folder");
    alarm(0);
}

/* Fashion-MNIST unpacked beside MNIST's .gz: which one is meant? */
static void source_tells_raw_from_packed(void **state)
{
    Digits d;

    (void)state;
    write_digits("pair", 24);
    setenv("MNIST_DIR", "pair", 1);
    Text t = slurp("pair/t10k-images-idx3-ubyte");
    write_gz("pair/t10k-images-idx3-ubyte.gz", t.s, t.length);
    listen();
    assert_fine(digits_open(&d));
    Text said = heard();
    text_free(&said);
    digits_close(&d);
    t.s[t.length - 1] ^= 1;
    write_gz("pair/t10k-images-idx3-ubyte.gz", t.s, t.length);
    assert_error(digits_open(&d), "pair/t10k-images-idx3-ubyte: found this and "
                 "t10k-images-idx3-ubyte.gz, and they differ, expected one of "
                 "them: remove the other");
    text_free(&t);
}

/* With files of no more than so many bytes. */
static Error write_text_within(rlim_t most, size_t length)
{
    struct rlimit before, little;
    Text t = { 0 };

    for (size_t i = 0; i < length; i++)
        text_add_char(&t, 'x');
    getrlimit(RLIMIT_FSIZE, &before);
    little = (struct rlimit){ most, before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &little);
    const Error error = text_write(&t, "big.txt");
    setrlimit(RLIMIT_FSIZE, &before);
    text_free(&t);
    return error;
}

static void cache_store_within(rlim_t most, const Digits *digits)
{
    struct rlimit before, little;

    getrlimit(RLIMIT_FSIZE, &before);
    little = (struct rlimit){ most, before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &little);
    cache_store(digits, "key");
    setrlimit(RLIMIT_FSIZE, &before);
}

/* What cannot be written is an error, and no file takes the place of another:
 * neither when a large part does not fit, nor when only the last bytes do not,
 * which are written as the file is closed. */
static void failed_writes_are_told(void **state)
{
    Dataset d = synth_digits(30, 25);
    Digits digits = { .train = d, .test = d, .digest = "x", .origin = "full" };
    Digits loaded = { .origin = "full" };

    (void)state;
    assert_error_holds(idx_write(&d, "/dev/full", "labels"),
                       "/dev/full: cannot be written: is the disk full?");
    assert_error_holds(idx_write(&d, "images", "/dev/full"),
                       "/dev/full: cannot be written: is the disk full?");
    assert_error_holds(digit_png_write(d.pixels, "/dev/full"),
                       "/dev/full: cannot be written");
    signal(SIGXFSZ, SIG_IGN);
    write_bytes("big.txt", "old", 3);
    assert_error_holds(write_text_within(1000, 2000),
                       "big.txt: cannot be written: ");
    assert_error_holds(write_text_within(1000, 100000),
                       "big.txt: cannot be written: ");
    Text t = slurp("big.txt");
    assert_string_equal(t.s, "old");
    text_free(&t);
    assert_int_equal(count_files("big.txt*"), 1);

    const size_t files = count_files("build/data/*");
    const rlim_t whole = 60 * (PIXELS + 1) + 100;      /* and most of a header */
    cache_store_within(1000, &digits);
    assert_int_equal(count_files("build/data/*"), files);
    cache_store_within(whole, &digits);
    assert_int_equal(count_files("build/data/*"), files);
    assert_false(cache_load(&loaded, "key"));
    for (rlim_t most = whole; !cache_load(&loaded, "key"); most += 4) {
        assert_int_equal(count_files("build/data/*"), files);
        assert_true(most < whole + 1000);
        cache_store_within(most, &digits);
    }
    assert_same(&loaded.train, &d);
    cache_unload(&loaded);
    dataset_free(&d);
}

/* Every setting has its type. */
static void settings_are_checked(void **state)
{
    static const struct {
        const char *name, *value, *expected;
    } wrong[] = {
        { "THREADS", "abc", "a whole number, 0 to 1024" },
        { "THREADS", "-1", "a whole number, 0 to 1024" },
        { "THREADS", " 2", "a whole number, 0 to 1024" },
        { "THREADS", "2x", "a whole number, 0 to 1024" },
        { "THREADS", "99999999999999999999", "a whole number, 0 to 1024" },
        { "CHAPTER", "4abc", "a whole number, 0 to 99" },
        { "SEEDS", "0", "a whole number, 1 to 1000" },
        { "CHAPTER_TIMEOUT", "1e3", "a whole number, 0 to 1000000" },
        { "FORCE", "yes", "0 or 1" }, { "TEST", "2", "0 or 1" },
        { "QUICK", "01", "0 or 1" }, { "YES", "y", "0 or 1" },
        { "OWN", "true", "0 or 1" },
    };
    char expected[200];

    (void)state;
    assert_fine(settings_check());
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        setenv(wrong[i].name, wrong[i].value, 1);
        snprintf(expected, sizeof expected, "%s: found %s, expected %s: "
                 "correct it", wrong[i].name, wrong[i].value,
                 wrong[i].expected);
        assert_error(settings_check(), expected);
        unsetenv(wrong[i].name);
    }
    setenv("THREADS", "", 1);
    assert_fine(settings_check());
    assert_int_equal(setting_number("THREADS", 7), 7);
    setenv("THREADS", "08", 1);
    assert_fine(settings_check());
    assert_int_equal(setting_number("THREADS", 7), 8);
    unsetenv("THREADS");
}

/* ---- all of them, in a folder of their own ---- */

static char home[1024], folder[] = "build/test-data-XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    if (!getcwd(home, sizeof home) || make_folder("build") || !mkdtemp(folder))
        return -1;
    return chdir(folder);
}

static int remove_entry(const char *path, const struct stat *s, int type,
                        struct FTW *where)
{
    (void)s;
    (void)type;
    (void)where;
    return remove(path);
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir(home) == 0
        && nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : -1;
}

#define source_test(test) \
    cmocka_unit_test_setup_teardown(test, plain_environment, plain_environment)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rng_is_xoshiro256plusplus),
        cmocka_unit_test(rng_is_seeded_by_splitmix64),
        cmocka_unit_test(rng_is_uniform),
        cmocka_unit_test(rng_gives_many_uniforms),
        cmocka_unit_test(rng_below_has_no_bias),
        cmocka_unit_test(rng_is_normal),
        cmocka_unit_test(rng_shuffles),
        cmocka_unit_test(rng_shuffles_evenly),
        cmocka_unit_test(rng_streams_differ),
        cmocka_unit_test(sha256_known_values),
        cmocka_unit_test(dataset_slices),
        cmocka_unit_test(dataset_digest_is_defined),
        cmocka_unit_test(idx_round_trip),
        cmocka_unit_test(idx_bad_files),
        cmocka_unit_test(png_round_trip),
        cmocka_unit_test(png_bad_pictures),
        cmocka_unit_test(png_bad_files),
        cmocka_unit_test(png_bad_folders),
        cmocka_unit_test(png_folder_order),
        cmocka_unit_test(synth_is_reproducible),
        cmocka_unit_test(synth_is_normalised_like_mnist),
        source_test(fetch_from_a_mirror),
        source_test(source_synthetic),
        source_test(source_quick),
        source_test(source_folder),
        source_test(source_follows_its_files),
        source_test(cache_notices_damage),
        source_test(source_without_a_network),
        source_test(source_is_shared),
        source_test(named_folder_is_remembered),
        source_test(names_are_printable),
        source_test(cache_knows_its_files),
        source_test(source_refuses_what_is_no_file),
        source_test(source_tells_raw_from_packed),
        source_test(failed_writes_are_told),
        source_test(settings_are_checked),
    };

    return cmocka_run_group_tests_name("data", tests, enter_folder,
                                       leave_folder);
}
