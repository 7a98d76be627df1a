/* SPDX-License-Identifier: MIT
 *
 * The info string of a fenced block, the words behind its ```:
 *
 *     c file=lib/nn/dense.c line=12 show=dense_forward fold="The rest"
 */
#ifndef PRESS_INFO_H
#define PRESS_INFO_H

#include <stdbool.h>
#include <stddef.h>

/* Whether its first word is this. */
bool info_is(const char *info, const char *kind);

/* The value of key= or key="..."; false if it is absent. */
bool info_attribute(const char *info, const char *key, char *value,
                    size_t room);

#endif
