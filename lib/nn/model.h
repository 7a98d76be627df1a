/* SPDX-License-Identifier: MIT
 *
 * A model: layers, one after the other, over a few blocks of memory. This much
 * is needed to use a network; nn/learning.h adds what is needed to teach it.
 *
 *     Model *m;
 *     must(model_create(&m, &experiment, 100));     up to 100 images at once
 *     model_initialise(m, seed);
 *     gather(m->x[0], &data, NULL, 0, 100);
 *     const float *p = model_forward(m, 100, &predicting);   (100, CLASSES)
 *     model_free(m);
 *
 * It needs no threads, no files and no OpenBLAS beyond nn/products.h, and stops
 * no program: it also runs in a browser.
 */
#ifndef NN_MODEL_H
#define NN_MODEL_H

#include "nn/experiment.h"

typedef struct Model {
    int depth;
    Layer layers[MAX_LAYERS];
    const LossType *loss;
    int batch;                    /* the most images it takes at once */

    size_t n;                     /* how many parameters are learned, */
    size_t states;                /* and how many numbers are only kept */
    size_t active, worked;        /* numbers in all x, and of work space */
    float *parameters;            /* (n + states) the learned ones first */
    bool shared;                  /* they belong to another model */
    float *activations;           /* all x, one after the other */
    float *scratch;               /* work space of all layers */
    float *x[MAX_LAYERS + 1];     /* x[i]: input of layer i; x[depth]: output;
                                     a layer in place writes over its input */

    /* While it learns; otherwise NULL. */
    float *gradients;             /* (n) */
    float *activation_gradients;  /* all dx; none for the pixels */
    float *dx[MAX_LAYERS + 1];    /* dL/dx; dx[0] is NULL */
} Model;

/* The pass of a network that is used and not taught. */
extern const Pass predicting;

/* Fits the layers to each other and counts (SIZE_MAX: too many); m is zero. */
Error model_configure(Model *m, const Experiment *e, int batch);

/* All parameters zero. The error says which layer does not fit, or that there
 * is not enough memory. */
Error model_create(Model **m, const Experiment *e, int batch);

/* A second model over the same parameters, for another thread to work on
 * another part of a batch. It must be freed before m. */
Error model_share(Model **twin, const Model *m, const Experiment *e, int batch);
void model_free(Model *m);

/* Whether layer i writes its output over its input. */
bool model_in_place(const Model *m, int i);

void model_initialise(Model *m, uint64_t seed);
const float *model_forward(Model *m, int B, const Pass *pass);
double model_macs(const Model *m);

#endif
