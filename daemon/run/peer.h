/* One connection to the control socket; control_server.h says who may what. */
#ifndef PEER_H
#define PEER_H

#include "control_server.h"
#include "err.h"
#include "list.h"

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

/* Groups by number; a name is NULL where none is configured. */
struct peer_rules {
    const char *readers, *operators; /* borrowed */
    gid_t reader_group, operator_group;
};

/* False, with a sentence (class config), where a group does not exist. */
bool peer_rules_resolve(struct peer_rules *rules, const char *readers, const char *operators, struct err *err);

struct peer_events {
    void (*request)(void *context, struct peer *peer, const struct control_request *request);
    void (*gone)(void *context, struct peer *peer); /* its memory is given back after this */
};

/* Takes the connection that waits at the listener; it may already be doomed, but gone is told in any case. */
struct peer *peer_accept(uv_stream_t *listener, const struct peer_rules *rules, const struct peer_events *events,
                         void *context);

/* Ends the connection, once what was sent is out if the peer takes it at once. */
void peer_drop(struct peer *peer);

bool peer_may_change(const struct peer *peer);
uid_t peer_user(const struct peer *peer);

/* Its place in the list of whoever keeps it. */
struct list *peer_link(struct peer *peer);
struct peer *peer_of(struct list *link);

#endif
