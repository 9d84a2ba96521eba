/* The doctor, before servers that are well, and before those that lack something: which step says so, and what to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "far_end.h"
#include "mock.h"
#include "mssql_doctor.h"
#include "mssql_options.h"
#include "sqlpeer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NET "127.%d.%d."
#define STEPS 4 /* of an instance: prelogin, tls, login, and the right of the plugin here */

static struct peer *peer;
static struct mock *mock;
static char net[16]; /* addresses of this process */

/* ------------------------------------------------------------------------------------------------- a plugin of it ----
 */

static void examine(void *context, struct muster *m, const char *label, const struct sql_scout_instance *instance,
                    struct mssql *mssql)
{
    (void)context, (void)instance;
    muster_step(m, "right", mssql != NULL ? MUSTER_STEP_OK : MUSTER_STEP_SKIPPED, label, NULL);
}

static int doctor(struct muster *m)
{
    static const struct mssql_doctor_rights rights = { .examine = examine };
    struct sql_scout_settings aim;
    struct mssql_settings settings;
    struct err err;

    mssql_options_read(&settings, &aim, m);
    return mssql_doctor(m, &settings, &aim, &rights, &err) ? 0 : mssql_options_fail(m, &err);
}

static int scan(struct muster *m)
{
    return muster_fail(m, MUSTER_BUG, "nothing is scanned here");
}

static const struct muster_option options[] = { MSSQL_OPTIONS, { 0 } };
static const char *const kinds[] = { "sql_instance", NULL };
static const struct muster_plugin plugin = {
    .abi = MUSTER_ABI,
    .size = sizeof plugin,
    .option_size = sizeof *options,
    .name = "trial",
    .version = "1",
    .summary = "the doctor alone",
    .options = options,
    .kinds = kinds,
    .scan = scan,
    .doctor = doctor,
};

/* ------------------------------------------------------------------------------------------------------- asking ----
 */

static int tear_down(void **state)
{
    (void)state;
    mock_destroy(mock);
    mock = NULL;
    return 0;
}

static void aim_at(const char *host)
{
    mock_destroy(mock);
    mock = mock_create(&plugin);
    mock_option(mock, "host", host);
    mock_option(mock, "ca_file", peer_fact(peer, "ca_file"));
    peer_tell(peer, "reset");
}

/* number: the last of its address. */
static void aim(int number)
{
    char address[32];

    snprintf(address, sizeof address, "%s%d", net, number);
    aim_at(address);
}

static void with_account(const char *password)
{
    mock_option(mock, "username", peer_fact(peer, "username"));
    mock_option(mock, "password", password);
}

static void with_right_account(void)
{
    with_account(peer_fact(peer, "password"));
}

static void ask(void)
{
    if (!mock_doctor(mock))
        fail_msg("%s", mock_failure(mock)->text);
}

/* The step of that name, of the instance with that number. */
static const struct message_step *step(const char *name, size_t number)
{
    for (size_t i = 0; i < mock_step_count(mock); i++)
        if (strcmp(mock_step_at(mock, i)->name, name) == 0 && number-- == 0)
            return mock_step_at(mock, i);
    fail_msg("there is no step %s", name);
    return NULL;
}

static void assert_step(const char *name, size_t number, int state, const char *detail, const char *remedy)
{
    const struct message_step *told = step(name, number);

    if ((int)told->state != state || strstr(told->detail == NULL ? "" : told->detail, detail) == NULL ||
        strstr(told->remedy == NULL ? "" : told->remedy, remedy) == NULL)
        fail_msg("%s: %d, %s; %s", name, (int)told->state, told->detail == NULL ? "" : told->detail,
                 told->remedy == NULL ? "" : told->remedy);
}

static void assert_skipped(size_t number, const char *const *names)
{
    for (; *names != NULL; names++)
        assert_step(*names, number, MUSTER_STEP_SKIPPED, "", "");
}

/* ------------------------------------------------------------------------------------------------------ what it says
 * ---- */

