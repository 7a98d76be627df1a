/* SPDX-License-Identifier: MIT
 *
 * Threads, as simply as can be: run a function for 0, 1, ..., tasks - 1.
 *
 *     parallel_for(seeds, threads, train_one, &job);
 *
 * At most `threads` threads work on a call, the caller among them. A task may
 * call parallel_for itself: all calls share one pool of threads, as large as
 * the largest `threads` so far, so nested calls do not crowd the cores.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

typedef void Task(void *context, int i);

/* Returns the core seconds that went into the tasks, by whichever threads. */
double parallel_for(int tasks, int threads, Task *task, void *context);

#endif
