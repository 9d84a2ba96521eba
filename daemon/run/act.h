/* A verb of the control socket that is one act on the database, by whoever asks: its job of the worker, and the answer.
 *
 *     static bool run(struct act *act, struct err *err)
 *     {
 *         if (!thing_do(act->store, act->arguments[0], &act->by, act->now, err))
 *             return false;
 *         str_format(&act->answer, "%s is done", act->arguments[0]);
 *         return true;
 *     }
 *     act_start(verbs, peer, request, run); */
#ifndef ACT_H
#define ACT_H

#include "action.h"
#include "arena.h"
#include "control_server.h"
#include "str.h"
#include "verbs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* Of one try: what failed because the database is in trouble is tried again from the start. */
struct act {
    struct store *store;
    struct actor by;
    int64_t now; /* wall time */
    const char *const *arguments;
    size_t count;
    struct arena arena; /* of this try */
    struct str answer;  /* the sentence for the peer and for the log */
    bool unjudged;      /* set: something waits to be judged */
};

/* In the worker's thread. */
typedef bool act_run(struct act *act, struct err *err);

/* The peer is answered when it is done: with status 0 and the answer, or 1 and why not. */
void act_start(struct verbs *verbs, struct peer *peer, const struct control_request *request, act_run *run);

#endif
