/* SPDX-License-Identifier: MIT */
/*%
# Load the data

What exactly is an image of a digit, to a program? In this chapter we read the {{all}} images that the whole book lives on, byte
by byte, look at them, and count what can be counted before anything is learned. The time is well spent: a mistake made here
looks, later, like a network that will not learn.

**Builds on** nothing but C. **You will meet** a binary file format, untrusted input, a digest, and a few facts about
handwriting that will explain later results.
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "chapter/chapter.h"
#include "chapter/pictures.h"
#include "chapter/report.h"
#include "data/dataset.h"
#include "data/idx.h"
#include "data/png_folder.h"

/*%
MNIST was made in the 1990s by Yann LeCun, Corinna Cortes and Christopher Burges from forms that employees of the American
Census Bureau and high-school students had filled in (LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to
document recognition*, 1998). Every image is a square of 28 by 28 grey pixels with one digit in the middle, and comes with a
**label**, the digit that the writer meant.

## A data set in memory

@show lib/data/dataset.h Dataset

Two arrays and a count. A pixel is one byte, 0 for paper and 255 for full ink; images follow one another without gaps, row
by row. We keep them as bytes, a quarter of the memory that floats would take, and turn them into numbers only when
a network asks for them.

## A data set in a file

MNIST is published in a format called IDX that can be explained on a napkin: a few header numbers, then the bytes
themselves. We take the first images of our data, write them into such a file, and look at what is in it.
*/
enum { SAMPLE = 18, DUMPED = 16 };

/* The path of a file in the folder of this chapter. It holds until the next
 * call but one, so that two of them can be used together. */
static const char *in_folder(const char *name)
{
    static char path[2][512];
    static int turn;

    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/01-load-data/%s",
             book_folder(), name);
    return path[turn];
}

static void look_at_bytes(void)
{
    const Dataset sample = dataset_slice(&digits()->train, 0, SAMPLE);
    const char *images = in_folder("sample-images-idx3-ubyte");
    const char *labels = in_folder("sample-labels-idx1-ubyte");

    must(idx_write(&sample, images, labels));
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(i ? labels : images, "rb");
        report_print("%s", i ? "labels:" : "images:");
        for (int k = 0, byte; f && k < DUMPED && (byte = fgetc(f)) != EOF; k++)
            report_print("%s%02x", k % 4 ? " " : "   ", byte);
        report_print("\n");
        if (f)
            fclose(f);
    }
}

/*%
Four bytes at a time. The first four are a *magic number*, a mark by which a program recognises the format: `08` says that
the elements are bytes, the last digit how many dimensions follow, three for images and one for labels. Then each dimension:
`00 00 00 12` is 18 images, and `00 00 00 1c` is 28, twice. The most significant byte comes first, an order called
*big-endian*. Your processor most likely keeps numbers the other way round, so a program that reads the four bytes straight
into an `int` finds 301,989,888 images. The cure does not care what machine it runs on:

@show lib/data/idx.c big_endian

After the header there is only data. In the label file you can read it with the naked eye: the last eight bytes above are the
first eight labels.

## Do not trust a file

A file may be cut short, swapped with another, or made by somebody who wishes you ill. A header that promises four thousand
million images must not make us reserve three terabytes. So every number is checked *before* it is used, and what is
wrong is said in one line: what was found, what was expected, what to do. An `Error` is that line, or `NULL` when all is well.
What sets the two files apart is kept in a `Kind`, so that one function reads both headers:

@show lib/data/idx.c Kind read_header

`read_bytes` reads exactly as many bytes as it is asked for, or says how many are missing; `most_elements` works out from the
size of the file how many images or labels it can hold at all. `read_end` complains of bytes that are left over, and `check_labels` of a label above 9. On top of them stand two functions. What zlib offers under names with `gz` reads plain files and gzipped ones alike, which is why MNIST need not be unpacked.

@show lib/data/idx.c read_file idx_read

Does it work? One test of a reader is a writer: what goes out must come back, byte for byte. (A reader and a writer that share
a misunderstanding would pass it; but we have looked at the bytes above, and they are what they should be.) We do this for
IDX, and for a folder of PNG files, the other form in which digits like to travel. There the label stands in the file's name.
*/
static bool same(const Dataset *a, const Dataset *b)
{
    return a->n == b->n
        && memcmp(a->pixels, b->pixels, (size_t)a->n * PIXELS) == 0
        && memcmp(a->labels, b->labels, a->n) == 0;
}

