/* Calls of wsman.c to hosts of each generation of WinRM, as tests/peers/winpeer plays them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session.h"
#include "winpeer.h"

#include <string.h>

static int come_back(void **state)
{
    (void)state;
    session_end();
    return 0;
}

static void each_generation_is_asked_within_its_limits(void **state)
{
    static const struct {
        const char *host;
        int64_t pulls;
    } cases[] = { { "old", 2 }, { "middle", 0 }, { "new", 0 } };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (int transport = SESSION_SEALED; transport <= SESSION_TLS; transport++) {
            session_to(cases[i].host, (enum session_transport)transport);
            assert_true(session_tries_hotfixes());
            assert_int_equal(session.instances, 45);
            assert_string_equal(session.last, "KB40094");
            assert_int_equal(session_count("actions.Identify"), 1);
            assert_int_equal(session_count("actions.Enumerate"), 1);
            assert_int_equal(session_count("actions.Pull"), cases[i].pulls);
            assert_int_equal(session_count("contexts"), 0);
            assert_int_equal(wsman_requests(session.wsman), 2 + cases[i].pulls);
        }
    }
}

static void one_connection_and_one_handshake_do_for_all(void **state)
{
    (void)state;
    for (int transport = SESSION_SEALED; transport <= SESSION_TLS; transport++) {
        session_to("new", (enum session_transport)transport);
        for (int i = 0; i < 20; i++)
            assert_true(session_tries_hotfixes());
        assert_int_equal(session_count("connections"), 1);
        assert_int_equal(session_count("handshakes"), 1);
        assert_int_equal(session_count("attempts"), 1);
        assert_int_equal(session_count("plain"), 0);
        assert_int_equal(wsman_requests(session.wsman), 21);
        assert_string_equal(wsman_login_word(session.wsman), "NTLM");
    }
}

static void identify_tells_the_generation(void **state)
{
    const struct wsman_reply *reply;

    (void)state;
    session_to("middle", SESSION_SEALED);
    session.wsman = wsman_create(&session.settings, NULL);
    assert_true(wsman_identify(session.wsman, &reply, NULL));
    assert_string_equal(reply->version, "OS: 6.1.7601 SP: 1.0 Stack: 2.0");
    assert_true(session_tries_hotfixes());
    assert_int_equal(session_count("actions.Identify"), 1);
}

static void what_is_offered_is_told_without_a_login(void **state)
{
    const char *schemes;

    (void)state;
    session_to("new", SESSION_SEALED);
    session.wsman = wsman_create(&session.settings, NULL);
    assert_true(wsman_offers(session.wsman, &schemes, NULL));
    assert_string_equal(schemes, "Negotiate");
    assert_int_equal(session_count("attempts"), 0);
    session_to("new", SESSION_TLS);
    session.wsman = wsman_create(&session.settings, NULL);
    assert_true(wsman_offers(session.wsman, &schemes, NULL));
    assert_string_equal(schemes, "Negotiate, Basic");
    assert_int_equal(session_count("attempts"), 0);
    assert_int_equal(strlen(wsman_connection(session.wsman)->fingerprint), 95);
    assert_true(session_tries_hotfixes());
}

static void what_is_not_there_is_absent_and_the_rest_stands(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    assert_false(session_tries("root/nowhere", "SELECT Name FROM Msvm_ComputerSystem"));
    session_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "refused a query in root/nowhere");
    assert_int_equal(wsman_fault(session.wsman)->number, 0x8004100E);
    assert_false(session_tries("root/cimv2", "SELECT Name FROM Win32_Nothing"));
    session_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "the class is not there");
    assert_true(session_tries_hotfixes());
    assert_false(wsman_fault(session.wsman)->is);
    assert_int_equal(session_count("handshakes"), 1);
}

static void what_is_denied_is_refused_and_the_rest_stands(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    peer_tell(sessions_peer(), "deny new Win32_Volume");
    assert_false(session_tries("root/cimv2", "SELECT Name FROM Win32_Volume"));
    session_failed(ERR_DENIED, WSMAN_REFUSED, "Remote Enable");
    assert_true(session_tries_hotfixes());
    assert_int_equal(session_count("attempts"), 1);
}

static void a_query_that_is_none_is_broken(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    assert_false(session_tries("root/cimv2", "SELECT <&> FROM \"Win32_Volume"));
    session_failed(ERR_PROTOCOL, WSMAN_BROKEN, "CannotProcessFilter");
}

static void a_class_without_instances_brings_none(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    session_asks("root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering WHERE HotFixID = 'none'");
    assert_int_equal(session.instances, 0);
    assert_int_equal(session_count("contexts"), 0);
}

/* What is left open counts against a limit of 15. */
static void an_enumeration_that_is_left_is_released(void **state)
{
    (void)state;
    for (int transport = SESSION_SEALED; transport <= SESSION_TLS; transport++) {
        for (size_t refuse_at = 1; refuse_at <= 45; refuse_at += 11) {
            session_to("old", (enum session_transport)transport);
            session.refuse_at = refuse_at;
            assert_false(session_tries_hotfixes());
            session_failed(ERR_DENIED, WSMAN_BROKEN, "the taker has enough");
            assert_int_equal(session.instances, refuse_at);
            assert_int_equal(session_count("contexts"), 0);
            session.refuse_at = 0;
            assert_true(session_tries_hotfixes());
            assert_int_equal(session.instances, 45);
            assert_int_equal(session_count("handshakes"), 1);
        }
    }
}

