/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "nn/layer.h"
#include "nn/products.h"

/* p_i = e^(z_i - m) / sum_k e^(z_k - m), where m is the largest z: it cancels,
 * and no exponential can overflow. x holds the z of B images, y their p. */
static void softmax_forward(const Layer *l, float *y, const float *x, int B,
                            const Pass *pass)
{
    const int n = l->out;

    (void)pass;
    for (int i = 0; i < B; i++, x += n, y += n) {
        float largest = x[0], total = 0;
        for (int j = 1; j < n; j++)
            largest = fmaxf(largest, x[j]);
        for (int j = 0; j < n; j++)
            total += y[j] = expf(x[j] - largest);
        for (int j = 0; j < n; j++)
            y[j] /= total;
    }
}

/* dz_j = p_j (g_j - sum_i g_i p_i), where g = dy: the n by n Jacobian
 * p_i (delta_ij - p_j) times g, without ever writing it down. */
static void softmax_backward(const Layer *l, float *dx, const float *dy,
                             const float *x, const float *y, int B)
{
    const int n = l->out;

    (void)x;
    for (int i = 0; i < B; i++, dx += n, dy += n, y += n) {
        const float mean = dot(dy, y, n);
        for (int j = 0; j < n; j++)
            dx[j] = y[j] * (dy[j] - mean);
    }
}

const LayerType softmax_layer = {
    "softmax", no_fields, layer_keep_shape, softmax_forward, softmax_backward,
    .needs_y = true, .in_place = true,
};
