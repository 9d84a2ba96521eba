/* A deadline for what a driver does: drivers wait as long as bytes come, each in time. When it is over, each connection
 * of this process to that address and port is ended beneath the driver, so that whatever reads or writes there returns.
 * What a driver then still counts or piles up in memory is the limits of its process's business.
 *
 *     guard = mssql_guard_create("192.0.2.7", 1433, &err);
 *     mssql_guard_begin(guard, 5000);
 *     ... a call of the driver ...
 *     if (mssql_guard_end(guard))   (it was over: the connection is gone)
 *     mssql_guard_destroy(guard);
 *
 * One thread, which sleeps. What is not connected yet is not shut: for that the driver has a time of its own. */
#ifndef MSSQL_GUARD_H
#define MSSQL_GUARD_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct mssql_guard;

/* NULL: class config (the address is not numeric) or system (no thread). */
struct mssql_guard *mssql_guard_create(const char *address, int port, struct err *err);
void mssql_guard_destroy(struct mssql_guard *guard); /* NULL is allowed */

void mssql_guard_begin(struct mssql_guard *guard, int64_t ms);

/* Whether the time was over before. */
bool mssql_guard_end(struct mssql_guard *guard);

#endif
