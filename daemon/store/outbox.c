#include "outbox.h"

#include "backoff.h"
#include "hash.h"
#include "mem.h"
#include "outbox_parts.h"
#include "sql.h"
#include "store.h"
#include "str.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------------- steps ---- */

static bool collect(struct sql *sql, void *context, struct err *err)
{
    struct outbox_turn *turn = context;
    const struct hooks *hooks = turn->setting->hooks;
    bool good = outbox_collect_hooks(sql, turn->setting, err);

    turn->sql = sql;
    for (size_t i = 0; good && i < hooks->count; i++) {
        turn->hook = &hooks->list[i];
        good = outbox_collect(turn, err);
        arena_reset(&turn->arena);
    }
    return good;
}

static bool look_for_ready(struct outbox_turn *turn, struct err *err)
{
    struct sql_query query;

    sql_query(&query, turn->sql,
              "SELECT 1 FROM hook WHERE name = ?1 AND coalesce(retry_at, 0) <= ?2"
              " AND EXISTS (SELECT 1 FROM alert WHERE hook = ?1 AND state = 'waiting')");
    sql_bind_text(&query, 1, turn->hook->name);
    sql_bind_int(&query, 2, turn->setting->now);
    turn->step->ready = sql_row(&query) || turn->step->ready;
    return sql_done(&query, err);
}

static bool freeze(struct sql *sql, void *context, struct err *err)
{
    struct outbox_turn *turn = context;
    bool good;

    turn->sql = sql;
    good = outbox_freeze(turn, err) && look_for_ready(turn, err);
    arena_reset(&turn->arena);
    return good;
}

static bool run_step(struct store *store, struct outbox_turn *turn, struct err *err)
{
    const struct hooks *hooks = turn->setting->hooks;
    bool good = store_transaction(store, collect, turn, err);
    size_t count = turn->step->more ? 0 : hooks->count; /* what belongs together may not be there yet */

    for (size_t i = 0; good && i < count; i++) {
        turn->hook = &hooks->list[i];
        good = store_transaction(store, freeze, turn, err);
    }
    return good || err_add(err, "the alerts for hooks");
}

bool outbox_step(struct store *store, const struct outbox_setting *setting, size_t most, struct outbox_step *step,
                 struct err *err)
{
    struct map quiet = MAP_EMPTY;
    struct outbox_turn turn = { .setting = setting, .quiet = &quiet, .step = step, .most = most == 0 ? 1 : most };
    bool good;

    *step = (struct outbox_step){ 0 };
    for (size_t i = 0; i < setting->quiet_count; i++) {
        const struct outbox_quiet *one = &setting->quiet[i];

        map_put_bytes(&quiet, (const char *)&one->target, sizeof one->target, (void *)one);
    }
    arena_init(&turn.arena, ARENA_PLAIN);
    good = run_step(store, &turn, err);
    roster_finish(&turn.roster);
    arena_finish(&turn.arena);
    map_finish(&quiet);
    return good;
}

/* -------------------------------------------------------------------------------------------------------- take ---- */

static struct backoff_rule rule_of(const struct hook *hook)
{
    return (struct backoff_rule){
        .first_ms = OUTBOX_RETRY_MS,
        .cap_ms = OUTBOX_RETRY_MAX_MS,
        .seed = hash64(&hash_stable_key, hook->name, strlen(hook->name)),
    };
}

/* How the hook is. */
struct health {
    struct backoff backoff;
    int64_t failed_at; /* 0: it does not fail */
    bool nearer;       /* the clock was set back: it is due earlier than is written */
};

static bool read_health(struct sql *sql, const struct hook *hook, int64_t now, struct health *health, struct err *err)
{
    const struct backoff_rule rule = rule_of(hook);
    struct sql_query query;

    *health = (struct health){ 0 };
    sql_query(&query, sql, "SELECT attempts, retry_at, failed_at FROM hook WHERE name = ?1");
    sql_bind_text(&query, 1, hook->name);
    if (sql_row(&query)) {
        backoff_restore(&health->backoff, &rule, (uint32_t)sql_int(&query, 0), sql_int(&query, 1), now);
        health->failed_at = sql_int(&query, 2);
        health->nearer = health->backoff.due < sql_int(&query, 1);
    }
    return sql_done(&query, err);
}

struct taking {
    const struct hook *hook;
    int64_t now;
    struct outbox_alert *alert;
};

static bool find_waiting(struct sql *sql, const struct taking *taking, struct err *err)
{
    struct outbox_alert *alert = taking->alert;
    struct sql_query query;

    sql_query(&query, sql,
              "SELECT id, key, what, need, count, tries, payload FROM alert WHERE hook = ?1 AND state = 'waiting'"
              " ORDER BY tries, id LIMIT 1");
    sql_bind_text(&query, 1, taking->hook->name);
    if (sql_row(&query)) {
        alert->id = sql_int(&query, 0);
        snprintf(alert->key, sizeof alert->key, "%s", sql_text(&query, 1));
        alert->what = event_find(sql_text(&query, 2));
        alert->need = need_find(sql_text(&query, 3));
        alert->count = (size_t)sql_int(&query, 4);
        alert->tries = (unsigned)sql_int(&query, 5);
        alert->payload = mem_text(sql_text(&query, 6));
    }
    return sql_done(&query, err);
}

