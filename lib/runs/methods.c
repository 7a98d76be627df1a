/* SPDX-License-Identifier: MIT */
#include "runs/method.h"

#include "runs/network.h"

static const Method *const methods[METHOD_KINDS] = {
    [NETWORK] = &network_method,
};

const Method *method_of(MethodKind kind)
{
    return kind < METHOD_KINDS ? methods[kind] : NULL;
}
