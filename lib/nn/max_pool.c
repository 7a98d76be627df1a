/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "nn/layer.h"

static const SpecField max_pool_fields[] = {
    { "kernel", offsetof(LayerSpec, kernel), .low = 1, .high = 1000 },
    { "stride", offsetof(LayerSpec, stride), .low = 1, .high = 1000,
      .usual_as = offsetof(LayerSpec, kernel) },
    { NULL },
};

static Error max_pool_configure(Layer *l)
{
    const int kernel = l->spec.kernel, stride = l->spec.stride;
    const Shape in = l->in_shape;

    if (in.rows < kernel || in.columns < kernel)
        return error_text("max_pool: a window of %d does not fit into %d x %d "
                          "pixels", kernel, in.rows, in.columns);
    if ((double)kernel * in.columns > 1 << 24)
        return error_text("max_pool: a window of %d is too large", kernel);
    l->out_shape = (Shape){ in.channels, (in.rows - kernel) / stride + 1,
                            (in.columns - kernel) / stride + 1 };
    l->scratch_per_image = shape_size(l->out_shape);
    return NULL;
}

/* One row of the output: the largest x of each window, of equals the first, and
 * where it is, counted from x. Written without a branch: which pixel wins is
 * anybody's guess, and the compiler can work on several windows at once. */
static inline void pool_row(float *restrict y, float *restrict winner,
                            const float *restrict x, int windows, int columns,
                            int kernel, int stride)
{
    for (int c = 0; c < windows; c++) {
        int best = c * stride;
        float most = x[best];
        for (int i = 0; i < kernel; i++)
            for (int j = 0; j < kernel; j++) {
                const int at = i * columns + c * stride + j;
                const int better = x[at] > most;
                best += better * (at - best);
                most = better ? x[at] : most;
            }
        y[c] = most;
        winner[c] = (float)best;
    }
}

/* y = the largest x of each window. x (B, C, H, W). Where it was is kept for
 * the way back, in scratch: a float holds whole numbers up to 2^24. The usual
 * window of 2 by 2 is written as a constant, so that its loops are unrolled. */
static void max_pool_forward(const Layer *l, float *y, const float *x, int B,
                             const Pass *pass)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int kernel = l->spec.kernel, stride = l->spec.stride;
    float *winner = l->scratch;

    for (long i = 0; i < (long)B * in.channels; i++, x += in.rows * in.columns)
        for (int r = 0; r < out.rows; r++) {
            const float *from = x + r * stride * in.columns;
            if (kernel == 2 && stride == 2)
                pool_row(y, winner, from, out.columns, in.columns, 2, 2);
            else
                pool_row(y, winner, from, out.columns, in.columns, kernel,
                         stride);
            y += out.columns;
            winner += out.columns;
        }
}

/* The whole gradient goes to the pixel that won; the others changed nothing. */
static void max_pool_backward(const Layer *l, float *dx, const float *dy,
                              const float *x, const float *y, int B)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const float *winner = l->scratch;

    memset(dx, 0, (size_t)B * l->in * sizeof *dx);
    for (long i = 0; i < (long)B * in.channels; i++, dx += in.rows * in.columns)
        for (int r = 0; r < out.rows; r++)
            for (int c = 0; c < out.columns; c++)
                dx[r * l->spec.stride * in.columns + (int)*winner++] += *dy++;
}

const LayerType max_pool_layer = {
    "max_pool", max_pool_fields, max_pool_configure, max_pool_forward,
    max_pool_backward,
};
