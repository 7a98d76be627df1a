/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since some fixed moment; only differences mean something. */
double clock_seconds(void);

/* Seconds that the calling thread has kept a processor busy. */
double clock_thread_seconds(void);

#endif
