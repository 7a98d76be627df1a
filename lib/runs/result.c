/* SPDX-License-Identifier: MIT */
#include "runs/result.h"

void result_summarise(Result *r)
{
    double accuracy[MAX_SEEDS], loss[MAX_SEEDS];
    double seconds[MAX_SEEDS], core_seconds[MAX_SEEDS];

    for (int i = 0; i < r->runs; i++) {
        accuracy[i] = r->run[i].accuracy;
        loss[i] = r->run[i].loss;
        seconds[i] = r->run[i].seconds;
        core_seconds[i] = r->run[i].core_seconds;
    }
    r->accuracy = stat_of(accuracy, r->runs);
    r->loss = stat_of(loss, r->runs);
    r->seconds = stat_of(seconds, r->runs);
    r->core_seconds = stat_of(core_seconds, r->runs);
    r->parameters = r->run[0].parameters;
}
