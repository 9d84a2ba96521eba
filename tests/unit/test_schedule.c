#include "model.h"

static void nothing_is_due_in_an_empty_schedule(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    assert_null(fleet_next(&fleet, NULL));
    assert_int_equal(schedule_due(fleet.schedule), INT64_MAX);
    schedule_destroy(fleet.schedule);
    schedule_destroy(NULL);
}

static void one_that_was_never_scanned_runs_within_a_minute(void **state)
{
    struct fleet fleet = fleet_of(FLEET_MAX);
    int64_t start = fleet.now.mono;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        fleet_add(&fleet, 0, NULL, DAY, NULL);
    for (size_t i = 0; i < 100; i++) {
        assert_non_null(fleet_await(&fleet, NULL));
        assert_in_range(fleet.now.mono - start, 0, MINUTE);
        /* Spread: no more than a few at once. */
        assert_true(i < 50 || fleet.now.mono - start > 15 * SECOND);
    }
    assert_int_equal(schedule_running(fleet.schedule), 100);
    schedule_destroy(fleet.schedule);
}

static void runs_lie_one_interval_apart_however_long_they_take(void **state)
{
    struct fleet fleet = fleet_of(1);
    int64_t last;

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    last = fleet.now.mono;
    for (int i = 0; i < 50; i++) {
        struct schedule_entry *entry = fleet_await(&fleet, NULL);

        assert_int_equal(fleet.now.mono, last + HOUR);
        last = fleet.now.mono;
        fleet_pass(&fleet, i * MINUTE);
        fleet_end(&fleet, entry, ERR_NONE);
    }
    schedule_destroy(fleet.schedule);
}

static void missed_times_are_skipped(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry;
    int64_t start;

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    entry = fleet_await(&fleet, NULL);
    start = fleet.now.mono;
    fleet_pass(&fleet, 5 * HOUR + MINUTE);
    assert_null(fleet_begin(&fleet, NULL));
    fleet_end(&fleet, entry, ERR_NONE);
    assert_null(fleet_begin(&fleet, NULL));
    assert_int_equal(schedule_due(fleet.schedule), start + 6 * HOUR);
    /* The machine sleeps: one run, not ten. */
    fleet_pass(&fleet, 10 * HOUR);
    fleet_end(&fleet, fleet_begin(&fleet, NULL), ERR_NONE);
    assert_null(fleet_begin(&fleet, NULL));
    schedule_destroy(fleet.schedule);
}

static void a_restart_keeps_the_grid(void **state)
{
    struct fleet fleet = fleet_of(1), again;
    int64_t next;

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    next = fleet_next_at(&fleet, fleet.entries[0]);
    assert_int_equal(next, fleet.now.wall + HOUR);
    again = fleet_of(1);
    again.now = (struct schedule_now){ 3, fleet.now.wall + 20 * MINUTE };
    fleet_add(&again, 0, NULL, HOUR, schedule_state(fleet.entries[0]));
    assert_int_equal(fleet_next_at(&again, again.entries[0]), next);
    schedule_destroy(again.schedule);
    /* It was down at the planned time. */
    again = fleet_of(1);
    again.now = (struct schedule_now){ 3, next + 20 * MINUTE };
    fleet_add(&again, 0, NULL, HOUR, schedule_state(fleet.entries[0]));
    assert_in_range(fleet_next_at(&again, again.entries[0]) - again.now.wall, 0, MINUTE);
    fleet_end(&again, fleet_await(&again, NULL), ERR_NONE);
    assert_int_equal(fleet_next_at(&again, again.entries[0]), next + HOUR);
    schedule_destroy(again.schedule);
    schedule_destroy(fleet.schedule);
}

static void a_stored_start_in_the_future_delays_by_one_interval_at_most(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_state stored = { .started_at = fleet.now.wall + 365 * DAY };

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, &stored);
    assert_in_range(fleet_next_at(&fleet, fleet.entries[0]) - fleet.now.wall, 1, HOUR);
    schedule_destroy(fleet.schedule);
}

static void a_wall_clock_that_jumps_moves_nothing(void **state)
{
    struct fleet fleet = fleet_of(1);
    int64_t due;

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    due = schedule_due(fleet.schedule);
    for (int days = -1; days <= 1; days++) {
        fleet.now.wall += days * DAY;
        assert_null(fleet_begin(&fleet, NULL));
        assert_int_equal(schedule_due(fleet.schedule), due);
        assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]), fleet.now.wall + due - fleet.now.mono);
    }
    fleet.now.wall -= DAY;
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_UNREACHABLE);
    due = schedule_due(fleet.schedule);
    assert_in_range(due - fleet.now.mono, MINUTE / 4 * 3, MINUTE);
    fleet.now.wall -= DAY;
    assert_int_equal(schedule_due(fleet.schedule), due);
    schedule_destroy(fleet.schedule);
}

