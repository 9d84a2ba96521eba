/* Exemptions are made and ended, with the action log; the clock warns of them and ends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "docket.h"
#include "exemption_row.h"
#include "finding_row.h"

#include <string.h>

#define W2008 "6.0.6002"
#define W2016 "10.0.14393"
#define DAY ((int64_t)24 * 3600 * 1000)

static const struct actor ada = { 1000, "ada" };

static int64_t asset(struct docket *docket, const char *name)
{
    return world_number(docket->world,
                        arena_format(&docket->world->arena, "SELECT min(id) FROM asset WHERE name = '%s'", name));
}

/* "old" and "older" are not supported by agent: the method that is made to count. */
static void fill(struct docket *docket)
{
    static const struct estate_rule rule = { .by = "agent" };

    charter_rule(&docket->charter, &rule);
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2016, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_vm(docket, "older", W2008, "h1", NULL);
    docket_scan(docket);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding WHERE state = 'open'"), 2);
    world_run(docket->world, "DELETE FROM event");
}

static struct exemption_wish wish_of(struct docket *docket, const char *name)
{
    return (struct exemption_wish){
        .selector = { .asset = asset(docket, name) },
        .reason = "replaced in May",
        .until_at = docket->world->now + 90 * DAY,
    };
}

static struct exemption_result make(struct docket *docket, const struct exemption_wish *wish)
{
    struct test_world *world = docket->world;
    struct exemption_result result;

    if (!exemption_make(world->store, wish, NULL, 1, &ada, world->now, &result, &world->err))
        fail_msg("%s", world->err.text);
    return result;
}

static void assert_refused(struct docket *docket, const struct exemption_wish *wishes, size_t count, const char *words)
{
    struct test_world *world = docket->world;
    struct exemption_result results[4];
    int64_t before = world_number(world, "SELECT count(*) FROM exemption");

    assert_false(exemption_make(world->store, wishes, NULL, count, &ada, world->now, results, &world->err));
    if (strstr(world->err.text, words) == NULL)
        fail_msg("%s", world->err.text);
    assert_int_equal(world->err.class, ERR_CONFIG);
    assert_int_equal(world_number(world, "SELECT count(*) FROM exemption"), before);
    assert_int_equal(world_number(world, "SELECT count(*) FROM action"), before);
}

static const char *log_row(struct docket *docket)
{
    return world_text(docket->world, "SELECT uid || '|' || name || '|' || what || '|' || subject || '|' || before ||"
                                     " '|' || after || '|' || result || '|' || message FROM action"
                                     " ORDER BY id DESC LIMIT 1");
}

/* "WHAT SUBJECT DETAIL" of the events since the last call. */
static const char *told(struct docket *docket)
{
    const char *text =
        world_text(docket->world, "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT what || ' ' ||"
                                  " iif(finding IS NULL, subject, (SELECT name FROM asset a WHERE a.id = event.asset))"
                                  " AS line FROM event ORDER BY id)");

    text = arena_text(&docket->world->arena, text);
    world_run(docket->world, "DELETE FROM event");
    return text;
}

static const char *exempt(struct docket *docket)
{
    return world_text(docket->world, "SELECT coalesce(group_concat(line, '; '), '') FROM (SELECT a.name || ' ' ||"
                                     " f.exempt || ' of ' || f.assets || ' by ' || coalesce(f.exemption, '-') AS line"
                                     " FROM finding f JOIN asset a ON a.id = f.asset WHERE f.state = 'open'"
                                     " ORDER BY a.name)");
}

static int64_t tick(struct docket *docket, int64_t now)
{
    struct test_world *world = docket->world;
    int64_t next = -1;

    world_run(world, "BEGIN IMMEDIATE");
    if (!exemption_tick(&world->sql, now, &next, &world->err))
        fail_msg("%s", world->err.text);
    world_run(world, "COMMIT");
    return next;
}

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
    assert_true(exemption_make(world->store, wishes, NULL, 2, &ada, world->now, results, &world->err));
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
    assert_false(
        exemption_make(world->store, &wish, (const char *const[]){ "new" }, 1, &ada, world->now, &result, &world->err));
    assert_non_null(strstr(world->err.text, "is called old here, not new"));
    assert_true(
        exemption_make(world->store, &wish, (const char *const[]){ "OLD" }, 1, &ada, world->now, &result, &world->err));
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
    assert_false(
        exemption_make(world->store, &wish, NULL, 1, &ada, world->now, &(struct exemption_result){ 0 }, &world->err));
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
    assert_false(
        exemption_make(world->store, &wish, NULL, 1, &ada, world->now, &(struct exemption_result){ 0 }, &world->err));
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

/* -------------------------------------------------------------------------------------------------- the clock ---- */

static void without_any_the_clock_need_not_come_back(void **state)
{
    assert_int_equal(tick(*state, 5), 0);
}

static void an_end_is_told_before_it_comes_once(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at - 14 * DAY - 1);
    assert_string_equal(told(docket), "");
    tick(docket, wish.until_at - 14 * DAY);
    assert_int_equal(world_number(docket->world, "SELECT json_extract(detail, '$.covered') FROM event"), 1);
    assert_string_equal(told(docket), "exemption.expiring exemption 1");
    tick(docket, wish.until_at - 1);
    assert_string_equal(told(docket), "");
}

