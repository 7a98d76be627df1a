/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double clock_seconds(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double clock_thread_seconds(void)
{
    return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

bool clock_within(time_t t, double seconds)
{
    const double age = difftime(time(NULL), t);

    return age >= 0 && age < seconds;
}
