/* Instances that refuse, are closed, are silent, lie or break off: what a scan makes of them, and that it never takes
 * what it could not read for what is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql_site.h"
#include "sqlpeer.h"

#include <stdio.h>
#include <string.h>

#define HOST(name, net) "{\"name\": \"" name "\", \"names\": [\"" name ".corp.example\"], \"address\": \"@." net "\", "

/* clang-format off */
static const char fleet[] =
    "{\"hosts\": ["
    HOST("three", "11") "\"instances\": [{\"name\": \"A\", \"version\": \"2016\"}, {\"name\": \"B\", \"version\": \"2012 SP2\"},"
    "  {\"name\": \"C\", \"version\": \"2022\"}]},"
    HOST("quiet", "12") "\"browser\": false, \"instances\": [{\"port\": 1433, \"version\": \"2016 SP1\"},"
    "  {\"name\": \"HIDDEN\", \"version\": \"2019\"}]},"
    HOST("pipes", "13") "\"instances\": [{\"name\": \"PIPES\", \"version\": \"2016\", \"tcp\": false}]},"
    HOST("mixed", "14") "\"instances\": [{\"name\": \"CLEAR\", \"version\": \"2008 SP3\", \"encryption\": \"not_supported\"},"
    "  {\"name\": \"FINE\", \"version\": \"2016\"}, {\"name\": \"STALE\", \"version\": \"2016\", \"certificate\": \"expired\"},"
    "  {\"name\": \"STRICT\", \"version\": \"2022\", \"encryption\": \"strict\"}]},"
    HOST("aged", "15") "\"instances\": [{\"name\": \"AGED\", \"version\": \"2008 SP3\", \"tls\": \"1.0\"}]},"
    HOST("own", "16") "\"instances\": [{\"version\": \"2012 SP2\", \"edition\": \"enterprise\","
    "  \"databases\": [\"Sales\", \"Web\"]}]}],"
    "\"groups\": [{\"name\": \"AG\", \"replicas\": [\"OWN\", \"OTHER\"], \"databases\": [\"Sales\"]}]}";
/* clang-format on */

static int set_up(void **state)
{
    (void)state;
    sql_site_begin(fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sql_site_end();
    return 0;
}

static const struct item *instance(const char *key)
{
    return sql_site_item("sql_instance", key);
}

/* ------------------------------------------------------------------------------------------------------- login ---- */

static void the_first_refusal_ends_all_logins(void **state)
{
    static const char *const keys[][2] = { { "three.corp.example\\A", "13.0.1601" },
                                           { "three.corp.example\\B", "11.0.5058" },
                                           { "three.corp.example\\C", "16.0.1000" } };

    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("three", "password", "wrong", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(sql_site_count("three", "refused"), 1);
    assert_int_equal(sql_site_count("three", "logins"), 1);
    sql_site_says(mock_refused(sql_site.mock), "18456");
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, NULL), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(item_text(instance(keys[i][0]), "sql.build"), keys[i][1]);
        assert_string_equal(item_text(instance(keys[i][0]), "sql.build_source"), "prelogin");
        assert_non_null(sql_site_unread(instance(keys[i][0]), "sql.edition"));
    }
}

static void each_kind_of_refusal_is_one(void **state)
{
    static const char *const states[] = { "locked", "expired", "must change", "disabled" };

    (void)state;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        for (size_t j = 0; j < 3; j++)
            peer_tell(sql_site.peer, "login-state\tthree/%c\tscan\t%s", 'A' + (char)j, states[i]);
        peer_tell(sql_site.peer, "reset");
        sql_site_aim("three", NULL);
        assert_true(mock_scan(sql_site.mock));
        assert_non_null(mock_refused(sql_site.mock));
        assert_int_equal(sql_site_count("three", "refused"), 1);
    }
    for (size_t j = 0; j < 3; j++)
        peer_tell(sql_site.peer, "login-state\tthree/%c\tscan\tgood", 'A' + (char)j);
}

static void without_a_driver_nobody_logs_in_and_the_builds_are_known(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("three", "driver", "Nobody's", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_null(mock_refused(sql_site.mock));
    assert_int_equal(sql_site_count("three", "logins"), 0);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 3);
    assert_string_equal(item_text(instance("three.corp.example\\A"), "sql.build"), "13.0.1601");
    sql_site_says(sql_site_unread(instance("three.corp.example\\A"), "sql.edition"), "Nobody's");
    sql_site_says(sql_site_unread(instance("three.corp.example\\C"), "sql.edition"), "Nobody's");
    assert_true(sql_site_warned("nobody can log in"));
}

