/* SPDX-License-Identifier: MIT
 *
 * The weaver: every rule and every error of lib/chapter/weave.h. And the book as
 * a whole: it shows each function of lib/nn once. Run from the root of the
 * project, where lib/ and chapters/ are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ccode.h"
#include "chapter/weave.h"

enum { SOME = 4 };

static const char shown_file[] = "build/test_weave.shown.c";

/* A chapter, what main ran, and what was reported. Lists end at a NULL. */
typedef struct Sample {
    const char *source;
    const char *steps[SOME];
    struct { int line; const char *markdown; } artefacts[SOME];
    struct { int line; const char *name, *text; } values[SOME];
    const char *figures[SOME];
    const char *changes;
} Sample;

static Error weave_sample(Text *page, const Sample *s)
{
    static Artefact artefacts[SOME];
    static Value values[SOME];
    static char figures[SOME][64];
    Report r = { .artefacts = artefacts, .values = values, .figures = figures };
    int steps = 0;

    while (s->steps[steps])
        steps++;
    for (; s->artefacts[r.artefact_count].markdown; r.artefact_count++) {
        Artefact *a = &artefacts[r.artefact_count];
        *a = (Artefact){ .line = s->artefacts[r.artefact_count].line };
        const char *markdown = s->artefacts[r.artefact_count].markdown;
        a->output = *markdown == '>';                   /* "> printed" */
        text_add(&a->markdown, "%s", markdown + 2 * a->output);
    }
    for (; s->values[r.value_count].name; r.value_count++) {
        Value *v = &values[r.value_count];
        *v = (Value){ .line = s->values[r.value_count].line };
        snprintf(v->name, sizeof v->name, "%s", s->values[r.value_count].name);
        v->text = (char *)s->values[r.value_count].text;
    }
    for (; s->figures[r.figure_count]; r.figure_count++)
        snprintf(figures[r.figure_count], sizeof figures[0], "%s",
                 s->figures[r.figure_count]);
    if (s->changes)
        text_add(&r.changes, "%s", s->changes);
    const Error error = weave(page, "s.c", s->source, s->steps, steps, &r);
    text_free(&r.changes);
    for (int i = 0; i < r.artefact_count; i++)
        text_free(&artefacts[i].markdown);
    return error;
}

/* gives("page", .source = "...", ...) and fails("s.c:1: why", .source = ...) */
#define gives(page, ...) check_gives(page, &(Sample){ __VA_ARGS__ })
#define fails(message, ...) check_fails(message, &(Sample){ __VA_ARGS__ })

static void check_gives(const char *expected, const Sample *s)
{
    Text page = { 0 };
    const Error error = weave_sample(&page, s);

    if (error)
        fail_msg("%s", error);
    assert_string_equal(text_string(&page), expected);
    text_free(&page);
}

static void check_fails(const char *expected, const Sample *s)
{
    Text page = { 0 };
    const Error error = weave_sample(&page, s);

    if (!error)
        fail_msg("no error where \"%s\" was expected, but a page:\n%s",
                 expected, text_string(&page));
    assert_string_equal(error, expected);
    text_free(&page);
}

/* ---- prose and code ---- */

static void test_prose_and_code(void **state)
{
    (void)state;
    gives("", .source = "");
    gives("# Title\n\nFirst.\n\nSecond.\n\n", .source =
          "/*%\n"
          "# Title\n"
          "\n"
          "First.\n"
          "\n"
          "Second.\n"
          "*/\n");
    gives(" On one line. \n\n", .source = "/*% On one line. */\n");
    gives(" First.\nLast. \n\n", .source = "/*% First.\nLast. */");

    /* Code between prose, without blank lines around it; ordinary comments
     * are code. Line 5 is the first that shows. */
    gives("Before.\n\n"
          "```c file=s.c line=5\n"
          "/* ordinary */\n\nstatic int x;\n"
          "```\n\n"
          "After.\n\n", .source =
          "/*%\n"
          "Before.\n"
          "*/\n"
          "\n"
          "/* ordinary */\n"
          "\n"
          "static int x;\n"
          "\n"
          "/*%\n"
          "After.\n"
          "*/\n"
          "\n");
}

