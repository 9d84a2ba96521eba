/* What the control socket can be asked: a table of verbs for control_server.h. */
#ifndef VERBS_H
#define VERBS_H

#include "control_server.h"
#include "fleet.h"

#include <stdint.h>

/* The context of the verbs. */
struct verbs {
    struct fleet *fleet;
    const char *version, *config_file;
    int64_t started; /* monotonic */
    /* Reloads the configuration; the peer is answered by whoever does it. */
    void (*reload)(void *context, struct peer *peer);
    /* What people are told of may be other than before: events may wait, and the clock may have something to do
     * earlier. May be NULL. */
    void (*changed)(void *context);
    void *context;
};

extern const struct control_verb verbs_table[];

#endif
