/* SPDX-License-Identifier: MIT
 *
 * The press: formulas, listings, pages, and the errors that stop it. Run from
 * the top folder. GOLDEN_UPDATE=1 writes tests/golden/page.html anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

#include "base/ccode.h"
#include "press/formula.h"
#include "press/highlight.h"
#include "press/html.h"
#include "press/markdown.h"

/* ---- Formulas ---- */

static void test_formulas(void **state)
{
    static const struct { const char *tex, *mathml; } rows[] = {
        { "x", "<mi>x</mi>" },
        { "3.14", "<mn>3.14</mn>" },
        { "60{,}000", "<mn>60,000</mn>" },
        { "x_i", "<msub><mi>x</mi><mi>i</mi></msub>" },
        { "x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>" },
        { "x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>" },
        { "f'", "<mrow><mi>f</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow>" },
        { "f'^2", "<msup><mrow><mi>f</mi><mo lspace=\"0\" rspace=\"0\">′</mo>"
                  "</mrow><mn>2</mn></msup>" },
        { "x_{ij}", "<msub><mi>x</mi><mrow><mi>i</mi><mi>j</mi></mrow>"
                    "</msub>" },
        { "x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>" },
        { "\\alpha \\in \\mathbb{R}",
          "<mi>α</mi><mo>∈</mo><mi mathvariant=\"normal\">&#x211D;</mi>" },
        { "\\mathbf{W}", "<mi mathvariant=\"normal\">&#x1D416;</mi>" },
        { "\\mathrm{fan}", "<mi>fan</mi>" },
        { "a - b", "<mi>a</mi><mo>−</mo><mi>b</mi>" },
        { "-b", "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">−</mo>"
                "<mi>b</mi>" },
        { "a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>" },
        { "\\frac{1}{n}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>n</mi>"
                          "</mrow></mfrac>" },
        { "\\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>" },
        { "\\sqrt{x}", "<msqrt><mrow><mi>x</mi></mrow></msqrt>" },
        { "\\sqrt[3]{x}", "<mroot><mrow><mi>x</mi></mrow><mn>3</mn></mroot>" },
        { "\\sum_k^n", "<munderover><mo>∑</mo><mi>k</mi><mi>n</mi>"
                       "</munderover>" },
        { "\\int_0^1", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>" },
        { "\\log p", "<mi>log</mi><mspace width=\"0.1667em\"/><mi>p</mi>" },
        { "\\log(p)", "<mi>log</mi><mo stretchy=\"false\">(</mo><mi>p</mi>"
                      "<mo stretchy=\"false\">)</mo>" },
        { "\\hat y", "<mover accent=\"true\"><mi>y</mi>"
                     "<mo stretchy=\"false\">^</mo></mover>" },
        { "\\text{ if }", "<mtext>\u00A0if\u00A0</mtext>" },
        { "\\operatorname{softmax}", "<mi>softmax</mi>" },
        { "\\left( x \\right.", "<mrow><mo form=\"prefix\" fence=\"true\" "
          "stretchy=\"true\">(</mo><mi>x</mi></mrow>" },
        { "\\begin{aligned} a &= b \\\\ &= c \\end{aligned}",
          "<mrow><mtable class=\"aligned\" displaystyle=\"true\"><mtr><mtd>"
          "<mi>a</mi></mtd><mtd><mi></mi><mo>=</mo><mi>b</mi></mtd></mtr><mtr>"
          "<mtd></mtd><mtd><mi></mi><mo>=</mo><mi>c</mi></mtd></mtr></mtable>"
          "</mrow>" },
        { "\\underbrace{x}_{n}", "<munder><munder><mrow><mi>x</mi></mrow>"
          "<mo stretchy=\"true\">⏟</mo></munder><mrow><mi>n</mi></mrow>"
          "</munder>" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text got = { 0 }, expected = { 0 };
        assert_null(formula_mathml(&got, rows[i].tex, false));
        text_add(&expected, "<math>%s</math>", rows[i].mathml);
        assert_string_equal(got.s, expected.s);
        text_free(&got);
        text_free(&expected);
    }
}

static void test_formula_errors(void **state)
{
    static const struct { const char *tex, *error; } rows[] = {
        { "\\foo", "an unknown TeX command: \\foo" },
        { "{x", "a { is not closed: {x" },
        { "x}", "without its other half in TeX: }" },
        { "a & b", "without its other half in TeX: & b" },
        { "\\frac{1}", "an argument is missing at the end of: \\frac{1}" },
        { "x_", "an argument is missing at the end of: x_" },
        { "x_1_2", "a second script: _2" },
        { "\\left( x", "\\left without \\right in: \\left( x" },
        { "\\left< x", "not a delimiter: <" },
        { "\\begin{foo}", "an environment this book does not know: foo" },
        { "\\begin{cases} x", "\\begin without its \\end: cases" },
        { "\\mathbf{+}", "not a letter of this font: +" },
        { "\\mathbf x", "words in { } are missing in: \\mathbf x" },
        { "\\sqrt[", "unexpected in TeX: " },
        { "\\sqrt[3", "the index of a root is one letter or number: "
                      "\\sqrt[3" },
        { "\\text{a \\b}", "a command in a text: \\b" },
        { "ü", "unexpected in TeX: ü" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text got = { 0 };
        Error e = formula_mathml(&got, rows[i].tex, true);
        assert_non_null(e);
        assert_string_equal(e, rows[i].error);
        assert_int_equal(got.length, 0);
        text_free(&got);
    }
}

/* ---- Listings ---- */

static void test_highlight(void **state)
{
    static const struct { const char *c, *html; } rows[] = {
        { "int x;", "<span class=\"t\">int</span> x;" },
        { "return 0x1F;", "<span class=\"k\">return</span> "
                          "<span class=\"n\">0x1F</span>;" },
        { "Text *t", "<span class=\"t\">Text</span> *t" },
        { "1e-8f+a", "<span class=\"n\">1e-8f</span>+a" },
        { "\"a\\\"<\"", "<span class=\"s\">&quot;a\\&quot;&lt;&quot;</span>" },
        { "/* a\n b */", "<span class=\"c\">/* a</span>\n"
                         "<span class=\"c\"> b */</span>" },
        { "// a\nb", "<span class=\"c\">// a</span>\nb" },
        { "#include <a.h>", "<span class=\"p\">#include &lt;a.h&gt;</span>" },
        { "#define A B", "<span class=\"p\">#define</span> A B" },
        { "'\\''", "<span class=\"s\">'\\''</span>" },
        { "\"open\nx", "<span class=\"s\">&quot;open</span>\nx" },
        { "uint8_t B, ROWS", "<span class=\"t\">uint8_t</span> B, ROWS" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text html = { 0 };
        highlight_c(&html, rows[i].c, NULL, NULL);
        assert_string_equal(html.s, rows[i].html);
        text_free(&html);
    }
}

/* The text of HTML: without tags, entities resolved. */
static void add_plain(Text *plain, const char *html)
{
    static const struct { const char *name, c; } entities[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }
    };

    while (*html) {
        size_t i = 0;
        if (*html == '<') {
            html = strchr(html, '>') + 1;
            continue;
        }
        while (i < 4 && strncmp(html, entities[i].name,
                                strlen(entities[i].name)) != 0)
            i++;
        text_add_char(plain, i < 4 ? entities[i].c : *html);
        html += i < 4 ? strlen(entities[i].name) : 1;
    }
}

static int sources;                      /* seen by the next function */

/* For one source file: the tokens are the file, so is what is highlighted, and
 * the items follow one another without overlap. */
static int check_source(const char *path, const struct stat *s, int type,
                        struct FTW *where)
{
    const char *dot = strrchr(path, '.');
    Text source = { 0 }, html = { 0 }, plain = { 0 };
    int line = 1, last = 0;
    Item item;

    (void)s;
    (void)where;
    if (type != FTW_F || !dot || (strcmp(dot, ".c") && strcmp(dot, ".h")))
        return 0;
    assert_null(text_read(&source, path));
    highlight_c(&html, text_string(&source), NULL, NULL);
    add_plain(&plain, text_string(&html));
    assert_string_equal(text_string(&plain), text_string(&source));

    for (const char *p = text_string(&source); ccode_item(&item, &p, &line);) {
        assert_true(item.first > last && item.last >= item.first);
        assert_true(item.text[item.length - 1] == '\n');
        assert_true(*item.name != '\0');
        last = item.last;
    }
    text_free(&source);
    text_free(&html);
    text_free(&plain);
    sources++;
    return 0;
}

static void test_sources_round_trip(void **state)
{
    (void)state;
    assert_int_equal(nftw("lib", check_source, 16, FTW_PHYS), 0);
    assert_true(sources > 10);
}

static void test_items(void **state)
{
    static const char source[] =
        "/* SPDX */\n"                                              /* 1 */
        "#include <stdio.h>   /* to\n print */\n"
        "/* Twice. */\n"                                            /* 4 */
        "#define TWICE(x) \\\n    ((x) + (x))\n"
        "\n/* lone */\n\n"
        "/* f does f. */\n// really\n"                              /* 10 */
        "static int *f(int a)\n{\n#define Q }\n    return \"}\"[a];\n}\n"
        "/*% prose */\n"                                            /* 17 */
        "static const float w[2] = { 1, 2 };  /* and\n more */\n"
        "typedef struct P { int a; } P;\n"                          /* 20 */
        "enum { SIZE = 4 };\n"
        "static void (*const table[])(int a) = { f };\n"
        "_Noreturn void die(const char *s, ...) PRINTF(1, 2);\n";
    static const struct { const char *name; int first, last; bool function; }
    expected[] = {
        { "TWICE", 4, 6, false }, { "f", 10, 16, true }, { "w", 18, 19, false },
        { "P", 20, 20, false }, { "SIZE", 21, 21, false },
        { "table", 22, 22, false }, { "die", 23, 23, false }
    };
    const char *p = source;
    int line = 1;
    Item item;

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(ccode_item(&item, &p, &line));
        assert_string_equal(item.name, expected[i].name);
        assert_int_equal(item.first, expected[i].first);
        assert_int_equal(item.last, expected[i].last);
        assert_int_equal(item.function, expected[i].function);
    }
    assert_false(ccode_item(&item, &p, &line));
}

/* ---- Pages ---- */

static void test_golden_page(void **state)
{
    static const Page page = { .name = "page", .number = 3 };
    static const char path[] = "tests/golden/page.html";
    Draft draft;
    Text expected = { 0 };

    (void)state;
    assert_null(draft_read(&draft, "tests/golden", &page));
    assert_null(markdown_weave(&(Book){ &draft, 1 }, &draft));
    if (getenv("GOLDEN_UPDATE"))
        must(text_write(&draft.html, path));
    assert_null(text_read(&expected, path));
    assert_string_equal(draft.html.s, expected.s);
    text_free(&expected);
    draft_free(&draft);
}

static char folder[] = "build/test_press.XXXXXX";

static void write_file(const char *name, const char *content)
{
    char path[256];
    Text t = { 0 };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    text_add(&t, "%s", content);
    must(text_write(&t, path));
    text_free(&t);
}

static Error press_pages(int n)
{
    static Page pages[] = { { "index", 0 }, { "01-one", 1 }, { "02-two", 2 } };

    return press(folder, &(Pages){ pages, n, "quick build" });
}

static void test_errors(void **state)
{
    static const struct { const char *markdown, *error; } rows[] = {
        { "text\n\n$`\\foo`$\n", "5: an unknown TeX command: \\foo" },
        { "```math\n\\foo\n```\n", "3: an unknown TeX command: \\foo" },
        { "a\nb [x](#nowhere)\n",
          "4: a link to an anchor that is not there: #nowhere" },
        { "[x](02-two.md)\n",
          "3: a link to a page or file that is not there: 02-two.md" },
        { "[x](index.md#nowhere)\n",
          "3: a link to an anchor that is not there: index.md#nowhere" },
        { "[](https://example.org)\n",
          "3: a link without words: https://example.org" },
        { "![alt](no/such.svg \"caption\")\n", "no/such.svg" },
        { "an ![alt](no/such.png) in a line\n",
          "3: an image that is not there: no/such.png" },
        { "![](a.png \"caption\")\n",
          "3: this figure has no alt text: a.png" },
        { "<div>\n{{name}}\n</div>\n",
          "3: a value that nobody filled in: {{name}}" },
        { "a\n\n{{name}}\n", "5: a value that nobody filled in: {{name}}" },
        { "see[^1]\n", "3: the book has no footnotes: [^1]" },
        { "see\n\n[^1]: a note\n", "5: the book has no footnotes: [^" },
        { "# Another title\n", "found 2 headings" },
        { "```claim perhaps\nx\n```\n",
          "3: a claim holds, fails or is unjudged, found: perhaps" },
        { "```claim holds\n\n$`\\foo`$\n```\n",
          "5: an unknown TeX command: \\foo" },
        { "```stamp\na: b\nc\n```\n", "5: a stamp has lines `name: value`" },
        { "| a | b |\n|---|---|\n| c |\n",
          "5: a row with more or fewer cells than the line of dashes" },
        { "| a |\n|---|\n" /* 33 of them */
          "||||||||||||||||||||||||||||||||||\n",
          "5: a row with more or fewer cells than the line of dashes" },
        { "| a |\n|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|"
          "\n| b |\n",
          "4: a table of more than 32 columns" },
        { "##\n", "3: a heading without words" },
        { "## <b></b>\n", "3: a heading without words" },
        { "## [](#one)\n", "3: a heading without words" },
        { "| a |\n|---|\n| $`\\foo`$ |\n", "5: an unknown TeX command: \\foo" },
        { "Words\n| a |\n|---|\n",
          "4: a table needs a blank line before it" },
        { "Table: of nothing\n\nWords.\n",
          "3: a caption without a table" },
        { "```math name=a\nx\n```\n```math name=a\ny\n```\n",
          "6: a second #eq-a" },
        { "[](#eq-b)\n", "3: a link to an anchor that is not there: #eq-b" },
        { "<a id=\"one\"></a> <b id=\"one\"></b>\n", "3: a second #one" },
    };

    (void)state;
    write_file("index.md", "# Book\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Text page = { 0 };
        text_add(&page, "# One\n\n%s", rows[i].markdown);
        write_file("01-one.md", page.s);
        Error e = press_pages(2);
        if (!e)
            fail_msg("no error, expected: %s", rows[i].error);
        if (!strstr(e, rows[i].error) || !strstr(e, "/01-one.md:"))
            fail_msg("%s\nexpected: %s", e, rows[i].error);
        text_free(&page);
    }
    write_file("01-one.md", "No title.\n");
    assert_non_null(strstr(press_pages(2), "found 0 headings"));
}

static void test_missing_page(void **state)
{
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/01-one.md", folder);
    remove(path);
    write_file("index.md", "# Book\n");
    assert_non_null(strstr(press_pages(2), "01-one.md"));
}

/* Every href of a page leads to a file that is there and an id in it. */
static void check_links(const char *name, int *links)
{
    char path[512], wanted[512];
    Text html = { 0 };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    must(text_read(&html, path));
    for (const char *p = html.s; (p = strstr(p, " href=\"")); ++*links) {
        p += strlen(" href=\"");
        const int n = (int)strcspn(p, "\""), file = (int)strcspn(p, "#\"");
        Text target = { 0 };
        snprintf(path, sizeof path, "%s/%.*s", folder,
                 file ? file : (int)strlen(name), file ? p : name);
        must(text_read(&target, path));
        snprintf(wanted, sizeof wanted, " id=\"%.*s\"",
                 n > file ? n - file - 1 : 0, p + file + 1);
        if (file < n && !strstr(target.s, wanted))
            fail_msg("%s: no %s in %s", name, wanted, path);
        text_free(&target);
    }
    text_free(&html);
}

static void test_book_links(void **state)
{
    int links = 0;

    (void)state;
    write_file("index.md", "# Book\n\nSee [](01-one.md#the-end), `run()`.\n");
    write_file("01-one.md",
               "# One\n\nTo the [front](index.md).\n\n"
               "Table: Numbers\n\n| a |\n|---|\n| 1 |\n\nIn [](#table-1).\n\n"
               "```c file=a.c line=1 show=run\nint run(void);\n```\n\n"
               "## The end\n\n[Up](#one)\n");
    assert_null(press_pages(2));
    check_links("index.html", &links);
    check_links("01-one.html", &links);
    assert_true(links > 15);
}

static Text read_page(const char *name)
{
    char path[512];
    Text html = { 0 };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    must(text_read(&html, path));
    return html;
}

static void assert_has(const Text *html, const char *part, bool wanted)
{
    if (!strstr(html->s, part) == wanted)
        fail_msg("%s \"%s\" in:\n%s", wanted ? "no" : "unwanted", part, html->s);
}

/* A function that is shown once leads to the chapters that call it, and calls
 * lead to it; its own name, and names that are no calls, lead nowhere. */
static void test_functions_link_both_ways(void **state)
{
    (void)state;
    write_file("index.md", "# Book\n\nText.\n");
    write_file("01-one.md",
               "# One\n\n```c file=a.c line=1 show=run\nint run(int n)\n{\n"
               "    return n ? run(n - 1) : 0;\n}\n```\n");
    write_file("02-two.md",
               "# Two\n\n```c file=b.c line=7\nint run = 1;\n```\n\n"
               "```c file=b.c line=9\nrun(walk(2));\n```\n");
    assert_null(press_pages(3));
    Text one = read_page("01-one.html"), two = read_page("02-two.html");
    assert_has(&one, "used in chapter <a href=\"02-two.html#line-9\">2</a>", true);
    assert_has(&one, "n ? run(n - ", true);
    assert_has(&two, "id=\"line-9\"", true);
    assert_has(&two, "<a href=\"01-one.html#show-run\">run</a>(walk(", true);
    assert_has(&two, "<span class=\"t\">int</span> run =", true);
    text_free(&one);
    text_free(&two);
}

/* In the whole book in one file ids carry the names of their pages, links lead
 * to them, and the chapters' headings stand under that of the book. */
static void test_whole_book(void **state)
{
    int links = 0;

    (void)state;
    write_file("index.md", "# Book\n\nSee [](01-one.md#end) and [](01-one.md).\n");
    write_file("01-one.md", "# One\n\nBack to [](index.md).\n\n## End\n\n[Up](#one)\n");
    assert_null(press_pages(2));
    Text html = read_page("print.html");
    check_links("print.html", &links);
    assert_has(&html, "<section class=\"page\" id=\"page-01-one\">", true);
    assert_has(&html, "<h1 id=\"page-index-book\">", true);
    assert_has(&html, "<h2 class=\"title\" id=\"page-01-one-one\">", true);
    assert_has(&html, "<h3 id=\"page-01-one-end\">", true);
    assert_has(&html, "<a href=\"#page-01-one-end\">End</a> and <a href=\"#page-01-one\">", true);
    assert_has(&html, "<a href=\"#page-index\">Book</a>", true);
    assert_has(&html, "<a href=\"#page-01-one-one\">Up</a>", true);
    text_free(&html);
}

/* A link without words takes the title of the page, whichever is pressed
 * first. */
static void test_link_takes_the_title(void **state)
{
    (void)state;
    write_file("index.md", "# Book\n\n| | |\n|---|---|\n| 1 | [](01-one.md) |\n");
    write_file("01-one.md", "# One & only\n\nBack to [](index.md).\n");
    assert_null(press_pages(2));
    Text index = read_page("index.html"), one = read_page("01-one.html");
    assert_has(&index, "<td><a href=\"01-one.html\">One &amp; only</a></td>", true);
    assert_has(&one, "<p>Back to <a href=\"index.html\">Book</a>.</p>", true);
    text_free(&index);
    text_free(&one);
}

/* A page that comes and goes: only the front page leads to it, and no chapter
 * changes by a byte. */
static void test_page_aside(void **state)
{
    static Page pages[] = { { "index", 0 }, { "01-one", 1 }, { "02-two", 2 },
                            { "mine", .aside = true } };
    int links = 0;

    (void)state;
    write_file("index.md", "# Book\n");
    write_file("01-one.md", "# One\n");
    write_file("02-two.md", "# Two\n");
    write_file("mine.md", "# Mine\n\n| a |\n|---|\n| 1 |\n\nOf [](01-one.md).\n");
    assert_null(press(folder, &(Pages){ pages, 3 }));
    Text before = read_page("02-two.html");
    assert_null(press(folder, &(Pages){ pages, 4 }));
    Text index = read_page("index.html"), one = read_page("01-one.html");
    Text two = read_page("02-two.html"), mine = read_page("mine.html");
    assert_string_equal(two.s, before.s);
    assert_has(&one, "mine.html", false);
    assert_has(&index, "<a href=\"mine.html\">Mine</a>", true);
    assert_has(&mine, "<main id=\"text\" tabindex=\"-1\" class=\"sortable\">", true);
    assert_has(&mine, "<a rel=\"prev\" href=\"index.html\">", true);
    assert_has(&mine, "rel=\"next\"", false);
    assert_has(&two, "sortable", false);
    check_links("mine.html", &links);
    text_free(&before);
    text_free(&index);
    text_free(&one);
    text_free(&two);
    text_free(&mine);
}

/* ---- The list of pages ---- */

static void test_pages_are_listed(void **state)
{
    static Page pages[] = { { "index", 0 }, { "01-one", 1, "The first part" },
                            { "mine", .aside = true } };
    Pages read;

    (void)state;
    must(pages_write(&(Pages){ pages, 3, "Only a test." }, folder));
    assert_null(pages_read(&read, folder));
    assert_string_equal(read.notice, "Only a test.");
    assert_int_equal(read.n, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(read.at[i].name, pages[i].name);
        assert_int_equal(read.at[i].number, pages[i].number);
        assert_int_equal(read.at[i].aside, pages[i].aside);
    }
    assert_null(read.at[0].part);
    assert_string_equal(read.at[1].part, "The first part");
    pages_free(&read);
    must(pages_write(&(Pages){ pages, 1 }, folder));
    assert_null(pages_read(&read, folder));
    assert_string_equal(read.notice, "");
    pages_free(&read);
}

static void test_pages_that_are_no_list(void **state)
{
    static const struct { const char *list, *error; } rows[] = {
        { "", ":1: expected `notice`, a tab and the notice" },
        { "name\tnumber\tpart\taside\tbanner\n", ":1: expected `notice`" },
        { "notice\t\n", ": found no page in it" },
        { "notice\t\nname\tnumber\tpart\taside\tbanner\n", ": found no page in it" },
        { "notice\t\nname\tnumber\tpart\taside\tbanner\nindex\t0\t\t0\t\n01-one\t1\n",
          ":4: expected name, number, part, aside and banner" },
        { "notice\t\nname\tnumber\tpart\taside\tbanner\nindex\t0\t\t0\t\t\n",
          ":3: expected name, number, part, aside and banner" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Pages pages;
        write_file("pages.tsv", rows[i].list);
        const char *e = pages_read(&pages, folder);
        if (!e || !strstr(e, "/pages.tsv:") || !strstr(e, rows[i].error))
            fail_msg("%s\nexpected: %s", e ? e : "no error", rows[i].error);
        pages_free(&pages);
    }
}

static int make_test_folder(void **state)
{
    (void)state;
    must(make_folder("build"));
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *s, int type,
                      struct FTW *where)
{
    (void)s;
    (void)type;
    (void)where;
    return remove(path);
}

static int remove_test_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_formula_errors),
        cmocka_unit_test(test_highlight),
        cmocka_unit_test(test_sources_round_trip),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_golden_page),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_missing_page),
        cmocka_unit_test(test_book_links),
        cmocka_unit_test(test_functions_link_both_ways),
        cmocka_unit_test(test_whole_book),
        cmocka_unit_test(test_link_takes_the_title),
        cmocka_unit_test(test_page_aside),
        cmocka_unit_test(test_pages_are_listed),
        cmocka_unit_test(test_pages_that_are_no_list),
    };

    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
