/* What the clock alone changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"

#include "store_inside.h"
#include "tick.h"

#include <string.h>

#define MINUTE_MS ((int64_t)60 * 1000)
#define SOON_MS 1000 /* it is not looked at more often */
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define YEAR_MS (365 * DAY_MS)
#define MOST (3 * MINUTE_MS) /* what a target of the world may be old */

/* It is one in the morning. */
static int open_docket(void **state)
{
    struct docket *docket;

    docket_open(state);
    docket = *state;
    docket->world->now = (docket->world->now / DAY_MS + 1) * DAY_MS + HOUR_MS;
    return 0;
}

/* Ticks at this time, and gives when to tick again. */
static int64_t tick_with(struct docket *docket, const struct tick_setting *setting)
{
    int64_t next = 0;

    if (!tick_run(docket->world->store, setting, &next, &docket->world->err))
        fail_msg("%s", docket->world->err.text);
    assert_true(next > setting->now);
    assert_true(next <= setting->now + DAY_MS);
    return next;
}

static int64_t tick_at(struct docket *docket, int64_t now)
{
    return tick_with(docket, &(struct tick_setting){ .basis = &docket->charter.basis, .now = now });
}

static int64_t tick_since(struct docket *docket, int64_t now, int64_t since)
{
    return tick_with(docket, &(struct tick_setting){ .basis = &docket->charter.basis, .since = since, .now = now });
}

/* Of the findings of one kind: "STATE TIMES TARGET" of stale ones, "STATE ASSETS VERSION" of the others. */
static const char *stale(struct docket *docket)
{
    return world_text(docket->world,
                      "SELECT coalesce(group_concat(said, ', '), '') FROM (SELECT f.state || ' ' || f.times || ' ' ||"
                      " t.name AS said FROM finding f JOIN target t ON t.id = f.target WHERE f.kind = 'stale'"
                      " ORDER BY t.name)");
}

static const char *lifecycle(struct docket *docket)
{
    return world_text(docket->world,
                      "SELECT coalesce(group_concat(said, ', '), '') FROM (SELECT state || ' ' || assets || ' ' ||"
                      " version AS said FROM finding WHERE kind = 'lifecycle' ORDER BY version)");
}

/* "WHAT STATE" of the events since the last call. */
static const char *events(struct docket *docket)
{
    const char *text = world_text(docket->world, "SELECT coalesce(group_concat(what || ' ' || state, ', '), '') FROM"
                                                 " (SELECT what, state FROM event ORDER BY id)");

    world_run(docket->world, "UPDATE event SET what = '' WHERE what NOT IN ('', 'ruling.lapsing')");
    return text;
}

static int64_t count(struct docket *docket, const char *from)
{
    return world_number(docket->world, arena_format(&docket->world->arena, "SELECT count(*) FROM %s", from));
}

/* The start of a good scan of one virtual machine. */
static int64_t scan(struct docket *docket)
{
    docket_vm(docket, "web", "10.0.14393", NULL, NULL);
    docket_scan(docket);
    return world_number(docket->world, "SELECT succeeded_at FROM target WHERE id = 1");
}

/* --------------------------------------------------------------------------------------------------- staleness ---- */

static void a_target_becomes_stale_without_a_scan(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);

    assert_int_equal(tick_at(docket, started), started + MOST + 1);
    assert_int_equal(tick_at(docket, started + MOST), started + MOST + SOON_MS);
    assert_string_equal(stale(docket), "");
    tick_at(docket, started + MOST + 1);
    assert_string_equal(stale(docket), "open 1 hv");
    assert_int_equal(count(docket, "event WHERE what = 'finding.opened' AND target = 1 AND state = 'look'"), 1);
    tick_at(docket, started + DAY_MS);
    assert_int_equal(count(docket, "event WHERE target = 1 AND finding IN (SELECT id FROM finding WHERE"
                                   " kind = 'stale')"),
                     1);
}

