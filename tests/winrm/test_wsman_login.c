/* Logins of wsman.c: one attempt for each credential, every kind of it, and what is said where it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"
#include "visit.h"
#include "winpeer.h"

#include <string.h>

static bool realm; /* there is a KDC */

static int come_back(void **state)
{
    (void)state;
    visit_end();
    return 0;
}

static void log_in_by(enum wsman_auth auth, const char *user, const char *password)
{
    visit.settings.auth = auth;
    visit.settings.user = user;
    visit.settings.password = password;
}

static void assert_logged_in(const char *word, int64_t attempts)
{
    if (!visit_tries_hotfixes())
        fail_msg("%s", visit.err.text);
    assert_int_equal(visit.instances, 45);
    assert_string_equal(wsman_login_word(visit.wsman), word);
    assert_int_equal(visit_count("attempts"), attempts);
    assert_int_equal(visit_count("connections"), 1);
    assert_int_equal(visit_count("plain"), 0);
}

static void basic_goes_over_tls(void **state)
{
    (void)state;
    visit_to("new", VISIT_TLS);
    log_in_by(WSMAN_BASIC, "scan", "right");
    assert_logged_in("Basic", 2); /* it is told with each request */
}

static void a_certificate_is_a_login(void **state)
{
    (void)state;
    visit_to("new", VISIT_TLS);
    log_in_by(WSMAN_CERTIFICATE, NULL, NULL);
    visit.settings.certificate = peer_fact(visits_peer(), "certificate");
    visit.settings.key = peer_fact(visits_peer(), "key");
    assert_logged_in("certificate", 2);
}

static void negotiate_is_ntlm_where_kerberos_cannot_be_had(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    visit.settings.auth = WSMAN_NEGOTIATE;
    assert_logged_in("NTLM", 1);
    assert_non_null(strstr(wsman_login_reason(visit.wsman), "user@REALM"));
}

static void kerberos_seals_too(void **state)
{
    (void)state;
    if (!realm)
        skip();
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        visit_to("new", (enum visit_transport)transport);
        log_in_by(WSMAN_KERBEROS, "scan@EXAMPLE.TEST", "right");
        visit.settings.service_host = "localhost";
        assert_logged_in("Kerberos", 1);
        visit_to("old", (enum visit_transport)transport);
        log_in_by(WSMAN_NEGOTIATE, "scan@EXAMPLE.TEST", "right");
        visit.settings.service_host = "localhost";
        assert_logged_in("Kerberos", 1);
    }
}

static void a_keytab_or_a_cache_will_do(void **state)
{
    (void)state;
    if (!realm)
        skip();
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_NEGOTIATE, NULL, NULL);
    visit.settings.service_host = "localhost";
    visit.settings.keytab = realm_keytab_of("scan@EXAMPLE.TEST");
    assert_logged_in("Kerberos", 1);
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_NEGOTIATE, NULL, NULL);
    visit.settings.service_host = "localhost";
    visit.settings.cache = realm_cache_of("scan@EXAMPLE.TEST", "right");
    assert_logged_in("Kerberos", 1);
}

/* CbtHardeningLevel is Strict there: a login that is not bound to the certificate is refused. */
static void logins_over_tls_are_bound_to_the_certificate(void **state)
{
    static const char *const hosts[] = { "strict", "strict384" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        visit_to(hosts[i], VISIT_TLS);
        assert_true(visit_tries_hotfixes());
        if (!realm)
            continue;
        visit_to(hosts[i], VISIT_TLS);
        log_in_by(WSMAN_KERBEROS, "scan@EXAMPLE.TEST", "right");
        visit.settings.service_host = "localhost";
        assert_true(visit_tries_hotfixes());
    }
}

/* ------------------------------------------------------------------------------------------------- refusals ---- */

static void assert_denied(const char *words, int64_t attempts)
{
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_DENIED, WSMAN_FATAL, words);
    assert_int_equal(visit_count("attempts"), attempts);
    assert_int_equal(visit_count("soap"), 0);
}

static void a_wrong_password_is_tried_once(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_NTLM, "CORP\\scan", "wrong");
    assert_denied("refuses the login of CORP\\scan by NTLM (HTTP 401)", 1);
    visit_to("new", VISIT_TLS);
    log_in_by(WSMAN_NEGOTIATE, "CORP\\scan", "wrong");
    assert_denied("refuses the login of CORP\\scan by NTLM (HTTP 401)", 1);
    visit_to("new", VISIT_TLS);
    log_in_by(WSMAN_BASIC, "scan", "wrong");
    assert_denied("refuses the login of scan by Basic (HTTP 401)", 1);
}

