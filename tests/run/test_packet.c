/* Packets as a host sends them, and as it must not. */
#include "packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct packet packet;
static int ends[2];

static int begin(void **state)
{
    (void)state;
    packet_init(&packet);
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

static int finish(void **state)
{
    (void)state;
    packet_finish(&packet);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static void add(struct str *bytes, const struct message *message)
{
    assert_true(message_write(bytes, message, NULL));
}

static void send_all(struct str *bytes)
{
    assert_int_equal(send(ends[1], bytes->bytes, bytes->length, 0), bytes->length);
    str_finish(bytes);
}

static const struct message refused = { .type = MESSAGE_REFUSED, .refused = { .id = 7, .text = "no" } };
static const struct message end = { .type = MESSAGE_END, .end = { .completeness = COMPLETE } };

static void nothing_there_is_no_end(void **state)
{
    struct message message;
    struct err err;

    (void)state;
    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_NONE);
}

static void messages_come_one_by_one_and_then_the_end(void **state)
{
    struct str bytes = STR_EMPTY;
    struct message message;
    struct err err;

    (void)state;
    for (int i = 0; i < 2; i++) {
        add(&bytes, &refused);
        send_all(&bytes);
    }
    shutdown(ends[1], SHUT_WR);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_READ);
        assert_int_equal(message.type, MESSAGE_REFUSED);
        assert_int_equal(message.refused.id, 7);
        assert_string_equal(message.refused.text, "no");
    }
    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_END);
}

static void is_bad(const char *words)
{
    struct message message;
    struct err err;

    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_BAD);
    assert_int_equal(err.class, ERR_PROTOCOL);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, err.text);
    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_NONE);
}

static void a_message_that_was_cut_off_anywhere_is_refused(void **state)
{
    struct str bytes = STR_EMPTY;

    (void)state;
    add(&bytes, &refused);
    for (size_t size = 1; size < bytes.length; size++) {
        assert_int_equal(send(ends[1], bytes.bytes, size, 0), size);
        is_bad("a message is cut off");
    }
    str_finish(&bytes);
}

static void two_messages_in_a_packet_are_refused(void **state)
{
    struct str bytes = STR_EMPTY;

    (void)state;
    add(&bytes, &refused);
    add(&bytes, &refused);
    send_all(&bytes);
    is_bad("more than one message in a packet");
}

static void a_message_that_is_not_a_hosts_to_send_is_refused(void **state)
{
    struct str bytes = STR_EMPTY;

    (void)state;
    add(&bytes, &end);
    send_all(&bytes);
    is_bad("a message END, which is not a host's to send");
}

static void garbage_is_refused(void **state)
{
    (void)state;
    assert_int_equal(send(ends[1], "HTTP/1.1 200 OK", 15, 0), 15);
    is_bad("");
}

static void a_broken_socket_is_an_end(void **state)
{
    struct message message;
    struct err err;

    (void)state;
    assert_int_equal(send(ends[0], "x", 1, 0), 1);
    close(ends[1]);
    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_END);
    assert_int_equal(packet_read(&packet, ends[0], &message, &err), PACKET_END);
    ends[1] = dup(ends[0]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(nothing_there_is_no_end),
        TEST(messages_come_one_by_one_and_then_the_end),
        TEST(a_message_that_was_cut_off_anywhere_is_refused),
        TEST(two_messages_in_a_packet_are_refused),
        TEST(a_message_that_is_not_a_hosts_to_send_is_refused),
        TEST(garbage_is_refused),
        TEST(a_broken_socket_is_an_end),
    };

    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
