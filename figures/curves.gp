# SPDX-License-Identifier: MIT
#
# Lines with a translucent band, each named at its end.
#
# columns: series x y lo hi
# draws: x y
#
# The band reaches from lo to hi; where there is none, both equal y. A series
# whose name begins with "book" or "the book" is grey. A series alone goes
# without its name: the label of the y axis says what it is.
#
# Settings, beside those of style.gp:
#   points     1: marks with error bars from lo to hi, for sweeps
#   thin       1: a series `name#seed` is a thin line in the colour of `name`

if (!exists("points")) points = 0
if (!exists("thin")) thin = 0

# One pass over the table: the series, and the last number of each, which NaN
# (a training that diverged) is not.
array end[200]
do for [i = 1:200] { end[i] = 0. }
enter(k, y) = abs(y) < 1e300 ? (end[k] = y) : y
stats data using (enter(number(strcol("series")), column("y"))) nooutput

# A colour for each, but those of seeds take that of their owner.
is_seed(i) = thin && strstrt(name[i], "#") > 0
owner(i) = find(name[i][1:strstrt(name[i], "#") - 1], 1)
array colour[200]
colours = 0
named = 0
longest = 0
do for [i = 1:names] {
    if (!is_seed(i)) {
        named = named + 1
        longest = max(longest, width(name[i]))
        if (from_book(name[i])) { colour[i] = GREY }
        else { colour[i] = colours % 6 + 1; colours = colours + 1 }
    }
}
do for [i = 1:names] { if (is_seed(i)) { colour[i] = colour[owner(i)] } }

# A draft finds the ends of the axes, which the places of the names need.
if (named > 1) { right = longest + 16; eval margins }
set autoscale xfix
if (points) { set offsets graph 0.02, graph 0.02, 0, 0 }
set terminal unknown
plot data using "x":"y", "" using "x":"lo", "" using "x":"hi"
eval sprintf(canvas, height)
set xrange [GPVAL_X_MIN:GPVAL_X_MAX]
set yrange [GPVAL_Y_MIN:GPVAL_Y_MAX]
set offsets 0, 0, 0, 0
if (GPVAL_X_MAX >= 1e5) { set format x LARGE }
if (GPVAL_Y_MAX >= 1e5) { set format y LARGE }

# The height of each name in pixels over the x axis, at first that of the end
# of its line. Then names that are too close push each other apart.
scale(y) = logy ? log(y) : y
pixel(y) = (height - top - bottom) * (scale(y) - scale(GPVAL_Y_MIN)) \
         / (scale(GPVAL_Y_MAX) - scale(GPVAL_Y_MIN))
inside(y) = min(max(y, GPVAL_Y_MIN), GPVAL_Y_MAX)
array place[200]
do for [i = 1:names] { place[i] = pixel(inside(end[i])) }
below(i, j) = place[i] < place[j] || place[i] == place[j] && i > j
do for [pass = 1:20] {
    do for [i = 1:names] {
        do for [j = 1:names] {
            if (!is_seed(i) && !is_seed(j) && below(i, j) \
                && place[j] - place[i] < 16) {
                middle = (place[i] + place[j]) / 2.
                place[i] = middle - 8.01
                place[j] = middle + 8.01
            }
        }
    }
}
do for [i = 1:names] {
    if (named > 1 && !is_seed(i)) {
        set label 1 + i name[i] tc lt colour[i] \
            at graph 1, screen (bottom + place[i]) / height offset 0.8, 0
    }
}

x(i) = strcol("series") eq name[i] ? column("x") : NaN
spread(i) = (column("hi") - column("lo")) / 2
told(i) = (named > 1 ? name[i] . '\n' : "") \
        . said(column("x"), plain(column("y")) \
               . (spread(i) > 0.001 * abs(column("y")) \
                  ? sprintf(" ± %.2g", spread(i)) : ""))
tint(i, opacity) = see_through(hue[colour[i]], opacity)
set style fill solid 0.18 noborder
if (points) {
    plot for [i = 1:names] data using (x(i)):"y" \
             with lines lw 1 lc rgb tint(i, 0.5), \
         for [i = 1:names] data using (x(i)):"y":"lo":"hi" \
             with yerrorbars lt colour[i] lw 1.25, \
         for [i = 1:names] data using (x(i)):"y":(told(i)) @POINTED_AT
} else {
    plot for [i = 1:names] data using (x(i)):"lo":"hi" \
             with filledcurves lt colour[i], \
         for [i = 1:names] data using (x(i)):"y" with lines \
             lw (is_seed(i) ? 0.75 : 2) lc rgb tint(i, is_seed(i) ? 0.5 : 1), \
         for [i = 1:names] data \
             using (is_seed(i) ? NaN : x(i)):"y":(told(i)) @POINTED_AT
}
