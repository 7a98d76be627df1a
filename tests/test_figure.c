/* SPDX-License-Identifier: MIT
 *
 * Figures of every kind, drawn by the real gnuplot into a folder of their own.
 * Run from the root of the project, where figures/ is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "press/drawing.h"
#include "chapter/figure.h"

static char folder[] = "/tmp/test_figure.XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[2][256];
    static int turn;

    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void write_file(const char *name, const char *content)
{
    Text t = { 0 };

    text_add(&t, "%s", content);
    assert_null(text_write(&t, in_folder(name)));
    text_free(&t);
}

/* A sample of every kind: name, settings, its table, and something that its
 * drawing must show. */
static const struct Sample {
    const char *kind, *settings, *table, *shows;
} samples[] = {
    { "curves", NULL,
      "series\tx\ty\tlo\thi\n"
      "a_1\t1\t2\t1.5\t2.5\na_1\t2\t1\t0.5\t1.5\n"
      "the book\t1\t3\t3\t3\nthe book\t2\t2\t2\t2\n", ">a_1<" },
    { "curves", "logx=2; logy=1; points=1",
      "series\tx\ty\tlo\thi\nrate\t1\t20\t19\t21\nrate\t256\t900\t800\t1000\n",
      ">256<" },
    { "curves", "thin=1; xmin=0; ymin=0",
      "series\tx\ty\tlo\thi\nSGD\t1\t2\t2\t2\nSGD\t2\t1\t1\t1\n"
      "SGD#1\t1\t2.1\t2.1\t2.1\nSGD#1\t2\t1.1\t1.1\t1.1\n"
      "Adam\t1\t1\t1\t1\nAdam\t2\t.5\t.5\t.5\n", ">SGD<" },
    { "bars", NULL,
      "category\tseries\tvalue\n0\ttrain\t5923\n0\ttest\t980\n"
      "1\ttrain\t6742\n1\ttest\t1135\n", ">train<" },
    { "bars", "values=1; ymin=90; format='%.1f'",
      "category\tseries\tvalue\tlo\thi\nReLU\ttest\t93.9\t93.6\t94.2\n"
      "tanh\ttest\t92.4\t92.2\t92.6\n", ">93.9<" },
    { "bars", "horizontal=1; values=1",
      "category\tseries\tvalue\nconv 3x3\ttime\t41000\ndense\ttime\t9\n",
      ">41,000<" },
    { "bars", "stacked=1",
      "category\tseries\tvalue\n0\tright\t970\n0\twrong\t10\n", ">wrong<" },
    { "histogram", "logy=1",
      "from\tto\tcount\n0\t1\t400000\n1\t128\t30\n128\t256\t0\n", "k<" },
    { "dots", NULL,
      "series\tx\ty\nReLU\t1\t93\nReLU\t2\t94\ntree\t9\t86\n", ">tree<" },
    { "dots", "logx=1; errors=1",
      "series\tx\ty\nReLU\t1\t70\nReLU\t2\t74\nCNN\t90\t99.4\n", ">99<" },
    { "confusion", "cap=10",
      "truth\tprediction\tcount\tshare\n0\t0\t8\t0.8\n0\t1\t2\t0.2\n"
      "1\t0\t0\t0\n1\t1\t7\t1\n", ">80.0 %<" },
    { "confusion", "nodiagonal=1",
      "truth\tprediction\tcount\tshare\n0\t0\t8\t0.8\n0\t1\t2\t0.2\n"
      "1\t0\t0\t0\n1\t1\t7\t1\n", ">2<" },
    { "digits", NULL, "c0\tc1\tc2\n0\t255\tNaN\n9\t0\tNaN\n12\t9\tNaN\n",
      "<image" },
    { "digits", "diverging=1", "c0\tc1\n0.5\t-0.25\n0\t-1\n", "<image" },
    { "heatmap", NULL,
      "x\ty\tz\ttext\n0.1\t16\t94.3\t94.3 %\n0.1\t64\t93\t93.0 %\n"
      "1\t16\t90\t90.0 %\n1\t64\t95\t95.0 %\n", ">94.3 %<" },
    { "learning", NULL,
      "frame\timages\ttruth\tprediction\tcount\n"
      "early\t100\t0\t0\t9\nearly\t100\t1\t0\t7\n"
      "late\t200\t0\t0\t8\nlate\t200\t1\t1\t6\n", ">1: 6 right<" },
    { "window", "image_title='image'; columns_title='columns'",
      "frame\tpanel\trow\tcolumn\tnumber\ton\n"
      "a\timage\t0\t0\t1\t1\na\tcolumns\t0\t0\t1\t1\n"
      "b\timage\t0\t0\t1\t0\nb\tcolumns\t0\t0\t1\t0\n", ">pixel 1<" },
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static Figure sample_figure(int i)
{
    static char name[32];

    snprintf(name, sizeof name, "sample-%d", i);
    return (Figure){ .kind = samples[i].kind, .name = name, .x = "it's 10 %",
                     .y = "a_b <\"c\">", .settings = samples[i].settings };
}

static Error draw_sample(int i)
{
    const Figure f = sample_figure(i);
    char file[64];

    snprintf(file, sizeof file, "%s.tsv", f.name);
    write_file(file, samples[i].table);
    return figure_draw(&f, folder);
}

static void inline_sample(Text *html, int i, const char *prefix)
{
    char file[32];

    snprintf(file, sizeof file, "sample-%d.svg", i);
    assert_null(drawing_inline(html, in_folder(file), prefix, "a \"picture\""));
}

static void expect(const Text *html, const char *part)
{
    if (!strstr(text_string(html), part))
        fail_msg("found no %s in\n%s", part, text_string(html));
}

static void expect_none(const Text *html, const char *part)
{
    const char *found = strstr(text_string(html), part);

    if (found)
        fail_msg("found %s: %.80s", part, found);
}

static void every_kind_draws_and_inlines(void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        Text html = { 0 };

        const Error error = draw_sample(i);
        if (error)
            fail_msg("%s: %s", samples[i].kind, error);
        inline_sample(&html, i, "p-");
        expect(&html, samples[i].shows);
        expect(&html, "<svg viewBox=\"0 0 720 ");
        expect(&html, "role=\"img\" aria-label=\"a &quot;picture&quot;\"");
        expect_none(&html, "black");
        expect_none(&html, "<?xml");
        expect_none(&html, "<!");
        expect_none(&html, "Gnuplot");
        expect_none(&html, "gnuplot_svg");
        text_free(&html);
    }
}

