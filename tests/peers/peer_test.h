/* Peers in a cmocka test: what does not work fails the test, with the sentence. */
#ifndef PEER_TEST_H
#define PEER_TEST_H

#include "peer_child.h"

#include <stdarg.h>

/* The exit status of a test that has no peer, where missing says why: 77 (skipped), or 1 where the environment has
 * CI=true or MUSTER_PEERS=required. missing NULL: 0. Says it on standard error. */
int peer_absent(const char *missing);

/* Starts a program of Python with the system's Python, which has the packages: name (for messages; it must live as long
 * as the peer) and path of it, then its options as words, NULL at their end. What does not work fails the test. */
struct peer *peer_begin(const char *name, const char *program, ...) __attribute__((sentinel));

/* The same; the first option apart from the others, which may be NULL. */
struct peer *peer_vbegin(const char *name, const char *program, const char *option, va_list args);

/* Sends a command; its answer, as of peer_command. */
const char *peer_tell(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *peer_vtell(struct peer *peer, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
