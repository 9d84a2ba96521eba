/* How long to wait after a failure: twice as long after each further one, up to a cap. Pure: the caller brings the
 * time, and keeps attempts and due where they survive a restart.
 *
 *     static const struct backoff_rule rule = { .first_ms = 60000, .cap_ms = 3600000, .seed = target_hash };
 *     backoff_fail(&backoff, &rule, now);      -> backoff.due
 *     if (backoff_ready(&backoff, now)) ...
 *     backoff_reset(&backoff);                 when it went well */
#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff_rule {
    int64_t first_ms; /* at least 1 */
    int64_t cap_ms;   /* at least first_ms */
    uint64_t seed;    /* different ones keep those who failed together from trying again together */
};

/* All zero is "never failed". */
struct backoff {
    uint32_t attempts; /* failed ones in a row */
    int64_t due;       /* when to try again, on the caller's clock */
};

/* The wait after so many failures: a power of two times first_ms, at most cap_ms, and of that between three quarters
 * and the whole, always the same for the same rule and attempts. 0 after none. */
int64_t backoff_delay(const struct backoff_rule *rule, uint32_t attempts);

/* One more failure, now. */
void backoff_fail(struct backoff *backoff, const struct backoff_rule *rule, int64_t now);

void backoff_reset(struct backoff *backoff);

bool backoff_ready(const struct backoff *backoff, int64_t now);

/* Takes up what was stored. Where the clock was set back meanwhile, or the rule became shorter, due is brought near:
 * nothing waits longer than its attempts ask for. */
void backoff_restore(struct backoff *backoff, const struct backoff_rule *rule, uint32_t attempts, int64_t due,
                     int64_t now);

#endif