static void test_licence_is_not_shown(void **state)
{
    (void)state;
    gives("Prose.\n\n```c file=s.c line=5\nint x;\n```\n\n", .source =
          "/* SPDX-License-Identifier: MIT */\n"
          "/*%\n"
          "Prose.\n"
          "*/\n"
          "int x;\n");
}

/* ---- steps ---- */

/* The wrapper and four columns of indentation go, the line numbers stay. */
static void test_step_loses_wrapper_and_indentation(void **state)
{
    (void)state;
    gives("```c file=s.c line=1\n#include <math.h>\n```\n\n"
          "```c file=s.c line=5\n"
          "for (;;)\n    work();\n\nmore();\n"
          "```\n\n"
          "```c file=s.c line=11\n"
          "int main(void)\n{\n    RUN(train);\n}\n"
          "```\n\n", .steps = { "train" }, .source =
          "#include <math.h>\n"
          "\n"
          "static void train(void)\n"
          "{\n"
          "    for (;;)\n"
          "        work();\n"
          "\n"
          "    more();\n"
          "}\n"
          "\n"
          "int main(void)\n"
          "{\n"
          "    RUN(train);\n"
          "}\n");
}

/* Lines with less than four columns keep what they have; an inner } at the
 * start of no line ends no step. */
static void test_step_with_odd_indentation(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\n"
          "label:\nif (x) {\n    f();\n}\n"
          "```\n\n", .steps = { "odd" }, .source =
          "static void odd(void)\n"
          "{\n"
          "  label:\n"
          "    if (x) {\n"
          "        f();\n"
          "    }\n"
          "}\n");
}

static void test_prose_inside_a_step(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\nfirst();\n```\n\n"
          "Between.\n\n"
          "```c file=s.c line=7\nsecond();\n```\n\n", .steps = { "two" }, .source =
          "static void two(void)\n"
          "{\n"
          "    first();\n"
          "/*%\n"
          "Between.\n"
          "*/\n"
          "    second();\n"
          "}\n");
}

/* What main does not run is shown whole, whatever its type. */
static void test_helpers_are_shown_whole(void **state)
{
    (void)state;
    gives("```c file=s.c line=1\n"
          "static void help(void)\n{\n    work();\n}\n"
          "```\n\n"
          "```c file=s.c line=8\nhelp();\n```\n\n", .steps = { "step" }, .source =
          "static void help(void)\n"
          "{\n"
          "    work();\n"
          "}\n"
          "\n"
          "static void step(void)\n"
          "{\n"
          "    help();\n"
          "}\n");
}

static const char two_steps[] =
    "static void one(void)\n"
    "{\n"
    "    1;\n"
    "}\n"
    "static void two(void)\n"
    "{\n"
    "    2;\n"
    "}\n";

static void test_steps_run_in_the_order_of_the_text(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\n1;\n```\n\n```c file=s.c line=7\n2;\n```\n\n",
          .steps = { "one", "two" }, .source = two_steps);
    fails("s.c:1: step one stands here, but main runs two at this point: steps "
          "run in the order of the text",
          .steps = { "two", "one" }, .source = two_steps);
    fails("s.c:9: step one stands here, but main runs none at this point: "
          "steps run in the order of the text", .steps = { "one" }, .source =
          "static void one(void)\n"
          "{\n"
          "    1;\n"
          "}\n"
          "/*%\n"
          "Once more:\n"
          "*/\n"
          "\n"
          "static void one(void)\n"
          "{\n"
          "    1;\n"
          "}\n");
    fails("s.c: main runs three, which is no step of this text",
          .steps = { "one", "two", "three" }, .source = two_steps);
    /* A step is a `static void` with its brace on the next line. */
    fails("s.c: main runs one, which is no step of this text",
          .steps = { "one" }, .source = "static int one(void)\n{\n}\n");
}

/* ---- what was reported ---- */

static const char split_step[] =
    "static void step(void)\n"
    "{\n"
    "    first();\n"
    "    second();\n"
    "/*%\n"
    "Between.\n"
    "*/\n"
    "    third();\n"
    "}\n";

/* Behind the piece that holds the line, in the order of the reports. */
static void test_artefacts_are_placed_behind_their_piece(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\nfirst();\nsecond();\n```\n\n"
          "A\n\nB\n\n"
          "Between.\n\n"
          "```c file=s.c line=8\nthird();\n```\n\n"
          "C\n\n",
          .steps = { "step" }, .source = split_step,
          .artefacts = { { 8, "C\n" }, { 4, "A\n" }, { 3, "B\n" } });
}

