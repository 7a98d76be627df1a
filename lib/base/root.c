/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1
#define _DARWIN_C_SOURCE 1
#include "base/root.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include "base/check.h"
#include "base/setting.h"
#include "base/text.h"

enum { PATH = PATH_MAX + 256 };

/* Where the program was started; "" where that is the project itself. */
static char left[PATH_MAX];

static bool is_there(const char *folder, const char *name)
{
    char path[PATH + 32];
    struct stat s;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &s) == 0;
}

static bool is_project(const char *folder)
{
    return is_there(folder, "chapters/index.md")
        && is_there(folder, "lib/base");
}

/* Cuts a path to the nearest folder above it that holds the project. */
static bool climb(char *path)
{
    for (char *slash; (slash = strrchr(path, '/'));) {
        *slash = '\0';
        if (is_project(path))
            return true;
    }
    return false;
}

/* The program's own file, every link followed. */
static bool real_path(char path[PATH])
{
#ifdef __APPLE__
    char named[PATH];
    uint32_t size = sizeof named;

    return _NSGetExecutablePath(named, &size) == 0
        && realpath(named, path) != NULL;
#else
    const ssize_t n = readlink("/proc/self/exe", path, PATH - 1);

    path[n > 0 ? n : 0] = '\0';
    return n > 0;
#endif
}

/* As it was called. Where build/ is a link to another disk, the project is
 * above this path, and not above the real one. */
static bool called_path(char path[PATH], const char *name, const char *here)
{
    snprintf(path, PATH, "%s%s%s", *name == '/' ? "" : here,
             *name == '/' ? "" : "/", name);
    return strchr(name, '/') != NULL;
}

static void find(char root[PATH], const char *program, const char *here)
{
    const char *named = setting("PROJECT", NULL);
    char real[PATH] = "";

    if (named) {
        snprintf(root, PATH, "%s", named);
        return;
    }
    if (real_path(root)) {
        snprintf(real, sizeof real, "%s", root);
        if (climb(root))
            return;
    }
    if (called_path(root, program, here) && climb(root))
        return;
    die("%s: there is no project around this program, expected it in a folder "
        "below that of chapters/ and lib/: start it where `make` has built it, "
        "or name the folder of the project with PROJECT=",
        *real ? real : program);
}

static bool same_folder(const char *a, const char *b)
{
    struct stat s, t;

    return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev
        && s.st_ino == t.st_ino;
}

/* Started again by its name, it must find itself. */
static void keep_name(char **argv)
{
    char path[PATH];

    if (*argv[0] != '/' && called_path(path, argv[0], left))
        argv[0] = text_copy(path);
}

void root_enter(char **argv)
{
    char here[PATH_MAX] = "", root[PATH];

    must(settings_check());
    if (!getcwd(here, sizeof here))
        die("the folder in which this program was started: %s: change to one "
            "that is there", strerror(errno));
    find(root, argv[0], here);
    if (same_folder(root, here))
        return;
    memcpy(left, here, sizeof left);
    keep_name(argv);
    settings_from(left);
    if (chdir(root) != 0)
        die("%s: %s, expected the folder of the project", root,
            strerror(errno));
}

char *root_path(char *path)
{
    Text t = { 0 };

    if (!*left || *path == '/')
        return path;
    text_add(&t, "%s/%s", left, path);
    if (access(t.s, F_OK) == 0)
        return t.s;
    text_free(&t);
    return path;
}