static void a_good_scan_ends_it_and_a_failed_one_does_not(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);

    docket->world->now = started + HOUR_MS;
    tick_at(docket, docket->world->now);
    assert_true(world_fail(docket->world, docket->target, ERR_UNREACHABLE, "nobody answers"));
    assert_string_equal(stale(docket), "open 1 hv");
    scan(docket);
    assert_string_equal(stale(docket), "resolved 1 hv");
    tick_at(docket, docket->world->now + HOUR_MS);
    assert_string_equal(stale(docket), "open 2 hv");
    docket_vm(docket, "web", "10.0.14393", NULL, NULL);
    docket->world->now += HOUR_MS;
    assert_true(world_scan(docket->world, docket->target, PARTIAL));
    assert_string_equal(stale(docket), "resolved 2 hv");
}

static void its_max_age_says_when(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);

    world_run(docket->world, "UPDATE target SET max_age_ms = 36000000");
    assert_int_equal(tick_at(docket, started + HOUR_MS), started + 10 * HOUR_MS + 1);
    tick_at(docket, started + 10 * HOUR_MS + 1);
    assert_string_equal(stale(docket), "open 1 hv");
    /* It may be older from now on. */
    world_run(docket->world, "UPDATE target SET max_age_ms = 864000000");
    tick_at(docket, started + 11 * HOUR_MS);
    assert_string_equal(stale(docket), "resolved 1 hv");
}

static void in_maintenance_it_does_not_become_stale(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);
    const int64_t quiet[] = { 77, docket->target, 3 };
    struct tick_setting setting = { .quiet = quiet, .quiet_count = 3, .now = started + HOUR_MS };

    assert_int_equal(tick_with(docket, &setting), setting.now + TICK_PATIENCE_MS);
    assert_string_equal(stale(docket), "");
    setting.quiet_count = 1;
    tick_with(docket, &setting);
    assert_string_equal(stale(docket), "open 1 hv");
    /* And what is stale already stays so. */
    setting.quiet_count = 3;
    tick_with(docket, &setting);
    assert_string_equal(stale(docket), "open 1 hv");
}

static void one_that_never_was_scanned_is_as_old_as_its_configuration(void **state)
{
    struct docket *docket = *state;
    int64_t now = docket->world->now;

    tick_at(docket, now + YEAR_MS);
    assert_string_equal(stale(docket), "");
    world_run(docket->world, arena_format(&docket->world->arena, "UPDATE target SET configured_at = %lld",
                                          (long long)(now + YEAR_MS)));
    assert_int_equal(tick_at(docket, now + YEAR_MS + 1), now + YEAR_MS + MOST + 1);
    tick_at(docket, now + YEAR_MS + MOST + 1);
    assert_string_equal(stale(docket), "open 1 hv");
}

static void one_that_is_not_configured_any_more_is_retired(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);

    tick_at(docket, started + HOUR_MS);
    world_run(docket->world, "UPDATE target SET configured = 0");
    tick_at(docket, started + HOUR_MS + 1);
    assert_string_equal(stale(docket), "retired 1 hv");
    tick_at(docket, started + DAY_MS);
    assert_string_equal(stale(docket), "retired 1 hv");
}

static void after_a_start_there_is_time_for_a_scan(void **state)
{
    struct docket *docket = *state;
    int64_t since = scan(docket) + DAY_MS;

    assert_int_equal(tick_since(docket, since, since), since + MOST + 1);
    assert_string_equal(stale(docket), "");
    tick_since(docket, since + MOST + 1, since);
    assert_string_equal(stale(docket), "open 1 hv");
}

static void a_target_of_slow_rounds_is_not_waited_for_long(void **state)
{
    struct docket *docket = *state;
    int64_t since = scan(docket) + 10 * DAY_MS;

    world_run(docket->world, "UPDATE target SET max_age_ms = 86400000");
    assert_int_equal(tick_since(docket, since, since), since + TICK_PATIENCE_MS + 1);
    tick_since(docket, since + TICK_PATIENCE_MS + 1, since);
    assert_string_equal(stale(docket), "open 1 hv");
}

