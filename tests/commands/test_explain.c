/* muster explain, run as a user runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void it_tells_the_chain_of_reasons_in_words(void **state)
{
    static const char *const said[] = {
        "db01 (vm, asset 2)",
        "image by mabs01 (mabs-v2): unsupported",
        "esx01.example runs VMware vSphere 4.0, and no row has it",
        "step      Upgrade it.",
        "cause     esx01.example (asset 3); muster explain 3 tells more",
        "support of VMware vSphere 4.0 ended on 2017-07-14",
        "1. vmware-vm VMware vSphere 4.0 or VMware vSphere 4.1, physical, by esx01.example (esxi_host 3): unsupported",
        "rows 57, 58 of azure-backup-server, the page of 2018-08-17\n    https://example.com/page\n",
        "is read as where the backup server itself is installed",
        "two sources differ",
        "covers    vm",
        "omits     item",
        "R12       not met: Every host is licensed.",
        "means     vsphere.product: ",
        "vsphere.product of esx01.example is VMware ESXi 6.5.0, read ",
        "Buy a licence.",
        "R13       footnote: It is consistent.",
        "no fact tells",
        "R22       met: The agent is there.",
        "site      ant",
    };

    (void)state;
    assert_int_equal(MUSTER("explain", "DB01"), 0);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_said(ran.out, said[i]);
    assert_string_equal(ran.err, "");
}

static void what_decides_for_others_names_them(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "esx01.example"), 0);
    assert_said(ran.out, "It decides the image protection of web01 and db01: unsupported because of it.");
    assert_said(ran.out, "There is no protection of it");
    assert_int_equal(MUSTER("explain", "3", "--format", "json"), 0);
    assert_string_equal(json("$.decides[0].assets"), "2");
    assert_string_equal(json("$.protections[0]"), "null");
}

static void of_many_the_first_are_named_and_the_rest_is_counted(void **state)
{
    (void)state;
    stock_run(&stock,
              "UPDATE judgement SET cause = 3, method = 'image', verdict = 'unsupported', class = '', server = id"
              " WHERE id IN (4, 5, 7)");
    assert_int_equal(MUSTER("explain", "3"), 0);
    assert_said(ran.out, "protection of web01, db01 and 3 more assets: unsupported");
    stock_run(&stock, "INSERT INTO link VALUES (5, 0, 'runs_on', 'esxi_host', 'host-1', NULL, NULL),"
                      " (6, 0, 'runs_on', 'esxi_host', 'host-1', NULL, NULL)");
    assert_int_equal(MUSTER("explain", "3"), 0);
    assert_said(ran.out, "protection of web01, TWIN, db01 and 2 more assets: unsupported");
    stock_run(&stock, "DELETE FROM link");
    assert_int_equal(MUSTER("explain", "3"), 0);
    assert_said(ran.out, "protection of 5 other assets: unsupported");
}

static void lead_to(int64_t end)
{
    char text[160];

    snprintf(text, sizeof text,
             "UPDATE judgement SET detail = '{\"step\":{\"type\":\"upgrade\",\"support_end\":%" PRId64
             "}}' WHERE id = 3",
             end);
    stock_run(&stock, text);
    assert_int_equal(MUSTER("explain", "DB01"), 0);
}

static void a_step_to_what_is_not_supported_for_long_says_so(void **state)
{
    const int64_t day = 86400000, now = clock_wall_ms(&clock_system);

    (void)state;
    assert_int_equal(MUSTER("explain", "DB01"), 0);
    assert_null(strstr(ran.out, "that leads to"));
    lead_to(now + 100 * day);
    assert_said(ran.out, "the vendor's support of what that leads to ends on 20");
    assert_said(ran.out, " days left");
    lead_to(now + 400 * day);
    assert_null(strstr(ran.out, "that leads to"));
    lead_to(1500000000000);
    assert_said(ran.out, "the vendor's support of what that leads to ended on 2017-07-14");
    assert_int_equal(MUSTER("explain", "DB01", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].step_support_end"), "2017-07-14T02:40:00Z");
}

static void the_version_that_ends_may_be_that_of_a_host(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE judgement SET detail = '{\"lifecycle\":{\"version\":\"Windows Server 2012\",\"of\":"
                      "\"hyperv_host\"}}' WHERE id = 3");
    assert_int_equal(MUSTER("explain", "DB01"), 0);
    assert_said(ran.out, "support of Windows Server 2012 (that of its hyperv_host) ended on 2017-07-14");
}

static void a_ruling_is_told_beside_the_published_verdict(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "5"), 0);
    assert_said(ran.out, "agent by mabs02 (mabs-v1): unlisted, gap, ruled yes");
    assert_said(ran.out,
                "yes, says the board (case 7); to be reviewed by 2026-05-28. The verdict above is the published");
    assert_said(ran.out, "no: a rule of the configuration takes it out");
    assert_said(ran.out, "is to be removed");
}

static void its_json_is_whole(void **state)
{
    static const struct {
        const char *path, *value;
    } rows[] = {
        { "$.asset.name", "db01" },
        { "$.judging.judged", "2025-11-24T15:59:50Z" },
        { "$.protections[0].verdict", "unsupported" },
        { "$.protections[0].needs", "act" },
        { "$.protections[0].step_type", "upgrade" },
        { "$.protections[0].counts", "1" },
        { "$.protections[0].basis", "00112233445566778899aabbccddeeff" },
        { "$.protections[0].ruled", "null" },
        { "$.protections[0].more_legs", "0" },
        { "$.protections[0].legs[0].asset", "3" },
        { "$.protections[0].legs[0].rows[1]", "58" },
        { "$.protections[0].legs[0].versions[1]", "VMware vSphere 4.1" },
        { "$.protections[0].legs[0].installation_of", "backup-server" },
        { "$.protections[0].legs[0].class", "null" },
        { "$.protections[0].legs[0].conditions[2].id", "R12" },
        { "$.protections[0].legs[0].conditions[2].value", "VMware ESXi 6.5.0" },
        { "$.protections[0].legs[0].conditions[2].read", "2025-11-24T15:58:59Z" },
        { "$.protections[0].legs[0].conditions[1].asset", "null" },
        { "$.protections[0].legs[0].conditions[0].state", "met" },
        { "$.protections[0].legs[0].missing", "os.build" },
        { "$.protections[0].legs[0].first_product", "mabs-v3" },
        { "$.protections[0].facts", "[]" },
    };

    (void)state;
    assert_int_equal(MUSTER("explain", "2", "--format", "json"), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(json(rows[i].path), rows[i].value);
    assert_int_equal(MUSTER("explain", "2", "--format", "csv"), 0);
    assert_said(ran.out, "method,server,product,workload,version,");
}

static void an_attested_footnote_says_by_whom(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "1"), 0);
    assert_said(ran.out, "R16       attested: It is in Dynamic mode.");
    assert_said(ran.out, "by the host team until 2026-05-28: ticket 9");
    assert_int_equal(MUSTER("explain", "1", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].legs[0].conditions[0].attested_who"), "the host team");
    assert_string_equal(json("$.protections[0].legs[0].conditions[0].attested_until"), "2026-05-28T20:26:40Z");
}

static void a_leg_that_names_no_asset_is_about_the_protected_one(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "1", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].legs[0].asset"), "1");
    assert_string_equal(json("$.protections[0].legs[0].name"), "web01");
    assert_string_equal(json("$.protections[0].legs[0].kind"), "machine");
}

static void a_fact_of_the_asset_has_its_value_and_its_age(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "1"), 0);
    assert_said(ran.out, "vm.clustered of web01 is yes, read ");
    assert_int_equal(MUSTER("explain", "1", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].facts[0].attribute"), "vm.clustered");
    assert_string_equal(json("$.protections[0].facts[0].value"), "0");
    assert_string_equal(json("$.protections[0].facts[0].read"), "2025-11-24T15:58:59Z");
}

static void what_decided_stands_before_what_is_met(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "2"), 0);
    assert_true(strstr(ran.out, "R12 ") < strstr(ran.out, "R13 "));
    assert_true(strstr(ran.out, "R13 ") < strstr(ran.out, "R22 "));
}

static void of_several_of_a_name_the_one_with_verdicts_is_meant(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "twin"), 64);
    assert_said(ran.err, "several assets");
    stock_run(&stock, "DELETE FROM guard WHERE asset = 5");
    assert_int_equal(MUSTER("explain", "twin"), 0);
    assert_said(ran.out, "twin (vm, asset 4)");
    stock_run(&stock, "DELETE FROM guard");
    assert_int_equal(MUSTER("explain", "twin"), 64);
}

static void legs_that_are_not_kept_are_told(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "2"), 0);
    assert_null(strstr(ran.out, "others were asked"));
    stock_run(&stock, "UPDATE judgement SET detail = json_set(detail, '$.more_legs', 240) WHERE id IN (SELECT "
                      "judgement FROM guard WHERE asset = 2)");
    assert_int_equal(MUSTER("explain", "2"), 0);
    assert_said(ran.out, "240 others were asked, none of which is worse than the first");
    assert_int_equal(MUSTER("explain", "2", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].more_legs"), "240");
    stock_run(&stock, "UPDATE judgement SET detail = json_remove(detail, '$.more_legs') WHERE id IN (SELECT judgement "
                      "FROM guard WHERE asset = 2)");
}

static void what_counts_stands_first(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "1"), 0);
    assert_true(strstr(ran.out, "agent by mabs01") < strstr(ran.out, "image by mabs01"));
    assert_said(ran.out, "yes: the backup server's database shows this method");
    assert_said(ran.out, "no: the backup server's database shows another");
}

static void where_nothing_is_judged_it_says_why(void **state)
{
    (void)state;
    stock_run(&stock, "DELETE FROM guard");
    assert_int_equal(MUSTER("explain", "1"), 0);
    assert_said(ran.out, "no backup server is known");
    stock_run(&stock, "DELETE FROM meta WHERE name = 'judging_done_at'");
    assert_int_equal(MUSTER("explain", "1"), 0);
    assert_said(ran.out, "still to judge");
}

static void hostile_sentences_reach_no_terminal(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "8"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_null(strstr(ran.out, "gpj\n2"));
    assert_said(ran.out, "\\x1B[31m");
    assert_int_equal(MUSTER("explain", "8", "--format", "json"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_string_equal(json("$.protections[0].legs[0].conditions[0].text"), STOCK_HOSTILE);
}

static void an_unknown_asset_is_a_matter_of_usage(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("explain", "db02"), 64);
    assert_said(ran.err, "db01");
    assert_int_equal(MUSTER("explain", "twin"), 64);
    assert_int_equal(MUSTER("explain"), 64);
    assert_string_equal(ran.out, "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_tells_the_chain_of_reasons_in_words, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(what_decides_for_others_names_them, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(of_many_the_first_are_named_and_the_rest_is_counted, desk_open_judged,
                                        desk_close),
        cmocka_unit_test_setup_teardown(the_version_that_ends_may_be_that_of_a_host, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(a_step_to_what_is_not_supported_for_long_says_so, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(a_ruling_is_told_beside_the_published_verdict, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(its_json_is_whole, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(an_attested_footnote_says_by_whom, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(a_leg_that_names_no_asset_is_about_the_protected_one, desk_open_judged,
                                        desk_close),
        cmocka_unit_test_setup_teardown(a_fact_of_the_asset_has_its_value_and_its_age, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(what_decided_stands_before_what_is_met, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(of_several_of_a_name_the_one_with_verdicts_is_meant, desk_open_judged,
                                        desk_close),
        cmocka_unit_test_setup_teardown(legs_that_are_not_kept_are_told, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(what_counts_stands_first, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(where_nothing_is_judged_it_says_why, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(hostile_sentences_reach_no_terminal, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(an_unknown_asset_is_a_matter_of_usage, desk_open_judged, desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
