/* Exemptions are made and ended, each act with its row in the action log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exempting.h"

/* ----------------------------------------------------------------------------------------------------- making ---- */

static void one_that_is_made_stands_in_the_action_log(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;
    struct exemption_result result;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.until_at = INT64_C(4102444799000);
    world->now = wish.until_at - 30 * DAY;
    wish.ticket = "CHG-1";
    wish.approved_by = "Grace";
    result = make(docket, &wish);
    assert_int_equal(result.id, 1);
    assert_int_equal(result.covered, 1);
    assert_false(result.known);
    assert_string_equal(log_row(docket),
                        arena_format(&world->arena,
                                     "1000|ada|exempt|asset %lld (old)||exemption 1 until 2099-12-31T23:59:59Z: "
                                     "replaced in May, ticket CHG-1, approved by Grace; covers 1 open finding|done|",
                                     (long long)wish.selector.asset));
    assert_string_equal(
        world_text(world, "SELECT uid || name || made_at || until_at || covered || ended_why FROM"
                          " exemption"),
        arena_format(&world->arena, "1000ada%lld%lld1", (long long)world->now, (long long)wish.until_at));
}

static void findings_follow_at_once(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    assert_string_equal(exempt(docket), "old 1 of 1 by 1; older 0 of 1 by -");
    wish = (struct exemption_wish){ .selector = { .version = "Windows Server 2008*" },
                                    .reason = "all of them",
                                    .until_at = docket->world->now + DAY };
    assert_int_equal(make(docket, &wish).covered, 2);
    assert_string_equal(exempt(docket), "old 1 of 1 by 1; older 1 of 1 by 2");
    assert_string_equal(told(docket), "");
}

static void one_that_covers_nothing_says_so(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "web");
    assert_int_equal(make(docket, &wish).covered, 0);
    assert_int_equal(world_number(docket->world, "SELECT idle_at FROM exemption"), docket->world->now);
}

static void the_same_twice_is_made_once(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;
    struct exemption_result again;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    again = make(docket, &wish);
    assert_true(again.known);
    assert_int_equal(again.id, 1);
    assert_int_equal(again.covered, 1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM exemption"), 1);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM action"), 1);
    wish.reason = "another";
    assert_false(make(docket, &wish).known);
}

/* An export names the asset that the exempt one has become part of. */
static void the_same_is_known_by_the_asset_that_it_follows(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.selector.method = "agent";
    make(docket, &wish);
    world_run(world, arena_format(&world->arena, "UPDATE asset SET merged_into = %lld WHERE id = %lld",
                                  (long long)asset(docket, "older"), (long long)asset(docket, "old")));
    wish.selector.asset = asset(docket, "older");
    assert_true(make(docket, &wish).known);
    wish.selector.method = "image";
    assert_false(make(docket, &wish).known);
    wish.selector.method = "agent";
    wish.selector.asset = asset(docket, "web");
    assert_false(make(docket, &wish).known);
}

static void what_may_not_be_is_refused(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.reason = NULL;
    assert_refused(docket, &wish, 1, "reason is missing");
    wish = wish_of(docket, "old");
    wish.until_at = docket->world->now;
    assert_refused(docket, &wish, 1, "in the past");
    wish = wish_of(docket, "old");
    wish.selector.asset = 4711;
    assert_refused(docket, &wish, 1, "there is no asset 4711");
    wish = wish_of(docket, "old");
    wish.selector.workload = "'; DROP TABLE exemption; --";
    assert_refused(docket, &wish, 1, "there is no workload");
}

static void an_asset_that_became_part_of_another_is_named_by_that(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    world_run(world, arena_format(&world->arena, "UPDATE asset SET merged_into = %lld WHERE id = %lld",
                                  (long long)asset(docket, "web"), (long long)asset(docket, "old")));
    assert_refused(docket, &wish, 1, "is part of asset");
}

static void of_several_all_or_none_are_made(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_result results[2];
    struct exemption_wish wishes[2];

    fill(docket);
    wishes[0] = wish_of(docket, "old");
    wishes[1] = wish_of(docket, "older");
    wishes[1].reason = "";
    assert_refused(docket, wishes, 2, "exemption 2 of 2: the reason is missing");
    wishes[1].reason = "too";
    assert_true(exemption_make(world->store, &(struct exemption_wishes){ wishes, NULL, 2 }, &ada, world->now, results,
                               &world->err));
    assert_int_equal(results[0].covered + results[1].covered, 2);
    assert_int_equal(world_number(world, "SELECT count(*) FROM action WHERE what = 'exempt'"), 2);
}

