/* A scan and the doctor by Kerberos, with a KDC on loopback: a keytab in place of a password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

static struct peer *kdc, *peer;
static struct mock *mock;

static void aim(const char *auth, bool tls)
{
    char port[16];

    mock_destroy(mock);
    mock = mock_create(muster_plugin_entry());
    snprintf(port, sizeof port, "%d", winpeer_port(peer, "fs1", tls));
    mock_option(mock, "host", "localhost");
    mock_option(mock, "port", port);
    mock_option(mock, "tls", tls ? "true" : "false");
    mock_option(mock, "auth", auth);
    mock_option(mock, "username", peer_fact(kdc, "principal"));
    mock_option(mock, "keytab", peer_fact(kdc, "client_keytab"));
    if (tls)
        mock_option(mock, "ca_file", peer_fact(peer, "ca_file"));
    mock_deadline(mock, 60000);
    assert_true(mock_prepare(mock));
}

static void a_keytab_is_enough_for_a_scan(void **state)
{
    static const char *const ways[] = { "kerberos", "negotiate" };

    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        for (size_t i = 0; i < 2; i++) {
            aim(ways[i], tls == 1);
            if (!mock_scan(mock))
                fail_msg("%s: %s", ways[i], mock_failure(mock)->text);
            assert_int_equal(mock_completeness(mock), COMPLETE);
            assert_int_equal(mock_item_count(mock, "machine"), 1);
        }
    }
}

static void the_doctor_says_that_a_ticket_was_had(void **state)
{
    (void)state;
    aim("negotiate", false);
    assert_true(mock_doctor(mock));
    for (size_t i = 0; i < mock_step_count(mock); i++) {
        const struct message_step *step = mock_step_at(mock, i);

        if ((int)step->state != MUSTER_STEP_OK)
            fail_msg("%s: %s", step->name, step->detail == NULL ? "" : step->detail);
        if (strcmp(step->name, "login") == 0)
            assert_non_null(strstr(step->detail, "Kerberos"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_keytab_is_enough_for_a_scan),
        cmocka_unit_test(the_doctor_says_that_a_ticket_was_had),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    if (kdc_absent() != 0)
        return kdc_absent();
    kdc = kdc_begin();
    peer = winpeer_begin("--host", "fs1:2016", "--keytab", peer_fact(kdc, "keytab"), NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    mock_destroy(mock);
    peer_stop(peer);
    peer_stop(kdc);
    return failed;
}