/* A try counts from its beginning: one that takes the machine down with it is a try, too. */
static bool note_try(struct sql *sql, const struct taking *taking, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE alert SET tries = tries + 1, tried_at = ?2, first_try_at = min(coalesce(first_try_at, ?2), ?2)"
              " WHERE id = ?1");
    sql_bind_int(&query, 1, taking->alert->id);
    sql_bind_int(&query, 2, taking->now);
    return sql_done(&query, err);
}

/* Else it would be as far away at the next look. */
static bool write_due(struct sql *sql, const struct taking *taking, const struct health *health, struct err *err)
{
    struct sql_query query;

    taking->alert->next = health->backoff.due;
    if (!health->nearer)
        return true;
    sql_query(&query, sql, "UPDATE hook SET retry_at = ?2 WHERE name = ?1");
    sql_bind_text(&query, 1, taking->hook->name);
    sql_bind_int(&query, 2, health->backoff.due);
    return sql_done(&query, err);
}

static bool take(struct sql *sql, void *context, struct err *err)
{
    const struct taking *taking = context;
    struct health health;

    outbox_alert_finish(taking->alert);
    if (!read_health(sql, taking->hook, taking->now, &health, err))
        return false;
    if (!backoff_ready(&health.backoff, taking->now))
        return write_due(sql, taking, &health, err);
    return find_waiting(sql, taking, err) && (taking->alert->id == 0 || note_try(sql, taking, err));
}

bool outbox_take(struct store *store, const struct hook *hook, int64_t now, struct outbox_alert *alert, struct err *err)
{
    struct taking taking = { hook, now, alert };

    *alert = (struct outbox_alert){ 0 };
    if (store_transaction(store, take, &taking, err))
        return true;
    outbox_alert_finish(alert);
    return err_add(err, "an alert for hook \"%s\" cannot be taken up", hook->name);
}

void outbox_alert_finish(struct outbox_alert *alert)
{
    free(alert->payload);
    *alert = (struct outbox_alert){ 0 };
}

/* ------------------------------------------------------------------------------------------------------ settle ---- */

struct settling {
    const struct hook *hook;
    const struct outbox_outcome *outcome;
    const char *message; /* bounded */
    int64_t now;
    struct outbox_after *after;
};

static bool write_health(struct sql *sql, const struct settling *settling, const struct health *health, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE hook SET attempts = ?2, retry_at = nullif(?3, 0), failed_at = nullif(?4, 0), message = ?5"
              " WHERE name = ?1");
    sql_bind_text(&query, 1, settling->hook->name);
    sql_bind_int(&query, 2, health->backoff.attempts);
    sql_bind_int(&query, 3, health->backoff.due);
    sql_bind_int(&query, 4, health->failed_at);
    sql_bind_text(&query, 5, settling->message);
    return sql_done(&query, err);
}

static bool settle_hook(struct sql *sql, const struct settling *settling, struct err *err)
{
    const struct backoff_rule rule = rule_of(settling->hook);
    bool delivered = settling->outcome->delivered;
    struct health health;

    if (!read_health(sql, settling->hook, settling->now, &health, err))
        return false;
    settling->after->turned = delivered == (health.failed_at != 0);
    if (delivered)
        health = (struct health){ 0 };
    else
        backoff_fail(&health.backoff, &rule, settling->now);
    if (!delivered && health.failed_at == 0)
        health.failed_at = settling->now;
    settling->after->next = delivered ? settling->now : health.backoff.due;
    return write_health(sql, settling, &health, err);
}

/* Two tries at the least: the machine may have been off for longer than that. */
static bool settle_alert(struct sql *sql, const struct settling *settling, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE alert SET state = CASE WHEN ?2 THEN 'delivered'"
              " WHEN tries >= 2 AND ?3 - first_try_at >= ?4 THEN 'dead' ELSE 'waiting' END, message = ?5"
              " WHERE id = ?1 AND state = 'waiting'");
    sql_bind_int(&query, 1, settling->outcome->alert);
    sql_bind_int(&query, 2, settling->outcome->delivered);
    sql_bind_int(&query, 3, settling->now);
    sql_bind_int(&query, 4, settling->hook->give_up_ms);
    sql_bind_text(&query, 5, settling->message);
    return sql_done(&query, err);
}

static bool end_alert(struct sql *sql, const struct settling *settling, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql, "UPDATE alert SET ended_at = ?2 WHERE id = ?1 AND state <> 'waiting' AND ended_at IS NULL");
    sql_bind_int(&query, 1, settling->outcome->alert);
    sql_bind_int(&query, 2, settling->now);
    if (!sql_done(&query, err))
        return false;
    settling->after->dead = !settling->outcome->delivered && sqlite3_changes(sql->handle) > 0;
    return true;
}

static bool settle(struct sql *sql, void *context, struct err *err)
{
    const struct settling *settling = context;

    *settling->after = (struct outbox_after){ 0 };
    return settle_alert(sql, settling, err) && end_alert(sql, settling, err) && settle_hook(sql, settling, err);
}

