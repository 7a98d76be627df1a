/* SPDX-License-Identifier: MIT
 *
 * Reading C source as text: its tokens, and its top-level items (functions,
 * declarations).
 */
#ifndef BASE_CCODE_H
#define BASE_CCODE_H

#include <stdbool.h>

typedef enum TokenKind {
    TOKEN_SPACE, TOKEN_COMMENT, TOKEN_KEYWORD, TOKEN_TYPE, TOKEN_IDENTIFIER,
    TOKEN_NUMBER, TOKEN_STRING, TOKEN_PREPROCESSOR, TOKEN_PUNCTUATION
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *start;
    int length;
} Token;

/* The token at p; the tokens of a text, one after the other, are the text.
 * Returns false at its end. TOKEN_TYPE is a built-in type or a CamelCase
 * name. */
bool ccode_token(Token *token, const char *p);

/* Whether the token is a name before a parenthesis: a call, or a definition. A
 * member, behind . or ->, is neither. `before` is the token before it, all zero
 * for the first. */
bool ccode_is_call(const Token *token, const Token *before);

/* One top-level item of a file: a function, a struct, an enum, a table, with
 * the comment that stands directly above it. */
typedef struct Item {
    char name[64];
    int first, last;       /* lines, from 1, comment included */
    const char *text;      /* where line `first` starts in the source */
    int length;            /* bytes, whole lines */
    bool function;         /* a function's definition, not a declaration */
} Item;

/* Finds the next item at or after *p and advances *p and *line (start with
 * the source and 1). #include and #define lines are no items; a multi-line
 * #define is one, under its name. False at the end. */
bool ccode_item(Item *item, const char **p, int *line);

#endif
