/* Calls of wsman.c to hosts of each generation of WinRM, as tests/peers/winpeer plays them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "visit.h"
#include "winpeer.h"

#include <string.h>

static int come_back(void **state)
{
    (void)state;
    visit_end();
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
        for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
            visit_to(cases[i].host, (enum visit_transport)transport);
            assert_true(visit_tries_hotfixes());
            assert_int_equal(visit.instances, 45);
            assert_string_equal(visit.last, "KB40094");
            assert_int_equal(visit_count("actions.Identify"), 1);
            assert_int_equal(visit_count("actions.Enumerate"), 1);
            assert_int_equal(visit_count("actions.Pull"), cases[i].pulls);
            assert_int_equal(visit_count("contexts"), 0);
            assert_int_equal(wsman_requests(visit.wsman), 2 + cases[i].pulls);
        }
    }
}

static void one_connection_and_one_handshake_do_for_all(void **state)
{
    (void)state;
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        visit_to("new", (enum visit_transport)transport);
        for (int i = 0; i < 20; i++)
            assert_true(visit_tries_hotfixes());
        assert_int_equal(visit_count("connections"), 1);
        assert_int_equal(visit_count("handshakes"), 1);
        assert_int_equal(visit_count("attempts"), 1);
        assert_int_equal(visit_count("plain"), 0);
        assert_int_equal(wsman_requests(visit.wsman), 21);
        assert_string_equal(wsman_login_word(visit.wsman), "NTLM");
    }
}

static void identify_tells_the_generation(void **state)
{
    const struct wsman_reply *reply;

    (void)state;
    visit_to("middle", VISIT_SEALED);
    visit.wsman = wsman_create(&visit.settings, NULL);
    assert_true(wsman_identify(visit.wsman, &reply, NULL));
    assert_string_equal(reply->version, "OS: 6.1.7601 SP: 1.0 Stack: 2.0");
    assert_true(visit_tries_hotfixes());
    assert_int_equal(visit_count("actions.Identify"), 1);
}

static void what_is_offered_is_told_without_a_login(void **state)
{
    const char *schemes;

    (void)state;
    visit_to("new", VISIT_SEALED);
    visit.wsman = wsman_create(&visit.settings, NULL);
    assert_true(wsman_offers(visit.wsman, &schemes, NULL));
    assert_string_equal(schemes, "Negotiate");
    assert_int_equal(visit_count("attempts"), 0);
    visit_to("new", VISIT_TLS);
    visit.wsman = wsman_create(&visit.settings, NULL);
    assert_true(wsman_offers(visit.wsman, &schemes, NULL));
    assert_string_equal(schemes, "Negotiate, Basic");
    assert_int_equal(visit_count("attempts"), 0);
    assert_int_equal(strlen(wsman_connection(visit.wsman)->fingerprint), 95);
    assert_true(visit_tries_hotfixes());
}

static void what_is_not_there_is_absent_and_the_rest_stands(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    assert_false(visit_tries("root/nowhere", "SELECT Name FROM Msvm_ComputerSystem"));
    visit_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "refused a query in root/nowhere");
    assert_int_equal(wsman_fault(visit.wsman)->number, 0x8004100E);
    assert_false(visit_tries("root/cimv2", "SELECT Name FROM Win32_Nothing"));
    visit_failed(ERR_UNSUPPORTED, WSMAN_ABSENT, "the class is not there");
    assert_true(visit_tries_hotfixes());
    assert_false(wsman_fault(visit.wsman)->is);
    assert_int_equal(visit_count("handshakes"), 1);
}

static void what_is_denied_is_refused_and_the_rest_stands(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "deny new Win32_Volume");
    assert_false(visit_tries("root/cimv2", "SELECT Name FROM Win32_Volume"));
    visit_failed(ERR_DENIED, WSMAN_REFUSED, "Remote Enable");
    assert_true(visit_tries_hotfixes());
    assert_int_equal(visit_count("attempts"), 1);
}

static void a_query_that_is_none_is_broken(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    assert_false(visit_tries("root/cimv2", "SELECT <&> FROM \"Win32_Volume"));
    visit_failed(ERR_PROTOCOL, WSMAN_BROKEN, "CannotProcessFilter");
}

static void a_class_without_instances_brings_none(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    visit_asks("root/cimv2", "SELECT HotFixID FROM Win32_QuickFixEngineering WHERE HotFixID = 'none'");
    assert_int_equal(visit.instances, 0);
    assert_int_equal(visit_count("contexts"), 0);
}

/* What is left open counts against a limit of 15. */
static void an_enumeration_that_is_left_is_released(void **state)
{
    (void)state;
    for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
        for (size_t refuse_at = 1; refuse_at <= 45; refuse_at += 11) {
            visit_to("old", (enum visit_transport)transport);
            visit.refuse_at = refuse_at;
            assert_false(visit_tries_hotfixes());
            visit_failed(ERR_DENIED, WSMAN_BROKEN, "the taker has enough");
            assert_int_equal(visit.instances, refuse_at);
            assert_int_equal(visit_count("contexts"), 0);
            visit.refuse_at = 0;
            assert_true(visit_tries_hotfixes());
            assert_int_equal(visit.instances, 45);
            assert_int_equal(visit_count("handshakes"), 1);
        }
    }
}

static void a_quota_is_waited_for(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "trick new quota:3@2");
    assert_true(visit_tries_hotfixes());
    assert_int_equal(visit.instances, 45);
    assert_int_equal(visit.pauses, 3);
    assert_int_equal(visit.paused_ms, 1000 + 2000 + 4000);
    assert_int_equal(visit_count("handshakes"), 1);
}

static void one_that_does_not_pass_is_waited_for_until_the_deadline_only(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "trick new quota@2");
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_UNREACHABLE, WSMAN_BROKEN, "QuotaLimit");
    assert_true(visit.left_ms > 0);
    assert_true(visit.pauses >= 3);
}

static void an_envelope_that_is_refused_is_asked_for_smaller(void **state)
{
    (void)state;
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "trick new envelope-small:2");
    assert_true(visit_tries_hotfixes());
    assert_int_equal(visit.instances, 45);
    assert_int_equal(visit_count("actions.Enumerate"), 3);
    visit_to("new", VISIT_SEALED);
    peer_tell(visits_peer(), "trick new envelope-small");
    assert_false(visit_tries_hotfixes());
    assert_int_equal(wsman_meaning(visit.wsman), WSMAN_BROKEN);
    assert_int_equal(visit_count("actions.Enumerate"), 5);
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
    visits_begin(NULL, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    visits_end();
    return failed;
}
