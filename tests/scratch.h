/* SPDX-License-Identifier: MIT
 *
 * What the tests of runs, chapters and their command line share: a folder of
 * their own under build/, files in it, and children that run on 200 drawn
 * digits with book, runs and accepted results in that folder.
 */
#ifndef SAMPLE_SCRATCH_H
#define SAMPLE_SCRATCH_H

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

static char root[64];
static char bin_folder[PATH_MAX];      /* of the programs, from everywhere */

/* ---- files ---- */

/* A path below the folder of this test. */
static inline const char *in_root(const char *format, ...) PRINTF(1, 2);

static inline const char *in_root(const char *format, ...)
{
    static char path[8][1200];
    static int turn;
    va_list args;

    turn = (turn + 1) % 8;
    const int n = snprintf(path[turn], sizeof path[turn], "%s/", root);
    va_start(args, format);
    vsnprintf(path[turn] + n, sizeof path[turn] - (size_t)n, format, args);
    va_end(args);
    return path[turn];
}

/* The content of a file, "" if there is none. Stays until the next but seven. */
static inline const char *content(const char *path)
{
    static Text texts[8];
    static int turn;

    turn = (turn + 1) % 8;
    text_free(&texts[turn]);
    if (text_read(&texts[turn], path))
        text_free(&texts[turn]);
    return text_string(&texts[turn]);
}

static inline bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* The names in a folder below that of this test, in order: "a b ". */
static inline const char *files_in(const char *name)
{
    static char names[4000];
    glob_t found;

    names[0] = '\0';
    if (glob(in_root("%s/*", name), 0, NULL, &found) != 0)
        return names;
    for (size_t i = 0; i < found.gl_pathc; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s ",
                 strrchr(found.gl_pathv[i], '/') + 1);
    globfree(&found);
    return names;
}

/* How many files or folders match. */
static inline int count_files(const char *name)
{
    glob_t found;
    int n = 0;

    if (glob(in_root("%s", name), 0, NULL, &found) == 0) {
        n = (int)found.gl_pathc;
        globfree(&found);
    }
    return n;
}

static inline void write_file(const char *path, const char *text)
{
    Text t = { 0 };

    text_add(&t, "%s", text);
    must(text_write(&t, path));
    text_free(&t);
}

static inline void assert_says(const char *text, const char *part)
{
    if (!text || !strstr(text, part)) {
        fprintf(stderr, "%s\n", text ? text : "(nothing)");
        fail_msg("it does not say \"%s\"", part);
    }
}

static inline void assert_silent_about(const char *text, const char *part)
{
    if (strstr(text, part)) {
        fprintf(stderr, "%s\n", text);
        fail_msg("it says \"%s\"", part);
    }
}

static inline void make_scratch(const char *name)
{
    const char *bin = getenv("BIN");

    if (!realpath(bin && *bin ? bin : "build/bin", bin_folder))
        die("%s: not there: `make test` makes it", bin);
    must(make_folder("build"));
    snprintf(root, sizeof root, "build/%s.XXXXXX", name);
    if (!mkdtemp(root))
        die("%s: cannot be made; run from the root of the project", root);
}

/* Fits cmocka's group teardown. */
static inline int remove_scratch(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

/* ---- children ---- */

static inline void set_environment(void)
{
    static const char *const unset[] = { "QUICK", "FORCE", "CHAPTER",
                                         "MNIST_DIR", "THREADS",
                                         "BOOK_NEWS", "SAN", "WATCH",
                                         "CHAPTER_TIMEOUT" };

    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        unsetenv(unset[i]);
    setenv("SYNTHETIC", "200", 1);
    setenv("BOOK", in_root("book"), 1);
    setenv("RUNS", in_root("runs"), 1);
    setenv("EXPECTED", in_root("expected"), 1);
}

/* What a child said, on both streams, and how it ended. */
typedef struct Ending {
    char said[20000];
    int status;                    /* of exit, or minus the signal */
} Ending;

static inline const Ending *run_child(int (*body)(void))
{
    static Ending e;
    size_t length = 0;
    ssize_t n;
    int ends[2], status = 0;

    e = (Ending){ .status = 0 };
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        set_environment();
        const int result = body();
        fflush(NULL);
        _exit(result);
    }
    close(ends[1]);
    while (length + 1 < sizeof e.said
           && (n = read(ends[0], e.said + length, sizeof e.said - length - 1)) > 0)
        length += (size_t)n;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    e.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return &e;
}

/* What it said, if it succeeded. */
static inline const char *must_run(int (*body)(void))
{
    const Ending *e = run_child(body);

    if (e->status != 0)
        fail_msg("status %d, and it said:\n%s", e->status, e->said);
    return e->said;
}

/* What it said, if it stopped with exit status 1. */
static inline const char *must_stop(int (*body)(void))
{
    const Ending *e = run_child(body);

    if (e->status != 1)
        fail_msg("status %d where 1 was expected, and it said:\n%s", e->status,
                 e->said);
    return e->said;
}

#endif
