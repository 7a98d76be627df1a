/* SPDX-License-Identifier: MIT */
#include "nn/history.h"

#include <math.h>

#include "nn/products.h"

Recorder recorder_create(History *h, int epochs, int steps)
{
    enum { CURVE = 48 };

    *h = (History){ 0 };
    return (Recorder){ .history = h, .steps = steps,
                       .points = CURVE < epochs ? 1 : CURVE / epochs };
}

void recorder_add(Recorder *r, double loss, int correct, int images)
{
    r->loss += loss;
    r->correct += correct;
    r->seen += images;
    r->step++;
}

/* Whether the batch that was added last has completed the next part of its
 * epoch. */
bool recorder_due(const Recorder *r)
{
    const long in_epoch = (r->step - 1) % r->steps + 1;

    return in_epoch * r->points / r->steps
         > (in_epoch - 1) * r->points / r->steps;
}

/* The length of a layer's gradient, as one vector of all its tensors. */
static double gradient_length(const Layer *l)
{
    double square = 0;

    for (int i = 0; i < l->tensors; i++) {
        const Tensor *t = &l->tensor[i];
        if (!t->state)
            square += (double)dot(t->gradient, t->gradient, t->n);
    }
    return sqrt(square);
}

Point *recorder_point(Recorder *r, const Model *m)
{
    Point *p = &r->history->point[r->history->points++];

    p->epoch = (double)r->step / r->steps;
    p->loss = r->loss / r->seen;
    p->accuracy = (double)r->correct / r->seen;
    p->validation_loss = p->validation_accuracy = NAN;
    for (int i = 0; i < m->depth; i++)
        p->gradient[i] = gradient_length(&m->layers[i]);
    r->loss = r->correct = r->seen = 0;
    return p;
}
