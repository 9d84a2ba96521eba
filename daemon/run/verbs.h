/* What the control socket can be asked: a table of verbs for control_server.h. */
#ifndef VERBS_H
#define VERBS_H

#include "control_server.h"
#include "fleet.h"

#include <stddef.h>
#include <stdint.h>

/* The context of the verbs. */
struct verbs {
    struct fleet *fleet;
    const char *version, *config_file;
    int64_t started; /* monotonic */
    /* Reloads the configuration; the peer is answered by whoever does it. */
    void (*reload)(void *context, struct peer *peer);
    void *context;
};

extern const struct control_verb verbs_table[];

/* Answers that there is nothing of this kind ("target") and name, with the nearest of those that there are. */
void verbs_unknown(struct peer *peer, const char *what, const char *name, const char *const *names, size_t count);

#endif
