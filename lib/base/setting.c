/* SPDX-License-Identifier: MIT */
#include "base/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char setting_download[] = "download";

typedef enum SettingType { TEXT, FOLDER, FLAG, NUMBER } SettingType;

typedef struct Setting {
    const char *name;
    SettingType type;
    long low, high;                /* of a NUMBER */
} Setting;

/* All that the environment may set: a new one is a row. */
static const Setting settings[] = {
    { "BEST",            NUMBER, 1, 1000000 },        /* experiments */
    { "BOOK",            FOLDER },
    { "CHAPTER",         NUMBER, 0, 99 },
    { "CHAPTER_TIMEOUT", NUMBER, 0, 1000000 },        /* seconds */
    { "EXPECTED",        FOLDER },
    { "FORCE",           FLAG },
    { "MNIST_DIR",       FOLDER },
    { "MNIST_MIRROR",    TEXT },
    { "OWN",             FLAG },
    { "PROGRAMS",        FOLDER },
    { "PROJECT",         FOLDER },
    { "QUICK",           FLAG },
    { "RUNS",            FOLDER },
    { "SEEDS",           NUMBER, 1, 1000 },
    { "SYNTHETIC",       NUMBER, 1, 1000000 },        /* digits */
    { "TEST",            FLAG },
    { "THREADS",         NUMBER, 0, 1024 },           /* 0: one a core */
    { "TSV",             FLAG },
    { "WATCH",           FLAG },
    { "YES",             FLAG },
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

static const Setting *row_of(const char *name)
{
    for (int i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value && *value ? value : otherwise;
}

bool setting_on(const char *name)
{
    return strcmp(setting(name, "0"), "0") != 0;
}

/* Digits and nothing else: no sign, no space, no 0x. */
static bool number_in(long *n, const char *text, const Setting *s)
{
    const size_t length = strlen(text);

    *n = strtol(text, NULL, 10);           /* LONG_MAX when it is too long */
    return length && strspn(text, "0123456789") == length && *n >= s->low
        && *n <= s->high;
}

long setting_number(const char *name, long otherwise)
{
    const char *value = setting(name, NULL);
    long n;

    CHECK(row_of(name) != NULL, ==, true);
    return value && number_in(&n, value, row_of(name)) ? n : otherwise;
}

static Error check_row(const Setting *s)
{
    const char *value = setting(s->name, NULL);
    long n;

    if (!value)
        return NULL;
    if (s->type == FLAG && strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
        return error_text("%s: found %s, expected 0 or 1: correct it", s->name,
                          value);
    if (s->type == NUMBER && !number_in(&n, value, s))
        return error_text("%s: found %s, expected a whole number, %ld to %ld: "
                          "correct it", s->name, value, s->low, s->high);
    return NULL;
}

Error setting_check(const char *name)
{
    CHECK(row_of(name) != NULL, ==, true);
    return check_row(row_of(name));
}

Error settings_check(void)
{
    Error error = NULL;

    for (int i = 0; i < SETTINGS && !error; i++)
        error = check_row(&settings[i]);
    return error;
}

void settings_from(const char *folder)
{
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = setting(settings[i].name, "/");
        if (settings[i].type != FOLDER || *value == '/'
            || strcmp(value, setting_download) == 0)
            continue;
        const size_t size = strlen(folder) + strlen(value) + 2;
        char *path = allocate(size, 1);
        snprintf(path, size, "%s/%s", folder, value);
        setenv(settings[i].name, path, 1);
        free(path);
    }
}

const char *setting_book(void)
{
    static char path[1024];
    const char *book = setting("BOOK", setting_on("QUICK") ? "build/quick"
                                                           : "build/book");

    snprintf(path, sizeof path, "%s", book);
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = '\0';
    return path;
}

int chapter_name(char name[64], const char *source)
{
    const char *slash = strrchr(source, '/');

    snprintf(name, 64, "%s", slash ? slash + 1 : source);
    name[strcspn(name, ".")] = '\0';
    return atoi(name);
}

#ifdef __clang__
const char compiler_name[] = __VERSION__;          /* "Clang 14.0.6 ..." */
#else
const char compiler_name[] = "GCC " __VERSION__;
#endif