static void test_artefact_without_a_place(void **state)
{
    (void)state;
    fails("s.c:6: what was reported here has no place in the text",
          .steps = { "step" }, .source = split_step,
          .artefacts = { { 3, "A\n" }, { 6, "B\n" } });
    fails("s.c:99: what was reported here has no place in the text",
          .steps = { "step" }, .source = split_step,
          .artefacts = { { 99, "A\n" } });
}

static void test_values(void **state)
{
    (void)state;
    gives("It is 93.9 % and 93.9 %, not {x}.\n\n", .source =
          "/*%\n"
          "It is {{a.b}} and {{a.b}}, not {x}.\n"
          "*/\n", .values = { { 7, "a.b", "93.9 %" } });
    gives("By [](#eq-slope).\n\n", .source = "/*%\nBy {{eq:slope}}.\n*/\n");
    gives("See [](#fig-loss).\n\n", .source = "/*%\nSee {{fig:loss}}.\n*/\n",
          .figures = { "other", "loss" });
    fails("s.c:3: {{speed}}: no step has reported a value of that name",
          .source = "/*%\nOne\ntwo {{speed}} three.\n*/\n",
          .values = { { 0, "spee", "1" } });
    fails("s.c:2: {{fig:loss}}: the chapter reports no figure of that name",
          .source = "/*%\nSee {{fig:loss}}.\n*/\n", .figures = { "los" });
    fails("s.c:2: \"{{\" without \"}}\" on the same line",
          .source = "/*%\nSee {{a and\nb}}.\n*/\n");
    fails("s.c:12: the value speed is reported and never used",
          .source = "/*%\nProse.\n*/\n", .values = { { 12, "speed", "1" } });
    /* The values that come with a result need not be used. */
    gives("Prose.\n\n", .source = "/*%\nProse.\n*/\n",
          .values = { { 0, "relu.loss", "1" } });
}

/* Near the end of a line, too. */
static void test_unclosed_value_at_the_end_of_a_line(void **state)
{
    (void)state;
    fails("s.c:2: \"{{\" without \"}}\" on the same line",
          .source = "/*%\nSee {{x\n*/\n");
    fails("s.c:2: \"{{\" without \"}}\" on the same line",
          .source = "/*%\nSee {{\n*/\n");
}

