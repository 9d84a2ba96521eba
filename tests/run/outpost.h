/* A delivery on a loop with its worker, an outbox that is none, rules with the hooks a and b, a peer that only listens,
 * and real scripts.
 *
 *     outpost_start("exit 0", NULL);          the scripts of a and b; NULL: there is none
 *     outpost_happen(1);                      something that each hook is told of
 *     outpost_until(outpost_is_idle);
 *     assert_int_equal(outpost.alerts[0].fate, DELIVERED);
 *
 * Everything waits for what is to happen, and fails the test where it has not after a minute. */
#ifndef OUTPOST_H
#define OUTPOST_H

#include "delivery.h"
#include "fleet.h"
#include "hook.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define OUTPOST_PATIENCE_MS 60000
#define OUTPOST_ALERTS 32
#define OUTPOST_HOUR_MS INT64_C(3600000)

enum fate { WAITING, DELIVERED, DEAD };

struct rules {
    struct hooks hooks;
    struct hook list[2];
    int references;
};

struct outpost {
    /* the outbox */
    struct {
        const char *hook;
        enum fate fate;
        unsigned tries, settled;
    } alerts[OUTPOST_ALERTS];
    size_t count, events; /* events: that nobody has collected */
    size_t steps, ticks, takes;
    unsigned refused_steps, refused_settles; /* so many times the database says no */
    unsigned patience;                       /* tries after which an alert is dead; 0: never */
    bool failing[2];                         /* the hooks a and b */
    int64_t next_tick, retry_ms;             /* retry_ms: how long a hook that failed waits; 0: hardly */
    int64_t clock_s;                         /* somebody set the wall clock: so far from what it would be */
    size_t hooks_seen;                       /* by the last step */
    /* the peer of a trial */
    void (*gone)(void *context);
    void *gone_context;
    bool answered;
    unsigned status;
    char output[200], message[400];
    /* the daemon */
    char folder[64], paths[2][96];
    uv_loop_t loop;
    uv_timer_t guard;
    int64_t late_at;
    struct fleet fleet;
    struct rules rules[2];
    struct delivery *delivery;
    bool stopped, closed, late;
    struct str log; /* all but what is for debugging */
};

extern struct outpost outpost;
extern struct peer *const outpost_peer;

/* cmocka's set-up and tear-down: nothing may be left. */
int outpost_open(void **state);
int outpost_close(void **state);

void outpost_start(const char *a, const char *b);
void outpost_happen(size_t events);
void outpost_until(bool (*holds)(void));
bool outpost_is_idle(void);
void outpost_stop(int64_t grace_ms);
void outpost_close_worker(void);

/* Other rules come into force, with these scripts. */
void outpost_change_rules(const char *a, const char *b);

/* What a script wrote into a file of its folder; good until the next call. */
const char *outpost_read(const char *name);

#endif
