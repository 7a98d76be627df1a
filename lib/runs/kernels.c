/* SPDX-License-Identifier: MIT */
#include "runs/kernels.h"

#include <cblas.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/rng.h"
#include "base/sha256.h"
#include "base/text.h"
#include "runs/code.h"

/* Says that a program was started only to see whether its products are right. */
static const char trial[] = "READING_DIGITS_TRIES_KERNELS";

/* From new to old; the last ones run on any processor with 64 bits. */
static const char *const candidates[] = { "Haswell", "Zen", "SkylakeX",
                                          "Sandybridge", "Nehalem", "Prescott",
                                          "ARMV8" };

const char *kernels_name(void)
{
    static _Thread_local char name[256];

    snprintf(name, sizeof name, "%s, kernels %s", openblas_get_config(),
             openblas_get_corename());
    return name;
}

/* The same shapes and the same numbers for both. */
static bool product_right(Product *product, Product *plain, int m, int n, int k)
{
    Rng rng = rng_create((uint64_t)(m + n + k), 0);
    const size_t sizes[] = { (size_t)m * k, (size_t)k * n, (size_t)m * n };
    float *x[4];
    bool right = true;

    for (int i = 0; i < 4; i++) {
        const size_t size = sizes[i < 2 ? i : 2];
        x[i] = allocate(size, sizeof **x);
        for (size_t j = 0; i < 2 && j < size; j++)
            x[i][j] = 2 * rng_uniform(&rng) - 1;
    }
    for (Assign s = SET; s <= ADD; s++) {
        product(x[2], x[0], x[1], m, n, k, s);
        plain(x[3], x[0], x[1], m, n, k, s);
    }
    for (size_t j = 0; j < sizes[2]; j++)
        right = right && fabsf(x[2][j] - x[3][j]) <= 1e-5f * (float)k + 1e-4f;
    for (int i = 0; i < 4; i++)
        free(x[i]);
    return right;
}

bool kernels_right(Product *ab, Product *abt, Product *atb)
{
    /* Dense layers, small and large, and convolutions: (m, n, k). */
    static const int shapes[][3] = {
        { 16, 32, 784 }, { 16, 784, 32 }, { 64, 128, 256 }, { 64, 10, 128 },
        { 32, 676, 9 }, { 64, 576, 288 }, { 288, 576, 64 }, { 17, 33, 65 },
    };
    bool right = true;

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const int *s = shapes[i];
        right = right && product_right(ab, plain_mul, s[0], s[1], s[2])
             && product_right(abt, plain_mul_bt, s[0], s[1], s[2])
             && product_right(atb, plain_mul_at, s[0], s[1], s[2]);
    }
    return right;
}

/* Starts this program with other kernels; with these already, it goes on. */
static void start_again(char **argv, const char *kernels)
{
    setenv("OPENBLAS_CORETYPE", kernels, 1);
    execvp(argv[0], argv);
    die("%s: cannot be started again with OPENBLAS_CORETYPE=%s: %s", argv[0],
        kernels, strerror(errno));
}

/* In a process of its own, since wrong kernels may crash; NULL: the present
 * ones. */
static bool try_kernels(char **argv, const char *kernels)
{
    int status = 0;

    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        die("%s: cannot be started: %s", argv[0], strerror(errno));
    if (child == 0) {
        setenv(trial, "1", 1);
        if (kernels)
            start_again(argv, kernels);
        _exit(!kernels_right(mul, mul_bt, mul_at));
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What was found out is kept under the name of all that it depends on. */
static void path_of(char path[1200], const char *folder)
{
    struct utsname machine;
    const char *set = getenv("OPENBLAS_CORETYPE");
    Text t = { 0 };
    char hex[65], code[65];

    code_digest(code, NULL);
    uname(&machine);
    text_add(&t, "%s\n%s\n%s\n%s\n%s\n", kernels_name(), machine.nodename,
             machine.machine, code, set ? set : "");
    sha256_hex(hex, t.s, t.length);
    text_free(&t);
    snprintf(path, 1200, "%s/kernels-%.16s.txt", folder, hex);
}

static const char *find_kernels(char **argv)
{
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
        if (try_kernels(argv, candidates[i]))
            return candidates[i];
    die("%s: it computes wrong products on this processor, whatever kernels it "
        "is told to take: install another version of OpenBLAS", kernels_name());
}

void kernels_check(char **argv, const char *folder)
{
    char path[1200];
    Text found = { 0 };

    openblas_set_num_threads(1);               /* the parallelism is ours */
    if (getenv(trial))
        _exit(!kernels_right(mul, mul_bt, mul_at));
    must(make_folder(folder));
    path_of(path, folder);
    if (text_read(&found, path)) {
        const bool right = try_kernels(argv, NULL);
        text_add(&found, "%s", right ? "right" : find_kernels(argv));
        if (!right)
            fprintf(stderr, "%s: these compute wrong products on this "
                    "processor; from now on OPENBLAS_CORETYPE is %s\n",
                    kernels_name(), found.s);
        text_write(&found, path);      /* a store of somebody else: next time */
    }
    if (strcmp(text_string(&found), "right") != 0)
        start_again(argv, found.s);
    text_free(&found);
}
