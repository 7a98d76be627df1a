/* SPDX-License-Identifier: MIT */
#include "runs/settings.h"
#include "runs/twin.h"
#include "runs/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "train.batch=1|4|16": the field and its values. */
static void split(SweepPoints *p, int axis, const char *vary)
{
    p->count[axis] = 1;
    if (!vary)
        return;
    const char *value = strchr(vary, '=');
    if (!value)
        die("sweep: \"%s\": expected field=value|value|...", vary);
    snprintf(p->field[axis], sizeof p->field[axis], "%.*s", (int)(value - vary),
             vary);
    for (p->count[axis] = 0; value; value = strchr(value, '|')) {
        value++;
        CHECK(p->count[axis], <, MAX_VALUES);
        CHECK(strcspn(value, "|"), <, sizeof p->value[axis][0]);
        snprintf(p->value[axis][p->count[axis]++], sizeof p->value[axis][0],
                 "%.*s", (int)strcspn(value, "|"), value);
    }
}

static Experiment point(const SweepPoints *p, const Sweep *s, int at)
{
    const int value[2] = { at / p->count[1], at % p->count[1] };
    Experiment e = method_complete(s->base);
    Text name = { 0 };

    text_add(&name, "%s, %s", s->base->name, s->set ? s->set : "");
    for (int axis = 0; axis < 2; axis++)
        if (p->field[axis][0])
            text_add(&name, "%s%s=%s", s->set || axis ? "; " : "",
                     p->field[axis], p->value[axis][value[axis]]);
    must(experiment_set(&e, name.s + strlen(s->base->name) + 1));
    e.name = name.s;
    if (s->seeds)
        e.seeds = s->seeds;
    const Experiment twin = twin_of(&e);
    text_free(&name);
    return twin;
}

SweepPoints *sweep_plan(const Sweep *s)
{
    SweepPoints *p = allocate(1, sizeof *p);

    p->name = s->name ? s->name : s->base->name;
    for (int axis = 0; axis < 2; axis++)
        split(p, axis, s->vary[axis]);
    p->n = p->count[0] * p->count[1];
    p->experiment = allocate(p->n, sizeof *p->experiment);
    p->result = allocate(p->n, sizeof *p->result);
    for (int i = 0; i < p->n; i++)
        p->experiment[i] = point(p, s, i);
    return p;
}

void sweep_free(SweepPoints *p)
{
    for (int i = 0; p && i < p->n; i++)
        free((char *)p->experiment[i].name);
    if (p) {
        free(p->experiment);
        free(p->result);
    }
    free(p);
}

const Result *sweep_at(const SweepPoints *p, int i, int k)
{
    return p->result[i * p->count[1] + k];
}
