/* SPDX-License-Identifier: MIT */
#include "nn/model.h"

#include <math.h>
#include <stdlib.h>

const LayerType *const layer_types[LAYER_KINDS] = {
    [DENSE]    = &dense_layer,
    [CONV2D]   = &conv2d_layer,
    [MAX_POOL] = &max_pool_layer,
    [FLATTEN]  = &flatten_layer,
    [DROPOUT]  = &dropout_layer,
    [SIGMOID]  = &sigmoid_layer,
    [RELU]     = &relu_layer,
    [SOFTMAX]  = &softmax_layer,
};

static int numbers(Shape s)
{
    return s.channels * s.rows * s.columns;
}

/* Fills in the layers from the experiment, each fitted to the one before. */
static Error configure_layers(Model *m, const Experiment *e)
{
    Shape shape = e->input;

    for (; m->depth < MAX_LAYERS && e->layers[m->depth].kind; m->depth++) {
        Layer *l = &m->layers[m->depth];
        l->spec = e->layers[m->depth];
        l->type = layer_types[l->spec.kind];
        l->in_shape = shape;
        l->in = numbers(shape);
        const Error error = l->type->configure(l, m->batch);
        if (error)
            return error_text("layer %d, %s", m->depth + 1, error);
        shape = l->out_shape;
        l->out = numbers(shape);
        m->n += (size_t)l->weights + (size_t)l->biases;
    }
    if (numbers(e->input) != PIXELS || numbers(shape) != CLASSES)
        return error_text("a network from %d inputs to %d outputs; expected %d "
                          "to %d",
                          numbers(e->input), numbers(shape), PIXELS, CLASSES);
    if (m->loss->from_logits && m->layers[m->depth - 1].spec.kind != SOFTMAX)
        return error_text("loss %s wants softmax as the last layer, found %s",
                          m->loss->name, m->layers[m->depth - 1].type->name);
    return NULL;
}

/* Cuts the blocks of memory into the views that layers and passes use. */
static void lay_out(Model *m)
{
    float *w = m->parameters, *dw = m->gradients;
    size_t size = (size_t)m->batch * PIXELS;

    for (int i = 0; i < m->depth; i++)
        size += (size_t)m->batch * m->layers[i].out;
    m->activations = allocate(size, sizeof(float));
    m->activation_gradients = allocate(size - (size_t)m->batch * PIXELS,
                                       sizeof(float));
    m->x[0] = m->activations;
    for (int i = 0; i < m->depth; i++) {
        Layer *l = &m->layers[i];
        l->W = w;
        l->dW = dw;
        l->b = w + l->weights;
        l->db = dw + l->weights;
        w += l->weights + l->biases;
        dw += l->weights + l->biases;
        l->scratch = l->scratch_size ? allocate(l->scratch_size,
                                                sizeof(float)) : NULL;
        const size_t step = l->type->in_place ? 0 : (size_t)m->batch * l->in;
        m->x[i + 1] = m->x[i] + step;
        m->dx[i + 1] = i ? m->dx[i] + step : m->activation_gradients;
    }
}

/* A model for up to `batch` images at once, all parameters zero. The error
 * says which layer does not fit. */
Error model_create(Model **model, const Experiment *e, int batch)
{
    Model *m = allocate(1, sizeof *m);

    m->batch = batch;
    m->loss = &loss_types[e->loss];
    const Error error = configure_layers(m, e);
    if (error) {
        free(m);
        return error;
    }
    m->parameters = allocate(m->n, sizeof(float));
    m->gradients = allocate(m->n, sizeof(float));
    lay_out(m);
    *model = m;
    return NULL;
}

/* A second model over the same parameters, with gradients and activations of
 * its own: what another thread needs to work on another part of a batch. It
 * must be freed before m. */
Model *model_share(const Model *m, const Experiment *e, int batch)
{
    Model *twin = allocate(1, sizeof *twin);

    twin->batch = batch;
    twin->loss = m->loss;
    must(configure_layers(twin, e));
    twin->shared = true;
    twin->parameters = m->parameters;
    twin->gradients = allocate(m->n, sizeof(float));
    lay_out(twin);
    return twin;
}

