/* SPDX-License-Identifier: MIT */
#include "chapter/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/setting.h"
#include "base/text.h"
#include "chapter/meter.h"
#include "base/terminal.h"

enum { TAIL = 2000, NEWS = 9 };        /* NEWS: a file number, one digit */

/* A chapter's program while it runs. */
typedef struct Worker {
    pid_t child;
    int patience;                  /* seconds without a word and without work;
                                      0: for ever */
    int words, news;               /* its standard error, and what it tells the
                                      build: ends of pipes; -1: closed */
    char tail[TAIL + 1];           /* its last words */
    size_t length;
    Text line;                     /* of news, so far */
    bool signed_off;
    Outcome *outcome;
} Worker;

/* ---- what a chapter says ---- */

static void take_words(Worker *w, const char *block, size_t n)
{
    terminal_clear();
    fwrite(block, 1, n, stderr);
    fflush(stderr);
    if (w->length + n > TAIL) {
        const size_t drop = w->length + n - TAIL;
        memmove(w->tail, w->tail + drop, w->length - drop);
        w->length -= drop;
    }
    memcpy(w->tail + w->length, block, n);
    w->length += n;
    w->tail[w->length] = '\0';
}

static void take_line(Worker *w, const char *line)
{
    Outcome *o = w->outcome;
    int trained, runs, at = 0;

    if (sscanf(line, "result\t%d\t%d\t%n", &trained, &runs, &at) == 2 && at) {
        o->trained += trained;
        o->recalled += runs - trained;
        if (trained && terminal_is()) {
            terminal_clear();
            fprintf(stderr, "%s\n", line + at);
        }
        return;
    }
    if (sscanf(line, "step\t%127s", o->step) != 1 && strcmp(line, "end") == 0)
        w->signed_off = true;
    meter_news(line);
}

static void take_news(Worker *w, const char *block, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (block[i] == '\n') {
            take_line(w, text_string(&w->line));
            text_free(&w->line);
        } else {
            text_add_char(&w->line, block[i]);
        }
}

/* Takes what there is; closes the end of a pipe that is done. */
static void take(Worker *w, int *from,
                 void (*taker)(Worker *w, const char *block, size_t n))
{
    char block[512];
    const ssize_t n = read(*from, block, sizeof block);

    if (n > 0) {
        taker(w, block, (size_t)n);
    } else if (n == 0 || errno != EINTR) {
        close(*from);
        *from = -1;
    }
}

/* The last line with words in it; of a sanitizer's report, its summary. */
static void last_line(char last[TAIL + 1], const char *tail)
{
    const char *summary = strstr(tail, "SUMMARY: ");

    last[0] = '\0';
    for (const char *p = summary ? summary : tail; *p;) {
        const size_t n = strcspn(p, "\r\n");
        if (strspn(p, " \t") < n)
            snprintf(last, TAIL + 1, "%.*s", (int)n, p);
        if (summary)
            break;
        p += n;
        p += strspn(p, "\r\n");
    }
}

/* ---- its process ---- */

/* Seconds that it has kept processors busy. A system that does not tell lets
 * it pass for busy. */
static double busy_seconds(pid_t child)
{
#ifdef __APPLE__
    (void)child;
    return clock_seconds();
#else
    clockid_t clock;
    struct timespec t = { 0 };

    if (clock_getcpuclockid(child, &clock) == 0)
        clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
#endif
}

