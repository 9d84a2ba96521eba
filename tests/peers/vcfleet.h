/* A vCenter Server, or a stand-alone ESXi host, for tests and measurements: the program vcfleet, as a child.
 *
 *     static const char *const options[] = { "-vm", "3", NULL };
 *     struct vcfleet *fleet = vcfleet_start(options, &err);
 *     ... vcfleet_fact(fleet, VCFLEET_URL) ...
 *     reply = vcfleet_command(fleet, "power-off\tDC0_H0_VM0", &err);
 *     vcfleet_stop(fleet);
 *
 * Options and commands are those of tests/peers/README.md. The child ends when its standard input does, so nothing is
 * left behind however this process ends. Every wait is bounded. Needs Go and govmomi's library when the tree is
 * configured; see vcfleet_missing. */
#ifndef VCFLEET_H
#define VCFLEET_H

#include "err.h"
#include "peer_child.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct vcfleet;

/* NULL, or a sentence that says why there can be no peer: it was not built. */
const char *vcfleet_missing(void);

/* options: arguments for vcfleet, NULL at their end; NULL: none. NULL with class system where it does not start, or is
 * not ready in time; what it has to say of that is on standard error. */
struct vcfleet *vcfleet_start(const char *const *options, struct err *err);

/* The other peer, which plays tricks, in its place: hostile.py, beginning with that trick, and with pages of that size
 * where it is not 0. It needs neither Go nor the library. */
struct vcfleet *vcfleet_start_hostile(const char *trick, unsigned page, struct err *err);

/* Ends it, and waits for that; it is killed when it does not end. NULL is allowed. */
void vcfleet_stop(struct vcfleet *fleet);

enum vcfleet_fact { VCFLEET_URL, VCFLEET_FINGERPRINT, VCFLEET_CA_FILE, VCFLEET_USERNAME, VCFLEET_PASSWORD };

/* What it said when it was ready; lives as long as the peer. The URL is https://127.0.0.1:port, without a path. */
const char *vcfleet_fact(const struct vcfleet *fleet, enum vcfleet_fact fact);
struct peer *vcfleet_peer(struct vcfleet *fleet);
pid_t vcfleet_pid(const struct vcfleet *fleet);
int64_t vcfleet_machines(const struct vcfleet *fleet); /* virtual machines at its start */

/* Sends one command and waits for its answer: a line of JSON, which lives until the next command. NULL: it answered
 * with an error, which is then in err (class config), or not at all (class system). */
const char *vcfleet_command(struct vcfleet *fleet, const char *line, struct err *err);

/* A number of the last answer, by the path of its members ("requests", "methods.Login"); 0 where there is none. */
int64_t vcfleet_number(const struct vcfleet *fleet, const char *path);

#endif
