/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#define ROW_OF_TABLE(KIND, kind) [KIND] = &kind##_layer,

const LayerType *const layer_types[LAYER_KINDS] = {
    LAYER_KINDS_LIST(ROW_OF_TABLE)
};
