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

/* Where the largest pixel of a window is, counted from its corner; of equals,
 * the first. Written without a branch: which pixel wins is anybody's guess, and
 * a processor that guesses wrong loses more time than two products take. */
static inline int largest(const float *window, int columns, int kernel)
{
    float most = window[0];
    int best = 0;

    for (int i = 0; i < kernel; i++)
        for (int j = 0; j < kernel; j++) {
            const int at = i * columns + j, better = window[at] > most;
            best = better * at + (1 - better) * best;
            most = window[at] > most ? window[at] : most;
        }
    return best;
}

/* y = the largest x of each window. x (B, C, H, W). Where it was is kept for
 * the way back, in scratch: a float holds whole numbers up to 2^24. The usual
 * window of 2 by 2 is written as a constant, so that its loops are unrolled. */
static void max_pool_forward(Layer *l, float *y, const float *x, int B,
                             bool training)
{
    const int rows = l->in_shape.rows, columns = l->in_shape.columns;
    const int kernel = l->spec.kernel, stride = l->spec.stride;
    float *winner = l->scratch;

    (void)training;
    for (int i = 0; i < B * l->in_shape.channels; i++, x += rows * columns)
        for (int r = 0; r < l->out_shape.rows; r++)
            for (int c = 0; c < l->out_shape.columns; c++) {
                const float *window = x + (r * columns + c) * stride;
                const int best = kernel == 2 ? largest(window, columns, 2)
                                             : largest(window, columns, kernel);
                *y++ = window[best];
                *winner++ = (float)(window - x + best);
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
