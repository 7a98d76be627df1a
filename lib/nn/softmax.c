/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/products.h"

/* x holds the logits of B images, y their probabilities. */
static void softmax_forward(const Layer *l, float *y, const float *x, int B,
                            const Pass *pass)
{
    for (int i = 0; i < B; i++)
        softmax_row(y + (size_t)i * l->out, x + (size_t)i * l->out, l->out);
}

/* dz_j = p_j (g_j - sum_i g_i p_i), where g = dy: the n by n Jacobian
 * p_i (delta_ij - p_j) times g, without ever writing it down. */
static void softmax_backward(const Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    const int n = l->out;

    for (int i = 0; i < B; i++, dx += n, dy += n, y += n) {
        const float mean = dot(dy, y, n);
        for (int j = 0; j < n; j++)
            dx[j] = y[j] * (dy[j] - mean);
    }
}

const LayerType softmax_layer = {
    "softmax", no_fields, NULL, softmax_forward, softmax_backward,
    .needs_y = true, .in_place = true,
};
