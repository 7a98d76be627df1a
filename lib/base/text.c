/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/temporary.h"

static void reserve(Text *t, size_t more)
{
    if (t->length + more < t->capacity)
        return;
    t->capacity = 2 * (t->length + more) + 64;
    t->s = realloc(t->s, t->capacity);
    if (!t->s)
        die("out of memory: %zu bytes wanted for a text", t->capacity);
}

void text_add_bytes(Text *t, const char *bytes, size_t length)
{
    reserve(t, length);
    if (length)
        memcpy(t->s + t->length, bytes, length);
    t->length += length;
    t->s[t->length] = '\0';
}

void text_add_char(Text *t, char c)
{
    text_add_bytes(t, &c, 1);
}

void text_add(Text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_add_list(t, format, args);
    va_end(args);
}

void text_add_list(Text *t, const char *format, va_list args)
{
    va_list first, again;

    reserve(t, 128);                      /* enough for most: one pass */
    va_copy(first, args);
    va_copy(again, args);
    const size_t room = t->capacity - t->length;
    const int n = vsnprintf(t->s + t->length, room, format, first);
    CHECK(n, >=, 0);
    if ((size_t)n >= room) {
        reserve(t, (size_t)n + 1);
        vsnprintf(t->s + t->length, (size_t)n + 1, format, again);
    }
    t->length += (size_t)n;
    va_end(again);
    va_end(first);
}

void text_free(Text *t)
{
    free(t->s);
    *t = (Text){ 0 };
}

const char *text_string(const Text *t)
{
    return t->s ? t->s : "";
}

Error text_read(Text *t, const char *path)
{
    FILE *f = fopen(path, "rb");
    char block[1 << 16];
    size_t n;

    if (!f)
        return error_text("%s: %s", path, strerror(errno));
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        text_add_bytes(t, block, n);
    const int failed = ferror(f);
    fclose(f);
    return failed ? error_text("%s: cannot be read", path) : NULL;
}

Error text_read_lines(Text *t, const char *path)
{
    const size_t start = t->length;
    const Error error = text_read(t, path);
    size_t n = start;

    for (size_t i = start; i < t->length; i++)
        if (t->s[i] != '\r' || t->s[i + 1] != '\n')
            t->s[n++] = t->s[i];
    t->length = n;
    if (t->s)
        t->s[n] = '\0';
    return error;
}

Error text_write(const Text *t, const char *path)
{
    char temporary[TEMPORARY_PATH];
    FILE *f = temporary_file(temporary, path);

    if (!f)
        return error_text("%s: cannot be written: %s", path, strerror(errno));
    const size_t n = fwrite(text_string(t), 1, t->length, f);
    return temporary_close(f, n == t->length, temporary, path);
}

Error file_close(FILE *f, const char *path)
{
    const int failed = ferror(f);
    int reason = errno;

    if (fclose(f) != 0 && !failed)
        reason = errno;
    else if (!failed)
        return NULL;
    return error_text("%s: cannot be written: %s", path, strerror(reason));
}

Error file_remove(const char *path)
{
    return remove(path) == 0 || errno == ENOENT ? NULL
         : error_text("%s: cannot be removed: %s", path, strerror(errno));
}

void output_check(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        die("standard output: cannot be written: %s", strerror(errno));
}

Error text_write_if_changed(const Text *t, const char *path)
{
    Text old = { 0 };
    const bool same = text_read(&old, path) == NULL && old.length == t->length
                   && memcmp(text_string(&old), text_string(t), t->length) == 0;

    text_free(&old);
    return same ? NULL : text_write(t, path);
}

char *text_copy(const char *s)
{
    return s ? strcpy(allocate(strlen(s) + 1, 1), s) : NULL;
}

const char *text_next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

Error make_folder(const char *path)
{
    char part[1024];

    if (strlen(path) >= sizeof part)
        return error_text("%.60s...: a path of %zu characters, expected fewer "
                          "than %zu", path, strlen(path), sizeof part);
    strcpy(part, path);
    for (char *p = part + 1;; p++) {
        const char c = *p;
        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return error_text("%s: cannot be made: %s", part, strerror(errno));
        *p = c;
        if (c == '\0')
            return NULL;
    }
}

bool text_starts(const char *s, const char *with)
{
    return *s == *with && strncmp(s, with, strlen(with)) == 0;
}

const char *thousands(long n)
{
    static char texts[4][32];
    static int next;
    char *p = texts[next++ % 4] + sizeof texts[0] - 1;
    unsigned long left = n < 0 ? -(unsigned long)n : (unsigned long)n;

    *p = '\0';
    for (int digits = 0; left || !digits; left /= 10, digits++) {
        if (digits && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + left % 10);
    }
    if (n < 0)
        *--p = '-';
    return p;
}
