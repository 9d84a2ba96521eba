/* The commands that read the database, run as a user runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

#include <stdio.h>
#include <string.h>

static void the_list_shows_the_fleet(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory"), 0);
    assert_said(ran.out, "ID  KIND       NAME");
    assert_said(ran.out, "Windows Server 2016");
    assert_said(ran.out, "inside, vc01");
    assert_null(strchr(ran.out, '\033'));
    assert_null(strstr(ran.out, "\n2"));
    assert_string_equal(ran.err, "");
}

static void the_list_is_the_same_in_json_and_csv(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory", "--format", "json", "--kind", "machine"), 0);
    assert_string_equal(json("$[0].name"), "web01");
    assert_string_equal(json("$[0].sources[1]"), "vc01");
    assert_string_equal(json("$[0].seen"), "2025-11-24T15:58:59Z");
    assert_string_equal(json("$[0].gone"), "null");
    assert_string_equal(json("$[1]"), "null");
    assert_int_equal(MUSTER("list", "--inventory", "--format=csv", "--gone"), 0);
    assert_said(ran.out, "id,kind,name,system,sources,seen,state,gone\r\n6,vm,old,");
}

static void hostile_names_reach_no_terminal_and_no_spreadsheet(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory", "--name", "=cmd*"), 0);
    assert_said(ran.out, "=cmd|'/c calc'!A1\\x1B[31m");
    assert_int_equal(MUSTER("list", "--inventory", "--name", "=cmd*", "--format", "csv"), 0);
    assert_said(ran.out, "\"'=cmd");
    assert_int_equal(MUSTER("list", "--inventory", "--name", "=cmd*", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), STOCK_HOSTILE);
    assert_null(strchr(ran.out, '\033'));
    assert_int_equal(MUSTER("show", "8"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_int_equal(MUSTER("show", STOCK_HOSTILE "x"), 64);
    assert_null(strchr(ran.err, '\033'));
}

static void an_empty_list_says_so(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory", "--name", "nothing"), 0);
    assert_string_equal(ran.out, "No asset is like that.\n");
    assert_int_equal(MUSTER("list", "--inventory", "--kind", "vapp", "--format", "json"), 0);
    assert_string_equal(ran.out, "[]\n");
}

static void a_misspelt_filter_is_no_empty_list(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory", "--kind", "vmm"), 64);
    assert_said(ran.err, "did you mean vm?");
    assert_int_equal(MUSTER("list", "--inventory", "--target", "vc1"), 64);
    assert_said(ran.err, "did you mean vc01?");
    assert_int_equal(MUSTER("list", "--inventory", "--tag", "prd"), 64);
    assert_said(ran.err, "did you mean prod?");
    assert_int_equal(MUSTER("list", "--inventory", "--limit", "-1"), 64);
    assert_int_equal(MUSTER("list", "--inventory", "--limit", "many"), 64);
    assert_string_equal(ran.out, "");
}

static void a_limited_list_says_that_there_is_more(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("list", "--inventory", "--limit", "3"), 0);
    assert_string_equal(ran.err, "... and 4 more\n");
}

static void the_summary_counts_and_names_what_needs_a_look(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary"), 0);
    assert_said(ran.out, "assets            7");
    assert_said(ran.out, "the password was refused");
    assert_said(ran.out, "inside");
    assert_int_equal(MUSTER("summary", "--format", "json"), 0);
    assert_string_equal(json("$.totals.targets_failing"), "1");
    assert_string_equal(json("$.totals.removals_held"), "12");
    assert_string_equal(json("$.totals.credentials_held"), "1");
    assert_string_equal(json("$.kinds[0].assets"), "4");
    assert_string_equal(json("$.targets[2].name"), "vc01");
    assert_string_equal(json("$.credentials[0].state"), "held");
}

/* It was scanned in time and did not fail; what it lacks would else be told nowhere. */
static void a_target_that_was_seen_in_part_needs_a_look_and_tells_its_first_warning(void **state)
{
    (void)state;
    stock_run(&stock, "UPDATE target SET result = 'partial', max_age_ms = 4e12 WHERE name = 'vc01';"
                      "INSERT INTO warning (target, number, text) VALUES (1, 1, 'its certificate is refused'),"
                      " (1, 2, 'another'), (2, 1, 'of before it was denied')");
    assert_int_equal(MUSTER("summary"), 0);
    assert_said(ran.out, "FIRST WARNING");
    assert_said(ran.out, "its certificate is refused");
    assert_null(strstr(ran.out, "another"));
    assert_null(strstr(ran.out, "of before it was denied"));
    assert_int_equal(MUSTER("summary", "--by", "target", "--format", "json"), 0);
    assert_string_equal(json("$[2].warning"), "its certificate is refused");
    assert_string_equal(json("$[0].warning"), "null");
    stock_run(&stock, "UPDATE target SET result = 'complete' WHERE name = 'vc01'");
    assert_int_equal(MUSTER("summary"), 0);
    assert_null(strstr(ran.out, "its certificate is refused"));
    assert_int_equal(MUSTER("summary", "--by", "target"), 0);
    assert_said(ran.out, "its certificate is refused");
    stock_run(&stock, "UPDATE target SET result = 'partial', message = 'the credential was refused' "
                      "WHERE name = 'vc01'");
    assert_int_equal(MUSTER("summary", "--by", "target"), 0);
    assert_null(strstr(ran.out, "its certificate is refused"));
    assert_said(ran.out, "the credential was refused");
}

