/* SPDX-License-Identifier: MIT */
#include "nn/experiment.h"

const SpecField train_fields[] = {
    { "epochs", offsetof(TrainSpec, epochs), .low = 1, .high = MAX_EPOCHS },
    { "batch", offsetof(TrainSpec, batch), .low = 1, .high = 60000 },
    { "images", offsetof(TrainSpec, images), .low = 0, .high = 60000 },
    { "validation", offsetof(TrainSpec, validation), .low = 0, .high = 59999 },
    { NULL },
};

Experiment experiment_complete(const Experiment *e)
{
    Experiment whole = *e;

    spec_complete(&whole.optimiser, optimiser_types[e->optimiser.kind]->fields);
    for (LayerSpec *l = whole.layers; l < whole.layers + MAX_LAYERS; l++)
        if (l->kind)
            spec_complete(l, layer_types[l->kind]->fields);
    return whole;
}

Error experiment_check(const Experiment *e)
{
    const OptimiserType *o = optimiser_types[e->optimiser.kind];
    const Error error = spec_check(&e->train, train_fields, "training");

    return error ? error : spec_check(&e->optimiser, o->fields, o->name);
}

Error experiment_split(Dataset *training, Dataset *held_out,
                       const Experiment *e, const Dataset *data)
{
    const int validation = e->train.validation;
    const int images = e->train.images ? e->train.images : data->n - validation;

    if (validation < 0 || images < 1 || images > data->n - validation)
        return error_text("%d images for training and %d held out; the data "
                          "set has %d", images, validation, data->n);
    *training = dataset_slice(data, 0, images);
    *held_out = dataset_slice(data, data->n - validation, validation);
    return NULL;
}
