/* SPDX-License-Identifier: MIT
 *
 * The symbols of TeX that formulas of this book may use (press/formula.h): one
 * table of characters, one of commands. A new symbol is a row.
 */
#ifndef PRESS_SYMBOLS_H
#define PRESS_SYMBOLS_H

#include <stdbool.h>

/* What a symbol is, or what a command does. */
typedef enum Kind {
    NONE,                                /* nothing before this in the row */
    LETTER, UPRIGHT, PLAIN, BINARY, RELATION, OPEN, CLOSE, PUNCTUATION,
    INTEGRAL, SUM, NAME, LIMIT_NAME, SPACE,
    ACCENT, BRACE, FONT, WORDS, OPERATOR_NAME, FRACTION, ROOT, FENCE, BEGIN
} Kind;

typedef struct Symbol {
    const char *name;
    Kind kind;
    const char *text;                    /* SPACE: its width */
} Symbol;

/* The symbol with this name, among commands (without their backslash) or among
 * plain characters; NULL if there is none. */
const Symbol *symbol_find(bool command, const char *name, int length);

#endif
