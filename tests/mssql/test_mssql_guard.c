/* The deadline of what blocks: who waits for a server that is silent, and who reads from one that never ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_guard.h"

#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONG_MS 600000

static int listener = -1, client = -1, server = -1, port;
static struct mssql_guard *guard;

static int setup(void **state)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    struct err err;

    (void)state;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    port = ntohs(address.sin_port);
    client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, size), 0);
    server = accept(listener, NULL, NULL);
    guard = mssql_guard_create("127.0.0.1", port, &err);
    assert_non_null(guard);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mssql_guard_destroy(guard);
    close(client);
    close(server);
    close(listener);
    return 0;
}

static void who_waits_is_told_that_it_is_over(void **state)
{
    char byte;

    (void)state;
    mssql_guard_begin(guard, 50);
    assert_true(read(client, &byte, 1) <= 0);
    assert_true(mssql_guard_end(guard));
}

static void what_answers_in_time_is_left_alone(void **state)
{
    char byte;

    (void)state;
    mssql_guard_begin(guard, LONG_MS);
    assert_int_equal(write(server, "x", 1), 1);
    assert_int_equal(read(client, &byte, 1), 1);
    assert_false(mssql_guard_end(guard));
    assert_int_equal(write(server, "y", 1), 1);
    assert_int_equal(read(client, &byte, 1), 1);
}

/* The thread sleeps until the first deadline, which is over by then. */
static void a_nearer_deadline_is_kept_too(void **state)
{
    char byte;

    (void)state;
    mssql_guard_begin(guard, LONG_MS);
    assert_false(mssql_guard_end(guard));
    mssql_guard_begin(guard, 50);
    assert_true(read(client, &byte, 1) <= 0);
    assert_true(mssql_guard_end(guard));
}

static void *flood(void *context)
{
    char bytes[4096] = "";

    (void)context;
    while (send(server, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        ;
    return NULL;
}

static void what_never_ends_is_ended(void **state)
{
    char bytes[4096];
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, flood, NULL), 0);
    mssql_guard_begin(guard, 50);
    while (read(client, bytes, sizeof bytes) > 0)
        ;
    assert_true(mssql_guard_end(guard));
    shutdown(server, SHUT_RDWR); /* it may wait for room that nobody makes any more */
    pthread_join(thread, NULL);
}

static void other_connections_stay(void **state)
{
    int pair[2];
    char byte;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    mssql_guard_begin(guard, 0);
    assert_true(read(client, &byte, 1) <= 0);
    assert_true(mssql_guard_end(guard));
    assert_int_equal(write(pair[0], "x", 1), 1);
    assert_int_equal(read(pair[1], &byte, 1), 1);
    close(pair[0]);
    close(pair[1]);
}

static void a_name_is_no_address(void **state)
{
    struct err err;

    (void)state;
    assert_null(mssql_guard_create("sql1.example", 1433, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    mssql_guard_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_waits_is_told_that_it_is_over, setup, teardown),
        cmocka_unit_test_setup_teardown(what_answers_in_time_is_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nearer_deadline_is_kept_too, setup, teardown),
        cmocka_unit_test_setup_teardown(what_never_ends_is_ended, setup, teardown),
        cmocka_unit_test_setup_teardown(other_connections_stay, setup, teardown),
        cmocka_unit_test(a_name_is_no_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
