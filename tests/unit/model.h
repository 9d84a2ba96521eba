/* A schedule with a clock that a test moves, for the tests of the schedule. */
#ifndef MODEL_H
#define MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schedule.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum { FLEET_MAX = 512 };

struct fleet {
    struct schedule *schedule;
    struct schedule_now now;
    struct schedule_entry *entries[FLEET_MAX];
    size_t count;
};

/* What a schedule borrows: "host000" and on. They outlive each fleet, which may be copied. */
static char fleet_names[FLEET_MAX][16];

static const uint8_t secret[SCHEDULE_FINGERPRINT] = { 1 }, other_secret[SCHEDULE_FINGERPRINT] = { 2 };

/* Two plugins, ready, with as many slots each as there are in all. */
static inline struct fleet fleet_of(size_t slots)
{
    const size_t each[2] = { slots, slots };
    struct fleet fleet = { .schedule = schedule_create(slots, each, 2), .now = { 5 * DAY, INT64_C(1700000000000) } };

    schedule_plugin_ready(fleet.schedule, 0, true);
    schedule_plugin_ready(fleet.schedule, 1, true);
    return fleet;
}

static inline struct schedule_credential *fleet_credential(struct fleet *fleet, const struct credential_state *state)
{
    return schedule_add_credential(fleet->schedule, "scan", state, fleet->now);
}

/* Adds target number count. */
static inline struct schedule_entry *fleet_add(struct fleet *fleet, size_t plugin,
                                               struct schedule_credential *credential, int64_t every_ms,
                                               const struct schedule_state *state)
{
    size_t i = fleet->count++;
    struct schedule_spec spec = { fleet_names[i], plugin, credential, every_ms };

    snprintf(fleet_names[i], sizeof fleet_names[i], "host%03u", (unsigned)i);
    fleet->entries[i] = schedule_add(fleet->schedule, &spec, state, &fleet_names[i], fleet->now);
    return fleet->entries[i];
}

static inline size_t fleet_number(const struct schedule_entry *entry)
{
    return (size_t)((char(*)[16])schedule_context(entry) - fleet_names);
}

static inline void fleet_pass(struct fleet *fleet, int64_t ms)
{
    fleet->now.mono += ms;
    fleet->now.wall += ms;
}

/* The next entry that is to start now; NULL where there is none. Looks at credentials find the secret. */
static inline struct schedule_entry *fleet_next(struct fleet *fleet, const uint8_t *fingerprint)
{
    struct schedule_step step;

    while (schedule_next(fleet->schedule, fleet->now, &step)) {
        if (step.what == SCHEDULE_START)
            return step.entry;
        schedule_secret(fleet->schedule, step.credential, fingerprint, fleet->now);
    }
    return NULL;
}

/* The same, begun. */
static inline struct schedule_entry *fleet_begin(struct fleet *fleet, const uint8_t *fingerprint)
{
    struct schedule_entry *entry;

    while ((entry = fleet_next(fleet, fingerprint)) != NULL) {
        if (schedule_begin(fleet->schedule, entry, fingerprint, fleet->now))
            return entry;
    }
    return NULL;
}

/* Lets time pass until the next one begins. */
static inline struct schedule_entry *fleet_await(struct fleet *fleet, const uint8_t *fingerprint)
{
    struct schedule_entry *entry;

    while ((entry = fleet_begin(fleet, fingerprint)) == NULL) {
        int64_t due = schedule_due(fleet->schedule);

        if (due == INT64_MAX)
            return NULL;
        assert_true(due > fleet->now.mono);
        fleet_pass(fleet, due - fleet->now.mono);
    }
    return entry;
}

static inline void fleet_end(struct fleet *fleet, struct schedule_entry *entry, enum err_class class)
{
    schedule_end(fleet->schedule, entry, class, "because", fleet->now);
}

/* How many begin now; they are left running. */
static inline size_t fleet_begin_all(struct fleet *fleet, const uint8_t *fingerprint)
{
    size_t count = 0;

    while (fleet_begin(fleet, fingerprint) != NULL)
        count++;
    return count;
}

static inline int64_t fleet_next_at(const struct fleet *fleet, const struct schedule_entry *entry)
{
    return schedule_next_at(fleet->schedule, entry, fleet->now);
}

#endif
