/* Each step of the outbox while every write, sync, open and read of the database fails in turn; and a daemon that dies
 * at any of these, over and over, on the way from events to a receiver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "torture.h"

#include "arena.h"
#include "event_row.h"
#include "faults.h"
#include "outbox.h"
#include "points.h"
#include "shelf.h"
#include "sql.h"

#include <stdio.h>
#include <string.h>

#define EPOCH INT64_C(1700000000000)
#define MINUTE INT64_C(60000)

static const struct hook hooks[] = {
    { .name = "all", .grace_ms = MINUTE, .window_ms = MINUTE, .give_up_ms = 60 * MINUTE },
};
static const struct hooks one_hook = { hooks, 1 };
static const struct actor ada = { 1000, "ada" };

static bool step(struct store *store, int64_t at, struct err *err)
{
    const struct outbox_setting setting = { .hooks = &one_hook, .now = EPOCH + at };
    struct outbox_step step;

    return outbox_step(store, &setting, 1000, &step, err);
}

/* -------------------------------------------------------------------------------------------- what is tortured ---- */

static bool run_sql(struct sql *sql, void *context, struct err *err)
{
    return sql_run(sql, context, err);
}

static void must_run(struct store *store, const char *text)
{
    struct err err;

    if (!store_transaction(store, run_sql, (void *)text, &err))
        fail_msg("%s", err.text);
}

/* A key is drawn by lot, and the same must come of the same database. */
static const char fixed_keys[] = "CREATE TRIGGER fixed AFTER INSERT ON alert BEGIN UPDATE alert SET"
                                 " payload = replace(payload, key, 'key'), key = 'key ' || id WHERE id = new.id; END";

static bool allow_triggers(struct sql *sql, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL) == SQLITE_OK;
}

static const char thirty_events[] =
    "INSERT INTO asset (kind, name, created_at) VALUES ('machine', 'm', 1);"
    "INSERT INTO finding (kind, asset, method, server, state, need, verdict, opened_at, changed_at)"
    " SELECT 'verdict', 1, 'agent', value, 'open', 'act', 'unsupported', 1, 1 FROM"
    " json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]');"
    "INSERT INTO event (at, what, subject, state, finding, asset) SELECT 1700000000000, 'finding.opened',"
    " 'finding ' || id, 'act unsupported', id, 1 FROM finding;"
    "INSERT INTO event (at, what, subject, state) SELECT 1700000000000, 'report.ready', 'report', '*' FROM finding;";

static void prepare_events(struct store *store, void *context)
{
    struct err err;

    (void)context;
    must_run(store, fixed_keys);
    assert_true(step(store, 0, &err));
    must_run(store, thirty_events);
}

static bool collect(struct store *store, void *context, struct err *err)
{
    (void)context;
    return step(store, -MINUTE, err);
}

static void what_is_collected_waits_wholly_or_not(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = prepare_events,
                                   .operation = collect,
                                   .proof = "SELECT (SELECT count(*) FROM pending) = 30"
                                            " AND cursor = (SELECT max(id) FROM event) FROM hook" },
                10);
}

static void prepare_pending(struct store *store, void *context)
{
    struct err err;

    prepare_events(store, context);
    assert_true(collect(store, NULL, &err));
}

static bool freeze(struct store *store, void *context, struct err *err)
{
    (void)context;
    return store_transaction(store, allow_triggers, NULL, err) && step(store, MINUTE, err);
}

static void what_is_due_is_frozen_wholly_or_not(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = prepare_pending,
                                   .operation = freeze,
                                   .proof =
                                       "SELECT count(*) = 16 AND sum(count) = 30 AND NOT EXISTS (SELECT 1 FROM pending)"
                                       " AND (SELECT count(*) FROM told) = 15 FROM alert" },
                20);
}

static void prepare_alert(struct store *store, void *context)
{
    struct outbox_alert alert;
    struct err err;

    prepare_pending(store, context);
    assert_true(freeze(store, NULL, &err));
    assert_true(outbox_take(store, &hooks[0], EPOCH, &alert, &err));
    outbox_alert_finish(&alert);
}