static void slots_limit_what_runs_at_once(void **state)
{
    const size_t each[2] = { 3, 4 };
    struct fleet fleet = fleet_of(5);
    size_t of_first = 0;

    (void)state;
    schedule_set_slots(fleet.schedule, 5, each, 2);
    for (size_t i = 0; i < 20; i++)
        fleet_add(&fleet, i % 2, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_int_equal(fleet_begin_all(&fleet, NULL), 5);
    for (size_t i = 0; i < 20; i += 2)
        of_first += schedule_is_running(fleet.entries[i]);
    assert_in_range(of_first, 1, 3);
    schedule_set_slots(fleet.schedule, 100, each, 2);
    assert_int_equal(fleet_begin_all(&fleet, NULL), 2);
    /* Fewer than there run: nothing starts until enough have ended. */
    schedule_set_slots(fleet.schedule, 1, each, 1);
    for (size_t i = 0; i < 20; i++) {
        if (schedule_running(fleet.schedule) > 1 && schedule_is_running(fleet.entries[i]))
            fleet_end(&fleet, fleet.entries[i], ERR_NONE);
        assert_null(fleet_begin(&fleet, NULL));
    }
    assert_int_equal(schedule_running(fleet.schedule), 1);
    schedule_destroy(fleet.schedule);
}

static void a_plugin_that_is_not_ready_starts_nothing_and_blocks_no_other(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    schedule_plugin_ready(fleet.schedule, 0, false);
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_null(fleet_begin(&fleet, NULL));
    assert_int_equal(schedule_due(fleet.schedule), INT64_MAX);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]), 0);
    fleet_add(&fleet, 1, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[1]);
    fleet_end(&fleet, fleet.entries[1], ERR_NONE);
    schedule_plugin_ready(fleet.schedule, 0, true);
    assert_int_equal(schedule_due(fleet.schedule), fleet.now.mono);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void the_one_due_first_goes_first(void **state)
{
    struct fleet fleet = fleet_of(1);
    int64_t due[40], last = 0;

    (void)state;
    for (size_t i = 0; i < 40; i++)
        due[i] = fleet_next_at(&fleet, fleet_add(&fleet, i % 2, NULL, DAY, NULL));
    fleet_pass(&fleet, HOUR);
    for (size_t i = 0; i < 40; i++) {
        struct schedule_entry *entry = fleet_begin(&fleet, NULL);
        size_t number = fleet_number(entry);

        assert_true(due[number] >= last);
        last = due[number];
        fleet_end(&fleet, entry, ERR_NONE);
    }
    schedule_destroy(fleet.schedule);
}

static void a_failure_is_tried_again_after_its_wait_and_then_on_the_grid(void **state)
{
    struct fleet fleet = fleet_of(1);
    int64_t failed, planned;

    (void)state;
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    planned = fleet_next_at(&fleet, fleet.entries[0]);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_UNREACHABLE);
    failed = fleet.now.mono;
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 1);
    assert_int_equal(schedule_state(fleet.entries[0])->retry_at, fleet_next_at(&fleet, fleet.entries[0]));
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_UNREACHABLE);
    assert_in_range(fleet.now.mono - failed, 45 * SECOND, MINUTE);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 0);
    assert_int_equal(schedule_state(fleet.entries[0])->retry_at, 0);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]), planned + DAY);
    schedule_destroy(fleet.schedule);
}

static void a_target_whose_runs_keep_dying_is_quarantined_until_it_is_asked_for(void **state)
{
    struct fleet fleet = fleet_of(1);
    const struct schedule_state *stored;

    (void)state;
    stored = schedule_state(fleet_add(&fleet, 0, NULL, MINUTE, NULL));
    for (int i = 0; i < 3; i++)
        fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_BUG);
    assert_true(stored->quarantined);
    assert_in_range(stored->retry_at - fleet.now.wall, 45 * MINUTE, HOUR);
    assert_int_equal(schedule_ask(fleet.schedule, fleet.entries[0], fleet.now), SCHEDULE_QUEUED);
    assert_false(stored->quarantined);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    fleet_end(&fleet, fleet.entries[0], ERR_BUG);
    assert_true(stored->quarantined);
    assert_in_range(stored->retry_at - fleet.now.wall, 90 * MINUTE, 2 * HOUR);
    schedule_destroy(fleet.schedule);
}

