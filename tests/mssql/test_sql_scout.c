/* Looking at a computer's instances: what answers, what is silent, what lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "far_end.h"
#include "peer_test.h"
#include "sql_scout.h"

#include <stdio.h>
#include <string.h>

#define LONG_MS 60000 /* for what comes */
#define SHORT_MS 300  /* for what does not */

static struct far_end *far;
static struct sql_scout scout;
static struct sql_scout_settings settings;
static struct err err;
static struct far_certificate certificate;

static unsigned char build_2008[64], build_2012[64], build_2019[64]; /* replies to PRELOGIN, of one size */
static size_t prelogin_size_of;
static char browser_text[8192];
static unsigned char browser_bytes[8192];

static int set_up(void **state)
{
    (void)state;
    far = far_end_open();
    settings = (struct sql_scout_settings){ .host = far_end_host(far), .browser_ms = LONG_MS, .port_ms = LONG_MS };
    browser_text[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    far_end_close(far);
    return 0;
}

static int listens(int port, enum far_manner manner, const void *bytes, size_t size)
{
    const struct far_port door = {
        .port = port, .manner = manner, .bytes = bytes, .size = size, .certificate = &certificate
    };

    return far_end_listen(far, &door);
}

static int answers(int port, const unsigned char *reply)
{
    return listens(port, FAR_ANSWERS, reply, prelogin_size_of);
}

static void name(const char *instance, int port)
{
    size_t at = strlen(browser_text);

    snprintf(browser_text + at, sizeof browser_text - at,
             "ServerName;EVIL;InstanceName;%s;IsClustered;%s;Version;11.0.2100.60", instance,
             strcmp(instance, "FCI") == 0 ? "Yes" : "No");
    at = strlen(browser_text);
    if (port != 0)
        snprintf(browser_text + at, sizeof browser_text - at, ";tcp;%d;;", port);
    else
        snprintf(browser_text + at, sizeof browser_text - at, ";np;\\\\EVIL\\pipe\\sql;;");
}

static void browse_with(struct far_browser browser)
{
    browser.bytes = browser_bytes;
    browser.size = far_end_reply(browser_bytes, browser_text);
    far_end_browse(far, &browser);
}

static void browse(void)
{
    browse_with((struct far_browser){ 0 });
}

static void look(void)
{
    err = ERR_EMPTY;
    if (!sql_scout(&scout, &settings, &err))
        fail_msg("%s", err.text);
    assert_string_equal(scout.address, far_end_host(far));
}

static void look_in_vain(enum err_class class, const char *why)
{
    err = ERR_EMPTY;
    assert_false(sql_scout(&scout, &settings, &err));
    if (err.class != class || strstr(err.text, why) == NULL)
        fail_msg("%s: %s", err_class_word(err.class), err.text);
}

static const struct sql_scout_instance *at_port(int port)
{
    for (size_t i = 0; i < scout.count; i++)
        if (scout.instances[i].port == port)
            return &scout.instances[i];
    fail_msg("nothing is told of port %d", port);
    return NULL;
}

static void assert_seen(int port, const char *instance, const char *build)
{
    const struct sql_scout_instance *seen = at_port(port);

    if (!seen->seen)
        fail_msg("%s", seen->why.text);
    assert_string_equal(seen->name, instance);
    assert_int_equal(seen->by_browser, instance[0] != '\0');
    assert_string_equal(seen->prelogin.build, build);
    assert_int_equal(seen->why.class, ERR_NONE);
}

static void assert_unseen(int port, enum err_class class, const char *why)
{
    const struct sql_scout_instance *seen = at_port(port);

    assert_false(seen->seen);
    if (seen->why.class != class || strstr(seen->why.text, why) == NULL)
        fail_msg("port %d: %s: %s", port, err_class_word(seen->why.class), seen->why.text);
    assert_non_null(strstr(seen->why.text, far_end_host(far)));
}

/* ---------------------------------------------------------------------------------------------------- finding ---- */

static void three_instances_of_three_versions_are_found(void **state)
{
    int sales = answers(0, build_2008), fci = answers(0, build_2019);

    (void)state;
    answers(1433, build_2012);
    name("SALES", sales);
    name("FCI", fci);
    name("MSSQLSERVER", 1433);
    browse();
    look();
    assert_true(scout.browser);
    assert_int_equal(scout.count, 3);
    assert_int_equal(scout.left_out, 0);
    assert_seen(sales, "SALES", "10.0.6000");
    assert_seen(fci, "FCI", "15.0.2000");
    assert_seen(1433, "MSSQLSERVER", "11.0.7001");
    assert_int_equal(scout.instances[0].port, 1433);
    assert_true(scout.instances[1].port < scout.instances[2].port);
    assert_true(at_port(fci)->clustered);
    assert_false(at_port(sales)->clustered);
    assert_string_equal(at_port(sales)->browser_version, "11.0.2100.60");
    assert_int_equal(at_port(fci)->prelogin.encryption, PRELOGIN_REQUIRED);
    assert_false(at_port(fci)->strict);
    assert_int_equal(far_end_asked(far), 1);
    assert_int_equal(far_end_accepted(far), 3);
}

static void without_a_browser_the_usual_port_is_found(void **state)
{
    (void)state;
    answers(1433, build_2012);
    look();
    assert_false(scout.browser);
    assert_int_equal(scout.count, 1);
    assert_seen(1433, "", "11.0.7001");
    assert_int_equal(scout.browser_why.class, ERR_UNREACHABLE);
    assert_non_null(strstr(scout.browser_why.text, "Connection refused"));
    assert_string_equal(scout.instances[0].browser_version, "");
}

static void a_browser_that_is_silent_is_no_loss_for_the_usual_port(void **state)
{
    (void)state;
    answers(1433, build_2012);
    far_end_browse(far, &(struct far_browser){ 0 });
    settings.browser_ms = SHORT_MS;
    look();
    assert_seen(1433, "", "11.0.7001");
    assert_int_equal(scout.browser_why.class, ERR_TIMEOUT);
    assert_int_equal(far_end_asked(far), 2);
}

static void a_datagram_may_be_lost(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    name("SALES", port);
    browse_with((struct far_browser){ .lost = 1 });
    settings.browser_ms = 2000;
    look();
    assert_seen(port, "SALES", "11.0.7001");
    assert_int_equal(far_end_asked(far), 2);
}

static void a_cluster_answers_from_another_address(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    name("FCI", port);
    browse_with((struct far_browser){ .other_address = true });
    look();
    assert_seen(port, "FCI", "11.0.7001");
}

static void nobody_answers_from_another_port(void **state)
{
    (void)state;
    answers(1433, build_2012);
    name("FORGED", answers(0, build_2019));
    browse_with((struct far_browser){ .other_port = true });
    settings.browser_ms = SHORT_MS;
    look();
    assert_false(scout.browser);
    assert_int_equal(scout.count, 1);
    assert_int_equal(scout.browser_why.class, ERR_PROTOCOL);
    assert_non_null(strstr(scout.browser_why.text, "from another port"));
}

static void rubbish_before_the_answer_is_passed_over(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    name("SALES", port);
    browse_with((struct far_browser){ .rubbish = "\x05\xff\xff", .rubbish_size = 3 });
    look();
    assert_seen(port, "SALES", "11.0.7001");
}

static void an_instance_that_the_browser_hides_is_found_at_the_usual_port(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    answers(1433, build_2019);
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scout.count, 2);
    assert_seen(1433, "", "15.0.2000");
    assert_seen(port, "SALES", "11.0.7001");
}

