/* SPDX-License-Identifier: MIT
 *
 * The kinds of layers and of optimisers: the one place that lists them. A kind
 * of layer is a row here and a file of its name: `tanh` is lib/nn/tanh.c with a
 * LayerType tanh_layer, and an experiment writes { TANH }. See nn/layer.h;
 * `make check-layer LAYER=tanh` says whether it is right. */
#ifndef NN_KINDS_H
#define NN_KINDS_H

#define LAYER_KINDS_LIST(ROW)                                                  \
    ROW(DENSE, dense)                                                          \
    ROW(CONV2D, conv2d)                                                        \
    ROW(MAX_POOL, max_pool)                                                    \
    ROW(FLATTEN, flatten)                                                      \
    ROW(DROPOUT, dropout)                                                      \
    ROW(SIGMOID, sigmoid)                                                      \
    ROW(RELU, relu)                                                            \
    ROW(SOFTMAX, softmax)

#define OPTIMISER_KINDS_LIST(ROW)                                              \
    ROW(SGD, sgd)                                                              \
    ROW(MOMENTUM, momentum)                                                    \
    ROW(RMSPROP, rmsprop)                                                      \
    ROW(ADAM, adam)

#define AS_KIND(KIND, kind) KIND,

#endif
