/* SPDX-License-Identifier: MIT
 *
 * make data: which digits are in use, and where they come from. Fetches MNIST
 * where no folder is named; MNIST_DIR=folder names one, for this and every
 * later program, MNIST_DIR=download forgets it.
 */
#include <stdio.h>
#include <string.h>

#include "base/root.h"
#include "base/setting.h"
#include "base/text.h"
#include "data/fetch.h"
#include "data/named.h"
#include "data/source.h"

/* Why these digits, and not others. */
static const char *reason(const Digits *d, const char *named)
{
    if (d->synthetic)
        return "drawn, because of SYNTHETIC";
    if (*named)
        return "the folder that was named with MNIST_DIR, remembered in "
               "build/data/folder; make data MNIST_DIR=download forgets it";
    return "downloaded; make data MNIST_DIR=folder takes others";
}

int main(int argc, char **argv)
{
    char named[NAMED_SIZE] = "";
    Digits digits;

    root_enter(argv);
    const char *folder = setting("MNIST_DIR", "");
    const bool drawn = setting("SYNTHETIC", NULL);
    const bool download = strcmp(folder, setting_download) == 0;
    if (download)
        must(named_keep(NULL));
    if (!*folder && !drawn)
        must(named_recall(named));
    if (download || (!*folder && !drawn && !*named))
        must(fetch_mnist("build/data"));
    must(digits_open(&digits));
    must(digits_remember(&digits));
    if (!drawn)
        must(named_recall(named));
    printf("%s: %d + %d images, SHA-256 %s\n(%s)\n", digits.origin,
           digits.train.n, digits.test.n, digits.digest,
           reason(&digits, named));
    digits_close(&digits);
    output_check();
    return 0;
}
