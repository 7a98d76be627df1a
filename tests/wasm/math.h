/* SPDX-License-Identifier: MIT */
#ifndef WASM_MATH_H
#define WASM_MATH_H

#define NAN      __builtin_nanf("")
#define INFINITY __builtin_inff()
#define isfinite(x) __builtin_isfinite(x)
#define isnan(x)    __builtin_isnan(x)

float sqrtf(float), expf(float), expm1f(float), logf(float), log1pf(float);
float powf(float, float), tanhf(float), sinf(float), cosf(float), erff(float);
float fabsf(float), floorf(float), fmaxf(float, float), fminf(float, float);
double sqrt(double), exp(double), log(double), pow(double, double);
double sin(double), cos(double), tanh(double), erf(double);
double fabs(double), floor(double), fmax(double, double), fmin(double, double);

#endif
