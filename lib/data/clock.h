/* SPDX-License-Identifier: MIT */
#ifndef DATA_CLOCK_H
#define DATA_CLOCK_H

/* Seconds since some fixed moment; only differences mean something. */
double clock_seconds(void);

#endif
