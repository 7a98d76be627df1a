#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Which digits are these? The folder that was named, the book that keeps its
# digits, the project that is found from the program: with real programs, in a
# small project made of links. From the root of the project; OUT is where it was
# built.
set -eu
export LC_ALL=C

out=$(realpath "${OUT:-build}")
real=$(pwd)
mkdir -p build
home=$(mktemp -d "$real/build/data.XXXXXX")
trap 'rm -rf "$home"' EXIT
project="$home/Mein Büro"
unset MNIST_DIR SYNTHETIC QUICK FORCE CHAPTER THREADS BOOK RUNS TEST PROGRAMS \
      SEEDS SET EXPERIMENT MAKEFLAGS MFLAGS 2>/dev/null || true
export MNIST_MIRROR="file://$home/nowhere"

fail() { echo "data.sh: $*"; exit 1; }

# says <text> <part>
says() { case $1 in *"$2"*) ;; *) fail "it said \"$1\", expected \"$2\"" ;; esac; }
quiet() { case $1 in *"$2"*) fail "it said \"$1\", not expected \"$2\"" ;; esac; }
one_line() { [ "$(printf '%s\n' "$1" | wc -l)" = 1 ] || fail "more than a line: $1"; }

# stops <command>...: what it says, on both streams, if its exit status is 1.
stops() {
    if said=$("$@" 2>&1); then fail "$*: went on, and said: $said"; fi
    echo "$said"
}

mkdir -p "$project/build/bin" "$project/build/chapters" "$project/chapters" \
    "$project/tests"
for folder in lib figures; do ln -s "$real/$folder" "$project/$folder"; done
cp "$real/chapters/index.md" "$real"/chapters/01-*.c "$project/chapters/"
ln -s "$real/tests/expected" "$project/tests/expected"
for program in book press data runs; do
    cp "$out/bin/$program" "$project/build/bin/"
done
cp "$out/chapters/01-load-data" "$out/chapters/02-mlp" "$project/build/chapters/"
cd "$project"
printf '# A book\n\n@edition\n' >chapters/index.md
book() { build/bin/book chapters/01-*.c; }
page() { ls "$1"/01-*.html >/dev/null || fail "$1: no page there"; }
digest() { sed -n 's/^digest.//p' "$1/data.tsv"; }

# --- digits of our own, as a folder of pictures ------------------------------

mkdir -p "$home/other ä" "$home/first"
echo 'data.sh: digits in folders'
for n in 1 2; do
    folder=$home/first; [ $n = 1 ] || folder="$home/other ä"
    # four IDX files of 120 images, all of one ink
    for part in train t10k; do
        { printf '\0\0\010\003\0\0\0\170\0\0\0\034\0\0\0\034'
          head -c $((120 * 784)) /dev/zero | tr '\0' "\\$n"; } \
            >"$folder/$part-images-idx3-ubyte"
        { printf '\0\0\010\001\0\0\0\170'
          i=0; while [ $i -lt 12 ]; do
              printf '\0\001\002\003\004\005\006\007\010\011'; i=$((i + 1)); done
        } >"$folder/$part-labels-idx1-ubyte"
    done
done

# --- without a network ---------------------------------------------------------
said=$(build/chapters/02-mlp --set train.images=100 --seed 1 2>&1)
says "$said" 'MNIST could not be downloaded, so synthetic digits stand in'
said=$(build/chapters/02-mlp --set train.images=100 --seed 1 2>&1)
says "$said" 'MNIST could not be downloaded, so synthetic digits stand in'
says "$said" ', on synthetic: accuracy '
said=$(book 2>&1)
says "$said" 'MNIST could not be downloaded, so synthetic digits stand in'
[ "$(echo "$said" | grep -c 'could not be downloaded')" = 1 ] ||
    fail "the chapters say it again: $said"
grep -q 'Built on synthetic digits' build/book/01-*.html || fail 'no notice'
rm -r build/book

# --- a folder, once named, is remembered ---------------------------------------
said=$(MNIST_DIR="$home/first" book 2>&1)
says "$said" "from now on the digits are taken from $home/first"
says "$said" 'These digits are not MNIST (digest '
[ "$(echo "$said" | grep -c 'These digits are not MNIST')" = 1 ] ||
    fail "the chapters say it again: $said"
page build/book
grep -q 'Built on the digits of first, not on MNIST: digest ' build/book/01-*.html ||
    fail 'the page does not name its digits'
first=$(digest build/book)
said=$(book 2>&1)
says "$said" "IDX files in $home/first"
quiet "$said" 'from now on'
quiet "$said" 'could not be downloaded'
[ "$(digest build/book)" = "$first" ] || fail 'a plain make book is on other digits'
said=$(build/chapters/02-mlp --set train.epochs=1 --seeds 1 2>&1)
says "$said" "Digits: not MNIST"
quiet "$said" 'on other digits'
says "$(build/bin/data)" 'remembered in build/data/folder'

