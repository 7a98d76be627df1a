/* SPDX-License-Identifier: MIT
 *
 * Digits as pictures: one PNG file each, 28 x 28 pixels of 8-bit grey, 0 for
 * paper and 255 for ink, named <digit>_<number>.png.
 *
 *     Dataset train;
 *     must(png_folder_read(&train, "digits/train"));
 *     must(digit_png_write(train.pixels, "first.png"));
 *     dataset_free(&train);
 */
#ifndef DATA_PNG_FOLDER_H
#define DATA_PNG_FOLDER_H

#include "base/check.h"
#include "data/dataset.h"

/* One image. The bytes are taken as they are: no gamma, no conversion; any
 * other size, depth or colour is an error. */
Error digit_png_read(uint8_t pixels[PIXELS], const char *path);
Error digit_png_write(const uint8_t pixels[PIXELS], const char *path);

/* A folder of images, in the order of their numbers. Hidden files are skipped,
 * files with another name are an error. After an error *d is empty. */
Error png_folder_read(Dataset *d, const char *folder);

/* Makes the folder; image i becomes <label>_<i, five digits>.png. */
Error png_folder_write(const Dataset *d, const char *folder);

#endif
