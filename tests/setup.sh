#!/bin/sh
# SPDX-License-Identifier: MIT
#
# make setup with package managers that only note what they are asked; how many
# cores there are, and whether -j is obeyed. From the root of the project. Every
# offence is one line.

root=$PWD
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/tools"
for tool in cat cut env grep head ls nproc sed sh sort tr; do
    ln -s "$(command -v "$tool")" "$work/tools/$tool" 2>/dev/null
done
ln -s "$(command -v sysctl || command -v nproc)" "$work/tools/sysctl" 2>/dev/null

# stub <name> <what it does>: a program in $work/bin.
stub() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

# A machine with this user, and these package managers and other programs; what
# is in $work/there is there, and what is installed comes there, if the words
# after install are not in $work/refused.
machine() {
    rm -rf "$work/bin" "$work/there" "$work/asked" "$work/refused"
    mkdir "$work/bin"
    : >"$work/there"; : >"$work/asked"; : >"$work/refused"
    stub id "echo $1"
    shift
    get='shift; for p; do
             case $p in -*) ;; *) grep -qx -e "$p" '"$work"'/refused && exit 100 ;; esac
         done
         for p; do echo "$p" >>'"$work"'/there; done'
    for program; do
        note='echo "'"$program"' $* [$DEBIAN_FRONTEND]" >>'"$work/asked"'; '
        case $program in
        apt-get) stub apt-get "$note case \$1 in install) $get ;; esac"
                 # A package that was removed is known, too.
                 stub dpkg-query 'for p; do :; done
                     if grep -qx -e "$p" '"$work"'/there
                     then echo installed; else echo config-files; fi' ;;
        dnf)     stub dnf "$note $get"
                 stub rpm 'for p; do :; done
                     grep -qx -e "$p" '"$work"'/there || {
                         echo "package $p is not installed"; exit 1; }' ;;
        pacman)  stub pacman "case \$1 in -T) shift; grep -qx -e \"\$1\" $work/there || exit 127 ;;
                     *) $note $get ;; esac" ;;
        brew)    stub brew "case \$1 in list) shift; grep -qx -e \"\$1\" $work/there || exit 1 ;;
                     *) $note $get ;; esac" ;;
        # As sudo does: no variables of the caller, but those named.
        sudo)    stub sudo 'exec env -i PATH="$PATH" "$@"' ;;
        esac
    done
}

# setup <status> <part of what it says>...: what it says holds each part.
setup() {
    status=$1
    shift
    said=$(PATH="$work/bin:$work/tools" "$root/lib/base/setup.sh" 2>&1)
    got=$?
    [ $got = "$status" ] || echo "$case: exit $got, expected $status: $said"
    for part; do
        case $said in *"$part"*) ;; *) echo "$case: it said \"$said\", expected $part" ;; esac
    done
}
asked() {
    grep -q -e "$1" "$work/asked" || echo "$case: asked were $(tr '\n' ';' <"$work/asked"), expected $1"
}
quiet() {
    [ ! -s "$work/asked" ] || echo "$case: asked were $(tr '\n' ';' <"$work/asked"), expected nothing"
}
all_there() { PATH="$work/bin:$work/tools" "$root/lib/base/setup.sh" >/dev/null 2>&1; : >"$work/asked"; }
gone() { grep -vx -e "$1" "$work/there" >"$work/rest"; mv "$work/rest" "$work/there"; }

offences=$(
    for manager in apt-get dnf pacman brew; do
        case="$manager, root"
        machine 0 $manager
        setup 0 'setup: '
        asked '\(install\|-S\) .*openblas'
        : >"$work/asked"
        setup 0 'setup: all is there'
        quiet
    done
    # By exit status: rpm says on standard output that a package is not there.
    case='dnf, one is missing'
    gone_of() { machine 0 "$1"; all_there; gone "$2"; }
    gone_of dnf gnuplot
    setup 0 'dnf install -y gnuplot'
    case='apt-get, one was removed'
    gone_of apt-get libpng-dev
    setup 0 'no-install-recommends libpng-dev'
    asked 'install.*libpng-dev \[noninteractive\]'
    case='another gnuplot'
    gone_of apt-get gnuplot-nox
    echo gnuplot-qt >>"$work/there"
    setup 0 'all is there'

    case='apt-get, sudo'
    machine 1000 apt-get sudo
    setup 0 'setup: sudo apt-get update' 'setup: sudo env DEBIAN_FRONTEND'
    asked 'install.*gnuplot.* \[noninteractive\]'
    case='brew wants no root'
    machine 1000 brew sudo
    setup 0 'setup: brew install'

    for what in woff2 libcmocka-dev curl; do
        case="no root, no sudo, without $what"
        gone_of apt-get $what
        stub id 'echo 1000'
        case $(PATH="$work/bin:$work/tools" "$root/lib/base/setup.sh" 2>&1) in
            *'setup: sudo'*) echo "$case: it ran sudo" ;; esac
        setup 0 "without $what" "apt-get install -y --no-install-recommends $what"
        quiet
    done
    case='no root, no sudo, without a library'
    gone_of apt-get libopenblas-dev
    stub id 'echo 1000'
    setup 1 'cannot be built without libopenblas-dev' 'recommends libopenblas-dev'
    quiet

    # What this distribution does not have, or no longer.
    case='an optional package that cannot be had'
    machine 0 apt-get
    echo woff2 >"$work/refused"
    setup 0 'without woff2 formulas use the fonts of the reader'
    grep -qx libpng-dev "$work/there" || echo "$case: it cost libpng-dev"
    case='a needed package that cannot be had'
    machine 0 pacman
    echo cmark >"$work/refused"
    setup 1 'cannot be built without cmark'
    case='no package manager'
    machine 0
    setup 1 'found no apt-get, dnf, pacman or brew'

    # cores <expected> <variables or command>...
    cores() {
        expected=$1
        shift
        got=$(env "$@" "$root/lib/base/cores.sh")
        [ "$got" = "$expected" ] || echo "cores.sh with $*: $got, expected $expected"
    }
    mkdir "$work/group"
    here=$(CGROUP_ROOT="$work/group" "$root/lib/base/cores.sh")
    cores "$here" CGROUP_ROOT="$work/group" OMP_NUM_THREADS=1 OMP_THREAD_LIMIT=1
    own=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null | head -n 1)
    mkdir -p "$work/group$own"
    echo '50000 100000' >"$work/group$own/cpu.max"
    cores 1 CGROUP_ROOT="$work/group"
    echo 'max 100000' >"$work/group$own/cpu.max"
    cores "$here" CGROUP_ROOT="$work/group"
    ! command -v taskset >/dev/null || cores 1 CGROUP_ROOT="$work/group" \
        taskset -c "$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')"

    # jobs <expected> <arguments of make>...
    jobs() {
        expected=$1
        shift
        got=$(MAKEFLAGS="$flags" make -s "$@" --eval='jobs: ; @echo "$$MAKEFLAGS"' jobs |
            grep -o '[-]j[0-9]*' | head -n 1)
        [ "$got" = "$expected" ] || echo "make $*, MAKEFLAGS=$flags: $got, expected $expected"
    }
    flags=
    jobs "-j$("$root/lib/base/cores.sh")"
    jobs -j1 -j1
    jobs -j3 -j3
    jobs -j3 -sj 3
    jobs -j1 --jobs=1
    flags=-j1
    jobs -j1
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
