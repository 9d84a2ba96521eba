/* SQL Servers with their SQL Server Browsers, for tests and measurements: the program tests/peers/sqlpeer, as a child.
 *
 *     struct peer *peer = sqlpeer_begin("--fleet", "{\"hosts\": [{\"name\": \"sql1\", \"address\": \"127.0.0.61\","
 *                                       " \"instances\": [{\"name\": \"PAY\", \"version\": \"2012\"}]}]}", NULL);
 *     port = sqlpeer_port(peer, "sql1", "PAY");
 *     peer_tell(peer, "trick\tsql1/PAY\tdenied:18456");
 *     assert_int_equal(sqlpeer_count(peer, "logins"), 1);
 *     peer_stop(peer);
 *
 * Options and commands are those of tests/peers/README.md. In main(), before the tests:
 *
 *     if (sqlpeer_absent() != 0)
 *         return sqlpeer_absent();
 *
 * so that CTest reports a test without a peer as skipped (needs_peer(NAME) in its CMakeLists.txt). */
#ifndef SQLPEER_H
#define SQLPEER_H

#include "peer_child.h"
#include "peer_test.h"

#include <stdint.h>

/* 0 where there can be a peer. Else says why not, and returns the exit status: see peer_absent. */
int sqlpeer_absent(void);

/* The same where somebody is to log in: FreeTDS's driver must be known to unixODBC. */
int sqlpeer_login_absent(void);

/* The same for logins by NTLM and Kerberos, which want more of it (kdc_absent, for Kerberos). */
int sqlpeer_domain_absent(void);

/* Options as words, NULL at their end. What does not work fails the test. */
struct peer *sqlpeer_begin(const char *option, ...) __attribute__((sentinel));

/* Of an instance, on its host's address; of the browser where instance is NULL (0: it has none). An instance that is
 * not there fails the test. */
int sqlpeer_port(struct peer *peer, const char *host, const char *instance);

/* A number of the answer to "count" ("logins", "prelogins", "browser_all"), of all hosts together. */
int64_t sqlpeer_count(struct peer *peer, const char *path);

#endif
