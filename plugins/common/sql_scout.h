/* Instances of SQL Server on one computer, without a login: SQL Server Browser is asked (ssrp.h), and each port is
 * looked at by PRELOGIN (prelogin.h), all at once; 1433 always, whatever the browser says, for it may be silent or hide
 * an instance. Blocking; one thread, one poll. Ports come from the browser, the host never does: what is looked at is
 * the address that the configured name has. (The browser's answer may come from another address, as that of a failover
 * cluster does, from its port 1434: it brings no more than names and ports. See sql_browser.h.) */
#ifndef SQL_SCOUT_H
#define SQL_SCOUT_H

#include "err.h"
#include "prelogin.h"
#include "ssrp.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQL_SCOUT_MAX (SSRP_MAX_INSTANCES + 2) /* the browser's, the configured port's, and that at 1433 */
#define SQL_SCOUT_PORT 1433

struct sql_scout_settings {
    const char *host;     /* name or address; the computer's, or a failover cluster instance's network name */
    const char *address;  /* numeric, to be looked at in place of what the name resolves to; NULL: none */
    const char *instance; /* only this one; NULL: all. At 1433 only if MSSQLSERVER, or named there */
    int port;             /* not 0: the browser is not asked, only this port is looked at */
    int64_t browser_ms;   /* how long the browser may take; asked again once in between, as a datagram may be lost */
    int64_t port_ms;      /* how long a port may take, connection and reply together */
    int64_t (*left_ms)(void *context); /* until everything must be over; NULL: there is no end */
    void *context;
};

struct sql_scout_instance {
    char name[SSRP_MAX_NAME + 1]; /* by the browser; "" where only the port is known (1433, the configured one) */
    int port;                     /* 0: the browser tells none */
    bool by_browser;              /* the browser named it */
    bool clustered;               /* the browser says so */
    char browser_version[17];     /* "": the browser told none */
    bool seen;                    /* prelogin holds */
    bool strict;                  /* it wants TLS before anything else (TDS 8.0): it closed at PRELOGIN, and took TLS;
                                     encryption is PRELOGIN_REQUIRED then, whatever is said of it within */
    struct prelogin prelogin;
    struct err why; /* where it is not seen: unreachable, timeout, protocol */
};

struct sql_scout {
    char address[64]; /* that was looked at */
    struct sql_scout_instance instances[SQL_SCOUT_MAX];
    size_t count;           /* in the order of their ports */
    bool browser;           /* it answered */
    size_t left_out;        /* ssrp_reply.left_out */
    struct err browser_why; /* where it did not, or was not asked */
};

/* Looks at the computer. Where the name has several addresses, at one after the other until something is there, at four
 * at the most; each costs its own time. What is silent costs its own time and no other's; where the browser answered
 * and names nothing at 1433, that is waited for no longer than for another answer of the browser.
 *
 * An instance at a port that the browser also names is one entry. What the browser says of an
 * instance is kept although its port does not answer. 1433 without an answer is no entry where the browser answered.
 * False: nothing is there: the name does not resolve, or neither the browser nor any port answers (class unreachable or
 * timeout, with the reasons of both). */
bool sql_scout(struct sql_scout *scout, const struct sql_scout_settings *settings, struct err *err);

#endif
