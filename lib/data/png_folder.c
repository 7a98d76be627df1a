/* SPDX-License-Identifier: MIT */
#include "data/png_folder.h"

#include <dirent.h>
#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* libpng reports an error by calling this, which must not return: it leaves a
 * text and jumps back to the setjmp of whoever called libpng. */
static void on_error(png_structp png, png_const_charp message)
{
    char *reason = png_get_error_ptr(png);

    snprintf(reason, 100, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static const char *colour_name(png_structp png, png_infop info)
{
    static const char *const names[] = {
        [PNG_COLOR_TYPE_GRAY] = "grey",
        [PNG_COLOR_TYPE_RGB] = "RGB",
        [PNG_COLOR_TYPE_PALETTE] = "palette",
        [PNG_COLOR_TYPE_GRAY_ALPHA] = "grey with alpha",
        [PNG_COLOR_TYPE_RGB_ALPHA] = "RGB with alpha",
    };

    if (png_get_valid(png, info, PNG_INFO_tRNS))
        return "partly transparent";
    return names[png_get_color_type(png, info)];
}

static Error check_header(png_structp png, png_infop info, const char *path)
{
    const unsigned rows = png_get_image_height(png, info);
    const unsigned columns = png_get_image_width(png, info);
    const int depth = png_get_bit_depth(png, info);

    if (rows == ROWS && columns == COLUMNS && depth == 8
        && png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY
        && !png_get_valid(png, info, PNG_INFO_tRNS))
        return NULL;
    return error_text("%s: %u x %u pixels, %d-bit %s, expected %d x %d, 8-bit "
                      "grey: convert it", path, rows, columns, depth,
                      colour_name(png, info), ROWS, COLUMNS);
}

static void point_to_rows(png_bytep rows[ROWS], const uint8_t *pixels)
{
    for (int r = 0; r < ROWS; r++)
        rows[r] = (png_bytep)(pixels + r * COLUMNS);
}

/* Between setjmp and longjmp no local variable changes: such a change might
 * be lost. */
static Error decode(png_structp png, png_infop info, uint8_t *pixels,
                    const char *path)
{
    png_bytep rows[ROWS];

    point_to_rows(rows, pixels);
    if (setjmp(png_jmpbuf(png)))
        return error_text("%s: not a whole PNG file (%s), expected a picture "
                          "of a digit: make it again", path,
                          (const char *)png_get_error_ptr(png));
    png_read_info(png, info);
    const Error error = check_header(png, info, path);
    if (error)
        return error;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    return NULL;
}

Error digit_png_read(uint8_t pixels[PIXELS], const char *path)
{
    char reason[100] = "";
    const Error wrong = file_check(path);
    FILE *f = wrong ? NULL : fopen(path, "rb");

    if (!f)
        return wrong ? wrong : error_text("%s: %s", path, strerror(errno));
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reason,
                                             on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info)
        die("out of memory: libpng cannot start");
    png_init_io(png, f);
    const Error error = decode(png, info, pixels, path);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(f);
    return error;
}

static Error encode(png_structp png, png_infop info, const uint8_t *pixels,
                    const char *path)
{
    png_bytep rows[ROWS];

    point_to_rows(rows, pixels);
    if (setjmp(png_jmpbuf(png)))
        return error_text("%s: cannot be written (%s): is the disk full?",
                          path, (const char *)png_get_error_ptr(png));
    png_set_IHDR(png, info, COLUMNS, ROWS, 8, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    png_write_image(png, rows);
    png_write_end(png, NULL);
    return NULL;
}

Error digit_png_write(const uint8_t pixels[PIXELS], const char *path)
{
    char reason[100] = "";
    FILE *f = fopen(path, "wb");

    if (!f)
        return error_text("%s: %s", path, strerror(errno));
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, reason,
                                              on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info)
        die("out of memory: libpng cannot start");
    png_init_io(png, f);
    Error error = encode(png, info, pixels, path);
    png_destroy_write_struct(&png, &info);
    if (fclose(f) != 0 && !error)
        error = error_text("%s: cannot be written: is the disk full?", path);
    return error;
}

/* The number in <digit>_<number>.png, -1 for a file named otherwise. */
static long number_in(const char *name)
{
    char number[10];
    int end = 0;

    sscanf(name, "%*1[0-9]_%9[0-9].png%n", number, &end);
    return end > 0 && name[end] == '\0' ? strtol(number, NULL, 10) : -1;
}

/* By number; where two files share one, by name. */
static int by_number(const struct dirent **a, const struct dirent **b)
{
    const long m = number_in((*a)->d_name), n = number_in((*b)->d_name);

    return m != n ? (m > n) - (m < n) : strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static Error read_file(Dataset *d, int i, const char *folder, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (number_in(name) < 0)
        return error_text("%s: expected a name like 7_00042.png: rename it, "
                          "or move it elsewhere", path);
    d->labels[i] = (uint8_t)(name[0] - '0');
    return digit_png_read(d->pixels + (size_t)i * PIXELS, path);
}

Error png_folder_read(Dataset *d, const char *folder)
{
    struct dirent **files;
    const int n = scandir(folder, &files, not_hidden, by_number);
    Error error = NULL;

    *d = (Dataset){ 0 };
    if (n < 0)
        return error_text("%s: %s", folder, strerror(errno));
    if (n == 0)
        error = error_text("%s: no files, expected pictures like 7_00042.png: "
                           "put some there", folder);
    else
        *d = dataset_create(n);
    for (int i = 0; i < n; i++) {
        if (!error)
            error = read_file(d, i, folder, files[i]->d_name);
        free(files[i]);
    }
    free(files);
    if (error)
        dataset_free(d);
    return error;
}

Error png_folder_write(const Dataset *d, const char *folder)
{
    Error error = make_folder(folder);
    char path[1024];

    for (int i = 0; i < d->n && !error; i++) {
        snprintf(path, sizeof path, "%s/%d_%05d.png", folder, d->labels[i], i);
        error = digit_png_write(d->pixels + (size_t)i * PIXELS, path);
    }
    return error;
}
