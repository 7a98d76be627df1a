# SPDX-License-Identifier: MIT
#
# Every run a faint dot, and over them the mean with its standard deviation,
# named beside it: how good, how costly, how sure.
#
# columns: series x y
# draws: x y
#
# A series whose name begins with "book" or "the book" is grey.
#
# Settings, beside those of style.gp:
#   errors     1: y is an accuracy in %, drawn by the errors that are left on a
#              logarithmic axis, so that 70 and 99.5 can both be read; ymin and
#              ymax still are accuracies

if (!exists("errors")) errors = 0
height_of(y) = errors ? log10(100 / max(100 - y, 0.01)) : y


# The runs of each series, their mean and standard deviation.
array runs[200]
array sum_x[200]
array sum_y[200]
array squares[200]
do for [k = 1:200] { runs[k] = 0; sum_x[k] = sum_y[k] = squares[k] = 0. }
enter(k, x, y) = (runs[k] = runs[k] + 1, sum_x[k] = sum_x[k] + x, \
                  sum_y[k] = sum_y[k] + y, squares[k] = squares[k] + y * y, y)
stats data using \
    (enter(number(strcol("series")), column("x"), column("y"))) nooutput
x(k) = sum_x[k] / runs[k]
mean(k) = sum_y[k] / runs[k]
sd(k) = runs[k] < 2 ? 0 \
      : sqrt(max(0, squares[k] - runs[k] * mean(k) ** 2) / (runs[k] - 1))

# Beyond six series colours would repeat; then the names must do.
array colour[200]
do for [k = 1:names] {
    colour[k] = from_book(name[k]) ? GREY : names > 6 ? 1 : k
}

if (errors) {
    set yrange [*:*]
    if (exists("ymin")) { set yrange [height_of(ymin):] }
    if (exists("ymax")) { set yrange [:height_of(ymax)] }
    set ytics ()
    do for [y in "0 50 70 80 90 95 97 98 99 99.3 99.5 99.7 99.8 99.9"] {
        set ytics add (y height_of(real(y)))
    }
}

# A draft finds the ends of the axes, which the places of the names need.
set offsets graph 0.04, graph 0.04, graph 0.06, graph 0.04
set terminal unknown
plot data using "x":(height_of(column("y")))
eval sprintf(canvas, height)
set xrange [GPVAL_X_MIN:GPVAL_X_MAX] noextend
set yrange [GPVAL_Y_MIN:GPVAL_Y_MAX] noextend
set offsets 0, 0, 0, 0

# A name stands right of its mean, or left of it where there is no room. Names
# that would overlap push each other apart.
scale(x) = logx ? log(x) : x
across(k) = left + (720 - left - right) * (scale(x(k)) - scale(GPVAL_X_MIN)) \
          / (scale(GPVAL_X_MAX) - scale(GPVAL_X_MIN))
up(k) = (height - top - bottom) * (height_of(mean(k)) - GPVAL_Y_MIN) \
      / (GPVAL_Y_MAX - GPVAL_Y_MIN)
flipped(k) = across(k) + 12 + width(name[k]) > 720
start(k) = across(k) + (flipped(k) ? -12 - width(name[k]) : 12)
array place[200]
do for [k = 1:names] { place[k] = up(k) }
collide(i, j) = start(i) < start(j) + width(name[j]) \
    && start(j) < start(i) + width(name[i]) && abs(place[i] - place[j]) < 16
below(i, j) = place[i] < place[j] || place[i] == place[j] && i > j
do for [pass = 1:20] {
    do for [i = 1:names] {
        do for [j = 1:names] {
            if (below(i, j) && collide(i, j)) {
                middle = (place[i] + place[j]) / 2.
                place[i] = middle - 8.01
                place[j] = middle + 8.01
            }
        }
    }
}
do for [k = 1:names] {
    if (up(k) < 0 || up(k) > height - top - bottom) { continue }
    set label 1 + k name[k] front tc lt (names > 6 ? -1 : colour[k]) \
        at screen (across(k) + (flipped(k) ? -10 : 10)) / 720, \
           screen (bottom + place[k]) / height
    if (flipped(k)) { set label 1 + k right }
}

mine(k) = strcol("series") eq name[k]
plot for [k = 1:names] data \
         using (mine(k) ? column("x") : NaN):(height_of(column("y"))) \
         with points pt 7 ps 0.4 lc rgb see_through(hue[colour[k]], 0.5), \
     for [k = 1:names] "+" using (x(k)):(height_of(mean(k) - sd(k))):(0) \
         :(height_of(mean(k) + sd(k)) - height_of(mean(k) - sd(k))) \
         every ::::0 with vectors nohead lt colour[k] lw 1.25, \
     for [k = 1:names] "+" using (x(k)):(height_of(mean(k))) every ::::0 \
         with points lt colour[k] lw 1.25 pt 6 ps 1, \
     data using "x":(height_of(column("y"))) \
               :(strcol("series") . '\n' \
                 . said(column("x"), sprintf("%.2f", column("y")))) \
          @POINTED_AT
