#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"
#include "wsman_options.h"

#include <stdio.h>
#include <string.h>

static struct wsman_settings read;
static char host[64], password[64]; /* texts live as long as the callback */
static int64_t left_ms;

static int scan(struct muster *m)
{
    struct err err;

    wsman_options_read(&read, m);
    left_ms = read.http.left_ms(read.http.context);
    snprintf(host, sizeof host, "%s", read.host);
    snprintf(password, sizeof password, "%s", read.password != NULL ? read.password : "");
    return wsman_check(&read, &err) ? 0 : wsman_options_fail(m, &err);
}

static const struct muster_option options[] = { WSMAN_OPTIONS, { 0 } };
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "test", .version = "1", .summary = "options", .options = options, .kinds = kinds, .scan = scan);

static struct mock *mock;

static int set_out(void **state)
{
    (void)state;
    mock = mock_create(muster_plugin_entry());
    mock_option(mock, "host", "hv01.corp.example");
    return 0;
}

static int come_back(void **state)
{
    (void)state;
    mock_destroy(mock);
    return 0;
}

static void assert_scans(void)
{
    if (!mock_scan(mock))
        fail_msg("%s", mock_failure(mock)->text);
}

static void little_has_to_be_said(void **state)
{
    (void)state;
    mock_option(mock, "username", "CORP\\scan");
    mock_option(mock, "password", "secret");
    mock_deadline(mock, 60000);
    assert_scans();
    assert_string_equal(host, "hv01.corp.example");
    assert_int_equal(read.port, 0);
    assert_true(read.tls);
    assert_int_equal(read.auth, WSMAN_NEGOTIATE);
    assert_string_equal(password, "secret");
    assert_null(read.keytab);
    assert_null(read.http.proxy);
    assert_true(left_ms > 0 && left_ms <= 60000);
}

static void each_way_to_log_in_has_its_word(void **state)
{
    static const struct {
        const char *word;
        enum wsman_auth auth;
    } cases[] = {
        { "kerberos", WSMAN_KERBEROS },       { "ntlm", WSMAN_NTLM },
        { "negotiate", WSMAN_NEGOTIATE },     { "basic", WSMAN_BASIC },
        { "certificate", WSMAN_CERTIFICATE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        come_back(NULL);
        set_out(NULL);
        mock_option(mock, "auth", cases[i].word);
        mock_option(mock, "username", "scan");
        mock_option(mock, "password", "secret");
        mock_option(mock, "certificate", "/tmp/scan.pem");
        assert_scans();
        assert_int_equal(read.auth, cases[i].auth);
    }
}

static void whatever_is_said_is_heard(void **state)
{
    (void)state;
    mock_option(mock, "port", "80");
    mock_option(mock, "tls", "false");
    mock_option(mock, "username", "scan@CORP.EXAMPLE");
    mock_option(mock, "keytab", "/etc/muster/scan.keytab");
    mock_option(mock, "cache", "/run/muster/cache");
    mock_option(mock, "key", "/tmp/key.pem");
    mock_option(mock, "ca_file", "/tmp/ca.pem");
    mock_option(mock, "proxy", "http://proxy:3128");
    mock_option(mock, "service_host", "clu.corp.example");
    assert_scans();
    assert_int_equal(read.port, 80);
    assert_false(read.tls);
}

static void what_makes_no_sense_is_a_failure_of_the_configuration(void **state)
{
    (void)state;
    mock_option(mock, "auth", "basic");
    mock_option(mock, "tls", "false");
    mock_option(mock, "username", "scan");
    mock_option(mock, "password", "secret");
    assert_false(mock_scan(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_CONFIG);
    assert_string_equal(mock_failure(mock)->text, "auth: basic goes over TLS only; set tls to true");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_out, come_back)
        TEST(little_has_to_be_said),
        TEST(each_way_to_log_in_has_its_word),
        TEST(whatever_is_said_is_heard),
        TEST(what_makes_no_sense_is_a_failure_of_the_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
