/* SPDX-License-Identifier: MIT */
#include "nn/loss.h"

#include <math.h>

/* L = 1/n sum_j (y_j - t_j)^2, where t is 1 at the label and 0 elsewhere.
 * torch.nn.MSELoss, reduction mean, divides by batch times outputs, too. */
static double mse_sum(float *d, const float *y, const uint8_t *labels, int B,
                      int images)
{
    const int n = CLASSES;
    const float scale = d ? 2.0f / ((float)n * (float)images) : 0;
    double sum = 0;

    for (int i = 0; i < B; i++)
        for (int j = 0; j < n; j++) {
            const float e = y[i * n + j] - (j == labels[i] ? 1.0f : 0.0f);
            sum += (double)(e * e);
            if (d)
                d[i * n + j] = scale * e;
        }
    return sum / n;
}

/* p_i = e^(z_i - m) / sum_k e^(z_k - m), where m is the largest z: it cancels,
 * and no exponential can overflow. p may be z. Returns log sum_k e^z_k. */
double softmax_row(float *p, const float *z, int n)
{
    float largest = z[0], total = 0;

    for (int j = 1; j < n; j++)
        largest = fmaxf(largest, z[j]);
    for (int j = 0; j < n; j++)
        total += p[j] = expf(z[j] - largest);
    for (int j = 0; j < n; j++)
        p[j] /= total;
    return (double)largest + log((double)total);
}

/* L = -log p_label = log(sum_k e^z_k) - z_label, and dL/dz = p - t.
 * torch.nn.CrossEntropyLoss, reduction mean. */
static double cross_entropy_sum(float *d, const float *z, const uint8_t *labels,
                                int B, int images)
{
    const int n = CLASSES;
    float p[CLASSES];
    double sum = 0;

    for (int i = 0; i < B; i++, z += n) {
        sum += softmax_row(p, z, n) - (double)z[labels[i]];
        for (int j = 0; d && j < n; j++)
            d[i * n + j] = (p[j] - (float)(j == labels[i])) / (float)images;
    }
    return sum;
}

const LossType loss_types[LOSS_KINDS] = {
    [LOSS_MSE]           = { "mse", false, mse_sum },
    [LOSS_CROSS_ENTROPY] = { "cross_entropy", true, cross_entropy_sum },
};
