/* What stands between driver and server: what does not encrypt never gets to the driver; who waits for a server that is
 * silent, and who reads from one that never ends, is told when the time is over; and nobody else is let in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mssql_relay.h"
#include "prelogin.h"

#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONG_MS 600000
#define ANSWER 26 /* bytes of an answer to PRELOGIN */

static int listener = -1, client = -1, server = -1, port;
static struct mssql_relay *relay;
static struct err err;

static struct sockaddr_in loopback(int at)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)at),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int connected(int at)
{
    struct sockaddr_in address = loopback(at);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

static void listen_somewhere(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;

    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    port = ntohs(address.sin_port);
}

static void begin(bool strict)
{
    err = ERR_EMPTY;
    listen_somewhere();
    relay = mssql_relay_create("127.0.0.1", port, strict, &err);
    assert_non_null(relay);
    client = connected(mssql_relay_port(relay));
    server = accept(listener, NULL, NULL);
}

/* What is not looked at. */
static int setup(void **state)
{
    (void)state;
    begin(true);
    return 0;
}

/* What begins with PRELOGIN. */
static int setup_prelogin(void **state)
{
    (void)state;
    begin(false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mssql_relay_destroy(relay);
    close(client);
    close(server);
    close(listener);
    return 0;
}

/* ------------------------------------------------------------------------------------------------- encryption ---- */

/* Version 15.0.2000 and ENCRYPTION, as an answer has them. */
static void make_answer(unsigned char answer[ANSWER], enum prelogin_encryption encryption)
{
    static const unsigned char bytes[ANSWER] = { 0x04, 0x01, 0x00, 0x1a, 0,    0,    1,    0,    0x00,
                                                 0x00, 0x0b, 0x00, 0x06, 0x01, 0x00, 0x11, 0x00, 0x01,
                                                 0xff, 0x0f, 0x00, 0x07, 0xd0, 0x00, 0x00 };

    memcpy(answer, bytes, sizeof bytes);
    answer[ANSWER - 1] = (unsigned char)encryption;
}

static void what_agrees_to_encrypt_goes_on_as_it_is(void **state)
{
    static const enum prelogin_encryption good[] = { PRELOGIN_ON, PRELOGIN_REQUIRED };
    unsigned char answer[ANSWER], got[64];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        if (i > 0) {
            teardown(NULL);
            begin(false);
        }
        make_answer(answer, good[i]);
        assert_int_equal(send(server, answer, ANSWER, MSG_NOSIGNAL), ANSWER);
        assert_int_equal(recv(client, got, sizeof got, 0), ANSWER);
        assert_memory_equal(got, answer, ANSWER);
        assert_false(mssql_relay_failed(relay, &err));
    }
}

/* However it is cut. */
static void an_answer_is_held_until_it_is_whole(void **state)
{
    unsigned char answer[ANSWER], got[64];

    (void)state;
    make_answer(answer, PRELOGIN_ON);
    assert_int_equal(send(client, "asked", 5, MSG_NOSIGNAL), 5);
    assert_int_equal(recv(server, got, sizeof got, 0), 5);
    for (size_t i = 0; i < ANSWER - 1; i++)
        assert_int_equal(send(server, answer + i, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(client, got, sizeof got, MSG_DONTWAIT), -1);
    assert_int_equal(send(server, answer + ANSWER - 1, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(client, got, ANSWER, MSG_WAITALL), ANSWER);
    assert_memory_equal(got, answer, ANSWER);
}

static void assert_stopped(const unsigned char *bytes, size_t size, const char *words)
{
    char byte;

    assert_int_equal(send(server, bytes, size, MSG_NOSIGNAL), size);
    assert_true(recv(client, &byte, 1, 0) <= 0);
    assert_true(mssql_relay_failed(relay, &err));
    assert_int_equal(err.class, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, words));
}

static void what_encrypts_the_login_alone_is_stopped(void **state)
{
    unsigned char answer[ANSWER];

    (void)state;
    make_answer(answer, PRELOGIN_OFF);
    assert_stopped(answer, ANSWER, "look who stands between");
}

static void what_cannot_encrypt_is_stopped(void **state)
{
    unsigned char answer[ANSWER];

    (void)state;
    make_answer(answer, PRELOGIN_NOT_THERE);
    assert_stopped(answer, ANSWER, "not_supported");
}

static void what_is_no_answer_is_stopped(void **state)
{
    (void)state;
    assert_stopped((const unsigned char *)"HTTP/1.1 400 Bad Request\r\n", 26, "no SQL Server");
}

static void an_answer_without_an_end_is_stopped(void **state)
{
    unsigned char answer[ANSWER];

    (void)state;
    make_answer(answer, PRELOGIN_ON);
    answer[2] = answer[3] = 0xff;
    assert_stopped(answer, ANSWER, "make sense");
}

/* Bytes of TLS, which nobody here can read. */
static void where_tls_comes_first_nothing_is_looked_at(void **state)
{
    char got[64];

    (void)state;
    assert_int_equal(send(server, "\x16\x03\x03\x00\x01", 5, MSG_NOSIGNAL), 5);
    assert_int_equal(recv(client, got, sizeof got, 0), 5);
}

/* ------------------------------------------------------------------------------------------------ connections ---- */

static void much_goes_both_ways_unchanged(void **state)
{
    static unsigned char sent[300000], got[300000];
    int echoing, status;

    (void)state;
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (unsigned char)(i * 7 + i / 251);
    echoing = fork();
    if (echoing == 0) {
        for (size_t at = 0; at < sizeof sent; at += 1000)
            if (send(server, sent + at, 1000, MSG_NOSIGNAL) != 1000)
                _exit(1);
        _exit(recv(server, got, 100000, MSG_WAITALL) != 100000 || memcmp(got, sent, 100000) != 0);
    }
    assert_int_equal(recv(client, got, sizeof got, MSG_WAITALL), sizeof got);
    assert_memory_equal(got, sent, sizeof sent);
    assert_int_equal(send(client, sent, 100000, MSG_NOSIGNAL), 100000);
    assert_int_equal(waitpid(echoing, &status, 0), echoing);
    assert_int_equal(status, 0);
}

static void the_last_words_of_a_server_arrive(void **state)
{
    char got[64];

    (void)state;
    assert_int_equal(send(server, "farewell", 8, MSG_NOSIGNAL), 8);
    shutdown(server, SHUT_WR);
    assert_int_equal(recv(client, got, sizeof got, MSG_WAITALL), 8);
    assert_int_equal(recv(client, got, sizeof got, 0), 0);
}

static void who_leaves_is_seen_to_leave(void **state)
{
    char byte;

    (void)state;
    close(client);
    assert_true(recv(server, &byte, 1, 0) <= 0);
    client = -1;
}

/* Another process has the port's number, and nothing of it. */
static void nobody_else_is_let_in(void **state)
{
    int first, status;
    char byte;

    (void)state;
    listen_somewhere();
    relay = mssql_relay_create("127.0.0.1", port, true, &err);
    assert_non_null(relay);
    first = fork();
    if (first == 0) {
        int other = connected(mssql_relay_port(relay));

        _exit(send(other, "x", 1, MSG_NOSIGNAL) == 1 && recv(other, &byte, 1, 0) > 0);
    }
    assert_true(waitpid(first, &status, 0) > 0);
    assert_int_equal(status, 0);
    client = connected(mssql_relay_port(relay));
    server = accept(listener, NULL, NULL);
    assert_int_equal(send(client, "y", 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(server, &byte, 1, 0), 1);
    assert_int_equal(byte, 'y');
}

static void a_server_that_is_not_there_is_told(void **state)
{
    char byte;

    (void)state;
    listen_somewhere();
    close(listener);
    relay = mssql_relay_create("127.0.0.1", port, false, &err);
    assert_non_null(relay);
    client = connected(mssql_relay_port(relay));
    send(client, "x", 1, MSG_NOSIGNAL);
    assert_true(recv(client, &byte, 1, 0) <= 0);
    assert_true(mssql_relay_failed(relay, &err));
    assert_int_equal(err.class, ERR_UNREACHABLE);
    server = -1;
}

/* ------------------------------------------------------------------------------------------------------- time ---- */

static void who_waits_is_told_that_it_is_over(void **state)
{
    char byte;

    (void)state;
    mssql_relay_begin(relay, 50);
    assert_true(read(client, &byte, 1) <= 0);
    assert_true(mssql_relay_end(relay));
    assert_false(mssql_relay_failed(relay, &err));
}

static void what_answers_in_time_is_left_alone(void **state)
{
    char byte;

    (void)state;
    mssql_relay_begin(relay, LONG_MS);
    assert_int_equal(write(server, "x", 1), 1);
    assert_int_equal(read(client, &byte, 1), 1);
    assert_false(mssql_relay_end(relay));
    assert_int_equal(write(server, "y", 1), 1);
    assert_int_equal(read(client, &byte, 1), 1);
}

/* The thread sleeps until the first deadline, which is over by then. */
static void a_nearer_deadline_is_kept_too(void **state)
{
    char byte;

    (void)state;
    mssql_relay_begin(relay, LONG_MS);
    assert_false(mssql_relay_end(relay));
    mssql_relay_begin(relay, 50);
    assert_true(read(client, &byte, 1) <= 0);
    assert_true(mssql_relay_end(relay));
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
    mssql_relay_begin(relay, 50);
    while (read(client, bytes, sizeof bytes) > 0)
        ;
    assert_true(mssql_relay_end(relay));
    pthread_join(thread, NULL);
}

/* Nor is anybody let in once it is over. */
static void a_driver_that_comes_too_late_finds_nobody(void **state)
{
    struct sockaddr_in address;
    char byte;

    (void)state;
    listen_somewhere();
    relay = mssql_relay_create("127.0.0.1", port, true, &err);
    assert_non_null(relay);
    mssql_relay_begin(relay, 0);
    while (!mssql_relay_end(relay))
        mssql_relay_begin(relay, 0);
    address = loopback(mssql_relay_port(relay));
    client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client, (struct sockaddr *)&address, sizeof address) == 0)
        assert_true(recv(client, &byte, 1, 0) <= 0);
    server = -1;
}

static void a_name_is_no_address(void **state)
{
    (void)state;
    assert_null(mssql_relay_create("sql1.example", 1433, false, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    mssql_relay_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_agrees_to_encrypt_goes_on_as_it_is, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(an_answer_is_held_until_it_is_whole, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(what_encrypts_the_login_alone_is_stopped, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_encrypt_is_stopped, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_answer_is_stopped, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(an_answer_without_an_end_is_stopped, setup_prelogin, teardown),
        cmocka_unit_test_setup_teardown(where_tls_comes_first_nothing_is_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(much_goes_both_ways_unchanged, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_words_of_a_server_arrive, setup, teardown),
        cmocka_unit_test_setup_teardown(who_leaves_is_seen_to_leave, setup, teardown),
        cmocka_unit_test_teardown(nobody_else_is_let_in, teardown),
        cmocka_unit_test_teardown(a_server_that_is_not_there_is_told, teardown),
        cmocka_unit_test_setup_teardown(who_waits_is_told_that_it_is_over, setup, teardown),
        cmocka_unit_test_setup_teardown(what_answers_in_time_is_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nearer_deadline_is_kept_too, setup, teardown),
        cmocka_unit_test_setup_teardown(what_never_ends_is_ended, setup, teardown),
        cmocka_unit_test_teardown(a_driver_that_comes_too_late_finds_nobody, teardown),
        cmocka_unit_test(a_name_is_no_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
