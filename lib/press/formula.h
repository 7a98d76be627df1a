/* SPDX-License-Identifier: MIT
 *
 * Formulas: the book's subset of TeX to MathML.
 *
 *     must(formula_mathml(&html, "p_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}",
                                  true));
 */
#ifndef PRESS_FORMULA_H
#define PRESS_FORMULA_H

#include "base/check.h"
#include "base/text.h"
#include <stdbool.h>

/* Appends one <math> element; `display` for a formula on lines of its own. An
 * unknown command, an unclosed brace and the like is an error that names it. */
Error formula_mathml(Text *html, const char *tex, bool display);

#endif
