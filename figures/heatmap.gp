# SPDX-License-Identifier: MIT
#
# A number for each pair of choices, the bluer the larger.
#
# columns: x y z text
# draws: z
#
# x and y are texts; columns and rows stand in the order in which the table
# first names them, the first row at the top. text is printed in the cell.
#
# Settings, beside those of style.gp:
#   zmin zmax  the numbers of no colour and of full colour; from the data if
#              not given

stats data using (number(strcol("y")), column("z")) nooutput
rows = names
array row[200]
longest = 0
do for [i = 1:rows] { row[i] = name[i]; longest = max(longest, width(row[i])) }
in_rows(s, i) = row[i] eq s ? i : in_rows(s, i + 1)

names = 0
stats data using (number(strcol("x")), column("z")) nooutput
if (!exists("zmin")) zmin = STATS_min
if (!exists("zmax")) zmax = STATS_max

left = max(60, longest + 16)
bottom = 56
if (free_height) { height = top + bottom + 36 * rows }
eval sprintf(canvas, height)
eval margins
unset border
unset grid
set xrange [0.5:names + 0.5] noextend
set yrange [rows + 0.5:0.5] noextend
set xtics () scale 0 tc lt -1
set ytics () scale 0 tc lt -1
do for [i = 1:names] { set xtics add (name[i] i) }
do for [i = 1:rows] { set ytics add (row[i] i) }

blue(z) = see_through(hue[1], 0.7 * min(max((z - zmin) / (zmax - zmin), 0), 1))
plot data using (find(strcol("x"), 1)):(in_rows(strcol("y"), 1)) \
              :(0.49):(0.48):(blue(column("z"))) \
          with boxxyerror lc rgb variable fs solid noborder, \
     data using (find(strcol("x"), 1)):(in_rows(strcol("y"), 1)):"text" \
          with labels
