/* SPDX-License-Identifier: MIT */
#include "runs/method.h"

Experiment method_complete(const Experiment *e)
{
    const Method *m = method_of(e->method);
    Experiment whole = m->layered ? experiment_complete(e) : *e;

    if (m->fields)
        spec_complete(&whole, m->fields);
    return whole;
}
