/* SPDX-License-Identifier: MIT */
#include "runs/seal.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "base/text.h"

enum { PATH = 1200, DIGEST = 65 };

const char identity_file[] = "experiment.tsv";
static const char seal_file[] = "seal.tsv";
static atomic_int checked;

int seals_checked(void)
{
    return atomic_load(&checked);
}

static void path_in(char path[PATH], const char *folder, const char *file)
{
    snprintf(path, PATH, "%s/%s", folder, file);
}

/* ---- writing ---- */

static Error add_to_seal(Text *seal, const char *folder, const char *file)
{
    Text content = { 0 };
    char path[PATH], digest[DIGEST];

    path_in(path, folder, file);
    const Error error = text_read(&content, path);
    sha256_hex(digest, text_string(&content), content.length);
    text_add(seal, "%s\t%zu\t%s\n", file, content.length, digest);
    text_free(&content);
    return error;
}

Error seal_write(const char *folder)
{
    Text seal = { 0 };
    char digest[DIGEST], path[PATH];
    struct dirent **file;
    const int n = scandir(folder, &file, NULL, alphasort);
    Error error = n < 0 ? error_text("%s: cannot be read: %s", folder,
                                     strerror(errno)) : NULL;

    text_add(&seal, "file\tbytes\tsha256\n");
    for (int i = 0; i < n; i++) {
        if (!error && file[i]->d_name[0] != '.')
            error = add_to_seal(&seal, folder, file[i]->d_name);
        free(file[i]);
    }
    if (n >= 0)
        free(file);
    sha256_hex(digest, text_string(&seal), seal.length);
    text_add(&seal, "%s\t%zu\t%s\n", seal_file, seal.length, digest);
    path_in(path, folder, seal_file);
    if (!error)
        error = text_write(&seal, path);
    text_free(&seal);
    return error;
}

/* ---- checking ---- */

static Error not_sealed(const char *path)
{
    return error_text("%s: not the file that was sealed", path);
}

/* Compares one line of a seal with what it is about: a file of the folder, or
 * the lines of the seal before it. */
static Error check_line(const char *folder, const Text *seal, const char *line)
{
    Text content = { 0 };
    char file[256], digest[DIGEST], found[DIGEST], path[PATH];
    const char *slash = strrchr(folder, '/');
    size_t bytes;
    Error error = NULL;

    path_in(path, folder, seal_file);
    if (sscanf(line, "%255[^\t/]\t%zu\t%64s", file, &bytes, digest) != 3)
        return not_sealed(path);
    path_in(path, folder, file);
    if (strcmp(file, seal_file) == 0)
        text_add_bytes(&content, text_string(seal), line - text_string(seal));
    else
        error = text_read(&content, path);
    if (!error) {
        sha256_hex(found, text_string(&content), content.length);
        if (bytes != content.length || strcmp(found, digest) != 0)
            error = not_sealed(path);
        else if (strcmp(file, identity_file) == 0
                 && strcmp(slash ? slash + 1 : folder, found) != 0)
            error = error_text("%s: the folder's name is not its SHA-256", path);
    }
    text_free(&content);
    return error;
}

Error seal_check(const char *folder)
{
    Text seal = { 0 };
    char path[PATH];
    struct stat s;
    const char *last = "";
    bool identified = false;
    Error error = NULL;

    atomic_fetch_add(&checked, 1);
    path_in(path, folder, seal_file);
    if (stat(folder, &s) != 0)
        return "";
    if (text_read(&seal, path)) {
        text_free(&seal);
        return error_text("%s: no seal.tsv, the run is not whole", folder);
    }
    if (strlen(text_string(&seal)) != seal.length)       /* a zero byte */
        error = not_sealed(path);
    for (const char *line = text_next_line(text_string(&seal)); *line && !error;
         line = text_next_line(line)) {
        error = check_line(folder, &seal, line);
        identified = identified || text_starts(line, identity_file);
        last = line;
    }
    if (!error && (!identified || !text_starts(last, seal_file)))
        error = not_sealed(path);
    text_free(&seal);
    return error;
}