static void a_quota_is_waited_for(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    peer_tell(sessions_peer(), "trick new quota:3@2");
    assert_true(session_tries_hotfixes());
    assert_int_equal(session.instances, 45);
    assert_int_equal(session.pauses, 3);
    assert_int_equal(session.paused_ms, 1000 + 2000 + 4000);
    assert_int_equal(session_count("handshakes"), 1);
}

static void one_that_does_not_pass_is_waited_for_until_the_deadline_only(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    peer_tell(sessions_peer(), "trick new quota@2");
    assert_false(session_tries_hotfixes());
    session_failed(ERR_UNREACHABLE, WSMAN_BROKEN, "QuotaLimit");
    assert_true(session.left_ms > 0);
    assert_true(session.pauses >= 3);
}

static void an_envelope_that_is_refused_is_asked_for_smaller(void **state)
{
    (void)state;
    session_to("new", SESSION_SEALED);
    peer_tell(sessions_peer(), "trick new envelope-small:2");
    assert_true(session_tries_hotfixes());
    assert_int_equal(session.instances, 45);
    assert_int_equal(session_count("actions.Enumerate"), 3);
    session_to("new", SESSION_SEALED);
    peer_tell(sessions_peer(), "trick new envelope-small");
    assert_false(session_tries_hotfixes());
    assert_int_equal(wsman_meaning(session.wsman), WSMAN_BROKEN);
    assert_int_equal(session_count("actions.Enumerate"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, come_back)
        TEST(each_generation_is_asked_within_its_limits),
        TEST(one_connection_and_one_handshake_do_for_all),
        TEST(identify_tells_the_generation),
        TEST(what_is_offered_is_told_without_a_login),
        TEST(what_is_not_there_is_absent_and_the_rest_stands),
        TEST(what_is_denied_is_refused_and_the_rest_stands),
        TEST(a_query_that_is_none_is_broken),
        TEST(a_class_without_instances_brings_none),
        TEST(an_enumeration_that_is_left_is_released),
        TEST(a_quota_is_waited_for),
        TEST(one_that_does_not_pass_is_waited_for_until_the_deadline_only),
        TEST(an_envelope_that_is_refused_is_asked_for_smaller),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    sessions_begin(NULL, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    sessions_end();
    return failed;
}
