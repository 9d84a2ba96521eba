#include "retry.h"

#include "backoff.h"
#include "clock.h"

#include <stdbool.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define TURNS 12

struct rule {
    int64_t first_ms, cap_ms;
    bool by_turns; /* the cap is also TURNS of the target's own turns */
    bool death;
};

static const struct rule rules[ERR_CLASS_COUNT] = {
    [ERR_UNREACHABLE] = { .first_ms = MINUTE, .cap_ms = HOUR, .by_turns = true },
    [ERR_TIMEOUT] = { .first_ms = 5 * MINUTE, .cap_ms = 4 * HOUR, .by_turns = true },
    [ERR_DENIED] = { .first_ms = 30 * MINUTE, .cap_ms = 12 * HOUR },
    [ERR_PROTOCOL] = { .first_ms = 5 * MINUTE, .cap_ms = 6 * HOUR, .by_turns = true },
    [ERR_BUG] = { .first_ms = 5 * MINUTE, .cap_ms = 6 * HOUR, .by_turns = true, .death = true },
    [ERR_UNSUPPORTED] = { .first_ms = DAY, .cap_ms = 7 * DAY },
    [ERR_CONFIG] = { .first_ms = DAY, .cap_ms = DAY },
    [ERR_SYSTEM] = { .first_ms = MINUTE, .cap_ms = 15 * MINUTE, .by_turns = true },
};

static const struct rule quarantine = { .first_ms = HOUR, .cap_ms = DAY, .death = true };

static const struct rule *rule_of(enum err_class class)
{
    return class > ERR_NONE && class < ERR_CLASS_COUNT ? &rules[class] : &rules[ERR_BUG];
}

static int64_t wait_by(const struct rule *rule, int64_t cap_ms, uint32_t attempts, uint64_t seed)
{
    const struct backoff_rule doubling = { rule->first_ms, cap_ms < rule->first_ms ? rule->first_ms : cap_ms, seed };

    return backoff_delay(&doubling, attempts);
}

int64_t retry_wait(enum err_class class, uint32_t attempts, uint64_t seed, int64_t every_ms)
{
    const struct rule *rule = rule_of(class);
    bool capped = rule->by_turns && every_ms < rule->cap_ms / TURNS;

    return wait_by(rule, capped ? every_ms * TURNS : rule->cap_ms, attempts, seed);
}

static int64_t quarantine_wait(uint32_t deaths, uint64_t seed)
{
    return wait_by(&quarantine, quarantine.cap_ms, deaths < RETRY_DEATHS ? 1 : deaths - RETRY_DEATHS + 1, seed);
}

static uint32_t one_more(uint32_t count)
{
    return count < UINT32_MAX ? count + 1 : count;
}

int64_t retry_count(struct schedule_state *state, enum err_class class, uint64_t seed, int64_t every_ms)
{
    state->attempts = one_more(state->attempts);
    state->deaths = rule_of(class)->death ? one_more(state->deaths) : 0;
    state->quarantined = state->deaths >= RETRY_DEATHS;
    return state->quarantined ? quarantine_wait(state->deaths, seed)
                              : retry_wait(class, state->attempts, seed, every_ms);
}

void retry_reset(struct schedule_state *state)
{
    *state = (struct schedule_state){ .started_at = state->started_at };
}

/* The longest wait that any class asks for: which one it was is not stored. */
static int64_t longest(uint32_t attempts, uint64_t seed)
{
    int64_t most = 0;

    for (enum err_class i = ERR_NONE + 1; i < ERR_CLASS_COUNT; i++) {
        int64_t wait = wait_by(&rules[i], rules[i].cap_ms, attempts, seed);

        most = wait > most ? wait : most;
    }
    return most;
}

int64_t retry_left(const struct schedule_state *state, uint64_t seed, int64_t wall)
{
    int64_t until = state->retry_at < CLOCK_WALL_MAX ? state->retry_at : CLOCK_WALL_MAX;
    int64_t most;

    if (state->attempts == 0 || until <= wall)
        return 0;
    most = state->quarantined ? quarantine_wait(state->deaths, seed) : longest(state->attempts, seed);
    /* From the run's start to the next try: the wait was no longer than that. */
    if (state->started_at > 0 && state->started_at < until && until - state->started_at < most)
        most = until - state->started_at;
    return until - wall < most ? until - wall : most;
}
