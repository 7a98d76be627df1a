/* SPDX-License-Identifier: MIT
 *
 * A model: layers, one after the other, over four blocks of memory.
 *
 *     Model *m;
 *     must(model_create(&m, &experiment, 100));     up to 100 images at once
 *     model_initialise(m, seed);
 *     gather(m->x[0], &data, NULL, 0, 100);
 *     const float *p = model_forward(m, 100, false);      (100, CLASSES)
 *     model_free(m);
 */
#ifndef NN_MODEL_H
#define NN_MODEL_H

#include "data/dataset.h"
#include "nn/layer.h"
#include "nn/loss.h"

typedef struct Model {
    int depth;
    Layer layers[MAX_LAYERS];
    const LossType *loss;
    int batch;                    /* the most images it takes at once */

    size_t n;                     /* how many parameters */
    float *parameters;            /* (n) */
    float *gradients;             /* (n) */
    float *activations;           /* all x, one after the other */
    float *activation_gradients;  /* all dx; none for the pixels */
    bool shared;                  /* the parameters belong to another model */

    float *x[MAX_LAYERS + 1];     /* x[i]: input of layer i; x[depth]: output */
    float *dx[MAX_LAYERS + 1];    /* their gradients; dx[0] is NULL */
} Model;

extern const LayerType *const layer_types[LAYER_KINDS];

Error model_create(Model **m, const Experiment *e, int batch);
Model *model_share(const Model *m, const Experiment *e, int batch);
void model_free(Model *m);

void model_initialise(Model *m, uint64_t seed);
void gather(float *x, const Dataset *d, const int *order, int first, int B);
const float *model_forward(Model *m, int B, bool training);
double model_loss(Model *m, float *d, const uint8_t *labels, int B, int images);
void model_backward(Model *m, int B);
double model_learn(Model *m, const uint8_t *labels, int B, int images);
double model_macs(const Model *m);

#endif
