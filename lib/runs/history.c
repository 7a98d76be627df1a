/* SPDX-License-Identifier: MIT */
#include "runs/history.h"

#include <math.h>

#include "base/check.h"
#include "nn/products.h"

Recorder recorder_create(History *h, int epochs)
{
    enum { CURVE = 48 };

    *h = (History){ 0 };
    return (Recorder){ .history = h,
                       .points = epochs > 0 && epochs < CURVE ? CURVE / epochs
                                                              : 1 };
}

bool recorder_add(Recorder *r, const Batch *b)
{
    const long points = r->points;

    r->loss += b->loss;
    r->correct += b->correct;
    r->images += b->images;
    return b->step * points / b->steps > (b->step - 1) * points / b->steps;
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

Point *recorder_point(Recorder *r, const Batch *b)
{
    CHECK(r->history->points, <, MAX_POINTS);
    Point *p = &r->history->point[r->history->points++];

    p->epoch = b->epoch + (double)b->step / b->steps;
    p->loss = r->loss / r->images;
    p->accuracy = (double)r->correct / r->images;
    p->validation_loss = p->validation_accuracy = NAN;
    r->history->layers = b->model->depth;
    for (int i = 0; i < b->model->depth; i++)
        p->gradient[i] = gradient_length(&b->model->layers[i]);
    r->loss = r->correct = r->images = 0;
    return p;
}
