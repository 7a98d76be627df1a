/* SPDX-License-Identifier: MIT
 *
 * Does this processor have what the program was compiled for?
 *
 * Before main, a program that was compiled on a newer processor, in a folder
 * that machines share, says so in a line and exits with 1. Otherwise it would
 * die of an illegal instruction. processor.c itself is compiled for any
 * processor (see ARCH in the Makefile).
 */
#ifndef BASE_PROCESSOR_H
#define BASE_PROCESSOR_H

/* The names, after a space each, of the instructions beyond the oldest x86-64
 * that the compiler was allowed to use; "" on other kinds of processors. */
extern const char built_for[];

/* Checks them; it is called before main. */
void processor_check(void);

#endif
