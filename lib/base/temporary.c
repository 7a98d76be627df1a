/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1          /* for syscall, and */
#define _DARWIN_C_SOURCE 1         /* renamex_np on macOS */
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

enum { TRIES = 100 };

/* Without the system's random bytes (no /dev in a bare container): the clock,
 * the process, and where the stack lies. A name that is taken is not used. */
static uint64_t random_bits(void)
{
    static _Thread_local uint64_t count;
    uint64_t bits = 0;
    struct timespec t;
    const int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    const ssize_t n = file < 0 ? 0 : read(file, &bits, sizeof bits);

    if (file >= 0)
        close(file);
    if (n == sizeof bits)
        return bits;
    clock_gettime(CLOCK_REALTIME, &t);
    bits = ((uint64_t)t.tv_sec << 30 ^ (uint64_t)t.tv_nsec)
         + ((uint64_t)getpid() << 32) + (uint64_t)(uintptr_t)&t + count++;
    return bits * 0x9e3779b97f4a7c15u;
}

void temporary_name(char path[TEMPORARY_PATH], const char *beside)
{
    snprintf(path, TEMPORARY_PATH, "%.1200s.%016llx.tmp", beside,
             (unsigned long long)random_bits());
}

bool is_temporary(const char *path)
{
    const size_t n = strlen(path);

    return n > 4 && strcmp(path + n - 4, ".tmp") == 0;
}

FILE *temporary_file(char path[TEMPORARY_PATH], const char *beside)
{
    int file = -1;

    for (int i = 0; i < TRIES && file < 0; i++) {
        temporary_name(path, beside);
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file < 0 && errno != EEXIST)
            break;
    }
    return file < 0 ? NULL : fdopen(file, "wb");
}

Error temporary_close(FILE *f, bool written, const char *path,
                      const char *name)
{
    int reason = written ? 0 : errno;

    if (fclose(f) != 0 && !reason)
        reason = errno;
    if (written && !reason && rename(path, name) != 0)
        reason = errno;
    if (written && !reason)
        return NULL;
    remove(path);
    return error_text("%s: cannot be written: %s", name, strerror(reason));
}

Error temporary_folder(char path[TEMPORARY_PATH], const char *beside)
{
    for (int i = 0; i < TRIES; i++) {
        temporary_name(path, beside);
        if (mkdir(path, 0777) == 0)
            return NULL;
        if (errno != EEXIST)
            break;
    }
    return error_text("%s: cannot be made: %s", path, strerror(errno));
}

/* 0, or -1 and errno. */
static int swap_at_once(const char *a, const char *b)
{
#if defined(SYS_renameat2)
    return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2u);
#elif defined(RENAME_SWAP)
    return renamex_np(a, b, RENAME_SWAP);
#else
    errno = ENOSYS;
    return -1;
#endif
}

/* Some file systems (NFS) cannot do it at once. */
bool swap_names(const char *a, const char *b)
{
    char aside[TEMPORARY_PATH];

    if (swap_at_once(a, b) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return false;
    temporary_name(aside, a);
    if (rename(a, aside) != 0)
        return false;
    if (rename(b, a) == 0)
        return rename(aside, b) == 0;
    const int reason = errno;
    rename(aside, a);
    errno = reason;
    return false;
}
