#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What uses a network, and does not teach it, must also run in a browser. From
# the root of the project: tests/wasm.sh, or CLANG=clang-16 tests/wasm.sh
#
# That part of the library and every kind of layer are compiled for WebAssembly,
# with the plain products in place of OpenBLAS and with no C library but the
# headers of tests/wasm. Then nothing may be missing but what these declare: no
# threads, no files, no exit. Every offence is one line.
#
# Where there is no clang, or one that does not know wasm32, it says so and
# leaves it at that. With wasm-ld all is linked; without it llvm-nm says what is
# missing.

clang=${CLANG:-clang}
skip() {
    echo "wasm.sh: skipped: $*"
    exit 0
}

[ -f lib/nn/kinds.h ] || { echo 'wasm.sh: run it from the root of the project'; exit 1; }
command -v "$clang" >/dev/null || skip "no $clang here"
"$clang" --target=wasm32 -c -x c -o /dev/null /dev/null 2>/dev/null ||
    skip "$clang does not compile for wasm32"

kinds=$(sed -n '/LAYER_KINDS_LIST/,/^$/s/^ *ROW([A-Z0-9_]*, *\([a-z0-9_]*\)).*/lib\/nn\/\1.c/p' lib/nn/kinds.h)
[ -n "$kinds" ] || { echo 'wasm.sh: lib/nn/kinds.h lists no kinds of layers'; exit 1; }
sources="lib/base/error.c lib/base/memory.c lib/base/rng.c lib/base/spec.c
         lib/data/gather.c lib/nn/layer.c lib/nn/layer_types.c lib/nn/loss.c
         lib/nn/model.c lib/nn/plain.c lib/runs/safetensors.c $kinds"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# The functions that tests/wasm declares, and that whoever runs it must provide.
sed -n '/^[a-z].*(.*;$/p' tests/wasm/*.h | sed 's/([^()]*)//g' |
    grep -o '[a-z0-9_]*[,;]' | tr -d ',;' | sort -u > "$work/provided"

offences=$(
    for source in $sources; do
        # shellcheck disable=SC2086
        "$clang" --target=wasm32 -std=c11 -ffreestanding -nostdlibinc -O2 \
            -Wall -Wextra -Wno-missing-field-initializers -Wno-unused-parameter -Werror -Itests/wasm -Ilib -Dplain_mul=mul \
            -Dplain_mul_bt=mul_bt -Dplain_mul_at=mul_at -c \
            -o "$work/$(basename "$source" .c).o" "$source" 2>&1 | grep 'error:'
    done
)
if [ -z "$offences" ]; then
    ld=$("$clang" --print-prog-name=wasm-ld)
    if command -v "$ld" >/dev/null; then
        offences=$("$ld" --no-entry --export-all -o "$work/predict.wasm" \
            --allow-undefined-file="$work/provided" "$work"/*.o 2>&1)
    elif command -v llvm-nm >/dev/null; then
        llvm-nm --defined-only "$work"/*.o | awk 'NF == 3 { print $3 }' |
            sort -u - "$work/provided" > "$work/known"
        offences=$(llvm-nm --undefined-only "$work"/*.o |
            awk 'NF == 2 && $2 !~ /^__(stack_pointer|memory_base|table_base|indirect_function_table|linear_memory)$/ { print $2 }' |
            sort -u | comm -23 - "$work/known" | sed 's/^/undefined symbol: /')
    else
        skip 'it compiles, but there is neither wasm-ld nor llvm-nm to link it'
    fi
fi
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
