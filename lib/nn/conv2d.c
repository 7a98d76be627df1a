/* SPDX-License-Identifier: MIT
 *
 * Convolution as a product of matrices. For one image:
 *
 *     x    (C, H, W)    input: channels, rows, columns
 *     col  (K, P)       K = C k k numbers under the window, P window positions
 *     W    (F, K)       F filters; as torch.nn.Conv2d's (F, C, k, k)
 *     y    (F, P)       output: one channel per filter
 *
 * col is never written down: each of its rows is there already, in the image.
 */
#include "nn/blas.h"
#include "nn/layer.h"
#include "nn/rows.h"
#include "nn/vector.h"

/* An image with its border of zeros, or its gradient: scratch begins with a
 * frame for either. With stride s each channel is cut into s * s pictures, of
 * every s-th row and column, so that what a place of the window meets on its
 * way lies side by side. */
typedef struct Frame {
    int rows, columns;     /* of a picture */
    int wide;              /* from the first position of the window to the last,
                              in whole vectors, with those that stick out of
                              the image at the right */
    size_t size;           /* of all, and room for a vector to reach over */
} Frame;

static Frame frame_of(const Layer *l)
{
    const Shape in = l->in_shape, out = l->out_shape;
    const int s = l->spec.stride, p = l->spec.padding;
    Frame f = { .rows = (in.rows + 2 * p + s - 1) / s,
                .columns = (in.columns + 2 * p + s - 1) / s };

    f.wide = whole_vectors((out.rows - 1) * f.columns + out.columns);
    f.size = (size_t)in.channels * s * s * f.rows * f.columns + LANES;
    return f;
}

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

    const Frame f = frame_of(l);
    const int P = l->out_shape.rows * l->out_shape.columns;
    const size_t spread = (size_t)s->channels * f.wide;
    const size_t turned = (size_t)(P + l->fan_in) * whole_vectors(s->channels);
    l->scratch_size = 2 * f.size + (spread > turned ? spread : turned);
    return NULL;
}

/* Where in the frame is row i, column j of a channel, counted with the border?
 * When the window moves one position to the right that is one number further,
 * and when it moves down, one row of a picture. */
static int place(const Layer *l, Frame f, int channel, int i, int j)
{
    const int s = l->spec.stride;

    return (((channel * s + i % s) * s + j % s) * f.rows + i / s) * f.columns
         + j / s;
}

/* The rows of col: row k is what place k of the window meets. */
static void find_col(const Layer *l, Frame f, float **col, float *frame)
{
    const int k = l->spec.kernel;

    for (int c = 0; c < l->in_shape.channels; c++)
        for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++)
                *col++ = frame + place(l, f, c, i, j);
}

/* n numbers from one row to another, in steps. Rows are short: eight numbers at
 * a time are one move each, where a call of memcpy would take longer. */
enum { EIGHT = 8 };

static inline void copy_row(float *restrict to, int to_step,
                            const float *restrict from, int from_step, int n)
{
    int i = 0;

    for (; to_step == 1 && from_step == 1 && i + EIGHT <= n; i += EIGHT)
        for (int j = 0; j < EIGHT; j++)
            to[i + j] = from[i + j];
    for (; i < n; i++)
        to[i * to_step] = from[i * from_step];
}

/* Copies the image x into its frame; without x, what is in the frame into the
 * image dx. The border is left alone. */
static void copy_image(const Layer *l, Frame f, float *frame, const float *x,
                       float *dx)
{
    const Shape in = l->in_shape;
    const int s = l->spec.stride, p = l->spec.padding;

    for (int c = 0; c < in.channels; c++)
        for (int a = 0; a < s && a < in.rows; a++)
            for (int b = 0; b < s && b < in.columns; b++) {
                float *inner = frame + place(l, f, c, a + p, b + p);
                const int n = (in.columns - b + s - 1) / s;
                for (int i = a; i < in.rows; i += s, inner += f.columns) {
                    const int outer = (c * in.rows + i) * in.columns + b;
                    if (x)
                        copy_row(inner, 1, x + outer, s, n);
                    else
                        copy_row(dx + outer, s, inner, 1, n);
                }
            }
}

