/* The list, the summary and the page of an asset, as far as they are about verdicts, run as a user runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <stdio.h>
#include <string.h>

/* Whatever vc01 sees was seen right now; the program has a clock of its own. */
#define SEE_ALL "UPDATE target SET succeeded_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE id = 1;"

static void the_list_shows_what_counts_the_worst_first(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "ID  NAME ");
    assert_said(ran.out, "vmware-vm VMware vSphere 4.0");
    assert_true(strstr(ran.out, "unsupported") < strstr(ran.out, "unlisted"));
    assert_true(strstr(ran.out, "unlisted") < strstr(ran.out, "conditional"));
    assert_null(strstr(ran.out, "is to be removed"));
    assert_null(strchr(ran.out, '\033'));
    assert_string_equal(ran.err, "");
}

static void of_many_candidates_the_table_tells_the_first_and_programs_are_told_all(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE judgement SET version = 'A or B or C', installation = 'x or y or z or zz' WHERE id = 4");
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "server A or B or C ");
    assert_said(ran.out, "x or 3 others");
    stock_run(&stock, "UPDATE judgement SET version = 'A or B or C or D' WHERE id = 4");
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "server A or 3 others ");
    assert_int_equal(MUSTER("list", "--verdict", "unlisted", "--class", "newer", "--format", "json"), 0);
    assert_string_equal(json("$[0].version"), "A or B or C or D");
    assert_string_equal(json("$[0].installation"), "x or y or z or zz");
}

static void the_list_in_json_has_every_member(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--format", "json", "--name", "db01"), 0);
    assert_string_equal(json("$[0].id"), "2");
    assert_string_equal(json("$[0].kind"), "vm");
    assert_string_equal(json("$[0].verdict"), "unsupported");
    assert_string_equal(json("$[0].class"), "null");
    assert_string_equal(json("$[0].needs"), "act");
    assert_string_equal(json("$[0].workload"), "vmware-vm");
    assert_string_equal(json("$[0].version"), "VMware vSphere 4.0");
    assert_string_equal(json("$[0].product"), "mabs-v2");
    assert_string_equal(json("$[0].cause"), "3");
    assert_string_equal(json("$[0].cause_name"), "esx01.example");
    assert_string_equal(json("$[0].step"), "Upgrade it.");
    assert_string_equal(json("$[0].since"), "2025-11-24T14:00:00Z");
    assert_string_equal(json("$[0].support_end"), "2017-07-14T02:40:00Z");
    assert_string_equal(json("$[0].counts"), "1");
    assert_string_equal(json("$[0].site"), "ant");
    assert_string_equal(json("$[0].owner"), "null");
    assert_string_equal(json("$[1]"), "null");
    assert_int_equal(MUSTER("list", "--format=csv", "--name", "db01"), 0);
    assert_said(ran.out, "id,name,kind,seen,stale,method,server,installation,verdict,class,since,reason,step,");
}

static void filters_narrow_it_down_together(void **state)
{
    static const struct {
        const char *option, *value, *ids;
    } rows[] = {
        { "--verdict", "unlisted", "4 5" },
        { "--class", "act", "2 4" },
        { "--class", "decide", "" /* 5 is ruled */ },
        { "--class", "gap", "5" },
        { "--class", "newer", "4" },
        { "--workload", "vmware-vm", "2" },
        { "--method", "image", "2" },
        { "--server", "mabs02", "4 5" },
        { "--owner", "web team", "1" },
        { "--site", "ant", "2" },
        { "--name", "TW*", "4 5" },
        { "--target", "inside", "1" },
        { "--tag", "test", "1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char ids[64] = "", path[32];

        assert_int_equal(MUSTER("list", rows[i].option, rows[i].value, "--format", "json"), 0);
        for (int at = 0; at < 4; at++) {
            snprintf(path, sizeof path, "$[%d].id", at);
            if (strcmp(json(path), "null") != 0)
                snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", at == 0 ? "" : " ", json(path));
        }
        assert_string_equal(ids, rows[i].ids);
    }
    assert_int_equal(MUSTER("list", "--class", "act", "--verdict", "unlisted", "--format", "json"), 0);
    assert_string_equal(json("$[0].id"), "4");
    assert_string_equal(json("$[1]"), "null");
    assert_int_equal(MUSTER("list", "--all", "--name", "web01", "--format", "json"), 0);
    assert_string_equal(json("$[0].counts"), "0");
    assert_string_equal(json("$[1].counts"), "1");
}

/* need.h and the database say the same of every verdict, fresh or stale, ruled or not. */
static void classes_of_need_are_those_of_the_policy(void **state)
{
    static const char *const needs[] = { "act", "decide", "look" };
    char path[32];
    int seen = 0;

    (void)state;
    stock_run(&stock, SEE_ALL
              "DELETE FROM guard;"
              "CREATE TEMP TABLE v(v); INSERT INTO v VALUES ('supported'), ('deprecated'), ('conditional'),"
              " ('unknown'), ('unlisted'), ('contradictory'), ('unsupported');"
              "CREATE TEMP TABLE c(c); INSERT INTO c VALUES (''), ('gap'), ('level'), ('newer'), ('older'),"
              " ('sku'), ('foreign');"
              "CREATE TEMP TABLE r(r); INSERT INTO r VALUES (NULL), ('yes'), ('no'), ('deprecated');"
              "INSERT INTO judgement (method, server, workload, version, installation, verdict, class, ruled,"
              " counts, by_what, reason, digest, reasoning, detail) SELECT 'agent', v || c, 'server',"
              " '', 'physical', v, c, r, 1, 'any', '', v || c || coalesce(r, ''), 1, '{}' FROM v, c, r"
              " WHERE (v = 'unlisted') = (c <> '');"
              "INSERT INTO guard (asset, judgement, basis, since_at) SELECT a.id, j.id, 1, 1 FROM asset a, judgement j"
              " WHERE a.id IN (1, 9) AND j.server = j.verdict || j.class");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(MUSTER("list", "--class", needs[i], "--format", "json"), 0);
        for (int at = 0;; at++, seen++) {
            snprintf(path, sizeof path, "$[%d].needs", at);
            if (strcmp(json(path), "null") == 0)
                break;
            assert_string_equal(json(path), needs[i]);
        }
    }
    /* All 12 verdicts, ruled in four ways, of both assets; but of the one that is not stale, not the 13 of which the
     * page or the ruling says yes. */
    assert_int_equal(seen, 83);
}

