/* SPDX-License-Identifier: MIT */
#include "nn/model.h"

#include <limits.h>
#include <stdlib.h>

#include "base/memory.h"

const Pass predicting = { .training = false };

/* Fits layer i to what the layer before it makes. */
static Error configure_layer(Layer *l, int i, LayerSpec spec, Shape in)
{
    l->number = i;
    l->spec = spec;
    l->type = layer_types[spec.kind];
    l->in_shape = l->out_shape = in;
    l->in = shape_size(in);
    spec_complete(&l->spec, l->type->fields);
    Error error = spec_check(&l->spec, l->type->fields, l->type->name);
    if (error || (l->type->configure && (error = l->type->configure(l))))
        return error_text("layer %d, %s", i + 1, error);
    if ((l->out = shape_size(l->out_shape)) == INT_MAX)
        return error_text("layer %d, %s: too large", i + 1, l->type->name);
    if (l->tensors > MAX_TENSORS)
        return error_text("%s has %d tensors, and there is room for %d",
                          l->type->name, l->tensors, MAX_TENSORS);
    return NULL;
}

/* A layer may write over its input if it can and if nobody wants that input on
 * the way back: not the layer itself, not the one before, whose output it is,
 * and not a loss that looks at what goes into the last layer. The pixels are
 * left alone. */
bool model_in_place(const Model *m, int i)
{
    const LayerType *type = m->layers[i].type;

    return type->in_place && i > 0 && !type->needs_x
        && !m->layers[i - 1].type->needs_y
        && !(m->loss->from_logits && i == m->depth - 1);
}

Error model_configure(Model *m, const Experiment *e, int batch)
{
    Shape shape = e->input;

    m->batch = batch;
    m->loss = &loss_types[e->loss];
    for (; m->depth < MAX_LAYERS && e->layers[m->depth].kind; m->depth++) {
        Layer *l = &m->layers[m->depth];
        const Error error = configure_layer(l, m->depth, e->layers[m->depth],
                                            shape);
        if (error)
            return error;
        shape = l->out_shape;
        m->n = size_sum(m->n, l->learned);
        m->states = size_sum(m->states, l->kept);
    }
    if (shape_size(e->input) != PIXELS || shape_size(shape) != CLASSES)
        return error_text("a network from %d inputs to %d outputs; expected %d "
                          "to %d", shape_size(e->input), shape_size(shape),
                          PIXELS, CLASSES);
    if (m->loss->from_logits && m->layers[m->depth - 1].type != &softmax_layer)
        return error_text("loss %s wants softmax as the last layer, found %s",
                          m->loss->name, m->layers[m->depth - 1].type->name);
    m->active = size_product(batch, PIXELS);
    for (int i = 0; i < m->depth; i++) {
        Layer *l = &m->layers[i];
        l->scratch_size = size_sum(l->scratch_size,
                                   size_product(batch, l->scratch_per_image));
        m->worked = size_sum(m->worked, l->scratch_size);
        m->active = size_sum(m->active, model_in_place(m, i) ? 0
                                      : size_product(batch, l->out));
    }
    return NULL;
}

/* Cuts the blocks of memory into the views that layers and passes use. */
static Error lay_out(Model *m)
{
    float *learned = m->parameters, *kept = m->parameters + m->n;

    m->activations = memory_zeroed(m->active, sizeof(float));
    m->scratch = memory_zeroed(m->worked, sizeof(float));
    if (!m->activations || !m->scratch)
        return error_text("out of memory for batches of %d images", m->batch);
    float *work = m->scratch;
    m->x[0] = m->activations;
    for (int i = 0; i < m->depth; i++) {
        Layer *l = &m->layers[i];
        for (int t = 0; t < l->tensors; t++) {
            float **at = l->tensor[t].state ? &kept : &learned;
            l->tensor[t].value = *at;
            *at += l->tensor[t].n;
        }
        l->scratch = work;
        work += l->scratch_size;
        m->x[i + 1] = m->x[i] + (model_in_place(m, i) ? 0
                                 : (size_t)m->batch * l->in);
    }
    return NULL;
}

/* With the parameters of another model, or NULL. */
static Error create(Model **model, const Experiment *e, int batch,
                    float *parameters)
{
    Model *m = calloc(1, sizeof *m);

    if (!m)
        return error_text("out of memory for a model");
    m->shared = parameters;
    m->parameters = parameters;
    Error error = model_configure(m, e, batch);
    if (!error && !parameters
        && !(m->parameters = memory_zeroed(size_sum(m->n, m->states),
                                           sizeof(float))))
        error = error_text("out of memory for %zu parameters", m->n);
    if (error || (error = lay_out(m)))
        model_free(m);
    else
        *model = m;
    return error;
}

Error model_create(Model **m, const Experiment *e, int batch)
{
    return create(m, e, batch, NULL);
}

Error model_share(Model **twin, const Model *m, const Experiment *e, int batch)
{
    return create(twin, e, batch, m->parameters);
}

void model_free(Model *m)
{
    if (!m)
        return;
    if (!m->shared)
        free(m->parameters);
    free(m->activations);
    free(m->scratch);
    free(m->gradients);
    free(m->activation_gradients);
    free(m);
}

/* Each tensor uniform between the ends that its layer gives. For dense layers
 * and convolutions these are +-1 / sqrt(n) with n inputs to each output, as
 * PyTorch has it for torch.nn.Linear and Conv2d. */
void model_initialise(Model *m, uint64_t seed)
{
    Rng rng = rng_stream(seed, FIRST_WEIGHTS, 0, 0);

    for (int i = 0; i < m->depth; i++)
        for (int k = 0; k < m->layers[i].tensors; k++) {
            const Tensor *t = &m->layers[i].tensor[k];
            for (size_t j = 0; j < t->n; j++)
                t->value[j] = t->low == t->high ? t->low
                            : t->low + (t->high - t->low) * rng_uniform(&rng);
        }
}

/* From the B images in x[0], at most m->batch, to the outputs (B, CLASSES),
 * which it returns. */
const float *model_forward(Model *m, int B, const Pass *pass)
{
    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        l->type->forward(l, m->x[i + 1], m->x[i], B, pass);
    }
    return m->x[m->depth];
}

/* Multiplications (each with its addition) of the forward pass of one image:
 * one a weight for each position in which the weight is used. */
double model_macs(const Model *m)
{
    double macs = 0;

    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        if (l->tensors > 0)
            macs += (double)l->tensor[WEIGHT].n * l->out_shape.rows
                  * l->out_shape.columns;
    }
    return macs;
}
