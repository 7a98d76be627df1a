/* SPDX-License-Identifier: MIT
 *
 * Files and folders that are written beside their place and renamed when they
 * are whole, under names that nobody else takes: two machines, or two
 * containers with one host name and the same process ids, may share a folder.
 *
 *     char path[TEMPORARY_PATH];
 *     FILE *f = temporary_file(path, "build/page.html");
 *     ...
 *     must(temporary_close(f, written, path, "build/page.html"));
 */
#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

enum { TEMPORARY_PATH = 1280 };

/* A new name beside a path: "page.html.0123456789abcdef.tmp", of random
 * bytes. */
void temporary_name(char path[TEMPORARY_PATH], const char *beside);

/* Whether a path has such a name: what a killed program leaves. */
bool is_temporary(const char *path);

/* A new file of such a name, opened for writing, which was not there before;
 * NULL and errno when there can be none. */
FILE *temporary_file(char path[TEMPORARY_PATH], const char *beside);

/* Closes it and gives it its name; `written`: whether all has been written so
 * far. If anything has failed it is removed, and what had the name stays. */
Error temporary_close(FILE *f, bool written, const char *path,
                      const char *name);

/* A new folder of such a name. */
Error temporary_folder(char path[TEMPORARY_PATH], const char *beside);

/* Two files or folders change their names, at once where the system can do
 * that. False and errno when they have not. */
bool swap_names(const char *a, const char *b);

#endif
