/* SPDX-License-Identifier: MIT
 *
 * A cblas_sgemm that is wrong, or crashes, unless OPENBLAS_CORETYPE is what
 * RIGHT_KERNELS says: to be loaded before OpenBLAS by tests/kernels.sh. */
#define _GNU_SOURCE 1                  /* for RTLD_NEXT */
#include <cblas.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef void Gemm(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint,
                  blasint, blasint, float, const float *, blasint,
                  const float *, blasint, float, float *, blasint);

void cblas_sgemm(CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb,
                 blasint m, blasint n, blasint k, float alpha, const float *A,
                 blasint lda, const float *B, blasint ldb, float beta, float *C,
                 blasint ldc)
{
    const char *kernels = getenv("OPENBLAS_CORETYPE");
    const char *right = getenv("RIGHT_KERNELS");
    Gemm *gemm;

    *(void **)&gemm = dlsym(RTLD_NEXT, "cblas_sgemm");
    gemm(order, ta, tb, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc);
    if (kernels && right && strcmp(kernels, right) == 0)
        return;
    if (kernels && strcmp(kernels, "Haswell") == 0)
        abort();                       /* as with an illegal instruction */
    if (tb == CblasTrans)
        C[0] += 1;
}
