#include "probe.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void an_address_is_taken_apart(void **state)
{
    static const struct {
        const char *url, *host, *port;
    } rows[] = {
        { "https://vc01.example", "vc01.example", "443" },
        { "https://vc01.example/sdk", "vc01.example", "443" },
        { "https://vc01.example:8443/sdk", "vc01.example", "8443" },
        { "https://192.0.2.1:9443", "192.0.2.1", "9443" },
        { "https://[2001:db8::1]/sdk", "2001:db8::1", "443" },
        { "https://[2001:db8::1]:8443", "2001:db8::1", "8443" },
        { "proxy.example:3128", "proxy.example", "3128" },
    };
    struct probe probe;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(probe_read(&probe, rows[i].url, "443"));
        assert_string_equal(probe.host, rows[i].host);
        assert_string_equal(probe.port, rows[i].port);
    }
}

static void what_names_no_host_is_refused(void **state)
{
    static const char *const urls[] = { "",           "https://",           "https:///sdk", "https://a:b",
                                        "https://a:", "https://a:123456789" };
    char long_name[400] = "https://";
    struct probe probe;

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        assert_false(probe_read(&probe, urls[i], "443"));
    memset(long_name + 8, 'a', 300);
    assert_false(probe_read(&probe, long_name, "443"));
}

static void a_name_that_is_not_there_is_told(void **state)
{
    const struct probe probe = { "no-such-host.invalid", "443" };
    struct str addresses = STR_EMPTY;
    struct err err;

    (void)state;
    assert_false(probe_name(&probe, &addresses, &err));
    assert_int_equal(err.class, ERR_UNREACHABLE);
    assert_non_null(strstr(err.text, "no-such-host.invalid has no address"));
    str_finish(&addresses);
}

/* A port that answers; closed, the same one refuses. */
static int listen_somewhere(struct probe *probe)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(listener, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    strcpy(probe->host, "127.0.0.1");
    snprintf(probe->port, sizeof probe->port, "%d", ntohs(address.sin_port));
    return listener;
}

static void a_port_answers_or_refuses(void **state)
{
    struct str address = STR_EMPTY;
    struct probe probe;
    struct err err;
    int listener = listen_somewhere(&probe);

    (void)state;
    assert_true(probe_route(&probe, 10000, &address, &err));
    assert_string_equal(str_text(&address), "127.0.0.1");
    close(listener);
    assert_false(probe_route(&probe, 10000, &address, &err));
    assert_int_equal(err.class, ERR_UNREACHABLE);
    assert_non_null(strstr(err.text, "refused"));
    str_finish(&address);
}

static void no_time_left_is_a_timeout(void **state)
{
    const struct probe probe = { "192.0.2.1", "443" }; /* an address that nobody has (RFC 5737) */
    struct str address = STR_EMPTY;
    struct err err;

    (void)state;
    assert_false(probe_route(&probe, 0, &address, &err));
    assert_true(err.class == ERR_TIMEOUT || err.class == ERR_UNREACHABLE);
    str_finish(&address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_taken_apart),        cmocka_unit_test(what_names_no_host_is_refused),
        cmocka_unit_test(a_name_that_is_not_there_is_told), cmocka_unit_test(a_port_answers_or_refuses),
        cmocka_unit_test(no_time_left_is_a_timeout),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
