#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The structure of lib/, from the root of the project: tests/includes.sh
#
# Includes point one way, base <- data <- nn <- runs <- chapter <- chapters; the
# press stands on base and runs alone. A module is name.c and name.h together,
# and no two need each other, not even by way of others. No file is longer than
# 450 lines. Every offence is one line.

offences=$(
    grep '^#include "' lib/*/*.[ch] chapters/*.c |
    sed 's/:#include "/ /; s/".*//' | awk '
        function folder(module) { sub("/.*", "", module); return " " module " " }
        function height(f) { return index(" base data nn runs chapter chapters ", f) }
        function needs(a, b,    i, list) {
            if (a == b || seen[a]++)
                return a == b
            for (i = split(included[a], list); i > 0; i--)
                if (needs(list[i], b))
                    return 1
            return 0
        }
        {
            line = $1 " includes " $2 ":"
            gsub("^lib/|[.][ch]", "")
            here = folder($1)
            there = folder($2)
            if (here == " press " ? !index(" base runs press ", there) \
                : !height(there) || height(there) > height(here))
                print line here "does not stand on " $2
            if ($1 != $2) {
                included[$1] = included[$1] " " $2
                lines[++n] = line
                from[n] = $1
                to[n] = $2
            }
        }
        END {
            for (i = 1; i <= n; i++) {
                split("", seen)
                if (needs(to[i], from[i]))
                    print lines[i], to[i], "needs", from[i], "itself"
            }
            if (n == 0)
                print "no includes here: run it from the root of the project"
        }'
    awk 'FNR == 451 { print FILENAME ": longer than 450 lines" }' lib/*/*
)
[ -z "$offences" ] || { printf '%s\n' "$offences"; exit 1; }
