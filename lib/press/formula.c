/* SPDX-License-Identifier: MIT
 *
 * A recursive descent through TeX. Chromium does not honour columnalign:
 * style.css aligns the columns.
 */
#include "press/formula.h"

#include <ctype.h>
#include <string.h>

#include "base/escape.h"
#include "press/symbols.h"

static const struct Environment {
    const char *name, *open, *close, *row;
} environments[] = {
    { "aligned", "", "", "<mtable class=\"aligned\" displaystyle=\"true\">" },
    { "cases", "{", "", "<mtable class=\"cases\">" },
    { "matrix", "", "", "<mtable>" }, { "pmatrix", "(", ")", "<mtable>" },
    { "bmatrix", "[", "]", "<mtable>" }, { "vmatrix", "|", "|", "<mtable>" },
    { NULL, NULL, NULL, NULL }
};

typedef struct Parser {
    const char *start, *p;
    Kind previous;           /* of the last atom in this row */
    int scripts;             /* depth: operators are set tight in a script */
    bool limits;             /* the last atom wants scripts above and below */
    Error error;             /* the first one; p is at the end then */
} Parser;

static void fail(Parser *in, const char *what, const char *s, int length)
{
    if (!in->error)
        in->error = error_text("%s: %.*s", what, length, s);
    in->p += strlen(in->p);
}

static int command_length(const char *p)
{
    int n = 1;

    while (isalpha((unsigned char)p[n]))
        n++;
    return n > 1 ? n : 1 + (p[1] != '\0');
}

static bool at_command(const Parser *in, const char *name)
{
    const int n = (int)strlen(name);

    return *in->p == '\\' && command_length(in->p) == n + 1
        && memcmp(in->p + 1, name, (size_t)n) == 0;
}

static void skip_space(Parser *in)
{
    while (isspace((unsigned char)*in->p))
        in->p++;
}

/* Where a row ends: its reader knows which of these it wants. */
static bool at_end(const Parser *in)
{
    return !*in->p || *in->p == '}' || *in->p == '&' || at_command(in, "\\")
        || at_command(in, "right") || at_command(in, "end");
}

static void read_row(Parser *in, Text *out);
static Kind read_atom(Parser *in, Text *out);

/* {a row}, or one atom. */
static void read_argument(Parser *in, Text *out)
{
    const Kind outer = in->previous;

    skip_space(in);
    in->previous = NONE;
    if (at_end(in)) {
        fail(in, "an argument is missing at the end of", in->start, 60);
    } else if (isdigit((unsigned char)*in->p)) {
        text_add(out, "<mn>%c</mn>", *in->p++);      /* as TeX does: x^12 */
    } else if (*in->p != '{') {
        read_atom(in, out);
    } else {
        const char *brace = in->p++;
        text_add(out, "<mrow>");
        read_row(in, out);
        text_add(out, "</mrow>");
        if (*in->p != '}')
            fail(in, "a { is not closed", brace, 60);
        else
            in->p++;
    }
    in->previous = outer;
}

/* The raw characters of {an argument}. */
static const char *read_raw(Parser *in, int *length)
{
    skip_space(in);
    const char *start = in->p + 1;
    const char *end = *in->p == '{' ? strchr(start, '}') : NULL;

    *length = end ? (int)(end - start) : 0;
    if (end)
        in->p = end + 1;
    else
        fail(in, "words in { } are missing in", in->start, 60);
    return start;
}

static void add_in_font(Parser *in, Text *out, char font)
{
    int length;
    const char *s = read_raw(in, &length);

    text_add(out, length == 1 ? "<mi mathvariant=\"normal\">" : "<mi>");
    for (int i = 0; i < length; i++) {
        const unsigned code = symbol_in_font(font, (unsigned char)s[i]);
        if (code == 0)
            fail(in, "not a letter of this font", s + i, 1);
        text_add(out, code < 128 ? "%c" : "&#x%X;", code);
    }
    text_add(out, "</mi>");
}