static void what_an_exemption_leaves_at_its_end_is_one_batch(void **state)
{
    struct docket *docket = *state;
    int64_t until = docket->world->now + DAY_MS;

    charter_use(&docket->charter, "mabs-v1");
    charter_rule(&docket->charter, &(struct estate_rule){ .by = "agent" });
    docket_vm(docket, "old", "6.0.6002", NULL, NULL);
    docket_vm(docket, "older", "6.0.6002", NULL, NULL);
    docket_scan(docket);
    world_run(docket->world,
              arena_format(&docket->world->arena,
                           "UPDATE target SET max_age_ms = 8640000000; INSERT INTO exemption (selector, reason, name,"
                           " made_at, until_at) VALUES ('{\"name\":\"old*\"}', 'r', 'n', 1, %lld)",
                           (long long)until));
    tick_at(docket, docket->world->now);
    assert_int_equal(count(docket, "finding WHERE state = 'open' AND exempt = 1"), 2);
    events(docket);
    assert_int_equal(tick_at(docket, until - HOUR_MS), until);
    tick_at(docket, until);
    assert_int_equal(count(docket, "finding WHERE state = 'open' AND exempt = 0"), 2);
    assert_int_equal(count(docket, "event WHERE what = 'finding.opened'"), 2);
    assert_int_equal(world_number(docket->world, "SELECT count(DISTINCT batch) FROM event"
                                                 " WHERE what = 'finding.opened' AND batch LIKE 'clock %'"),
                     1);
}

static void many_that_become_stale_at_once_are_one_batch(void **state)
{
    struct docket *docket = *state;

    world_run(docket->world,
              "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO target"
              " (name, plugin, scope, every_ms, succeeded_at) SELECT 't' || i, 'file', 1, 60000, 1000 FROM n");
    world_run(docket->world, "UPDATE target SET configured = 0 WHERE id > 21");
    tick_at(docket, docket->world->now);
    assert_int_equal(count(docket, "event WHERE batch = ''"), 20);
    world_run(docket->world, "UPDATE target SET configured = 1");
    tick_at(docket, docket->world->now + HOUR_MS);
    assert_int_equal(count(docket, "finding WHERE kind = 'stale' AND state = 'open'"), 2999);
    assert_int_equal(world_number(docket->world, "SELECT count(DISTINCT batch) FROM event WHERE batch <> ''"), 1);
    assert_int_equal(count(docket, "event WHERE batch = ''"), 20);
}

/* ----------------------------------------------------------------------------------------------------- rulings ---- */

static const struct ruling ruling = { .product = "mabs-v2",
                                      .workload = "server",
                                      .version = "Windows Server 2016",
                                      .installation = "physical",
                                      .answer = ANSWER_YES,
                                      .who = "\"Ann\"" };

static void rule(struct docket *docket, struct ruling *own, int64_t until)
{
    *own = ruling;
    own->review_at = until;
    docket->charter.matrix.rulings = own;
    docket->charter.matrix.ruling_count = 1;
}

#define LAPSE "ruling.lapsing "

static void a_ruling_that_lapses_is_told_before_and_after(void **state)
{
    struct docket *docket = *state;
    int64_t now = docket->world->now, until = now + 40 * DAY_MS;
    struct ruling own;

    rule(docket, &own, until);
    tick_at(docket, now);
    assert_string_equal(events(docket), "");
    tick_at(docket, until - 30 * DAY_MS - 1);
    assert_string_equal(events(docket), "");
    tick_at(docket, until - 30 * DAY_MS);
    tick_at(docket, until - DAY_MS);
    assert_string_equal(events(docket), LAPSE "lapsing");
    assert_string_equal(world_text(docket->world, "SELECT subject || json(detail) FROM event"),
                        "ruling mabs-v2, server Windows Server 2016, physical"
                        "{\"what\":\"ruling\",\"key\":\"mabs-v2, server Windows Server 2016, physical\","
                        "\"who\":\"\\\"Ann\\\"\",\"until\":\"2023-12-25T01:00:00Z\"}");
    assert_int_equal(tick_at(docket, until - 1), until - 1 + SOON_MS);
    tick_at(docket, until);
    tick_at(docket, until + YEAR_MS);
    assert_string_equal(events(docket), LAPSE "lapsing, " LAPSE "lapsed");
}

