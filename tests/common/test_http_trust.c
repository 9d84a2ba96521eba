/* Whom plugins/common/http.c trusts, and by which way it goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http.h"
#include "https_server.h"
#include "trip.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* ---------------------------------------------------------------------------------------------- certificates ---- */

static void a_certificate_is_refused(const char *server, const char *reason)
{
    char fact[32];

    snprintf(fact, sizeof fact, "fingerprint.%s", server);
    assert_fails("/steal", ERR_PROTOCOL, reason);
    assert_has(trip.err.text, "its certificate is refused");
    assert_has(trip.err.text, https_server_fact(fact));
    assert_string_equal(trip.reply.fingerprint, https_server_fact(fact));
    assert_has(trip.err.text, "127.0.0.1:");
}

static void a_certificate_that_is_not_to_be_trusted_is_refused_with_its_reason(void **state)
{
    (void)state;
    set_out("good");
    trip.settings.ca_file = NULL;
    a_certificate_is_refused("good", "unable to get local issuer certificate");
    assert_has(trip.err.text, "of /CN=good by /CN=middle for 127.0.0.1 localhost from 20");
    assert_has(trip.err.text, "give its CA as ca_file, or");
    set_out("expired");
    a_certificate_is_refused("expired", "certificate has expired");
    set_out("misnamed");
    a_certificate_is_refused("misnamed",
                             "no alternative certificate subject name matches target host name '127.0.0.1'");
    assert_has(trip.err.text, "for vc01.example 192.0.2.1");
    set_out("selfsigned");
    a_certificate_is_refused("selfsigned", "self-signed certificate");
    nobody_was_asked();
}

static void any_certificate_of_the_chain_may_be_in_the_file(void **state)
{
    static const char *const files[] = { "file.root", "file.middle", "file.good" };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        set_out("good");
        trip.settings.ca_file = https_server_fact(files[i]);
        assert_got("/status/200", "status 200");
    }
    set_out("selfsigned");
    trip.settings.ca_file = https_server_fact("file.selfsigned");
    assert_got("/status/200", "status 200");
    set_out("misnamed");
    trip.settings.ca_file = https_server_fact("file.misnamed");
    a_certificate_is_refused("misnamed", "no alternative certificate subject name");
}

static void a_fingerprint_decides_alone(void **state)
{
    static const char *const servers[] = { "good", "expired", "misnamed", "selfsigned" };

    (void)state;
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
        char fact[32];

        set_out(servers[i]);
        snprintf(fact, sizeof fact, "fingerprint.%s", servers[i]);
        trip.settings.ca_file = NULL;
        trip.settings.fingerprint = https_server_fact(fact);
        assert_got("/status/200", "status 200");
        assert_string_equal(trip.reply.fingerprint, https_server_fact(fact));
    }
    set_out("good");
    trip.settings.fingerprint = https_server_fact("fingerprint.other");
    a_certificate_is_refused("good", "application verification failure");
    assert_has(trip.err.text, "it is not the one of the option fingerprint");
    nobody_was_asked();
}

/* Each connection is verified by its own server's rules, also where others were made before. */
static void what_one_server_is_trusted_with_another_is_not(void **state)
{
    struct http *first;

    (void)state;
    set_out("good");
    assert_got("/status/200", "status 200");
    first = trip.http;
    trip.http = NULL;
    set_out("good");
    trip.settings.ca_file = NULL;
    a_certificate_is_refused("good", "unable to get local issuer certificate");
    set_out("other");
    trip.settings.ca_file = https_server_fact("file.selfsigned");
    a_certificate_is_refused("other", "unable to get local issuer certificate");
    http_destroy(first);
}

static void strip(const char *fingerprint, char plain[65])
{
    size_t length = 0;

    for (; *fingerprint != '\0'; fingerprint++)
        if (*fingerprint != ':')
            plain[length++] = (char)tolower((unsigned char)*fingerprint);
    plain[length] = '\0';
}

static void fingerprints_are_written_with_colons_or_without(void **state)
{
    char plain[65];

    (void)state;
    strip(https_server_fact("fingerprint.good"), plain);
    set_out("good");
    trip.settings.fingerprint = plain;
    assert_got("/status/200", "status 200");
}

/* ---------------------------------------------------------------------------------------------------- proxies ---- */

static void a_proxy_is_asked_where_one_is_given(void **state)
{
    (void)state;
    set_out("good");
    use_proxy("port.proxy");
    assert_got("/status/200", "status 200");
    assert_got("/status/201", "status 201");
    set_out("selfsigned");
    use_proxy("port.proxy");
    a_certificate_is_refused("selfsigned", "self-signed certificate");
}

static void a_proxys_refusal_is_told_as_such(void **state)
{
    (void)state;
    set_out("good");
    use_proxy("port.proxy403");
    assert_fails("/echo", ERR_UNREACHABLE, "does not connect there: it answers 403;");
    assert_has(trip.err.text, trip.proxy);
    set_out("good");
    use_proxy("port.proxy407");
    assert_fails("/echo", ERR_UNREACHABLE, "it answers 407, and asks for a login");
    set_out("good");
    use_proxy("port.closed");
    assert_fails("/echo", ERR_UNREACHABLE, "(by the proxy http://127.0.0.1:");
}

static void the_environments_proxies_are_not_looked_at(void **state)
{
    char proxy[64];

    (void)state;
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%s", https_server_fact("port.proxy403"));
    setenv("https_proxy", proxy, 1);
    setenv("ALL_PROXY", proxy, 1);
    set_out("good");
    assert_got("/status/200", "status 200");
    setenv("no_proxy", "127.0.0.1", 1);
    set_out("good");
    use_proxy("port.proxy403");
    assert_fails("/echo", ERR_UNREACHABLE, "answers 403");
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
    unsetenv("no_proxy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_that_is_not_to_be_trusted_is_refused_with_its_reason),
        cmocka_unit_test(any_certificate_of_the_chain_may_be_in_the_file),
        cmocka_unit_test(a_fingerprint_decides_alone),
        cmocka_unit_test(what_one_server_is_trusted_with_another_is_not),
        cmocka_unit_test(fingerprints_are_written_with_colons_or_without),
        cmocka_unit_test(a_proxy_is_asked_where_one_is_given),
        cmocka_unit_test(a_proxys_refusal_is_told_as_such),
        cmocka_unit_test(the_environments_proxies_are_not_looked_at),
    };
    return cmocka_run_group_tests(tests, trips_begin, trips_end);
}
