/* SPDX-License-Identifier: MIT
 *
 * Layers. A layer turns a batch of B inputs x (B, in) into outputs y (B, out),
 * and on the way back the gradient dy = dL/dy into dx = dL/dx, and into dW and
 * db for its own weights.
 *
 * Each kind is one file with its functions and one LayerType; the table
 * layer_types, in model.c, is the only place that lists them all.
 */
#ifndef NN_LAYER_H
#define NN_LAYER_H

#include "base/check.h"
#include "base/rng.h"
#include "nn/experiment.h"

typedef struct LayerType LayerType;

typedef struct Layer {
    const LayerType *type;
    LayerSpec spec;
    Shape in_shape, out_shape;
    int in, out;           /* numbers per image: the product of the shape */
    int weights, biases;   /* how many of each; 0 where nothing is learned */
    int fan_in;            /* inputs that one output sees */
    float *W, *b;          /* views into the model's parameters */
    float *dW, *db;        /* and into its gradients: dL/dW, dL/db */
    size_t scratch_size;   /* floats of work space wanted */
    float *scratch;        /* and where they are */
    Rng rng;               /* DROPOUT: which inputs are silenced */
} Layer;

struct LayerType {
    const char *name;

    /* From spec, in_shape and the largest batch: out_shape, weights, biases,
     * fan_in, scratch_size. The error says what does not fit. */
    Error (*configure)(Layer *l, int batch);

    /* y is overwritten. `training` is true while the network learns. */
    void (*forward)(Layer *l, float *y, const float *x, int B, bool training);

    /* dx, dW and db are overwritten. dx is NULL for the first layer of a
     * network: nobody wants the gradient of the pixels. x and y are those of
     * the forward pass. */
    void (*backward)(Layer *l, float *dx, const float *dy, const float *x,
                     const float *y, int B);

    /* In a network y is written over x, and dx over dy. The layer before must
     * bear it: sigmoid and softmax need their y on the way back, and ReLU
     * leaves alone what is positive. */
    bool in_place;
};

extern const LayerType dense_layer, conv2d_layer, max_pool_layer, flatten_layer,
    dropout_layer, sigmoid_layer, relu_layer, softmax_layer;

/* For kinds that keep the shape and learn nothing. */
Error configure_same_shape(Layer *l, int batch);

#endif
