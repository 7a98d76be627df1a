/* SPDX-License-Identifier: MIT */
#include "chapter/workers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"

enum { TAIL = 2000 };

/* Passes on what the chapter says while it runs, and keeps the last lines. */
static void pass_on(int from, char tail[TAIL + 1])
{
    char block[512];
    size_t length = 0;
    ssize_t n;

    tail[0] = '\0';
    while ((n = read(from, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        fwrite(block, 1, (size_t)n, stderr);
        fflush(stderr);
        if (length + (size_t)n > TAIL) {
            const size_t drop = length + (size_t)n - TAIL;
            memmove(tail, tail + drop, length - drop);
            length -= drop;
        }
        memcpy(tail + length, block, (size_t)n);
        length += (size_t)n;
        tail[length] = '\0';
    }
}

void run_chapter(const Build *b, Chapter *c, const char key[65])
{
    char program[PATH], tail[TAIL + 1];
    const double start = clock_seconds();
    int ends[2], status = 0;

    chapter_write_key(b, c, NULL);
    snprintf(program, sizeof program, "%s/%s", b->programs, c->name);
    if (pipe(ends) != 0)
        die("%s: no pipe: %s", program, strerror(errno));
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (child == 0) {
        if (isatty(STDERR_FILENO))
            setenv("PROGRESS_LIVE", "1", 1);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(program, program, (char *)NULL);
        die("%s: %s", program, strerror(errno));
    }
    close(ends[1]);
    pass_on(ends[0], tail);
    close(ends[0]);
    waitpid(child, &status, 0);
    c->ran = true;
    c->seconds = clock_seconds() - start;
    c->failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;

    if (c->failed)
        chapter_fail(b, c, status, tail);
    else
        chapter_write_key(b, c, key);
}

void press_book(const Build *b, const char *self)
{
    const char *slash = strrchr(self, '/');
    char program[PATH];
    int status = 0;

    snprintf(program, sizeof program, "%.*spress",
             slash ? (int)(slash + 1 - self) : 0, self);
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (child == 0) {
        execlp(program, program, b->book, (char *)NULL);
        die("%s: %s", program, strerror(errno));
    }
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        die("%s: stopped before its end (%s)", program,
            strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        exit(1);
}
