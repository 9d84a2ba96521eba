#include "model.h"

/* One target that has run on its grid. */
static struct fleet settled(int64_t every_ms, struct schedule_spec *spec)
{
    struct fleet fleet = fleet_of(2);

    fleet_add(&fleet, 0, NULL, every_ms, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    *spec = (struct schedule_spec){ fleet_names[0], 0, NULL, every_ms };
    return fleet;
}

static void what_stays_the_same_keeps_its_clock(void **state)
{
    struct schedule_spec spec;
    struct fleet fleet = settled(DAY, &spec);
    int64_t due = schedule_due(fleet.schedule);

    (void)state;
    spec.name = "host000"; /* the same name, elsewhere in memory */
    fleet.now.wall += DAY / 2;
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_int_equal(schedule_due(fleet.schedule), due);
    spec.plugin = 1;
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_int_equal(schedule_due(fleet.schedule), due);
    schedule_destroy(fleet.schedule);
}

static void a_shorter_interval_brings_the_next_time_near(void **state)
{
    struct schedule_spec spec;
    struct fleet fleet = settled(7 * DAY, &spec);

    (void)state;
    spec.every_ms = HOUR;
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_in_range(schedule_due(fleet.schedule) - fleet.now.mono, 1, HOUR);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]), fleet.now.wall + HOUR);
    schedule_destroy(fleet.schedule);
}

static void another_interval_leaves_a_wait_alone(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_spec spec = { "host000", 0, NULL, HOUR };
    int64_t due;

    (void)state;
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    due = schedule_due(fleet.schedule);
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_int_equal(schedule_due(fleet.schedule), due);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_UNSUPPORTED);
    due = schedule_due(fleet.schedule);
    spec.every_ms = 2 * HOUR;
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_int_equal(schedule_due(fleet.schedule), due);
    schedule_destroy(fleet.schedule);
}

static void what_is_due_waits_for_its_new_plugin(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_spec spec = { "host000", 1, NULL, DAY };

    (void)state;
    schedule_plugin_ready(fleet.schedule, 0, false);
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_null(fleet_begin(&fleet, NULL));
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void a_run_gives_its_slot_back_to_the_plugin_it_began_with(void **state)
{
    const size_t each[2] = { 1, 1 };
    struct schedule_spec spec;
    struct fleet fleet = settled(DAY, &spec);

    (void)state;
    schedule_set_slots(fleet.schedule, 2, each, 2);
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    schedule_ask(fleet.schedule, fleet.entries[0], fleet.now);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    spec.plugin = 1;
    schedule_change(fleet.schedule, fleet.entries[0], &spec, fleet.now);
    fleet_pass(&fleet, MINUTE);
    assert_null(fleet_begin(&fleet, NULL));
    fleet_end(&fleet, fleet.entries[0], ERR_NONE);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[1]);
    schedule_ask(fleet.schedule, fleet.entries[0], fleet.now);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void a_removed_target_is_gone_wherever_it_stood(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        fleet_add(&fleet, 0, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_non_null(fleet_begin(&fleet, NULL));
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    for (size_t i = 0; i < 4; i++)
        schedule_remove(fleet.schedule, fleet.entries[i]);
    assert_int_equal(schedule_running(fleet.schedule), 0);
    assert_int_equal(schedule_due(fleet.schedule), INT64_MAX);
    schedule_destroy(fleet.schedule);
}

static void a_forgiven_target_runs_soon(void **state)
{
    struct fleet fleet = fleet_of(1);
    const struct schedule_state *stored;

    (void)state;
    stored = schedule_state(fleet_add(&fleet, 0, NULL, DAY, NULL));
    for (int i = 0; i < 3; i++)
        fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_BUG);
    assert_true(stored->quarantined);
    schedule_forgive(fleet.schedule, fleet.entries[0], fleet.now);
    assert_int_equal(stored->attempts, 0);
    assert_int_equal(stored->deaths, 0);
    assert_false(stored->quarantined);
    assert_in_range(schedule_due(fleet.schedule) - fleet.now.mono, 0, MINUTE);
    /* One that did not fail keeps its time. */
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]) - fleet.now.wall > MINUTE, 1);
    schedule_forgive(fleet.schedule, fleet.entries[0], fleet.now);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]) - fleet.now.wall > MINUTE, 1);
    schedule_destroy(fleet.schedule);
}

static void a_quarantine_survives_a_restart(void **state)
{
    struct fleet fleet = fleet_of(1), again = fleet_of(1);

    (void)state;
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    for (int i = 0; i < 4; i++)
        fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_BUG);
    again.now = (struct schedule_now){ 1, fleet.now.wall + 10 * MINUTE };
    fleet_add(&again, 0, NULL, DAY, schedule_state(fleet.entries[0]));
    assert_int_equal(fleet_next_at(&again, again.entries[0]), fleet_next_at(&fleet, fleet.entries[0]));
    assert_true(schedule_state(again.entries[0])->quarantined);
    fleet_end(&again, fleet_await(&again, NULL), ERR_BUG);
    assert_in_range(schedule_state(again.entries[0])->retry_at - again.now.wall, 3 * HOUR, 4 * HOUR);
    schedule_destroy(again.schedule);
    schedule_destroy(fleet.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stays_the_same_keeps_its_clock),
        cmocka_unit_test(a_shorter_interval_brings_the_next_time_near),
        cmocka_unit_test(another_interval_leaves_a_wait_alone),
        cmocka_unit_test(what_is_due_waits_for_its_new_plugin),
        cmocka_unit_test(a_run_gives_its_slot_back_to_the_plugin_it_began_with),
        cmocka_unit_test(a_removed_target_is_gone_wherever_it_stood),
        cmocka_unit_test(a_forgiven_target_runs_soon),
        cmocka_unit_test(a_quarantine_survives_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