static void the_clock_says_when_to_come_back(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;
    int64_t now;

    fill(docket);
    now = docket->world->now;
    wish = wish_of(docket, "old");
    make(docket, &wish);
    assert_int_equal(tick(docket, now), now + 3600 * 1000); /* to see whether it covers more */
    assert_int_equal(tick(docket, wish.until_at - 14 * DAY - 1), wish.until_at - 14 * DAY);
    assert_int_equal(tick(docket, wish.until_at - 5), wish.until_at);
    assert_int_equal(tick(docket, wish.until_at), 0);
}

static void a_short_one_is_told_when_half_of_it_is_over(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;
    int64_t now;

    fill(docket);
    now = docket->world->now;
    wish = wish_of(docket, "old");
    wish.until_at = now + 2 * DAY;
    make(docket, &wish);
    tick(docket, now + DAY - 1);
    assert_string_equal(told(docket), "");
    tick(docket, now + DAY);
    assert_string_equal(told(docket), "exemption.expiring exemption 1");
}

static void what_was_exempt_is_told_again_when_it_ends_by_itself(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at);
    assert_string_equal(told(docket), "exemption.expired exemption 1; finding.opened old");
    assert_string_equal(exempt(docket), "old 0 of 1 by -; older 0 of 1 by -");
    assert_string_equal(world_text(world, "SELECT ended_why FROM exemption"), "expired");
    assert_int_equal(world_number(world, "SELECT ended_at FROM exemption"), wish.until_at);
    tick(docket, wish.until_at + DAY);
    assert_string_equal(told(docket), "");
}

static void what_another_one_covers_stays_exempt(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    wish.selector = (struct exemption_selector){ .verdict = "unsupported", .name = "old" };
    wish.until_at += 60 * DAY;
    make(docket, &wish);
    tick(docket, wish.until_at - 60 * DAY);
    assert_string_equal(told(docket), "exemption.expired exemption 1");
    assert_string_equal(exempt(docket), "old 1 of 1 by 2; older 0 of 1 by -");
}

static void that_one_covers_more_is_told_once(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.selector = (struct exemption_selector){ .version = "Windows Server 2008*" };
    make(docket, &wish);
    tick(docket, world->now + 1);
    assert_string_equal(told(docket), "");
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2008, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_vm(docket, "older", W2008, "h1", NULL);
    docket_scan(docket);
    told(docket);
    tick(docket, world->now + 2);
    assert_string_equal(world_text(world, "SELECT json_extract(detail, '$.before') || ' to ' ||"
                                          " json_extract(detail, '$.covered') FROM event"),
                        "2 to 3");
    assert_string_equal(told(docket), "exemption.grown exemption 1");
    tick(docket, world->now + 3);
    assert_string_equal(told(docket), "");
    assert_int_equal(world_number(world, "SELECT covered FROM exemption"), 3);
}

static void that_one_covers_nothing_any_more_is_told_once_each_time(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    for (int round = 0; round < 2; round++) {
        docket_host(docket, "h1", W2016, NULL);
        docket_vm(docket, "web", W2016, "h1", NULL);
        docket_vm(docket, "old", W2016, "h1", NULL);
        docket_vm(docket, "older", W2008, "h1", NULL);
        docket_scan(docket);
        told(docket);
        tick(docket, world->now);
        assert_string_equal(told(docket), "exemption.idle exemption 1");
        tick(docket, world->now);
        assert_string_equal(told(docket), "");
        docket_host(docket, "h1", W2016, NULL);
        docket_vm(docket, "web", W2016, "h1", NULL);
        docket_vm(docket, "old", W2008, "h1", NULL);
        docket_vm(docket, "older", W2008, "h1", NULL);
        docket_scan(docket);
        told(docket);
        tick(docket, world->now);
        assert_string_equal(told(docket), "");
        assert_int_equal(world_number(world, "SELECT count(*) FROM exemption WHERE idle_at IS NULL"), 1);
    }
}

static void a_clock_that_is_set_back_changes_nothing(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at);
    told(docket);
    tick(docket, docket->world->now - 365 * DAY);
    assert_string_equal(told(docket), "");
    assert_int_equal(world_number(docket->world, "SELECT ended_at FROM exemption"), wish.until_at);
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(one_that_is_made_stands_in_the_action_log),
        IN_DOCKET(findings_follow_at_once),
        IN_DOCKET(one_that_covers_nothing_says_so),
        IN_DOCKET(the_same_twice_is_made_once),
        IN_DOCKET(what_may_not_be_is_refused),
        IN_DOCKET(an_asset_that_became_part_of_another_is_named_by_that),
        IN_DOCKET(of_several_all_or_none_are_made),
        IN_DOCKET(an_asset_of_another_name_is_not_the_one_that_was_meant),
        IN_DOCKET(there_are_only_so_many),
        IN_DOCKET(one_that_cannot_be_logged_is_not_made),
        IN_DOCKET(hostile_texts_are_kept_as_they_are),
        IN_DOCKET(one_that_somebody_ends_is_told_again),
        IN_DOCKET(ending_what_is_not_in_force_is_refused),
        IN_DOCKET(without_any_the_clock_need_not_come_back),
        IN_DOCKET(an_end_is_told_before_it_comes_once),
        IN_DOCKET(the_clock_says_when_to_come_back),
        IN_DOCKET(a_short_one_is_told_when_half_of_it_is_over),
        IN_DOCKET(what_was_exempt_is_told_again_when_it_ends_by_itself),
        IN_DOCKET(what_another_one_covers_stays_exempt),
        IN_DOCKET(that_one_covers_more_is_told_once),
        IN_DOCKET(that_one_covers_nothing_any_more_is_told_once_each_time),
        IN_DOCKET(a_clock_that_is_set_back_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
