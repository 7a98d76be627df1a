/* SPDX-License-Identifier: MIT
 *
 * Layers. A layer turns a batch of B inputs x (B, in) into outputs y (B, out),
 * and on the way back the gradient dy = dL/dy into dx = dL/dx, and into the
 * gradients of its own weights.
 *
 * Each kind is one file with its functions and one LayerType; nn/kinds.h lists
 * them. Everything else (where its numbers lie, what may be done in place, how
 * it is printed, read, keyed, kept) follows from the LayerType.
 */
#ifndef NN_LAYER_H
#define NN_LAYER_H

#include <stdint.h>

#include "base/error.h"
#include "nn/experiment.h"
#include "nn/spec.h"

enum { MAX_TENSORS = 4, MAX_DIMENSIONS = 4 };

/* The first two tensors of the kinds that have weights. */
enum { WEIGHT, BIAS };

/* Numbers of a layer that outlive a batch. */
typedef struct Tensor {
    const char *name;          /* as PyTorch has it: weight, bias */
    int shape[MAX_DIMENSIONS]; /* the first 0 ends it */
    float low, high;           /* to begin with: uniform between the two */
    bool state;                /* no optimiser touches it, but it is kept */
    size_t n;                  /* how many: the product of the shape */
    float *value;              /* (n) a view into the model's memory */
    float *gradient;           /* (n) dL/dvalue; NULL for state, and in a
                                  model that does not learn */
} Tensor;

typedef struct LayerType LayerType;

typedef struct Layer {
    const LayerType *type;
    LayerSpec spec;
    int number;                /* which layer of the network, from 0 */
    Shape in_shape, out_shape;
    int in, out;               /* numbers per image: product of the shape */
    Tensor tensor[MAX_TENSORS];
    int tensors;               /* how many it has; 0 where nothing is learned */
    size_t scratch_size;       /* floats of work space wanted, */
    size_t scratch_per_image;  /* and more for each image of a batch */
    float *scratch;            /* where they are */
} Layer;

/* What a pass through the network is for. Where something is left to chance,
 * seed, epoch and image decide, and never the thread. */
typedef struct Pass {
    bool training;             /* false: the network is used, and not taught */
    uint64_t seed;
    int epoch;
    const int *image;          /* (B) their numbers in the data set */
} Pass;

struct LayerType {
    const char *name;
    const SpecField *fields;   /* what it uses of a LayerSpec */

    /* From spec and in_shape: out_shape, scratch, and its tensors. The error
     * says what does not fit; ranges have been checked. */
    Error (*configure)(Layer *l);

    /* y is overwritten. */
    void (*forward)(const Layer *l, float *y, const float *x, int B,
                    const Pass *pass);

    /* dx and the gradients of the tensors are overwritten. dx is NULL for the
     * first layer of a network: nobody wants the gradient of the pixels. x and
     * y are those of the forward pass; what is not needed is NULL. */
    void (*backward)(const Layer *l, float *dx, const float *dy, const float *x,
                     const float *y, int B);
    bool needs_x, needs_y;     /* what backward reads */

    /* Number by number: y may be written over x, and dx over dy. */
    bool in_place;
};

#define DECLARE_LAYER(KIND, kind) extern const LayerType kind##_layer;
LAYER_KINDS_LIST(DECLARE_LAYER)

extern const LayerType *const layer_types[LAYER_KINDS];

/* For configure. */
void layer_add_tensor(Layer *l, Tensor tensor);
Error layer_keep_shape(Layer *l);

/* How many numbers of it are learned. */
size_t layer_parameters(const Layer *l);

int shape_size(Shape s);

extern const SpecField no_fields[];

#endif
