/* SPDX-License-Identifier: MIT
 *
 * Weaving: from the source of a chapter and what it reported to its page in
 * Markdown. The rules, in full:
 *
 *   - A comment that opens with / *% (without the space) is prose. All else is
 *     code and is shown, with its true line numbers.
 *   - The page shows the steps (functions that main RUNs) without their first
 *     and last lines and without indentation; prose may stand inside them.
 *   - What a step reports is placed behind the piece of code that reported it.
 *   - `// fold: title` to `// end fold` folds lines away, whole steps too.
 *   - {{name}} in prose becomes the value reported under that name;
 *     {{fig:name}} becomes a link to the figure of that name, {{eq:name}} to
 *     the formula ```math name=....
 *   - What stands in an experiment has names, too, and needs no report:
 *         {{relu.optimiser.learning_rate}}  a field, as --list shows it: 0.1
 *         {{relu.dense.units}}              a number of its first such layer
 *         {{relu.dense.2.units}}            ... of its second
 *         {{relu.dense}}                    how many such layers it has: 3
 *     for the experiments that the chapter offers, trains or recalls.
 *     {{held-out}} and {{held-out.rest}} are the images that a choice is judged
 *     on and those that it learns from.
 *   - A count can be written out: {{relu.train.epochs in words}} is "ten", and
 *     {{relu.train.epochs epochs}} "ten epochs" or "one epoch". Above twelve
 *     there are figures.
 *   - Prose that is true of some experiments only stands between lines:
 *         @if relu.dense.2.units
 *         With two dense layers ...
 *         @else
 *         This network has one dense layer: there is nothing to compare.
 *         @end
 *     A condition is the name of a value; it holds unless nobody reported it, or
 *     it is 0, no or unused. The other branch tells the reader what is left out.
 *     Prefer a sentence that is true either way.
 *   - `@changes` on a line of prose becomes what changed since the chapter that
 *     this one builds on.
 *   - `@show file name name ...` on a line of prose prints these functions or
 *     declarations as they stand in that file.
 *
 * Whatever cannot be resolved is an error with file:line.
 */
#ifndef CHAPTER_WEAVE_H
#define CHAPTER_WEAVE_H

#include "chapter/values.h"

/* Appends the page. `path` is the file the source was read from; `steps` are
 * the names of the functions that main ran, in order. */
Error weave(Text *page, const char *path, const char *source,
            const char *const *steps, int step_count, const Report *report);

#endif
