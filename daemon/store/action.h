/* The action log: who did what, before and after. Rows are added, and never changed (the database refuses it); the
 * retention alone forgets them. */
#ifndef ACTION_H
#define ACTION_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;
struct store;

#define ACTION_SYSTEM (-1) /* the uid of what no user asked for: a signal did */

/* Who acts: the uid as the kernel told it, and the name that it had then. */
struct actor {
    int64_t uid;
    const char *name;
};

/* Texts are for people, and valid UTF-8; "" where there is nothing to say. */
struct action {
    int64_t at; /* wall time */
    struct actor by;
    const char *what;           /* accept, reload */
    const char *subject;        /* on what: a target, a file */
    const char *before, *after; /* in words */
    const char *result;         /* done, refused */
    const char *message;        /* of a refused one: why */
};

/* Writes it inside the transaction of the act itself. */
bool action_write(struct sql *sql, const struct action *action, struct err *err);

/* Writes it in a transaction of its own: of an act that has none. */
bool action_log(struct store *store, const struct action *action, struct err *err);

#endif