static void when_it_lapses_is_looked_at_then(void **state)
{
    struct docket *docket = *state;
    int64_t midnight = (docket->world->now / DAY_MS + 1) * DAY_MS;
    struct ruling own;

    rule(docket, &own, midnight + 12 * HOUR_MS);
    assert_int_equal(tick_at(docket, midnight + HOUR_MS), midnight + 12 * HOUR_MS);
    rule(docket, &own, midnight + 30 * DAY_MS + 5 * HOUR_MS);
    assert_int_equal(tick_at(docket, midnight + HOUR_MS), midnight + 5 * HOUR_MS);
}

static void one_that_is_renewed_can_lapse_again(void **state)
{
    struct docket *docket = *state;
    int64_t now = docket->world->now;
    struct ruling own;

    rule(docket, &own, now + DAY_MS);
    tick_at(docket, now);
    rule(docket, &own, now + YEAR_MS);
    tick_at(docket, now + 1);
    tick_at(docket, now + 2);
    tick_at(docket, now + YEAR_MS - DAY_MS);
    assert_string_equal(events(docket), LAPSE "lapsing, " LAPSE ", " LAPSE "lapsing");
    docket->charter.matrix.ruling_count = 0;
    tick_at(docket, now + YEAR_MS);
    assert_string_equal(events(docket), LAPSE "lapsing, " LAPSE ", " LAPSE "lapsing, " LAPSE);
    assert_string_equal(world_text(docket->world, "SELECT json(detail) FROM event ORDER BY id DESC LIMIT 1"),
                        "{\"what\":\"ruling\",\"key\":\"mabs-v2, server Windows Server 2016, physical\","
                        "\"who\":null,\"until\":null}");
}

/* The one that holds the longest counts. */
static void attestations_lapse_by_what_they_are_about(void **state)
{
    struct docket *docket = *state;
    int64_t now = docket->world->now;
    const struct attestation own[] = {
        { .condition = "R21", .name = "web*", .target = "vc", .who = "Ann", .until_at = now },
        { .condition = "R21", .name = "web*", .target = "vc", .who = "Bob", .until_at = now + YEAR_MS },
        { .condition = "R21", .tag = "web*", .server = "vc", .who = "Eve", .until_at = now },
    };

    docket->charter.matrix.attestations = own;
    docket->charter.matrix.attestation_count = 3;
    tick_at(docket, now);
    assert_string_equal(world_text(docket->world, "SELECT group_concat(subject || ': ' || state, ', ') FROM event"),
                        "attestation R21 tag web* server vc: lapsed");
}

/* -------------------------------------------------------------------------------------------------- lifecycles ---- */

/* Support of what the agent's verdict is about ends with this time. */
static void end_support(struct docket *docket, int64_t at)
{
    world_run(docket->world,
              arena_format(&docket->world->arena, "UPDATE judgement SET support_end = %lld WHERE method = 'agent'",
                           (long long)at));
}

static void a_version_is_out_of_support_when_its_day_is_over(void **state)
{
    struct docket *docket = *state;
    int64_t day = (docket->world->now / DAY_MS + 3) * DAY_MS;

    scan(docket);
    world_run(docket->world, "UPDATE target SET max_age_ms = 8640000000");
    end_support(docket, day - 1);
    assert_int_equal(tick_at(docket, day - HOUR_MS), day);
    assert_string_equal(lifecycle(docket), "");
    tick_at(docket, day);
    assert_string_equal(lifecycle(docket), "open 1 Windows Server 2016");
    tick_at(docket, day + 10 * DAY_MS);
    assert_string_equal(lifecycle(docket), "open 1 Windows Server 2016");
    end_support(docket, day + 20 * DAY_MS - 1);
    tick_at(docket, day + 11 * DAY_MS);
    assert_string_equal(lifecycle(docket), "resolved 0 Windows Server 2016");
}

