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

static Error conv2d_configure(Layer *l)
{
    const LayerSpec *s = &l->spec;
    const Shape in = l->in_shape;
    const int rows = in.rows + 2 * s->padding - s->kernel;
    const int columns = in.columns + 2 * s->padding - s->kernel;
    const float bound = 1 / sqrtf((float)window_size(l));

    if (rows < 0 || columns < 0)
        return error_text("conv2d: a kernel of %d with padding %d does not fit "
                          "into %d x %d pixels",
                          s->kernel, s->padding, in.rows, in.columns);
    l->out_shape = (Shape){ s->channels, rows / s->stride + 1,
                            columns / s->stride + 1 };
    layer_add_tensor(l, (Tensor){ "weight", { s->channels, in.channels,
                                              s->kernel, s->kernel },
                                  -bound, bound });
    layer_add_tensor(l, (Tensor){ "bias", { s->channels }, -bound, bound });
    l->scratch_size = (size_t)window_size(l) * positions(l);
    return NULL;
}

/* How the window meets an image: number q of a row of col is pixel first + q s
 * of a row of the image, for q in from to to - 1; before and after these lies
 * the border of zeros. */
typedef struct Run {
    int first, from, to;
} Run;

/* Of n pixels in a row, those that place j of the window meets in `out`
 * positions. */
static Run run_of(const Layer *l, int j, int n, int out)
{
    const int s = l->spec.stride;
    Run r = { .first = j - l->spec.padding, .to = out };

    if (r.first < 0)
        r.from = (-r.first + s - 1) / s;
    if (r.from > out)
        r.from = out;
    if (r.first + (out - 1) * s >= n)
        r.to = n > r.first ? (n - r.first + s - 1) / s : 0;
    if (r.to < r.from)
        r.to = r.from;
    return r;
}

/* Row (c, i, j) of col: what place (i, j) of the window meets in channel c, in
 * each of its positions. */
static void image_to_columns(const Layer *l, float *col, const float *x)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int k = l->spec.kernel, s = l->spec.stride;

    memset(col, 0, l->spec.padding ? l->scratch_size * sizeof *col : 0);
    for (int row = 0; row < window_size(l); row++) {
        const float *channel = x + (size_t)row / (k * k) * in.rows * in.columns;
        const Run down = run_of(l, row / k % k, in.rows, out.rows);
        const Run across = run_of(l, row % k, in.columns, out.columns);
        for (int r = down.from; r < down.to; r++) {
            const float *pixel = channel + (down.first + r * s) * in.columns
                               + across.first;
            float *to = col + (size_t)row * positions(l) + r * out.columns;
            if (s == 1)
                memcpy(to + across.from, pixel + across.from,
                       (size_t)(across.to - across.from) * sizeof *to);
            else
                for (int q = across.from; q < across.to; q++)
                    to[q] = pixel[q * s];
        }
    }
}

/* The way back: every pixel collects the gradient of all its copies. */
static void columns_to_image(const Layer *l, float *dx, const float *dcol)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int k = l->spec.kernel, s = l->spec.stride;

    memset(dx, 0, (size_t)l->in * sizeof *dx);
    for (int row = 0; row < window_size(l); row++) {
        float *channel = dx + (size_t)row / (k * k) * in.rows * in.columns;
        const Run down = run_of(l, row / k % k, in.rows, out.rows);
        const Run across = run_of(l, row % k, in.columns, out.columns);
        for (int r = down.from; r < down.to; r++) {
            float *pixel = channel + (down.first + r * s) * in.columns
                         + across.first;
            const float *from = dcol + (size_t)row * positions(l)
                              + r * out.columns;
            for (int q = across.from; q < across.to; q++)
                pixel[q * s] += from[q];
        }
    }
}

/* y = W col + b, image by image. */
static void conv2d_forward(const Layer *l, float *y, const float *x, int B,
                           const Pass *pass)
{
    const int F = l->spec.channels, K = window_size(l), P = positions(l);
    const float *W = l->tensor[WEIGHT].value, *b = l->tensor[BIAS].value;
    float *col = l->scratch;

    (void)pass;
    for (int i = 0; i < B; i++, x += l->in, y += l->out) {
        image_to_columns(l, col, x);
        mul(y, W, col, F, P, K, SET);
        for (int f = 0; f < F; f++)
            for (int p = 0; p < P; p++)
                y[f * P + p] += b[f];
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

    (void)y;
    memset(dW, 0, l->tensor[WEIGHT].n * sizeof *dW);
    memset(db, 0, (size_t)F * sizeof *db);
    for (int i = 0; i < B; i++, x += l->in, dy += l->out) {
        image_to_columns(l, col, x);
        mul_bt(dW, dy, col, F, K, P, ADD);
        for (int f = 0; f < F; f++)
            db[f] += sum(dy + (size_t)f * P, P);
        if (dx) {
            mul_at(dcol, W, dy, K, P, F, SET);
            columns_to_image(l, dx + (size_t)i * l->in, dcol);
        }
    }
}

const LayerType conv2d_layer = {
    "conv2d", conv2d_fields, conv2d_configure, conv2d_forward, conv2d_backward,
    .needs_x = true,
};
