/* SPDX-License-Identifier: MIT
 *
 * What a path names.
 *
 *     Error error = file_check("images.gz");
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

/* Is it a file, or a link to one? Opening a named pipe waits for ever, reading
 * a device may never end. */
Error file_check(const char *path);

/* Is it a folder that can be listed? */
Error folder_check(const char *path);

#endif