static void without_an_account_nobody_logs_in_and_nobody_is_refused(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("three", "username", "", "password", "", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_null(mock_refused(sql_site.mock));
    assert_int_equal(sql_site_count("three", "logins") + sql_site_count("three", "refused"), 0);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 3);
    sql_site_says(sql_site_unread(instance("three.corp.example\\A"), "sql.level"), "no account");
    assert_string_equal(item_text(instance("three.corp.example\\A"), "sql.tls"), "TLSv1.2");
    assert_string_equal(item_text(instance("three.corp.example\\A"), "id.fqdn"), "three.corp.example");
    assert_int_equal(sql_site_truth(instance("three.corp.example\\A"), "sql.clustered"), 0);
}

/* ---------------------------------------------------------------------------------------------------- discovery ----
 */

static void a_silent_browser_leaves_the_instance_at_1433(void **state)
{
    (void)state;
    sql_site_aim("quiet", "browser_timeout", "200ms", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 1);
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 4);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_true(sql_site_warned("only port 1433 was looked at"));
}

static void a_port_that_is_given_needs_no_browser(void **state)
{
    char port[16];

    (void)state;
    snprintf(port, sizeof port, "%d", (int)peer_fact_number(sql_site.peer, "hosts.quiet.instances.HIDDEN"));
    sql_site_aim("quiet", "port", port, "instance", "HIDDEN", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    assert_string_equal(item_text(instance("quiet.corp.example\\HIDDEN"), "sql.instance"), "HIDDEN");
}

static void a_name_that_no_login_tells_is_asked_for(void **state)
{
    char port[16];

    (void)state;
    snprintf(port, sizeof port, "%d", (int)peer_fact_number(sql_site.peer, "hosts.quiet.instances.HIDDEN"));
    sql_site_aim("quiet", "port", port, NULL);
    assert_false(mock_check(sql_site.mock));
    sql_site_aim("quiet", "port", "1433", NULL);
    assert_true(mock_check(sql_site.mock));
    sql_site_aim("quiet", "port", port, "instance", "HIDDEN", "username", "", "password", "", NULL);
    assert_true(mock_scan(sql_site.mock));
    instance("quiet.corp.example\\HIDDEN");
}

static void one_that_calls_itself_otherwise_is_left_out(void **state)
{
    char port[16];

    (void)state;
    snprintf(port, sizeof port, "%d", (int)peer_fact_number(sql_site.peer, "hosts.quiet.instances.HIDDEN"));
    sql_site_aim("quiet", "port", port, "instance", "ERP", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_item_count(sql_site.mock, NULL), 0);
    assert_true(sql_site_warned("it calls itself HIDDEN"));
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
}

static void one_without_tcp_is_recorded_as_the_browser_has_it(void **state)
{
    const struct item *item;

    (void)state;
    sql_site_aim("pipes", NULL);
    assert_true(mock_scan(sql_site.mock));
    item = instance("pipes.corp.example\\PIPES");
    assert_string_equal(item_text(item, "sql.build_source"), "browser");
    sql_site_says(sql_site_unread(item, "sql.edition"), "enable TCP/IP");
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
}

static void nobody_there_fails_the_scan(void **state)
{
    (void)state;
    sql_site_aim("127.0.0.99", "browser_timeout", "100ms", "connect_timeout", "500ms", NULL);
    assert_false(mock_scan(sql_site.mock));
    assert_int_not_equal(mock_failure(sql_site.mock)->class, ERR_DENIED);
    assert_int_equal(mock_item_count(sql_site.mock, NULL), 0);
}

/* --------------------------------------------------------------------------------------------------------- TLS ---- */

static void what_may_not_be_logged_into_does_not_hinder_the_others(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("mixed", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_null(mock_refused(sql_site.mock));
    assert_false(mock_untried(sql_site.mock));
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 4);
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 4);
    assert_string_equal(item_text(instance("mixed.corp.example\\FINE"), "sql.build_source"), "login");
    sql_site_says(sql_site_unread(instance("mixed.corp.example\\CLEAR"), "sql.edition"), "clear text");
    assert_string_equal(item_text(instance("mixed.corp.example\\CLEAR"), "sql.encryption"), "not_supported");
    sql_site_says(sql_site_unread(instance("mixed.corp.example\\STALE"), "sql.edition"), "expired");
    assert_string_equal(item_text(instance("mixed.corp.example\\STRICT"), "sql.encryption"), "strict");
    assert_non_null(sql_site_unread(instance("mixed.corp.example\\STRICT"), "sql.edition"));
    assert_int_equal(sql_site_count("mixed", "logins"), 1);
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
}