/* Until it has ended, or is stopped because nothing happens; its status. */
static int attend(Worker *w)
{
    double busy = 0;
    int idle = 0, status = 0;
    bool ended = false;

    while (w->words >= 0 || w->news >= 0) {
        struct pollfd ends[] = { { w->words, POLLIN }, { w->news, POLLIN } };
        const int ready = poll(ends, 2, 1000);
        if (ready < 0 && errno != EINTR)
            break;
        if (ready > 0) {
            if (ends[0].revents)
                take(w, &w->words, take_words);
            if (ends[1].revents)
                take(w, &w->news, take_news);
            idle = 0;
            continue;
        }
        if (ended)                     /* who still holds the pipes is no part
                                          of it */
            break;
        ended = waitpid(w->child, &status, WNOHANG) == w->child;
        const double now = busy_seconds(w->child);
        idle = now - busy < 0.01 ? idle + 1 : 0;
        busy = now;
        meter_news("");
        if (!ended && w->patience > 0 && idle >= w->patience) {
            snprintf(w->outcome->how, sizeof w->outcome->how,
                     "it said nothing and did nothing for %d seconds, and was "
                     "ended", w->patience);
            kill(w->child, SIGKILL);
        }
    }
    while (!ended && waitpid(w->child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* Becomes the chapter's program. */
_Noreturn static void become(const char *program, int words, int news)
{
    char number[8];

    if (dup2(words, STDERR_FILENO) < 0 || dup2(news, NEWS) < 0)
        die("%s: %s", program, strerror(errno));
    fcntl(NEWS, F_SETFD, 0);           /* if it was this number already */
    snprintf(number, sizeof number, "%d", NEWS);
    setenv("BOOK_NEWS", number, 1);
    execl(program, program, (char *)NULL);
    die("%s: %s", program, strerror(errno));
}

static void open_pipe(int ends[2], const char *program)
{
    if (pipe(ends) != 0)
        die("%s: no pipe: %s", program, strerror(errno));
    for (int i = 0; i < 2; i++)
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
}

static void judge(Worker *w, int status)
{
    Outcome *o = w->outcome;
    const bool by_itself = !*o->how;

    o->crashed = by_itself && WIFSIGNALED(status);
    if (o->crashed)
        snprintf(o->how, sizeof o->how, "%s", strsignal(WTERMSIG(status)));
    else if (by_itself && WEXITSTATUS(status) != 0)
        snprintf(o->how, sizeof o->how, "exit status %d", WEXITSTATUS(status));
    else if (by_itself && !w->signed_off)
        snprintf(o->how, sizeof o->how, "it ended before chapter_close, with "
                 "exit status 0");
    o->failed = *o->how;
    last_line(o->last, w->tail);
}

static void run(const Build *b, const Chapter *c, Outcome *o)
{
    char program[PATH];
    int words[2], news[2];
    Worker w = { .outcome = o,
                 .patience = (int)setting_number("CHAPTER_TIMEOUT", 300) };

    snprintf(program, sizeof program, "%s/%s", b->programs, c->name);
    open_pipe(words, program);
    open_pipe(news, program);
    fflush(NULL);
    w.child = fork();
    if (w.child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (w.child == 0)
        become(program, words[1], news[1]);
    close(words[1]);
    close(news[1]);
    w.words = words[0];
    w.news = news[0];
    judge(&w, attend(&w));
    if (w.words >= 0)
        close(w.words);
    if (w.news >= 0)
        close(w.news);
    text_free(&w.line);
    terminal_clear();
}

/* One line: what it took and what was trained, or what is wrong. */
static void tell_outcome(const Chapter *c, const Outcome *o)
{
    char find[128];

    printf("%-22s %6.1f s", c->name, c->seconds);
    if (o->failed)
        printf("   FAILED");
    else if (o->trained)
        printf("   trained %d of %d run%s", o->trained,
               o->trained + o->recalled,
               o->trained + o->recalled == 1 ? "" : "s");
    else if (o->recalled)
        printf("   recalled");
    printf("\n");
    fflush(stdout);
    if (!o->failed)
        return;
    fprintf(stderr, "%s: stopped before its end (%s)", c->source, o->how);
    if (*o->step)
        fprintf(stderr, ", in the step %s", o->step);
    fprintf(stderr, "; its last line: %s\n", *o->last ? o->last : "none");
    chapter_how_to_find(find, c);
    if (o->crashed && *find)
        fprintf(stderr, "To find the line: %s\n", find);
}

void run_chapter(Build *b, int i, const char key[65])
{
    Chapter *c = &b->chapters[i];
    const double start = clock_seconds();
    Outcome o = { 0 };

    chapter_write_key(b, c, NULL);
    meter_begin(i);
    run(b, c, &o);
    c->ran = true;
    c->seconds = clock_seconds() - start;
    c->failed = o.failed;
    if (c->failed)
        chapter_fail(b, c, &o);
    else
        chapter_write_key(b, c, key);
    tell_outcome(c, &o);
}

/* ---- the press ---- */

bool press_book(const Build *b, const char *self, bool quiet)
{
    const char *slash = strrchr(self, '/');
    char program[PATH];
    int status = 0;

    snprintf(program, sizeof program, "%.*spress",
             slash ? (int)(slash + 1 - self) : 0, self);
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", program, strerror(errno));
    if (child == 0) {
        if (quiet && !freopen("/dev/null", "w", stderr))
            _exit(1);
        execlp(program, program, b->book, (char *)NULL);
        die("%s: %s", program, strerror(errno));
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        fprintf(stderr, "%s: stopped before its end (%s)\n", program,
                strsignal(WTERMSIG(status)));
    return status == 0;
}
