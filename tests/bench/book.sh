#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The book in a copy of the project, for bench.c to time. From the root of the
# project:
#
#     tests/bench/book.sh fresh <copy>              new, with nothing built
#     tests/bench/book.sh warm <copy>               as the project is now, and
#                                                   its book built
#     tests/bench/book.sh edit <copy>               one more sentence of prose
#     tests/bench/book.sh make <copy> [QUICK=1]     make book
set -eu

what=$1 copy=$2
shift 2

# The copy is built with its own folders, and not as a part of this build: what
# its Makefile exports would, for one, make nproc say 1.
make_book() {
    unset MAKEFLAGS MFLAGS MAKELEVEL OMP_NUM_THREADS OPENBLAS_NUM_THREADS
    make -C "$copy" book BOOK= RUNS= CHAPTER= FORCE= QUICK= "$@"
}

copy_project() {
    mkdir -p "$copy"
    for part in Makefile chapters figures lib tests; do
        rm -rf "${copy:?}/$part"
        cp -R "$part" "$copy"
    done
}

# Into the first paragraph behind the first code of a chapter.
edit_chapter() {
    chapter=$(ls "$copy"/chapters/04-*.c)
    awk '{ print } /^\/\*%$/ && ++n == 2 { print "One more sentence.\n" }' \
        "$chapter" >"$copy/edited.c"
    if cmp -s "$chapter" "$copy/edited.c"; then
        echo "$chapter: found no second comment that opens with /*%"
        exit 1
    fi
    mv "$copy/edited.c" "$chapter"
}

digits=${MNIST_DIR:-}
if [ -z "$digits" ] && [ -e build/data/train-images-idx3-ubyte.gz ]; then
    digits=build/data
fi
[ -z "$digits" ] || digits=$(cd "$digits" && pwd)
export MNIST_DIR="$digits"

case $what in
    fresh) rm -rf "$copy"; copy_project ;;
    warm)  copy_project; make_book ;;
    edit)  edit_chapter ;;
    make)  make_book "$@" ;;
    *)     echo "book.sh: found $what, expected fresh, warm, edit or make"
           exit 1 ;;
esac
