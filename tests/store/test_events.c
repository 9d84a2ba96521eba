/* What a run, a credential and the configuration tell people besides findings: each beginning once, each end once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "findings.h"
#include "state.h"
#include "world.h"

#include <stdio.h>

/* "WHAT SUBJECT STATE DETAIL" of each event that is not about a finding and came since the last call, a line each. */
static const char *events(struct test_world *world)
{
    static const char text[] = "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT rtrim(what || ' ' ||"
                               " subject || ' ' || state) || CASE detail WHEN '{}' THEN '' ELSE ' ' || detail END AS"
                               " line FROM event WHERE id > (SELECT max(id) FROM heard) AND finding IS NULL"
                               " ORDER BY id)";
    const char *said;

    world_run(world, "CREATE TABLE IF NOT EXISTS heard (id INTEGER); INSERT INTO heard SELECT 0 WHERE NOT EXISTS"
                     " (SELECT 1 FROM heard)");
    said = world_text(world, text);
    world_run(world, "INSERT INTO heard SELECT coalesce(max(id), 0) FROM event");
    return said;
}

static int64_t start(struct test_world *world)
{
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_many(world, "vm", 0, 100);
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(events(world), "");
    return target;
}

static void scan(struct test_world *world, int64_t target, size_t first, size_t count)
{
    world_add_many(world, "vm", first, count);
    if (!world_scan(world, target, COMPLETE))
        fail_msg("%s", world->err.text);
}

#define UNREACHABLE "scan.failing target 1 scan failing {\"result\":\"unreachable\",\"message\":\"no \\\"route\\\"\"}"

static void a_scan_that_fails_is_told_once_and_so_is_its_recovery(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no \"route\""));
    assert_string_equal(events(world), UNREACHABLE);
    assert_int_equal(world_number(world, "SELECT failing_at FROM target"), world->now);
    assert_int_equal(world_number(world, "SELECT at FROM event"), world->now);
    assert_int_equal(world_number(world, "SELECT target = 1 AND journal = (SELECT max(id) FROM journal) FROM event"),
                     1);
    assert_true(world_fail(world, target, ERR_TIMEOUT, "no answer"));
    assert_string_equal(events(world), "");
    scan(world, target, 0, 100);
    assert_string_equal(events(world), "scan.recovered target 1 scan");
    assert_int_equal(world_number(world, "SELECT failing_at IS NULL FROM target"), 1);
    scan(world, target, 0, 100);
    assert_string_equal(events(world), "");
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no \"route\""));
    assert_string_equal(events(world), UNREACHABLE);
}

static void a_refusal_beside_records_is_told_and_holds_the_credential_in_the_same_transaction(void **state)
{
    struct test_world *world = *state;
    const struct credential_state held = { .word = CREDENTIAL_HELD, .attempts = 1, .retry_at = 5, .why = "wrong" };
    int64_t target = start(world);
    int64_t journals = world_number(world, "SELECT count(*) FROM journal");

    world->credential = &held;
    world_add_many(world, "vm", 100, 1);
    assert_true(world_refused(world, target, "wrong"));
    assert_string_equal(events(world),
                        "scan.failing target 1 scan failing {\"result\":\"denied\",\"message\":\"wrong\"}\n"
                        "credential.held credential scan held {\"credential\":\"scan\",\"why\":\"wrong\"}");
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NULL"), 101);
    assert_int_equal(world_number(world, "SELECT count(*) FROM journal"), journals + 1);
    assert_string_equal(world_text(world, "SELECT result || ' ' || message FROM journal ORDER BY id DESC LIMIT 1"),
                        "partial wrong");
    assert_string_equal(world_text(world, "SELECT result || ' ' || message FROM target"), "partial wrong");
    assert_true(world_refused(world, target, "wrong"));
    assert_string_equal(events(world), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM journal"), journals + 1);
    scan(world, target, 0, 101);
    assert_string_equal(events(world), "scan.recovered target 1 scan");
    assert_string_equal(world_text(world, "SELECT result || message FROM target"), "complete");
}

static void a_target_that_never_was_good_is_told_too(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "hv1", "hv1");

    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no \"route\""));
    assert_string_equal(events(world), UNREACHABLE);
}

static void what_fails_in_a_maintenance_is_told_by_the_first_failure_after_it(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    world->quiet = true;
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "switched off"));
    assert_string_equal(events(world), "");
    world->quiet = false;
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no \"route\""));
    assert_string_equal(events(world), UNREACHABLE);
    world->quiet = true;
    scan(world, target, 0, 100);
    assert_string_equal(events(world), "scan.recovered target 1 scan");
}

static void a_good_scan_ends_that_its_target_is_stale_and_a_failed_one_does_not(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);

    assert_true(findings_stale(&world->sql, target, NULL, world->now, &world->err));
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no route"));
    assert_string_equal(world_text(world, "SELECT state FROM finding"), "open");
    world_add_many(world, "vm", 0, 100);
    assert_true(world_scan(world, target, PARTIAL));
    assert_string_equal(world_text(world, "SELECT state FROM finding"), "resolved");
}

