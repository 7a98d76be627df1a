#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Which runs are made again when the code changes: tests/keys.sh, from the root
# of the project. In a copy of it a layer and an optimiser are added, a comment
# is written, a formula changed; the digests of the object files, of which the
# keys of runs are made, must say just that. Every offence is one line.

out=${OUT:-build}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

cp -R Makefile lib "$work"
cd "$work" || exit 1

digests() {
    MAKEFLAGS='' make -s CC="${CC:-gcc}" "$out/obj/code_files.c" >log 2>&1 || { cat log; exit 1; }
    grep -E '"((base|data|nn)/|runs/(history|network)")' "$out/obj/code_files.c" | sort > "$1"
}
# The names of those that are new or other than before.
changed() {
    echo "$(comm -13 before after | sed 's/.*{ "\([^"]*\).*/\1/' | tr '\n' ' ')"
}
expect() {
    digests after
    [ "$(changed)" = "$2" ] || echo "keys.sh: $1: changed are \"$(changed)\", expected \"$2\""
    mv after before
}

offences=$(
    digests before
    grep -q '"nn/dense", "[0-9a-f]\{64\}"' before || echo 'keys.sh: no digest of nn/dense'

    sed 's/relu/tanh/g; s/x\[i\] < 0 ? 0 : x\[i\]/x[i] \/ (1 + x[i] * x[i])/' lib/nn/relu.c > lib/nn/tanh.c
    sed 's/    ROW(DENSE, dense)/    ROW(TANH, tanh) \\\
    ROW(DENSE, dense)/' lib/nn/kinds.h > kinds.h && mv kinds.h lib/nn/kinds.h
    expect 'a new kind of layer' 'nn/tanh '

    printf '#include "nn/optimiser.h"\n\nconst OptimiserType lion_optimiser = { "lion", no_fields };\n' > lib/nn/lion.c
    sed 's/    ROW(SGD, sgd)/    ROW(LION, lion) \\\
    ROW(SGD, sgd)/' lib/nn/kinds.h > kinds.h && mv kinds.h lib/nn/kinds.h
    expect 'a new optimiser' 'nn/lion '

    for file in lib/base/*.[ch] lib/data/*.[ch] lib/nn/*.[ch] lib/runs/*.[ch]; do
        { echo '/* A word more. */'; cat "$file"; } > copy && mv copy "$file"
    done
    expect 'a comment in every file' ''

    sed 's/y\[i\] > 0 ? dy\[i\] : 0/y[i] >= 0 ? dy[i] : 0/' lib/nn/relu.c > copy && mv copy lib/nn/relu.c
    expect 'another formula in ReLU' 'nn/relu '

    sed 's/y\[i\] >= 0 ? dy/y[i] > 0 ? dy/' lib/nn/relu.c > copy && mv copy lib/nn/relu.c
    touch -t 200001010000 lib/nn/relu.c
    expect 'a source older than its object' 'nn/relu '
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
