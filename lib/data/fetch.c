/* SPDX-License-Identifier: MIT */
#include "data/fetch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/setting.h"
#include "base/sha256.h"
#include "base/temporary.h"
#include "base/text.h"

const MnistFile mnist_files[MNIST_FILES] = {
    [TRAIN_IMAGES] = {
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db" },
    [TRAIN_LABELS] = {
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5" },
    [TEST_IMAGES] = {
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7" },
    [TEST_LABELS] = {
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2" },
};

static const char *const mirrors[] = {
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
};
enum { MIRRORS = sizeof mirrors / sizeof mirrors[0] };

/* Waits 4 s for a connection, 10 s while less than 1 kB/s comes in, and 300 s
 * for one file altogether. Runs in the child process. */
static _Noreturn void exec_curl(const char *url, const char *path)
{
    static const char missing[] = "curl: cannot be run: install it";
    const char *const args[] = {
        "curl", "--fail", "--location", "--silent", "--show-error",
        "--connect-timeout", "4", "--speed-limit", "1000",
        "--speed-time", "10", "--max-time", "300",
        "--output", path, "--url", url, NULL
    };

    execvp(args[0], (char *const *)args);
    (void)!write(STDERR_FILENO, missing, sizeof missing - 1);
    _exit(127);
}

/* Without a shell, so that no name needs quoting. What curl complains about
 * comes back through a pipe and becomes the error. */
static Error download(const char *url, const char *path)
{
    char said[200] = "";
    int ends[2], status = 0;

    if (pipe(ends) != 0)
        return error_text("%s: no pipe to curl", url);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        exec_curl(url, path);
    }
    close(ends[1]);
    FILE *errors = fdopen(ends[0], "r");
    if (child > 0 && errors && fgets(said, sizeof said, errors))
        said[strcspn(said, "\n")] = '\0';
    if (errors)
        fclose(errors);
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        return NULL;
    return error_text("%s: %s: check the network, or name another mirror in "
                      "MNIST_MIRROR", url, said[0] ? said : "curl failed");
}

/* Is this the .gz file of MNIST that it should be? */
static Error check_content(const char *path, const MnistFile *file)
{
    uint8_t block[1 << 15];
    char hex[65];
    Sha256 s;
    int n;

    const Error error = file_check(path);
    gzFile f = error ? NULL : gzopen(path, "rb");
    if (!f)
        return error ? error : error_text("%s: cannot be opened", path);
    sha256_start(&s);
    while ((n = gzread(f, block, sizeof block)) > 0)
        sha256_add(&s, block, (size_t)n);
    gzclose(f);
    sha256_end(&s, hex);
    if (n < 0 || strcmp(hex, file->sha256) != 0)
        return error_text("the content has SHA-256 %.16s..., expected "
                          "%.16s...: use another mirror", hex, file->sha256);
    return NULL;
}

/* The address of a file, with what no address may hold, such as the space and
 * the umlaut of a folder's name, written as %20 and so on. */
static void address(char *url, size_t size, const char *mirror, const char *name)
{
    char plain[1024];
    size_t n = 0;

    snprintf(plain, sizeof plain, "%s/%s.gz", mirror, name);
    for (const char *c = plain; *c && n + 4 < size; c++)
        n += (size_t)snprintf(url + n, size - n, *c > ' ' && *c < 127 ? "%c"
                              : "%%%02X", (unsigned char)*c);
}

/* Under its own name a file is complete and right, whenever we are killed. */
static Error fetch_from(const char *mirror, const char *path,
                        const MnistFile *file)
{
    char url[3072], temporary[TEMPORARY_PATH];
    Error error;

    address(url, sizeof url, mirror, file->name);
    temporary_name(temporary, path);
    error = download(url, temporary);
    if (!error) {
        error = check_content(temporary, file);
        if (error)
            error = error_text("%s: %s", url, error);
    }
    if (!error && rename(temporary, path) != 0)
        error = error_text("%s: cannot be written", path);
    if (error)
        remove(temporary);
    else
        fprintf(stderr, "%s: downloaded from %s\n", path, mirror);
    return error;
}

static Error fetch_file(const char *folder, const MnistFile *file)
{
    const char *own_mirror = setting("MNIST_MIRROR", NULL);
    char path[1024];
    Error error = NULL;

    snprintf(path, sizeof path, "%s/%s.gz", folder, file->name);
    if (check_content(path, file) == NULL) {
        fprintf(stderr, "%s: already there\n", path);
        return NULL;
    }
    if (own_mirror)
        return fetch_from(own_mirror, path, file);
    for (int i = 0; i < MIRRORS; i++) {
        error = fetch_from(mirrors[i], path, file);
        if (!error)
            break;
    }
    return error;
}

Error fetch_files(const char *folder, const MnistFile *files, int n)
{
    Error error = make_folder(folder);

    for (int i = 0; i < n && !error; i++)
        error = fetch_file(folder, &files[i]);
    return error;
}

Error fetch_mnist(const char *folder)
{
    return fetch_files(folder, mnist_files, MNIST_FILES);
}
