#include "backoff.h"

#include "hash.h"

/* first_ms doubled for each attempt after the first, without ever passing the cap. */
static int64_t doubled(const struct backoff_rule *rule, uint32_t attempts)
{
    int64_t delay = rule->first_ms > 0 ? rule->first_ms : 1;

    while (--attempts > 0 && delay < rule->cap_ms) {
        if (delay > rule->cap_ms / 2)
            return rule->cap_ms;
        delay *= 2;
    }
    return delay < rule->cap_ms ? delay : rule->cap_ms;
}

int64_t backoff_delay(const struct backoff_rule *rule, uint32_t attempts)
{
    uint64_t mixed[2] = { rule->seed, attempts };
    int64_t delay, slack;

    if (attempts == 0)
        return 0;
    delay = doubled(rule, attempts);
    slack = delay / 4;
    return delay - (int64_t)(hash64(&hash_stable_key, mixed, sizeof mixed) % ((uint64_t)slack + 1));
}

static int64_t later(int64_t now, int64_t delay)
{
    return now > INT64_MAX - delay ? INT64_MAX : now + delay;
}

void backoff_fail(struct backoff *backoff, const struct backoff_rule *rule, int64_t now)
{
    if (backoff->attempts < UINT32_MAX)
        backoff->attempts++;
    backoff->due = later(now, backoff_delay(rule, backoff->attempts));
}

void backoff_reset(struct backoff *backoff)
{
    *backoff = (struct backoff){ 0 };
}

bool backoff_ready(const struct backoff *backoff, int64_t now)
{
    return backoff->attempts == 0 || now >= backoff->due;
}

void backoff_restore(struct backoff *backoff, const struct backoff_rule *rule, uint32_t attempts, int64_t due,
                     int64_t now)
{
    int64_t latest = later(now, backoff_delay(rule, attempts));

    backoff_reset(backoff);
    if (attempts == 0)
        return;
    backoff->attempts = attempts;
    backoff->due = due < latest ? due : latest;
}
