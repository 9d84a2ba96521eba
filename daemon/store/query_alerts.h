/* The reading side of alerts and their hooks, as query.h is that of the inventory; the same rules hold. */
#ifndef QUERY_ALERTS_H
#define QUERY_ALERTS_H

#include "query.h"

struct query_alert {
    int64_t id;
    const char *key, *hook;
    const char *what; /* the word of the most pressing event */
    const char *need; /* act, decide, look; "" */
    const char *title;
    const char *state; /* waiting, dead, delivered */
    int64_t count;     /* of what it tells */
    int64_t tries, made_at, first_try_at, tried_at, ended_at;
    const char *message; /* why the last try failed; "" */
};

/* A hook that the daemon knew when it last looked. */
struct query_hook {
    const char *name;
    int64_t failed_at;     /* since when it fails; 0: it does not */
    int64_t retry_at;      /* when it may be tried again */
    int64_t pending;       /* events that are not told yet */
    int64_t waiting, dead; /* alerts */
    const char *message;   /* why it failed last; "" */
};

struct query_alerts {
    struct query_alert *list;
    size_t count;
    bool more;                /* there are further ones beyond the limit */
    struct query_hook *hooks; /* by name */
    size_t hook_count;
};

/* The newest first. state NULL: all; limit 0: none. */
bool query_alerts(struct query *query, const char *state, size_t limit, struct arena *arena,
                  struct query_alerts *alerts, struct err *err);

#endif
