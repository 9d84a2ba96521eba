/* Orders on a socket that has room, none, and nobody at its other end. */
#include "orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 2000

static struct orders orders;
static int ends[2];

static int begin(void **state)
{
    (void)state;
    orders_init(&orders);
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
}

static int finish(void **state)
{
    (void)state;
    orders_finish(&orders);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static void add(uint64_t id, int stream)
{
    const struct message_order order = { .id = id, .deadline_ms = 1000, .memory_mb = 256, .cpu_s = 60 };

    orders_add(&orders, &order, stream);
}

static enum orders_answer send_them(void)
{
    struct err err;
    uint64_t id;

    return orders_send(&orders, ends[0], &id, &err);
}

/* The number of the next order, whose descriptor is told and closed; 0 where there is none. */
static uint64_t receive(int *stream)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } ancillary;
    char bytes[256];
    struct iovec part = { bytes, sizeof bytes };
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary.bytes, .msg_controllen = sizeof ancillary.bytes
    };
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    ssize_t size = recvmsg(ends[1], &header, MSG_CMSG_CLOEXEC);
    struct message message;
    struct frame frame;

    if (size < 0)
        return 0;
    memcpy(stream, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof *stream);
    frame_feed(&decoder, bytes, (size_t)size);
    assert_int_equal(frame_next(&decoder, &frame, NULL), FRAME_READY);
    assert_true(message_read(&frame, NULL, &message, NULL));
    frame_decoder_finish(&decoder);
    assert_int_equal(message.order.memory_mb, 256);
    return message.order.id;
}

static void an_order_arrives_with_its_descriptor(void **state)
{
    int pipe_ends[2], stream;
    char byte;

    (void)state;
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    add(42, pipe_ends[1]);
    assert_int_equal(send_them(), ORDERS_SENT);
    assert_int_equal(fcntl(pipe_ends[1], F_GETFD), -1);
    assert_int_equal(receive(&stream), 42);
    assert_int_equal(write(stream, "x", 1), 1);
    close(stream);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 0);
    close(pipe_ends[0]);
}

static void with_nothing_to_send_all_is_sent(void **state)
{
    (void)state;
    assert_int_equal(send_them(), ORDERS_SENT);
}

static void orders_wait_for_room_and_keep_their_order(void **state)
{
    uint64_t expected = 1, id;
    int stream;

    (void)state;
    for (uint64_t i = 1; i <= MANY; i++) {
        add(i, open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (i % 100 == 0)
            send_them();
        if (i % 500 == 0) {
            while ((id = receive(&stream)) != 0) {
                assert_int_equal(id, expected++);
                close(stream);
            }
        }
    }
    while (send_them() == ORDERS_WAIT) {
        while ((id = receive(&stream)) != 0) {
            assert_int_equal(id, expected++);
            close(stream);
        }
    }
    while ((id = receive(&stream)) != 0) {
        assert_int_equal(id, expected++);
        close(stream);
    }
    assert_int_equal(expected, MANY + 1);
}

static void a_full_socket_says_so(void **state)
{
    int small = 1;

    (void)state;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    for (uint64_t i = 1; i <= 100; i++)
        add(i, open("/dev/null", O_RDONLY | O_CLOEXEC));
    assert_int_equal(send_them(), ORDERS_WAIT);
    assert_false(list_empty(&orders.waiting));
}

static void where_nobody_listens_orders_wait(void **state)
{
    (void)state;
    close(ends[1]);
    ends[1] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    add(1, open("/dev/null", O_RDONLY | O_CLOEXEC));
    assert_int_equal(send_them(), ORDERS_WAIT);
}

static void an_order_that_cannot_be_sent_is_dropped_alone(void **state)
{
    struct err err = ERR_EMPTY;
    uint64_t id = 0;
    int stream, dead = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)state;
    add(1, dead);
    close(dead);
    add(2, open("/dev/null", O_RDONLY | O_CLOEXEC));
    close(dead);
    assert_int_equal(orders_send(&orders, ends[0], &id, &err), ORDERS_FAILED);
    assert_int_equal(id, 1);
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_non_null(strstr(err.text, "the order to the plugin host cannot be sent"));
    orders_finish(&orders);
    orders_init(&orders);
    add(3, open("/dev/null", O_RDONLY | O_CLOEXEC));
    assert_int_equal(send_them(), ORDERS_SENT);
    assert_int_equal(receive(&stream), 3);
    close(stream);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(an_order_arrives_with_its_descriptor),      TEST(with_nothing_to_send_all_is_sent),
        TEST(orders_wait_for_room_and_keep_their_order), TEST(a_full_socket_says_so),
        TEST(where_nobody_listens_orders_wait),          TEST(an_order_that_cannot_be_sent_is_dropped_alone),
    };

    return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
