/* SPDX-License-Identifier: MIT
 *
 * The press: makes the book of the pages that a folder holds, in the order of
 * its pages.tsv.
 *
 *     build/bin/press build/book
 *
 * A page that cannot be pressed, or that the press dies of, says so in its
 * place, and all others are made; the exit status is then 1. Style sheet and
 * scripts come out of lib/press. */
#define _DEFAULT_SOURCE 1          /* for MAP_ANONYMOUS, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/root.h"
#include "press/html.h"

/* What the process that presses leaves behind, however it ends. */
typedef struct Left {
    int page;              /* it was at; -1: none */
    char error[2000];
} Left;

_Noreturn static void press_and_exit(Left *left, const char *folder,
                                     const Pages *pages)
{
    const Error error = press(folder, pages);

    if (error)
        snprintf(left->error, sizeof left->error, "%s", error);
    exit(error ? 1 : 0);
}

/* Presses in a process of its own; true if all went well. */
static bool attempt(Left *left, const char *folder, const Pages *pages)
{
    int status = 0;

    *left = (Left){ .page = -1 };
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        die("press: cannot be started: %s", strerror(errno));
    if (child == 0)
        press_and_exit(left, folder, pages);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status == 0)
        return true;
    if (!*left->error)
        snprintf(left->error, sizeof left->error, "%s/%s.md: the press stopped "
                 "before its end (%s)", folder,
                 left->page < 0 ? "..." : pages->at[left->page].name,
                 WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                     : "see above");
    return false;
}

int main(int argc, char **argv)
{
    Pages pages;
    const char *folder;
    int failed = 0;

    root_enter(argv);
    if (argc != 2)
        die("press: found %d arguments, expected one: the folder of the book",
            argc - 1);
    folder = root_path(argv[1]);
    must(pages_read(&pages, folder));
    Left *left = mmap(NULL, sizeof *left, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (left == MAP_FAILED)
        die("press: no memory: %s", strerror(errno));
    pages.now = &left->page;
    while (!attempt(left, folder, &pages)) {
        Page *page = left->page < 0 ? NULL : &pages.at[left->page];
        if (!page || page->trouble)            /* it is not this page */
            die("%s", left->error);
        fprintf(stderr, "%s\n", left->error);
        page->trouble = text_copy(left->error);
        page->banner = "This page could not be made.";
        failed++;
    }
    for (int i = 0; i < pages.n; i++)
        free((char *)pages.at[i].trouble);
    pages_free(&pages);
    return failed ? 1 : 0;
}