void model_free(Model *m)
{
    if (!m)
        return;
    for (int i = 0; i < m->depth; i++)
        free(m->layers[i].scratch);
    if (!m->shared)
        free(m->parameters);
    free(m->gradients);
    free(m->activations);
    free(m->activation_gradients);
    free(m);
}

/* Weights and biases uniform in +-1 / sqrt(fan_in), as PyTorch does it for
 * torch.nn.Linear and Conv2d: the sum over the inputs then neither swells nor
 * fades much from layer to layer. */
void model_initialise(Model *m, uint64_t seed)
{
    Rng rng = rng_create(seed, 0);

    for (int i = 0; i < m->depth; i++) {
        Layer *l = &m->layers[i];
        const float bound = l->fan_in ? 1 / sqrtf((float)l->fan_in) : 0;
        for (int j = 0; j < l->weights + l->biases; j++)
            l->W[j] = bound * (2 * rng_uniform(&rng) - 1);   /* b follows W */
    }
}

/* The one way from pixels to inputs: x (B, PIXELS) are the bytes of B images,
 * divided by 255. The images are order[first], order[first + 1], ... of an
 * order of all images, or just first, first + 1, ... without one. In an order
 * they lie anywhere in some 47 MB: the next is asked for beforehand. */
void gather(float *x, const Dataset *d, const int *order, int first, int B)
{
    enum { CACHE_LINE = 64 };

    for (int i = first; i < first + B; i++) {
        const uint8_t *pixel = d->pixels
                             + (size_t)(order ? order[i] : i) * PIXELS;
        if (order && i + 1 < d->n)
            for (int j = 0; j < PIXELS; j += CACHE_LINE)
                __builtin_prefetch(d->pixels + (size_t)order[i + 1] * PIXELS
                                   + j);
        for (int j = 0; j < PIXELS; j++)
            *x++ = (float)pixel[j] / 255;
    }
}

/* From the images in x[0] to the outputs (B, CLASSES), which it returns. */
const float *model_forward(Model *m, int B, bool training)
{
    CHECK(B, <=, m->batch);
    for (int i = 0; i < m->depth; i++) {
        Layer *l = &m->layers[i];
        l->type->forward(l, m->x[i + 1], m->x[i], B, training);
    }
    return m->x[m->depth];
}

/* The sum of the losses of the B images that went forward last; with d, the
 * gradient too (see LossType). A loss from logits looks one layer back. */
double model_loss(Model *m, float *d, const uint8_t *labels, int B, int images)
{
    const float *y = m->x[m->depth - m->loss->from_logits];

    return m->loss->sum(d, y, labels, B, images, CLASSES);
}

/* From the gradient of the loss, where model_loss has put it, back to the
 * gradients of all parameters. A first layer that learns nothing is left out:
 * it has neither weights nor anybody below who would listen. */
void model_backward(Model *m, int B)
{
    for (int i = m->depth - 1 - m->loss->from_logits; i >= 0; i--) {
        Layer *l = &m->layers[i];
        if (m->dx[i] || l->weights)
            l->type->backward(l, m->dx[i], m->dx[i + 1], m->x[i], m->x[i + 1],
                              B);
    }
}

/* Forward, loss and backward for the B images in x[0]: their part of a batch
 * of `images`. Returns the sum of their losses. */
double model_learn(Model *m, const uint8_t *labels, int B, int images)
{
    model_forward(m, B, true);
    const double loss = model_loss(m, m->dx[m->depth - m->loss->from_logits],
                                   labels, B, images);
    model_backward(m, B);
    return loss;
}

/* Multiplications (each with its addition) of the forward pass of one image. */
double model_macs(const Model *m)
{
    double macs = 0;

    for (int i = 0; i < m->depth; i++) {
        const Layer *l = &m->layers[i];
        macs += (double)l->weights * l->out_shape.rows * l->out_shape.columns;
    }
    return macs;
}
