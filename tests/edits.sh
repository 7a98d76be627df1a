#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a reader may make of the experiments: tests/edits.sh, from the root of
# the project. Every chapter's experiments are edited (wider, deeper, a layer
# less, none hidden, rates of 0 and 100,000, other epochs and batches), and all
# chapters that train or look at them are compiled under the sanitizers and run
# on a few synthetic digits, each edit in a book of its own. A chapter makes its
# page, without a number that is none, or says in one clear line why not. With
# the names of edits only those: tests/edits.sh deeper wider+short.

out=${OUT:-build}
san=${SANLIB:-build/san}
work=$out/test/edits
chapters='02-mlp 03-softmax 04-relu 05-mini-batches 06-rmsprop 07-convolution 08-failure-analysis'

# The commands of sed that make an edit.
edit() {
    hidden='{ DENSE, .units = 32 }'
    case $1 in
    none)    ;;
    wider)   echo 's/units = 32 /units = 200 /; s/units = 128 /units = 300 /
                   s/channels = 8,/channels = 44,/; s/channels = 16,/channels = 48,/
                   s/channels = 64,/channels = 65,/';;
    deeper)  echo 's/{ DENSE, .units = 10 }/{ DENSE, .units = 20 }, { RELU }, &/';;
    lower)   echo "/^  *$hidden/d; s/{ DENSE, .units = 128 }, { RELU },//";;
    none-hidden)
             echo '/^ *[.]layers /,/} },/c\
    .layers = { { DENSE, .units = 10 }, { SOFTMAX } },';;
    still)   echo 's/learning_rate = [0-9.]*f/learning_rate = 0.0f/';;
    wild)    echo 's/learning_rate = [0-9.]*f/learning_rate = 1e5f/';;
    rate)    echo 's/learning_rate = [0-9.]*f/learning_rate = 0.15f/';;
    short)   echo 's/[.]epochs = [0-9]*/.epochs = 1/';;
    longer)  echo 's/[.]epochs = [0-9]*/.epochs = 2/';;
    single)  echo 's/[.]batch = [0-9]*/.batch = 1/';;
    large)   echo 's/[.]batch = [0-9]*/.batch = 1000/';;
    *)       echo "edits.sh: no edit \"$1\"" >&2; exit 2;;
    esac
}

# One chapter as it was edited; says what is wrong.
try() {
    page=$book/$2.md
    rm -f "$page"
    sed "$3" "chapters/$2.c" > "$folder/chapters/$2.c"
    ${CC:-gcc} -std=c11 -D_XOPEN_SOURCE=700 -O0 -fsanitize=address,undefined \
        -fno-sanitize-recover=all -Ilib -pthread -o "$folder/$2" \
        "$folder/chapters/$2.c" "$san/libdigits.a" \
        $(pkg-config --libs openblas 2>/dev/null || echo -lopenblas) \
        -lcmark -lpng -lz -lm 2>"$folder/log" \
        || { echo "edits.sh: $1: $2 does not compile:"; head -n 5 "$folder/log"; return; }
    BOOK=$book RUNS=$folder/runs QUICK=1 SYNTHETIC=300 MNIST_DIR= CHAPTER= FORCE= \
        OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE= \
        "$folder/$2" >"$folder/log" 2>&1
    status=$?
    last=$(tail -n 1 "$folder/log")
    if grep -Eq 'runtime error|Sanitizer|does not hold|Assertion' "$folder/log" \
        || [ "$status" -gt 1 ]; then
        echo "edits.sh: $1: $2 ended with status $status:"
        grep -E -m 3 'runtime error|ERROR|does not hold|Assertion|in main' "$folder/log"
    elif [ "$status" = 1 ]; then
        echo "$1: $2: $last" >> "$folder/said"
    elif ! [ -s "$page" ]; then
        echo "edits.sh: $1: $2 made no page"
    elif grep -En '(^|[^a-zA-Z])-?(nan|inf)([^a-zA-Z]|$)' "$page" > "$folder/log"; then
        echo "edits.sh: $1: $2 prints a number that is none:"
        head -n 3 "$folder/log" | cut -c 1-200
    fi
}

if [ "$1" = --one ]; then
    folder=$work/$2
    book=$folder/book
    rm -rf "$folder"
    mkdir -p "$folder/chapters"
    commands=$(for e in $(echo "$2" | tr + ' '); do edit "$e" || exit 2; done) || exit 2
    for c in $chapters; do
        try "$2" "$c" "$commands"
    done
    exit 0
fi

[ -n "$*" ] || set -- wider+short deeper+large lower+single none-hidden+rate still wild
MAKEFLAGS= ${MAKE:-make} -s SAN=1 CC="${CC:-gcc}" build/san/libdigits.a || exit 1
rm -rf "$work"
mkdir -p "$work"
printf '%s\n' "$@" | xargs -n 1 -P 2 "$0" --one > "$work/offences"
cat "$work/offences"
[ -n "$VERBOSE" ] && cat "$work"/*/said
! [ -s "$work/offences" ]
