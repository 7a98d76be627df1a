/* SPDX-License-Identifier: MIT
 *
 * The folder with digits that somebody has named once: it is kept in
 * build/data/folder, and every later program takes its digits from there.
 *
 *     char folder[1024];
 *     must(named_recall(folder));             "" when none was named
 */
#ifndef DATA_NAMED_H
#define DATA_NAMED_H

#include "base/check.h"

enum { NAMED_SIZE = 1024 };

/* The file that keeps it. */
extern const char named_file[];

/* The folder that was named, "" for none. One that is not there any more is an
 * error, so that nothing else takes its place in silence. */
Error named_recall(char folder[NAMED_SIZE]);

/* Keeps an absolute path, and says so if it is another than before; NULL or ""
 * forgets it. */
Error named_keep(const char *folder);

/* Any path, absolute and without links. */
Error named_resolve(char folder[NAMED_SIZE], const char *path);

#endif
