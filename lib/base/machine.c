/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE                                /* sched_getaffinity */
#endif
#include "base/machine.h"

#include <math.h>
#ifdef __linux__
#include <sched.h>
#endif
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/setting.h"

enum { MAX_PATH = 2048 };

/* The number in a line "<name> 123" of a file, or the first number of it where
 * the name is ""; otherwise, as for "max", `otherwise`. */
static double read_number(const char *path, const char *name, double otherwise)
{
    FILE *file = fopen(path, "r");
    char line[256];
    double x = otherwise;
    bool found = false;

    while (file && !found && fgets(line, sizeof line, file))
        if ((found = strncmp(line, name, strlen(name)) == 0)) {
            char *end;
            const char *number = line + strlen(name);
            x = strtod(number, &end);
            if (end == number)
                x = otherwise;
        }
    if (file)
        fclose(file);
    return x;
}

static double in_folder(const char *folder, const char *file, const char *name,
                        double otherwise)
{
    char path[MAX_PATH + 64];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    return read_number(path, name, otherwise);
}

/* Takes from *m what one control group does not allow. Version 2 writes "quota
 * period" or "max period" into one file, version 1 each into its own. What a
 * group has read from files (inactive_file) it gives back when asked. */
static void limit(Machine *m, const char *folder)
{
    char path[MAX_PATH + 64];
    double quota = HUGE_VAL, period = 100000;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    FILE *file = fopen(path, "r");

    if (file) {
        if (fscanf(file, "%lf %lf", &quota, &period) != 2)
            quota = HUGE_VAL;
        fclose(file);
    } else {
        quota = in_folder(folder, "cpu.cfs_quota_us", "", HUGE_VAL);
        period = in_folder(folder, "cpu.cfs_period_us", "", period);
    }
    if (quota > 0 && period > 0 && quota / period < m->cores)
        m->cores = quota < period ? 1 : (int)(quota / period);

    static const char *const names[][3] = {
        { "memory.max", "memory.current", "inactive_file " },
        { "memory.limit_in_bytes", "memory.usage_in_bytes",
          "total_inactive_file " },
    };
    for (int v = 0; v < 2; v++) {
        const double most = in_folder(folder, names[v][0], "", HUGE_VAL);
        const double used = in_folder(folder, names[v][1], "", 0)
                          - in_folder(folder, "memory.stat", names[v][2], 0);
        const double left = used > 0 ? most - used : most;
        if (left < m->memory)
            m->memory = left > 0 ? left : 0;
    }
}

/* A group and all above it, up to the folder where the groups are mounted. A
 * container may see its own group there and not under its path. */
static void limit_all(Machine *m, const char *mount, const char *group)
{
    char folder[MAX_PATH];
    const size_t top = strlen(mount);

    snprintf(folder, sizeof folder, "%s%s", mount, group);
    while (strlen(folder) > top) {
        limit(m, folder);
        *strrchr(folder, '/') = '\0';
    }
    limit(m, mount);
}

/* Lines such as "4:memory:/a/b" (version 1) and "0::/a/b" (version 2). */
static void limit_by_groups(Machine *m, const char *root)
{
    char path[MAX_PATH], line[1024], mount[MAX_PATH];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");

    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *kinds = strchr(line, ':'), *group;
        if (!kinds || !(group = strchr(++kinds, ':')))
            continue;
        *group++ = '\0';
        if (*group != '/')
            continue;
        snprintf(mount, sizeof mount, "%s/sys/fs/cgroup%s%s", root,
                 *kinds ? "/" : "", kinds);
        limit_all(m, mount, group[1] ? group : "");
    }
    if (file)
        fclose(file);
}

Machine machine_at(const char *root, int cores)
{
    char path[MAX_PATH];
    Machine m = { cores > 0 ? cores : 1, HUGE_VAL };

    snprintf(path, sizeof path, "%s/proc/meminfo", root);
    m.memory = read_number(path, "MemAvailable:", HUGE_VAL) * 1024;
    limit_by_groups(&m, root);
    return m;
}

/* Those that this process may run on, where the system tells; otherwise all. */
static int cores_here(void)
{
    int cores = 1;
#ifdef _SC_NPROCESSORS_ONLN
    cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
#endif
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        cores = CPU_COUNT(&set);
#endif
    return cores;
}

Machine machine_here(void)
{
    Machine m = machine_at("", cores_here());
    const long megabytes = setting_number("MEMORY", 0);

    if (megabytes > 0)
        m.memory = (double)megabytes * 1e6;
    return m;
}
