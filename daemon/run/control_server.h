/* The control socket, the daemon's side: who connects, what they ask, and the way back to them.
 *
 * A peer is known by the user and the groups of its process (SO_PEERCRED, SO_PEERGROUPS). Root and members of the
 * operators' group may change things, and so may the daemon's own user where no such group is configured; members of
 * the readers' group may ask, and everybody may where no such group is configured. Note that scans have the daemon's
 * own user; they cannot open a Unix socket, where the kernel has seccomp.
 *
 * A connection is one request. A peer that does not ask within 10 seconds, does not take its answers, or comes as the
 * 65th at a time, is dropped. Of those who may not change things, each user has 8 connections at a time at the most,
 * and all of them together 48: nobody can keep the operators out. */
#ifndef CONTROL_SERVER_H
#define CONTROL_SERVER_H

#include "control.h"
#include "err.h"

#include <stdbool.h>
#include <uv.h>

struct control_server;
struct peer;

struct control_server_options {
    const char *path;
    const char *readers, *operators; /* names of groups; may be NULL */
};

/* One verb of the vocabulary. */
struct control_verb {
    const char *verb;
    bool changes; /* needs the right to change things */
    /* Answers now or later; the last answer is peer_done. The request is borrowed until it returns. */
    void (*act)(void *context, struct peer *peer, const struct control_request *request);
};

/* The socket is at path when this returns; a dead one that was left there is replaced. verbs ends with a NULL verb. */
struct control_server *control_server_create(uv_loop_t *loop, const struct control_server_options *options,
                                             const struct control_verb *verbs, void *context, struct err *err);

/* Takes the socket away and ends all connections; closed is called when the memory is given back. NULL is allowed, and
 * closed is then called at once. */
void control_server_close(struct control_server *server, void (*closed)(void *context), void *context);

void peer_send(struct peer *peer, const char *name, const struct control_field *fields, size_t count);
void peer_done(struct peer *peer, unsigned status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Whoever answers later says whom to tell when the peer goes away before its answer (it is gone when gone returns).
 * NULL takes that back. */
void peer_watch(struct peer *peer, void (*gone)(void *context), void *context);

/* For an answer that may be long: more is called now, and again whenever the peer has taken what was sent. Each
 * time it sends a portion, and returns whether there is more to come; the last time it has sent the end (peer_done), or
 * left that to others. A peer that goes away first is told to its watcher, as ever. */
void peer_feed(struct peer *peer, bool (*more)(void *context, struct peer *peer), void *context);

/* Who asks, for the journal: "uid 0". */
const char *peer_name(const struct peer *peer);

#endif