static void servers_that_are_well_have_no_failing_step(void **state)
{
    (void)state;
    aim(1);
    with_right_account();
    ask();
    assert_int_equal(mock_step_count(mock), 3 + 2 * STEPS);
    assert_step("name", 0, MUSTER_STEP_OK, net, "");
    assert_step("browser", 0, MUSTER_STEP_OK, "MSSQLSERVER (port 1433)", "");
    assert_step("browser", 0, MUSTER_STEP_OK, "SALES (port ", "");
    assert_step("prelogin", 0, MUSTER_STEP_OK, "MSSQLSERVER at port 1433: build 11.0.", "");
    assert_step("prelogin", 1, MUSTER_STEP_OK, "SALES at port ", "");
    for (size_t i = 0; i < 2; i++) {
        assert_step("tls", i, MUSTER_STEP_OK, "TLSv1.2, certificate of /CN=sql", "");
        assert_step("tls", i, MUSTER_STEP_OK, "a trusted CA signed it", "");
        assert_step("login", i, MUSTER_STEP_OK, "logged in by SQL", "");
        assert_step("right", i, MUSTER_STEP_OK, " at port ", "");
    }
    assert_int_equal(sqlpeer_count(peer, "logins"), 2);
}

static void a_credential_that_is_refused_is_tried_once(void **state)
{
    static const char *const later[] = { "login", "right", NULL };

    (void)state;
    aim(1);
    with_account("wrong");
    assert_false(mock_doctor(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_DENIED);
    assert_step("login", 0, MUSTER_STEP_FAILED, "18456", "before further attempts lock the account");
    assert_step("right", 0, MUSTER_STEP_SKIPPED, "", "");
    assert_step("tls", 1, MUSTER_STEP_OK, "TLSv1.2", "");
    assert_skipped(1, later);
    assert_step("login", 1, MUSTER_STEP_SKIPPED, "is not tried again", "");
    assert_int_equal(sqlpeer_count(peer, "refused"), 1);
}

static void without_an_account_nobody_logs_in(void **state)
{
    static const char *const later[] = { "login", "right", NULL };

    (void)state;
    aim(1);
    ask();
    assert_step("tls", 0, MUSTER_STEP_OK, "TLSv1.2", "");
    for (size_t i = 0; i < 2; i++)
        assert_skipped(i, later);
    assert_step("login", 0, MUSTER_STEP_SKIPPED, "there is no account", "");
    assert_int_equal(sqlpeer_count(peer, "logins") + sqlpeer_count(peer, "refused"), 0);
}

static void a_browser_that_is_not_there_is_a_warning_where_an_instance_is(void **state)
{
    (void)state;
    aim(2);
    ask();
    assert_step("browser", 0, MUSTER_STEP_WARNING, "Connection refused", "Start-Service SQLBrowser");
    assert_step("browser", 0, MUSTER_STEP_WARNING, "", "protocol=UDP localport=1434");
    assert_step("prelogin", 0, MUSTER_STEP_OK, "port 1433: build 13.0.", "");
    assert_int_equal(mock_step_count(mock), 3 + STEPS);
}

static void a_port_that_is_set_needs_no_browser(void **state)
{
    (void)state;
    aim(1);
    mock_option(mock, "port", "1433");
    ask();
    assert_step("browser", 0, MUSTER_STEP_SKIPPED, "the option port is set", "");
    assert_step("prelogin", 0, MUSTER_STEP_OK, "port 1433: build 11.0.", "");
    assert_int_equal(mock_step_count(mock), 3 + STEPS);
    assert_int_equal(sqlpeer_count(peer, "browser_all"), 0);
}

static void nothing_at_all_is_told_with_what_to_open(void **state)
{
    static const char *const later[] = { "tls", "login", "right", NULL };

    (void)state;
    aim(99);
    with_right_account();
    ask();
    assert_step("browser", 0, MUSTER_STEP_FAILED, "UDP 1434", "Start-Service SQLBrowser");
    assert_step("prelogin", 0, MUSTER_STEP_FAILED, "Connection refused", "TCP/IP: enable it");
    assert_step("prelogin", 0, MUSTER_STEP_FAILED, "", "protocol=TCP");
    assert_skipped(0, later);
}

static void a_name_that_nobody_knows_ends_it_at_once(void **state)
{
    static const char *const later[] = { "reverse", "browser", "prelogin", "tls", "login", "right", NULL };

    (void)state;
    aim_at("no-such-host.invalid");
    ask();
    assert_step("name", 0, MUSTER_STEP_FAILED, "no-such-host.invalid", "ipconfig /registerdns");
    assert_skipped(0, later);
}

static void tls_1_0_alone_is_told_with_the_update_and_the_option(void **state)
{
    (void)state;
    aim(3);
    with_right_account();
    ask();
    assert_step("tls", 0, MUSTER_STEP_FAILED, "no TLS comes about", "KB3135244");
    assert_step("login", 0, MUSTER_STEP_SKIPPED, "", "");
    assert_int_equal(sqlpeer_count(peer, "logins"), 0);
    aim(3);
    mock_option(mock, "allow_tls_1_0", "true");
    with_right_account();
    ask();
    assert_step("tls", 0, MUSTER_STEP_WARNING, "TLSv1, certificate", "install the update");
    assert_step("login", 0, MUSTER_STEP_OK, "logged in", "");
}

static void a_certificate_that_is_not_trusted_is_told_before_anybody_logs_in(void **state)
{
    (void)state;
    aim(4);
    with_right_account();
    ask();
    assert_step("tls", 0, MUSTER_STEP_FAILED, "SSL_Self_Signed_Fallback", "makes its own at each start");
    assert_step("login", 0, MUSTER_STEP_SKIPPED, "", "");
    assert_int_equal(sqlpeer_count(peer, "logins"), 0);
}

static void one_that_wants_tls_first_is_told_as_such(void **state)
{
    (void)state;
    aim(5);
    ask();
    assert_step("prelogin", 0, MUSTER_STEP_OK, "build 16.0.", "");
    assert_step("prelogin", 0, MUSTER_STEP_OK, "encryption required, TLS before anything else", "");
    assert_step("tls", 0, MUSTER_STEP_OK, "TLSv1.3", "");
}

static void what_is_no_sql_server_is_told(void **state)
{
    static const char page[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    struct far_end *far = far_end_open();
    const struct far_port door = { .manner = FAR_ANSWERS, .bytes = page, .size = sizeof page - 1 };
    char port[8];

    (void)state;
    aim_at(far_end_host(far));
    snprintf(port, sizeof port, "%d", far_end_listen(far, &door));
    mock_option(mock, "port", port);
    ask();
    assert_step("prelogin", 0, MUSTER_STEP_FAILED, "is no SQL Server", "netstat -abno");
    far_end_close(far);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static const char *fleet(void)
{
    static char text[2048];

    snprintf(net, sizeof net, NET, 128 + (getpid() >> 8) % 100, getpid() & 0xff);
    snprintf(
        text, sizeof text,
        "{\"hosts\": ["
        "{\"name\": \"well\", \"address\": \"%s1\", \"instances\": [{\"name\": \"MSSQLSERVER\", \"version\": \"2012 "
        "SP2\", \"port\": 1433}, {\"name\": \"SALES\", \"version\": \"2019\"}]},"
        "{\"name\": \"quiet\", \"address\": \"%s2\", \"browser\": false, \"instances\": [{\"name\": \"MSSQLSERVER\", "
        "\"version\": \"2016\", \"port\": 1433}]},"
        "{\"name\": \"old\", \"address\": \"%s3\", \"instances\": [{\"name\": \"OLD\", \"version\": \"2008 R2\", "
        "\"tls\": \"1.0\"}]},"
        "{\"name\": \"own\", \"address\": \"%s4\", \"instances\": [{\"name\": \"OWN\", \"version\": \"2014\", "
        "\"certificate\": \"selfsigned\"}]},"
        "{\"name\": \"strict\", \"address\": \"%s5\", \"instances\": [{\"name\": \"NEW\", \"version\": \"2022\", "
        "\"encryption\": \"strict\"}]}]}",
        net, net, net, net, net);
    return text;
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(servers_that_are_well_have_no_failing_step),
        TEST(a_credential_that_is_refused_is_tried_once),
        TEST(without_an_account_nobody_logs_in),
        TEST(a_browser_that_is_not_there_is_a_warning_where_an_instance_is),
        TEST(a_port_that_is_set_needs_no_browser),
        TEST(nothing_at_all_is_told_with_what_to_open),
        TEST(a_name_that_nobody_knows_ends_it_at_once),
        TEST(tls_1_0_alone_is_told_with_the_update_and_the_option),
        TEST(a_certificate_that_is_not_trusted_is_told_before_anybody_logs_in),
        TEST(one_that_wants_tls_first_is_told_as_such),
        TEST(what_is_no_sql_server_is_told),
    };
    int failed = sqlpeer_login_absent();
    struct err err;

    if (failed != 0)
        return failed;
    if (!mssql_prepare(&err))
        return peer_absent(err.text);
    peer = sqlpeer_begin("--fleet", fleet(), NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    peer_stop(peer);
    return failed;
}
