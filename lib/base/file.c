/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)  ? "a folder"
         : S_ISFIFO(mode) ? "a named pipe"
         : S_ISSOCK(mode) ? "a socket"
         : S_ISREG(mode)  ? "a file"
         :                  "a device";
}

Error file_check(const char *path)
{
    struct stat s;

    if (stat(path, &s) != 0)
        return error_text("%s: %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        return error_text("%s: is %s, expected a file: move it elsewhere", path,
                          kind_of(s.st_mode));
    return NULL;
}

Error folder_check(const char *path)
{
    struct stat s;
    DIR *d;

    if (stat(path, &s) == 0 && !S_ISDIR(s.st_mode))
        return error_text("%s: is %s, expected a folder", path,
                          kind_of(s.st_mode));
    if (!(d = opendir(path)))
        return error_text("%s: %s", path, strerror(errno));
    closedir(d);
    return NULL;
}
