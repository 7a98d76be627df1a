/* SPDX-License-Identifier: MIT
 *
 * The SHA-256 of the object code that trains, made by the Makefile: comments
 * and prose do not count, a changed formula does. */
#ifndef RUNS_CODE_H
#define RUNS_CODE_H

extern const char training_code[];

#endif