/* ------------------------------------------------------------------------------------------------------ clocks ---- */

static int64_t changes(struct docket *docket)
{
    return sqlite3_total_changes64(store_sql(docket->world->store)->handle);
}

static void where_nothing_is_due_nothing_is_written(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket), next = tick_at(docket, started + 1), before = changes(docket);

    for (int i = 0; i < 5; i++)
        assert_int_equal(tick_at(docket, started + i), next);
    assert_int_equal(changes(docket), before);
    next = tick_at(docket, next);
    before = changes(docket);
    assert_int_equal(tick_at(docket, next - SOON_MS), next);
    assert_int_equal(changes(docket), before);
}

/* All of it is due, and then is not, and then is. */
static void a_clock_that_jumps_gives_one_batch_a_jump(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket), now = started + MINUTE_MS;
    struct ruling own;

    rule(docket, &own, now + 60 * DAY_MS);
    end_support(docket, (now / DAY_MS + 100) * DAY_MS - 1);
    tick_since(docket, now, started);
    assert_string_equal(events(docket), "");
    for (int round = 0; round < 3; round++) {
        const int64_t moments[] = { now + YEAR_MS, now - YEAR_MS, now };

        for (int i = 0; i < 3; i++) {
            int64_t before = count(docket, "event");

            tick_since(docket, moments[i], moments[i]);
            tick_since(docket, moments[i] + 1, moments[i]);
            assert_true(count(docket, "event") - before <= 2);
            assert_true(world_number(docket->world, "SELECT count(DISTINCT batch) FROM event") <= round * 3 + i + 1);
        }
    }
    assert_string_equal(stale(docket), "");
    assert_string_equal(lifecycle(docket), "resolved 0 Windows Server 2016");
    assert_string_equal(world_text(docket->world, "SELECT state FROM event WHERE what = 'ruling.lapsing'"
                                                  " ORDER BY id DESC LIMIT 1"),
                        "");
}

static void a_scan_that_lies_in_the_future_leaves_staleness_as_it_is(void **state)
{
    struct docket *docket = *state;
    int64_t started = scan(docket);

    tick_at(docket, started - YEAR_MS);
    assert_string_equal(stale(docket), "");
    tick_at(docket, started + HOUR_MS);
    tick_at(docket, started - YEAR_MS);
    assert_string_equal(stale(docket), "open 1 hv");
}

#define WITH_DOCKET(test) cmocka_unit_test_setup_teardown(test, open_docket, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DOCKET(a_target_becomes_stale_without_a_scan),
        WITH_DOCKET(a_good_scan_ends_it_and_a_failed_one_does_not),
        WITH_DOCKET(its_max_age_says_when),
        WITH_DOCKET(in_maintenance_it_does_not_become_stale),
        WITH_DOCKET(one_that_never_was_scanned_is_as_old_as_its_configuration),
        WITH_DOCKET(one_that_is_not_configured_any_more_is_retired),
        WITH_DOCKET(after_a_start_there_is_time_for_a_scan),
        WITH_DOCKET(a_target_of_slow_rounds_is_not_waited_for_long),
        WITH_DOCKET(what_an_exemption_leaves_at_its_end_is_one_batch),
        WITH_DOCKET(many_that_become_stale_at_once_are_one_batch),
        WITH_DOCKET(a_ruling_that_lapses_is_told_before_and_after),
        WITH_DOCKET(when_it_lapses_is_looked_at_then),
        WITH_DOCKET(one_that_is_renewed_can_lapse_again),
        WITH_DOCKET(attestations_lapse_by_what_they_are_about),
        WITH_DOCKET(a_version_is_out_of_support_when_its_day_is_over),
        WITH_DOCKET(where_nothing_is_due_nothing_is_written),
        WITH_DOCKET(a_clock_that_jumps_gives_one_batch_a_jump),
        WITH_DOCKET(a_scan_that_lies_in_the_future_leaves_staleness_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
