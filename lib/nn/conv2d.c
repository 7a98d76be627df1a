/* SPDX-License-Identifier: MIT
 *
 * Convolution as a product of matrices. For one image:
 *
 *     x    (C, H, W)    input: channels, rows, columns
 *     col  (K, P)       K = C k k places in the window, P of its positions
 *     W    (F, K)       F filters; as torch.nn.Conv2d's (F, C, k, k)
 *     y    (F, P)       output: one channel per filter
 *
 * col is made anew for each image, which then stays in the cache; it takes k k
 * times the room of the image itself. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "nn/layer.h"
#include "nn/products.h"

static const SpecField conv2d_fields[] = {
    { "channels", offsetof(LayerSpec, channels), .low = 1, .high = 100000 },
    { "kernel", offsetof(LayerSpec, kernel), .low = 1, .high = 1000 },
    { "stride", offsetof(LayerSpec, stride), .low = 1, .high = 1000,
      .usual = 1 },
    { "padding", offsetof(LayerSpec, padding), .low = 0, .high = 1000 },
    { NULL },
};

/* K, the numbers under one window, and P, its positions. */
static int window_size(const Layer *l)
{
    return l->in_shape.channels * l->spec.kernel * l->spec.kernel;
}

static int positions(const Layer *l)
{
    return l->out_shape.rows * l->out_shape.columns;
}

/* What the window slides over: the image in a ring of zeros. */
static Shape framed(const Layer *l)
{
    const int more = 2 * l->spec.padding;

    return (Shape){ l->in_shape.channels, l->in_shape.rows + more,
                    l->in_shape.columns + more };
}

static Error conv2d_configure(Layer *l)
{
    const LayerSpec *s = &l->spec;
    const Shape in = l->in_shape;
    const int rows = in.rows + 2 * s->padding - s->kernel;
    const int columns = in.columns + 2 * s->padding - s->kernel;
    float bound;

    if (shape_size(framed(l)) == INT_MAX)
        return error_text("conv2d: too large with padding %d", s->padding);
    if (rows < 0 || columns < 0)
        return error_text("conv2d: a kernel of %d with padding %d does not fit "
                          "into %d x %d pixels",
                          s->kernel, s->padding, in.rows, in.columns);
    bound = 1 / sqrtf((float)window_size(l));
    l->out_shape = (Shape){ s->channels, rows / s->stride + 1,
                            columns / s->stride + 1 };
    layer_add_tensor(l, (Tensor){ "weight", { s->channels, in.channels,
                                              s->kernel, s->kernel },
                                  -bound, bound });
    layer_add_tensor(l, (Tensor){ "bias", { s->channels }, -bound, bound });
    l->scratch_size = (size_t)window_size(l) * positions(l)
                    + shape_size(framed(l)) + positions(l);
    return NULL;
}

/* Row i of the rows of all channels of the image, in the frame. */
static float *row_in_frame(const Layer *l, float *frame, int i)
{
    const int rows = l->in_shape.rows, p = l->spec.padding;
    const Shape f = framed(l);

    return frame + ((size_t)(i / rows) * f.rows + i % rows + p) * f.columns + p;
}

/* Row (c, i, j) of col: what place (i, j) of the window meets in channel c, in
 * each of its positions. Without padding the image is its own frame. */
static void image_to_columns(const Layer *l, float *col, float *frame,
                             const float *x)
{
    const int k = l->spec.kernel, s = l->spec.stride;
    const Shape in = l->in_shape, f = framed(l), out = l->out_shape;

    if (l->spec.padding > 0) {
        memset(frame, 0, shape_size(f) * sizeof *frame);
        for (int i = 0; i < in.channels * in.rows; i++)
            memcpy(row_in_frame(l, frame, i), x + (size_t)i * in.columns,
                   in.columns * sizeof *x);
        x = frame;
    }
    for (int row = 0; row < window_size(l); row++) {
        const float *pixel = x + (row / (k * k) * f.rows + row / k % k)
                           * f.columns + row % k;
        for (int r = 0; r < out.rows; r++, pixel += s * f.columns)
            for (int q = 0; q < out.columns; q++)
                *col++ = pixel[q * s];
    }
}

/* The way back: every pixel collects the gradient of all its copies. */
static void columns_to_image(const Layer *l, const float *restrict dcol,
                             float *restrict frame, float *dx)
{
    const int k = l->spec.kernel, s = l->spec.stride;
    const Shape in = l->in_shape, f = framed(l), out = l->out_shape;

    memset(frame, 0, shape_size(f) * sizeof *frame);
    for (int row = 0; row < window_size(l); row++) {
        float *pixel = frame + (row / (k * k) * f.rows + row / k % k)
                     * f.columns + row % k;
        for (int r = 0; r < out.rows; r++, pixel += s * f.columns)
            for (int q = 0; q < out.columns; q++)
                pixel[q * s] += *dcol++;
    }
    for (int i = 0; i < in.channels * in.rows; i++, dx += in.columns)
        memcpy(dx, row_in_frame(l, frame, i), in.columns * sizeof *dx);
}

/* y = W col + b, image by image. */
static void conv2d_forward(const Layer *l, float *y, const float *x, int B,
                           const Pass *pass)
{
    const int F = l->spec.channels, K = window_size(l), P = positions(l);
    const float *W = l->tensor[WEIGHT].value, *b = l->tensor[BIAS].value;
    float *col = l->scratch, *frame = col + (size_t)K * P;

    for (int i = 0; i < B; i++, x += l->in, y += l->out) {
        image_to_columns(l, col, frame, x);
        for (int f = 0; f < F; f++)
            for (int p = 0; p < P; p++)
                y[f * P + p] = b[f];
        mul(y, W, col, F, P, K, ADD);
    }
}

/* dW = dy col'     db = row sums of dy     dcol = W' dy */
static void conv2d_backward(const Layer *l, float *dx, const float *dy,
                            const float *x, const float *y, int B)
{
    const int F = l->spec.channels, K = window_size(l), P = positions(l);
    const float *W = l->tensor[WEIGHT].value;
    float *dW = l->tensor[WEIGHT].gradient, *db = l->tensor[BIAS].gradient;
    float *col = l->scratch, *dcol = col;          /* one after the other */
    float *frame = col + (size_t)K * P, *ones = frame + shape_size(framed(l));

    for (int p = 0; p < P; p++)
        ones[p] = 1;
    memset(dW, 0, l->tensor[WEIGHT].n * sizeof *dW);
    memset(db, 0, (size_t)F * sizeof *db);
    for (int i = 0; i < B; i++, x += l->in, dy += l->out) {
        image_to_columns(l, col, frame, x);
        mul_bt(dW, dy, col, F, K, P, ADD);
        mul_bt(db, ones, dy, 1, F, P, ADD);
        if (dx) {
            mul_at(dcol, W, dy, K, P, F, SET);
            columns_to_image(l, dcol, frame, dx + (size_t)i * l->in);
        }
    }
}

const LayerType conv2d_layer = {
    "conv2d", conv2d_fields, conv2d_configure, conv2d_forward, conv2d_backward,
    .needs_x = true,
};
