/* The action log: who did what, written with the act itself, never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "action.h"
#include "query.h"
#include "state.h"
#include "world.h"

#include <string.h>

static const char row[] =
    "SELECT at || '|' || coalesce(uid, '-') || '|' || name || '|' || what || '|' || subject || '|' ||"
    " before || '|' || after || '|' || result || '|' || message FROM action ORDER BY id DESC LIMIT 1";

/* A target that misses 40 of 101. */
static int64_t held(struct test_world *world)
{
    int64_t target = world_target(world, "hv1", "hv1");

    world_add_many(world, "vm", 0, 100);
    world_add_many(world, "hyperv_host", 0, 1);
    assert_true(world_scan(world, target, COMPLETE));
    world_add_many(world, "vm", 40, 60);
    world_add_many(world, "hyperv_host", 0, 1);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.held, 40);
    return target;
}

static int64_t rows(struct test_world *world)
{
    return world_number(world, "SELECT count(*) FROM action");
}

static void an_acceptance_says_who_let_what_through(void **state)
{
    struct test_world *world = *state;
    int64_t target = held(world);
    const char *why = world_text(world, "SELECT held_why FROM target");

    assert_int_equal(rows(world), 0);
    assert_int_not_equal(why[0], '\0');
    assert_true(world_accept(world, target));
    assert_string_equal(world_text(world, row),
                        arena_format(&world->arena,
                                     "%lld|1000|uid 1000|accept|hv1|40 removals waited: %s|let through: 40 items "
                                     "gone|done|",
                                     (long long)world->now, why));
}

static void what_does_not_go_at_once_is_not_said_to_be_gone(void **state)
{
    struct test_world *world = *state;
    int64_t target = held(world);

    world_target(world, "hv2", "hv1");
    assert_true(world_accept(world, target));
    assert_string_equal(world_text(world, "SELECT after FROM action"), "let through: 0 items gone");
}

static void accepting_where_nothing_waits_is_no_act(void **state)
{
    struct test_world *world = *state;
    int64_t target = held(world);

    assert_true(world_accept(world, target));
    assert_true(world_accept(world, target));
    assert_int_equal(rows(world), 1);
}

static void an_acceptance_that_cannot_be_logged_does_not_happen(void **state)
{
    struct test_world *world = *state;
    int64_t target = held(world);

    world_run(world, "CREATE TRIGGER no BEFORE INSERT ON action BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_false(world_accept(world, target));
    assert_non_null(strstr(world->err.text, "the action log"));
    assert_int_equal(world_number(world, "SELECT held_count FROM target"), 40);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item WHERE gone_at IS NOT NULL"), 0);
}

static void one_that_fails_leaves_no_row(void **state)
{
    struct test_world *world = *state;
    int64_t target = held(world);

    world_run(world, "CREATE TRIGGER no BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no'); END");
    assert_false(world_accept(world, target));
    assert_int_equal(rows(world), 0);
}

static void add(struct test_world *world, int64_t at, int64_t uid, const char *name)
{
    const struct action action = {
        .at = at,
        .by = { uid, name },
        .what = "reload",
        .subject = "/etc/muster/musterd.conf",
        .before = "1 target",
        .after = "2 targets",
        .result = "done",
        .message = "",
    };

    assert_true(action_log(world->store, &action, &world->err));
}

static void a_row_is_never_changed(void **state)
{
    struct test_world *world = *state;
    char *text = NULL;

    add(world, 10, 0, "root");
    assert_int_not_equal(sqlite3_exec(world->sql.handle, "UPDATE action SET name = 'somebody'", NULL, NULL, &text), 0);
    assert_non_null(strstr(text, "never changed"));
    sqlite3_free(text);
    assert_string_equal(world_text(world, "SELECT name FROM action"), "root");
}

static void the_retention_alone_forgets(void **state)
{
    struct test_world *world = *state;
    bool more;

    add(world, 10, 0, "root");
    add(world, 99, 0, "root");
    add(world, 100, 0, "root");
    assert_true(state_forget(world->store, 100, 1, &more, &world->err));
    assert_true(more);
    assert_int_equal(world_number(world, "SELECT min(at) FROM action"), 99);
    assert_true(state_forget(world->store, 100, 100, &more, &world->err));
    assert_false(more);
    assert_int_equal(world_number(world, "SELECT min(at) FROM action"), 100);
    add(world, 101, 0, "root");
    assert_int_equal(world_number(world, "SELECT max(id) FROM action"), 4);
}

static void it_is_read_newest_first_from_a_time_on_and_so_many(void **state)
{
    struct test_world *world = *state;
    struct query_actions actions;
    struct query *query;
    struct arena arena;

    add(world, 10, 0, "root");
    add(world, 30, ACTION_SYSTEM, "system");
    add(world, 20, 1000, "ada"); /* the clock was set back */
    arena_init(&arena, ARENA_PLAIN);
    query = query_open(world->path, &world->err);
    assert_non_null(query);
    assert_true(query_actions(query, 0, 0, &arena, &actions, &world->err));
    assert_int_equal(actions.count, 3);
    assert_string_equal(actions.list[0].name, "ada");
    assert_false(actions.list[0].by_system);
    assert_int_equal(actions.list[0].uid, 1000);
    assert_true(actions.list[1].by_system);
    assert_false(actions.list[2].by_system);
    assert_string_equal(actions.list[2].after, "2 targets");
    assert_true(query_actions(query, 20, 1, &arena, &actions, &world->err));
    assert_int_equal(actions.count, 1);
    assert_true(actions.more);
    assert_true(query_actions(query, 20, 2, &arena, &actions, &world->err));
    assert_int_equal(actions.count, 2);
    assert_false(actions.more);
    assert_true(query_actions(query, 31, 0, &arena, &actions, &world->err));
    assert_int_equal(actions.count, 0);
    query_close(query);
    arena_finish(&arena);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(an_acceptance_says_who_let_what_through),
        IN_WORLD(what_does_not_go_at_once_is_not_said_to_be_gone),
        IN_WORLD(accepting_where_nothing_waits_is_no_act),
        IN_WORLD(an_acceptance_that_cannot_be_logged_does_not_happen),
        IN_WORLD(one_that_fails_leaves_no_row),
        IN_WORLD(a_row_is_never_changed),
        IN_WORLD(the_retention_alone_forgets),
        IN_WORLD(it_is_read_newest_first_from_a_time_on_and_so_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
