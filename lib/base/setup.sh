#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what is missing: make setup
#
# Says what it runs, asks for sudo only when you are not root, and does nothing
# when all is there. Without root and sudo it names what is missing and the
# command for whoever looks after the machine. Only what the book cannot be
# built without makes it fail (exit 1); of the rest it says in a line what is
# lost.

has() { command -v "$1" >/dev/null 2>&1; }

# Of each package manager: is a package there, by exit status? How to install;
# what the book is built with, what reads MNIST from the network, what the tests
# need, and what puts the mathematics font into the book.
if has apt-get; then
    there() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }
    # Through sudo, which passes no variables on.
    install='env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends'
    book='gcc libc6-dev pkg-config libopenblas-dev gnuplot-nox|gnuplot-qt|gnuplot-x11
          libcmark-dev libpng-dev zlib1g-dev'
    download='curl ca-certificates'
    tests='libcmocka-dev'
    font='fonts-texgyre-math libharfbuzz-bin woff2'
elif has dnf; then
    # What another package provides is there: zlib-devel by zlib-ng.
    there() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }
    install='dnf install -y'
    book='gcc glibc-devel pkgconf-pkg-config openblas-devel gnuplot cmark-devel
          libpng-devel zlib-devel'
    download='curl ca-certificates'
    tests='libcmocka-devel'
    font='texlive-tex-gyre-math harfbuzz-devel woff2-tools'
elif has pacman; then
    there() { pacman -T "$1" >/dev/null 2>&1; }
    install='pacman -S --noconfirm --needed'
    book='gcc pkgconf openblas gnuplot cmark libpng zlib'
    download='curl ca-certificates'
    tests='cmocka'
    font='tex-gyre-fonts harfbuzz-utils woff2'
elif has brew; then
    # The compiler is Apple's, which Homebrew itself needs.
    there() { brew list "$1" >/dev/null 2>&1; }
    install='brew install'
    book='pkgconf openblas gnuplot cmark libpng'
    download=
    tests='cmocka'
    font=
else
    echo 'setup: found no apt-get, dnf, pacman or brew. Install by hand: a C' \
         'compiler, pkg-config, OpenBLAS, gnuplot, libcmark, libpng, zlib; cmocka' \
         'for the tests; curl for the download.' >&2
    exit 1
fi

# missing <package or package|that does as well>...: those that are not there.
missing() {
    for any; do
        found=
        for package in $(echo "$any" | tr '|' ' '); do
            [ -n "$found" ] || ! there "$package" || found=yes
        done
        [ -n "$found" ] || echo "${any%%|*}"
    done | tr '\n' ' ' | sed 's/ $//'
}

# As root, or as whoever may: Homebrew wants no root.
may() { [ "$(id -u)" = 0 ] || has brew || has sudo; }
run() {
    if [ "$(id -u)" != 0 ] && ! has brew; then
        set -- sudo "$@"
    fi
    echo "setup: $*"
    "$@"
}

# shellcheck disable=SC2086
all=$(missing $book $download $tests $font)
[ -n "$all" ] || { echo 'setup: all is there'; exit 0; }
if may; then
    if has apt-get; then
        run apt-get update -q
    fi
    # One package that cannot be had does not cost the others.
    # shellcheck disable=SC2086
    run $install $all || for package in $all; do
        there "$package" || run $install "$package"
    done
fi

# without <what is lost> <package>...: one line, if any of them is missing.
without() {
    lost=$1
    shift
    gone=$(missing "$@")
    [ -z "$gone" ] || echo "setup: without $gone $lost"
}
# shellcheck disable=SC2086
{
    without 'MNIST cannot be downloaded: name its folder with MNIST_DIR=' $download
    without 'the tests cannot be compiled: `make book` does not need it' $tests
    without 'formulas use the fonts of the reader' $font
    needed=$(missing $book)
    all=$(missing $book $download $tests $font)
}
[ -z "$all" ] || may || {
    echo 'setup: you are not root, and there is no sudo. Whoever looks after this'
    echo "       machine can install what is missing: $install $all"
}
[ -z "$needed" ] || {
    echo "setup: the book cannot be built without $needed" >&2
    exit 1
}
