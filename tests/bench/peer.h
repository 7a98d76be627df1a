/* SPDX-License-Identifier: MIT
 *
 * PyTorch, in a process of its own that is asked one question at a time, so
 * that its runs can take turns with ours.
 *
 *     Peer *p = peer_start("build/bench/digits", 2);      on two threads
 *     if (p)
 *         seconds = peer_train(p, &experiment, false, parameters);
 *     peer_stop(p);
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stddef.h>

#include "nn/experiment.h"

typedef struct Peer Peer;

/* The Python that is used: PYTHON, or Debian's. */
const char *peer_python(void);

/* The folder holds the training images as IDX files. NULL when that Python
 * cannot be run or has no PyTorch. */
Peer *peer_start(const char *folder, int threads);
void peer_stop(Peer *p);

/* "PyTorch 1.13.0" */
const char *peer_name(const Peer *p);

/* The seconds it takes to train this experiment, whose network must come to
 * the same number of parameters there. channels_last: see torch_peer.py. */
double peer_train(Peer *p, const Experiment *e, bool channels_last,
                  size_t parameters);

#endif
