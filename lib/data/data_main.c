/* SPDX-License-Identifier: MIT
 *
 * make data: fetches MNIST, or finds that it is there, and says where it is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "data/fetch.h"
#include "data/source.h"

int main(void)
{
    Digits digits;

    unsetenv("SYNTHETIC");             /* it is the download we want to see */
    unsetenv("MNIST_DIR");
    unsetenv("QUICK");
    must(fetch_mnist("build/data"));
    must(digits_open(&digits));
    printf("%s: %d + %d images, SHA-256 %s\n", digits.origin,
           digits.train.n, digits.test.n, digits.digest);
    digits_close(&digits);
    return 0;
}