/* y = W col + b, image by image: one image stays in the cache. */
static void conv2d_forward(Layer *l, float *y, const float *x, int B,
                           bool training)
{
    const Frame f = frame_of(l);
    const Shape out = l->out_shape;
    const int F = out.channels, K = l->fan_in;
    float *frame = l->scratch, *wide = frame + 2 * f.size;
    float *W[F], *col[K], *sums[F];
    int each[K];

    (void)training;
    find_rows(W, l->W, F, K);
    find_numbers(each, K, 1);
    find_col(l, f, col, frame);
    find_rows(sums, wide, F, f.wide);
    for (int i = 0; i < B; i++, x += l->in) {
        copy_image(l, f, frame, x, NULL);
        mul_rows(sums, W, each, col, F, f.wide, K, SET);
        for (int c = 0; c < F; c++)
            for (int r = 0; r < out.rows; r++, y += out.columns)
                for (int q = 0; q < out.columns; q++)
                    y[q] = sums[c][r * f.columns + q] + l->b[c];
    }
}

/* dW = dy col'     db = row sums of dy
 * What is summed up over the images is the transpose, dW' = col dy', because
 * the many rows of col make better tiles than the few of dy. */
static void filter_gradient(Layer *l, const float *dy, const float *x, int B)
{
    const Frame f = frame_of(l);
    const int columns = l->out_shape.columns;
    const int F = l->spec.channels, K = l->fan_in, P = l->out / F;
    const int N = whole_vectors(F);
    float *frame = l->scratch, *total = frame + 2 * f.size;
    float *turned = total + (size_t)K * N;
    float *dWt[K], *col[K], *dyt[P];
    int position[P];

    find_rows(dWt, total, K, N);
    find_col(l, f, col, frame);
    for (int p = 0; p < P; p++)
        position[p] = p / columns * f.columns + p % columns;
    find_rows(dyt, turned, P, N);
    memset(total, 0, (size_t)K * N * sizeof *total);
    memset(l->db, 0, F * sizeof *l->db);
    for (int i = 0; i < B; i++, x += l->in, dy += l->out) {
        copy_image(l, f, frame, x, NULL);
        for (int p = 0; p < P; p++)
            for (int c = 0; c < F; c++)
                dyt[p][c] = dy[c * P + p];
        mul_rows(dWt, col, position, dyt, K, N, P, ADD);
        for (int c = 0; c < F; c++)
            l->db[c] += sum(dy + c * P, P);
    }
    for (int c = 0; c < F; c++)
        for (int k = 0; k < K; k++)
            l->dW[c * K + k] = dWt[k][c];
}

/* dcol = W' dy, added up where the rows of dcol lie across each other: so the
 * frame collects what flows to all the copies of a pixel. dy is spread out to
 * the width of the frame, with zeros where the window sticks out. */
static void input_gradient(Layer *l, float *dx, const float *dy, int B)
{
    const Frame f = frame_of(l);
    const Shape out = l->out_shape;
    const int F = out.channels, K = l->fan_in;
    float *frame = l->scratch + f.size, *wide = frame + f.size;
    float *dcol[K], *Wt[K], *dys[F];
    int filter[F];

    find_col(l, f, dcol, frame);
    find_rows(Wt, l->W, K, 1);
    find_numbers(filter, F, K);
    find_rows(dys, wide, F, f.wide);
    memset(wide, 0, (size_t)F * f.wide * sizeof *wide);
    for (int i = 0; i < B; i++, dx += l->in) {
        for (int c = 0; c < F; c++)
            for (int r = 0; r < out.rows; r++, dy += out.columns)
                copy_row(dys[c] + r * f.columns, 1, dy, 1, out.columns);
        memset(frame, 0, f.size * sizeof *frame);
        mul_rows(dcol, Wt, filter, dys, K, f.wide, F, ADD);
        copy_image(l, f, frame, NULL, dx);
    }
}

static void conv2d_backward(Layer *l, float *dx, const float *dy,
                            const float *x, const float *y, int B)
{
    (void)y;
    filter_gradient(l, dy, x, B);
    if (dx)
        input_gradient(l, dx, dy, B);
}

const LayerType conv2d_layer = { "conv2d", conv2d_configure, conv2d_forward,
                                 conv2d_backward };