static bool settle(struct store *store, void *context, struct err *err)
{
    struct outbox_after after;

    return outbox_settle(store, &hooks[0], context, EPOCH + MINUTE, &after, err);
}

static void what_became_of_an_alert_and_of_its_hook_is_remembered_together(void **state)
{
    struct outbox_outcome outcome = { 1, false, "it is broken" };

    (void)state;
    torture_run(&(struct torture){ .prepare = prepare_alert,
                                   .operation = settle,
                                   .context = &outcome,
                                   .proof =
                                       "SELECT a.state = 'waiting' AND a.message = 'it is broken' AND h.attempts = 1"
                                       " FROM alert a JOIN hook h ON h.name = a.hook WHERE a.id = 1" },
                10);
}

static void prepare_dead(struct store *store, void *context)
{
    prepare_alert(store, context);
    must_run(store, "UPDATE alert SET state = 'dead', ended_at = 1; UPDATE hook SET attempts = 3, retry_at = 1");
}

static bool retry(struct store *store, void *context, struct err *err)
{
    size_t count;

    (void)context;
    return outbox_retry(store, 3, &ada, EPOCH, &count, err) || strstr(err->text, "waiting") != NULL;
}

static void a_retry_and_its_row_in_the_action_log_come_together(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = prepare_dead,
                                   .operation = retry,
                                   .proof = "SELECT (SELECT count(*) FROM action) = 1 AND state = 'waiting'"
                                            " AND (SELECT attempts FROM hook) = 0 FROM alert WHERE id = 3" },
                10);
}

static bool remove_hook(struct store *store, void *context, struct err *err)
{
    static const struct hooks none = { 0 };
    const struct outbox_setting setting = { .hooks = &none, .now = EPOCH };
    struct outbox_step step;

    (void)context;
    return outbox_step(store, &setting, 1000, &step, err);
}

static void a_hook_leaves_wholly_or_not(void **state)
{
    (void)state;
    torture_run(&(struct torture){ .prepare = prepare_alert,
                                   .operation = remove_hook,
                                   .proof = "SELECT count(*) = 16 AND NOT EXISTS (SELECT 1 FROM hook)"
                                            " AND NOT EXISTS (SELECT 1 FROM told) FROM alert WHERE state = 'dead'" },
                10);
}

/* ------------------------------------------------------------------------------------------ a daemon that dies ---- */

enum { EVENTS = 24, MOST_RECEIVED = 1000, POINTS = 40 };

struct received {
    const char *key, *payload;
};

struct life {
    struct shelf *shelf;
    struct arena arena;
    struct received received[MOST_RECEIVED]; /* each delivery, of which some come twice */
    size_t count;
    unsigned written; /* events */
    unsigned deaths;
};

static const struct hook post = { .name = "post", .window_ms = MINUTE, .give_up_ms = 1000 * MINUTE, .storm = 3 };
static const struct hooks post_alone = { &post, 1 };

/* The database takes nothing any more: another daemon opens it. */
static bool die(struct life *life)
{
    life->deaths++;
    shelf_leave(life->shelf);
    faults_set(NULL);
    shelf_store(life->shelf);
    return false;
}

static bool write_event(struct sql *sql, void *context, struct err *err)
{
    const struct life *life = context;
    char detail[32];
    const struct event_row event = { .at = EPOCH + life->written * MINUTE,
                                     .what = EVENT_REPORT_READY,
                                     .subject = "report",
                                     .state = EVENT_STATE_ONCE,
                                     .detail = detail };

    snprintf(detail, sizeof detail, "{\"n\":%u}", life->written);
    return event_write(sql, &event, err);
}

/* One that failed may be there all the same. */
static void happen(struct life *life)
{
    if (!store_transaction(life->shelf->store, write_event, life, &life->shelf->err))
        die(life);
    life->written = (unsigned)shelf_number(life->shelf, "SELECT count(*) FROM event");
}

