/* SPDX-License-Identifier: MIT
 *
 * A name from outside, such as that of a folder, as it may stand in one line of
 * a page or a table.
 *
 *     char name[48];
 *     printable(name, sizeof name, folder);
 */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stddef.h>

/* Copies what fits, never half a character. Line breaks and other control
 * characters, bytes that are no UTF-8, and what Markdown or a table would take
 * for markup (` | < > { }) become "?". */
void printable(char *to, size_t size, const char *from);

#endif
