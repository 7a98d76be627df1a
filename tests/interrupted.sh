#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Builds that are killed, and builds that meet. From the root of the project,
# with everything compiled:
#
#     tests/interrupted.sh                  SEED=123 for the moments of seed 123
#
# 1. A build that nobody disturbs says what the results are.
# 2. A cold build is killed (-9) at a random moment, so is the build that takes
#    it up, and the next; the fourth may finish. Then the same with a new store,
#    until ten were killed. (Ten cold builds would take twice the time.) Chance
#    also says whether all processes die, or only the build, whose chapter or
#    press then goes on beside the next build.
# 3. Two builds at the same time fill one store, then write one book.
#
# Always the results must be those of 1: the rows of results.tsv without the
# times, the files of every run, and the figures, byte for byte. A run that was
# finished at a kill must not be made again, and none may be there by halves.
set -u
export LC_ALL=C

out=${OUT:-build}
bin=${BIN:-$out/bin}                            # where the build is
programs=${PROGRAMS:-$out/chapters}             # and the chapters
digits=${SYNTHETIC:-600}
seed=${SEED:-$(($(date +%s) % 32768))}
RANDOM=$seed
root=$out/test/interrupted
undisturbed=$root/undisturbed
wanted=10                       # kills

fail() {
    echo "interrupted.sh: $* (seed $seed; see $root)"
    exit 1
}

# --- one build -----------------------------------------------------------------
# A place is a folder with a store, runs/; it and the book may be shared.

groups=                         # process groups that may still be alive

# start <place> <book> <log>: its process, and group, is $build.
start() {
    mkdir -p "$1"
    set -m                      # each build a process group of its own
    env BOOK="$1/$2" RUNS="$1/runs" PROGRAMS="$programs" QUICK=1 \
        SYNTHETIC="$digits" MNIST_DIR= CHAPTER= FORCE= \
        "$bin/book" chapters/[0-9]*.c >"$1/$3.log" 2>&1 &
    build=$!
    set +m
    groups="$groups $build"
}

# What is left of the builds: programs whose build was killed.
kill_all() {
    for group in $groups; do
        kill -9 -- "-$group" 2>/dev/null
    done
}
trap kill_all EXIT
trap 'exit 1' INT TERM

# Gives them time to come to their own end.
let_end() {
    for group in $groups; do
        for _ in {1..600}; do
            kill -0 -- "-$group" 2>/dev/null || continue 2
            sleep 0.1
        done
        fail "process group $group still runs after a minute"
    done
    groups=
}

# What a build complained of: its last lines that do not tell of progress.
complaints() {
    grep -v -e ', accuracy ' -e '[0-9] s)*$' "$1" | tail -n 5
}

# finish <build> <place> <log>: it must end well, and find no damaged run.
finish() {
    wait "$1" || fail "$2: a build failed: $(complaints "$2/$3.log")"
    if grep 'made again' "$2/$3.log"; then
        fail "$2: a damaged run was in the store"
    fi
}

# --- what must hold ------------------------------------------------------------

results() {
    awk -F '\t' '$3 !~ /_seconds$/' "$1/results.tsv"
}

# same <place> <book>: the results, and every file of every run, but for times.
same() {
    results "$1/$2" | diff "$undisturbed/results.tsv" - ||
        fail "$1/$2: other results than those of an undisturbed build"
    diff -r -x score.tsv -x seal.tsv -x 'measured-*' -x 'index.tsv' -x '*.tmp' \
        "$undisturbed/runs" "$1/runs" ||
        fail "$1/runs: other runs than those of an undisturbed build"
    same_figures "$1/$2"
}