static void a_misspelt_value_is_no_empty_list(void **state)
{
    static const struct {
        const char *option, *value, *said;
    } rows[] = {
        { "--verdict", "suported", "did you mean supported?" },
        { "--class", "actt", "did you mean act?" },
        { "--workload", "hyperv", "there is no workload" },
        { "--method", "agnet", "did you mean agent?" },
        { "--server", "mabs1", "did you mean mabs01?" },
        { "--owner", "web-team", "did you mean web team?" },
        { "--site", "rtn", "did you mean rtm?" },
        { "--target", "vc1", "did you mean vc01?" },
        { "--tag", "prd", "did you mean prod?" },
        { "--verdict", "zzz", "known here: supported, deprecated" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(MUSTER("list", rows[i].option, rows[i].value), 64);
        assert_said(ran.err, rows[i].said);
        assert_string_equal(ran.out, "");
    }
}

static void an_option_of_the_other_list_is_refused_with_the_way_to_it(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--kind", "vm"), 64);
    assert_said(ran.err, "muster list --inventory --kind");
    assert_int_equal(MUSTER("list", "--gone"), 64);
    assert_int_equal(MUSTER("list", "--inventory", "--verdict", "supported"), 64);
    assert_said(ran.err, "leave out --inventory");
}

static void a_limited_list_says_that_there_is_more(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--limit", "2"), 0);
    assert_string_equal(ran.err, "... and 3 more\n");
}

static void where_nothing_is_judged_the_list_says_why_and_what_to_do(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--name", "nobody"), 0);
    assert_string_equal(ran.out, "No protection is like that.\n");
    stock_run(&stock, "DELETE FROM guard");
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "no backup server is known");
    assert_said(ran.out, "backup_servers");
    assert_int_equal(MUSTER("list", "--format", "json"), 0);
    assert_string_equal(ran.out, "[]\n");
    stock_run(&stock, "DELETE FROM meta WHERE name = 'judging_done_at'");
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "still to judge");
    assert_said(ran.out, "muster status");
    assert_int_equal(MUSTER("summary"), 0);
    assert_said(ran.out, "still to judge");
}

static void while_judging_goes_on_the_list_says_so(void **state)
{
    (void)state;
    stock_run(&stock, "INSERT INTO meta VALUES ('judging_next', '5')");
    assert_int_equal(MUSTER("list"), 0);
    assert_said(ran.out, "db01");
    assert_said(ran.err, "judging is not done: 2 assets");
    assert_int_equal(MUSTER("list", "--limit", "1"), 0);
    assert_said(ran.err, "... and 4 more; judging is not done");
}

static void the_summary_begins_with_the_verdicts(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary"), 0);
    assert_memory_equal(ran.out, "VERDICT ", 8);
    assert_said(ran.out, "What needs action");
    assert_said(ran.out, "vmware-vm VMware vSphere 4.0, physical, mabs-v2");
    assert_said(ran.out, "What decides for others:");
    assert_said(ran.out, "excluded by rules  1");
    assert_null(strstr(ran.out, "Windows Server 2012 R2, physical"));
    assert_said(ran.out, "the password was refused");
}

static void the_summary_in_json_has_all_of_it(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.verdicts[0].verdict"), "unsupported");
    assert_string_equal(json("$.verdicts[0].protections"), "1");
    assert_string_equal(json("$.verdicts[0].needs"), "act");
    assert_string_equal(json("$.judging.protections"), "5");
    assert_string_equal(json("$.judging.excluded"), "1");
    assert_string_equal(json("$.judging.waiting"), "0");
    assert_string_equal(json("$.judging.judged"), "2025-11-24T15:59:50Z");
    assert_string_equal(json("$.groups[0].assets"), "1");
    assert_string_equal(json("$.groups[0].name"), "vmware-vm VMware vSphere 4.0, physical, mabs-v2");
    assert_string_equal(json("$.groups[0].step"), "Upgrade it.");
    assert_string_equal(json("$.causes[0].name"), "esx01.example");
    assert_string_equal(json("$.causes[0].asset"), "3");
    assert_string_equal(json("$.totals.assets"), "7");
    assert_string_equal(json("$.kinds[0].kind"), "vm");
}

