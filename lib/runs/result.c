/* SPDX-License-Identifier: MIT */
#include "runs/result.h"

#include <stdlib.h>

#include "base/check.h"

void result_summarise(Result *r)
{
    const int n = r->runs;
    double *accuracy = allocate(4 * (size_t)n, sizeof *accuracy);
    double *loss = accuracy + n, *seconds = loss + n;
    double *core_seconds = seconds + n;

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
    r->parameters = n ? r->run[0].parameters : 0;
    free(accuracy);
}
