/* Looking at a computer's instances: what is silent, what is malformed, what lies. Each costs itself alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scouting.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------------------------------------- what is not well ----
 */

static void an_instance_that_does_not_answer_is_one_all_the_same(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name("GONE", 1);
    name("NO_TCP", 0);
    name("THERE", port);
    browse();
    look();
    assert_int_equal(scouting.scout.count, 3);
    assert_seen(port, "THERE", "11.0.7001");
    assert_unseen(1, ERR_UNREACHABLE, "Connection refused");
    assert_string_equal(at_port(1)->browser_version, "11.0.2100.60");
    assert_unseen(0, ERR_UNREACHABLE, "enable TCP/IP in SQL Server Configuration Manager");
}

static void a_port_that_does_it_badly_costs_itself_alone(void **state)
{
    static const struct {
        enum far_manner manner;
        const char *bytes;
        size_t size;
        enum err_class class;
        const char *why;
    } rows[] = {
        { FAR_SILENT, NULL, 0, ERR_TIMEOUT, "no whole answer to PRELOGIN within" },
        { FAR_ANSWERS, "\x04\x01\x00", 3, ERR_TIMEOUT, "no whole answer" },
        { FAR_ANSWERS, "\x04\x01\x00\x1a\x00\x00\x00\x00\x00", 9, ERR_TIMEOUT, "no whole answer" },
        { FAR_DRIPS, "\x04\x01\x0f\xff\x00\x00\x00\x00", 8, ERR_TIMEOUT, "no whole answer" },
        { FAR_ANSWERS, "\x04\x01\x00\x07\x00\x00\x00\x00", 8, ERR_PROTOCOL, "says that it has 7 bytes" },
        { FAR_ANSWERS, "\x04\x01\xff\xff\x00\x00\x00\x00", 8, ERR_PROTOCOL, "says that it has 65535 bytes" },
        { FAR_ANSWERS, "\x04\x01\x00\x09\x00\x00\x00\x00\xff", 9, ERR_PROTOCOL, "no version" },
        { FAR_ANSWERS, "HTTP/1.1 400 Bad Request\r\n", 26, ERR_PROTOCOL, "is no SQL Server" },
        { FAR_FLOODS, "SSH-2.0-OpenSSH_9.2\r\n", 21, ERR_PROTOCOL, "is no SQL Server" },
        { FAR_CLOSES, NULL, 0, ERR_PROTOCOL, "closed the connection at PRELOGIN" },
        { FAR_CLOSES, NULL, 0, ERR_PROTOCOL, "takes no TLS before it either: no TLS comes about: " },
        { FAR_RESETS, NULL, 0, ERR_PROTOCOL, "closed the connection at PRELOGIN (Connection reset by peer)" },
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    char instance[16];
    int ports[ROWS], good = answers(0, scouting.build_2012);

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        ports[i] = listens(0, rows[i].manner, rows[i].bytes, rows[i].size);
        snprintf(instance, sizeof instance, "BAD%zu", i);
        name(instance, ports[i]);
    }
    name("GOOD", good);
    browse();
    scouting.settings.port_ms = SCOUTING_SHORT_MS;
    look();
    assert_int_equal(scouting.scout.count, ROWS + 1);
    assert_seen(good, "GOOD", "11.0.7001");
    for (size_t i = 0; i < ROWS; i++)
        assert_unseen(ports[i], rows[i].class, rows[i].why);
}

static int64_t ten_seconds(void *context)
{
    (void)context;
    return 10000;
}

/* One after the other they would take more than there is. */
static void those_that_are_silent_are_waited_for_together(void **state)
{
    char instance[16];

    (void)state;
    for (int i = 0; i < SSRP_MAX_INSTANCES - 1; i++) {
        snprintf(instance, sizeof instance, "I%d", i);
        name(instance, listens(0, FAR_SILENT, NULL, 0));
    }
    name("LAST", answers(1433, scouting.build_2012));
    browse();
    scouting.settings.port_ms = 1000;
    scouting.settings.left_ms = ten_seconds;
    look();
    assert_int_equal(scouting.scout.count, SSRP_MAX_INSTANCES);
    assert_seen(1433, "LAST", "11.0.7001");
    for (size_t i = 1; i < scouting.scout.count; i++)
        assert_non_null(strstr(scouting.scout.instances[i].why.text, "within 1000 ms"));
}