static void the_usual_port_is_no_instance_where_nothing_is_there(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scout.count, 1);
    assert_seen(port, "SALES", "11.0.7001");
}

/* Waiting for that port alone would take longer than this test may. */
static void a_usual_port_that_is_silent_and_not_named_is_not_waited_for(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    listens(1433, FAR_SILENT, NULL, 0);
    name("SALES", port);
    browse();
    settings.browser_ms = 1000;
    settings.port_ms = 1000000;
    look();
    assert_int_equal(scout.count, 1);
}

static void all_is_found_over_ipv6_too(void **state)
{
    int port;

    (void)state;
    far_end_close(far);
    far = far_end_open_six();
    if (far == NULL)
        skip();
    settings.host = "::1";
    port = answers(0, build_2012);
    name("SALES", port);
    browse();
    look();
    assert_seen(port, "SALES", "11.0.7001");
}

/* ------------------------------------------------------------------------------------------------- what is wanted ----
 */

static void one_instance_can_be_wanted(void **state)
{
    int sales = answers(0, build_2008), other = answers(0, build_2019);

    (void)state;
    answers(1433, build_2012);
    name("SALES", sales);
    name("OTHER", other);
    browse();
    settings.instance = "sales";
    look();
    assert_int_equal(scout.count, 1);
    assert_seen(sales, "SALES", "10.0.6000");
    assert_int_equal(far_end_accepted(far), 1);
}