static void round_trips(void)
{
    const Dataset sample = dataset_slice(&digits()->train, 0, SAMPLE);
    char folder[32];
    Dataset idx, png;

    /* A folder for each data set: no file of another may lie in it. */
    snprintf(folder, sizeof folder, "sample-png-%.8s", digits()->digest);
    must(idx_read(&idx, in_folder("sample-images-idx3-ubyte"),
                  in_folder("sample-labels-idx1-ubyte")));
    must(png_folder_write(&sample, in_folder(folder)));
    must(png_folder_read(&png, in_folder(folder)));
    report_claim(same(&idx, &sample),
                 "Written as IDX and read back, the images are the "
                 "same, byte for byte.");
    report_claim(same(&png, &sample),
                 "Written as PNG and read back, the images are the "
                 "same, byte for byte.");
    dataset_free(&idx);
    dataset_free(&png);
}

/*%
## A fingerprint

How do you know that *your* MNIST is the one this book was written with? Comparing 55 million bytes by eye is no option. A
**digest** is a function from any number of bytes to a short fingerprint. Many inputs must share one, for there are more
inputs than fingerprints; but nobody knows how to find two that do. We use SHA-256, over the number, the pixels and the labels
of the training images, then of the test images.

@show lib/data/dataset.c dataset_digest
*/
static void fingerprint(void)
{
    char digest[65];

    dataset_digest(digest, &digits()->train, &digits()->test);
    report_value("digest", "%s", digest);
}

/*%
For the data of this edition it is

> `{{digest}}`

It is part of the name under which every training run of this book is stored: other data, other runs. And since it is computed
from the images, not from the files, a gzipped copy and a folder of PNGs have the same one.

## Look at it

Now the pictures. Here are a few training images, evenly spaced through the file, with their labels.
*/
enum { SHOWN = 18, ACROSS = 6 };

static void look(void)
{
    const Dataset *train = &digits()->train;
    static float pixels[SHOWN * PIXELS];
    static char label[SHOWN][32];

    for (int k = 0; k < SHOWN; k++) {
        const int i = (int)((long)k * (train->n - 1) / (SHOWN - 1));
        for (int j = 0; j < PIXELS; j++)
            pixels[k * PIXELS + j] = train->pixels[(size_t)i * PIXELS + j];
        snprintf(label[k], sizeof label[k], "%d", train->labels[i]);
    }

    // fold: drawing them
    report_sheet(((Figure){
        .name = "digits",
        .caption = "Training images, evenly spaced through the file, with "
                   "their labels.",
        .alt = "Rows of handwritten digits, each with its label below; thick "
               "and thin, upright and slanted." }),
        &((Sheet){ .n = SHOWN, .rows = ROWS, .columns = COLUMNS,
                   .across = ACROSS, .pixels = pixels, .label = label }));
    // end fold
}

