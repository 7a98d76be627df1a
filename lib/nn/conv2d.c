/* SPDX-License-Identifier: MIT
 *
 * Convolution as a product of matrices. For one image:
 *
 *     x    (C, H, W)    input: channels, rows, columns
 *     col  (K, P)       K = C k k numbers under the window, P window positions
 *     W    (F, K)       F filters; as torch.nn.Conv2d's (F, C, k, k)
 *     y    (F, P)       output: one channel per filter
 */
#include "nn/blas.h"
#include "nn/layer.h"

#include <string.h>

static Error conv2d_configure(Layer *l, int batch)
{
    LayerSpec *s = &l->spec;
    const Shape in = l->in_shape;

    (void)batch;
    if (s->stride == 0)
        s->stride = 1;
    if (s->channels < 1 || s->kernel < 1 || s->stride < 1 || s->padding < 0)
        return error_text("conv2d: channels %d, kernel %d, stride %d, padding "
                          "%d; expected at least 1, 1, 1 and 0",
                          s->channels, s->kernel, s->stride, s->padding);
    if (in.rows + 2 * s->padding < s->kernel
        || in.columns + 2 * s->padding < s->kernel)
        return error_text("conv2d: a kernel of %d with padding %d does not fit "
                          "into %d x %d pixels",
                          s->kernel, s->padding, in.rows, in.columns);
    l->out_shape = (Shape){
        s->channels,
        (in.rows + 2 * s->padding - s->kernel) / s->stride + 1,
        (in.columns + 2 * s->padding - s->kernel) / s->stride + 1,
    };
    l->fan_in = in.channels * s->kernel * s->kernel;
    l->weights = s->channels * l->fan_in;
    l->biases = s->channels;
    l->scratch_size = (size_t)l->fan_in
                    * (l->out_shape.rows * l->out_shape.columns + s->channels);
    return NULL;
}

/* From *first to *last - 1: the positions q along one side of the output whose
 * pixel q * stride + offset is one of the n of the image. The others see only
 * padding. */
static void inside(int *first, int *last, int offset, int stride, int n,
                   int positions)
{
    *first = offset < 0 ? (-offset + stride - 1) / stride : 0;
    *last = n - offset <= 0 ? 0 : (n - offset + stride - 1) / stride;
    if (*last > positions)
        *last = positions;
    if (*first > *last)
        *first = *last;
}

/* to = from, or to += from, for n numbers that lie `step` apart in the image.
 * Rows are short: eight numbers at a time are one move each, where a call of
 * memcpy would take longer than the copy. */
enum { EIGHT = 8 };

static inline void read_row(float *restrict to, const float *restrict image,
                            int n, int step)
{
    int q = 0;

    for (; step == 1 && q + EIGHT <= n; q += EIGHT)
        for (int j = 0; j < EIGHT; j++)
            to[q + j] = image[q + j];
    for (; q < n; q++)
        to[q] = image[q * step];
}

static inline void add_row(float *restrict image, const float *restrict from,
                           int n, int step)
{
    int q = 0;

    for (; step == 1 && q + EIGHT <= n; q += EIGHT)
        for (int j = 0; j < EIGHT; j++)
            image[q + j] += from[q + j];
    for (; q < n; q++)
        image[q * step] += from[q];
}

/* Copies, for each of the K places in the window, the P pixels that lie under
 * that place while the window moves over the image. */
static void im2col(const Layer *l, float *col, const float *x)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int k = l->spec.kernel, s = l->spec.stride, p = l->spec.padding;
    const int P = out.rows * out.columns;
    int top, bottom, left, right;

    if (p > 0)
        memset(col, 0, (size_t)l->fan_in * P * sizeof *col);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            inside(&top, &bottom, i - p, s, in.rows, out.rows);
            inside(&left, &right, j - p, s, in.columns, out.columns);
            for (int c = 0; c < in.channels; c++)
                for (int r = top; r < bottom; r++)
                    read_row(col + ((c * k + i) * k + j) * P
                             + r * out.columns + left,
                             x + (c * in.rows + r * s + i - p) * in.columns
                             + left * s + j - p, right - left, s);
        }
}

/* The way back: each pixel collects what flowed to all its copies. */
static void col2im(const Layer *l, float *dx, const float *col)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int k = l->spec.kernel, s = l->spec.stride, p = l->spec.padding;
    const int P = out.rows * out.columns;
    int top, bottom, left, right;

    memset(dx, 0, l->in * sizeof *dx);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            inside(&top, &bottom, i - p, s, in.rows, out.rows);
            inside(&left, &right, j - p, s, in.columns, out.columns);
            for (int c = 0; c < in.channels; c++)
                for (int r = top; r < bottom; r++)
                    add_row(dx + (c * in.rows + r * s + i - p) * in.columns
                            + left * s + j - p,
                            col + ((c * k + i) * k + j) * P
                            + r * out.columns + left, right - left, s);
        }
}

/* y = W col + b, image by image: the columns of one image stay in the cache. */
static void conv2d_forward(Layer *l, float *y, const float *x, int B,
                           bool training)
{
    const int F = l->spec.channels, K = l->fan_in, P = l->out / F;
    float *col = l->scratch;

    (void)training;
    for (int i = 0; i < B; i++, x += l->in, y += l->out) {
        im2col(l, col, x);
        for (int f = 0; f < F; f++)
            for (int p = 0; p < P; p++)
                y[f * P + p] = l->b[f];
        mul(y, l->W, col, F, P, K, ADD);
    }
}

/* dW += dy col'     db += row sums of dy     dcol = W' dy, and dx from dcol
 * The sum over the images is made of dW' = col dy', turned once at the end:
 * OpenBLAS is faster with the many rows of col than with the few of dy. */
static void conv2d_backward(Layer *l, float *dx, const float *dy,
                            const float *x, const float *y, int B)
{
    const int F = l->spec.channels, K = l->fan_in, P = l->out / F;
    float *col = l->scratch, *dWt = col + (size_t)K * P;

    (void)y;
    memset(dWt, 0, (size_t)K * F * sizeof *dWt);
    for (int i = 0; i < B; i++, x += l->in, dy += l->out) {
        im2col(l, col, x);
        mul_bt(dWt, col, dy, K, F, P, ADD);
        for (int f = 0; f < F; f++)
            l->db[f] += sum(dy + f * P, P);
        if (dx) {
            mul_at(col, l->W, dy, K, P, F, SET);
            col2im(l, dx + i * l->in, col);
        }
    }
    for (int f = 0; f < F; f++)
        for (int k = 0; k < K; k++)
            l->dW[f * K + k] += dWt[k * F + f];
}

const LayerType conv2d_layer = { "conv2d", conv2d_configure, conv2d_forward,
                                 conv2d_backward };