static void an_instance_that_is_not_named_is_told(void **state)
{
    (void)state;
    answers(1433, build_2012);
    name("SALES", answers(0, build_2008));
    browse();
    settings.instance = "x\"; DROP";
    look_in_vain(ERR_UNREACHABLE, "names no instance x\"; DROP");
}

static void without_a_browser_no_instance_can_be_found_by_its_name(void **state)
{
    (void)state;
    answers(1433, build_2012);
    settings.instance = "SALES";
    look_in_vain(ERR_UNREACHABLE,
                 "instance SALES cannot be found; start SQL Server Browser and open UDP 1434, or set port");
    assert_int_equal(far_end_accepted(far), 0);
}

static void the_default_instance_is_at_the_usual_port_unless_the_browser_knows_better(void **state)
{
    int elsewhere = answers(0, build_2019);

    (void)state;
    answers(1433, build_2012);
    settings.instance = "mssqlserver";
    look();
    assert_int_equal(scout.count, 1);
    assert_seen(1433, "", "11.0.7001");
    name("SALES", 1433);
    name("MSSQLSERVER", elsewhere);
    browse();
    look();
    assert_int_equal(scout.count, 1);
    assert_seen(elsewhere, "MSSQLSERVER", "15.0.2000");
}

static void a_port_that_is_set_is_all_that_is_looked_at(void **state)
{
    (void)state;
    answers(1433, build_2012);
    settings.port = answers(0, build_2019);
    name("SALES", 1433);
    browse();
    look();
    assert_int_equal(scout.count, 1);
    assert_seen(settings.port, "", "15.0.2000");
    assert_int_equal(far_end_asked(far), 0);
    assert_int_equal(far_end_accepted(far), 1);
    assert_non_null(strstr(scout.browser_why.text, "is not asked"));
}

/* ---------------------------------------------------------------------------------------------- what is not well ----
 */

static void an_instance_that_does_not_answer_is_one_all_the_same(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    name("GONE", 1);
    name("NO_TCP", 0);
    name("THERE", port);
    browse();
    look();
    assert_int_equal(scout.count, 3);
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
        { FAR_CLOSES, NULL, 0, ERR_PROTOCOL, "takes no TLS before it either" },
        { FAR_RESETS, NULL, 0, ERR_PROTOCOL, "closed the connection at PRELOGIN (Connection reset by peer)" },
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    char instance[16];
    int ports[ROWS], good = answers(0, build_2012);

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        ports[i] = listens(0, rows[i].manner, rows[i].bytes, rows[i].size);
        snprintf(instance, sizeof instance, "BAD%zu", i);
        name(instance, ports[i]);
    }
    name("GOOD", good);
    browse();
    settings.port_ms = SHORT_MS;
    look();
    assert_int_equal(scout.count, ROWS + 1);
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
    name("LAST", answers(1433, build_2012));
    browse();
    settings.port_ms = 1000;
    settings.left_ms = ten_seconds;
    look();
    assert_int_equal(scout.count, SSRP_MAX_INSTANCES);
    assert_seen(1433, "LAST", "11.0.7001");
    for (size_t i = 1; i < scout.count; i++)
        assert_non_null(strstr(scout.instances[i].why.text, "within 1000 ms"));
}

static void one_that_wants_tls_first_is_told_with_its_build(void **state)
{
    struct far_port door = { .manner = FAR_STRICT, .bytes = build_2019, .certificate = &certificate, .alerts = true };
    int port = listens(0, FAR_STRICT, build_2019, prelogin_size_of), other;

    (void)state;
    door.size = prelogin_size_of;
    other = far_end_listen(far, &door);
    name("STRICT", port);
    name("LOUD", other);
    browse();
    look();
    assert_seen(port, "STRICT", "15.0.2000");
    assert_seen(other, "LOUD", "15.0.2000");
    assert_true(at_port(port)->strict && at_port(other)->strict);
    assert_int_equal(far_end_accepted(far), 4);
}

