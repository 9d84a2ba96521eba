/* A program that stands for somebody else's server, as a child: it says in one line of JSON when it is ready and how to
 * reach it, takes commands, a line each, on its standard input, answers each by one line of JSON, and ends when that
 * input does. So nothing is left behind however this process ends. Every wait is bounded.
 *
 *     static const char *const words[] = { "/usr/bin/python3", "-B", "winpeer", "--host", "a:2016", NULL };
 *     struct peer *peer = peer_start("winpeer", words, &err);
 *     ... peer_fact(peer, "ca_file") ... peer_fact_number(peer, "hosts.a.https") ...
 *     reply = peer_command(peer, "reboot a", &err);
 *     peer_stop(peer);
 */
#ifndef PEER_CHILD_H
#define PEER_CHILD_H

#include "err.h"

#include <stdint.h>
#include <sys/types.h>

#define PEER_START_MS 300000 /* until it is ready: a fleet of many thousands takes its time */
#define PEER_REPLY_MS 120000 /* until a command is answered */

struct peer;

/* name, which must live as long as the peer, is for messages; words: the program's path and its arguments, NULL at
 * their end. NULL with class system where it does not start, or is not ready in time; what it has to say of that is on
 * standard error. */
struct peer *peer_start(const char *name, const char *const *words, struct err *err);

/* Ends it, and waits for that; it is killed when it does not end. NULL is allowed. */
void peer_stop(struct peer *peer);

pid_t peer_pid(const struct peer *peer);

/* What it said when it was ready, by the path of its members ("hosts.a.address"); "" or 0 where there is none. Lives as
 * long as the peer. */
const char *peer_fact(const struct peer *peer, const char *path);
int64_t peer_fact_number(const struct peer *peer, const char *path);

/* Sends one command and waits for its answer: a line of JSON, which lives until the next command. NULL: it answered
 * with an error, which is then in err (class config), or not at all (class system). */
const char *peer_command(struct peer *peer, const char *line, struct err *err);

/* A number of the last answer, by the path of its members ("methods.Login"); 0 where there is none. */
int64_t peer_number(const struct peer *peer, const char *path);

#endif
