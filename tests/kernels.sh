#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A program whose OpenBLAS computes wrong products says so, once, and goes on
# with kernels that are right. From the root of the project; OUT is where it was
# built.
set -eu

out=${OUT:-build}
# From here, since LD_PRELOAD takes no space in a path.
here=$(mktemp -d build/kernels.XXXXXX)
trap 'rm -r "$here"' EXIT
program=$(ls "$out"/chapters/04-* | head -n 1)

unset OPENBLAS_CORETYPE
${CC:-gcc} -shared -fPIC $(pkg-config --cflags openblas 2>/dev/null) \
    -o "$here/wrong.so" tests/wrong_blas.c -ldl

# try <right kernels> <library>: what the program says on stderr.
try() {
    RUNS="$here/runs-$1" RIGHT_KERNELS=$1 LD_PRELOAD=$2 \
        SYNTHETIC=100 "$program" --seed 1 2>&1 >"$here/said" |
        grep -v 'recalled\|core seconds' || true
}

# says <text> <part>
says() {
    case $1 in *"$2"*) ;; *) echo "kernels.sh: it said \"$1\", expected $2"
                             exit 1 ;; esac
}

[ -z "$(try none '')" ] || { echo 'kernels.sh: right products were refused'
                             exit 1; }
says "$(try Sandybridge "$here/wrong.so")" \
    'from now on OPENBLAS_CORETYPE is Sandybridge'
grep -q '^relu' "$here/said" || { echo 'kernels.sh: it did not go on'; exit 1; }
[ -z "$(try Sandybridge "$here/wrong.so")" ] || { echo 'kernels.sh: said twice'
                                                 exit 1; }
says "$(try no-such "$here/wrong.so")" 'install another version of OpenBLAS'
echo 'wrong kernels are found out'