/* Claims and captions have values; what a program printed is left alone. */
static void test_values_in_artefacts(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\nfirst();\nsecond();\n```\n\n"
          "```claim holds\nIt is 7.\n```\n\n"
          "```output\n{{speed}} {{x\n```\n\n"
          "Between.\n\n"
          "```c file=s.c line=8\nthird();\n```\n\n",
          .steps = { "step" }, .source = split_step,
          .artefacts = { { 3, "```claim holds\nIt is {{speed}}.\n```\n" },
                         { 4, "> {{speed}} {{x\n" } },
          .values = { { 3, "speed", "7" } });
    fails("s.c:4: {{nothing}}: no step has reported a value of that name",
          .steps = { "step" }, .source = split_step,
          .artefacts = { { 4, "```claim holds\n{{nothing}}\n```\n" } });
}

/* The same, for one text alone. */
static void test_values_are_text(void **state)
{
    (void)state;
    gives("&#60;script&#62; is `<script>`\n\n", .source =
          "/*%\n{{a}} is `{{a}}`\n*/\n", .values = { { 1, "a", "<script>" } });
}

static void test_output_closes_no_fence(void **state)
{
    (void)state;
    gives("```c file=s.c line=1\nf();\n```\n\n"
          "````output\n```\nend\n````\n\n"
          "```claim holds\nIt is.\n```\n\n", .source = "f();\n",
          .artefacts = { { 1, "> ```\n" }, { 1, "> end" },
                         { 1, "```claim holds\nIt is.\n```\n" } });
}

static void test_weave_values(void **state)
{
    Value value = { .name = "x", .text = "5", .line = 3 };
    Report r = { .values = &value, .value_count = 1 };
    const char text[] = "{{x}}, and {{y}}";
    Text out = { 0 };

    (void)state;
    assert_null(weave_values(&out, "p.md", 9, text, 6, &r));
    assert_string_equal(out.s, "5,");
    assert_true(value.used);
    text_free(&out);
    assert_string_equal(weave_values(&out, "p.md", 9, text, strlen(text), &r),
                        "p.md:9: {{y}}: no step has reported a value of that "
                        "name");
    /* The end of the text is an end, whatever comes behind it. */
    assert_string_equal(weave_values(&out, "p.md", 9, "{{long}}", 7, &r),
                        "p.md:9: \"{{\" without \"}}\" on the same line");
    text_free(&out);
}

/* ---- folds ---- */

/* What stands in an experiment needs no report; counts can be written out. */
static void test_values_of_experiments(void **state)
{
    static Experiment e = {
        .name = "cnn-small", .input = { 1, 28, 28 },
        .layers = { { CONV2D, .channels = 8, .kernel = 5 }, { FLATTEN },
                    { DENSE, .units = 128 }, { DENSE, .units = 10 },
                    { SOFTMAX } },
        .optimiser = { SGD, .learning_rate = 0.15f },
        .train = { .epochs = 1, .batch = 1000 },
    };
    static const struct { const char *text, *woven; } cases[] = {
        { "{{cnn-small.optimiser.learning_rate}}", "0.15" },
        { "{{cnn-small.train.batch}}", "1,000" },
        { "{{cnn-small.conv2d.channels}}", "8" },
        { "{{cnn-small.conv2d.channels in words}}", "eight" },
        { "{{cnn-small.conv2d.channels filters}}", "eight filters" },
        { "{{cnn-small.dense.2.units units}}", "ten units" },
        { "{{cnn-small.dense.units units}}", "128 units" },
        { "{{cnn-small.train.epochs epochs}}", "one epoch" },
        { "{{cnn-small.dense}}", "2" },
        { "{{cnn-small.relu layers}}", "no layers" },
        { "{{cnn-small.dropout.rate}}", "unused" },
        { "{{cnn-small.optimiser.momentum}}", "unused" },
    };
    static const char *const wrong[] = {
        "{{cnn-small.dense.unit}}", "{{cnn-small.dense.2}}", "{{cnn.dense}}",
        "{{cnn-small.optimiser.learning_rate rates}}",
    };
    const Report r = { .experiments = &e, .experiment_count = 1 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Text out = { 0 };
        assert_null(weave_values(&out, "p.md", 1, cases[i].text,
                                 strlen(cases[i].text), &r));
        assert_string_equal(out.s, cases[i].woven);
        text_free(&out);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        Text out = { 0 };
        assert_non_null(weave_values(&out, "p.md", 1, wrong[i],
                                     strlen(wrong[i]), &r));
        text_free(&out);
    }
}

/* Prose for some experiments only, and what stands in its place. */
static void test_conditions(void **state)
{
    (void)state;
    gives("yes 5\nafter\n\n",
          .source = "/*%\n@if v\nyes {{v}}\n@else\nno {{w}}\n@end\nafter\n"
                    "*/\n", .values = { { 1, "v", "5" } });
    gives("no\n\n",
          .source = "/*%\n@if v\nyes {{v}}\n@else\nno\n@end\n*/\n");
    gives("no\n\n",
          .source = "/*%\n@if v\nyes\n@else\nno\n@end\n*/\n",
          .values = { { 1, "v", "0" } });
    fails("s.c:4: @end without @else: what does the page say when the "
          "condition does not hold?",
          .source = "/*%\n@if v\nyes\n@end\n*/\n");
    fails("s.c:2: @if, @else and @end stand in this order, one @if at a time",
          .source = "/*%\n@else\n*/\n");
    fails("s.c:3: @if, @else and @end stand in this order, one @if at a time",
          .source = "/*%\n@if v\n@if w\n*/\n");
    fails("s.c:1: an @if in this prose has no @end",
          .source = "/*%\n@if v\nyes\n@else\nno\n*/\n");
}

static void test_fold(void **state)
{
    (void)state;
    gives("```c file=s.c line=3\nbefore();\n```\n\n"
          "```c file=s.c line=5 fold=\"dull lines\"\nfolded();\n```\n\n"
          "A\n\n"
          "```c file=s.c line=7\nafter();\n```\n\n", .steps = { "step" },
          .artefacts = { { 5, "A\n" } }, .source =
          "static void step(void)\n"
          "{\n"
          "    before();\n"
          "    // fold: dull lines\n"
          "    folded();\n"
          "    // end fold\n"
          "    after();\n"
          "}\n");
    gives("```c file=s.c line=2 fold=\"a table\"\nint x[] = {\n};\n```\n\n",
          .source = "// fold: a table\nint x[] = {\n};\n// end fold\n");
    gives("```c file=s.c line=2 fold=\"a step\"\nstatic void one(void)\n{\n"
          "    work();\n}\n```\n\n[artefact]\n\n",
          .source = "// fold: a step\nstatic void one(void)\n{\n"
                    "    work();\n}\n// end fold\n",
          .steps = { "one" }, .artefacts = { { 4, "[artefact]\n" } });
    fails("s.c:2: \"// end fold\" without \"// fold: title\"",
          .source = "int x;\n// end fold\n");
    fails("s.c:3: \"// fold: t\" is not closed before the prose",
          .source = "// fold: t\nint x;\n/*%\nProse.\n*/\n");
    fails("s.c:3: \"// fold: t\" is not closed before the prose",
          .source = "// fold: t\nint x;\n");
}

/* What is wrong first is said, though a fold or a step opens behind it. */
static void test_error_before_a_fold_or_a_step(void **state)
{
    (void)state;
    fails("s.c:1: {{no}}: no step has reported a value of that name",
          .artefacts = { { 1, "{{no}}\n" } },
          .source = "int x;\n// fold: t\nint y;\n// end fold\n");
    fails("s.c:1: {{no}}: no step has reported a value of that name",
          .artefacts = { { 1, "{{no}}\n" } }, .steps = { "other", "step" },
          .source = "int x;\nstatic void step(void)\n{\n}\n");
}

/* ---- broken prose ---- */

static void test_broken_prose(void **state)
{
    (void)state;
    fails("s.c:2: prose begins here and never ends",
          .source = "int x;\n/*%\nFor ever\nand ever.\n");
    fails("s.c:3: prose ends here, at the first \"*/\"; nothing may follow on "
          "that line", .source = "/*%\nA pointer\nto */ const\n*/\n");
    fails("s.c:1: prose ends here, at the first \"*/\"; nothing may follow on "
          "that line", .source = "/*% Short. */ int x;\n");
    fails("s.c:1: a ``` in this prose is never closed",
          .source = "/*%\n```\ncode\n*/\n");
}

static void test_fences_are_left_alone(void **state)
{
    (void)state;
    gives("5\n```math\nx_{{i}}\n@show no such\n```\n5\n\n", .source =
          "/*%\n"
          "{{v}}\n"
          "```math\n"
          "x_{{i}}\n"
          "@show no such\n"
          "```\n"
          "{{v}}\n"
          "*/\n", .values = { { 1, "v", "5" } });
}

/* ---- @show ---- */

static int write_shown_file(void **state)
{
    Text t = { 0 };

    (void)state;
    must(make_folder("build"));
    text_add(&t, "%s",
             "/* SPDX-License-Identifier: MIT */\n"
             "#include <math.h>\n"
             "\n"
             "/* Has two fields. */\n"
             "typedef struct Pair {\n"
             "    int a, b;\n"
             "} Pair;\n"
             "\n"
             "/* Adds. */\n"
             "static int add(Pair p)\n"
             "{\n"
             "    return p.a + p.b;\n"
             "}\n");
    must(text_write(&t, shown_file));
    text_free(&t);
    return 0;
}

static int remove_shown_file(void **state)
{
    (void)state;
    return remove(shown_file);
}

#define PAIR "```c file=build/test_weave.shown.c line=4 show=Pair\n"           \
    "/* Has two fields. */\ntypedef struct Pair {\n    int a, b;\n} Pair;\n```\n\n"
#define ADD "```c file=build/test_weave.shown.c line=9 show=add\n"             \
    "/* Adds. */\nstatic int add(Pair p)\n{\n    return p.a + p.b;\n}\n```\n\n"

static void test_show(void **state)
{
    (void)state;
    gives("Look:\n" ADD "Seen.\n\n", .source =
          "/*%\n"
          "Look:\n"
          "@show build/test_weave.shown.c add\n"
          "Seen.\n"
          "*/\n");
    gives(ADD PAIR "\n",
          .source = "/*%\n@show build/test_weave.shown.c add Pair\n*/\n");
    /* Indented, as in a step. */
    gives(PAIR "\n",
          .source = "    /*%\n    @show build/test_weave.shown.c Pair\n    */\n");
}

static void test_show_errors(void **state)
{
    (void)state;
    fails("s.c:3: @show: build/test_weave.shown.c has no function or "
          "declaration subtract", .source =
          "/*%\n"
          "Look:\n"
          "@show build/test_weave.shown.c add subtract\n"
          "*/\n");
    fails("s.c:2: @show: no/such.c: No such file or directory",
          .source = "/*%\n@show no/such.c add\n*/\n");
    fails("s.c:2: @show: expected a file and the names in it",
          .source = "/*%\n@show build/test_weave.shown.c\n*/\n");
    fails("s.c:2: @show: expected a file and the names in it",
          .source = "/*%\n@show\n*/\n");
    fails("s.c:2: @show: expected a file and the names in it",
          .source = "/*%\n@show build/test_weave.shown.c  \n*/\n");
}

static void test_show_of_a_long_line(void **state)
{
    char source[800];

    (void)state;
    snprintf(source, sizeof source, "/*%%\n@show f.c %600d\n*/\n", 1);
    fails("s.c:2: @show: line too long", .source = source);
}

/* ---- @changes ---- */

static void test_changes(void **state)
{
    (void)state;
    gives("Since then:\n| {{a}} |\n\nSo 5 is.\n\n", .source =
          "/*%\n"
          "Since then:\n"
          "@changes\n"
          "So {{it}} is.\n"
          "*/\n", .changes = "| {{a}} |\n", .values = { { 1, "it", "5" } });
    gives("```\n@changes\n```\nHere:\n| a |\n\n\n", .source =
          "/*%\n```\n@changes\n```\nHere:\n@changes\n*/\n",
          .changes = "| a |\n");
    fails("s.c:2: @changes: this chapter builds on none; give its contents "
          ".builds_on", .source = "/*%\n@changes\n*/\n");
    fails("s.c: the chapter builds on another, and no line of prose says "
          "@changes", .source = "/*%\nProse.\n*/\n", .changes = "| a |\n");
}

/* ---- the book shows each function of lib/nn once ---- */

typedef struct Function {
    char file[128], name[64];
    int shown;
} Function;

enum { MAX_FUNCTIONS = 1000 };

static Function functions[MAX_FUNCTIONS];
static int function_count;

static void complain(int *wrong, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_error("%s\n", text);
    ++*wrong;
}

static void list_functions(const char *path)
{
    Text source = { 0 };
    Item item;
    int line = 1;

    must(text_read(&source, path));
    for (const char *p = text_string(&source); ccode_item(&item, &p, &line);)
        if (item.function) {
            assert_in_range(function_count, 0, MAX_FUNCTIONS - 1);
            Function *f = &functions[function_count++];
            snprintf(f->file, sizeof f->file, "%s", path);
            snprintf(f->name, sizeof f->name, "%s", item.name);
        }
    text_free(&source);
}

static bool has_item(const char *path, const char *name)
{
    Text source = { 0 };
    Item item;
    int line = 1;
    bool found = false;

    if (text_read(&source, path))
        return false;
    for (const char *p = source.s; !found && ccode_item(&item, &p, &line);)
        found = strcmp(item.name, name) == 0;
    text_free(&source);
    return found;
}

static void count_show(int *wrong, const char *path, int number, char *line)
{
    char *rest, *file, *name;

    strtok_r(line, " ", &rest);
    if (!(file = strtok_r(NULL, " ", &rest))) {
        complain(wrong, "%s:%d: @show of no file", path, number);
        return;
    }
    while ((name = strtok_r(NULL, " ", &rest))) {
        if (!has_item(file, name))
            complain(wrong, "%s:%d: @show %s %s: there is none", path, number,
                     file, name);
        for (int i = 0; i < function_count; i++)
            if (strcmp(functions[i].file, file) == 0
                && strcmp(functions[i].name, name) == 0
                && ++functions[i].shown > 1)
                complain(wrong, "%s:%d: %s of %s is shown for the %d. time",
                         path, number, name, file, functions[i].shown);
    }
}

/* Follows the @show lines of the prose of a chapter; in `fenced` blocks they
 * are text. All of a page that is no C is prose. */
static void count_shows(int *wrong, const char *path, bool prose)
{
    Text source = { 0 };
    const bool all = prose;
    bool fenced = false;
    int number = 1;

    must(text_read(&source, path));
    for (char *line = source.s, *next; line; line = next, number++) {
        if ((next = strchr(line, '\n')))
            *next++ = '\0';
        line += strspn(line, " ");
        if (strncmp(line, "/*%", 3) == 0)
            prose = true;
        const bool last = prose && !all && strstr(line, "*/");
        if (prose && strncmp(line, "```", 3) == 0)
            fenced = !fenced;
        else if (prose && !fenced && strncmp(line, "@show", 5) == 0)
            count_show(wrong, path, number, line);
        if (last)
            prose = fenced = false;
    }
    text_free(&source);
}

static void for_each(const char *pattern, void (*use)(const char *path))
{
    glob_t found;

    if (glob(pattern, 0, NULL, &found) != 0)
        fail_msg("%s: no such files; run from the root of the project", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++)
        use(found.gl_pathv[i]);
    globfree(&found);
}

static int wrong_in_book;

static void count_in_chapter(const char *path)
{
    count_shows(&wrong_in_book, path, false);
}

static void test_book_shows_each_function_once(void **state)
{
    (void)state;
    for_each("lib/nn/*.[ch]", list_functions);
    assert_in_range(function_count, 50, MAX_FUNCTIONS);
    for_each("chapters/[0-9]*.c", count_in_chapter);
    count_shows(&wrong_in_book, "chapters/index.md", true);
    for (int i = 0; i < function_count; i++)
        if (!functions[i].shown)
            complain(&wrong_in_book, "%s: %s is shown nowhere in the book",
                     functions[i].file, functions[i].name);
    if (wrong_in_book)
        fail_msg("%d times wrong in %d functions of lib/nn", wrong_in_book,
                 function_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prose_and_code),
        cmocka_unit_test(test_licence_is_not_shown),
        cmocka_unit_test(test_step_loses_wrapper_and_indentation),
        cmocka_unit_test(test_step_with_odd_indentation),
        cmocka_unit_test(test_prose_inside_a_step),
        cmocka_unit_test(test_helpers_are_shown_whole),
        cmocka_unit_test(test_steps_run_in_the_order_of_the_text),
        cmocka_unit_test(test_artefacts_are_placed_behind_their_piece),
        cmocka_unit_test(test_artefact_without_a_place),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_unclosed_value_at_the_end_of_a_line),
        cmocka_unit_test(test_values_in_artefacts),
        cmocka_unit_test(test_values_are_text),
        cmocka_unit_test(test_output_closes_no_fence),
        cmocka_unit_test(test_weave_values),
        cmocka_unit_test(test_values_of_experiments),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_error_before_a_fold_or_a_step),
        cmocka_unit_test(test_broken_prose),
        cmocka_unit_test(test_fences_are_left_alone),
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_show_errors),
        cmocka_unit_test(test_show_of_a_long_line),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_book_shows_each_function_once),
    };
    return cmocka_run_group_tests(tests, write_shown_file, remove_shown_file);
}
