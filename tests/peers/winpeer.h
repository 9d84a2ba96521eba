/* Windows computers as WinRM shows them, for tests and measurements: the program tests/peers/winpeer, as a child.
 *
 *     struct peer *peer = winpeer_begin("--fleet", "{\"hosts\": [{\"name\": \"hv\", \"version\": \"2016\"}]}", NULL);
 *     port = winpeer_port(peer, "hv", true);
 *     peer_tell(peer, "trick\thv\tquota:2");
 *     assert_int_equal(winpeer_count(peer, "actions.Enumerate"), 3);
 *     peer_stop(peer);
 *
 * Options and commands are those of tests/peers/README.md. In main(), before the tests:
 *
 *     if (winpeer_absent() != 0)
 *         return winpeer_absent();
 *
 * so that CTest reports a test without a peer as skipped (needs_peer(NAME) in its CMakeLists.txt). */
#ifndef WINPEER_H
#define WINPEER_H

#include "peer_child.h"
#include "peer_test.h"

#include <stdbool.h>
#include <stdint.h>

/* 0 where there can be a peer. Else says why not, and returns the exit status: see peer_absent. */
int winpeer_absent(void);

/* The same for a private KDC. */
int kdc_absent(void);

/* Options as words, NULL at their end. What does not work fails the test. */
struct peer *winpeer_begin(const char *option, ...) __attribute__((sentinel));

/* The same for Apache with mod_auth_gssapi. */
int apache_absent(void);

/* Apache, which nobody here wrote, as a server for Negotiate (apache.py): authenticates, and does not seal. Options as
 * words, NULL at their end; facts: http, https (ports on 127.0.0.1), ca_file. */
struct peer *apache_begin(const char *option, ...) __attribute__((sentinel));

/* A realm of its own on loopback (kdc.py), with the principals scan (password right) and HTTP/localhost. Sets
 * KRB5_CONFIG of this process and its children; facts: realm, config, keytab (the service's), client_keytab, principal,
 * password. */
struct peer *kdc_begin(void);

/* On the host's address; 0 where there is no such host. */
int winpeer_port(const struct peer *peer, const char *host, bool tls);

/* A number of the answer to "count" ("requests", "handshakes", "actions.Pull"), of all hosts together. */
int64_t winpeer_count(struct peer *peer, const char *path);

#endif
