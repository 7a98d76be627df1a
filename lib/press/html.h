/* SPDX-License-Identifier: MIT
 *
 * The press: the pages of the book, Markdown in, HTML out, through libcmark.
 *
 *     must(press("build/book", &pages));
 *
 * What the press adds to CommonMark:
 *
 *   $`x_i`$ and ```math   formulas, to MathML (press/formula.h)
 *   ```math name=N           a formula with a number, and anchor eq-N
 *   ```c file=F line=N show=NAME fold="TITLE"
 *                            a listing: highlighted, with the true line numbers
 *                            of its file; show= and fold= are optional
 *   ```diff                  lines that went (-) and came (+)
 *   ```output                what the program printed
 *   ```claim holds|fails|unjudged
 *                            a sentence the program checked (Markdown inside),
 *                            with anchor claim-1, claim-2 ...
 *   ```stamp                 lines `name: value`: what the chapter cost
 *   ![alt](folder/name.svg "caption")
 *                            alone in a paragraph: a numbered figure, inlined,
 *                            with anchor fig-name; links on the following
 *                            lines of the paragraph go under the figure
 *   [](#fig-name)            "Figure 3.2", as a link
 *   [](03-softmax.md)        the title of that page, as a link
 *   | a | b |                pipe tables, as on GitHub; a paragraph
 *                            `Table: caption` just before numbers and titles it
 *
 * Anything it cannot make sense of (an unknown TeX command, a figure that is
 * not there, a link or anchor that leads nowhere) is an error with file:line.
 */
#ifndef PRESS_HTML_H
#define PRESS_HTML_H

#include "base/check.h"
#include "runs/pages.h"

/* Presses folder/<name>.md into folder/<name>.html for every page; writes style
 * sheet and script beside them. */
Error press(const char *folder, const Pages *pages);

#endif
