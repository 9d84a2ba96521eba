/* One port of a computer where SQL Server may listen: connection, PRELOGIN, and TLS where it is wished, without ever
 * blocking, so that many go on in one poll loop. No login.
 *
 *     sql_port_start(&port, &wish);
 *     while (!port.over) { poll port.descriptor for port.events, or sql_port_expire(&port, ms); sql_port_move(&port); }
 *     port.good ? port.prelogin : port.why
 *     sql_port_finish(&port); */
#ifndef SQL_PORT_H
#define SQL_PORT_H

#include "err.h"
#include "prelogin.h"
#include "tds_channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* What it points to must live as long as the port. */
struct sql_port_wish {
    const char *host; /* for messages */
    struct sockaddr_storage address;
    int port;
    const struct tds_channel_settings *tls; /* NULL: PRELOGIN alone. Otherwise hands are shaken behind it, or, where it
                                               is strict, before it */
};

struct sql_port {
    struct sql_port_wish wish;
    int descriptor;
    short events; /* to be polled for */
    bool over;
    bool good;   /* once it is over: all came about */
    bool closed; /* at PRELOGIN without a byte, or with an alert of TLS, as one does that wants TLS first */
    struct prelogin prelogin; /* good, or shaking hands failed behind it */
    struct tds_channel *channel;
    struct err why; /* over, and not good: unreachable, timeout, protocol */
    size_t lead;    /* bytes of its text that say at which port, of which host */

    const struct sql_port_stage *stage;
    unsigned char bytes[PRELOGIN_MAX_REPLY];
    size_t at, size; /* of what is sent, or comes */
};

/* Begins, and goes as far as it can. */
void sql_port_start(struct sql_port *port, const struct sql_port_wish *wish);

/* Goes as far as it can; call it whenever poll tells of the descriptor. */
void sql_port_move(struct sql_port *port);

/* The time is up: it is over, and why is what did not come within so many milliseconds. Nothing where it is over. */
void sql_port_expire(struct sql_port *port, int64_t ms);

/* Closes it. What is told of it stays; finishing what is zero is allowed. */
void sql_port_finish(struct sql_port *port);

#endif