static bool advance(struct life *life)
{
    const struct outbox_setting setting = { .hooks = &post_alone, .now = EPOCH + (life->written + 1) * MINUTE };
    struct outbox_step step;

    return outbox_step(life->shelf->store, &setting, 5, &step, &life->shelf->err) ? step.more : (die(life), true);
}

static void receive(struct life *life, const struct outbox_alert *alert)
{
    assert_true(life->count < MOST_RECEIVED);
    life->received[life->count++] =
        (struct received){ arena_text(&life->arena, alert->key), arena_text(&life->arena, alert->payload) };
}

/* Whether there may be another. */
static bool deliver(struct life *life)
{
    int64_t now = EPOCH + (life->written + 1) * MINUTE;
    struct outbox_outcome outcome = { .delivered = true };
    struct outbox_alert alert;
    struct outbox_after after;

    if (!outbox_take(life->shelf->store, &post, now, &alert, &life->shelf->err))
        return die(life), true;
    outcome.alert = alert.id;
    if (alert.id != 0)
        receive(life, &alert);
    outbox_alert_finish(&alert);
    if (outcome.alert != 0 && !outbox_settle(life->shelf->store, &post, &outcome, now, &after, &life->shelf->err))
        die(life);
    return outcome.alert != 0;
}

static void live(struct life *life)
{
    while (life->written < EVENTS) {
        happen(life);
        while (life->written % 3 == 0 && advance(life)) {
        }
        while (life->written % 4 == 0 && deliver(life)) {
        }
    }
    while (advance(life)) {
    }
    life->written += 10; /* the last ones are due */
    while (advance(life)) {
    }
    while (deliver(life)) {
    }
}

static void assert_same_key_same_payload(const struct life *life)
{
    for (size_t i = 0; i < life->count; i++) {
        for (size_t j = 0; j < i; j++)
            assert_true((strcmp(life->received[i].key, life->received[j].key) == 0) ==
                        (strcmp(life->received[i].payload, life->received[j].payload) == 0));
    }
}

/* Told once at least, and never under another key. */
static void assert_told(const struct life *life, unsigned number)
{
    const char *key = NULL;
    char part[32];

    snprintf(part, sizeof part, "{\"n\":%u}", number);
    for (size_t i = 0; i < life->count; i++) {
        if (strstr(life->received[i].payload, part) == NULL)
            continue;
        assert_true(key == NULL || strcmp(key, life->received[i].key) == 0);
        key = life->received[i].key;
    }
    if (key == NULL)
        fail_msg("event %u was never told", number);
}

/* Dies at this call; returns how many there were. */
static unsigned one_life(unsigned at)
{
    struct life life = { 0 };
    unsigned calls;
    void *state;

    assert_int_equal(shelf_open(&state), 0);
    life.shelf = state;
    arena_init(&life.arena, ARENA_PLAIN);
    shelf_store(life.shelf);
    while (advance(&life)) {
    }
    faults_set(
        &(struct fault){ .calls = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE, .at = at, .torn = true, .lasting = true });
    live(&life);
    calls = faults_count();
    faults_set(NULL);
    assert_int_equal(life.deaths > 0, at > 0);
    assert_same_key_same_payload(&life);
    for (unsigned i = 0; i < EVENTS; i++)
        assert_told(&life, i);
    arena_finish(&life.arena);
    shelf_close(&state);
    return calls;
}

static void whenever_it_dies_every_event_is_told_and_under_one_key(void **state)
{
    struct points points;
    unsigned at;

    (void)state;
    faults_install();
    points = points_of(one_life(0), POINTS, 0);
    assert_true(points.total > 100);
    while (points_next(&points, &at))
        one_life(at);
    faults_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_collected_waits_wholly_or_not),
        cmocka_unit_test(what_is_due_is_frozen_wholly_or_not),
        cmocka_unit_test(what_became_of_an_alert_and_of_its_hook_is_remembered_together),
        cmocka_unit_test(a_retry_and_its_row_in_the_action_log_come_together),
        cmocka_unit_test(a_hook_leaves_wholly_or_not),
        cmocka_unit_test(whenever_it_dies_every_event_is_told_and_under_one_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
