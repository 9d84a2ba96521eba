/* What the host is told over its control socket: every way in which an order can be wrong. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct client client;

static int start(void **state)
{
    (void)state;
    trial_start(&client, "ok", NULL);
    return 0;
}

/* However wrong the order was: the host goes on, and kept nothing of it. */
static int stop(void **state)
{
    trial_neighbour(&client);
    trial_stop(&client);
    return trial_end(state);
}

static bool was_refused(const struct client *host, const struct scan *scan)
{
    (void)scan;
    return host->refusal.class != ERR_NONE;
}

static void must_be_refused(const char *words)
{
    assert_true(client_until(&client, was_refused, NULL));
    assert_int_equal(client.refusal.class, ERR_PROTOCOL);
    if (strstr(client.refusal.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, client.refusal.text);
}

static void garbage_is_no_order(void **state)
{
    (void)state;
    assert_true(client_packet(&client, "GET / HTTP/1.1\r\n\r\n", 18, NULL, 0));
    must_be_refused("an order to the plugin host: no frame of ours");
}

static void a_short_packet_is_no_order(void **state)
{
    (void)state;
    assert_true(client_packet(&client, "\x1e", 1, NULL, 0));
    must_be_refused("an order to the plugin host: it is cut off");
}

static void a_long_packet_is_no_order(void **state)
{
    static char bytes[100000] = "\xff\xff\x01";

    (void)state;
    assert_true(client_packet(&client, bytes, sizeof bytes, NULL, 0));
    must_be_refused("an order to the plugin host: it is cut off");
}

static void another_message_is_no_order(void **state)
{
    const struct message message = { .type = MESSAGE_GONE, .gone = { .kind = "machine", .key = "host" } };
    struct str frame = STR_EMPTY;

    (void)state;
    message_write(&frame, &message, NULL);
    assert_true(client_packet(&client, frame.bytes, frame.length, NULL, 0));
    str_finish(&frame);
    must_be_refused("an order to the plugin host: it is a message GONE");
}

/* The descriptors of an order that is refused are closed: stop() would find them. */
static void an_order_without_a_number_is_refused(void **state)
{
    (void)state;
    assert_true(client_send_order(&client, &usual_order, (int[]){ STDERR_FILENO }, 1));
    must_be_refused("a number is 0 that must not be");
}

static void an_order_without_a_deadline_is_refused(void **state)
{
    const struct message_order order = { .id = 7, .deadline_ms = 0 };

    (void)state;
    assert_true(client_send_order(&client, &order, (int[]){ STDERR_FILENO }, 1));
    must_be_refused("a number is 0 that must not be");
}

static void an_order_without_a_descriptor_is_refused(void **state)
{
    const struct message_order order = { .id = 7, .deadline_ms = 1000 };

    (void)state;
    assert_true(client_send_order(&client, &order, NULL, 0));
    must_be_refused("an order came without a descriptor for its stream, or with several");
}

static void an_order_with_several_descriptors_is_refused(void **state)
{
    const struct message_order order = { .id = 7, .deadline_ms = 1000 };

    (void)state;
    assert_true(client_send_order(&client, &order, (int[]){ 0, 1, 2, 0, 1, 2 }, 6));
    must_be_refused("an order came without a descriptor for its stream, or with several");
    client.refusal = ERR_EMPTY;
    assert_true(client_send_order(&client, &order, (int[]){ 0, 1 }, 2));
    must_be_refused("an order came without a descriptor for its stream, or with several");
}

/* It has an end at once, and nobody hears what the scan has to say of that. */
static void a_stream_that_is_no_socket_costs_its_scan_only(void **state)
{
    const struct message_order order = { .id = 1000, .deadline_ms = 60000 };
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)state;
    assert_true(client_send_order(&client, &order, &nothing, 1));
    close(nothing);
}

/* All orders have the same stream, on which no request comes: so that this process needs no descriptors for them. */
static void more_runs_than_there_may_be_are_refused(void **state)
{
    struct message_order order = { .deadline_ms = 60000, .memory_mb = 256 };
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    for (order.id = 1000; order.id < 1000 + 1024; order.id++)
        assert_true(client_send_order(&client, &order, &ends[1], 1));
    assert_int_equal(client.refusal.class, ERR_NONE);
    assert_true(client_send_order(&client, &order, &ends[1], 1));
    assert_true(client_until(&client, was_refused, NULL));
    assert_int_equal(client.refusal.class, ERR_SYSTEM);
    assert_string_equal(client.refusal.text, "1024 runs are in flight already");
    close(ends[0]);
    close(ends[1]);
    assert_true(client_wait_exits(&client, 1024));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(garbage_is_no_order),
        TEST(a_short_packet_is_no_order),
        TEST(a_long_packet_is_no_order),
        TEST(another_message_is_no_order),
        TEST(an_order_without_a_number_is_refused),
        TEST(an_order_without_a_deadline_is_refused),
        TEST(an_order_without_a_descriptor_is_refused),
        TEST(an_order_with_several_descriptors_is_refused),
        TEST(a_stream_that_is_no_socket_costs_its_scan_only),
        TEST(more_runs_than_there_may_be_are_refused),
    };

    return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
