/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { EVERY = 200 };                  /* milliseconds between two looks */

/* ---- memory ---- */

/* The group of a process, the fifth word of its stat; the second is a name in
 * brackets, and may hold spaces. */
static pid_t group_of(const char *pid)
{
    char path[300], line[1024];
    int group = 0;

    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    if (fgets(line, sizeof line, f) && strrchr(line, ')'))
        sscanf(strrchr(line, ')'), ") %*c %*d %d", &group);
    fclose(f);
    return group;
}

static double process_mib(const char *pid)
{
    char path[300], line[256];
    long kib = 0;

    snprintf(path, sizeof path, "/proc/%s/smaps_rollup", pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Pss: %ld", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return (double)kib / 1024;
}

static double group_mib(pid_t group)
{
    DIR *processes = opendir("/proc");
    double mib = 0;

    for (struct dirent *d; processes && (d = readdir(processes));)
        if (strspn(d->d_name, "0123456789") == strlen(d->d_name)
            && group_of(d->d_name) == group)
            mib += process_mib(d->d_name);
    if (processes)
        closedir(processes);
    return mib;
}

/* ---- the command ---- */

static volatile sig_atomic_t group;    /* of its processes; 0: none runs */

/* A group of its own does not hear Ctrl-C. */
static void stop_all(int signal)
{
    if (group)
        kill(-(pid_t)group, SIGKILL);
    _exit(128 + signal);
}

/* Starts it; what it writes can be read from the result. */
static int start(const char *line)
{
    int ends[2];

    signal(SIGINT, stop_all);
    signal(SIGTERM, stop_all);
    if (pipe(ends) != 0)
        die("%s: no pipe: %s", line, strerror(errno));
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", line, strerror(errno));
    if (child == 0) {
        setpgid(0, 0);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    setpgid(child, child);             /* whichever of the two comes first */
    group = child;
    close(ends[1]);
    return ends[0];
}

/* Until the last process of the command has closed its end. */
static void listen_to(Command *c, int from)
{
    struct pollfd end = { .fd = from, .events = POLLIN };
    char block[4096];
    double look = 0;

    for (;;) {
        const int ready = poll(&end, 1, EVERY);
        if (clock_seconds() >= look) {
            const double mib = group_mib(group);
            c->peak_mib = mib > c->peak_mib ? mib : c->peak_mib;
            look = clock_seconds() + EVERY / 1000.0;
        }
        if (ready <= 0)
            continue;
        const ssize_t n = read(from, block, sizeof block);
        if (n == 0)
            return;
        if (n > 0)
            text_add_bytes(&c->said, block, (size_t)n);
    }
}

static const char *last_line(Text *t)
{
    while (t->length > 0 && t->s[t->length - 1] == '\n')
        t->s[--t->length] = '\0';
    const char *end = strrchr(text_string(t), '\n');
    return end ? end + 1 : text_string(t);
}

void command_run(Command *c, const char *line)
{
    const double begin = clock_seconds();
    int status;

    *c = (Command){ 0 };
    const int from = start(line);
    listen_to(c, from);
    waitpid((pid_t)group, &status, 0);
    c->seconds = clock_seconds() - begin;
    group = 0;
    close(from);
    if (status != 0)
        die("%s: failed: %s", line, last_line(&c->said));
}
