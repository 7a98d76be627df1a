/* SPDX-License-Identifier: MIT */
#include "chapter/values.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "runs/fields.h"

enum { MAX_NAME = 128 };

/* ---- the numbers of an experiment ---- */

/* A number as prose writes it: whole ones as 5,000. */
static void number_text(char text[MAX_VALUE], double x, bool real)
{
    if (real)
        snprintf(text, MAX_VALUE, "%.7g", x);
    else
        snprintf(text, MAX_VALUE, "%s", thousands((long)x));
}

/* "dense", "dense.units" and "dense.2.units"; 0 layers of a kind have the
 * number "unused". */
static bool layer_value(char text[MAX_VALUE], const Experiment *e,
                        const char *name)
{
    const size_t length = strcspn(name, ".");
    const char *rest = name + length;
    char *number = NULL;
    long wanted = 1;
    int kind = NO_LAYER + 1, found = 0;

    while (kind < LAYER_KINDS
           && (strlen(layer_types[kind]->name) != length
               || strncmp(layer_types[kind]->name, name, length) != 0))
        kind++;
    if (kind == LAYER_KINDS)
        return false;
    if (*rest && isdigit((unsigned char)rest[1])) {
        wanted = strtol(rest + 1, &number, 10);
        rest = number;
    }
    const SpecField *f = layer_types[kind]->fields;
    while (*rest == '.' && f->name && strcmp(f->name, rest + 1) != 0)
        f++;
    if (*rest ? *rest != '.' || !f->name : number != NULL)
        return false;
    snprintf(text, MAX_VALUE, "unused");
    for (int i = 0; i < MAX_LAYERS && e->layers[i].kind; i++)
        if ((int)e->layers[i].kind == kind && ++found == wanted && *rest)
            number_text(text, spec_get(&e->layers[i], f), f->real);
    if (!*rest)
        number_text(text, found, false);
    return true;
}

static bool field_text(char text[MAX_VALUE], const Experiment *e,
                       const char *name)
{
    const Field *f;

    for (int i = 0; (f = experiment_field(i)); i++) {
        if (strcmp(f->name, name) != 0)
            continue;
        field_value(text, f, e);
        if (f->type == INTEGER)
            number_text(text, strtod(text, NULL), false);
        if (!field_used(f, e))
            snprintf(text, MAX_VALUE, "unused");
        return true;
    }
    return layer_value(text, e, name);
}

/* "relu.train.epochs": names of experiments may have dots, too. */
static bool experiment_value(char text[MAX_VALUE], const Report *r,
                             const char *name)
{
    for (int i = 0; i < r->experiment_count; i++) {
        const Experiment *e = &r->experiments[i];
        const size_t length = strlen(e->name);
        if (strncmp(name, e->name, length) == 0 && name[length] == '.'
            && field_text(text, e, name + length + 1))
            return true;
    }
    return false;
}

/* ---- by name ---- */

/* The value of that name, as plain text; NULL: there is none. What is made up
 * for it is put into `text`. */
static const char *find_value(char text[MAX_VALUE], const Report *r,
                              const char *name)
{
    for (int i = 0; i < r->value_count; i++)
        if (strcmp(r->values[i].name, name) == 0) {
            r->values[i].used = true;
            return r->values[i].text;
        }
    return experiment_value(text, r, name) ? text : NULL;
}

bool value_holds(const Report *r, const char *name)
{
    char made[MAX_VALUE], trimmed[MAX_NAME] = "";

    sscanf(name, " %127s", trimmed);
    const char *text = find_value(made, r, trimmed);
    return text && strcmp(text, "0") != 0 && strcmp(text, "no") != 0
        && strcmp(text, "unused") != 0;
}

/* Writes a count out, with its noun, unless that is "in words": "ten epochs",
 * "one epoch". False: it is none. */
static bool write_out(char out[MAX_VALUE], const char *text, const char *noun)
{
    static const char *const words[] = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
        "nine", "ten", "eleven", "twelve",
    };
    const bool bare = strcmp(noun, "in words") == 0;
    char number[64];
    int n = 0;

    if (!*text)
        return false;
    for (const char *p = text; *p; p++) {
        if (!isdigit((unsigned char)*p) && *p != ',')
            return false;
        if (*p != ',' && n < 1000)
            n = 10 * n + *p - '0';
    }
    snprintf(number, sizeof number, "%s",
             n > 12 ? text : n || bare ? words[n] : "no");
    const size_t length = strlen(noun);
    snprintf(out, MAX_VALUE, "%s%s%.*s", number, bare ? "" : " ",
             bare ? 0 : (int)(n == 1 && noun[length - 1] == 's' ? length - 1
                                                               : length), noun);
    return true;
}

static bool has_figure(const Report *r, const char *name)
{
    for (int i = 0; i < r->figure_count; i++)
        if (strcmp(r->figures[i], name) == 0)
            return true;
    return false;
}

/* What stands for {{name}}, among words or in code. */
static Error add_value(Text *out, const char *path, int line, char *name,
                       bool code, const Report *r)
{
    char made[MAX_VALUE], count[MAX_VALUE];
    char *noun = strchr(name, ' ');

    if (strncmp(name, "fig:", 4) == 0) {
        if (!has_figure(r, name + 4))
            return error_text("%s:%d: {{%s}}: the chapter reports no figure of "
                              "that name", path, line, name);
        text_add(out, "[](#fig-%s)", name + 4);
        return NULL;
    }
    if (strncmp(name, "eq:", 3) == 0) {           /* the press checks it */
        text_add(out, "[](#eq-%s)", name + 3);
        return NULL;
    }
    if (noun)
        *noun++ = '\0';
    const char *text = find_value(made, r, name);
    if (!text && r->unknown) {
        text_add(out, "%s", r->unknown);
        return NULL;
    }
    if (!text)
        return error_text("%s:%d: {{%s}}: no step has reported a value of "
                          "that name", path, line, name);
    if (noun && !write_out(count, text, noun))
        return error_text("%s:%d: {{%s %s}}: the value is \"%s\", which is no "
                          "count", path, line, name, noun, text);
    (code ? markup_in_code : markup_text)(out, noun ? count : text);
    return NULL;
}

Error weave_values(Text *out, const char *path, int line, const char *text,
                   size_t length, const Report *r)
{
    const char *end = text + length;
    bool code = false;              /* between backquotes, on this line */
    Error error = NULL;

    while (text < end && !error) {
        code = *text == '\n' ? false : code ^ (*text == '`');
        if (end - text < 2 || text[0] != '{' || text[1] != '{') {
            text_add_char(out, *text++);
            continue;
        }
        char name[MAX_NAME] = "";
        const char *close = text + 2;
        while (close + 1 < end && !(close[0] == '}' && close[1] == '}'))
            close++;
        if (close + 1 >= end || close - text - 2 >= MAX_NAME)
            return error_text("%s:%d: \"{{\" without \"}}\" on the same line",
                              path, line);
        memcpy(name, text + 2, close - text - 2);
        text = close + 2;
        error = add_value(out, path, line, name, code, r);
    }
    return error;
}
