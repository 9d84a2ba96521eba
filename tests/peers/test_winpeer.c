#include "winpeer.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void it_is_ready_and_tells_how_to_reach_each_host(void **state)
{
    struct peer *peer = winpeer_begin("--host", "old:2008-sp2", "--host", "new:2016", NULL);

    (void)state;
    assert_true(winpeer_port(peer, "old", true) > 0);
    assert_true(winpeer_port(peer, "old", false) > 0);
    assert_true(winpeer_port(peer, "new", true) > 0);
    assert_int_equal(winpeer_port(peer, "other", true), 0);
    assert_string_equal(peer_fact(peer, "hosts.new.address"), "127.0.0.1");
    assert_int_equal(strlen(peer_fact(peer, "fingerprint")), 95);
    assert_int_equal(access(peer_fact(peer, "ca_file"), R_OK), 0);
    assert_int_equal(access(peer_fact(peer, "certificate"), R_OK), 0);
    peer_stop(peer);
}

static void it_ends_and_takes_its_files_along(void **state)
{
    struct peer *peer = winpeer_begin("--host", "a:2016", NULL);
    char *file = strdup(peer_fact(peer, "ca_file"));
    pid_t pid = peer_pid(peer);

    (void)state;
    peer_stop(peer);
    assert_int_equal(access(file, F_OK), -1);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    free(file);
}

static void a_fleet_may_be_told_in_a_word(void **state)
{
    struct peer *peer =
        winpeer_begin("--fleet", "{\"hosts\": [{\"name\": \"many\", \"version\": \"2012-r2\", \"count\": 3}]}", NULL);

    (void)state;
    assert_true(winpeer_port(peer, "many0001", true) > 0);
    assert_true(winpeer_port(peer, "many0003", false) > 0);
    assert_int_equal(winpeer_port(peer, "many0004", false), 0);
    peer_stop(peer);
}

static void commands_are_answered_and_mistakes_are_told(void **state)
{
    struct peer *peer = winpeer_begin("--host", "a:2016", NULL);
    struct err err = ERR_EMPTY;

    (void)state;
    peer_tell(peer, "delay 1");
    assert_int_equal(winpeer_count(peer, "requests"), 0);
    assert_null(peer_command(peer, "reboot nobody", &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_non_null(strstr(err.text, "no host nobody"));
    assert_null(peer_command(peer, "reboot", &err));
    assert_non_null(strstr(err.text, "usage: reboot HOST"));
    assert_null(peer_command(peer, "trick a nothing-such", &err));
    assert_non_null(strstr(err.text, "no trick nothing-such"));
    peer_stop(peer);
}

static void a_wrong_fleet_is_an_error_and_no_peer(void **state)
{
    static const char *const words[] = { "/usr/bin/python3", "-B", "winpeer", "--host", "a:windows-95", NULL };
    struct err err = ERR_EMPTY;

    (void)state;
    assert_null(peer_start("winpeer", words, &err));
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "winpeer did not start"));
}

static void a_kdc_tells_its_realm_and_gives_tickets(void **state)
{
    struct peer *kdc;
    char cache[256];

    (void)state;
    if (kdc_absent() != 0)
        skip();
    kdc = kdc_begin();
    assert_string_equal(peer_fact(kdc, "principal"), "scan@EXAMPLE.TEST");
    assert_int_equal(access(peer_fact(kdc, "keytab"), R_OK), 0);
    assert_string_equal(getenv("KRB5_CONFIG"), peer_fact(kdc, "config"));
    snprintf(cache, sizeof cache, "%s.cache", peer_fact(kdc, "keytab"));
    peer_tell(kdc, "ticket FILE:%s", cache);
    assert_int_equal(access(cache, R_OK), 0);
    peer_stop(kdc);
    assert_int_equal(access(cache, R_OK), -1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ready_and_tells_how_to_reach_each_host),
        cmocka_unit_test(it_ends_and_takes_its_files_along),
        cmocka_unit_test(a_fleet_may_be_told_in_a_word),
        cmocka_unit_test(commands_are_answered_and_mistakes_are_told),
        cmocka_unit_test(a_wrong_fleet_is_an_error_and_no_peer),
        cmocka_unit_test(a_kdc_tells_its_realm_and_gives_tickets),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