/* The verdict stays the published one: the ruling is counted beside it. */
static void what_the_organisation_ruled_is_counted_by_itself(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.verdicts[1].class"), "gap");
    assert_string_equal(json("$.verdicts[1].protections"), "1");
    assert_string_equal(json("$.verdicts[1].ruled"), "1");
    assert_string_equal(json("$.verdicts[0].ruled"), "0");
    assert_int_equal(MUSTER("summary"), 0);
    assert_said(ran.out, "RULED");
    stock_run(&stock, "UPDATE judgement SET ruled = NULL");
    assert_int_equal(MUSTER("summary"), 0);
    assert_null(strstr(ran.out, "RULED"));
}

static void a_stale_protection_is_no_supported_one(void **state)
{
    (void)state;
    stock_run(&stock, SEE_ALL);
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.verdicts[4].verdict"), "supported");
    assert_string_equal(json("$.verdicts[4].protections"), "1");
    assert_string_equal(json("$.verdicts[4].stale"), "0");
    assert_int_equal(MUSTER("list", "--class", "look", "--format", "json", "--verdict", "supported"), 0);
    assert_string_equal(ran.out, "[]\n");
    stock_run(&stock, "UPDATE target SET succeeded_at = 1");
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.verdicts[4].verdict"), "supported");
    assert_string_equal(json("$.verdicts[4].protections"), "0");
    assert_string_equal(json("$.verdicts[4].stale"), "1");
    assert_int_equal(MUSTER("list", "--verdict", "supported"), 0);
    assert_said(ran.out, "STALE");
    assert_int_equal(MUSTER("list", "--class", "look", "--format", "json", "--verdict", "supported"), 0);
    assert_string_equal(json("$[0].id"), "1");
    assert_string_equal(json("$[0].stale"), "1");
}

static void the_summary_groups_by_what_it_is_told(void **state)
{
    static const struct {
        const char *by, *name;
    } rows[] = {
        { "key", "vmware-vm VMware vSphere 4.0, physical, mabs-v2" },
        { "cause", "esx01.example" },
        { "site", "ant" },
        { "server", "mabs01" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(MUSTER("summary", "--by", rows[i].by, "--format", "json"), 0);
        assert_string_equal(json("$[0].name"), rows[i].name);
        assert_string_equal(json("$[0].verdict"), "unsupported");
    }
    assert_int_equal(MUSTER("summary", "--by", "owner", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), "null");
}

static void the_page_of_an_asset_has_its_verdicts(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("show", "web01"), 0);
    assert_said(ran.out, "Verdicts (muster explain tells why):");
    assert_said(ran.out, "row 8 says yes");
    assert_int_equal(MUSTER("show", "web01", "--format", "json"), 0);
    assert_string_equal(json("$.protections[0].method"), "agent");
    assert_string_equal(json("$.protections[0].counts"), "1");
    assert_string_equal(json("$.protections[1].verdict"), "unsupported");
    assert_string_equal(json("$.protections[1].cause"), "3");
}

static void hostile_sentences_reach_no_terminal(void **state)
{
    static const char *const commands[] = { "list", "summary" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(MUSTER(commands[i]), 0);
        assert_null(strchr(ran.out, '\033'));
        assert_int_equal(MUSTER(commands[i], "--format", "json"), 0);
        assert_null(strchr(ran.out, '\033'));
        assert_string_not_equal(json("$"), "invalid");
    }
    assert_int_equal(MUSTER("list", "--format", "csv"), 0);
    assert_said(ran.out, ",\"'=cmd");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_list_shows_what_counts_the_worst_first, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(of_many_candidates_the_table_tells_the_first_and_programs_are_told_all,
                                        desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(the_list_in_json_has_every_member, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(filters_narrow_it_down_together, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(classes_of_need_are_those_of_the_policy, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(a_misspelt_value_is_no_empty_list, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(an_option_of_the_other_list_is_refused_with_the_way_to_it, desk_open_judged,
                                        desk_close),
        cmocka_unit_test_setup_teardown(a_limited_list_says_that_there_is_more, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(where_nothing_is_judged_the_list_says_why_and_what_to_do, desk_open_judged,
                                        desk_close),
        cmocka_unit_test_setup_teardown(while_judging_goes_on_the_list_says_so, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(the_summary_begins_with_the_verdicts, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(the_summary_in_json_has_all_of_it, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(what_the_organisation_ruled_is_counted_by_itself, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(a_stale_protection_is_no_supported_one, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(the_summary_groups_by_what_it_is_told, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(the_page_of_an_asset_has_its_verdicts, desk_open_judged, desk_close),
        cmocka_unit_test_setup_teardown(hostile_sentences_reach_no_terminal, desk_open_judged, desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
