# SPDX-License-Identifier: MIT
#
# A window that moves over an image, and the matrix of what lies under it: a
# frame for each position of the window.
#
# columns: frame panel row column number on
# draws: number
#
# panel is "image" or "columns"; on is 1 for the cells that belong to the
# position of this frame.
#
# Settings, beside those of style.gp:
#   image_title columns_title   over the two panels

stats data using (strcol("panel") eq "image" ? column("row") : NaN) nooutput
side = STATS_max + 1
stats data using (strcol("panel") eq "columns" ? column("row") : NaN) nooutput
rows = STATS_max + 1
stats data using (strcol("panel") eq "columns" ? column("column") : NaN) \
    nooutput
positions = STATS_max + 1

# Pixels on the page: a cell, and where the panels begin.
cell = 34.
first_left = 20.
second_left = first_left + cell * side + 120
height = int(44 + cell * max(side, rows))
eval sprintf(canvas, height)
unset border
unset grid
unset tics
set lmargin screen 0
set rmargin screen 1
set bmargin screen 0
set tmargin screen 1
set xrange [0:720] noextend
set yrange [height:0] noextend
unset xlabel
set label 1 image_title at first first_left, first 16
set label 2 columns_title at first second_left, first 16

# Of the cell in a line of the table, whose panel is p.
left_of(p) = p eq "image" ? first_left : second_left
top_of(p) = 38 + (p eq "image" ? cell * max(0, rows - side) / 2 : 0)
x(p) = left_of(p) + cell * (column("column") + 0.5)
y(p) = strcol("frame") eq frame ? top_of(p) + cell * (column("row") + 0.5) \
                                : NaN
ground(on) = on == 1 ? see_through(hue[1], 0.32) : see_through(hue[GREY], 0.1)
told(p) = p eq "image" \
    ? sprintf("pixel %d", column("number")) \
    : sprintf("pixel %d: place %d of the window in position %d", \
              column("number"), column("row") + 1, column("column") + 1)
half = cell / 2 - 1.5

plot data using (x(strcol("panel"))):(y(strcol("panel"))):(half):(half) \
         :(ground(column("on"))) \
         with boxxyerror lc rgb variable fs solid noborder, \
     data using (x(strcol("panel"))):(y(strcol("panel"))) \
         :(sprintf("%d", column("number"))) with labels, \
     data using (x(strcol("panel"))):(y(strcol("panel"))) \
         :(told(strcol("panel"))) @POINTED_AT
