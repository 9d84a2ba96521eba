#include "hold.h"

#include "clock.h"
#include "grid.h"
#include "retry.h"
#include "utf8.h"

#include <string.h>

/* A credential has no turns of its own: only the cap of its class limits the wait. */
static int64_t wait_of(const struct hold *hold, const struct hold_secret *secret)
{
    return retry_wait(ERR_DENIED, secret->state.attempts, hold->seed, INT64_MAX);
}

static void copy(char *to, size_t size, const char *text)
{
    size_t length = text == NULL ? 0 : strnlen(text, size - 1);

    if (length > 0)
        memcpy(to, text, length);
    to[length] = '\0';
    utf8_trim(to);
}

/* Brings the stored time near, as backoff_restore does: the clock may have been set meanwhile. */
static void restore_wait(struct hold *hold, struct schedule_now now)
{
    struct hold_secret *secret = &hold->now;
    int64_t until = secret->state.retry_at < CLOCK_WALL_MAX ? secret->state.retry_at : CLOCK_WALL_MAX;
    int64_t left = until > now.wall ? until - now.wall : 0;
    int64_t most;

    if (secret->state.attempts == 0)
        secret->state.attempts = 1;
    most = wait_of(hold, secret);
    secret->due = now.mono + (left < most ? left : most);
}

void hold_init(struct hold *hold, const char *name, const struct credential_state *state, struct schedule_now now)
{
    *hold = (struct hold){ .now.state.word = CREDENTIAL_UNTRIED, .seed = grid_hash(name) };
    if (state == NULL)
        return;
    hold->now.state = *state;
    if (state->word == CREDENTIAL_HELD)
        restore_wait(hold, now);
    else if (state->word != CREDENTIAL_GOOD)
        hold->now.state.word = CREDENTIAL_UNTRIED;
}

enum hold_gate hold_gate(const struct hold *hold, int64_t mono)
{
    if (hold->now.state.word == CREDENTIAL_GOOD)
        return HOLD_ALL;
    if (hold->canary != NULL)
        return HOLD_SHUT;
    return hold->now.state.word == CREDENTIAL_HELD && mono < hold->now.due ? HOLD_SHUT : HOLD_ONE;
}

static bool is_secret(const struct hold_secret *secret, const uint8_t *fingerprint)
{
    return memcmp(secret->state.fingerprint, fingerprint, SCHEDULE_FINGERPRINT) == 0;
}

static struct hold_secret untried(const uint8_t *fingerprint)
{
    struct hold_secret secret = { .state.word = CREDENTIAL_UNTRIED };

    memcpy(secret.state.fingerprint, fingerprint, SCHEDULE_FINGERPRINT);
    return secret;
}

/* In the place of nothing, or of the one whose wait is over first. */
static void remember(struct hold *hold, const struct hold_secret *secret)
{
    struct hold_past *place = hold->past;

    for (size_t i = 1; i < HOLD_PAST && place->attempts > 0; i++) {
        if (hold->past[i].attempts == 0 || hold->past[i].due < place->due)
            place = &hold->past[i];
    }
    *place = (struct hold_past){ .attempts = secret->state.attempts,
                                 .due = secret->due,
                                 .retry_at = secret->state.retry_at,
                                 .held_at = secret->state.held_at };
    memcpy(place->fingerprint, secret->state.fingerprint, SCHEDULE_FINGERPRINT);
}

/* What is known of a secret that is not the present one; it is not remembered any more. */
static struct hold_secret recall(struct hold *hold, const uint8_t *fingerprint)
{
    struct hold_secret secret = untried(fingerprint);

    for (size_t i = 0; i < HOLD_PAST; i++) {
        struct hold_past *past = &hold->past[i];

        if (past->attempts == 0 || memcmp(past->fingerprint, fingerprint, SCHEDULE_FINGERPRINT) != 0)
            continue;
        secret.due = past->due;
        secret.state.word = CREDENTIAL_HELD;
        secret.state.attempts = past->attempts;
        secret.state.retry_at = past->retry_at;
        secret.state.held_at = past->held_at;
        copy(secret.state.why, sizeof secret.state.why, "this secret was refused before, and has come back");
        past->attempts = 0;
    }
    return secret;
}

bool hold_set_secret(struct hold *hold, const uint8_t fingerprint[SCHEDULE_FINGERPRINT])
{
    if (is_secret(&hold->now, fingerprint))
        return false;
    hold->canary = NULL;
    if (hold->now.state.word == CREDENTIAL_HELD)
        remember(hold, &hold->now);
    hold->now = recall(hold, fingerprint);
    return true;
}

bool hold_begin(struct hold *hold, const void *who, int64_t mono)
{
    if (hold_gate(hold, mono) == HOLD_ONE) {
        hold->canary = who;
        hold->proves = true;
    }
    return hold->canary == who || hold->now.state.word == CREDENTIAL_GOOD;
}

void hold_adopt(struct hold *hold, const void *who)
{
    if (hold->now.state.word == CREDENTIAL_GOOD || hold->canary != NULL)
        return;
    hold->canary = who;
    hold->proves = hold->now.state.word == CREDENTIAL_UNTRIED;
}

void hold_drop(struct hold *hold, const void *who)
{
    if (hold->canary == who)
        hold->canary = NULL;
}

/* counted: it is one more try, and not one that was under way when the hold began. */
static void deny(const struct hold *hold, struct hold_secret *secret, const struct hold_run *run, bool counted,
                 struct schedule_now now)
{
    struct credential_state *state = &secret->state;

    if (state->word != CREDENTIAL_HELD) {
        state->word = CREDENTIAL_HELD;
        state->held_at = now.wall;
        state->attempts = 0;
        counted = true;
    }
    if (counted) {
        state->attempts += state->attempts < UINT32_MAX;
        copy(state->target, sizeof state->target, run->target);
        copy(state->why, sizeof state->why, run->why);
    }
    secret->due = now.mono + wait_of(hold, secret);
    state->retry_at = now.wall + wait_of(hold, secret);
}

/* It does not touch the present secret; but it is remembered, for when the older one comes back. */
static enum hold_verdict deny_older(struct hold *hold, const struct hold_run *run, struct schedule_now now)
{
    struct hold_secret older = recall(hold, run->fingerprint);

    deny(hold, &older, run, false, now);
    remember(hold, &older);
    return HOLD_OLD;
}

enum hold_verdict hold_end(struct hold *hold, const struct hold_run *run, struct schedule_now now)
{
    bool canary = hold->canary == run->who;
    bool present = is_secret(&hold->now, run->fingerprint);

    hold_drop(hold, run->who);
    if (run->class == ERR_DENIED && !present)
        return deny_older(hold, run, now);
    if (run->class == ERR_DENIED && run->alone && !canary)
        return HOLD_ALONE;
    if (run->class == ERR_DENIED) {
        if (hold->now.state.word != CREDENTIAL_HELD)
            hold->proves = false;
        deny(hold, &hold->now, run, canary, now);
        return HOLD_DENIED;
    }
    if (run->class != ERR_NONE || !present || !canary || !hold->proves)
        return HOLD_NOTHING;
    hold->now = untried(run->fingerprint);
    hold->now.state.word = CREDENTIAL_GOOD;
    return HOLD_FREED;
}

bool hold_blames(const struct hold *hold, const char *target)
{
    const struct credential_state *state = &hold->now.state;

    return state->word == CREDENTIAL_HELD && strncmp(state->target, target, sizeof state->target - 1) == 0;
}
