/* SPDX-License-Identifier: MIT */
#include "base/ccode.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const char *const keywords[] = {
    "alignas", "auto", "break", "case", "const", "continue", "default", "do",
    "else", "enum", "extern", "for", "goto", "if", "inline", "register",
    "restrict", "return", "sizeof", "static", "struct", "switch", "typedef",
    "union", "volatile", "while", "_Alignas", "_Alignof", "_Atomic",
    "_Generic", "_Noreturn", "_Static_assert", "_Thread_local",
    "__attribute__", NULL
};

static const char *const types[] = {
    "void", "char", "short", "int", "long", "float", "double", "signed",
    "unsigned", "bool", "_Bool", "FILE", "va_list", NULL
};

static const char *const directives[] = {
    "include", "define", "undef", "if", "ifdef", "ifndef", "elif", "else",
    "endif", "error", "warning", "pragma", "line", NULL
};

static bool among(const char *const *words, const char *s, size_t n)
{
    for (; *words; words++)
        if (strlen(*words) == n && memcmp(*words, s, n) == 0)
            return true;
    return false;
}

static bool letter(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *after_word(const char *p)
{
    while (letter(*p))
        p++;
    return p;
}

static const char *after_line(const char *p)
{
    while (*p && *p != '\n')
        p += *p == '\\' && p[1] ? 2 : 1;
    return p;
}

/* White space, and the backslash that joins two lines. */
static const char *after_space(const char *p)
{
    while (isspace((unsigned char)*p) || (*p == '\\' && p[1] == '\n'))
        p++;
    return p;
}

/* To the closing quote or, where that is missing, to the end of the line. */
static const char *after_quote(const char *p)
{
    const char quote = *p++;

    while (*p && *p != quote && *p != '\n')
        p += *p == '\\' && p[1] ? 2 : 1;
    return *p == quote ? p + 1 : p;
}

static const char *after_comment(const char *p)
{
    if (p[1] == '/')
        return after_line(p);
    const char *end = strstr(p + 2, "*/");
    return end ? end + 2 : p + strlen(p);
}

static const char *after_number(const char *p)
{
    while (letter(*p) || *p == '.'
           || ((*p == '+' || *p == '-') && strchr("eEpP", p[-1])))
        p++;
    return p;
}

/* To the closing > or, where that is missing, to the end of the line. */
static const char *after_bracket(const char *p)
{
    p += strcspn(p, ">\n");
    return p + (*p == '>');
}

/* `#define`, or `#include` with its file; NULL where # is an operator. */
static const char *after_directive(const char *p)
{
    const char *word = p + 1 + strspn(p + 1, " \t");
    const char *end = after_word(word);

    if (!among(directives, word, (size_t)(end - word)))
        return NULL;
    if (strncmp(word, "include", 7) == 0) {
        const char *file = end + strspn(end, " \t");
        return *file == '"' ? after_quote(file)
             : *file == '<' ? after_bracket(file)
                            : end;
    }
    return *word == 'p' || *word == 'w' || strncmp(word, "error", 5) == 0
         ? after_line(end) : end;
}

/* Types of the language and of <stdint.h>, and CamelCase: a capital first
 * and a small letter somewhere. */
static TokenKind kind_of_word(const char *s, size_t n)
{
    if (among(keywords, s, n))
        return TOKEN_KEYWORD;
    if (among(types, s, n) || (n > 2 && memcmp(s + n - 2, "_t", 2) == 0))
        return TOKEN_TYPE;
    if (isupper((unsigned char)*s) && !memchr(s, '_', n))
        for (size_t i = 1; i < n; i++)
            if (islower((unsigned char)s[i]))
                return TOKEN_TYPE;
    return TOKEN_IDENTIFIER;
}

bool ccode_token(Token *token, const char *p)
{
    const char *end = NULL;
    TokenKind kind;

    if (!*p)
        return false;
    if (after_space(p) > p) {
        kind = TOKEN_SPACE;
        end = after_space(p);
    } else if (*p == '/' && (p[1] == '*' || p[1] == '/')) {
        kind = TOKEN_COMMENT;
        end = after_comment(p);
    } else if (*p == '#' && (end = after_directive(p))) {
        kind = TOKEN_PREPROCESSOR;
    } else if (*p == '"' || *p == '\'') {
        kind = TOKEN_STRING;
        end = after_quote(p);
    } else if (isdigit((unsigned char)*p)
               || (*p == '.' && isdigit((unsigned char)p[1]))) {
        kind = TOKEN_NUMBER;
        end = after_number(p);
    } else if (letter(*p)) {
        end = after_word(p);
        kind = kind_of_word(p, (size_t)(end - p));
    } else {
        kind = TOKEN_PUNCTUATION;
        end = p + 1;
    }
    *token = (Token){ kind, p, (int)(end - p) };
    return true;
}

bool ccode_is_call(const Token *t, const Token *before)
{
    const char *end = before->length ? before->start + before->length : "";

    return t->kind == TOKEN_IDENTIFIER && t->start[t->length] == '('
        && !(before->length && (end[-1] == '.' || end[-1] == '>'));
}

/* A place in a source, and its line. */
typedef struct Cursor {
    const char *p;
    int line;
} Cursor;

static void step_over(Cursor *at, const Token *t)
{
    for (int i = 0; i < t->length; i++)
        at->line += t->start[i] == '\n';
    at->p += t->length;
}

/* Line ends in a token, without those that a backslash takes back. */
static int line_ends(const Token *t)
{
    int n = 0;

    for (int i = 0; i < t->length; i++)
        n += t->start[i] == '\n' && !(i > 0 && t->start[i - 1] == '\\');
    return n;
}

/* To the start of the next line, over comments that begin on this one. */
static void finish_line(Cursor *at)
{
    Token t;

    while (ccode_token(&t, at->p)) {
        if (t.kind == TOKEN_SPACE && line_ends(&t) > 0) {
            const char *p = t.start;
            while (*p != '\n' || (p > t.start && p[-1] == '\\'))
                p++;
            t.length = (int)(p + 1 - t.start);
            step_over(at, &t);
            return;
        }
        step_over(at, &t);
    }
}

static void set_name(Item *item, const Token *t)
{
    const int room = (int)sizeof item->name - 1;
    const int n = t->length < room ? t->length : room;

    memcpy(item->name, t->start, (size_t)n);
    item->name[n] = '\0';
}

/* A directive with all its lines; true if it is a #define of several. */
static bool read_directive(Item *item, Cursor *at)
{
    const int line = at->line;
    Token word, t;

    ccode_token(&word, at->p);
    step_over(at, &word);
    const bool define = word.length >= 6
        && memcmp(word.start + word.length - 6, "define", 6) == 0;
    if (ccode_token(&t, at->p) && t.kind == TOKEN_SPACE && !line_ends(&t)) {
        step_over(at, &t);
        if (ccode_token(&t, at->p) && define)
            set_name(item, &t);
    }
    finish_line(at);
    const bool several = define && at->line > line + 1;
    if (!several)
        item->name[0] = '\0';
    return several;
}

/* A declaration up to its ; or a definition up to its }. Its name is the last
 * word before the first parenthesis, bracket, comma or = at depth 0, or the
 * word after (* there, or the first one inside the braces of a bare enum. */
static void read_declaration(Item *item, Cursor *at)
{
    int depth = 0;
    bool named = false, pointer = false, assigned = false;
    char before = 0;                    /* the last token's first character */
    Token t;

    for (; ccode_token(&t, at->p); step_over(at, &t)) {
        const char c = *t.start;
        const bool word = t.kind == TOKEN_IDENTIFIER || t.kind == TOKEN_TYPE;

        if (t.kind == TOKEN_SPACE || t.kind == TOKEN_COMMENT)
            continue;
        if (t.kind == TOKEN_PREPROCESSOR) {
            Item ignored;
            read_directive(&ignored, at);
            t.length = 0;
            continue;
        }
        if (word && !named && (depth == 0 || pointer || !*item->name)) {
            set_name(item, &t);
            named = pointer;
        } else if (depth == 0 && !named && strchr("=[,(", c)) {
            pointer = c == '(' && at->p[1] == '*';
            named = !pointer && *item->name;
        }
        assigned |= depth == 0 && c == '=';
        if (depth == 0 && c == '{' && before == ')' && !assigned)
            item->function = true;
        depth += (c == '{' || c == '(' || c == '[') && t.length == 1;
        depth -= c == '}' || c == ')' || c == ']';
        before = c;
        if (depth == 0 && (c == ';' || (c == '}' && item->function)))
            break;
    }
    finish_line(at);
}

bool ccode_item(Item *item, const char **p, int *line)
{
    Cursor at = { *p, *line }, first = at;   /* of the item or its comment */
    bool found = false, comment = false;     /* just read a comment */
    Token t;

    *item = (Item){ .name = "" };
    while (!found && ccode_token(&t, at.p)) {
        if (t.kind == TOKEN_SPACE) {
            step_over(&at, &t);
            if (line_ends(&t) > comment)             /* a blank line */
                first = at;
            comment = false;
        } else if (t.kind == TOKEN_COMMENT) {
            const bool prose = strncmp(t.start, "/*%", 3) == 0;
            step_over(&at, &t);
            if (prose)
                first = at;
            comment = !prose;
        } else if (t.kind == TOKEN_PREPROCESSOR) {
            found = read_directive(item, &at);
            first = found ? first : at;
        } else {
            read_declaration(item, &at);
            found = true;
        }
    }
    if (found) {
        while (first.p > *p && first.p[-1] != '\n')  /* its indentation */
            first.p--;
        item->first = first.line;
        item->last = at.line - (at.p[-1] == '\n');
        item->text = first.p;
        item->length = (int)(at.p - first.p);
    }
    *p = at.p;
    *line = at.line;
    return found;
}
