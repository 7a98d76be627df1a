/* SPDX-License-Identifier: MIT
 *
 * Threads, as simply as can be: run a function for 0, 1, ..., tasks - 1.
 *
 *     parallel_for(seeds, threads, train_one, &job);
 */
#ifndef NN_PARALLEL_H
#define NN_PARALLEL_H

typedef void Task(void *context, int i);

void parallel_for(int tasks, int threads, Task *task, void *context);

#endif
