/* muster history: verdicts that became others, among what changed otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <stdio.h>
#include <string.h>

static int open_desk(void **state)
{
    (void)state;
    stock_init(&stock);
    stock_report(&stock);
    return 0;
}

/* How many rows of this kind there are. */
static size_t count_of(const char *what)
{
    char member[64];
    size_t found = 0;

    snprintf(member, sizeof member, "\"what\":\"%s\"", what);
    for (const char *at = strstr(ran.out, member); at != NULL; at = strstr(at + 1, member))
        found++;
    return found;
}

/* Of the newest verdict, as JSON has it. */
static const char *verdict(const char *member)
{
    char path[64];
    size_t at = 0;

    do
        snprintf(path, sizeof path, "$[%zu].what", at++);
    while (strcmp(json(path), "verdict") != 0 && strcmp(json(path), "null") != 0);
    snprintf(path, sizeof path, "$[%zu].%s", at - 1, member);
    return json(path);
}

static void a_verdict_that_became_another_is_told(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("history", "db01", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 1);
    assert_int_equal(MUSTER("history", "2", "--format", "json"), 0);
    assert_string_equal(verdict("what"), "verdict");
    assert_string_equal(verdict("at"), "2025-11-24T14:00:00Z");
    assert_string_equal(verdict("name"), "db01");
    assert_string_equal(verdict("journal"), "null");
    assert_string_equal(verdict("target"), "null");
    assert_string_equal(verdict("words"), "image by mabs01: supported -> unsupported; esx01.example runs VMware "
                                          "vSphere 4.0, and no row has it");
    assert_string_equal(verdict("detail.method"), "image");
    assert_string_equal(verdict("detail.server"), "mabs01");
    assert_string_equal(verdict("detail.workload"), "vmware-vm");
    assert_string_equal(verdict("detail.before"), "supported");
    assert_string_equal(verdict("detail.before_class"), "");
    assert_string_equal(verdict("detail.now"), "unsupported");
}

static void one_that_went_became_none_and_a_class_is_told(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("history", "6", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 1);
    assert_said(ran.out, "image by mabs01: supported -> none\"");
    assert_said(ran.out, "\"now\":null");
    assert_int_equal(MUSTER("history", "4", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 1);
    assert_said(ran.out, "agent by mabs02: unlisted (gap) -> ");
}

static void the_fleet_is_told_of_in_the_order_of_time(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("history", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 3);
    assert_true(count_of("appeared") > 0);
    assert_int_equal(MUSTER("history", "--since", "2025-11-20", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 2);
    assert_int_equal(MUSTER("history", "--since", "2025-11-24T15:00:00Z", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 0);
}

static void what_says_the_same_or_never_counted_is_no_change(void **state)
{
    (void)state;
    stock_run_timed(
        &stock, /* web01 (1) says what it said before; db01 had something that did not count */
        "INSERT INTO judgement (id, method, server, product, workload, version, installation, verdict, class,"
        " counts, by_what, reason, digest, reasoning, detail) SELECT 20, method, server, product, workload,"
        " version, installation, verdict, class, counts, by_what, 'other words', x'20', reasoning, detail"
        " FROM judgement WHERE id = (SELECT judgement FROM guard WHERE asset = 1 ORDER BY id LIMIT 1);"
        "INSERT INTO judgement (id, method, server, product, workload, version, installation, verdict, class,"
        " counts, by_what, reason, digest, reasoning, detail) VALUES (21, 'agent', 'nobody', NULL, 'server',"
        " '', '', 'unknown', '', 0, 'any', 'no', x'21', 1, '{}');"
        "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at)"
        " SELECT 1, 20, 1, N - 30000e5, since_at FROM guard WHERE asset = 1 ORDER BY id LIMIT 1;"
        "INSERT INTO guard_past (asset, judgement, basis, from_at, until_at) VALUES"
        " (2, 21, 1, N - 30000e5, N - 1000)");
    assert_int_equal(MUSTER("history", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 3);
}

static void the_limit_is_that_of_both_together(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("history", "--format", "json", "--limit", "0"), 0);
    for (size_t limit = 1; limit <= 12; limit++) {
        char number[8], path[32], all[32][64];
        size_t count = 0;

        snprintf(number, sizeof number, "%zu", limit);
        assert_int_equal(MUSTER("history", "--format", "json", "--limit", "0"), 0);
        for (; count < limit; count++) {
            snprintf(path, sizeof path, "$[%zu].words", count);
            snprintf(all[count], sizeof all[count], "%.60s", json(path));
        }
        assert_int_equal(MUSTER("history", "--format", "json", "--limit", number), 0);
        for (size_t i = 0; i < limit; i++) {
            char words[64];

            snprintf(path, sizeof path, "$[%zu].words", i);
            snprintf(words, sizeof words, "%.60s", json(path));
            assert_string_equal(words, all[i]);
        }
        snprintf(path, sizeof path, "$[%zu].what", limit);
        assert_string_equal(json(path), "null");
    }
}

static void many_of_one_protection_are_a_chain(void **state)
{
    (void)state;
    stock_run_timed(&stock, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                            " INSERT INTO guard_past (asset, judgement, basis, from_at, until_at)"
                            " SELECT 3, CASE i % 2 WHEN 0 THEN 8 ELSE (SELECT judgement FROM guard WHERE asset = 2) "
                            "END, 1, N - 1e8 + i * 1000, N - 1e8 + (i + 1) * 1000 FROM n");
    assert_int_equal(MUSTER("history", "3", "--format", "json", "--limit", "0"), 0);
    assert_int_equal(count_of("verdict"), 5000);
    assert_int_equal(MUSTER("history", "3", "--since", "2025-11-24T15:00:00Z", "--format", "json"), 0);
    assert_int_equal(count_of("verdict"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_verdict_that_became_another_is_told, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(one_that_went_became_none_and_a_class_is_told, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(the_fleet_is_told_of_in_the_order_of_time, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(what_says_the_same_or_never_counted_is_no_change, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(the_limit_is_that_of_both_together, open_desk, desk_close),
        cmocka_unit_test_setup_teardown(many_of_one_protection_are_a_chain, open_desk, desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