static void a_password_that_the_kdc_refuses_does_not_come_to_the_host(void **state)
{
    (void)state;
    if (!realm)
        skip();
    realm_add("other@EXAMPLE.TEST", "secret");
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_NEGOTIATE, "other@EXAMPLE.TEST", "wrong");
    visit.settings.service_host = "localhost";
    assert_denied("Preauthentication failed", 0);
    assert_int_equal(visit_count("requests"), 0);
    assert_int_equal(realm_failures("other@EXAMPLE.TEST"), 1);
}

/* What is abandoned is released over a connection of its own, whose login may fail: that is nobody's failure. */
static void a_login_that_fails_behind_a_failure_is_passed_over(void **state)
{
    (void)state;
    if (!realm)
        skip();
    visit_to("old", VISIT_SEALED);
    log_in_by(WSMAN_NEGOTIATE, NULL, NULL);
    visit.settings.service_host = "localhost";
    visit.settings.keytab = realm_keytab_of("scan@EXAMPLE.TEST");
    assert_logged_in("Kerberos", 1);
    realm_silence();
    peer_tell(visits_peer(), "trick old fault-huge@2");
    assert_false(visit_tries_hotfixes());
    realm_wake();
    visit_failed(ERR_PROTOCOL, WSMAN_BROKEN, "bytes");
}

static void an_account_that_is_locked_is_denied_for_each_scheme(void **state)
{
    static const struct {
        const char *trick;
        enum wsman_auth auth;
        const char *user, *words;
    } cases[] = {
        { "denied:Negotiate", WSMAN_NTLM, "CORP\\scan", "by NTLM (HTTP 401): check username and password" },
        { "denied:Basic", WSMAN_BASIC, "scan", "by Basic (HTTP 401): check username and password" },
        { "denied", WSMAN_CERTIFICATE, NULL, "by certificate (HTTP 401): map the certificate" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        visit_to("new", VISIT_TLS);
        peer_tell(visits_peer(), "trick new %s", cases[i].trick);
        log_in_by(cases[i].auth, cases[i].user, "right");
        visit.settings.certificate = peer_fact(visits_peer(), "certificate");
        visit.settings.key = peer_fact(visits_peer(), "key");
        assert_denied(cases[i].words, 1);
    }
}

static void clocks_that_are_apart_are_told(void **state)
{
    struct peer *skewed;

    (void)state;
    if (!realm)
        skip();
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_KERBEROS, "scan@EXAMPLE.TEST", "right");
    visit.settings.service_host = "localhost";
    peer_tell(visits_peer(), "trick new denied");
    peer_tell(visits_peer(), "ahead new 3600");
    assert_denied("ahead of that of this machine, and Kerberos allows 300", 1);
    skewed = winpeer_begin("--host", "new:2016", "--clock-skew", "--keytab", realm_keytab(), NULL);
    visit_to("new", VISIT_SEALED);
    log_in_by(WSMAN_KERBEROS, "scan@EXAMPLE.TEST", "right");
    visit.settings.service_host = "localhost";
    visit.settings.port = winpeer_port(skewed, "new", false);
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_PROTOCOL, WSMAN_FATAL, "Clock skew too great; look at the clocks of both sides");
    peer_stop(skewed);
}

static void a_scheme_that_is_switched_off_is_not_the_accounts_fault(void **state)
{
    (void)state;
    visit_to("nobasic", VISIT_TLS);
    log_in_by(WSMAN_BASIC, "scan", "right");
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_UNSUPPORTED, WSMAN_FATAL, "does not offer Basic, but: Negotiate");
}

/* ------------------------------------------------------------------------------------------- lost logins ---- */

static void a_login_that_is_forgotten_is_made_anew_once(void **state)
{
    (void)state;
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        visit_to("old", (enum visit_transport)transport);
        peer_tell(visits_peer(), "trick old login-lost:1@3");
        assert_true(visit_tries_hotfixes());
        assert_int_equal(visit.instances, 45);
        assert_int_equal(visit_count("handshakes"), 2);
    }
}

static void one_that_is_forgotten_for_ever_is_given_up(void **state)
{
    (void)state;
    visit_to("old", VISIT_SEALED);
    peer_tell(visits_peer(), "trick old login-lost@3");
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_DENIED, WSMAN_FATAL, "HTTP 401");
    assert_int_equal(visit_count("handshakes"), 2);
}

static void a_host_that_restarted_between_two_queries_is_asked_again(void **state)
{
    (void)state;
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        visit_to("new", (enum visit_transport)transport);
        assert_true(visit_tries_hotfixes());
        peer_tell(visits_peer(), "reboot new");
        while (visit_count("open") > 0)
            continue;
        assert_true(visit_tries_hotfixes());
        assert_int_equal(visit_count("handshakes"), 2);
    }
}