static void another_ca_lets_nobody_log_in(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "set\tthree\tcertificate\tstranger");
    peer_tell(sql_site.peer, "reset");
    sql_site_aim("three", NULL);
    assert_true(mock_scan(sql_site.mock));
    peer_tell(sql_site.peer, "set\tthree\tcertificate\t-");
    assert_int_equal(sql_site_count("three", "logins") + sql_site_count("three", "refused"), 0);
    assert_int_equal(mock_item_count(sql_site.mock, NULL), 3);
    assert_non_null(sql_site_unread(instance("three.corp.example\\A"), "sql.edition"));
    assert_true(mock_untried(sql_site.mock));
}

static void tls_1_0_is_only_taken_where_it_is_allowed_and_always_said(void **state)
{
    (void)state;
    sql_site_aim("aged", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 0);
    sql_site_says(sql_site_unread(instance("aged.corp.example\\AGED"), "sql.edition"), "allow_tls_1_0");
    sql_site_aim("aged", "allow_tls_1_0", "true", NULL);
    assert_true(mock_scan(sql_site.mock));
    assert_int_equal(mock_item_count(sql_site.mock, "database"), 4);
    sql_site_says(item_text(instance("aged.corp.example\\AGED"), "sql.tls"), "TLSv1");
    assert_true(sql_site_warned("TLS 1.2"));
}

/* ------------------------------------------------------------------------------------------------------- tricks ----
 */

static bool is_covered(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->unread_count; i++) {
        const char *prefix = item->unread[i].prefix;
        size_t length = strlen(prefix);

        if (strcmp(prefix, name) == 0 || (prefix[length - 1] == '.' && strncmp(prefix, name, length) == 0))
            return true;
    }
    return false;
}

/* What is known from outside, too, is what a browser says. */
static bool may_differ(const char *name, const char *trick)
{
    return strcmp(name, "sql.build") == 0 || strcmp(name, "sql.build_source") == 0 ||
           (strcmp(name, "sql.port") == 0 && strncmp(trick, "browser-", 8) == 0);
}

/* What an honest scan told is told, or is unread. */
static void compare(const struct item *honest, const struct item *seen, const char *trick)
{
    for (size_t i = 0; i < honest->attribute_count; i++) {
        const struct attribute *one = &honest->attributes[i];
        const struct value *other = item_get(seen, one->name);

        if (other == NULL ? !is_covered(seen, one->name)
                          : !value_same(&one->value, other) && !may_differ(one->name, trick))
            fail_msg("%s: %s %s has another %s, and nothing says so", trick, seen->kind, seen->key, one->name);
    }
}

static void compare_all(const struct mock *honest, const char *trick)
{
    for (size_t i = 0; i < mock_item_count(honest, NULL); i++) {
        const struct item *one = mock_item_at(honest, i), *other = mock_item(sql_site.mock, one->kind, one->key);

        if (other != NULL)
            compare(one, other, trick);
        else if (mock_completeness(sql_site.mock) == COMPLETE)
            fail_msg("%s: %s %s is not there, and the scan says that it is complete", trick, one->kind, one->key);
    }
}

static void play(const struct mock *honest, const char *trick)
{
    peer_tell(sql_site.peer, "trick\town\t%s", trick);
    sql_site_aim("own", "query_timeout", "300ms", "connect_timeout", "700ms", "browser_timeout", "200ms", NULL);
    if (mock_scan(sql_site.mock))
        compare_all(honest, trick);
    else
        assert_true(mock_failure(sql_site.mock)->text[0] != '\0');
    peer_tell(sql_site.peer, "trick\town\thonest");
}

static struct mock *scan_honestly(void)
{
    struct mock *honest;

    sql_site_scan("own");
    assert_int_equal(mock_completeness(sql_site.mock), COMPLETE);
    honest = sql_site.mock;
    sql_site.mock = NULL;
    return honest;
}

static void no_reply_that_breaks_off_is_taken_for_a_whole_one(void **state)
{
    static const char *const tricks[] = {
        "cut",        "dies",    "error-in-rows", "token-past-end",    "strange-token", "strange-type",
        "no-columns", "columns", "garbage:batch", "length-zero:batch", "big-value",     "nulls"
    };
    struct mock *honest = scan_honestly();
    char trick[64];

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        for (int statement = 1; statement <= 13; statement++) {
            snprintf(trick, sizeof trick, "%s@%d", tricks[i], statement);
            play(honest, trick);
        }
    }
    mock_destroy(honest);
}

/* Each by itself, whatever the others then can or can not know. */
static void a_statement_that_fails_alone_takes_nothing_along_unsaid(void **state)
{
    static const char *const statements[] = {
        "IsHadrEnabled",
        "HAS_PERMS_BY_NAME",
        "DEFAULT_DOMAIN",
        "dm_hadr_cluster",
        "FROM sys.databases d ORDER",
        "master_files",
        "GETUTCDATE",
        "backupset bs",
        "availability_groups g",
        "availability_replicas",
        "availability_databases_cluster",
    };
    struct mock *honest = scan_honestly();
    char trick[64];

    (void)state;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        snprintf(trick, sizeof trick, "fails:1222/%s", statements[i]);
        play(honest, trick);
    }
    mock_destroy(honest);
}

