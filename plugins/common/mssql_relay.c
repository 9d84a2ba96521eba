#include "mssql_relay.h"

#include "clock.h"
#include "mem.h"
#include "prelogin.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 4096
#define ROOM 16384 /* bytes on their way, in each direction */

_Static_assert(ROOM >= PRELOGIN_MAX_REPLY, "an answer to PRELOGIN is held until it is whole");

/* What goes one way. */
struct flow {
    int *from, *to; /* descriptors */
    size_t at, size;
    bool held;  /* what has come is kept until it was looked at */
    bool ended; /* no more will come */
    unsigned char bytes[ROOM];
};

struct mssql_relay {
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* of what both threads use: */
    int64_t until;        /* INT64_MAX: there is no end */
    int64_t waking;       /* when the thread looks next by itself */
    bool over, closed;
    struct err why; /* class none: the connection did not end by what was seen here */

    int wake, listener, near, far; /* descriptors; -1: there is none */
    int port;
    struct sockaddr_storage server;
    socklen_t server_size;
    struct flow out, in; /* to the server, and to the driver */
};

/* --------------------------------------------------------------------------------------------- the connection ---- */

static void shut(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void end_connection(struct mssql_relay *relay)
{
    shut(&relay->listener);
    shut(&relay->near);
    shut(&relay->far);
}

/* The first reason counts. Always false. */
static bool fail(struct mssql_relay *relay, const struct err *why)
{
    pthread_mutex_lock(&relay->lock);
    if (relay->why.class == ERR_NONE)
        relay->why = *why;
    pthread_mutex_unlock(&relay->lock);
    return false;
}

static bool fail_system(struct mssql_relay *relay, enum err_class class)
{
    struct err why;

    err_set(&why, class, "%s", strerror(errno));
    return fail(relay, &why);
}

/* Whoever else runs on this machine finds the port, too, and gets nowhere by it. */
static bool is_own(int accepted)
{
    struct rlimit limit = { .rlim_cur = MAX_DESCRIPTORS };
    struct sockaddr_in peer = { 0 };
    socklen_t size = sizeof peer;

    if (getpeername(accepted, (struct sockaddr *)&peer, &size) != 0)
        return false;
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int at = 0; at < MAX_DESCRIPTORS && (rlim_t)at < limit.rlim_cur; at++) {
        struct sockaddr_in name = { 0 };

        size = sizeof name;
        if (getsockname(at, (struct sockaddr *)&name, &size) == 0 && name.sin_family == AF_INET &&
            name.sin_port == peer.sin_port && name.sin_addr.s_addr == peer.sin_addr.s_addr)
            return true;
    }
    return false;
}

