/* SPDX-License-Identifier: MIT */
#include "runs/method.h"

Error method_check(const Experiment *e)
{
    const Method *m = method_of(e->method);

    return m->fields ? spec_check(e, m->fields, m->name) : NULL;
}

Experiment method_complete(const Experiment *e)
{
    const Method *m = method_of(e->method);
    Experiment whole = m->layered ? experiment_complete(e) : *e;

    if (m->fields)
        spec_complete(&whole, m->fields);
    return whole;
}
