# SPDX-License-Identifier: MIT
#
# Bars, up to three beside each other in a category, or stacked.
#
# columns: category series value [lo hi]
# draws: value
#
# lo and hi draw an error bar. Categories and series stand in the order in
# which the table first names them. A series alone goes without its name; one
# whose name begins with "book" or "the book" is grey.
#
# Settings, beside those of style.gp (ymin, ymax, logy and ylabel_ are about
# the values, whichever way they run):
#   stacked     1: the series of a category on top of each other
#   values      1: the value at the end of each bar; not with stacked
#   format      of those values, as for sprintf: "%.1f %%"
#   horizontal  1: bars from left to right, for categories with long names

if (!exists("stacked")) stacked = 0
if (!exists("values")) values = 0
if (!exists("horizontal")) horizontal = 0
show(v) = exists("format") ? sprintf(format, v) : plain(v)

# Two lists, of categories and of series.
stats data using (number(strcol("category")), column("value")) nooutput
error_bars = STATS_columns == 5
smallest = STATS_min
categories = names
array category[200]
longest = 0
do for [i = 1:categories] {
    category[i] = name[i]
    longest = max(longest, width(name[i]))
}
in_list(s, i) = category[i] eq s ? i : in_list(s, i + 1)

names = 0
stats data using (number(strcol("series")), column("value")) nooutput
base = exists("ymin") ? ymin : logy ? \
       10 ** floor(log10(smallest > 0 ? smallest : 1)) : 0

# The axes, one of categories and one of values.
if (horizontal) {
    left = longest + 8
    right = values ? 90 : right
    bottom = 36
    if (free_height) { height = top + bottom + 34 * categories }
    eval sprintf(canvas, height)
    eval margins
    set yrange [categories + 0.5:0.5] noextend
    set xrange [base:]
    if (exists("ymax")) { set xrange [base:ymax] }
    if (logy) { unset logscale y; set logscale x }
    set grid noytics xtics
    set border 2
    set xtics scale 0
    set ytics () scale 0 tc lt -1
    do for [i = 1:categories] { set ytics add (category[i] i) }
} else {
    set xrange [0.5:categories + 0.5] noextend
    if (smallest >= 0) { set yrange [base:] }
    set xtics () scale 0 tc lt -1
    do for [i = 1:categories] { set xtics add (category[i] i) }
}

# The names of the series, in their colours, at the top right.
array colour[200]
colours = 0
edge = 720. - right
do for [k = 1:names] {
    if (from_book(name[k])) { colour[k] = GREY }
    else { colours = colours + 1; colour[k] = (colours - 1) % 6 + 1 }
    edge = edge - width(name[k]) - 12
}
if (names > 1) {
    do for [k = 1:names] {
        set label 1 + k name[k] tc lt colour[k] \
            at screen edge / 720, screen 1 - 16. / height
        edge = edge + width(name[k]) + 12
    }
}

# A bar of series k: at() is its middle on the axis of categories, from() and
# to() are its ends. What is stacked begins where the series before it ended.
bars = stacked ? 1 : names
thick = (bars == 1 ? 0.7 : 0.84) / bars
shift(k) = stacked ? 0 : (k - (bars + 1) / 2.) * thick
mine(k) = strcol("series") eq name[k]
row(k) = in_list(strcol("category"), 1)
at(k) = mine(k) ? row(k) + shift(k) : NaN

array level[200]
do for [i = 1:categories] { level[i] = 0 }
grow(c, v) = (level[c] = level[c] + v, level[c])
from(k) = stacked ? level[row(k)] : base
to(k) = stacked && mine(k) ? grow(row(k), column("value")) : column("value")

set style fill solid 0.85 noborder
half = 0.46 * thick
told(k) = strcol("category") . (names > 1 ? ", " . name[k] : "") \
        . ": " . show(column("value"))
if (horizontal) {
    plot for [k = 1:names] data \
             using (base):(at(k)) \
                 :(from(k)):(to(k)):(at(k) - half):(at(k) + half) \
             with boxxyerror lt colour[k], \
         for [k = 1:error_bars ? names : 0] data \
             using "lo":(at(k)):(column("hi") - column("lo")):(0) \
             with vectors nohead lt -1 lw 1.25, \
         for [k = 1:values && !stacked ? names : 0] data \
             using (column(error_bars ? "hi" : "value")):(at(k)) \
                 :(show(column("value"))) \
             with labels left offset 0.6, 0, \
         for [k = 1:stacked ? 0 : names] data \
             using "value":(at(k)):(told(k)) @POINTED_AT
} else {
    plot for [k = 1:names] data \
             using (at(k)):(base) \
                 :(at(k) - half):(at(k) + half):(from(k)):(to(k)) \
             with boxxyerror lt colour[k], \
         for [k = 1:error_bars ? names : 0] data \
             using (at(k)):"lo":(0):(column("hi") - column("lo")) \
             with vectors nohead lt -1 lw 1.25, \
         for [k = 1:values && !stacked ? names : 0] data \
             using (at(k)):(column(error_bars ? "hi" : "value")) \
                 :(show(column("value"))) \
             with labels center offset 0, 0.6 font ",12", \
         for [k = 1:stacked ? 0 : names] data \
             using (at(k)):"value":(told(k)) @POINTED_AT
}
