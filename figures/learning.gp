# SPDX-License-Identifier: MIT
#
# A network while it learns: its accuracy up to now, and what it confuses.
#
# columns: frame images truth prediction count
# draws: count
#
# A frame for each moment, named as it is to be called on the page; images is
# how many the network has seen by then.
#
# Settings, beside those of style.gp:
#   cap        the count from which on a cell is as red as can be; 150

if (!exists("cap")) cap = 150.
if (xlabel_ eq "") xlabel_ = "images seen"
height = 392
eval sprintf(canvas, height)

# For each moment the images seen, and the share of right answers.
array seen[200]
array right_of[200]
array all_of[200]
do for [k = 1:200] { right_of[k] = all_of[k] = 0. }
enter(k, x, t, a, n) = (seen[k] = x, all_of[k] = all_of[k] + n, \
                        right_of[k] = right_of[k] + (t == a ? n : 0), n)
stats data using (enter(number(strcol("frame")), column("images"), \
                        column("truth"), column("prediction"), \
                        column("count"))) nooutput
accuracy(k) = all_of[k] > 0 ? 100 * right_of[k] / all_of[k] : 0
now = find(frame, 1)

set multiplot

# The curve, pale where it is still to come.
set lmargin screen 40 / 720.
set rmargin screen 290 / 720.
set tmargin screen 1 - 66. / height
set bmargin screen 60. / height
set format x LARGE
set xrange [0:*]
if (seen[names] <= 0) { set xrange [0:1] }
set xtics autofreq
set yrange [0:100]
set label 1 "right answers, %" at screen 8 / 720., screen 1 - 46. / height
set label 2 sprintf("%.1f %%", accuracy(now)) tc lt 1 \
    at seen[now], accuracy(now) offset -0.5, 0.9 right
plot for [k = 2:names] "+" using (seen[k - 1]):(accuracy(k - 1)) \
         :(seen[k] - seen[k - 1]):(accuracy(k) - accuracy(k - 1)) \
         every ::::0 with vectors nohead lw 2 \
         lc rgb see_through(hue[1], k > now ? 0.2 : 1), \
     for [k = 1:names] "+" using (seen[k]):(accuracy(k)) every ::::0 \
         with points pt 7 ps (k == now ? 1.1 : 0.5) \
         lc rgb see_through(hue[1], k > now ? 0.3 : 1)
unset label 2
set format x

# What it answers at this moment.
set lmargin screen 370 / 720.
set rmargin screen 712 / 720.
set bmargin screen 8. / height
unset border
unset grid
unset xtics
unset xlabel
set xrange [-0.5:9.5] noextend
set yrange [9.5:-0.5] noextend
set x2range [-0.5:9.5] noextend
set x2tics 0, 1, 9 scale 0 tc lt -1 offset 0, -0.3
set ytics 0, 1, 9 scale 0 tc lt -1
set label 1 "it is" at screen 330 / 720., screen 1 - 46. / height
set label 2 "after " . frame . " the network says" \
    at first 4.5, screen 1 - 16. / height center

heat(n) = min(n, cap) / cap
colour(t, a, n) = t == a ? see_through(hue[GREY], 0.45 * heat(n)) \
                         : see_through(hue[2], 0.75 * heat(n))
only(yes) = strcol("frame") eq frame && yes ? column("truth") : NaN
plot data using "prediction":(only(1)):(0.485):(0.48) \
         :(colour(column("truth"), column("prediction"), column("count"))) \
         with boxxyerror lc rgb variable fs solid noborder, \
     data using "prediction":(only(column("count") > 0)) \
         :(sprintf("%d", column("count"))) with labels font ",12", \
     data using "prediction":(only(column("count") == 0)):("·") \
         with labels tc rgb MUTED, \
     data using "prediction":(only(1)) \
         :(counted(column("truth"), column("prediction"), column("count"))) \
         @POINTED_AT

unset multiplot
