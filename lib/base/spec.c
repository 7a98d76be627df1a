/* SPDX-License-Identifier: MIT */
#include "base/spec.h"

const SpecField no_fields[] = { { .name = NULL } };

double spec_get(const void *spec, const SpecField *f)
{
    const char *at = (const char *)spec + f->offset;

    return f->real ? (double)*(const float *)at : *(const int *)at;
}

void spec_set(void *spec, const SpecField *f, double x)
{
    char *at = (char *)spec + f->offset;

    if (f->real)
        *(float *)at = (float)x;
    else
        *(int *)at = (int)x;
}

void spec_complete(void *spec, const SpecField *fields)
{
    for (const SpecField *f = fields; f->name; f++) {
        const SpecField like = { .offset = f->usual_as };
        if (!f->given && spec_get(spec, f) == 0)
            spec_set(spec, f, f->usual_as ? spec_get(spec, &like) : f->usual);
    }
}

void spec_usual(void *spec, const SpecField *fields)
{
    for (const SpecField *f = fields; f->name; f++)
        spec_set(spec, f, f->usual);
    spec_complete(spec, fields);
}

bool spec_inside(double x, double low, double high, bool real)
{
    return real ? (float)x >= (float)low && (float)x <= (float)high
                : x >= low && x <= high;
}

Error spec_check(const void *spec, const SpecField *fields, const char *kind)
{
    for (const SpecField *f = fields; f->name; f++) {
        const double x = spec_get(spec, f);
        const bool inside = spec_inside(x, f->low, f->high, f->real);
        if (!inside && f->given && x == 0)
            return error_text("%s: %s is 0 or left out, expected %g to %g",
                              kind, f->name, f->low, f->high);
        if (!inside)
            return error_text("%s: %s is %g, expected %g to %g", kind, f->name,
                              x, f->low, f->high);
    }
    return NULL;
}
