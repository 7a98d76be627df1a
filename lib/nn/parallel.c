/* SPDX-License-Identifier: MIT */
#include "nn/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { MAX_THREADS = 64 };

typedef struct Work {
    Task *task;
    void *context;
    int tasks;
    atomic_int next;
} Work;

/* Takes the next task until none is left. */
static void *work_on(void *argument)
{
    Work *w = argument;

    for (int i; (i = atomic_fetch_add(&w->next, 1)) < w->tasks;)
        w->task(w->context, i);
    return NULL;
}

/* Which thread does which task is left to chance, so a task must write only
 * what is its own; then the result does not depend on the threads. A thread
 * that cannot be started is done without. */
void parallel_for(int tasks, int threads, Task *task, void *context)
{
    Work work = { .task = task, .context = context, .tasks = tasks };
    pthread_t helper[MAX_THREADS];
    int helpers = 0;

    while (helpers + 1 < threads && helpers + 1 < tasks && helpers < MAX_THREADS
           && pthread_create(&helper[helpers], NULL, work_on, &work) == 0)
        helpers++;
    work_on(&work);
    for (int i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
}
