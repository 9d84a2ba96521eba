/* What becomes of items when it is the configuration, or somebody (retire.h), that takes them out of sight. Of the
 * store alone. */
#ifndef RETIREMENT_H
#define RETIREMENT_H

#include "err.h"
#include "vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

/* One transaction's. journal: the number of its row there, which history refers to. */
struct retirement {
    struct sql *sql;
    int64_t journal, now;
    vec(int64_t) unseen;  /* items that lost a sighting, some of them perhaps their last */
    vec(int64_t) retired; /* items that went */
    vec(int64_t) moved;   /* items that went along to another scope */
};

void retirement_finish(struct retirement *retirement);

/* Takes from a target all that it saw and offered. */
bool retirement_of_target(struct retirement *retirement, int64_t target, struct err *err);

/* A target's items follow it to its new scope, to which its row points already. One that stays, because a target of
 * the former scope sees it too or because the new scope has its like, is seen by this target no more. To be called when
 * all targets point to their new scopes. */
bool retirement_move_scope(struct retirement *retirement, int64_t target, int64_t scope, struct err *err);

/* Marks as gone what nobody sees after the above, and what nobody can look for any more. Once, at the end. */
bool retirement_settle(struct retirement *retirement, struct err *err);

#endif