static void who_is_asked_for_goes_before_all_others(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    for (size_t i = 0; i < 9; i++)
        fleet_add(&fleet, i % 2, NULL, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_non_null(fleet_begin(&fleet, NULL));
    for (size_t i = 9; i-- > 0;) {
        if (!schedule_is_running(fleet.entries[i]))
            assert_int_equal(schedule_ask(fleet.schedule, fleet.entries[i], fleet.now), SCHEDULE_QUEUED);
        else
            assert_int_equal(schedule_ask(fleet.schedule, fleet.entries[i], fleet.now), SCHEDULE_RUNNING);
        fleet_pass(&fleet, 1);
    }
    for (size_t i = 0; i < 9; i++) {
        if (schedule_is_running(fleet.entries[i]))
            fleet_end(&fleet, fleet.entries[i], ERR_NONE);
    }
    /* In the order in which they were asked for; asking twice changes nothing. */
    for (size_t i = 9; i-- > 0;) {
        struct schedule_entry *entry;

        if (fleet_next_at(&fleet, fleet.entries[i]) != 0)
            continue;
        schedule_ask(fleet.schedule, fleet.entries[i], fleet.now);
        entry = fleet_begin(&fleet, NULL);
        assert_ptr_equal(entry, fleet.entries[i]);
        fleet_end(&fleet, entry, ERR_NONE);
    }
    schedule_destroy(fleet.schedule);
}

static void a_run_that_is_over_through_no_fault_of_its_own_counts_nothing(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_state before;

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_BUG);
    before = *schedule_state(fleet.entries[0]);
    assert_non_null(fleet_await(&fleet, NULL));
    schedule_again(fleet.schedule, fleet.entries[0], fleet.now);
    assert_memory_equal(schedule_state(fleet.entries[0]), &before, sizeof before);
    assert_int_equal(schedule_running(fleet.schedule), 0);
    assert_ptr_equal(fleet_begin(&fleet, NULL), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void the_time_that_is_shown_is_the_time_of_the_run(void **state)
{
    static const enum err_class ends[] = { ERR_NONE, ERR_UNREACHABLE, ERR_NONE,  ERR_BUG,
                                           ERR_NONE, ERR_PROTOCOL,    ERR_DENIED };
    struct fleet fleet = fleet_of(1);

    (void)state;
    for (size_t i = 0; i < 20; i++)
        fleet_add(&fleet, i % 2, NULL, HOUR, NULL);
    for (size_t i = 0; i < 500; i++) {
        struct schedule_entry *entry;
        int64_t shown[20], least = INT64_MAX;

        for (size_t j = 0; j < 20; j++) {
            shown[j] = fleet_next_at(&fleet, fleet.entries[j]);
            least = shown[j] < least ? shown[j] : least;
        }
        entry = fleet_await(&fleet, NULL);
        assert_int_equal(fleet.now.wall, least);
        assert_int_equal(shown[fleet_number(entry)], least);
        fleet_end(&fleet, entry, ends[i % (sizeof ends / sizeof *ends)]);
    }
    schedule_destroy(fleet.schedule);
}

static void one_that_could_not_begin_is_tried_again_as_any_that_failed(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_ptr_equal(fleet_next(&fleet, NULL), fleet.entries[0]);
    fleet_end(&fleet, fleet.entries[0], ERR_SYSTEM);
    assert_int_equal(schedule_running(fleet.schedule), 0);
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 1);
    assert_int_equal(schedule_state(fleet.entries[0])->started_at, 0);
    /* Neither ends twice. */
    fleet_end(&fleet, fleet.entries[0], ERR_SYSTEM);
    schedule_again(fleet.schedule, fleet.entries[0], fleet.now);
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 1);
    assert_false(schedule_begin(fleet.schedule, fleet.entries[0], NULL, fleet.now));
    schedule_destroy(fleet.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_due_in_an_empty_schedule),
        cmocka_unit_test(one_that_was_never_scanned_runs_within_a_minute),
        cmocka_unit_test(runs_lie_one_interval_apart_however_long_they_take),
        cmocka_unit_test(missed_times_are_skipped),
        cmocka_unit_test(a_restart_keeps_the_grid),
        cmocka_unit_test(a_stored_start_in_the_future_delays_by_one_interval_at_most),
        cmocka_unit_test(a_wall_clock_that_jumps_moves_nothing),
        cmocka_unit_test(slots_limit_what_runs_at_once),
        cmocka_unit_test(a_plugin_that_is_not_ready_starts_nothing_and_blocks_no_other),
        cmocka_unit_test(the_one_due_first_goes_first),
        cmocka_unit_test(a_failure_is_tried_again_after_its_wait_and_then_on_the_grid),
        cmocka_unit_test(a_target_whose_runs_keep_dying_is_quarantined_until_it_is_asked_for),
        cmocka_unit_test(who_is_asked_for_goes_before_all_others),
        cmocka_unit_test(a_run_that_is_over_through_no_fault_of_its_own_counts_nothing),
        cmocka_unit_test(the_time_that_is_shown_is_the_time_of_the_run),
        cmocka_unit_test(one_that_could_not_begin_is_tried_again_as_any_that_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
