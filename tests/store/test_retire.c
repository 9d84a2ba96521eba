/* An asset that no target will see again is retired by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "retire.h"
#include "state.h"

#include <string.h>

#define W2016 "10.0.14393"

static const struct actor ada = { 1000, "ada" };

static int64_t asset(struct docket *docket, const char *name)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT min(id) FROM asset WHERE name = '%s'", name));
}

static void scan(struct docket *docket, bool with_old)
{
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    if (with_old)
        docket_vm(docket, "old", W2016, "h1", NULL);
    docket_scan(docket);
}

/* The scan that misses it is partial: its removal is not even looked at. */
static void miss(struct docket *docket)
{
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    assert_true(world_scan(docket->world, docket->target, PARTIAL));
}

static void retire(struct docket *docket, const char *name, struct retire_result *result)
{
    struct test_world *world = docket->world;

    if (!retire_asset(world->store, asset(docket, name), "scrapped", &ada, world->now, result, &world->err))
        fail_msg("%s", world->err.text);
}

static void assert_refused(struct docket *docket, int64_t id, const char *reason, const char *words)
{
    struct test_world *world = docket->world;
    struct retire_result result;

    assert_false(retire_asset(world->store, id, reason, &ada, world->now, &result, &world->err));
    if (strstr(world->err.text, words) == NULL)
        fail_msg("%s", world->err.text);
    assert_int_equal(world->err.class, ERR_CONFIG);
    assert_int_equal(world_number(world, "SELECT count(*) FROM action"), 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NOT NULL"), 0);
}

static void all_that_hangs_on_it_ends_with_it(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct retire_result result;

    scan(docket, true);
    miss(docket);
    assert_int_not_equal(world_number(world, "SELECT count(*) FROM protection p JOIN asset a ON a.id = p.asset"
                                             " WHERE a.name = 'old'"),
                         0);
    retire(docket, "old", &result);
    assert_int_equal(result.items, 1);
    assert_string_equal(world_text(world, "SELECT gone_why || gone_at FROM item WHERE key = 'old'"),
                        arena_format(&world->arena, "retired%lld", (long long)world->now));
    assert_int_equal(world_number(world, "SELECT gone_at FROM asset WHERE name = 'old'"), world->now);
    assert_string_equal(docket_verdicts(docket, "old"), "");
    assert_string_equal(world_text(world,
                                   "SELECT what || detail || (SELECT name FROM asset WHERE id = asset) FROM history"
                                   " ORDER BY id DESC LIMIT 1"),
                        "retired{}old");
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting s JOIN item i ON i.id = s.item"
                                         " WHERE i.key = 'old'"),
                     0);
    assert_string_equal(world_text(world, "SELECT kind || ' ' || result || ' ' || message || ' ' || gone FROM journal"
                                          " ORDER BY id DESC LIMIT 1"),
                        "retire retired ada retired old: scrapped 1");
    assert_string_equal(world_text(world,
                                   "SELECT name || '|' || what || '|' || subject || '|' || before || '|' || after"
                                   " || '|' || result FROM action"),
                        arena_format(&world->arena, "ada|retire|asset %lld (old)|a vm with 1 item|gone: scrapped|done",
                                     (long long)asset(docket, "old")));
    assert_string_equal(docket_verdicts(docket, "web"), "agent supported, image supported");
}

static void what_a_target_still_sees_is_refused(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    scan(docket, true);
    assert_refused(docket, asset(docket, "old"), "scrapped",
                   arena_format(&world->arena, "target %s saw old in its last good run, at ",
                                world_text(world, "SELECT name FROM target")));
}

static void a_target_that_fails_has_seen_it_all_the_same(void **state)
{
    struct docket *docket = *state;

    scan(docket, true);
    assert_true(world_fail(docket->world, docket->target, ERR_UNREACHABLE, "no answer"));
    assert_refused(docket, asset(docket, "old"), "scrapped", "saw old in its last good run");
}

