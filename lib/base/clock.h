/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <time.h>

/* Seconds since some fixed moment; only differences mean something. */
double clock_seconds(void);

/* Seconds that the calling thread has kept a processor busy. */
double clock_thread_seconds(void);

/* Whether a time, of a file for example, lies within the last so many seconds.
 * A time that is still to come does not: the clock has been wrong. */
bool clock_within(time_t t, double seconds);

#endif
