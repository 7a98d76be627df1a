/* SPDX-License-Identifier: MIT */
#include "nn/layer.h"

#include <string.h>

static Error max_pool_configure(Layer *l, int batch)
{
    LayerSpec *s = &l->spec;
    const Shape in = l->in_shape;

    if (s->stride == 0)
        s->stride = s->kernel;
    if (s->kernel < 1 || s->stride < 1)
        return error_text("max_pool: kernel %d, stride %d; expected at least 1",
                          s->kernel, s->stride);
    if (in.rows < s->kernel || in.columns < s->kernel)
        return error_text("max_pool: a window of %d does not fit into %d x %d "
                          "pixels",
                          s->kernel, in.rows, in.columns);
    l->out_shape.channels = in.channels;
    l->out_shape.rows = (in.rows - s->kernel) / s->stride + 1;
    l->out_shape.columns = (in.columns - s->kernel) / s->stride + 1;
    l->scratch_size = (size_t)batch * in.channels * l->out_shape.rows
                    * l->out_shape.columns;
    return NULL;
}

/* Where the largest pixel of the window at output (r, c) is; of equals, the
 * first. x is one channel. */
static int largest(const Layer *l, const float *x, int r, int c)
{
    const int columns = l->in_shape.columns, kernel = l->spec.kernel;
    const int corner = (r * columns + c) * l->spec.stride;
    int best = corner;

    for (int i = 0; i < kernel; i++)
        for (int j = 0; j < kernel; j++) {
            const int at = corner + i * columns + j;
            best = x[at] > x[best] ? at : best;
        }
    return best;
}

/* y = the largest x of each window. x (B, C, H, W). Where it was is kept for
 * the way back, in scratch: a float holds whole numbers up to 2^24. */
static void max_pool_forward(Layer *l, float *y, const float *x, int B,
                             bool training)
{
    const int pixels = l->in_shape.rows * l->in_shape.columns;
    float *winner = l->scratch;

    (void)training;
    for (int i = 0; i < B * l->in_shape.channels; i++, x += pixels)
        for (int r = 0; r < l->out_shape.rows; r++)
            for (int c = 0; c < l->out_shape.columns; c++) {
                const int best = largest(l, x, r, c);
                *y++ = x[best];
                *winner++ = (float)best;
            }
}

/* The whole gradient goes to the pixel that won; the others changed nothing. */
static void max_pool_backward(Layer *l, float *dx, const float *dy,
                              const float *x,
                              const float *y, int B)
{
    const int pixels = l->in_shape.rows * l->in_shape.columns;
    const int windows = l->out_shape.rows * l->out_shape.columns;
    const float *winner = l->scratch;

    (void)x;
    (void)y;
    memset(dx, 0, (size_t)B * l->in * sizeof *dx);
    for (int i = 0; i < B * l->in_shape.channels; i++, dx += pixels)
        for (int k = 0; k < windows; k++)
            dx[(int)*winner++] += *dy++;
}

const LayerType max_pool_layer = { "max_pool", max_pool_configure,
                                   max_pool_forward, max_pool_backward };