static void the_summary_takes_one_table_alone(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("summary", "--by", "kind", "--format", "csv"), 0);
    assert_said(ran.out, "kind,assets\r\nvm,4\r\n");
    assert_int_equal(MUSTER("summary", "--by", "target", "--format", "json"), 0);
    assert_string_equal(json("$[0].name"), "hv01");
    assert_int_equal(MUSTER("summary", "--by", "colour"), 64);
    assert_said(ran.err, "kind, target, key, cause, owner, site or server");
}

static void show_tells_everything(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("show", "WEB01"), 0);
    assert_said(ran.out, "8GiB");
    assert_said(ran.out, "it is switched off");
    assert_said(ran.out, "id.uuid as vm guid-1 of vc01");
    assert_said(ran.out, "runs_on ->");
    assert_said(ran.out, "<- part_of");
    assert_int_equal(MUSTER("show", "1", "--format", "json"), 0);
    assert_string_equal(json("$.asset.name"), "web01");
    assert_string_equal(json("$.items[1].joined"), "id.uuid as vm guid-1 of vc01");
    assert_string_equal(json("$.facts[2].value"), "8589934592");
    assert_string_equal(json("$.facts[0].unread"), "it is switched off");
    assert_string_equal(json("$.relations[0].relation"), "runs_on");
    assert_string_equal(json("$.relations[0].direction"), "out");
    assert_int_equal(MUSTER("show", "1", "--format", "csv"), 0);
    assert_said(ran.out, "attribute,value,item,sources,read,unread\r\nguest.fqdn,web01.example,1,vc01,");
}

static void show_of_an_ambiguous_or_unknown_name_lists_candidates(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("show", "twin"), 64);
    assert_said(ran.err, "several assets");
    assert_said(ran.err, " 4  vm    twin");
    assert_said(ran.err, " 5  vm    TWIN");
    assert_string_equal(ran.out, "");
    assert_int_equal(MUSTER("show", "esx01"), 64);
    assert_said(ran.err, "esx01.example");
    assert_int_equal(MUSTER("show", "qqqqqqqq"), 64);
    assert_said(ran.err, "muster list");
    assert_int_equal(MUSTER("show"), 64);
    assert_int_equal(MUSTER("show", "1", "2"), 64);
}

static void show_of_a_merged_asset_shows_its_heir(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("show", "7"), 0);
    assert_said(ran.err, "asset 7 has become part of asset 1");
    assert_said(ran.out, "web01");
}

static void history_tells_the_drift(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("history"), 0);
    assert_said(ran.out, "vm.state: running -> off");
    assert_int_equal(MUSTER("history", "db01", "--format", "json"), 0);
    assert_string_equal(json("$[0].what"), "moved");
    assert_string_equal(json("$[0].detail.from"), "esx02");
    assert_string_equal(json("$[0].words"), "from esx02 to esx01");
    assert_string_equal(json("$[0].at"), "2025-11-24T15:43:20Z");
    assert_int_equal(MUSTER("history", "--limit", "1"), 0);
    assert_said(ran.err, "--limit 0 shows all");
    assert_int_equal(MUSTER("history", "--since", "2025-11-24T15:59:00Z"), 0);
    assert_string_equal(ran.out, "Nothing has changed.\n");
    assert_int_equal(MUSTER("history", "--since", "2025-11-24"), 0);
    assert_said(ran.out, "accepted");
    assert_int_equal(MUSTER("history", "--since", "yesterday"), 64);
    assert_said(ran.err, "2026-11-22");
    assert_int_equal(MUSTER("history", "--since", "2025-13-24"), 64);
}

