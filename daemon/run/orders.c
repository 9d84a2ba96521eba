#include "orders.h"

#include "mem.h"
#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct order {
    struct list link;
    uint64_t id;
    struct str frame;
    int stream;
};

void orders_init(struct orders *orders)
{
    list_init(&orders->waiting);
}

static void drop(struct order *order)
{
    list_remove(&order->link);
    close(order->stream);
    str_finish(&order->frame);
    free(order);
}

void orders_finish(struct orders *orders)
{
    list_each (node, &orders->waiting)
        drop(list_entry(node, struct order, link));
}

void orders_add(struct orders *orders, const struct message_order *order, int stream)
{
    const struct message message = { .type = MESSAGE_ORDER, .order = *order };
    struct order *added = mem_new(1, sizeof *added);

    added->id = order->id;
    added->stream = stream;
    message_write(&added->frame, &message, NULL); /* four numbers: they fit */
    list_append(&orders->waiting, &added->link);
}

static bool send_order(const struct order *order, int control)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } ancillary = { .bytes = { 0 } };
    struct iovec part = { order->frame.bytes, order->frame.length };
    struct msghdr packet = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = ancillary.bytes, .msg_controllen = sizeof ancillary.bytes
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&packet);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &order->stream, sizeof order->stream);
    return sendmsg(control, &packet, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* Where the host is gone, its end will be told, and is a better reason. */
static bool is_waiting(int number)
{
    return number == EAGAIN || number == EINTR || number == EPIPE || number == ECONNRESET;
}

static enum orders_answer try(const struct order *order, int control, uint64_t *id, struct err *err)
{
    if (send_order(order, control))
        return ORDERS_SENT;
    if (is_waiting(errno))
        return ORDERS_WAIT;
    err_system(err, "the order to the plugin host cannot be sent");
    *id = order->id;
    return ORDERS_FAILED;
}

enum orders_answer orders_send(struct orders *orders, int control, uint64_t *id, struct err *err)
{
    list_each (node, &orders->waiting) {
        struct order *order = list_entry(node, struct order, link);
        enum orders_answer answer = try(order, control, id, err);

        if (answer != ORDERS_WAIT)
            drop(order);
        if (answer != ORDERS_SENT)
            return answer;
    }
    return ORDERS_SENT;
}
