/* SPDX-License-Identifier: MIT */
#include "nn/complete.h"

#include "nn/layer.h"
#include "nn/optimiser.h"

Experiment experiment_complete(const Experiment *e)
{
    Experiment whole = *e;

    spec_complete(&whole.optimiser, optimiser_types[e->optimiser.kind].fields);
    for (LayerSpec *l = whole.layers; l < whole.layers + MAX_LAYERS; l++)
        if (l->kind)
            spec_complete(l, layer_types[l->kind]->fields);
    return whole;
}

Error experiment_check(const Experiment *e)
{
    const OptimiserType *o = &optimiser_types[e->optimiser.kind];

    return spec_check(&e->optimiser, o->fields, o->name);
}
