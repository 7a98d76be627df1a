#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The objects in a folder that were compiled from another content of some source
# than it has now, whatever the times say: lib/base/stale.sh build/obj
#
# They are removed, and named until they are there again: a build that stops in
# between forgets none.
[ -d "$1" ] || exit 0
sums=$1/sources.sum
cksum chapters/*.c lib/*/*.[ch] tests/*.[ch] tests/*/*.[ch] \
    >"$sums.$$" 2>/dev/null
if [ -f "$sums" ]; then
    grep -vxFf "$sums" "$sums.$$" | while read -r sum size name; do
        grep -lF -- " $name" "$1"/*/*.d "$1"/*/*/*.d 2>/dev/null
    done | sed 's/d$/o/' | xargs rm -f
fi
mv "$sums.$$" "$sums"
for rule in "$1"/*/*.d "$1"/*/*/*.d; do
    [ ! -f "$rule" ] || [ -f "${rule%d}o" ] || echo "${rule%d}o"
done
