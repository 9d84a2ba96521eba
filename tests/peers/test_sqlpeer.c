#include "sqlpeer.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char fleet[] =
    "{\"hosts\": [{\"name\": \"sql1.corp.example\", \"address\": \"127.0.0.61\", \"instances\": [{\"name\": "
    "\"MSSQLSERVER\","
    " \"version\": \"2012\"}, {\"name\": \"PAY\", \"version\": \"2019\"}]}, {\"name\": \"quiet\", \"browser\": false,"
    " \"instances\": [{\"name\": \"X\", \"version\": \"2008\"}]}]}";

static struct peer *begin(void)
{
    return sqlpeer_begin("--browser-port", "0", "--fleet", fleet, NULL);
}

static void it_is_ready_and_tells_how_to_reach_each_instance(void **state)
{
    struct peer *peer = begin();
    int first = sqlpeer_port(peer, "sql1.corp.example", "MSSQLSERVER");

    (void)state;
    assert_true(first > 0);
    assert_true(sqlpeer_port(peer, "sql1.corp.example", "PAY") > 0);
    assert_int_not_equal(sqlpeer_port(peer, "sql1.corp.example", "PAY"), first);
    assert_true(sqlpeer_port(peer, "sql1.corp.example", NULL) > 0);
    assert_int_equal(sqlpeer_port(peer, "quiet", NULL), 0);
    assert_int_equal(strlen(peer_fact(peer, "fingerprint")), 95);
    assert_int_equal(access(peer_fact(peer, "ca_file"), R_OK), 0);
    peer_stop(peer);
}

static void it_ends_and_takes_its_files_along(void **state)
{
    struct peer *peer = begin();
    char *file = strdup(peer_fact(peer, "ca_file"));
    pid_t pid = peer_pid(peer);

    (void)state;
    peer_stop(peer);
    assert_int_equal(access(file, F_OK), -1);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    free(file);
}

static void commands_are_answered_and_mistakes_are_told(void **state)
{
    struct peer *peer = begin();
    struct err err = ERR_EMPTY;

    (void)state;
    peer_tell(peer, "delay 1");
    assert_int_equal(sqlpeer_count(peer, "connections"), 0);
    assert_null(peer_command(peer, "where nobody", &err));
    assert_int_equal(err.class, ERR_CONFIG);
    assert_non_null(strstr(err.text, "no host nobody"));
    assert_null(peer_command(peer, "trick quiet/X nothing-such", &err));
    assert_non_null(strstr(err.text, "no trick nothing-such"));
    peer_stop(peer);
}

static void a_wrong_fleet_is_an_error_and_no_peer(void **state)
{
    static const char *const words[] = { "/usr/bin/python3", "-B", SQLPEER, "--host", "a:2001", NULL };
    struct err err = ERR_EMPTY;

    (void)state;
    assert_null(peer_start("sqlpeer", words, &err));
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "sqlpeer did not start"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ready_and_tells_how_to_reach_each_instance),
        cmocka_unit_test(it_ends_and_takes_its_files_along),
        cmocka_unit_test(commands_are_answered_and_mistakes_are_told),
        cmocka_unit_test(a_wrong_fleet_is_an_error_and_no_peer),
    };

    if (sqlpeer_absent() != 0)
        return sqlpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
