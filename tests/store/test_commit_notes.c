/* What a run leaves beside items: the target's state, the credential's, warnings, offers, the journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <string.h>

static void a_failed_run_touches_only_the_target(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t good;

    world_add_many(world, "vm", 0, 3);
    assert_true(world_scan(world, target, COMPLETE));
    good = world->now - 1000;
    world_count_writes(world);
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no answer from a.example"));
    assert_string_equal(world_text(world, "SELECT group_concat(name) FROM written"), "journal");
    assert_string_equal(world_text(world, "SELECT result || ': ' || message FROM target"),
                        "unreachable: no answer from a.example");
    assert_int_equal(world_number(world, "SELECT succeeded_at FROM target"), good);
    assert_int_equal(world_number(world, "SELECT ended_at FROM target"), world->now);
    assert_int_equal(world_number(world, "SELECT max(seen_at) FROM item_seen"), good);
    assert_string_equal(world_text(world, "SELECT result || ': ' || message FROM journal ORDER BY id DESC LIMIT 1"),
                        "unreachable: no answer from a.example");
}

static void the_journal_tells_a_failure_once(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    for (int i = 0; i < 3; i++)
        assert_true(world_fail(world, target, ERR_UNREACHABLE, "no answer"));
    assert_int_equal(world->result.journal, 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM journal"), 1);
    assert_true(world_fail(world, target, ERR_UNREACHABLE, "no route"));
    assert_true(world_fail(world, target, ERR_TIMEOUT, "no route"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM journal"), 3);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_number(world, "SELECT count(*) FROM journal"), 4);
    assert_string_equal(world_text(world, "SELECT message FROM target"), "");
}

static bool run_with(struct test_world *world, int64_t target, const struct schedule_state *state,
                     const struct credential_state *credential)
{
    const struct commit commit = {
        .target = target,
        .class = ERR_DENIED,
        .message = "refused",
        .started_at = ++world->now,
        .ended_at = world->now,
        .state = state,
        .credential = "domain scan",
        .credential_state = credential,
    };

    return commit_run(world->store, &commit, &world->result, &world->err);
}

static void the_schedules_state_is_stored_with_the_run(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    const struct schedule_state failed = { 3, 2, true, true, 0, 99 }, fine = { 0 };

    assert_true(run_with(world, target, &failed, NULL));
    assert_string_equal(world_text(world,
                                   "SELECT attempts || ' ' || deaths || ' ' || quarantined || ' ' || denied_alone"
                                   " || ' ' || retry_at FROM target"),
                        "3 2 1 1 99");
    assert_true(run_with(world, target, &fine, NULL));
    assert_string_equal(world_text(world,
                                   "SELECT attempts || ' ' || deaths || ' ' || quarantined || ' ' || denied_alone"
                                   " || ' ' || coalesce(retry_at, 'none') FROM target"),
                        "0 0 0 0 none");
}

static void a_credentials_state_is_written_when_it_is_another(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    struct credential_state credential = { .word = CREDENTIAL_HELD, .attempts = 1, .retry_at = 5, .held_at = 4 };

    strcpy(credential.target, "a");
    strcpy(credential.why, "it's refused");
    credential.fingerprint[15] = 7;
    world_run(world,
              "CREATE TABLE kept (n); CREATE TRIGGER c AFTER UPDATE ON credential BEGIN INSERT INTO kept"
              " VALUES (1); END; CREATE TRIGGER d AFTER INSERT ON credential BEGIN INSERT INTO kept VALUES (2); END");
    for (int i = 0; i < 3; i++)
        assert_true(run_with(world, target, NULL, &credential));
    assert_string_equal(world_text(world, "SELECT group_concat(n) FROM kept"), "2");
    assert_string_equal(world_text(world, "SELECT name || '|' || state || '|' || hex(fingerprint) || '|' || attempts ||"
                                          " '|' || retry_at || '|' || held_at || '|' || target || '|' || why"
                                          " FROM credential"),
                        "domain scan|held|00000000000000000000000000000007|1|5|4|a|it's refused");
    credential = (struct credential_state){ .word = CREDENTIAL_GOOD };
    assert_true(run_with(world, target, NULL, &credential));
    assert_string_equal(world_text(world, "SELECT group_concat(n) FROM kept"), "2,1");
    assert_string_equal(world_text(world, "SELECT state || coalesce(target, ' nobody') FROM credential"),
                        "good nobody");
}

static void warn(struct test_world *world, const char *key, const char *text)
{
    batch_add_warning(&world->batch, &(struct message_warning){ key == NULL ? NULL : "vm", key, text });
}

static void warnings_are_those_of_the_last_scan(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    warn(world, "one", "no tools");
    warn(world, NULL, "a folder could not be read");
    assert_true(world_scan(world, target, PARTIAL));
    assert_int_equal(world_number(world, "SELECT warnings FROM target"), 2);
    assert_string_equal(world_text(world, "SELECT group_concat(coalesce(kind || ' ' || key || ': ', '') || text, '; ')"
                                          " FROM warning"),
                        "vm one: no tools; a folder could not be read");
    world_count_writes(world);
    warn(world, NULL, "a folder could not be read");
    warn(world, "one", "no tools");
    assert_true(world_scan(world, target, PARTIAL));
    assert_int_equal(world_writes(world), 0);
    warn(world, "one", "no tools");
    assert_true(world_scan(world, target, PARTIAL));
    assert_int_equal(world_number(world, "SELECT count(*) FROM warning"), 1);
    assert_true(world_fail(world, target, ERR_TIMEOUT, "late"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM warning"), 1);
    assert_true(world_scan(world, target, PARTIAL));
    assert_int_equal(world_number(world, "SELECT count(*) FROM warning"), 0);
    assert_int_equal(world_number(world, "SELECT warnings FROM target"), 0);
}

static void offer(struct test_world *world, const char *host, uint64_t port, const char *evidence)
{
    batch_add_offer(&world->batch, &(struct message_offer){ "sql", host, evidence, port });
}

static void offers_are_kept_until_a_complete_scan_does_not_repeat_them(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t first;

    offer(world, "db1", 1433, "SSRP");
    offer(world, "db1", 1434, "SSRP");
    offer(world, "db'2", 0, "DNS");
    assert_true(world_scan(world, target, COMPLETE));
    first = world->now;
    offer(world, "db1", 1434, "a service");
    assert_true(world_scan(world, target, DELTA));
    assert_int_equal(world_number(world, "SELECT count(*) FROM offer"), 3);
    assert_int_equal(world_number(world, "SELECT max(first_at) FROM offer"), first);
    assert_int_equal(world_number(world, "SELECT count(*) FROM offer WHERE evidence = 'a service'"), 1);
    offer(world, "db1", 1434, "a service");
    assert_true(world_scan(world, target, COMPLETE));
    assert_string_equal(world_text(world, "SELECT group_concat(plugin || ' ' || host || ' ' || port) FROM offer"),
                        "sql db1 1434");
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_number(world, "SELECT count(*) FROM offer"), 0);
}

static void the_offers_of_another_target_are_not_touched(void **state)
{
    struct test_world *world = *state;

    offer(world, "db1", 1433, "SSRP");
    warn(world, NULL, "oh");
    assert_true(world_scan(world, world_target(world, "a", "a"), COMPLETE));
    assert_true(world_scan(world, world_target(world, "b", "b"), COMPLETE));
    assert_int_equal(world_number(world, "SELECT count(*) FROM offer"), 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM warning"), 1);
}

static void an_empty_first_scan_is_told_and_leaves_nothing(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    assert_true(world_scan(world, target, COMPLETE));
    assert_true(world->result.journal > 0);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.journal, 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_failed_run_touches_only_the_target),
        TEST(the_journal_tells_a_failure_once),
        TEST(the_schedules_state_is_stored_with_the_run),
        TEST(a_credentials_state_is_written_when_it_is_another),
        TEST(warnings_are_those_of_the_last_scan),
        TEST(offers_are_kept_until_a_complete_scan_does_not_repeat_them),
        TEST(the_offers_of_another_target_are_not_touched),
        TEST(an_empty_first_scan_is_told_and_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
