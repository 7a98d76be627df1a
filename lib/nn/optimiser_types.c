/* SPDX-License-Identifier: MIT */
#include "nn/optimiser.h"

#define ROW_OF_TABLE(KIND, kind) [KIND] = &kind##_optimiser,

const OptimiserType *const optimiser_types[OPTIMISER_KINDS] = {
    OPTIMISER_KINDS_LIST(ROW_OF_TABLE)
};
