/* SPDX-License-Identifier: MIT */
#include "nn/learning.h"

#include "base/memory.h"

/* A gradient for every parameter and every activation. A layer that works
 * number by number writes dx over dy: there is room as for activations. */
Error model_prepare(Model *m)
{
    float *gradient = m->gradients = memory_zeroed(m->n, sizeof *gradient);

    m->activation_gradients = memory_zeroed(m->active, sizeof *gradient);
    if (!m->gradients || !m->activation_gradients)
        return error_text("out of memory for %zu gradients", m->n);
    for (int i = 0; i < m->depth; i++)
        for (int k = 0; k < m->layers[i].tensors; k++) {
            Tensor *t = &m->layers[i].tensor[k];
            t->gradient = t->state ? NULL : gradient;
            gradient += t->state ? 0 : t->n;
        }
    float *at = m->activation_gradients;
    for (int i = m->depth; i > 0; i--) {
        m->dx[i] = at;
        if (!m->layers[i - 1].type->in_place)
            at += (size_t)m->batch * m->layers[i - 1].out;
    }
    return NULL;
}

/* What the loss looks at: the outputs, or what goes into the last softmax. */
static int loss_at(const Model *m)
{
    return m->depth - m->loss->from_logits;
}

/* The sum of the losses of the B images that went forward last. They are part
 * of a batch of `images`, and the gradient of its mean loss is left where
 * model_backward begins; 0: no gradient is wanted. */
double model_loss(Model *m, const uint8_t *labels, int B, int images)
{
    const int at = loss_at(m);

    return m->loss->sum(images ? m->dx[at] : NULL, m->x[at], labels, B,
                        images);
}

/* From the gradient of the loss back to those of all parameters. A first layer
 * that learns nothing is left out: it has neither weights nor anybody below
 * who would listen. */
void model_backward(Model *m, int B)
{
    for (int i = loss_at(m) - 1; i >= 0; i--) {
        const Layer *l = &m->layers[i];
        if (i > 0 || l->tensors > 0)
            l->type->backward(l, m->dx[i], m->dx[i + 1],
                              l->type->needs_x ? m->x[i] : NULL,
                              l->type->needs_y ? m->x[i + 1] : NULL, B);
    }
}
