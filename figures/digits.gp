# SPDX-License-Identifier: MIT
#
# A sheet of images: one large matrix with all of them, laid out in advance.
#
# The table is that matrix: its first line names the columns c0, c1, ...; then
# a line of the table is a row of pixels, the uppermost first. 0 is paper, 255
# is ink; NaN belongs to no image. An image shows as ink on a pale ground.
# draws: *
#
# A second table beside it, NAME.labels.tsv, may add texts, centred on places
# given in pixels of the matrix (0, 0 is the middle of its first pixel):
#
#     x  y  text  style        style: plain, muted or wrong (red and bold), or
#                              told: seen when pointed at
#
# Settings, beside height:
#   labels     the table of texts; figure_draw sets it if the file exists
#   diverging  1: signed numbers: orange below zero, blue above
#   range      diverging: the number as strong as can be; the largest, if not
#              given
#   zoom       side of a pixel on the page; what the width allows, at most 12

if (!exists("diverging")) diverging = 0
if (!exists("labels")) labels = ""

stats data using 0 nooutput
rows = STATS_records
pixels = STATS_columns
if (diverging && !exists("range")) {
    stats data skip 1 matrix nooutput
    range = max(abs(STATS_min), abs(STATS_max))
}
if (!exists("zoom")) zoom = min(720. / pixels, 12)
left = 0; right = 720 - zoom * pixels; top = 4; bottom = 4
if (free_height) { height = int(top + bottom + zoom * rows) }

# Under the name `ink` the page paints what is black in the first plot with the
# colour of its text (lib/press/drawing.c).
eval sprintf(canvas . (diverging ? "" : " name 'ink'"), height)
eval margins
unset border
unset tics
unset grid
set xrange [-0.5:pixels - 0.5] noextend
set yrange [rows - 0.5:-0.5] noextend

# Colour and strength of a number; the paler, the more the page shows through.
GROUND = 18                     # of 255
ORANGE = 0xe8741e               # neither too dark for a dark page nor too
BLUE = 0x2b8cd2                 # light for a light one
faint(z) = abs(z) < 0.02 * range
colour(z) = !diverging ? 0 : faint(z) ? hue[GREY] : z < 0 ? ORANGE : BLUE
strength(z) = min(255, diverging ? max(GROUND, 255 * abs(z) / range) \
                                 : GROUND + z * (255 - GROUND) / 255)

array style[3] = ["plain", "muted", "wrong"]
array ink[3] = [0x000000, MUTED, hue[2]]
array face[3] = ["", "", "sans-serif:Bold,14"]
plot data skip 1 matrix using 1:2:(colour($3) >> 16):(colour($3) >> 8 & 255) \
              :(colour($3) & 255):(strength($3)) \
          with rgbalpha, \
     for [k = 1:labels eq "" ? 0 : 3] labels \
          using "x":(strcol("style") eq style[k] ? column("y") : NaN):"text" \
          with labels tc rgb ink[k] font face[k], \
     for [k = 1:labels ne ""] labels \
          using "x":(strcol("style") eq "told" ? column("y") : NaN):"text" \
          @POINTED_AT