static void one_that_wants_tls_first_is_told_with_its_build(void **state)
{
    int ports[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        const struct far_port door = { .manner = FAR_STRICT,
                                       .bytes = scouting.build_2019,
                                       .size = scouting.prelogin_size,
                                       .certificate = &scouting.certificate,
                                       .alerts = i };
        char instance[24];

        ports[i] = far_end_listen(scouting.far, &door);
        snprintf(instance, sizeof instance, "ALERTS%d", i);
        name(instance, ports[i]);
    }
    browse();
    look();
    for (int i = 0; i < 3; i++) {
        char instance[24];

        snprintf(instance, sizeof instance, "ALERTS%d", i);
        assert_seen(ports[i], instance, "15.0.2000");
        assert_true(at_port(ports[i])->strict);
    }
    assert_int_equal(far_end_accepted(scouting.far), 6);
}

static void lies_of_the_browser_are_counted(void **state)
{
    int port = answers(0, scouting.build_2012);

    (void)state;
    name_as("ServerName;S;InstanceName;ZERO;IsClustered;No;Version;11.0;tcp;0;;"
            "ServerName;S;InstanceName;MANY;IsClustered;No;Version;11.0;tcp;70000;;"
            "ServerName;S;InstanceName;A\x1b[2J;IsClustered;No;Version;11.0;tcp;1433;;");
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scouting.scout.count, 1);
    assert_int_equal(scouting.scout.left_out, 3);
}

static void nothing_there_is_told_with_both_reasons(void **state)
{
    (void)state;
    look_in_vain(ERR_UNREACHABLE, "port 1433 of 127.");
    assert_non_null(strstr(scouting.err.text, "Connection refused; SQL Server Browser of 127."));
    assert_non_null(
        strstr(scouting.err.text, "; see that SQL Server runs there with TCP/IP enabled, and that TCP 1433"));
    assert_int_equal(scouting.scout.count, 1);
    assert_false(sql_scout(&scouting.scout, &scouting.settings, NULL));
}

static void a_silent_computer_is_a_timeout(void **state)
{
    (void)state;
    listens(1433, FAR_SILENT, NULL, 0);
    far_end_browse(scouting.far, &(struct far_browser){ 0 });
    scouting.settings.browser_ms = scouting.settings.port_ms = SCOUTING_SHORT_MS;
    look_in_vain(ERR_TIMEOUT, "within 300 ms; SQL Server Browser of");
}

static int64_t hardly_any(void *context)
{
    (void)context;
    return 50;
}

static void when_the_time_is_over_it_ends(void **state)
{
    (void)state;
    listens(1433, FAR_SILENT, NULL, 0);
    far_end_browse(scouting.far, &(struct far_browser){ 0 });
    scouting.settings.left_ms = hardly_any;
    look_in_vain(ERR_TIMEOUT, "no whole answer to PRELOGIN within");
}

static void a_name_that_nobody_knows_is_told(void **state)
{
    (void)state;
    scouting.settings.host = "no-such-host.invalid";
    look_in_vain(ERR_UNREACHABLE, "no-such-host.invalid has no address");
    assert_non_null(strstr(scouting.err.text, "; correct host, or give address"));
}

static void a_port_that_is_set_is_blamed_by_itself(void **state)
{
    (void)state;
    scouting.settings.port = listens(0, FAR_CLOSES, NULL, 0);
    look_in_vain(ERR_PROTOCOL, "closed the connection at PRELOGIN");
    assert_null(strstr(scouting.err.text, "Browser"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCOUTING_TEST(an_instance_that_does_not_answer_is_one_all_the_same),
        SCOUTING_TEST(a_port_that_does_it_badly_costs_itself_alone),
        SCOUTING_TEST(those_that_are_silent_are_waited_for_together),
        SCOUTING_TEST(one_that_wants_tls_first_is_told_with_its_build),
        SCOUTING_TEST(lies_of_the_browser_are_counted),
        SCOUTING_TEST(nothing_there_is_told_with_both_reasons),
        SCOUTING_TEST(a_silent_computer_is_a_timeout),
        SCOUTING_TEST(when_the_time_is_over_it_ends),
        SCOUTING_TEST(a_name_that_nobody_knows_is_told),
        SCOUTING_TEST(a_port_that_is_set_is_blamed_by_itself),
    };
    int absent = scouting_begin(), failed;

    if (absent != 0)
        return absent;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    scouting_end();
    return failed;
}