static void a_statement_that_hangs_costs_its_time_and_ends_the_session(void **state)
{
    struct mock *honest = scan_honestly();
    char trick[64];

    (void)state;
    for (int statement = 1; statement <= 10; statement += 3) {
        snprintf(trick, sizeof trick, "hangs@%d", statement);
        play(honest, trick);
        assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    }
    mock_destroy(honest);
}

/* Three that hang are more than the deadline allows: what was seen of them is told in time. */
static void before_the_deadline_what_was_seen_is_sent(void **state)
{
    (void)state;
    peer_tell(sql_site.peer, "trick\tthree\thangs");
    sql_site_aim("three", "query_timeout", "60s", NULL);
    mock_deadline(sql_site.mock, 4000);
    assert_true(mock_scan(sql_site.mock));
    peer_tell(sql_site.peer, "trick\tthree\thonest");
    assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
    assert_int_equal(mock_item_count(sql_site.mock, "sql_instance"), 3);
    assert_true(sql_site_warned("no time is left"));
}

static void nothing_before_the_login_does_harm(void **state)
{
    static const char *const tricks[] = {
        "silent",
        "resets",
        "closes",
        "truncated-head",
        "garbage",
        "http",
        "empty",
        "length-less",
        "length-more",
        "length-most",
        "length-seven",
        "length-zero",
        "other-type",
        "no-version",
        "prelogin-huge",
        "prelogin-past-end",
        "prelogin-unended",
        "wrong-instance",
        "strange-encryption",
        "tls-alert",
        "tls-garbage",
        "routes",
        "denied:4060",
        "browser-control",
        "browser-flood",
        "browser-huge",
        "browser-long-name",
        "browser-lower-case",
        "browser-many",
        "browser-name",
        "browser-no-name",
        "browser-no-tcp",
        "browser-nonsense-first",
        "browser-other-host",
        "browser-other-type",
        "browser-port",
        "browser-short",
        "browser-size-less",
        "browser-size-more",
        "browser-size-zero",
        "browser-twice",
        "browser-unfinished",
        "browser-version",
    };
    struct mock *honest = scan_honestly();

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++)
        play(honest, tricks[i]);
    mock_destroy(honest);
}

/* What is told is another's business; that it is recorded within all limits, and the process lives, is ours. */
static void hostile_values_do_no_harm(void **state)
{
    static const char *const tricks[] = {
        "hostile-text", "numbers", "numbers:1", "nulls", "no-rows", "many-rows:5000"
    };

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        peer_tell(sql_site.peer, "trick\town\t%s", tricks[i]);
        sql_site_aim("own", NULL);
        assert_true(mock_scan(sql_site.mock));
        assert_int_equal(mock_completeness(sql_site.mock), PARTIAL);
        peer_tell(sql_site.peer, "trick\town\thonest");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_refusal_ends_all_logins),
        cmocka_unit_test(each_kind_of_refusal_is_one),
        cmocka_unit_test(without_a_driver_nobody_logs_in_and_the_builds_are_known),
        cmocka_unit_test(without_an_account_nobody_logs_in_and_nobody_is_refused),
        cmocka_unit_test(a_silent_browser_leaves_the_instance_at_1433),
        cmocka_unit_test(a_port_that_is_given_needs_no_browser),
        cmocka_unit_test(a_name_that_no_login_tells_is_asked_for),
        cmocka_unit_test(one_that_calls_itself_otherwise_is_left_out),
        cmocka_unit_test(one_without_tcp_is_recorded_as_the_browser_has_it),
        cmocka_unit_test(nobody_there_fails_the_scan),
        cmocka_unit_test(what_may_not_be_logged_into_does_not_hinder_the_others),
        cmocka_unit_test(another_ca_lets_nobody_log_in),
        cmocka_unit_test(tls_1_0_is_only_taken_where_it_is_allowed_and_always_said),
        cmocka_unit_test(no_reply_that_breaks_off_is_taken_for_a_whole_one),
        cmocka_unit_test(a_statement_that_fails_alone_takes_nothing_along_unsaid),
        cmocka_unit_test(a_statement_that_hangs_costs_its_time_and_ends_the_session),
        cmocka_unit_test(before_the_deadline_what_was_seen_is_sent),
        cmocka_unit_test(nothing_before_the_login_does_harm),
        cmocka_unit_test(hostile_values_do_no_harm),
    };

    if (sqlpeer_login_absent() != 0)
        return sqlpeer_login_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