/* Words: spaces at the ends stay, \_ is _, \, is thin. */
static void add_words(Parser *in, Text *out, const char *tag)
{
    int length;
    const char *s = read_raw(in, &length);

    text_add(out, "<%s>", tag);
    for (int i = 0; i < length; i++) {
        if (s[i] == '\\' && s[i + 1] == ',')
            text_add(out, "\u2009"), i++;
        else if (s[i] == '\\' && ispunct((unsigned char)s[i + 1]))
            escape_html(out, &s[++i], 1);
        else if (s[i] == '\\')
            fail(in, "a command in a text", s + i, length - i);
        else if (s[i] == ' ' && (i == 0 || i == length - 1))
            text_add(out, "\u00A0");
        else
            escape_html(out, &s[i], 1);
    }
    text_add(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* 0.5, 60{,}000 */
static void add_number(Parser *in, Text *out)
{
    text_add(out, "<mn>");
    for (;;) {
        if (isdigit((unsigned char)*in->p)
            || (*in->p == '.' && isdigit((unsigned char)in->p[1]))) {
            text_add_char(out, *in->p++);
        } else if (strncmp(in->p, "{,}", 3) == 0) {
            text_add_char(out, ',');
            in->p += 3;
        } else {
            break;
        }
    }
    text_add(out, "</mn>");
}

static const char fence[] =
    "<mo form=\"%s\" fence=\"true\" stretchy=\"true\">%s</mo>";

/* The delimiter after \left and \right; "." is none. */
static void add_delimiter(Parser *in, Text *out, const char *form)
{
    skip_space(in);
    const bool command = *in->p == '\\';
    const int n = command ? command_length(in->p) : *in->p != '\0';
    const Symbol *s = symbol_find(command, in->p + command, n - command);

    if (!s || (s->kind != OPEN && s->kind != CLOSE && s->kind != PLAIN)) {
        fail(in, "not a delimiter", in->p, n);
        return;
    }
    in->p += n;
    if (*s->text != '.')
        text_add(out, fence, form, s->text);
}

static void read_fence(Parser *in, Text *out)
{
    const Kind outer = in->previous;

    text_add(out, "<mrow>");
    add_delimiter(in, out, "prefix");
    in->previous = NONE;
    read_row(in, out);
    in->previous = outer;
    if (!at_command(in, "right")) {
        fail(in, "\\left without \\right in", in->start, 60);
    } else {
        in->p += strlen("\\right");
        add_delimiter(in, out, "postfix");
    }
    text_add(out, "</mrow>");
}

/* The rows and columns up to \end. TeX puts an empty atom before a right
 * column, so that the operator there has a left operand. */
static void read_rows(Parser *in, Text *out, bool aligned)
{
    text_add(out, "<mtr><mtd>");
    for (int column = 0;;) {
        const bool right = aligned && column % 2 == 1;
        if (right)
            text_add(out, "<mi></mi>");
        in->previous = right ? PLAIN : NONE;
        read_row(in, out);
        if (*in->p == '&') {
            in->p++;
            column++;
            text_add(out, "</mtd><mtd>");
        } else if (at_command(in, "\\")) {
            in->p += 2;
            column = 0;
            text_add(out, "</mtd></mtr><mtr><mtd>");
        } else {
            break;
        }
    }
    text_add(out, "</mtd></mtr>");
}

static void read_environment(Parser *in, Text *out)
{
    const struct Environment *e = environments;
    const Kind outer = in->previous;
    int length, end_length = 0;
    const char *name = read_raw(in, &length);

    while (e->name && !(strncmp(e->name, name, (size_t)length) == 0
                        && !e->name[length]))
        e++;
    if (!e->name) {
        fail(in, "an environment this book does not know", name, length);
        return;
    }
    text_add(out, "<mrow>");
    if (*e->open)
        text_add(out, fence, "prefix", e->open);
    text_add(out, "%s", e->row);
    read_rows(in, out, strcmp(e->name, "aligned") == 0);
    text_add(out, "</mtable>");
    if (*e->close)
        text_add(out, fence, "postfix", e->close);
    text_add(out, "</mrow>");
    in->previous = outer;
    if (at_command(in, "end")) {
        in->p += strlen("\\end");
        const char *end = read_raw(in, &end_length);
        if (end_length == length && memcmp(end, name, (size_t)length) == 0)
            return;
    }
    fail(in, "\\begin without its \\end", name, length);
}

static void read_root(Parser *in, Text *out)
{
    Text index = { 0 };

    skip_space(in);
    if (*in->p == '[') {
        in->p++;
        read_atom(in, &index);
        if (*in->p == ']')
            in->p++;
        else
            fail(in, "the index of a root is one letter or number", in->start,
                 60);
    }
    text_add(out, index.length ? "<mroot>" : "<msqrt>");
    read_argument(in, out);
    text_add(out, "%s", text_string(&index));
    text_add(out, index.length ? "</mroot>" : "</msqrt>");
    text_free(&index);
}

static void add_accent(Parser *in, Text *out, const char *element,
                       const char *attributes, const char *mark)
{
    text_add(out, "<%s>", element);
    read_argument(in, out);
    text_add(out, "<mo %s>%s</mo></%.*s>", attributes, mark,
             (int)strcspn(element, " "), element);
}

static void add_fraction(Parser *in, Text *out)
{
    text_add(out, "<mfrac>");
    read_argument(in, out);
    read_argument(in, out);
    text_add(out, "</mfrac>");
}

static void add_operator_name(Parser *in, Text *out)
{
    in->limits = *in->p == '*';
    in->p += in->limits;
    add_words(in, out, in->limits
              ? "mo movablelimits=\"true\" lspace=\"0\" rspace=\"0\"" : "mi");
}

/* Appends a symbol or carries out a command, and says what it is to its
 * neighbours in the row. */
static Kind add_symbol(Parser *in, Text *out, const Symbol *s)
{
    if (s->kind <= SPACE) {
        in->limits = s->kind == SUM || s->kind == LIMIT_NAME;
        return symbol_mathml(out, s, in->previous, in->scripts > 0);
    }
    switch (s->kind) {
    case ACCENT:
        add_accent(in, out, "mover accent=\"true\"", "stretchy=\"false\"",
                   s->text);
        return LETTER;
    case BRACE:
        add_accent(in, out, *s->name == 'u' ? "munder" : "mover",
                   "stretchy=\"true\"", s->text);
        in->limits = true;
        return LETTER;
    case OPERATOR_NAME: add_operator_name(in, out); return NAME;
    case FONT:          add_in_font(in, out, *s->text); return LETTER;
    case WORDS:         add_words(in, out, "mtext"); return PLAIN;
    case FRACTION:      add_fraction(in, out); return FRACTION;
    case ROOT:          read_root(in, out); return LETTER;
    case FENCE:         read_fence(in, out); return FENCE;
    default:            read_environment(in, out); return FENCE;
    }
}

static Kind read_atom(Parser *in, Text *out)
{
    const char *p = in->p;
    const bool command = *p == '\\';
    const int length = command ? command_length(p) : 1;
    const Symbol *s = symbol_find(command, p + command, length - command);

    in->limits = false;
    if (*p == '{') {
        read_argument(in, out);
    } else if (isdigit((unsigned char)*p)) {
        add_number(in, out);
    } else if (isalpha((unsigned char)*p)) {
        text_add(out, "<mi>%c</mi>", *in->p++);
    } else if (s) {
        in->p += length;
        return add_symbol(in, out, s);
    } else {
        fail(in, command ? "an unknown TeX command" : "unexpected in TeX", p,
             command ? length : (int)strcspn(p, " \n"));
    }
    return LETTER;
}

static void read_script(Parser *in, Text *out)
{
    in->scripts++;
    read_argument(in, out);
    in->scripts--;
}

/* An atom with its primes, its subscript and its superscript. The prime of a
 * mathematics font is raised already, so it stands beside the letter. */
static void read_scripted(Parser *in, Text *out)
{
    static const char *const elements[2][4] = {
        { NULL, "msub", "msup", "msubsup" },
        { NULL, "munder", "mover", "munderover" }
    };
    Text base = { 0 }, below = { 0 }, above = { 0 };
    const Kind before = in->previous;
    int primes = 0;

    const Kind kind = read_atom(in, &base);
    const bool limits = in->limits;
    for (skip_space(in); *in->p && strchr("_^'", *in->p); skip_space(in)) {
        const char mark = *in->p++;
        Text *script = mark == '_' ? &below : &above;
        if (mark == '\'')
            primes++;
        else if (script->length)
            fail(in, "a second script", in->p - 1, 10);
        else
            read_script(in, script);
    }
    in->previous = kind == SPACE ? before : kind;
    if (!in->scripts && symbol_thin_space(before, kind))
        text_add(out, "<mspace width=\"0.1667em\"/>");
    const char *element = elements[limits][(below.length > 0)
                                           + 2 * (above.length > 0)];
    if (element)
        text_add(out, "<%s>", element);
    if (primes)
        text_add(out, "<mrow>");
    text_add(out, "%s", text_string(&base));
    for (int i = 0; i < primes; i++)
        text_add(out, "<mo lspace=\"0\" rspace=\"0\">′</mo>");
    if (primes)
        text_add(out, "</mrow>");
    text_add(out, "%s%s", text_string(&below), text_string(&above));
    if (element)
        text_add(out, "</%s>", element);
    text_free(&base);
    text_free(&below);
    text_free(&above);
}

static void read_row(Parser *in, Text *out)
{
    for (skip_space(in); !at_end(in); skip_space(in))
        read_scripted(in, out);
}

Error formula_mathml(Text *html, const char *tex, bool display)
{
    Parser in = { .start = tex, .p = tex, .previous = NONE };
    Text row = { 0 };

    read_row(&in, &row);
    if (*in.p)
        fail(&in, "without its other half in TeX", in.p, 10);
    if (!in.error)
        text_add(html, "<math%s>%s</math>",
                 display ? " display=\"block\"" : "", text_string(&row));
    text_free(&row);
    return in.error;
}