static void an_asset_of_another_name_is_not_the_one_that_was_meant(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_result result;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    assert_false(exemption_make(world->store, &(struct exemption_wishes){ &wish, (const char *const[]){ "new" }, 1 },
                                &ada, world->now, &result, &world->err));
    assert_non_null(strstr(world->err.text, "is called old here, not new"));
    assert_true(exemption_make(world->store, &(struct exemption_wishes){ &wish, (const char *const[]){ "OLD" }, 1 },
                               &ada, world->now, &result, &world->err));
}

static void there_are_only_so_many(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    world_run(world, arena_format(&world->arena,
                                  "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %d)"
                                  " INSERT INTO exemption (selector, reason, name, made_at, until_at)"
                                  " SELECT '{\"name\":\"n' || n || '\"}', 'r', 'root', 1, %lld FROM n",
                                  EXEMPTION_MAX, (long long)(world->now + DAY)));
    wish = wish_of(docket, "old");
    assert_false(exemption_make(world->store, &(struct exemption_wishes){ &wish, NULL, 1 }, &ada, world->now,
                                &(struct exemption_result){ 0 }, &world->err));
    assert_non_null(strstr(world->err.text, "10000 exemptions are in force"));
    world_run(world, "UPDATE exemption SET ended_at = 1 WHERE id = 5");
    assert_int_equal(make(docket, &wish).covered, 1);
}

static void one_that_cannot_be_logged_is_not_made(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    world_run(world, "CREATE TRIGGER no BEFORE INSERT ON action BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_false(exemption_make(world->store, &(struct exemption_wishes){ &wish, NULL, 1 }, &ada, world->now,
                                &(struct exemption_result){ 0 }, &world->err));
    assert_int_equal(world_number(world, "SELECT count(*) FROM exemption"), 0);
    assert_string_equal(exempt(docket), "old 0 of 1 by -; older 0 of 1 by -");
}

static void hostile_texts_are_kept_as_they_are(void **state)
{
    static const char hostile[] = "=cmd|'/c calc'!A1 $(reboot) '; rm -rf / \xe2\x80\xae\n<script>\"\\";
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.selector.name = hostile;
    wish.reason = hostile;
    wish.ticket = hostile;
    wish.approved_by = hostile;
    assert_int_equal(make(docket, &wish).covered, 0);
    assert_string_equal(world_text(world, "SELECT reason FROM exemption"), hostile);
    assert_string_equal(world_text(world, "SELECT json_extract(selector, '$.name') FROM exemption"), hostile);
    tick(docket, wish.until_at - 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM event WHERE json_extract(detail, '$.ticket') ="
                                         " (SELECT ticket FROM exemption)"),
                     1);
}

/* ----------------------------------------------------------------------------------------------------- ending ---- */

static void one_that_somebody_ends_is_told_again(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    assert_true(exemption_end(world->store, 1, "it was replaced", &ada, world->now + 1, &world->err));
    assert_string_equal(exempt(docket), "old 0 of 1 by -; older 0 of 1 by -");
    assert_string_equal(told(docket), "finding.opened old");
    assert_string_equal(world_text(world, "SELECT ended_why FROM exemption"), "it was replaced");
    assert_non_null(strstr(log_row(docket), "exempt-end|exemption 1: asset"));
    assert_non_null(strstr(log_row(docket), ": replaced in May|ended: it was replaced|done|"));
}

static void ending_what_is_not_in_force_is_refused(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    assert_false(exemption_end(world->store, 1, "r", &ada, world->now, &world->err));
    assert_string_equal(world->err.text, "there is no exemption 1; muster exemptions lists them");
    make(docket, &wish);
    assert_false(exemption_end(world->store, 1, "", &ada, world->now, &world->err));
    assert_non_null(strstr(world->err.text, "reason is missing"));
    assert_true(exemption_end(world->store, 1, "r", &ada, world->now, &world->err));
    assert_false(exemption_end(world->store, 1, "r", &ada, world->now, &world->err));
    assert_non_null(strstr(world->err.text, "ended at"));
    assert_int_equal(world->err.class, ERR_CONFIG);
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(one_that_is_made_stands_in_the_action_log),
        IN_DOCKET(findings_follow_at_once),
        IN_DOCKET(one_that_covers_nothing_says_so),
        IN_DOCKET(the_same_twice_is_made_once),
        IN_DOCKET(the_same_is_known_by_the_asset_that_it_follows),
        IN_DOCKET(what_may_not_be_is_refused),
        IN_DOCKET(an_asset_that_became_part_of_another_is_named_by_that),
        IN_DOCKET(of_several_all_or_none_are_made),
        IN_DOCKET(an_asset_of_another_name_is_not_the_one_that_was_meant),
        IN_DOCKET(there_are_only_so_many),
        IN_DOCKET(one_that_cannot_be_logged_is_not_made),
        IN_DOCKET(hostile_texts_are_kept_as_they_are),
        IN_DOCKET(one_that_somebody_ends_is_told_again),
        IN_DOCKET(ending_what_is_not_in_force_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
