/* A cluster over HTTP that Kerberos seals: each node is proven by a ticket for its own name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

#define NODE "\"version\": \"2012-r2\", \"domain\": \"localhost\", \"group\": \"g\""

static const char fleet[] =
    "{\"clusters\": [{\"name\": \"clu1\", \"nodes\": [\"n1\", \"n2\", \"n3\"], \"domain\": \"localhost\"}],"
    "\"hosts\": [{\"name\": \"n1\", " NODE ", \"names\": [\"clu1.localhost\"], \"hyperv\": {\"vms\": 1}},"
    "{\"name\": \"n2\", " NODE ", \"hyperv\": {\"vms\": 1}}, {\"name\": \"n3\", " NODE ", \"hyperv\": {\"vms\": 1}}]}";

static struct peer *kdc, *peer;

static void give_principal(const char *name)
{
    peer_tell(kdc, "admin addprinc -randkey HTTP/%s", name);
    peer_tell(kdc, "admin ktadd -k %s HTTP/%s", peer_fact(kdc, "keytab"), name);
}

static int set_up(void **state)
{
    (void)state;
    kdc = kdc_begin();
    give_principal("clu1.localhost");
    give_principal("n2.localhost"); /* and n3 has none */
    peer = winpeer_begin("--fleet", fleet, "--keytab", peer_fact(kdc, "keytab"), NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    peer_stop(peer);
    peer_stop(kdc);
    return 0;
}

static struct mock *aim(const char *auth)
{
    struct mock *mock = mock_create(muster_plugin_entry());
    char port[16];

    snprintf(port, sizeof port, "%d", winpeer_port(peer, "n1", false));
    mock_option(mock, "host", "clu1.localhost");
    mock_option(mock, "port", port);
    mock_option(mock, "tls", "false");
    mock_option(mock, "auth", auth);
    mock_option(mock, "cluster", "true");
    mock_option(mock, "username", peer_fact(kdc, "principal"));
    mock_option(mock, "password", peer_fact(kdc, "password"));
    mock_deadline(mock, 60000);
    assert_true(mock_prepare(mock));
    return mock;
}

static void nodes_are_proven_by_tickets(void **state)
{
    static const char *const ways[] = { "kerberos", "negotiate" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct mock *mock = aim(ways[i]);

        peer_tell(peer, "reset");
        if (!mock_scan(mock))
            fail_msg("%s", mock_failure(mock)->text);
        assert_int_equal(mock_item_count(mock, "hyperv_host"), 2);
        assert_int_equal(mock_item_count(mock, "vm"), 2);
        assert_int_equal(winpeer_count(peer, "plain"), 0);
        assert_int_equal(winpeer_count(peer, "handshakes"), 2);
        /* One that no ticket can be had for gets no other proof of who asks. */
        assert_int_equal(mock_completeness(mock), PARTIAL);
        assert_non_null(strstr(mock_warning_at(mock, 0)->text, "its node n3 could not be scanned: "));
        assert_non_null(strstr(mock_warning_at(mock, 0)->text, "HTTP/n3.localhost"));
        assert_int_equal(winpeer_count(peer, "attempts"), 2);
        mock_destroy(mock);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_proven_by_tickets),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    if (kdc_absent() != 0)
        return kdc_absent();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