/* ------------------------------------------------------------------------------------------------- settings ---- */

static void assert_config(const char *words)
{
    struct err err = ERR_EMPTY;

    assert_null(wsman_create(&visit.settings, &err));
    if (strstr(err.text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, err.text);
    assert_int_equal(err.class, ERR_CONFIG);
}

static void settings_that_make_no_sense_are_told(void **state)
{
    static const char *const hosts[] = { "", "http://h", "h:5985/x", "a@b", "h/..", "h?", "h h", "h#" };

    (void)state;
    visit_to("new", VISIT_SEALED);
    visit.settings.auth = WSMAN_BASIC;
    assert_config("auth: basic goes over TLS only");
    visit.settings.auth = WSMAN_CERTIFICATE;
    assert_config("auth: certificate goes over TLS only");
    visit_to("new", VISIT_TLS);
    visit.settings.auth = WSMAN_CERTIFICATE;
    assert_config("the option certificate");
    log_in_by(WSMAN_NTLM, "scan", NULL);
    assert_config("auth: ntlm needs username and password");
    log_in_by(WSMAN_KERBEROS, "CORP\\scan", "right");
    assert_config("user@REALM");
    log_in_by(WSMAN_NEGOTIATE, NULL, NULL);
    assert_config("username and password, a keytab or a cache");
    log_in_by(WSMAN_BASIC, "a:b", "right");
    assert_config("a colon");
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        visit_to("new", VISIT_TLS);
        visit.settings.host = hosts[i];
        assert_config("host: ");
    }
    visit_to("new", VISIT_TLS);
    visit.settings.port = 70000;
    assert_config("port: ");
}

static void a_certificate_that_cannot_be_used_is_told(void **state)
{
    (void)state;
    visit_to("new", VISIT_TLS);
    log_in_by(WSMAN_CERTIFICATE, NULL, NULL);
    visit.settings.certificate = "/dev/null";
    visit.settings.key = "/dev/null";
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_CONFIG, WSMAN_FATAL, "the client's certificate cannot be used");
}

static void a_server_that_is_not_trusted_gets_no_credential(void **state)
{
    static const enum wsman_auth auths[] = { WSMAN_NTLM, WSMAN_BASIC };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        visit_to("new", VISIT_TLS);
        log_in_by(auths[i], "scan", "right");
        visit.settings.http.ca_file = NULL;
        assert_false(visit_tries_hotfixes());
        visit_failed(ERR_PROTOCOL, WSMAN_FATAL, "its certificate is refused");
        assert_int_equal(visit_count("requests"), 0);
    }
}

static void there_is_no_falling_back_from_tls(void **state)
{
    (void)state;
    visit_to("new", VISIT_TLS);
    visit.settings.port = winpeer_port(visits_peer(), "new", false);
    visit.left_ms = 500;
    assert_false(visit_tries_hotfixes());
    assert_int_equal(wsman_meaning(visit.wsman), WSMAN_FATAL);
    assert_int_equal(visit_count("requests"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, come_back)
        TEST(basic_goes_over_tls),
        TEST(a_certificate_is_a_login),
        TEST(negotiate_is_ntlm_where_kerberos_cannot_be_had),
        TEST(kerberos_seals_too),
        TEST(a_keytab_or_a_cache_will_do),
        TEST(logins_over_tls_are_bound_to_the_certificate),
        TEST(a_wrong_password_is_tried_once),
        TEST(a_password_that_the_kdc_refuses_does_not_come_to_the_host),
        TEST(a_login_that_fails_behind_a_failure_is_passed_over),
        TEST(an_account_that_is_locked_is_denied_for_each_scheme),
        TEST(clocks_that_are_apart_are_told),
        TEST(a_scheme_that_is_switched_off_is_not_the_accounts_fault),
        TEST(a_login_that_is_forgotten_is_made_anew_once),
        TEST(one_that_is_forgotten_for_ever_is_given_up),
        TEST(a_host_that_restarted_between_two_queries_is_asked_again),
        TEST(settings_that_make_no_sense_are_told),
        TEST(a_certificate_that_cannot_be_used_is_told),
        TEST(a_server_that_is_not_trusted_gets_no_credential),
        TEST(there_is_no_falling_back_from_tls),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    realm = kdc_absent() == 0;
    if (realm)
        realm_start();
    visits_begin(realm ? "--keytab" : NULL, realm ? realm_keytab() : NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    visits_end();
    if (realm)
        realm_stop();
    return failed;
}