/* How often a part occurs. */
static int occurrences(const Text *html, const char *part)
{
    int n = 0;

    for (const char *p = text_string(html); (p = strstr(p, part)); p++)
        n++;
    return n;
}

/* No id twice, though every frame was drawn with the same ones. */
static void expect_own_ids(const Text *html)
{
    for (const char *p = text_string(html); (p = strstr(p, " id=")); p++) {
        char id[128];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(p + 5, "\"'") + 6, p);
        assert_int_equal(occurrences(html, id), 1);
    }
}

static void marks_tell_their_values(void **state)
{
    Text html = { 0 };

    (void)state;
    assert_null(draw_sample(0));
    inline_sample(&html, 0, "p-");
    assert_int_equal(occurrences(&html, "<circle class=\"mark\""), 4);
    expect(&html, "r=\"9\"><title>a_1\na_b &lt;\"c\">: 2 ± 0.5\n"
                  "it's 10 %: 1</title></circle>");
    text_free(&html);
}

static void of_several_frames_the_last_is_seen(void **state)
{
    const int window = SAMPLES - 1;
    Text html = { 0 };

    (void)state;
    assert_null(draw_sample(window));
    inline_sample(&html, window, "p-");
    expect(&html, "<g class=\"frame\" data-name=\"a\" display=\"none\">");
    expect(&html, "<g class=\"frame\" data-name=\"b\">");
    assert_int_equal(occurrences(&html, "class=\"frame\""), 2);
    assert_int_equal(occurrences(&html, "<svg"), 1);
    expect_own_ids(&html);
    text_free(&html);
}

static void labels_stay_plain_text(void **state)
{
    Text html = { 0 };

    (void)state;
    assert_null(draw_sample(0));
    inline_sample(&html, 0, "p-");
    expect(&html, ">it's 10 %<");
    expect(&html, ">a_b &lt;\"c\"><");
    text_free(&html);
}

static void colours_become_variables(void **state)
{
    Text html = { 0 };

    (void)state;
    assert_null(draw_sample(0));
    inline_sample(&html, 0, "p-");
    expect(&html, "var(--c1,#0072b2)");
    expect(&html, "var(--grey,#808080)");         /* "the book" */
    expect(&html, "var(--muted,#666666)");
    expect(&html, "var(--line,#d9d9d9)");
    expect(&html, "currentColor");
    text_free(&html);
}