static void lies_of_the_browser_are_counted(void **state)
{
    int port = answers(0, build_2012);

    (void)state;
    strcpy(browser_text, "ServerName;S;InstanceName;ZERO;IsClustered;No;Version;11.0;tcp;0;;"
                         "ServerName;S;InstanceName;MANY;IsClustered;No;Version;11.0;tcp;70000;;"
                         "ServerName;S;InstanceName;A\x1b[2J;IsClustered;No;Version;11.0;tcp;1433;;");
    name("SALES", port);
    browse();
    look();
    assert_int_equal(scout.count, 1);
    assert_int_equal(scout.left_out, 3);
}

static void nothing_there_is_told_with_both_reasons(void **state)
{
    (void)state;
    look_in_vain(ERR_UNREACHABLE, "port 1433 of 127.");
    assert_non_null(strstr(err.text, "Connection refused; SQL Server Browser of 127."));
    assert_int_equal(scout.count, 1);
    assert_false(sql_scout(&scout, &settings, NULL));
}

static void a_silent_computer_is_a_timeout(void **state)
{
    (void)state;
    listens(1433, FAR_SILENT, NULL, 0);
    far_end_browse(far, &(struct far_browser){ 0 });
    settings.browser_ms = settings.port_ms = SHORT_MS;
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
    far_end_browse(far, &(struct far_browser){ 0 });
    settings.left_ms = hardly_any;
    look_in_vain(ERR_TIMEOUT, "no whole answer to PRELOGIN within");
}

static void a_name_that_nobody_knows_is_told(void **state)
{
    (void)state;
    settings.host = "no-such-host.invalid";
    look_in_vain(ERR_UNREACHABLE, "no-such-host.invalid has no address");
}

static void a_port_that_is_set_is_blamed_by_itself(void **state)
{
    (void)state;
    settings.port = listens(0, FAR_CLOSES, NULL, 0);
    look_in_vain(ERR_PROTOCOL, "closed the connection at PRELOGIN");
    assert_null(strstr(err.text, "Browser"));
}

static const char *missing(void)
{
    struct far_end *tried = far_end_open();

    if (tried == NULL)
        return "UDP 1434 and TCP 1433 cannot be bound here: run it as root, or by unshare -rn";
    far_end_close(tried);
    return NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_instances_of_three_versions_are_found),
        TEST(without_a_browser_the_usual_port_is_found),
        TEST(a_browser_that_is_silent_is_no_loss_for_the_usual_port),
        TEST(a_datagram_may_be_lost),
        TEST(a_cluster_answers_from_another_address),
        TEST(nobody_answers_from_another_port),
        TEST(rubbish_before_the_answer_is_passed_over),
        TEST(an_instance_that_the_browser_hides_is_found_at_the_usual_port),
        TEST(the_usual_port_is_no_instance_where_nothing_is_there),
        TEST(a_usual_port_that_is_silent_and_not_named_is_not_waited_for),
        TEST(all_is_found_over_ipv6_too),
        TEST(one_instance_can_be_wanted),
        TEST(an_instance_that_is_not_named_is_told),
        TEST(without_a_browser_no_instance_can_be_found_by_its_name),
        TEST(the_default_instance_is_at_the_usual_port_unless_the_browser_knows_better),
        TEST(a_port_that_is_set_is_all_that_is_looked_at),
        TEST(an_instance_that_does_not_answer_is_one_all_the_same),
        TEST(a_port_that_does_it_badly_costs_itself_alone),
        TEST(those_that_are_silent_are_waited_for_together),
        TEST(one_that_wants_tls_first_is_told_with_its_build),
        TEST(lies_of_the_browser_are_counted),
        TEST(nothing_there_is_told_with_both_reasons),
        TEST(a_silent_computer_is_a_timeout),
        TEST(when_the_time_is_over_it_ends),
        TEST(a_name_that_nobody_knows_is_told),
        TEST(a_port_that_is_set_is_blamed_by_itself),
    };
    const char *why = missing();
    int failed;

    if (why != NULL)
        return peer_absent(why);
    far_end_prelogin(build_2008, 10, 0, 6000, PRELOGIN_OFF);
    far_end_prelogin(build_2012, 11, 0, 7001, PRELOGIN_OFF);
    prelogin_size_of = far_end_prelogin(build_2019, 15, 0, 2000, PRELOGIN_REQUIRED);
    far_certificate_make(&certificate, "sql01", "DNS:sql01", 10, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    far_certificate_finish(&certificate);
    return failed;
}
