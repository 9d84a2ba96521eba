#include "sql_port.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum progress { FAILED, WAITS, NEXT };

struct sql_port_stage {
    enum progress (*go)(struct sql_port *port);
    const char *missing; /* where the time is up */
};

static enum progress waits(struct sql_port *port, short events)
{
    port->events = events;
    return WAITS;
}

static enum progress of_channel(struct sql_port *port, enum tds_channel_result result)
{
    switch (result) {
    case TDS_CHANNEL_READS: return waits(port, POLLIN);
    case TDS_CHANNEL_WRITES: return waits(port, POLLOUT);
    case TDS_CHANNEL_DONE: return NEXT;
    default: return FAILED;
    }
}

static bool is_strict(const struct sql_port *port)
{
    return port->wish.tls != NULL && port->wish.tls->strict;
}

/* --------------------------------------------------------------------------------------------------- stages ---- */

/* Asked again, connect() tells how far it is. */
static enum progress go_connect(struct sql_port *port)
{
    const struct sockaddr *address = (const struct sockaddr *)&port->wish.address;
    socklen_t size = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

    if (connect(port->descriptor, address, size) == 0 || errno == EISCONN)
        return NEXT;
    if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR)
        return waits(port, POLLOUT);
    err_set(&port->why, errno == ETIMEDOUT ? ERR_TIMEOUT : ERR_UNREACHABLE, "%s", strerror(errno));
    return FAILED;
}

#define TLS_ALERT 0x15 /* type of a record (RFC 8446, 5.1) */

/* It went away where it should have answered; one that wants TLS first may say so in TLS. */
static enum progress fail_closed(struct sql_port *port, const char *how)
{
    port->closed = port->at == 0 || port->bytes[0] == TLS_ALERT;
    err_set(&port->why, ERR_PROTOCOL, "it closed the connection at PRELOGIN (%s)", how);
    return FAILED;
}

static enum progress go_write(struct sql_port *port)
{
    port->at = 0;
    port->size = prelogin_write(port->bytes, port->wish.tls != NULL && !is_strict(port));
    return NEXT;
}

static enum progress go_ask(struct sql_port *port)
{
    if (is_strict(port))
        return of_channel(port, tds_channel_send(port->channel, port->bytes, port->size, &port->why));
    while (port->at < port->size) {
        ssize_t size = send(port->descriptor, port->bytes + port->at, port->size - port->at, MSG_NOSIGNAL);

        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return waits(port, POLLOUT);
        if (size < 0) {
            port->at = 0;
            return fail_closed(port, strerror(errno));
        }
        port->at += (size_t)size;
    }
    return NEXT;
}

static enum progress go_listen(struct sql_port *port)
{
    port->at = 0;
    port->size = PRELOGIN_HEAD;
    return NEXT;
}

/* *got 0: it has closed, and why in the text. */
static enum progress receive(struct sql_port *port, size_t *got, const char **how)
{
    size_t room = port->size - port->at;
    ssize_t size;

    *how = "at its end";
    if (is_strict(port))
        return of_channel(port, tds_channel_receive(port->channel, port->bytes + port->at, room, got, &port->why));
    size = recv(port->descriptor, port->bytes + port->at, room, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return waits(port, POLLIN);
    if (size < 0)
        *how = strerror(errno);
    *got = size < 0 ? 0 : (size_t)size;
    return NEXT;
}

/* First the head, which tells how much there is. */
static enum progress go_hear(struct sql_port *port)
{
    while (port->at < port->size) {
        const char *how;
        size_t got;
        enum progress progress = receive(port, &got, &how);

        if (progress != NEXT)
            return progress;
        if (got == 0)
            return fail_closed(port, how);
        port->at += got;
        if (port->at == PRELOGIN_HEAD && port->size == PRELOGIN_HEAD)
            port->size = prelogin_size(port->bytes, &port->why);
        port->closed = port->size == 0 && port->bytes[0] == TLS_ALERT;
    }
    return port->size > 0 && prelogin_read(&port->prelogin, port->bytes, port->size, &port->why) ? NEXT : FAILED;
}

static enum progress go_secure(struct sql_port *port)
{
    if (!is_strict(port) &&
        (port->prelogin.encryption == PRELOGIN_OFF || port->prelogin.encryption == PRELOGIN_NOT_THERE)) {
        err_set(&port->why, ERR_PROTOCOL,
                "it offers no encryption (PRELOGIN: %s); nobody should log in there before it has a certificate",
                prelogin_encryption_word(port->prelogin.encryption));
        return FAILED;
    }
    port->channel = tds_channel_create(port->descriptor, port->wish.tls, &port->why);
    return port->channel == NULL ? FAILED : NEXT;
}

static enum progress go_shake(struct sql_port *port)
{
    return of_channel(port, tds_channel_shake(port->channel, &port->why));
}

/* -------------------------------------------------------------------------------------------------- progress ---- */

#define CONNECT                                                                                                        \
    {                                                                                                                  \
        go_connect, "no connection"                                                                                    \
    }
#define PRELOGIN                                                                                                       \
    { go_write, "" }, { go_ask, "PRELOGIN cannot be sent" }, { go_listen, "" },                                        \
    {                                                                                                                  \
        go_hear, "no whole answer to PRELOGIN"                                                                         \
    }
#define SHAKE                                                                                                          \
    { go_secure, "" },                                                                                                 \
    {                                                                                                                  \
        go_shake, "no end of the TLS handshake"                                                                        \
    }
#define OVER                                                                                                           \
    {                                                                                                                  \
        NULL, ""                                                                                                       \
    }

static const struct sql_port_stage look[] = { CONNECT, PRELOGIN, OVER };
static const struct sql_port_stage inside[] = { CONNECT, PRELOGIN, SHAKE, OVER };
static const struct sql_port_stage strict[] = { CONNECT, SHAKE, PRELOGIN, OVER };

static void end(struct sql_port *port, bool good)
{
    size_t length = strlen(port->why.text);

    port->over = true;
    port->good = good;
    if (good)
        return;
    err_add(&port->why, "port %d of %s", port->wish.port, port->wish.host);
    port->lead = strlen(port->why.text) - length;
}

void sql_port_move(struct sql_port *port)
{
    while (!port->over) {
        enum progress progress = port->stage->go(port);

        if (progress == WAITS)
            return;
        if (progress == NEXT)
            port->stage++;
        if (progress == FAILED || port->stage->go == NULL)
            end(port, progress == NEXT);
    }
}

void sql_port_start(struct sql_port *port, const struct sql_port_wish *wish)
{
    struct sockaddr_storage *address = &port->wish.address;

    memset(port, 0, sizeof *port);
    port->wish = *wish;
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)wish->port);
    else
        ((struct sockaddr_in *)address)->sin_port = htons((uint16_t)wish->port);
    port->stage = wish->tls == NULL ? look : wish->tls->strict ? strict : inside;
    port->descriptor = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (port->descriptor >= 0) {
        sql_port_move(port);
        return;
    }
    err_system(&port->why, "no socket");
    end(port, false);
}

void sql_port_expire(struct sql_port *port, int64_t ms)
{
    if (port->over)
        return;
    err_set(&port->why, ERR_TIMEOUT, "%s within %" PRId64 " ms", port->stage->missing, ms);
    end(port, false);
}

void sql_port_finish(struct sql_port *port)
{
    tds_channel_destroy(port->channel);
    port->channel = NULL;
    if (port->stage != NULL && port->descriptor >= 0)
        close(port->descriptor);
    port->descriptor = -1;
}
