/* What wsman.c says of a host that does not behave: the class, whom it concerns, and why; and that the host is used
 * again when it behaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "visit.h"
#include "winpeer.h"

#include <string.h>

#define SEALED (1 << VISIT_SEALED)
#define TLS (1 << VISIT_TLS)

/* The query after the login and Identify is the second request. */
static const struct {
    const char *trick;
    int transports;
    enum err_class class;
    enum wsman_meaning meaning;
    const char *words;
} cases[] = {
    { "denied", SEALED | TLS, ERR_DENIED, WSMAN_FATAL, "refuses the login of CORP\\scan by NTLM (HTTP 401)" },
    { "token-broken", SEALED | TLS, ERR_PROTOCOL, WSMAN_FATAL, "NTLM: " },
    { "access-denied@2", SEALED | TLS, ERR_DENIED, WSMAN_REFUSED, "Remote Management Users" },
    { "timed-out@2", SEALED | TLS, ERR_TIMEOUT, WSMAN_BROKEN, "look how busy the host is" },
    { "fault-in-pull", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "refused a query in root/cimv2" },
    { "lost-in-pull", SEALED | TLS, ERR_UNSUPPORTED, WSMAN_BROKEN, "the class is not there" },
    { "context-expired", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "has expired there" },
    { "fault-huge@2", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "bytes" },
    { "endless", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "does not come to an end" },
    { "empty-for-ever", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN,
      "does not come to an end with a query in root/cimv2" },
    { "envelope-large", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "MaxEnvelopeSizekb" },
    { "not-xml", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "no SOAP" },
    { "cut-xml", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "XML" },
    { "deep", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "not a reply of WS-Management" },
    { "entities", SEALED | TLS, ERR_PROTOCOL, WSMAN_BROKEN, "a DOCTYPE" },
    { "reboots:down@2", SEALED | TLS, ERR_UNREACHABLE, WSMAN_FATAL, "127.0.0.1:" },
    { "cut@2", SEALED | TLS, ERR_UNREACHABLE, WSMAN_FATAL, "127.0.0.1:" },
    { "unavailable@2", SEALED | TLS, ERR_UNREACHABLE, WSMAN_FATAL, "its service is not ready" },
    { "forbidden@2", SEALED | TLS, ERR_UNSUPPORTED, WSMAN_FATAL, "it forbids it: look at IPv4Filter" },
    { "redirects@2", SEALED | TLS, ERR_PROTOCOL, WSMAN_FATAL, "redirects are not followed" },
    { "sealed-boundary@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "does not begin with its boundary" },
    { "sealed-truncated@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "the sealed reply cannot be read" },
    { "sealed-endless@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "the sealed reply cannot be read" },
    { "sealed-altered@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "NTLM: the reply: " },
    { "sealed-signature@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "NTLM: the reply: " },
    { "sealed-replayed@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "NTLM: the reply: " },
    { "sealed-length:1@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "the sealed reply cannot be read" },
    { "sealed-length:-1@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "the sealed reply cannot be read" },
    { "sealed-header@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "lengths are more than there is" },
    { "sealed-plain@2", SEALED, ERR_PROTOCOL, WSMAN_FATAL, "unsealed: that is not believed" },
};

static void assert_refused(size_t i, enum visit_transport transport)
{
    visit_to("old", transport);
    peer_tell(visits_peer(), "trick old %s", cases[i].trick);
    if (visit_tries_hotfixes())
        fail_msg("%s: nothing wrong with it", cases[i].trick);
    visit_failed(cases[i].class, cases[i].meaning, cases[i].words);
    assert_true(visit_count("attempts") <= 1);
}

/* The same visit goes on where the connection holds, or can be made anew. */
static void assert_goes_on(size_t i)
{
    peer_tell(visits_peer(), "trick old honest");
    peer_tell(visits_peer(), "up old");
    if (!visit_tries_hotfixes())
        fail_msg("after %s: %s", cases[i].trick, visit.err.text);
    assert_int_equal(visit.instances, 45);
}

static void what_does_not_behave_is_told_and_harms_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int transport = VISIT_SEALED; transport <= VISIT_TLS; transport++) {
            if ((cases[i].transports & 1 << transport) == 0)
                continue;
            assert_refused(i, (enum visit_transport)transport);
            assert_goes_on(i);
        }
    }
}

static void a_host_that_is_silent_is_given_up_at_the_deadline(void **state)
{
    (void)state;
    visit_to("old", VISIT_SEALED);
    peer_tell(visits_peer(), "trick old silent@2");
    visit.left_ms = 300;
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_TIMEOUT, WSMAN_FATAL, "in time");
}

static void without_time_nothing_is_asked(void **state)
{
    (void)state;
    visit_to("old", VISIT_SEALED);
    visit.left_ms = 0;
    assert_false(visit_tries_hotfixes());
    visit_failed(ERR_TIMEOUT, WSMAN_FATAL, "the time that a scan may take is over");
    assert_int_equal(visit_count("requests"), 0);
}

static void values_that_cannot_be_are_the_callers_to_judge(void **state)
{
    (void)state;
    visit_to("old", VISIT_SEALED);
    peer_tell(visits_peer(), "trick old types-wrong");
    assert_true(visit_tries_hotfixes());
    peer_tell(visits_peer(), "trick old nothing");
    assert_true(visit_tries_hotfixes());
    assert_int_equal(visit.instances, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_behave_is_told_and_harms_nothing_else),
        cmocka_unit_test(a_host_that_is_silent_is_given_up_at_the_deadline),
        cmocka_unit_test(without_time_nothing_is_asked),
        cmocka_unit_test(values_that_cannot_be_are_the_callers_to_judge),
    };
    int failed;

    if (winpeer_absent() != 0)
        return winpeer_absent();
    visits_begin(NULL, NULL);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    visits_end();
    return failed;
}
