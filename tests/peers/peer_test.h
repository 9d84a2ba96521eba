/* Peers in a cmocka test: what does not work fails the test, with the sentence. */
#ifndef PEER_TEST_H
#define PEER_TEST_H

#include "peer_child.h"

#include <stdarg.h>

/* The exit status of a test that has no peer, where missing says why: 77 (skipped), or 1 where the environment has
 * CI=true or MUSTER_PEERS=required. missing NULL: 0. Says it on standard error. */
int peer_absent(const char *missing);

/* Sends a command; its answer, as of peer_command. */
const char *peer_tell(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *peer_vtell(struct peer *peer, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
