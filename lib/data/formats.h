/* SPDX-License-Identifier: MIT
 *
 * The forms in which a folder may hold digits, in one table.
 *
 *     const Format *format = format_of("/home/ada/mnist");
 *     error = format->read(&digits, "/home/ada/mnist");
 */
#ifndef DATA_FORMATS_H
#define DATA_FORMATS_H

#include "base/text.h"
#include "data/digits.h"

typedef struct Format {
    const char *name;
    bool (*there)(const char *folder);      /* is at least a part of it? */
    /* Adds what changes whenever the files may have. */
    Error (*stamp)(Text *key, const char *folder);
    /* Reads and checks both sets. */
    Error (*read)(Digits *d, const char *folder);
} Format;

/* The form of the digits in a folder; NULL: there are none. */
const Format *format_of(const char *folder);

#endif
