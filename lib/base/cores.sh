#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How many cores this process may use: those that it may run on (taskset, a job
# of Slurm), and no more than its control group's share (a container).

# GNU's nproc obeys these two, which say something else.
cores=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc 2>/dev/null ||
        sysctl -n hw.ncpu 2>/dev/null || echo 2)
group=${CGROUP_ROOT:-/sys/fs/cgroup}
while read -r line; do
    case $line in 0::/*) group=$group${line#0::} ;; esac
done 2>/dev/null </proc/self/cgroup
if read -r quota period 2>/dev/null <"${group%/}/cpu.max" && [ "$quota" != max ]; then
    share=$(((quota + period - 1) / period))
    [ "$share" -ge "$cores" ] || cores=$share
fi
echo "$cores"
