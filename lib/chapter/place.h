/* SPDX-License-Identifier: MIT
 *
 * Where in a chapter something is reported. */
#ifndef CHAPTER_PLACE_H
#define CHAPTER_PLACE_H

typedef struct Place {
    int line;
    const char *function;
} Place;

#define HERE ((Place){ __LINE__, __func__ })

#endif
