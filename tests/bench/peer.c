/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "runs/fields.h"

struct Peer {
    pid_t process;
    FILE *questions, *answers;
    char name[64];
};

const char *peer_python(void)
{
    const char *named = getenv("PYTHON");

    return named && *named ? named : "/usr/bin/python3";
}

/* The next line it says, without the end; false when it says no more. */
static bool hear(Peer *p, char *line, int size)
{
    if (!fgets(line, size, p->answers))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static _Noreturn void become_peer(const char *folder, int threads)
{
    char count[16];

    snprintf(count, sizeof count, "%d", threads);
    execlp(peer_python(), peer_python(), "tests/bench/torch_peer.py", folder,
           count, (char *)NULL);
    _exit(127);
}

Peer *peer_start(const char *folder, int threads)
{
    Peer *p = allocate(1, sizeof *p);
    int to[2], from[2];

    signal(SIGPIPE, SIG_IGN);          /* that it has died is heard, too */
    if (pipe(to) != 0 || pipe(from) != 0 || (p->process = fork()) < 0)
        die("%s: cannot be started: %s", peer_python(), strerror(errno));
    if (p->process == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        close(to[1]);                  /* or it would never see the end */
        close(from[0]);
        become_peer(folder, threads);
    }
    close(to[0]);
    close(from[1]);
    fcntl(to[1], F_SETFD, FD_CLOEXEC); /* what is started later must not have */
    fcntl(from[0], F_SETFD, FD_CLOEXEC);        /* them, or it would not end */
    p->questions = fdopen(to[1], "w");
    p->answers = fdopen(from[0], "r");
    if (hear(p, p->name, sizeof p->name))
        return p;
    peer_stop(p);
    return NULL;
}

void peer_stop(Peer *p)
{
    if (!p)
        return;
    fclose(p->questions);
    fclose(p->answers);
    waitpid(p->process, NULL, 0);
    free(p);
}

const char *peer_name(const Peer *p)
{
    return p->name;
}

double peer_train(Peer *p, const Experiment *e, bool channels_last,
                  size_t parameters)
{
    Text question = { 0 };
    char answer[128];
    double seconds;
    size_t found;

    experiment_print(&question, e);
    text_add(&question, "channels_last\t%s\n\n", channels_last ? "yes" : "no");
    fputs(text_string(&question), p->questions);
    fflush(p->questions);
    text_free(&question);
    if (!hear(p, answer, sizeof answer))
        die("%s: PyTorch stopped while it trained %s", peer_python(), e->name);
    if (sscanf(answer, "%lf %zu", &seconds, &found) != 2)
        die("%s: found the answer `%s`, expected seconds and parameters",
            peer_python(), answer);
    if (found != parameters)
        die("%s: PyTorch's network has %zu parameters, ours %zu: they are not "
            "the same", e->name, found, parameters);
    return seconds;
}