static void quarantine_is_told_when_it_begins_and_ends(void **state)
{
    struct test_world *world = *state;
    struct schedule_state schedule = { .attempts = 3, .deaths = 3, .quarantined = true, .retry_at = 5 };
    int64_t target = start(world);

    assert_true(world_fail(world, target, ERR_BUG, "killed by signal 11"));
    events(world);
    world->schedule = &schedule;
    assert_true(world_fail(world, target, ERR_BUG, "killed by signal 11"));
    assert_string_equal(events(world), "target.quarantined target 1 quarantine quarantined"
                                       " {\"message\":\"killed by signal 11\"}");
    assert_true(world_fail(world, target, ERR_BUG, "killed by signal 9"));
    assert_string_equal(events(world), "");
    schedule = (struct schedule_state){ 0 };
    scan(world, target, 0, 100);
    assert_string_equal(events(world), "scan.recovered target 1 scan\ntarget.quarantined target 1 quarantine");
}

static void removals_that_wait_are_told_until_nothing_waits(void **state)
{
    struct test_world *world = *state;
    int64_t target = start(world);
    const char *said;

    scan(world, target, 60, 40);
    said = events(world);
    assert_int_equal(world->result.held, 60);
    assert_string_equal(said,
                        arena_format(&world->arena, "removal.held target 1 removal held {\"count\":60,\"why\":%s}",
                                     world_text(world, "SELECT json_quote(held_why) FROM target")));
    scan(world, target, 50, 50);
    assert_int_equal(world->result.held, 50);
    assert_string_equal(events(world), "");
    scan(world, target, 0, 100);
    assert_string_equal(events(world), "removal.held target 1 removal");
    scan(world, target, 60, 40);
    events(world);
    assert_true(world_accept(world, target));
    assert_string_equal(events(world), "removal.held target 1 removal");
}

static void all_of_a_target_that_is_configured_no_more_is_over(void **state)
{
    struct test_world *world = *state;
    struct schedule_state schedule = { .deaths = 3, .quarantined = true };
    int64_t target = start(world);
    struct state_target again = { .name = "hv1", .plugin = "file", .scope = "hv1", .every_ms = 1000 };

    scan(world, target, 60, 40);
    world->schedule = &schedule;
    assert_true(world_fail(world, target, ERR_BUG, "killed by signal 11"));
    assert_true(findings_stale(&world->sql, target, NULL, world->now, &world->err));
    events(world);
    assert_true(state_apply(world->store, NULL, 0, world->now, &world->err));
    assert_string_equal(events(world), "scan.recovered target 1 scan\ntarget.quarantined target 1 quarantine\n"
                                       "removal.held target 1 removal");
    assert_string_equal(world_text(world, "SELECT state FROM finding"), "retired");
    assert_true(state_apply(world->store, NULL, 0, world->now + 1, &world->err));
    assert_string_equal(events(world), "");
    assert_true(state_apply(world->store, &again, 1, world->now + 2, &world->err));
    assert_int_equal(again.id, target);
    assert_false(again.schedule.quarantined);
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no \"route\""));
    assert_string_equal(events(world), UNREACHABLE "\ntarget.quarantined target 1 quarantine quarantined"
                                                   " {\"message\":\"no \\\"route\\\"\"}");
}

static void set_credential(struct test_world *world, enum credential_word word, const char *why)
{
    struct credential_state credential = { .word = word };

    snprintf(credential.why, sizeof credential.why, "%s", why);
    assert_true(state_set_credential(world->store, "domain\"", &credential, world->now, &world->err));
}

static void a_credential_is_told_while_it_is_held(void **state)
{
    struct test_world *world = *state;

    set_credential(world, CREDENTIAL_UNTRIED, "");
    set_credential(world, CREDENTIAL_GOOD, "");
    assert_string_equal(events(world), "");
    set_credential(world, CREDENTIAL_HELD, "denied by hv1");
    assert_string_equal(events(world), "credential.held credential domain\" held"
                                       " {\"credential\":\"domain\\\"\",\"why\":\"denied by hv1\"}");
    set_credential(world, CREDENTIAL_HELD, "denied by hv2");
    assert_string_equal(events(world), "");
    set_credential(world, CREDENTIAL_UNTRIED, "");
    assert_string_equal(events(world), "credential.freed credential domain\" {\"credential\":\"domain\\\"\"}");
    set_credential(world, CREDENTIAL_GOOD, "");
    assert_string_equal(events(world), "");
    set_credential(world, CREDENTIAL_HELD, "denied by hv1");
    events(world);
    assert_true(state_keep_credentials(world->store, NULL, 0, world->now, &world->err));
    assert_string_equal(events(world), "credential.freed credential domain\" {\"credential\":\"domain\\\"\"}");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_scan_that_fails_is_told_once_and_so_is_its_recovery),
        IN_WORLD(a_refusal_beside_records_is_told_and_holds_the_credential_in_the_same_transaction),
        IN_WORLD(a_target_that_never_was_good_is_told_too),
        IN_WORLD(what_fails_in_a_maintenance_is_told_by_the_first_failure_after_it),
        IN_WORLD(a_good_scan_ends_that_its_target_is_stale_and_a_failed_one_does_not),
        IN_WORLD(quarantine_is_told_when_it_begins_and_ends),
        IN_WORLD(removals_that_wait_are_told_until_nothing_waits),
        IN_WORLD(all_of_a_target_that_is_configured_no_more_is_over),
        IN_WORLD(a_credential_is_told_while_it_is_held),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
