/* One row of a finding through its life, and the events that tell of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding_row.h"
#include "world.h"

static const char row[] = "SELECT kind || '|' || state || '|' || need || '|' || verdict || '|' || class || '|' ||"
                          " coalesce(judgement, '-') || '|' || assets || '|' || exempt || '|' ||"
                          " coalesce(exemption, '-') || '|' || times || '|' || opened_at || '|' || changed_at || '|' ||"
                          " coalesce(ended_at, '-') FROM finding ORDER BY id DESC LIMIT 1";
static const char events[] = "SELECT coalesce(group_concat(what || ' ' || state, ', '), '')"
                             " FROM (SELECT what, state FROM event ORDER BY id)";

static const struct finding_key vm = { .kind = FINDING_VERDICT, .asset = 7, .method = "image", .server = "BKP1" };
static const struct finding_key os = { .kind = FINDING_UNLISTED,
                                       .workload = "server",
                                       .version = "Windows Server 2025",
                                       .installation = "hyperv-vm",
                                       .product = "mabs-v2" };
static const struct finding_now bad = {
    .need = NEED_ACT, .verdict = "unsupported", .class = "", .judgement = 3, .assets = 1
};
static const struct finding_now over = { .need = NEED_NOTHING };

static void set(struct test_world *world, const struct finding_key *key, const struct finding_now *now,
                const struct occasion *occasion, int64_t at)
{
    if (!finding_set(&world->sql, key, now, occasion, at, &world->err))
        fail_msg("%s", world->err.text);
}

static void it_opens_once_and_says_so(void **state)
{
    struct test_world *world = *state;
    const struct occasion scan = { .batch = "first 5", .journal = 9, .target = 5 };

    set(world, &vm, &over, &scan, 90);
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding"), 0);
    set(world, &vm, &bad, &scan, 100);
    assert_string_equal(world_text(world, row), "verdict|open|act|unsupported||3|1|0|-|1|100|100|-");
    assert_string_equal(world_text(world, "SELECT at || '|' || what || '|' || subject || '|' || state || '|' ||"
                                          " finding || '|' || asset || '|' || target || '|' || journal || '|' ||"
                                          " batch || '|' || detail FROM event"),
                        "100|finding.opened|finding 1|act unsupported|1|7|5|9|first 5|{}");
    set(world, &vm, &bad, &scan, 110);
    assert_string_equal(world_text(world, row), "verdict|open|act|unsupported||3|1|0|-|1|100|100|-");
    assert_string_equal(world_text(world, events), "finding.opened act unsupported");
}

static void what_people_see_changes_with_an_event_and_the_rest_in_silence(void **state)
{
    struct test_world *world = *state;
    struct finding_now now = bad;

    set(world, &vm, &now, NULL, 100);
    now.judgement = 4;
    now.assets = 2;
    set(world, &vm, &now, NULL, 110);
    assert_string_equal(world_text(world, row), "verdict|open|act|unsupported||4|2|0|-|1|100|100|-");
    assert_string_equal(world_text(world, events), "finding.opened act unsupported");
    now.verdict = "contradictory";
    set(world, &vm, &now, NULL, 120);
    now.verdict = "unlisted";
    now.class = "newer";
    set(world, &vm, &now, NULL, 130);
    now.need = NEED_DECIDE;
    set(world, &vm, &now, NULL, 140);
    assert_string_equal(world_text(world, row), "verdict|open|decide|unlisted|newer|4|2|0|-|1|100|140|-");
    assert_string_equal(world_text(world, events),
                        "finding.opened act unsupported, finding.changed act contradictory,"
                        " finding.changed act unlisted newer, finding.changed decide unlisted newer");
}

static bool move(struct test_world *world, const struct finding_now *now)
{
    bool done;

    if (!finding_move(&world->sql, &vm, now, &done, &world->err))
        fail_msg("%s", world->err.text);
    return done;
}

static void only_what_says_the_same_moves_to_another_judgement(void **state)
{
    static const char *const others[] = { "need = 'decide'", "verdict = 'unlisted'", "class = 'newer'",   "assets = 2",
                                          "exempt = 1",      "exemption = 1",        "state = 'resolved'" };
    struct test_world *world = *state;
    struct finding_now now = bad;

    now.judgement = 4;
    assert_false(move(world, &now));
    assert_int_equal(world_number(world, "SELECT count(*) FROM finding"), 0);
    set(world, &vm, &bad, NULL, 100);
    assert_true(move(world, &now));
    assert_string_equal(world_text(world, row), "verdict|open|act|unsupported||4|1|0|-|1|100|100|-");
    now.judgement = 5;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        world_run(world, arena_format(&world->arena, "SAVEPOINT one; UPDATE finding SET %s", others[i]));
        assert_false(move(world, &now));
        assert_int_equal(world_number(world, "SELECT judgement FROM finding"), 4);
        world_run(world, "ROLLBACK TO one; RELEASE one");
    }
    assert_string_equal(world_text(world, events), "finding.opened act unsupported");
}

static void it_ends_as_it_ended(void **state)
{
    static const struct {
        bool gone, anew;
        const char *row;
    } cases[] = {
        { false, false, "verdict|resolved|act|unsupported||3|0|0|-|1|100|100|110" },
        { false, true, "verdict|superseded|act|unsupported||3|0|0|-|1|100|100|110" },
        { true, true, "verdict|retired|act|unsupported||3|0|0|-|1|100|100|110" },
    };
    struct test_world *world = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct finding_key key = vm;
        struct finding_now end = { .gone = cases[i].gone };
        struct occasion occasion = { .anew = cases[i].anew };

        key.asset = (int64_t)i + 1;
        set(world, &key, &bad, NULL, 100);
        set(world, &key, &end, &occasion, 110);
        assert_string_equal(world_text(world, row), cases[i].row);
        set(world, &key, &end, &occasion, 120);
        assert_string_equal(world_text(world, row), cases[i].row);
    }
    assert_int_equal(world_number(world, "SELECT count(*) FROM event WHERE what = 'finding.resolved' AND state = ''"),
                     3);
    assert_int_equal(world_number(world, "SELECT count(*) FROM event"), 6);
}

static void it_opens_again_under_its_number(void **state)
{
    struct test_world *world = *state;
    struct finding_now fine = { .judgement = 5 };

    set(world, &vm, &bad, NULL, 100);
    set(world, &vm, &fine, NULL, 110);
    assert_string_equal(world_text(world, row), "verdict|resolved|act|unsupported||5|0|0|-|1|100|100|110");
    set(world, &vm, &bad, NULL, 120);
    assert_string_equal(world_text(world, row), "verdict|open|act|unsupported||3|1|0|-|2|120|120|-");
    assert_int_equal(world_number(world, "SELECT max(id) FROM finding"), 1);
    assert_string_equal(world_text(world, events),
                        "finding.opened act unsupported, finding.resolved , finding.opened act unsupported");
}

static void each_kind_has_its_own_key(void **state)
{
    struct test_world *world = *state;
    const struct finding_key lifecycle = { .kind = FINDING_LIFECYCLE, .workload = os.workload, .version = os.version };
    const struct finding_key stale = { .kind = FINDING_STALE, .target = 7 };
    struct finding_now now = { .need = NEED_DECIDE, .verdict = "unlisted", .class = "gap", .assets = 3 };

    for (int round = 0; round < 2; round++) {
        set(world, &vm, &bad, NULL, 100);
        set(world, &os, &now, NULL, 100);
        set(world, &lifecycle, &(struct finding_now){ .need = NEED_DECIDE, .assets = 2 }, NULL, 100);
        set(world, &stale, &(struct finding_now){ .need = NEED_LOOK, .assets = 1 }, NULL, 100);
    }
    assert_string_equal(world_text(world, "SELECT group_concat(kind || ' ' || need || ' ' || workload || ' ' ||"
                                          " coalesce(target, '-'), ', ') FROM (SELECT * FROM finding ORDER BY id)"),
                        "verdict act  -, unlisted decide server -, lifecycle decide server -, stale look  7");
    assert_string_equal(world_text(world, "SELECT group_concat(state, ', ') FROM (SELECT state FROM event ORDER BY"
                                          " id)"),
                        "act unsupported, decide unlisted gap, decide, look");
    assert_int_equal(world_number(world, "SELECT target FROM event WHERE state = 'look'"), 7);
}

static void what_stops_being_exempt_as_a_whole_is_told_again(void **state)
{
    struct test_world *world = *state;
    struct finding_now now = { .need = NEED_DECIDE, .verdict = "unlisted", .class = "gap", .assets = 2 };

    set(world, &os, &now, NULL, 100);
    world_run(world, "INSERT INTO hook (name, cursor, history_cursor) VALUES ('mail', 0, -1)");
    world_run(world, "INSERT INTO told VALUES ('mail', 'finding 1', 'decide unlisted gap', 1),"
                     " ('mail', 'finding 11', 'look', 1)");
    now.exempt = 1;
    now.exemption = 4;
    set(world, &os, &now, NULL, 110);
    now.exempt = 2;
    set(world, &os, &now, NULL, 120);
    assert_string_equal(world_text(world, row), "unlisted|open|decide|unlisted|gap|-|2|2|4|1|100|100|-");
    assert_string_equal(world_text(world, events), "finding.opened decide unlisted gap");
    assert_int_equal(world_number(world, "SELECT count(*) FROM told WHERE state <> ''"), 2);
    now.assets = 3;
    set(world, &os, &now, NULL, 130);
    assert_string_equal(world_text(world, events),
                        "finding.opened decide unlisted gap, finding.opened decide unlisted gap");
    assert_string_equal(world_text(world, "SELECT group_concat(subject) FROM told WHERE state <> ''"), "finding 11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_opens_once_and_says_so, world_open, world_close),
        cmocka_unit_test_setup_teardown(what_people_see_changes_with_an_event_and_the_rest_in_silence, world_open,
                                        world_close),
        cmocka_unit_test_setup_teardown(only_what_says_the_same_moves_to_another_judgement, world_open, world_close),
        cmocka_unit_test_setup_teardown(it_ends_as_it_ended, world_open, world_close),
        cmocka_unit_test_setup_teardown(it_opens_again_under_its_number, world_open, world_close),
        cmocka_unit_test_setup_teardown(each_kind_has_its_own_key, world_open, world_close),
        cmocka_unit_test_setup_teardown(what_stops_being_exempt_as_a_whole_is_told_again, world_open, world_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