static void ink_takes_the_colour_of_the_text(void **state)
{
    Text html = { 0 };

    (void)state;
    write_file("sample-12.labels.tsv", "x\ty\ttext\tstyle\n"
               "0\t1\t7\tplain\n1\t1\t3\twrong\n1\t2\tno. 5\tmuted\n");
    assert_null(draw_sample(12));
    inline_sample(&html, 12, "p-");
    expect(&html, "<filter id=\"p-ink\">");
    expect(&html, "filter=\"url(#p-ink)\"");
    expect(&html, "image-rendering:pixelated");
    expect(&html, ">no. 5<");
    expect(&html, "font-weight=\"bold\"");
    text_free(&html);

    assert_null(draw_sample(13));
    inline_sample(&html, 13, "p-");
    expect_none(&html, "url(#p-ink)");
    text_free(&html);
}

/* Every id of the page once, every reference to one that is there. */
static void ids_differ_between_prefixes(void **state)
{
    Text html = { 0 };
    int ids = 0;

    (void)state;
    assert_null(draw_sample(8));
    inline_sample(&html, 8, "a-");
    inline_sample(&html, 8, "b-");
    for (const char *s = html.s; (s = strstr(s, " id=")); s++, ids++) {
        char id[64], again[80];
        assert_int_equal(sscanf(s, " id=%*[\"']%60[^\"']", id), 1);
        snprintf(again, sizeof again, " id=%c%s%c", s[4], id, s[4]);
        assert_null(strstr(s + 1, again));
    }
    assert_true(ids > 10);
    expect(&html, "href='#a-gpPt");
    expect(&html, "href='#b-gpPt");
    expect_none(&html, "'#gpPt");
    text_free(&html);
}

static ino_t inode(const char *name)
{
    struct stat s;

    assert_int_equal(stat(in_folder(name), &s), 0);
    return s.st_ino;
}

/* A figure drawn again is a new file under the old name. */
static void what_did_not_change_is_not_drawn_again(void **state)
{
    Figure f = { .kind = "histogram", .name = "again", .x = "value" };

    (void)state;
    write_file("again.tsv", "from\tto\tcount\n0\t1\t5\n1\t2\t7\n");
    assert_null(figure_draw(&f, folder));
    ino_t last = inode("again.svg");
    assert_null(figure_draw(&f, folder));
    assert_int_equal(inode("again.svg"), last);

    write_file("again.tsv", "from\tto\tcount\n0\t1\t5\n1\t2\t8\n");
    assert_null(figure_draw(&f, folder));
    assert_int_not_equal(inode("again.svg"), last);

    last = inode("again.svg");
    f.x = "pixel value";
    assert_null(figure_draw(&f, folder));
    assert_int_not_equal(inode("again.svg"), last);

    last = inode("again.svg");
    f.settings = "logy=1";
    assert_null(figure_draw(&f, folder));
    assert_int_not_equal(inode("again.svg"), last);
}

static void expect_error(const Figure *f, const char *part)
{
    const Error error = figure_draw(f, folder);

    assert_non_null(error);
    if (!strstr(error, part) || strchr(error, '\n'))
        fail_msg("found \"%s\", expected one line with \"%s\"", error, part);
}

static void errors_say_what_to_do(void **state)
{
    Figure f = { .kind = "histogram", .name = "wrong" };

    (void)state;
    expect_error(&f, "wrong.tsv: No such file");
    write_file("wrong.tsv", "");
    expect_error(&f, "found nothing");
    write_file("wrong.tsv", "from\tto\tnumber\n0\t1\t2\n");
    expect_error(&f, "\"from to number\", expected \"from to count\"");
    write_file("wrong.tsv", "from\tto\tcount\n0\t1\t2\n0\t1\n");
    expect_error(&f, "wrong.tsv:3: found 2 columns, expected 3");
    write_file("wrong.tsv", "from\tto\tcount\na\tb\tc\n");
    expect_error(&f, "figures/histogram.gp: gnuplot says: ");

    write_file("wrong.tsv", "from\tto\tcount\n0\t1\t2\n");
    f.settings = "logx=nonsense";
    expect_error(&f, "undefined variable: nonsense");
    f.settings = NULL;
    f.kind = "pie";
    expect_error(&f, "figures/pie.gp: No such file");
    assert_int_not_equal(access(in_folder("wrong.svg"), F_OK), 0);
}

static void missing_gnuplot_is_named(void **state)
{
    const Figure f = { .kind = "histogram", .name = "nopath" };
    char *path = strdup(getenv("PATH"));

    (void)state;
    write_file("nopath.tsv", "from\tto\tcount\n0\t1\t2\n");
    setenv("PATH", folder, 1);
    expect_error(&f, "gnuplot: not found");
    expect_error(&f, "`make setup`");
    setenv("PATH", path, 1);
    free(path);
    assert_int_not_equal(access(in_folder("nopath.svg"), F_OK), 0);
}

