#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make open, and where a book under the sanitizers goes: tests/open.sh, from the
# root of the project. Every offence is one line.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
unset CC MAKEFLAGS MAKELEVEL MFLAGS DISPLAY WAYLAND_DISPLAY BOOK RUNS QUICK SAN TSAN
folder="$work/a book"
page="$folder/index.html"

offences=$(
    said=$(BOOK="$folder" make -s open 2>&1) && echo 'open.sh: no book, and make open succeeds'
    case $said in
        *"There is no book in $folder yet: "*) ;;
        *) echo "open.sh: no book: it says \"$said\"" ;;
    esac

    mkdir -p "$folder" "$work/bin"
    : >"$page"
    printf '#!/bin/sh\necho "$1" >"%s/opened"\n' "$work" >"$work/bin/xdg-open"
    chmod +x "$work/bin/xdg-open"
    PATH="$work/bin:$PATH"
    if [ "$(uname)" = Linux ] && ! command -v wslview >/dev/null; then
        said=$(BOOK="$folder" make -s open)
        [ "$said" = "Open this page in a browser: $page" ] ||
            echo "open.sh: no screen: it says \"$said\""
        [ ! -e "$work/opened" ] || echo 'open.sh: no screen, and a browser was called'
        said=$(DISPLAY=:0 BOOK="$folder" make -s open)
        [ "$said$(cat "$work/opened")" = "$page" ] ||
            echo "open.sh: said \"$said\", opened \"$(cat "$work/opened")\", expected \"$page\""
        printf '#!/bin/sh\nexit 3\n' >"$work/bin/xdg-open"
        said=$(DISPLAY=:0 BOOK="$folder" make -s open)
        [ "$said" = "Open this page in a browser: $page" ] ||
            echo "open.sh: no browser: it says \"$said\""
    fi

    where() {
        printf 'include Makefile\nwhere:\n\t@echo "$(FOLDER) $$BOOK $$RUNS"\n' |
            make -s -f - "$@" where
    }
    expect() {
        found=$(shift; where "$@")
        [ "$found" = "$1" ] || { found="$found, expected $1"; shift; echo "open.sh: make $*: $found"; }
    }
    expect 'build/book  '
    expect 'build/quick  ' QUICK=1
    expect 'build/san/book build/san/book build/san/runs' SAN=1
    expect 'build/san/quick build/san/quick build/san/runs' SAN=1 QUICK=1
    expect 'build/san/book build/san/book build/san/runs' SAN=1 BOOK= RUNS=
    expect 'x x build/san/runs' SAN=1 BOOK=x
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