bool outbox_settle(struct store *store, const struct hook *hook, const struct outbox_outcome *outcome, int64_t now,
                   struct outbox_after *after, struct err *err)
{
    struct settling settling = { .hook = hook, .outcome = outcome, .message = "", .now = now, .after = after };
    struct str message = STR_EMPTY;
    bool good;

    if (!outcome->delivered && outcome->message != NULL) {
        utf8_clean(&message, outcome->message, strnlen(outcome->message, OUTBOX_MAX_MESSAGE));
        settling.message = str_text(&message);
    }
    good = store_transaction(store, settle, &settling, err);
    str_finish(&message);
    return good || err_add(err, "what became of an alert for hook \"%s\" cannot be recorded", hook->name);
}

/* ------------------------------------------------------------------------------------------------------- retry ---- */

struct retrying {
    int64_t alert; /* 0: all */
    const struct actor *by;
    int64_t now;
    size_t *count;
};

static bool refuse(struct sql *sql, int64_t alert, struct err *err)
{
    char state[16] = "";
    struct sql_query query;

    if (alert == 0)
        return err_set(err, ERR_CONFIG, "no alert is dead: there is nothing to try again");
    sql_query(&query, sql, "SELECT state FROM alert WHERE id = ?1");
    sql_bind_int(&query, 1, alert);
    if (sql_row(&query))
        snprintf(state, sizeof state, "%s", sql_text(&query, 0));
    if (!sql_done(&query, err))
        return false;
    if (state[0] == '\0')
        return err_set(err, ERR_CONFIG, "there is no alert %" PRId64 "; muster alerts lists them", alert);
    if (strcmp(state, "dead") == 0)
        return err_set(err, ERR_CONFIG,
                       "the hook of alert %" PRId64
                       " is not configured any more: add one of that name, reload, and retry then",
                       alert);
    return err_set(err, ERR_CONFIG, "alert %" PRId64 " is not dead but %s: only what was given up can be retried",
                   alert, state);
}

static bool log_retry(struct sql *sql, const struct retrying *retrying, struct err *err)
{
    char subject[40], before[64];
    struct action action = {
        .at = retrying->now,
        .by = *retrying->by,
        .what = "retry",
        .subject = "all alerts",
        .before = before,
        .after = "waiting",
        .result = "done",
        .message = "",
    };

    snprintf(before, sizeof before, "dead: %zu", *retrying->count);
    if (retrying->alert != 0) {
        snprintf(subject, sizeof subject, "alert %" PRId64, retrying->alert);
        action.subject = subject;
    }
    return action_write(sql, &action, err);
}

/* Those whose hook is configured; it is tried at once. */
static bool free_hooks(struct sql *sql, int64_t alert, struct err *err)
{
    struct sql_query query;

    sql_query(&query, sql,
              "UPDATE hook SET attempts = 0, retry_at = NULL WHERE name IN"
              " (SELECT hook FROM alert WHERE state = 'dead' AND ?1 IN (0, id))");
    sql_bind_int(&query, 1, alert);
    return sql_done(&query, err);
}

static bool retry(struct sql *sql, void *context, struct err *err)
{
    const struct retrying *retrying = context;
    struct sql_query query;

    if (!free_hooks(sql, retrying->alert, err))
        return false;
    sql_query(&query, sql,
              "UPDATE alert SET state = 'waiting', tries = 0, first_try_at = NULL, ended_at = NULL"
              " WHERE state = 'dead' AND ?1 IN (0, id) AND hook IN (SELECT name FROM hook)");
    sql_bind_int(&query, 1, retrying->alert);
    if (!sql_done(&query, err))
        return false;
    *retrying->count = (size_t)sqlite3_changes(sql->handle);
    return *retrying->count == 0 ? refuse(sql, retrying->alert, err) : log_retry(sql, retrying, err);
}

bool outbox_retry(struct store *store, int64_t alert, const struct actor *by, int64_t now, size_t *count,
                  struct err *err)
{
    struct retrying retrying = { alert, by, now, count };

    *count = 0;
    return store_transaction(store, retry, &retrying, err);
}

/* ------------------------------------------------------------------------------------------------------ sample ---- */

char *outbox_sample(const struct hook *hook, int64_t now, char key[OUTBOX_KEY_SIZE])
{
    const struct outbox_face face = { .what = EVENT_HOOK_TEST };
    struct outbox_payload payload = {
        .key = key, .hook = hook->name, .at = now, .count = 1, .faces = &face, .shown = 1
    };
    struct str text = STR_EMPTY;
    struct hash128 hash;
    char *sample;

    str_format(&text, "a test of hook %s at %" PRId64, hook->name, now);
    hash = hash128(hash_process_key(), str_text(&text), text.length);
    snprintf(key, OUTBOX_KEY_SIZE, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
    str_clear(&text);
    str_format(&text, "a test of hook %s", hook->name);
    payload.title = str_text(&text);
    sample = outbox_payload_write(&payload);
    str_finish(&text);
    return sample;
}
