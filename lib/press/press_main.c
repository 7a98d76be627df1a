/* SPDX-License-Identifier: MIT
 *
 * The press: makes the book of the pages that a folder holds, in the order of
 * its pages.tsv.
 *
 *     build/bin/press build/book
 *
 * Style sheet and scripts come out of lib/press: run it from the root of the
 * project. */
#include "base/root.h"
#include "press/html.h"

int main(int argc, char **argv)
{
    Pages pages;

    root_enter(argv);
    if (argc != 2)
        die("press: found %d arguments, expected one: the folder of the book",
            argc - 1);
    must(pages_read(&pages, root_path(argv[1])));
    must(press(root_path(argv[1]), &pages));
    pages_free(&pages);
    return 0;
}
