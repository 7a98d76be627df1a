/* SPDX-License-Identifier: MIT */
#include "data/named.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

const char named_file[] = "build/data/folder";

/* What the file says, without the end of its line. */
static Error read_file(char folder[NAMED_SIZE])
{
    Text t = { 0 };

    folder[0] = '\0';
    if (access(named_file, F_OK) != 0 && errno == ENOENT)
        return NULL;
    Error error = file_check(named_file);
    if (!error)
        error = text_read(&t, named_file);
    if (!error && t.length && t.s[t.length - 1] == '\n')
        t.s[--t.length] = '\0';
    if (!error && (*text_string(&t) != '/' || t.length >= NAMED_SIZE
                   || strlen(t.s) != t.length))
        error = error_text("%s: does not hold the name of a folder: write it "
                           "anew with make data MNIST_DIR=folder", named_file);
    if (!error)
        strcpy(folder, t.s);
    text_free(&t);
    return error;
}

Error named_recall(char folder[NAMED_SIZE])
{
    const Error error = read_file(folder);
    const Error gone = error || !*folder ? NULL : folder_check(folder);

    if (gone)
        return error_text("%s; the digits were there (%s says so), and no "
                          "others take their place: bring the folder back, "
                          "name another with make data MNIST_DIR=folder, or "
                          "make data MNIST_DIR=download", gone, named_file);
    return error;
}

Error named_keep(const char *folder)
{
    char before[NAMED_SIZE];
    Text t = { 0 };

    if (!folder || !*folder)
        return file_remove(named_file);
    if (!read_file(before) && strcmp(before, folder) == 0)
        return NULL;
    text_add(&t, "%s\n", folder);
    Error error = make_folder("build/data");
    if (!error)
        error = text_write(&t, named_file);
    text_free(&t);
    if (!error)
        fprintf(stderr, "%s: from now on the digits are taken from %s; make "
                "data MNIST_DIR=download forgets it\n", named_file, folder);
    return error;
}

Error named_resolve(char folder[NAMED_SIZE], const char *path)
{
    char *real = realpath(path, NULL);
    Error error = NULL;

    if (!real)
        return error_text("%s: %s, expected a folder with digits: correct "
                          "MNIST_DIR", path, strerror(errno));
    if (strlen(real) >= NAMED_SIZE)
        error = error_text("%.200s...: the name is longer than %d bytes: move "
                           "the folder", real, NAMED_SIZE - 1);
    else
        strcpy(folder, real);
    free(real);
    return error;
}
