# SPDX-License-Identifier: MIT
#
# How often each value occurs: steps over intervals that may differ in width.
#
# columns: from to count
# draws: from to count
#
# Settings: those of style.gp.

stats data using "count" nooutput
base = exists("ymin") ? ymin : logy ? 10 ** floor(log10(max(STATS_min, 1))) : 0
if (STATS_max >= 1e5) { set format y LARGE }
set yrange [base:]
set autoscale xfix

plot data using "from":(base):"from":"to":(base):(max(column("count"), base)) \
     with boxxyerror fs solid 0.85 border rgb LINE lt 1 lw 0.5, \
     data using ((column("from") + column("to")) / 2) \
               :(max(column("count"), base)) \
               :(plain(column("count")) . " from " . plain(column("from")) \
                 . " to " . plain(column("to"))) @POINTED_AT