static bool connect_on(struct mssql_relay *relay)
{
    int yes = 1;

    relay->far = socket(relay->server.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (relay->far < 0)
        return fail_system(relay, ERR_SYSTEM);
    setsockopt(relay->far, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(relay->near, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(relay->far, (struct sockaddr *)&relay->server, relay->server_size) == 0 || errno == EINPROGRESS)
        return true;
    return fail_system(relay, ERR_UNREACHABLE);
}

/* False: it is over. */
static bool let_in(struct mssql_relay *relay)
{
    int accepted = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (accepted < 0)
        return true;
    if (!is_own(accepted)) {
        close(accepted);
        return true;
    }
    relay->near = accepted;
    shut(&relay->listener);
    return connect_on(relay);
}

/* ------------------------------------------------------------------------------------------------- what flows ---- */

/* Lets the answer to PRELOGIN go on, or keeps it until it is whole. False: it must not. */
static bool inspect(struct mssql_relay *relay, struct flow *flow)
{
    struct prelogin prelogin;
    struct err why = ERR_EMPTY;
    size_t told;

    if (flow->size < PRELOGIN_HEAD)
        return true;
    told = prelogin_size(flow->bytes, &why);
    if (told > flow->size)
        return true;
    if (told == 0 || !prelogin_read(&prelogin, flow->bytes, told, &why))
        return fail(relay, &why);
    flow->held = prelogin.encryption == PRELOGIN_OFF || prelogin.encryption == PRELOGIN_NOT_THERE;
    if (!flow->held)
        return true;
    err_set(&why, ERR_PROTOCOL,
            "it agrees to no more than an encrypted login (PRELOGIN: %s), and a moment ago it agreed to encrypt all: "
            "look who stands between; nothing was sent",
            prelogin_encryption_word(prelogin.encryption));
    return fail(relay, &why);
}

static bool is_later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static bool receive(struct mssql_relay *relay, struct flow *flow)
{
    ssize_t size = recv(*flow->from, flow->bytes + flow->size, ROOM - flow->size, 0);

    if (size < 0)
        return is_later() || (flow == &relay->in && fail_system(relay, ERR_UNREACHABLE));
    flow->ended = size == 0;
    flow->size += (size_t)size;
    return !flow->held || inspect(relay, flow);
}

static bool hand_on(struct mssql_relay *relay, struct flow *flow)
{
    ssize_t size = send(*flow->to, flow->bytes + flow->at, flow->size - flow->at, MSG_NOSIGNAL);

    if (size < 0)
        return is_later() || (flow == &relay->out && fail_system(relay, ERR_UNREACHABLE));
    flow->at += (size_t)size;
    if (flow->at == flow->size)
        flow->at = flow->size = 0;
    return true;
}

static bool may_receive(const struct flow *flow)
{
    return !flow->ended && (flow->held || flow->size == 0);
}

static bool may_hand_on(const struct flow *flow)
{
    return flow->size > 0 && !flow->held;
}

/* False: nothing more comes through. */
static bool move(struct mssql_relay *relay, struct flow *flow)
{
    if (may_receive(flow) && !receive(relay, flow))
        return false;
    if (may_hand_on(flow) && !hand_on(relay, flow))
        return false;
    return !flow->ended || may_hand_on(flow);
}

/* ------------------------------------------------------------------------------------------------ the thread ---- */

/* How long to wait; -1: for ever. False: it is over. */
static bool look_at_time(struct mssql_relay *relay, int *wait_ms)
{
    int64_t left;
    bool on;

    pthread_mutex_lock(&relay->lock);
    left = relay->until == INT64_MAX ? INT64_MAX : relay->until - clock_mono_ms(&clock_system);
    relay->over = relay->over || left <= 0;
    relay->waking = relay->until;
    on = !relay->over && !relay->closed;
    pthread_mutex_unlock(&relay->lock);
    *wait_ms = left == INT64_MAX ? -1 : left > INT32_MAX ? INT32_MAX : (int)left;
    return on;
}

/* What nothing is wanted of is not looked at: a connection that is gone would be told again and again. */
static struct pollfd interest(int descriptor, const struct flow *from, const struct flow *to)
{
    int events = (may_receive(from) ? POLLIN : 0) | (may_hand_on(to) ? POLLOUT : 0);

    return (struct pollfd){ .fd = events != 0 ? descriptor : -1, .events = (short)events };
}

static void be_woken(const struct mssql_relay *relay)
{
    uint64_t count;

    while (read(relay->wake, &count, sizeof count) > 0)
        ;
}

static bool turn(struct mssql_relay *relay, int wait_ms)
{
    struct pollfd waiting[] = {
        { .fd = relay->wake, .events = POLLIN },
        { .fd = relay->listener, .events = POLLIN },
        interest(relay->near, &relay->out, &relay->in),
        interest(relay->far, &relay->in, &relay->out),
    };

    if (poll(waiting, 4, wait_ms) <= 0)
        return true;
    be_woken(relay);
    if (waiting[1].revents != 0)
        return let_in(relay);
    if ((waiting[2].revents | waiting[3].revents) == 0)
        return true;
    return move(relay, &relay->out) && move(relay, &relay->in);
}

static void *run(void *context)
{
    struct mssql_relay *relay = context;
    int wait_ms;

    while (look_at_time(relay, &wait_ms) && turn(relay, wait_ms))
        ;
    end_connection(relay);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------- its owner ---- */

static bool read_address(struct mssql_relay *relay, const char *address, int port, struct err *err)
{
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found;
    char service[16];
    int code;

    snprintf(service, sizeof service, "%d", port);
    code = getaddrinfo(address, service, &wanted, &found);
    if (code != 0)
        return err_set(err, ERR_CONFIG, "%s is no address: %s", address, gai_strerror(code));
    memcpy(&relay->server, found->ai_addr, found->ai_addrlen);
    relay->server_size = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

static bool open_port(struct mssql_relay *relay, struct err *err)
{
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof name;

    relay->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (relay->wake < 0 || relay->listener < 0 || bind(relay->listener, (struct sockaddr *)&name, sizeof name) != 0 ||
        listen(relay->listener, 1) != 0 || getsockname(relay->listener, (struct sockaddr *)&name, &size) != 0)
        return err_system(err, "a port of " MSSQL_RELAY_ADDRESS " for the driver");
    relay->port = ntohs(name.sin_port);
    return true;
}

static bool start(struct mssql_relay *relay, struct err *err)
{
    int code = pthread_create(&relay->thread, NULL, run, relay);

    relay->running = code == 0;
    return code == 0 || err_set(err, ERR_SYSTEM, "a thread: %s", strerror(code));
}

static void wake(const struct mssql_relay *relay)
{
    const uint64_t one = 1;

    while (write(relay->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

struct mssql_relay *mssql_relay_create(const char *address, int port, bool strict, struct err *err)
{
    struct mssql_relay *relay = mem_new(1, sizeof *relay);

    pthread_mutex_init(&relay->lock, NULL);
    relay->until = relay->waking = INT64_MAX;
    relay->wake = relay->listener = relay->near = relay->far = -1;
    relay->out.from = relay->in.to = &relay->near;
    relay->out.to = relay->in.from = &relay->far;
    relay->in.held = !strict;
    if (read_address(relay, address, port, err) && open_port(relay, err) && start(relay, err))
        return relay;
    mssql_relay_destroy(relay);
    return NULL;
}

void mssql_relay_destroy(struct mssql_relay *relay)
{
    if (relay == NULL)
        return;
    if (relay->running) {
        pthread_mutex_lock(&relay->lock);
        relay->closed = true;
        pthread_mutex_unlock(&relay->lock);
        wake(relay);
        pthread_join(relay->thread, NULL);
    }
    end_connection(relay);
    shut(&relay->wake);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
}

int mssql_relay_port(const struct mssql_relay *relay)
{
    return relay->port;
}

/* A row after the other has a time: the thread is left asleep where it wakes soon enough. */
void mssql_relay_begin(struct mssql_relay *relay, int64_t ms)
{
    int64_t now = clock_mono_ms(&clock_system);
    bool late;

    pthread_mutex_lock(&relay->lock);
    relay->until = ms > INT64_MAX - now ? INT64_MAX : now + (ms > 0 ? ms : 0);
    late = relay->until < relay->waking;
    pthread_mutex_unlock(&relay->lock);
    if (late)
        wake(relay);
}

bool mssql_relay_end(struct mssql_relay *relay)
{
    bool over;

    pthread_mutex_lock(&relay->lock);
    relay->until = INT64_MAX;
    over = relay->over;
    pthread_mutex_unlock(&relay->lock);
    return over;
}

bool mssql_relay_failed(struct mssql_relay *relay, struct err *err)
{
    bool failed;

    pthread_mutex_lock(&relay->lock);
    failed = relay->why.class != ERR_NONE;
    if (failed && err != NULL)
        *err = relay->why;
    pthread_mutex_unlock(&relay->lock);
    return failed;
}
