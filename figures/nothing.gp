# SPDX-License-Identifier: MIT
#
# In the place of a figure whose table holds no number that could be drawn: the
# same frame, and a word that there is nothing in it.
#
# Settings: those of style.gp.

unset logscale
unset grid
set xrange [0:1] noextend
set yrange [0:1] noextend
set xtics ()
set ytics ()
set label 2 "nothing to draw" tc rgb MUTED at graph 0.5, graph 0.5 center
plot 2 lc rgb LINE