# --- the project is found from the program -------------------------------------
said=$(cd build/chapters && ./02-mlp --set train.epochs=1 --seed 1 2>&1)
says "$said" '(recalled)'
[ ! -e build/chapters/build ] || fail 'a second build/ was made'
said=$(cd "$home" && MNIST_DIR=first "$project/build/chapters/02-mlp" --set \
    train.epochs=1 --seed 1 2>&1)
says "$said" '(recalled)'
stray=$(mktemp -d)
cp build/chapters/02-mlp "$stray/"
said=$(cd "$stray" && stops ./02-mlp --list) || fail "$said"
left=$(ls "$stray")
rm -r "$stray"
one_line "$said"
says "$said" 'there is no project around this program'
[ "$left" = 02-mlp ] || fail "a stray program left $left"

# --- another data set moves the book aside, and brings it back -----------------
said=$(MNIST_DIR="$home/other ä" book 2>&1)
aside=build/book.$(echo "$first" | cut -c 1-7)
says "$said" "build/book: the book on first is kept as $aside"
page "$aside"
page build/book
[ "$(digest "$aside")" = "$first" ] || fail "$aside: other digits"
[ "$(digest build/book)" != "$first" ] || fail 'build/book: the old digits'
said=$(MNIST_DIR="$home/first" book 2>&1)
says "$said" 'the book on other ä is kept as build/book.'
[ "$(digest build/book)" = "$first" ] || fail 'the book did not come back'
[ ! -e "$aside" ] || fail "$aside is still there"
quiet "$said" '01-load-data '
[ -e build/book.lock ] || fail 'the lock is not beside the book'

# --- only MNIST's own numbers are compared with the accepted ones ---------------
for option in '' --accept; do
    said=$(stops "$out/bin/check_results" $option build/book tests/none) ||
        fail "$said"
    one_line "$said"
    says "$said" 'build/book: holds the book on first, expected the one on MNIST'
done

# --- a folder that is only called so ---------------------------------------------
cp -R "$home/first" "$home/MNIST"
said=$(MNIST_DIR="$home/MNIST" build/chapters/02-mlp --set train.epochs=1 \
    --seed 1 2>&1)
says "$said" ', on folder MNIST: accuracy '

# --- digits that stand in for MNIST replace nothing ----------------------------
rm build/data/folder
said=$(stops book) || fail "$said"
says "$said" 'build/book: holds the book on first, and synthetic digits do not'
[ "$(digest build/book)" = "$first" ] || fail 'the book was replaced'
page build/book
said=$(stops build/chapters/01-load-data) || fail "$said"
says "$said" 'build/book: holds the book on first, expected one on synthetic'
rm build/book/data.tsv                  # a book from before there was this file
said=$(stops book) || fail "$said"
says "$said" 'build/book: holds the book on other digits, and synthetic'

# --- a folder that is gone -------------------------------------------------------
said=$(MNIST_DIR="$home/first" build/bin/data 2>&1)
says "$said" "from now on the digits are taken from $home/first"
mv "$home/first" "$home/moved"
for command in book 'build/chapters/02-mlp --seed 1' build/bin/data; do
    said=$(stops $command) || fail "$said"
    one_line "$said"
    says "$said" "$home/first: No such file or directory; the digits were there"
done
said=$(MNIST_DIR="$home/moved" build/bin/data 2>&1)
says "$said" "from now on the digits are taken from $home/moved"
said=$(MNIST_DIR=download stops build/bin/data) || fail "$said"
says "$said" 'check the network'
[ ! -e build/data/folder ] || fail 'the folder is not forgotten'

# --- a setting that is wrong, in every program -----------------------------------
for command in book build/bin/data build/bin/runs build/bin/press \
               'build/chapters/02-mlp --list'; do
    said=$(THREADS=abc stops $command) || fail "$said"
    one_line "$said"
    says "$said" 'THREADS: found abc, expected a whole number'
done

# --- make try, without a change ---------------------------------------------------
cd "$real"
said=$(stops make -s CHAPTER=02 CC="${CC:-gcc}" try) || fail "$said"
says "$said" 'make try: say which chapter and what to change'
says "$said" 'optimiser.learning_rate'
for chapter in '' 4abc 98; do
    said=$(stops make -s CHAPTER=$chapter SET=train.epochs=1 CC="${CC:-gcc}" try) ||
        fail "$said"
    says "$said" 'make try: say which chapter and what to change'
done
echo 'a book, its runs and its pages know their digits'