/*%
If one of them made you hesitate, remember that: some labels are arguable, and no program can be right about those.

## Count it

There are {{train}} images to learn from and {{test}} to be judged by. The second set is sacred. It is there to answer one question,
*how well does this work on images it has never seen?*, and each time you look at the answer in order to choose something,
it becomes a little less true. When this book has to choose (a learning rate, say), it trains on the first 55,000 images and looks
at the remaining 5,000, the **validation** images; the test images are scored once per run, at the end.
*/
static void count(void)
{
    const Dataset *sets[] = { &digits()->train, &digits()->test };
    int count[2][CLASSES] = { { 0 } }, most = 0, least = 0;

    for (int s = 0; s < 2; s++)
        for (int i = 0; i < sets[s]->n; i++)
            count[s][sets[s]->labels[i]]++;
    for (int d = 1; d < CLASSES; d++) {
        if (count[0][d] > count[0][most])
            most = d;
        if (count[0][d] < count[0][least])
            least = d;
    }

    // fold: drawing it
    FILE *f = report_figure(.kind = "bars", .name = "classes",
        .x = "digit", .y = "share of the images, %",
        .caption = "How often each digit occurs.",
        .alt = "Bars of nearly the same height for the digits 0 to 9, training "
               "and test side by side; {{most}} is the most frequent, "
               "{{least}} the rarest.",
        .settings = "ymin=0");
    fprintf(f, "category\tseries\tvalue\n");
    for (int s = 0; s < 2; s++)
        for (int d = 0; d < CLASSES; d++)
            fprintf(f, "%d\t%s\t%.2f\n", d, s ? "test" : "training",
                    100.0 * count[s][d] / sets[s]->n);
    report_value("all", "%s", thousands(sets[0]->n + sets[1]->n));
    report_value("train", "%s", thousands(sets[0]->n));
    report_value("test", "%s", thousands(sets[1]->n));
    report_value("most", "%d", most);
    report_value("least", "%d", least);
    report_value("most.test", "%.2f", 100.0 * count[1][most] / sets[1]->n);
    // end fold
}

/*%
The digits are nearly, not exactly, equally frequent: {{most}} is the most common, {{least}} the rarest. This fixes what *no*
knowledge is worth: a program that answers {{most}} to everything is right in {{most.test}} % of the test images. Accuracies in this book
should be compared with that, not with zero.

## What does the average digit look like?

Add up all images of one digit, pixel by pixel, and divide by their number.
*/
static void mean_digits(void)
{
    const Dataset *train = &digits()->train;
    static float mean[CLASSES * PIXELS];
    int n[CLASSES] = { 0 };

    for (int i = 0; i < train->n; i++) {
        float *m = mean + train->labels[i] * PIXELS;
        n[train->labels[i]]++;
        for (int j = 0; j < PIXELS; j++)
            m[j] += train->pixels[(size_t)i * PIXELS + j];
    }
    for (int d = 0; d < CLASSES; d++)
        for (int j = 0; j < PIXELS; j++)
            mean[d * PIXELS + j] /= (float)(n[d] ? n[d] : 1);

    // fold: drawing them
    static char label[CLASSES][32];
    for (int d = 0; d < CLASSES; d++)
        snprintf(label[d], sizeof label[d], "%d", d);
    report_sheet(((Figure){
        .name = "means",
        .caption = "The mean of all training images of each digit.",
        .alt = "Ten digits, some blurred more than others, zero and one the "
               "least; four and nine look alike, and so do three, five and "
               "eight." }),
        &((Sheet){ .n = CLASSES, .rows = ROWS, .columns = COLUMNS,
                   .across = CLASSES, .pixels = mean, .label = label }));
    // end fold
}

/*%
A sharp mean belongs to a digit that everybody writes in nearly the same way; a blurred one hides many shapes. Look at four
and nine, at seven and nine, at three, five and eight: where two means look alike, only details tell the digits apart. When we
list the errors of our networks, such pairs will be there.

## Pixels

Last, the pixels themselves: how many have which value, and where does the ink lie?
*/
typedef struct Geometry {
    double side;           /* longer side of the box around the ink, pixels */
    double row, column;    /* centre of mass; the first pixel is at 0 */
} Geometry;

static Geometry measure(const uint8_t *pixels)
{
    int top = ROWS, bottom = -1, left = COLUMNS, right = -1;
    double mass = 0, row = 0, column = 0;

    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++) {
            const int ink = pixels[r * COLUMNS + c];
            if (ink == 0)
                continue;
            if (r < top)
                top = r;
            bottom = r;
            if (c < left)
                left = c;
            if (c > right)
                right = c;
            mass += ink;
            row += (double)ink * r;
            column += (double)ink * c;
        }
    if (mass <= 0)
        return (Geometry){ 0 };
    return (Geometry){ fmax(bottom - top, right - left) + 1, row / mass,
                       column / mass };
}

