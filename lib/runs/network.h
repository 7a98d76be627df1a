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

/* Trains a network and writes its learning curve. */
Error network_fit(Model **m, History *h, const Experiment *e,
                  const Dataset *data, const FitOptions *options);

#endif
