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

#include "base/rng.h"
#include "base/spec.h"
#include "nn/kinds.h"

enum { MAX_LAYERS = 24, MAX_TENSORS = 4, MAX_DIMENSIONS = 4 };

typedef enum LayerKind {
    NO_LAYER,          /* ends the list of layers */
    LAYER_KINDS_LIST(AS_KIND)
    LAYER_KINDS
} LayerKind;

/* The size of one image, or of what a layer makes of it. */
typedef struct Shape {
    int channels, rows, columns;
} Shape;

typedef struct LayerSpec {
    LayerKind kind;
    int units;         /* DENSE: how many outputs */
    int channels;      /* CONV2D: how many filters */
    int kernel;        /* CONV2D, MAX_POOL: side of the window, pixels */
    int stride;        /* the same: step of the window; default 1, for
                          MAX_POOL the kernel */
    int padding;       /* CONV2D: rings of zeros around the image; default 0 */
    float rate;        /* DROPOUT: share of the inputs that is silenced */
} LayerSpec;

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
    size_t learned, kept;      /* numbers in them; kept: state */
    size_t scratch_size;       /* floats of work space wanted, */
    size_t scratch_per_image;  /* and more for each image of a batch */
    float *scratch;            /* where they are */
} Layer;

/* What is left to chance. Each use has its own stream of random numbers for
 * every epoch and image (rng_stream), so that the result depends neither on
 * threads nor on what else is left to chance. */
typedef enum Chance { FIRST_WEIGHTS, IMAGE_ORDER, DROPPED_UNITS } Chance;

/* What a pass through the network is for. */
typedef struct Pass {
    bool training;             /* false: the network is used, and not taught */
    uint64_t seed;
    int epoch;
    const int *image;          /* (B) their numbers in the data set */
} Pass;

struct LayerType {
    const char *name;
    const SpecField *fields;   /* what it uses of a LayerSpec */

    /* From spec and in_shape: out_shape, unless it stays the same, scratch and
     * tensors. The error says what does not fit; ranges have been checked.
     * NULL: there is nothing to say. */
    Error (*configure)(Layer *l);

    /* y is overwritten. */
    void (*forward)(const Layer *l, float *y, const float *x, int B,
                    const Pass *pass);

    /* dx and the gradients of the tensors are overwritten. dx is NULL for the
     * first layer of a network: nobody wants the gradient of the pixels. x and
     * y are those of the forward pass before, training or not; what is not
     * needed is NULL. */
    void (*backward)(const Layer *l, float *dx, const float *dy, const float *x,
                     const float *y, int B);
    bool needs_x, needs_y;     /* what backward reads */

    /* Number by number: y may be written over x, and dx over dy. */
    bool in_place;
};

#define DECLARE(KIND, kind) extern const LayerType kind##_layer;
LAYER_KINDS_LIST(DECLARE)
#undef DECLARE

extern const LayerType *const layer_types[LAYER_KINDS];

/* For configure. */
void layer_add_tensor(Layer *l, Tensor tensor);

int shape_size(Shape s);               /* INT_MAX: it is too large */

#endif
