#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Machines that this one is not: a program for a newer processor says so, and
# MARCH names the processor. From the root of the project. Every offence is one
# line.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cc=${CC:-gcc}

offences=$(
    # A processor that has nothing of what the program was built for.
    echo '#include "base/processor.h"
const char built_for[] = " sse-of-tomorrow";
int main(void) { return 0; }' >"$work/newer.c"
    $cc -std=c11 -Ilib -o "$work/newer" "$work/newer.c" lib/base/processor.c
    said=$("$work/newer" 2>&1)
    status=$?
    [ $status = 1 ] || echo "machines.sh: built for a newer processor: exit $status, expected 1"
    case $said in *'built for a newer processor: it uses sse-of-tomorrow, '*) ;;
        *) echo "machines.sh: built for a newer processor: it said \"$said\"" ;; esac
    sed 's/" sse-of-tomorrow"/""/' "$work/newer.c" >"$work/older.c"
    $cc -std=c11 -Ilib -o "$work/older" "$work/older.c" lib/base/processor.c
    "$work/older" || echo 'machines.sh: built for any processor, and refused'
    [ "$(uname -m)" != x86_64 ] || {
        $cc -std=c11 -Ilib -o "$work/own" lib/base/processor.c -march=native \
            -x c - lib/base/built_for.c <<'EOF'
int main(void) { return 0; }
EOF
        "$work/own" || echo 'machines.sh: built for this processor, and refused'
    }
    nm "${OUT:-build}/bin/runs" | grep -q processor_check ||
        echo 'machines.sh: a program does not check the processor'

    # flags <MARCH> <object>: what the object is compiled with.
    flags() { env -u SAN -u TSAN MAKEFLAGS= make -Bns MARCH="$1" CC=gcc "build/obj/lib/base/$2.o" | grep -e ' -c '; }
    case $(flags x86-64-v3 error) in *' -march=x86-64-v3 '*) ;;
        *) echo 'machines.sh: MARCH=x86-64-v3 is not obeyed' ;; esac
    case $(flags x86-64-v3 processor) in *-march=*)
        echo 'machines.sh: processor.c is compiled for a newer processor itself' ;; esac
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
