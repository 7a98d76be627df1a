/* SPDX-License-Identifier: MIT
 *
 * Networks as a method: trained by nn/train.h, kept in model.safetensors.
 *
 *     must(network_fit(&m, &history, &relu, &digits.train,
 *                      &(FitOptions){ .seed = 1 }));
 */
#ifndef RUNS_NETWORK_H
#define RUNS_NETWORK_H

#include "runs/method.h"

extern const Method network_method;

/* Its weights, in a file of the safetensors format. The error names the file. */
Error weights_write(const Model *m, const char *path);
Error weights_read(Model *m, const char *path);

/* Trains a network and writes its learning curve. */
Error network_fit(Model **m, History *h, const Experiment *e,
                  const Dataset *data, const FitOptions *options);

#endif