# A figure of the same table must be the same drawing; tables of times differ.
# The comment with the digest names the folder of the book.
same_figures() {
    for svg in "$undisturbed"/book/*/*.svg; do
        other=$1/${svg#"$undisturbed/book/"}
        cmp -s "${svg%.svg}.tsv" "${other%.svg}.tsv" || continue
        cmp -s <(grep -v '<!-- sha256' "$svg") <(grep -v '<!-- sha256' "$other") ||
            fail "$other: not drawn from the whole of ${other%.svg}.tsv"
    done
}

# Finished runs are those under their final name; all must be sealed. A link to
# the seal of each is kept: it holds on to the file, so that a seal made anew
# cannot pass for the old one.
remember() {
    mkdir -p "$1/kept"
    for run in "$1"/runs/*/; do
        run=${run%/}
        case $run in *.tmp | *\*) continue ;; esac
        [ -f "$run/seal.tsv" ] || fail "$run: a run without seal.tsv"
        [ -f "$1/kept/${run##*/}" ] || ln "$run/seal.tsv" "$1/kept/${run##*/}"
    done
}

not_remade() {
    for seal in "$1"/kept/*; do
        [ -e "$seal" ] || continue
        [ "$seal" -ef "$1/runs/${seal##*/}/seal.tsv" ] ||
            fail "$1/runs/${seal##*/}: was finished at a kill and is not the same now"
    done
}

count() {
    ls "$1" | wc -l | tr -d ' '
}

# --- 1. undisturbed ------------------------------------------------------------

echo "builds that are killed, and builds that meet (seed $seed)"
rm -rf "$root"
start "$undisturbed" book build
TIMEFORMAT=%3R
{ time wait "$build"; } 2>"$root/seconds"
finish "$build" "$undisturbed" build
results "$undisturbed/book" >"$undisturbed/results.tsv"
remember "$undisturbed"
whole=$(tr -d . <"$root/seconds")                               # milliseconds
whole=$((10#$whole))
runs=$(count "$undisturbed/kept")
[ "$runs" -gt 0 ] || fail "$undisturbed: a build without runs proves nothing"
echo "undisturbed: $whole ms, $runs runs"

# --- 2. killed -----------------------------------------------------------------

# A random moment before $1 milliseconds are over; sets $moment and $after.
choose_moment() {
    moment=$((RANDOM * $1 / 32768))
    after=$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))
}

# kill_build <place> <log>: kills $build, all of it or the parent alone.
kill_build() {
    sleep "$after"
    victim=-$build who=all
    [ $((RANDOM % 2)) = 0 ] && victim=$build who="the parent"
    { kill -9 -- "$victim"; wait "$build"; } 2>/dev/null
    status=$?
    case $status in
        137) kills=$((kills + 1)) ;;
        0)   who=nobody ;;                      # the build was done already
        *)   fail "$1: a build failed: $(complaints "$1/$2.log")" ;;
    esac
    remember "$1"
    told="$told $who after $after s ($(count "$1/kept") runs),"
}

kills=0
for ((store = 1; kills < wanted; store++)); do
    place=$root/killed-$store
    told=
    left=$whole
    for log in first second third; do
        choose_moment $left
        start "$place" book $log
        kill_build "$place" $log
        left=$((left - moment))
    done
    start "$place" book last
    finish "$build" "$place" last
    let_end
    remember "$place"
    not_remade "$place"
    same "$place" book
    echo "store $store: killed$told $(count "$place/kept") at the end"
done
echo "$kills kills, the same results"

# --- 3. side by side -----------------------------------------------------------

# together <place> <book of the first> <book of the second>
together() {
    start "$root/$1" "$2" first
    first=$build
    start "$root/$1" "$3" second
    finish "$first" "$root/$1" first
    finish "$build" "$root/$1" second
    let_end
    remember "$root/$1"
    not_remade "$root/$1"
    same "$root/$1" "$2"
    same "$root/$1" "$3"
}

together both book other-book
echo 'two builds on one store: the same results'
# With all runs there, both do nothing but write pages and figures: thrice.
for book in shared-1 shared-2 shared-3; do
    together both $book $book
done
echo 'two builds on one store and one book: the same results'
rm -rf "$root"