static void who_names_what_is_not_there_is_told_so(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;

    scan(docket, true);
    assert_refused(docket, 4711, "scrapped", "there is no asset 4711");
    assert_refused(docket, asset(docket, "old"), " ", "reason is missing");
    assert_refused(docket, asset(docket, "old"), "\xff", "not valid UTF-8");
    world_run(world, arena_format(&world->arena, "UPDATE asset SET merged_into = %lld WHERE name = 'old'",
                                  (long long)asset(docket, "web")));
    assert_refused(docket, asset(docket, "old"), "scrapped", "is part of asset");
    world_run(world, "UPDATE asset SET merged_into = NULL, gone_at = 5 WHERE name = 'old'");
    assert_refused(docket, asset(docket, "old"), "scrapped", "old is gone since 1970-01-01T00:00:00Z already");
}

static void a_removal_that_waits_is_not_waited_for_any_more(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct retire_result result;

    for (int i = 0; i < 15; i++)
        docket_vm(docket, arena_format(&world->arena, "vm%d", i), W2016, "h1", NULL);
    scan(docket, true);
    scan(docket, false); /* 16 of 17 at once: that waits */
    assert_int_equal(world_number(world, "SELECT held_count FROM target"), 16);
    retire(docket, "old", &result);
    assert_int_equal(world_number(world, "SELECT held_count FROM target"), 15);
    assert_true(world_number(world, "SELECT held_at FROM target") != 0);
    for (int i = 0; i < 15; i++)
        retire(docket, arena_format(&world->arena, "vm%d", i), &result);
    assert_string_equal(world_text(world, "SELECT held_count || coalesce(held_at, '-') || held_why FROM target"), "0-");
    assert_true(world_accept(world, docket->target));
    scan(docket, false);
    assert_int_equal(world->result.held, 0);
}

static void one_that_is_lost_does_not_wait_for_the_other_targets(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct retire_result result;

    scan(docket, true);
    world_target(world, "dead", world_text(world, "SELECT name FROM scope"));
    scan(docket, false);
    assert_int_equal(world_number(world, "SELECT lost_at IS NOT NULL AND gone_at IS NULL FROM item WHERE key = 'old'"),
                     1);
    retire(docket, "old", &result);
    assert_int_equal(result.items, 1);
    assert_int_equal(world_number(world, "SELECT gone_at IS NOT NULL FROM asset WHERE name = 'old'"), 1);
}

static void it_comes_back_when_it_is_seen_again(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct retire_result result;
    int64_t id;

    scan(docket, true);
    id = asset(docket, "old");
    miss(docket);
    retire(docket, "old", &result);
    scan(docket, true);
    assert_int_equal(world_number(world, "SELECT asset FROM item WHERE key = 'old' AND gone_at IS NULL"), id);
    assert_string_equal(docket_verdicts(docket, "old"), "agent supported, image supported");
}

static void what_depends_on_it_is_judged_again(void **state)
{
    struct docket *docket = *state;
    struct retire_result result;
    struct test_world *world = docket->world;
    int64_t other = world_target(world, "guests", "guests");

    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_scan(docket);
    assert_true(world_scan(world, docket->target, PARTIAL));
    (void)other;
    retire(docket, "h1", &result);
    assert_true(result.unjudged);
}

static void one_that_cannot_be_logged_stays(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct retire_result result;

    scan(docket, true);
    miss(docket);
    world_run(world, "CREATE TRIGGER no BEFORE INSERT ON action BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_false(retire_asset(world->store, asset(docket, "old"), "scrapped", &ada, world->now, &result, &world->err));
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NOT NULL"), 0);
    assert_string_equal(docket_verdicts(docket, "old"), "agent supported, image supported");
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(all_that_hangs_on_it_ends_with_it),
        IN_DOCKET(what_a_target_still_sees_is_refused),
        IN_DOCKET(a_target_that_fails_has_seen_it_all_the_same),
        IN_DOCKET(who_names_what_is_not_there_is_told_so),
        IN_DOCKET(a_removal_that_waits_is_not_waited_for_any_more),
        IN_DOCKET(one_that_is_lost_does_not_wait_for_the_other_targets),
        IN_DOCKET(it_comes_back_when_it_is_seen_again),
        IN_DOCKET(what_depends_on_it_is_judged_again),
        IN_DOCKET(one_that_cannot_be_logged_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
