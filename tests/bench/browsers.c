#include "browsers.h"

#include "bench.h"
#include "vec.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS 256

static const unsigned char prelogin[] = "\x04\x01\x00\x1a\x00\x00\x00\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff"
                                        "\x0d\x00\x16\xbd\x00\x00\x00";

/* Each waits equally long: the first that was asked is the first that answers. */
struct due {
    double at;
    int connection; /* -1: of the browser */
    struct sockaddr_in from;
    struct in_addr asked;
};

struct browsers {
    int udp, listener, epoll;
    double delay;
    unsigned char reply[256];
    size_t reply_size;
    vec(struct due) queue;
    size_t first;
};

static int bound(int type, int port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int descriptor = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;

    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (descriptor < 0 || bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("sql: port %d cannot be bound: %s", port, strerror(errno));
    return descriptor;
}

static int port_of(int descriptor)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;

    getsockname(descriptor, (struct sockaddr *)&address, &size);
    return ntohs(address.sin_port);
}

static void watch(struct browsers *browsers, int descriptor)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };

    epoll_ctl(browsers->epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static void open_all(struct browsers *browsers, int delay_ms)
{
    int yes = 1, length;

    browsers->delay = delay_ms / 1e3;
    browsers->udp = bound(SOCK_DGRAM, 1434);
    setsockopt(browsers->udp, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes);
    browsers->listener = bound(SOCK_STREAM, 0);
    if (listen(browsers->listener, 4096) != 0)
        bench_fail("sql: no listener");
    browsers->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(browsers, browsers->udp);
    watch(browsers, browsers->listener);
    length =
        snprintf((char *)browsers->reply + 3, sizeof browsers->reply - 3,
                 "ServerName;SQL;InstanceName;SALES;IsClustered;No;Version;13.0.5026.0;np;\\\\SQL\\pipe\\MSSQL$SALES"
                 "\\sql\\query;tcp;%d;;",
                 port_of(browsers->listener));
    browsers->reply[0] = 0x05;
    browsers->reply[1] = (unsigned char)length;
    browsers->reply_size = (size_t)length + 3;
}

/* ---------------------------------------------------------------------------------------------------- datagrams ----
 */

union control {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr head;
};

static bool take_datagram(struct browsers *browsers)
{
    struct due due = { .at = bench_now() + browsers->delay, .connection = -1 };
    union control control;
    char request[16];
    struct iovec bytes = { request, sizeof request };
    struct msghdr message = { .msg_name = &due.from,
                              .msg_namelen = sizeof due.from,
                              .msg_iov = &bytes,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control };
    struct in_pktinfo info;

    if (recvmsg(browsers->udp, &message, 0) < 0)
        return false;
    memcpy(&info, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof info);
    due.asked = info.ipi_addr;
    vec_push(&browsers->queue, due);
    return true;
}

/* From the address that was asked. */
static void answer_datagram(struct browsers *browsers, struct due *due)
{
    const struct in_pktinfo info = { .ipi_spec_dst = due->asked };
    union control control = { 0 };
    struct iovec bytes = { browsers->reply, browsers->reply_size };
    struct msghdr message = { .msg_name = &due->from,
                              .msg_namelen = sizeof due->from,
                              .msg_iov = &bytes,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof control };
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    head->cmsg_level = IPPROTO_IP;
    head->cmsg_type = IP_PKTINFO;
    head->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(head), &info, sizeof info);
    sendmsg(browsers->udp, &message, 0);
}

/* -------------------------------------------------------------------------------------------------- connections ----
 */

static bool take_connection(struct browsers *browsers)
{
    int descriptor = accept4(browsers->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (descriptor >= 0)
        watch(browsers, descriptor);
    return descriptor >= 0;
}

static void take_request(struct browsers *browsers, int connection)
{
    char request[64];

    if (recv(connection, request, sizeof request, 0) <= 0)
        close(connection);
    else
        vec_push(&browsers->queue, (struct due){ .at = bench_now() + browsers->delay, .connection = connection });
}

/* ---------------------------------------------------------------------------------------------------- the loop ---- */

static void answer_those_due(struct browsers *browsers)
{
    double now = bench_now();

    while (browsers->first < browsers->queue.count && browsers->queue.items[browsers->first].at <= now) {
        struct due *due = &browsers->queue.items[browsers->first++];

        if (due->connection < 0)
            answer_datagram(browsers, due);
        else
            send(due->connection, prelogin, sizeof prelogin - 1, MSG_NOSIGNAL);
    }
    if (browsers->first == browsers->queue.count) {
        vec_clear(&browsers->queue);
        browsers->first = 0;
    }
}

static int wait_ms(const struct browsers *browsers)
{
    double left;

    if (browsers->first == browsers->queue.count)
        return -1;
    left = browsers->queue.items[browsers->first].at - bench_now();
    return left <= 0 ? 0 : (int)(left * 1e3) + 1;
}

_Noreturn static void run(struct browsers *browsers)
{
    struct epoll_event events[EVENTS];

    for (;;) {
        int count = epoll_wait(browsers->epoll, events, EVENTS, wait_ms(browsers));

        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == browsers->udp)
                while (take_datagram(browsers))
                    ;
            else if (events[i].data.fd == browsers->listener)
                while (take_connection(browsers))
                    ;
            else
                take_request(browsers, events[i].data.fd);
        }
        answer_those_due(browsers);
    }
}

pid_t browsers_start(int delay_ms)
{
    static struct browsers browsers;
    pid_t child;

    open_all(&browsers, delay_ms);
    child = fork();
    if (child < 0)
        bench_fail("sql: no process");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(&browsers);
    }
    close(browsers.udp);
    close(browsers.listener);
    close(browsers.epoll);
    return child;
}

void browsers_stop(pid_t browsers)
{
    kill(browsers, SIGKILL);
    waitpid(browsers, NULL, 0);
}