/* Names of users and targets, and what a configuration's problems quote, are as hostile as any. */
static const char actions[] =
    "INSERT INTO action (at, uid, name, what, subject, before, after, result, message) VALUES"
    " (1764000000000, 0, 'root', 'accept', 'vc01', '2 removals waited: both', 'let through: 2 items gone', 'done', ''),"
    " (1764003600000, NULL, 'system', 'reload', '/etc/m.conf', '1 target', '1 target', 'refused',"
    " 'm.conf:3: \033[31m' || CAST(X'FF' AS TEXT) || char(8238)),"
    " (1764007200000, 1000, '=cmd|''/c calc''!A1' || char(27), 'accept', '<b>', 'a', 'b', 'done', '')";

static void the_log_tells_who_did_what(void **state)
{
    (void)state;
    assert_int_equal(MUSTER("log"), 0);
    assert_string_equal(ran.out, "Nobody has done anything.\n");
    stock_run(&stock, actions);
    assert_int_equal(MUSTER("log"), 0);
    assert_said(ran.out, "let through: 2 items gone");
    assert_int_equal(MUSTER("log", "--format", "json"), 0);
    assert_string_equal(json("$[2].name"), "root");
    assert_string_equal(json("$[2].uid"), "0");
    assert_string_equal(json("$[2].at"), "2025-11-24T16:00:00Z");
    assert_string_equal(json("$[2].subject"), "vc01");
    assert_string_equal(json("$[2].before"), "2 removals waited: both");
    assert_string_equal(json("$[1].name"), "system");
    assert_string_equal(json("$[1].uid"), "null");
    assert_string_equal(json("$[1].result"), "refused");
    assert_int_equal(MUSTER("log", "--since", "2025-11-24T16:30:00Z", "--limit", "1", "--format", "json"), 0);
    assert_string_equal(json("$[0].subject"), "<b>");
    assert_string_equal(json("$[1]"), "null");
    assert_said(ran.err, "--limit 0 shows all");
    assert_int_equal(MUSTER("log", "--since", "yesterday"), 64);
    assert_said(ran.err, "2026-11-22");
    assert_int_equal(MUSTER("log", "web01"), 64);
}

static void the_log_lets_nothing_hostile_through(void **state)
{
    (void)state;
    stock_run(&stock, actions);
    assert_int_equal(MUSTER("log"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_null(strchr(ran.out, '\xff'));
    assert_said(ran.out, "m.conf:3: \\x1B[31m\\xFF\\u202E");
    assert_int_equal(MUSTER("log", "--format", "csv"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_said(ran.out, "'=cmd");
    assert_int_equal(MUSTER("log", "--format", "json"), 0);
    assert_null(strchr(ran.out, '\033'));
    assert_string_equal(json("$[0].subject"), "<b>");
}

static void they_answer_while_no_daemon_runs(void **state)
{
    (void)state;
    stock_close(&stock);
    assert_int_equal(MUSTER("list", "--inventory"), 0);
    assert_int_equal(MUSTER("summary"), 0);
    assert_int_equal(MUSTER("show", "1"), 0);
    assert_int_equal(MUSTER("history"), 0);
    assert_int_equal(MUSTER("log"), 0);
}

static void a_database_that_is_not_there_is_said(void **state)
{
    static const char *const commands[] = { "list", "summary", "history", "log" };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *const words[] = { commands[i], "--database", "/none/x.db", "--control", "/none", NULL };

        assert_int_equal(desk_ask(words), 1);
        assert_said(ran.err, "there is no database /none/x.db");
        assert_string_equal(ran.out, "");
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_list_shows_the_fleet, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(the_list_is_the_same_in_json_and_csv, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(hostile_names_reach_no_terminal_and_no_spreadsheet, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(an_empty_list_says_so, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(a_misspelt_filter_is_no_empty_list, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(a_limited_list_says_that_there_is_more, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(the_summary_counts_and_names_what_needs_a_look, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(a_target_that_was_seen_in_part_needs_a_look_and_tells_its_first_warning,
                                        desk_open, desk_close),
        cmocka_unit_test_setup_teardown(the_summary_takes_one_table_alone, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(show_tells_everything, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(show_of_an_ambiguous_or_unknown_name_lists_candidates, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(show_of_a_merged_asset_shows_its_heir, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(history_tells_the_drift, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(the_log_tells_who_did_what, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(the_log_lets_nothing_hostile_through, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(they_answer_while_no_daemon_runs, desk_open, desk_close),
        cmocka_unit_test_setup_teardown(a_database_that_is_not_there_is_said, desk_open, desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