/* Every kind without a number, and with ends that leave all of them out. */
static void without_numbers_it_says_so(void **state)
{
    static const struct { const char *kind, *settings, *table; } rows[] = {
        { "curves", NULL, "series\tx\ty\tlo\thi\n" },
        { "curves", NULL, "series\tx\ty\tlo\thi\na\t1\tNaN\tNaN\tNaN\n" },
        { "curves", "logy=1", "series\tx\ty\tlo\thi\na\t1\t0\t0\t0\n" },
        { "bars", NULL, "category\tseries\tvalue\na\tb\tNaN\n" },
        { "histogram", NULL, "from\tto\tcount\n0\t1\tNaN\n" },
        { "dots", NULL, "series\tx\ty\na\tNaN\t90\n" },
        { "heatmap", NULL, "x\ty\tz\ttext\n1\t1\tNaN\tdiverged\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Figure f = { .kind = rows[i].kind, .name = "empty", .x = "x",
                           .y = "y", .settings = rows[i].settings };
        Text svg = { 0 };
        write_file("empty.tsv", rows[i].table);
        assert_null(figure_draw(&f, folder));
        assert_null(text_read(&svg, in_folder("empty.svg")));
        expect(&svg, ">nothing to draw<");
        text_free(&svg);
    }
    const Figure f = { .kind = "curves", .name = "low", .settings = "ymin=80" };
    Text svg = { 0 };
    write_file("low.tsv", "series\tx\ty\tlo\thi\na\t1\t9.8\t9.8\t9.8\n"
               "a\t2\t9.8\t9.8\t9.8\n");
    assert_null(figure_draw(&f, folder));
    assert_null(text_read(&svg, in_folder("low.svg")));
    expect_none(&svg, ">nothing to draw<");
    text_free(&svg);
}

static void what_is_no_figure_is_refused(void **state)
{
    Text html = { 0 };

    (void)state;
    assert_non_null(drawing_inline(&html, in_folder("none.svg"), "p-", ""));
    write_file("not.svg", "<html><body>404</body></html>\n");
    const Error error = drawing_inline(&html, in_folder("not.svg"), "p-", "");
    assert_non_null(strstr(error, "not.svg: found no <svg"));
    write_file("not.svg", "<svg width='3'><rect viewBox=\"0 0 1 1\"/></svg>\n");
    assert_non_null(drawing_inline(&html, in_folder("not.svg"), "p-", ""));
    assert_int_equal(html.length, 0);
    text_free(&html);
}

/* gnuplot 6 and other builds vary in quotes and colours. */
static void other_ways_to_write_svg_are_understood(void **state)
{
    Text html = { 0 };

    (void)state;
    write_file("other.svg",
               "<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC 'x' 'y'>\n"
               "<svg width='9' height='9' viewBox='0 0 9 9'>\n"
               "<rect fill=\"white\" id='r'/><use href=\"#r\"/>\n"
               "<path stroke='#D55E00' fill='rgb(0,114,178)'/>\n"
               "<text fill='black'>\"black\" id=\"x\" rgb(0,114,178)</text>\n"
               "<g fill='none'>\n</g></svg>\n");
    assert_null(drawing_inline(&html, in_folder("other.svg"), "q", NULL));
    assert_string_equal(html.s,
        "<svg viewBox=\"0 0 9 9\" role=\"img\" aria-label=\"\" "
        "font-family=\"sans-serif\" font-size=\"14\">\n"
        "<rect fill=\"none\" id='qr'/><use href=\"#qr\"/>\n"
        "<path stroke='var(--c2,#d55e00)' fill='var(--c1,#0072b2)'/>\n"
        "<text fill='currentColor'>\"black\" id=\"x\" rgb(0,114,178)</text>\n"
        "</svg>\n");
    text_free(&html);
}

static int make_temporary(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_temporary(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_draws_and_inlines),
        cmocka_unit_test(marks_tell_their_values),
        cmocka_unit_test(of_several_frames_the_last_is_seen),
        cmocka_unit_test(labels_stay_plain_text),
        cmocka_unit_test(colours_become_variables),
        cmocka_unit_test(ink_takes_the_colour_of_the_text),
        cmocka_unit_test(ids_differ_between_prefixes),
        cmocka_unit_test(what_did_not_change_is_not_drawn_again),
        cmocka_unit_test(errors_say_what_to_do),
        cmocka_unit_test(missing_gnuplot_is_named),
        cmocka_unit_test(without_numbers_it_says_so),
        cmocka_unit_test(what_is_no_figure_is_refused),
        cmocka_unit_test(other_ways_to_write_svg_are_understood),
    };
    return cmocka_run_group_tests(tests, make_temporary, remove_temporary);
}
