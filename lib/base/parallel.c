/* SPDX-License-Identifier: MIT */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

#include "base/clock.h"

enum { MAX_THREADS = 64 };

/* One call of parallel_for, as long as it lasts. */
typedef struct Call {
    Task *task;
    void *context;
    int tasks, threads;        /* how many there are, how many may be at work */
    int next;                  /* the first task that nobody has taken */
    int at_work;               /* threads that are doing a task */
    double seconds;            /* core seconds of those that are done */
    struct Call *older;
} Call;

static struct {
    pthread_mutex_t lock;      /* for all of this, and for every Call */
    pthread_cond_t for_callers, for_helpers;           /* where they sleep */
    atomic_uint news;          /* grows when there may be something to do */
    Call *youngest;
    int helpers;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .for_callers = PTHREAD_COND_INITIALIZER,
           .for_helpers = PTHREAD_COND_INITIALIZER };

/* Wakes all callers that wait, and as many helpers as are wanted. */
static void tell(int helpers)
{
    atomic_fetch_add(&pool.news, 1);
    pthread_cond_broadcast(&pool.for_callers);
    while (helpers-- > 0)
        pthread_cond_signal(&pool.for_helpers);
}

/* Waits for news: 50 us awake, about what it costs to be woken; then asleep. */
static void rest(pthread_cond_t *place)
{
    const unsigned known = atomic_load(&pool.news);
    const double end = clock_seconds() + 50e-6;

    pthread_mutex_unlock(&pool.lock);
    while (atomic_load(&pool.news) == known && clock_seconds() < end)
        sched_yield();
    pthread_mutex_lock(&pool.lock);
    if (atomic_load(&pool.news) == known)
        pthread_cond_wait(place, &pool.lock);
}

/* Does the next task of a call, without the lock. */
static void do_task(Call *c)
{
    const int i = c->next++;

    c->at_work++;
    pthread_mutex_unlock(&pool.lock);
    const double start = clock_thread_seconds();
    c->task(c->context, i);
    const double seconds = clock_thread_seconds() - start;
    pthread_mutex_lock(&pool.lock);
    c->seconds += seconds;
    if (--c->at_work == 0 && c->next == c->tasks)
        tell(0);
}

/* A call with work to do, or NULL. A caller takes its own tasks first, then
 * helps younger calls: what it waits for may be waiting for those. */
static Call *find_call(Call *mine)
{
    if (mine && mine->next < mine->tasks)
        return mine;
    for (Call *c = pool.youngest; c != mine; c = c->older)
        if (c->next < c->tasks && c->at_work < c->threads)
            return c;
    return NULL;
}

/* Until all tasks of `mine` are done; a helper has none, and never stops. */
static void work_on(Call *mine)
{
    while (!mine || mine->next < mine->tasks || mine->at_work > 0) {
        Call *c = find_call(mine);
        if (c)
            do_task(c);
        else
            rest(mine ? &pool.for_callers : &pool.for_helpers);
    }
}

static void *help(void *nothing)
{
    pthread_mutex_lock(&pool.lock);
    work_on(NULL);
    return nothing;
}

/* Opens a call to all, works on it, closes it. Helpers stay as long as the
 * process; one that cannot be started is done without. */
static void share(Call *mine)
{
    pthread_t thread;
    Call **place = &pool.youngest;

    pthread_mutex_lock(&pool.lock);
    for (; pool.helpers + 1 < mine->threads && pool.helpers + 1 < MAX_THREADS
           && !pthread_create(&thread, NULL, help, NULL); pool.helpers++)
        pthread_detach(thread);
    mine->older = pool.youngest;
    pool.youngest = mine;
    tell((mine->tasks < mine->threads ? mine->tasks : mine->threads) - 1);
    work_on(mine);
    while (*place != mine)
        place = &(*place)->older;
    *place = mine->older;
    pthread_mutex_unlock(&pool.lock);
}

/* Which thread does which task is left to chance, so a task must write only
 * what is its own; then the result does not depend on the threads. */
double parallel_for(int tasks, int threads, Task *task, void *context)
{
    Call call = { task, context, tasks, threads };
    const double start = clock_thread_seconds();

    if (tasks > 1 && threads > 1) {
        share(&call);
        return call.seconds;
    }
    for (int i = 0; i < tasks; i++)
        task(context, i);
    return clock_thread_seconds() - start;
}
