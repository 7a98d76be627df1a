#!/bin/sh
# SPDX-License-Identifier: MIT
#
# chapters/README.md is true: the chapter that it prints builds after chapter 4,
# and it names every kind of figure and every report. From the root of the
# project; OUT is where it was built. Every offence is one line.

out=${OUT:-build}
work=$out/test/template
rm -rf "$work"
mkdir -p "$work/programs" "$work/chapters"
source=$work/chapters/09-template.c
sed -n '/^```c$/,/^```$/p' chapters/README.md | sed '/^```/d' >"$source"

MAKEFLAGS='' make -s CI=1 CC="${CC:-gcc}" SAN="$SAN" TSAN="$TSAN" \
    "$work/programs/09-template" >"$work/log" 2>&1 || {
    echo 'template.sh: the chapter of chapters/README.md does not compile:'
    cat "$work/log"
    exit 1
}
earlier='02-mlp 03-softmax 04-relu'                  # what it stands on
for chapter in $earlier; do
    ln -s "$PWD/$out/chapters/$chapter" "$work/programs/$chapter"
    ln -s "$PWD/chapters/$chapter.c" "$work/chapters"
done
offences=$(
    for chapter in $earlier 09-template; do
        BOOK=$work/book RUNS=$work/runs QUICK=1 SYNTHETIC=300 MNIST_DIR= CHAPTER= \
            FORCE= OPENBLAS_NUM_THREADS=1 "$work/programs/$chapter" >"$work/log" 2>&1 ||
            { echo "template.sh: $chapter failed:"; tail -n 3 "$work/log"; }
    done
    page=$work/book/09-template.md
    for part in 'A chapter of your own' 'rate was' '0.02' 'rates.svg' 'It beats a guess'; do
        grep -qs -e "$part" "$page" || echo "template.sh: no \"$part\" on the page of the template"
    done
    for kind in figures/*.gp; do
        kind=$(basename "$kind" .gp)
        case $kind in style|nothing) ;; *)
            grep -q "\`$kind\`" chapters/README.md ||
                echo "template.sh: chapters/README.md knows no figure \"$kind\"" ;;
        esac
    done
    for report in $(sed -n 's/^#define \(report_[a-z]*\)(.*/\1/p' lib/chapter/*.h); do
        grep -q "$report" chapters/README.md ||
            echo "template.sh: chapters/README.md knows no $report"
    done
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
