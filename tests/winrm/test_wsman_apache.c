/* Logins of wsman.c with a server for Negotiate that nobody here wrote: Apache's mod_auth_gssapi, over TLS. It seals
 * nothing: for sealing stand GSSAPI's own acceptor (test_negotiate_*.c), and winpeer, which opens what
 * python3-ntlm-auth seals (tests/peers/test_winpeer_referee.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"
#include "winpeer.h"
#include "wsman.h"

#include <string.h>

static struct peer *apache;

static int64_t left_ms(void *context)
{
    (void)context;
    return 30000;
}

/* What Identify says, or why it does not. */
static bool identify(enum wsman_auth auth, const char *user, const char *password, struct err *err)
{
    const struct wsman_settings settings = {
        .host = "localhost",
        .port = (int)peer_fact_number(apache, "https"),
        .tls = true,
        .auth = auth,
        .user = user,
        .password = password,
        .http = { .ca_file = peer_fact(apache, "ca_file"), .left_ms = left_ms },
    };
    struct wsman *wsman = wsman_create(&settings, err);
    const struct wsman_reply *reply;
    bool good = wsman != NULL && wsman_identify(wsman, &reply, err);

    if (good)
        assert_string_equal(reply->vendor, "Apache");
    wsman_destroy(wsman);
    return good;
}

static void apache_takes_the_login(void **state)
{
    static const struct {
        enum wsman_auth auth;
        const char *user;
    } logins[] = {
        { WSMAN_KERBEROS, "scan@EXAMPLE.TEST" },
        { WSMAN_NEGOTIATE, "scan@EXAMPLE.TEST" },
        { WSMAN_NTLM, "CORP\\scan" },
        { WSMAN_NEGOTIATE, "CORP\\scan" },
    };
    struct err err = ERR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        if (!identify(logins[i].auth, logins[i].user, "right", &err))
            fail_msg("%s: %s", logins[i].user, err.text);
    }
}

static void apache_refuses_a_wrong_password(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_false(identify(WSMAN_NTLM, "CORP\\scan", "wrong", &err));
    assert_int_equal(err.class, ERR_DENIED);
    assert_non_null(strstr(err.text, "HTTP 401"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(apache_takes_the_login),
        cmocka_unit_test(apache_refuses_a_wrong_password),
    };
    int failed, absent = winpeer_absent();

    absent = absent != 0 ? absent : kdc_absent();
    absent = absent != 0 ? absent : apache_absent();
    if (absent != 0)
        return absent;
    if (!http_prepare(NULL) || !negotiate_prepare(NULL))
        return 1;
    realm_start();
    apache = apache_begin("--keytab", realm_keytab(), "--account", "CORP:scan:right", NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    peer_stop(apache);
    realm_stop();
    return failed;
}
