# SPDX-License-Identifier: MIT
#
# A confusion matrix: a row for each true class, a column for each answer. The
# redder a cell, the more images were confused so; right answers are grey, and
# the share of the class that they are stands at the end of the row.
#
# columns: truth prediction count share
# draws: count
#
# share is count divided by all images of that truth, 0 to 1. Classes are
# numbered from 0.
#
# Settings, beside those of style.gp:
#   cap          the count from which on a cell is as red as can be; 150
#   nodiagonal   1: leave the right answers blank

if (!exists("cap")) cap = 150.
if (!exists("nodiagonal")) nodiagonal = 0
if (xlabel_ eq "") xlabel_ = "prediction"
if (ylabel_ eq "") ylabel_ = "truth"

stats data using "truth" nooutput
last = STATS_max
if (free_height) { height = 110 + 33 * (last + 1) }
eval sprintf(canvas, height)
top = 66; bottom = 16; left = 60; right = 16
eval margins

unset border
unset grid
edge = last + (nodiagonal ? 0.5 : 2)     # room for the shares
set xrange [-0.5:edge] noextend
set yrange [last + 0.5:-0.5] noextend
unset xlabel
unset xtics
set x2range [-0.5:edge] noextend
set x2tics 0, 1, last scale 0 tc lt -1 offset 0, -0.3
set ytics 1 scale 0 tc lt -1
set label 1 ylabel_ at screen 8 / 720., screen 1 - 46. / height
set label 2 xlabel_ at first last / 2., screen 1 - 16. / height center
if (!nodiagonal) {
    set label 3 "right" tc rgb MUTED \
        at first last + 0.7, screen 1 - 46. / height
}

# A cell of the matrix by its truth, answer and count.
heat(n) = 0.75 * min(n, cap) / cap
colour(t, a, n) = t != a ? see_through(hue[2], heat(n)) \
                : see_through(hue[GREY], nodiagonal ? 0.1 : 0.3)
printed(t, a, n) = n > 0 && !(nodiagonal && t == a)
only(yes) = yes ? column("truth") : NaN

plot data using "prediction":"truth":(0.485):(0.48) \
              :(colour(column(1), column(2), column(3))) \
          with boxxyerror lc rgb variable fs solid noborder, \
     data using "prediction":(only(printed(column(1), column(2), column(3)))) \
              :(sprintf("%d", column("count"))) \
          with labels, \
     data using "prediction":(only(column("count") == 0)):("·") \
          with labels tc rgb MUTED, \
     data using (last + 0.7):(only(column(1) == column(2) && !nodiagonal)) \
              :(sprintf("%.1f %%", 100 * column("share"))) \
          with labels left tc rgb MUTED, \
     data using "prediction":"truth":(counted(column(1), column(2), column(3))) \
          @POINTED_AT
