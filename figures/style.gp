# SPDX-License-Identifier: MIT
#
# What all figures share; loaded before the script of the kind:
#
#   gnuplot -d -e "data='loss.tsv'; xlabel_='images'; ylabel_='loss'; logy=1" \
#       figures/style.gp figures/curves.gp > loss.svg
#
# The settings of every kind:
#   data       the table: tab-separated, its first line names the columns
#   xlabel_    label under the x axis
#   ylabel_    label over the y axis
#   height     of the figure, whose width is 720; if not given, as the kind
#              of figure has it: 400 or what the table needs
#   xmin xmax ymin ymax   ends of the axes; from the data if not given
#   logx logy  1: logarithmic axis; 2: the same, marked at powers of two

if (!exists("xlabel_")) xlabel_ = ""
if (!exists("ylabel_")) ylabel_ = ""
free_height = !exists("height")         # the script of the kind may choose
if (free_height) height = 400
if (!exists("logx")) logx = 0
if (!exists("logy")) logy = 0

canvas = "set terminal svg size 720,%d font 'sans-serif,14' noenhanced"
eval sprintf(canvas, height)

set datafile separator tab columnheaders commentschars ""
set datafile missing NaN        # a row that is not drawn leaves no gap
set encoding utf8
set key off

# The palette of Okabe and Ito, safe for colour-blind readers, then grey. The
# page replaces these very numbers by its own colours (lib/press/drawing.c).
array hue[7] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, \
                0x808080]
GREY = 7
MUTED = 0x666666                # axes and their numbers
LINE = 0xd9d9d9                 # the grid
do for [i = 1:7] { set linetype i lc rgb hue[i] lw 2 pt 7 ps 0.6 }
see_through(colour, opacity) = colour + (int(255 * (1 - opacity)) << 24)

# A point that is not seen and says a text when it is pointed at, see
# lib/press/drawing.h: plot ... using x:y:text @POINTED_AT
# said() is such a text: a line for each of the two labels, with its value.
said(x, y) = ylabel_ . ": " . y . '\n' . xlabel_ . ": " . plain(x)
# counted() is that of a cell of a confusion matrix: truth, answer, count.
counted(t, a, n) = t == a ? sprintf("%d: %d right", t, n) \
                 : sprintf("%d taken for %d: %d times", t, a, n)
POINTED_AT = "with labels hypertext point pt 7 ps 1.5 lc rgb 0xff000000"

set border 3 lc rgb MUTED lw 0.75
set tics nomirror out scale 0.5 tc rgb MUTED
set format "%g"
LARGE = "%.0s %c"               # 100 k, 2 M
set grid ytics lt 1 lc rgb LINE lw 0.75 dt solid
set errorbars 0
set boxwidth 1 absolute

# Margins in pixels, so that scripts can place labels; the y label lies flat
# over its axis, where it is easiest to read.
left = 60; right = 24; top = ylabel_ eq "" ? 16 : 40; bottom = 60
margins = "set lmargin screen left / 720.;" \
    . "set rmargin screen 1 - right / 720.;" \
    . "set bmargin screen 1. * bottom / height;" \
    . "set tmargin screen 1 - 1. * top / height"
eval margins
set xlabel xlabel_ offset 0, 0.6
set label 1 ylabel_ at screen 8 / 720., screen 1 - 16. / height

if (logx) { set logscale x logx == 2 ? 2 : 10 }
if (logy) { set logscale y logy == 2 ? 2 : 10 }
if (exists("xmin")) { set xrange [xmin:] }
if (exists("xmax")) { set xrange [:xmax] }
if (exists("ymin")) { set yrange [ymin:] }
if (exists("ymax")) { set yrange [:ymax] }

# The different texts of a column, in order of appearance: number(s) is the
# number of the text s, entered into the list when it is new.
array name[200]
names = 0
find(s, i) = i > names ? 0 : name[i] eq s ? i : find(s, i + 1)
number(s) = find(s, 1) ? find(s, 1) : enter_name(s)
enter_name(s) = (names = names + 1, name[names] = s, names)

max(a, b) = a > b ? a : b
min(a, b) = a < b ? a : b
width(s) = 9 * strlen(s)        # in pixels, rather too wide
plain(v) = abs(v) >= 1000 && abs(v) < 1e9 ? thousands(v) : sprintf("%.4g", v)
from_book(s) = s[1:4] eq "book" || s[1:8] eq "the book"
thousands(n) = n < 1000 ? sprintf("%d", n) \
    : thousands(int(n) / 1000) . sprintf(",%03d", int(n) % 1000)
