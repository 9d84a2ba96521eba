#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lane.h"

enum { LANES = 3, TURNS = 30 };

struct road {
    struct slots slots;
    struct lane *lanes[LANES];
    struct turn turns[TURNS];
};

/* Three open lanes whose turns are due one after the other, spread over them. */
static void init(struct road *road)
{
    *road = (struct road){ 0 };
    slots_init(&road->slots, 1);
    road->slots.ready = true;
    for (int i = 0; i < LANES; i++) {
        road->lanes[i] = lane_create(&road->slots, false);
        lane_set_open(road->lanes[i], true);
    }
    for (int i = 0; i < TURNS; i++) {
        struct turn *turn = &road->turns[i * 7 % TURNS];

        turn->due = i * 7 % TURNS;
        lane_add(road->lanes[i % LANES], turn);
    }
}

static void finish(struct road *road)
{
    for (int i = 0; i < LANES; i++)
        lane_destroy(road->lanes[i]);
    slots_finish(&road->slots);
    lane_destroy(NULL);
}

static void turns_of_all_lanes_go_in_the_order_of_their_times(void **state)
{
    struct road road;

    (void)state;
    init(&road);
    for (int i = 0; i < TURNS; i++) {
        assert_ptr_equal(slots_first(&road.slots), &road.turns[i]);
        lane_remove(&road.turns[i]);
        lane_remove(&road.turns[i]);
    }
    assert_null(slots_first(&road.slots));
    finish(&road);
}

static void a_lane_that_is_shut_holds_up_no_other(void **state)
{
    struct road road;

    (void)state;
    init(&road);
    lane_set_open(road.turns[0].lane, false);
    lane_set_open(road.turns[0].lane, false);
    for (int i = 1; i < TURNS; i++) {
        if (road.turns[i].lane == road.turns[0].lane)
            continue;
        assert_ptr_equal(slots_first(&road.slots), &road.turns[i]);
        lane_remove(&road.turns[i]);
    }
    assert_null(slots_first(&road.slots));
    lane_set_open(road.turns[0].lane, true);
    assert_ptr_equal(slots_first(&road.slots), &road.turns[0]);
    finish(&road);
}

static void a_turn_that_leaves_from_the_middle_changes_nothing_for_the_rest(void **state)
{
    struct road road;

    (void)state;
    init(&road);
    for (int i = 0; i < TURNS; i += 2)
        lane_remove(&road.turns[i]);
    for (int i = 1; i < TURNS; i += 2) {
        assert_ptr_equal(slots_first(&road.slots), &road.turns[i]);
        lane_remove(&road.turns[i]);
    }
    finish(&road);
}

static void who_is_asked_for_goes_first_then_who_is_due_then_who_came_first(void **state)
{
    const struct turn asked = { .asked = true, .due = 9, .number = 9 }, early = { .due = 1, .number = 8 },
                      first = { .due = 2, .number = 3 }, second = { .due = 2, .number = 4 };

    (void)state;
    assert_true(turn_before(&asked, &early) && !turn_before(&early, &asked));
    assert_true(turn_before(&early, &first) && !turn_before(&first, &early));
    assert_true(turn_before(&first, &second) && !turn_before(&second, &first));
    assert_false(turn_before(&first, &first));
}

static void no_slot_or_no_plugin_means_no_turn(void **state)
{
    struct road road;

    (void)state;
    init(&road);
    road.slots.running = 1;
    assert_null(slots_first(&road.slots));
    road.slots.limit = 2;
    assert_non_null(slots_first(&road.slots));
    road.slots.ready = false;
    assert_null(slots_first(&road.slots));
    finish(&road);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_of_all_lanes_go_in_the_order_of_their_times),
        cmocka_unit_test(a_lane_that_is_shut_holds_up_no_other),
        cmocka_unit_test(a_turn_that_leaves_from_the_middle_changes_nothing_for_the_rest),
        cmocka_unit_test(who_is_asked_for_goes_first_then_who_is_due_then_who_came_first),
        cmocka_unit_test(no_slot_or_no_plugin_means_no_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