static void count_pixels(void)
{
    enum { BINS = 16, WIDTH = 256 / BINS };
    const Dataset *train = &digits()->train;
    const double all = (double)train->n * PIXELS;
    double bin[BINS] = { 0 }, zero = 0, sum = 0, squares = 0;
    int right_size = 0;
    Geometry centre = { 0 };

    for (size_t j = 0; j < (size_t)train->n * PIXELS; j++) {
        const int v = train->pixels[j];
        bin[v / WIDTH]++;
        zero += v == 0;
        sum += v / 255.0;
        squares += v / 255.0 * (v / 255.0);
    }
    for (int i = 0; i < train->n; i++) {
        const Geometry g = measure(train->pixels + (size_t)i * PIXELS);
        right_size += fabs(g.side - 20) < 0.5;
        centre.row += g.row / train->n;
        centre.column += g.column / train->n;
    }

    // fold: drawing it, and reporting the numbers
    FILE *f = report_figure(.kind = "histogram", .name = "pixels",
        .x = "value of the pixel, 0 is paper, 255 is ink",
        .y = "number of pixels (logarithmic)",
        .caption = "How often each pixel value occurs in the training images, "
                   "in steps of 16.",
        .alt = "A tall step at zero, a flat plain through the greys, and a "
               "second, smaller step at full ink.",
        .settings = "logy=1");
    fprintf(f, "from\tto\tcount\n");
    for (int b = 0; b < BINS; b++)
        fprintf(f, "%d\t%d\t%.0f\n", b * WIDTH, (b + 1) * WIDTH, bin[b]);
    report_value("zero", "%.1f", 100 * zero / all);
    report_value("mean", "%.4f", sum / all);
    report_value("deviation", "%.4f",
                 sqrt(squares / all - sum / all * (sum / all)));
    report_value("twenty", "%.2f", 100.0 * right_size / train->n);
    report_value("row", "%.2f", centre.row);
    report_value("column", "%.2f", centre.column);
    // end fold

    report_claim(zero / all > 0.75,
                 "More than three quarters of all pixels are blank: "
                 "%.1f %%.", 100 * zero / all);
    report_claim(right_size > 0.99 * train->n,
                 "In more than 99 %% of the images the longer side of the ink "
                 "measures exactly 20 pixels.");
}

/*%
Three facts to keep.

- {{zero}} % of all pixels are exactly 0. A computer that multiplies by them does so for nothing.
- The digits were *prepared*. In {{twenty}} % of the images the longer side of the ink measures 20 pixels, and on average the
  centre of mass sits at row {{row}}, column {{column}}. Rows and columns are counted from 0, so the middle of the square is at 13.5,
  half a pixel away. A digit that you draw yourself has had no such treatment, and a network trained on these may well stumble over it.
- After division by 255 the mean pixel is {{mean}} and the standard deviation {{deviation}}. Some programs subtract the one
  and divide by the other first. This book does not; what matters far more is that training and use do the same.

## Try it

1. Change `SHOWN` and `ACROSS` in `chapters/01-load-data.c` to see a hundred digits, and count how many you would not be sure of.
2. Damage a file. Get the data with `make data`, copy them with `cp -r build/data damaged`, cut one of the copies short with
   `truncate -s 1000`, and read them with `MNIST_DIR=damaged build/chapters/01-load-data`. What does the program say, and what
   would a careless one have done?
3. Which two mean digits are the most alike? Define *alike* as a sum over pixels, and compute it in a new step.

## What to remember

- Read what you have before you learn from it: sizes, ranges, counts, pictures.
- Input is untrusted until every number in its header has been checked against what is really there.
- Judge by images that took no part in any choice.
*/
// fold: the program
int main(int argc, char **argv)
{
    chapter_open(argc, argv);
    RUN(look_at_bytes);
    RUN(round_trips);
    RUN(fingerprint);
    RUN(look);
    RUN(count);
    RUN(mean_digits);
    RUN(count_pixels);
    return chapter_close();
}
// end fold
