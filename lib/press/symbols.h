/* SPDX-License-Identifier: MIT
 *
 * The symbols of TeX that formulas of this book may use (press/formula.h): one
 * table of characters, one of commands. A new symbol is a row. And how a symbol
 * looks, by itself and beside its neighbours.
 */
#ifndef PRESS_SYMBOLS_H
#define PRESS_SYMBOLS_H

#include "base/text.h"

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

/* Appends a symbol of a kind up to SPACE, and says what it is to the one that
 * follows: a minus without a left operand is no BINARY. `before` is the kind of
 * its neighbour on the left. */
Kind symbol_mathml(Text *out, const Symbol *s, Kind before, bool in_script);

/* TeX's thin space around log and fractions, and after \right). */
bool symbol_thin_space(Kind before, Kind now);

/* The letter or digit c in a font, as \mathbf{c}: 'b' for bold, 'B'
 * blackboard, 'c' calligraphic, 'r' upright; 0 where there is none. */
unsigned symbol_in_font(char font, unsigned char c);

#endif
