/* SQL Server Browser of one computer, asked for its instances by a datagram (ssrp.h), without ever blocking. Asked
 * again once, half way, as a datagram may be lost.
 *
 * The answer may come from another address than the one that was asked, as a cluster's does, but only from the same
 * port; ports are all that is taken from it. What makes no sense is passed over, for anybody can send it. */
#ifndef SQL_BROWSER_H
#define SQL_BROWSER_H

#include "err.h"
#include "ssrp.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define SQL_BROWSER_MAX 64 /* datagrams that are looked at */

enum sql_browser_state { SQL_BROWSER_WAITS, SQL_BROWSER_ANSWERED, SQL_BROWSER_SILENT };

struct sql_browser {
    const char *host; /* for messages */
    struct sockaddr_storage address;
    int descriptor; /* to be polled for POLLIN while it waits */
    enum sql_browser_state state;
    int64_t again_ms, until_ms;
    int seen;
    bool asked_again;
    struct err why; /* silent: unreachable, timeout, protocol */
};

/* Asks, for at most so long from now on. What host points to must live as long. */
void sql_browser_ask(struct sql_browser *browser, const char *host, const struct sockaddr_storage *address, int64_t ms,
                     int64_t now_ms);

/* Takes what has come, asks again, gives up: after each poll. reply holds once it is SQL_BROWSER_ANSWERED. */
void sql_browser_move(struct sql_browser *browser, struct ssrp_reply *reply, int64_t now_ms);

/* When it has to be moved at the latest; INT64_MAX where it does not wait. */
int64_t sql_browser_next_ms(const struct sql_browser *browser);

/* Closes it; finishing what is zero is allowed. */
void sql_browser_finish(struct sql_browser *browser);

#endif
