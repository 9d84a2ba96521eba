/* What stands between a driver and its server: the driver connects to a port of this process on 127.0.0.1, and what
 * comes there is handed on, both ways. For two things no driver can be relied on.
 *
 * Encryption: nothing proves PRELOGIN, and FreeTDS 1.3 goes on where a server that is told to encrypt all agrees to the
 * login's first packet alone: statements, rows, and the messages of NTLM would be in the clear. So an answer to
 * PRELOGIN that does not agree to encrypt everything never gets to the driver: the connection ends, before any login.
 *
 * Time: drivers wait as long as bytes come, each in time. When it is over, the connection ends, so that whatever reads
 * or writes there returns. What a driver then still counts or piles up in memory is the limits of its process's
 * business.
 *
 *     relay = mssql_relay_create("192.0.2.7", 1433, false, &err);
 *     mssql_relay_begin(relay, 5000);
 *     ... a call of the driver, which has been told mssql_relay_port(relay) ...
 *     if (mssql_relay_end(relay))   (it was over: the connection is gone)
 *     mssql_relay_destroy(relay);
 *
 * One connection, and only one that this process makes itself; after it nobody is let in. One thread. */
#ifndef MSSQL_RELAY_H
#define MSSQL_RELAY_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

#define MSSQL_RELAY_ADDRESS "127.0.0.1"

struct mssql_relay;

/* strict: TLS comes before PRELOGIN (TDS 8.0), which then is not looked at. NULL: class config (the address is not
 * numeric) or system (no socket, no thread). */
struct mssql_relay *mssql_relay_create(const char *address, int port, bool strict, struct err *err);
void mssql_relay_destroy(struct mssql_relay *relay); /* NULL is allowed */

/* Where the driver has to connect to. */
int mssql_relay_port(const struct mssql_relay *relay);

void mssql_relay_begin(struct mssql_relay *relay, int64_t ms);

/* Whether the time was over, now or ever before. */
bool mssql_relay_end(struct mssql_relay *relay);

/* Whether the relay itself ended the connection, for another reason than time: class unreachable (the server is not
 * there) or protocol (it does not encrypt, or does not answer as a SQL Server). */
bool mssql_relay_failed(struct mssql_relay *relay, struct err *err);

#endif
