/* SPDX-License-Identifier: MIT
 *
 * results.tsv, runs.tsv and claims.tsv: what is written is read back, and what
 * is no record is said so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runs/records.h"
#include "scratch.h"

static int setup(void **state)
{
    (void)state;
    make_scratch("test_records");
    return 0;
}

static const char *written(Text *t)
{
    const char *path = in_root("records.tsv");

    must(text_write(t, path));
    text_free(t);
    return path;
}

static void test_results(void **state)
{
    static const ResultRow rows[] = {
        { "01-load", "relu", "test_accuracy", { 0.123456789, 0.25, 10 } },
        { "01-load", "relu, train.batch=4; loss=mse", "parameters", { 7850, 0, 1 } },
    };
    ResultRow *back;
    Text t = { 0 };
    int n;

    (void)state;
    text_add(&t, "%s", results_heading);
    for (int i = 0; i < 2; i++)
        result_add(&t, &rows[i]);
    assert_null(results_read(&back, &n, written(&t)));
    assert_int_equal(n, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(back[i].chapter, rows[i].chapter);
        assert_string_equal(back[i].experiment, rows[i].experiment);
        assert_string_equal(back[i].metric, rows[i].metric);
        assert_true(back[i].stat.mean == rows[i].stat.mean);
        assert_true(back[i].stat.sd == rows[i].stat.sd);
        assert_int_equal(back[i].stat.n, rows[i].stat.n);
    }
    free(back);
}

static void test_runs(void **state)
{
    static const RunRow rows[] = {
        { "relu", 18446744073709551615u, 0.5, 0.25, 12.5, "0123456789abcdef", false },
        { "relu, train.batch=4", 2, 1, 0, 1e-3, "fe", true },
    };
    RunRow *back;
    Text t = { 0 };
    int n;

    (void)state;
    for (int i = 0; i < 2; i++)
        run_add(&t, &rows[i]);
    assert_null(runs_read(&back, &n, written(&t)));
    assert_int_equal(n, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(back[i].experiment, rows[i].experiment);
        assert_true(back[i].seed == rows[i].seed);
        assert_true(back[i].accuracy == rows[i].accuracy);
        assert_true(back[i].loss == rows[i].loss);
        assert_true(back[i].core_seconds == rows[i].core_seconds);
        assert_string_equal(back[i].key, rows[i].key);
        assert_int_equal(back[i].yours, rows[i].yours);
    }
    free(back);
}

static void test_claims(void **state)
{
    ClaimRow *back;
    Text t = { 0 };
    int n;

    (void)state;
    for (Verdict v = HOLDS; v < VERDICTS; v++)
        claim_row_add(&t, &(ClaimRow){ v, 10 + (int)v, "So it is:\t5 %." });
    assert_null(claims_read(&back, &n, written(&t)));
    assert_int_equal(n, VERDICTS);
    for (Verdict v = HOLDS; v < VERDICTS; v++) {
        assert_int_equal(back[v].verdict, v);
        assert_int_equal(back[v].line, 10 + (int)v);
        assert_string_equal(back[v].sentence, "So it is:\t5 %.");
    }
    free(back);
}

static void test_empty(void **state)
{
    ClaimRow *rows;
    Text t = { 0 };
    int n = 7;

    (void)state;
    assert_null(claims_read(&rows, &n, written(&t)));
    assert_int_equal(n, 0);
    free(rows);
}

/* Each is wrong in one place; the record before it is whole. */
static void test_wrong_lines(void **state)
{
    static const char *const results[] = {
        "01-load\trelu\ttest_accuracy\t0.5\t0.1\n", "\n", "no row at all\n",
        "01-load\trelu\ttest_accuracy\t0.5\t0.1\tten\n",
    };
    static const char *const runs[] = {
        "relu\t1\t0.5\t0.5\t1\tfe\n", "relu\t1\t0.5\t0.5\t1\tfe\ttheirs\n",
        "relu\tone\t0.5\t0.5\t1\tfe\tbook\n", "relu\t1\t0.5\t0.5\t1\tKEY\tbook\n",
    };
    static const char *const claims[] = {
        "perhaps\t3\tIt is.\n", "holds\tIt is.\n", "holds\t3\t\n",
    };
    ResultRow *result;
    RunRow *run;
    ClaimRow *claim;
    int n;

    (void)state;
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        Text t = { 0 };
        text_add(&t, "%s01-load\trelu\tloss\t0.5\t0.1\t2\n%s", results_heading,
                 results[i]);
        assert_says(results_read(&result, &n, written(&t)),
                    "records.tsv:3: no record: \"");
        assert_null(result);
        assert_int_equal(n, 0);
    }
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        Text t = { 0 };
        text_add(&t, "relu\t1\t0.5\t0.5\t1\tfe\tbook\n%s", runs[i]);
        assert_says(runs_read(&run, &n, written(&t)), "records.tsv:2: no record: \"");
        assert_null(run);
    }
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        Text t = { 0 };
        text_add(&t, "fails\t3\tIt is.\n%s", claims[i]);
        assert_says(claims_read(&claim, &n, written(&t)),
                    "records.tsv:2: no record: \"");
        assert_null(claim);
    }
    assert_says(results_read(&result, &n, in_root("nosuch.tsv")), "nosuch.tsv: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_wrong_lines),
    };
    return cmocka_run_group_tests(tests, setup, remove_scratch);
}
