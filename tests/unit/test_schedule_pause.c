#include "model.h"

static void pause_for(struct fleet *fleet, struct schedule_entry *entry, int64_t ms)
{
    schedule_pause(fleet->schedule, entry, fleet->now.mono + ms, fleet->now);
}

/* One that has run, whose next time is known. */
static struct schedule_entry *settled(struct fleet *fleet, int64_t every)
{
    struct schedule_entry *entry = fleet_add(fleet, 0, NULL, every, NULL);

    fleet_end(fleet, fleet_await(fleet, NULL), ERR_NONE);
    return entry;
}

static void what_is_due_in_a_pause_runs_once_soon_after_it(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry = settled(&fleet, HOUR);
    int64_t end = fleet.now.mono + 5 * HOUR, next;

    (void)state;
    pause_for(&fleet, entry, 5 * HOUR);
    assert_in_range(fleet_next_at(&fleet, entry), fleet.now.wall + 5 * HOUR, fleet.now.wall + 5 * HOUR + MINUTE);
    assert_ptr_equal(fleet_await(&fleet, NULL), entry);
    assert_in_range(fleet.now.mono, end, end + MINUTE);
    fleet_end(&fleet, entry, ERR_NONE);
    next = fleet_next_at(&fleet, entry) - fleet.now.wall;
    assert_in_range(next, 1, HOUR);
    assert_non_null(fleet_await(&fleet, NULL));
    schedule_destroy(fleet.schedule);
}

static void what_is_due_after_a_pause_keeps_its_time(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry = settled(&fleet, DAY);
    int64_t planned;

    (void)state;
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_NONE);
    planned = fleet_next_at(&fleet, entry);
    pause_for(&fleet, entry, HOUR);
    assert_int_equal(fleet_next_at(&fleet, entry), planned);
    fleet_await(&fleet, NULL);
    assert_int_equal(fleet.now.wall, planned);
    schedule_destroy(fleet.schedule);
}

static void one_in_its_lane_goes_out_of_it(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *first = fleet_add(&fleet, 0, NULL, HOUR, NULL),
                          *other = fleet_add(&fleet, 0, NULL, HOUR, NULL);
    struct schedule_entry *running;

    (void)state;
    running = fleet_await(&fleet, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_null(fleet_next(&fleet, NULL)); /* the other one waits for its slot */
    other = running == first ? other : first;
    pause_for(&fleet, other, HOUR);
    fleet_end(&fleet, running, ERR_UNSUPPORTED);
    assert_null(fleet_next(&fleet, NULL));
    assert_true(schedule_due(fleet.schedule) > fleet.now.mono);
    pause_for(&fleet, running, 2 * HOUR);
    assert_ptr_equal(fleet_await(&fleet, NULL), other);
    schedule_destroy(fleet.schedule);
}

static void a_run_that_is_under_way_goes_on(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry = fleet_add(&fleet, 0, NULL, HOUR, NULL);
    int64_t end;

    (void)state;
    fleet_await(&fleet, NULL);
    end = fleet.now.mono + 3 * HOUR;
    pause_for(&fleet, entry, 3 * HOUR);
    assert_true(schedule_is_running(entry));
    fleet_pass(&fleet, MINUTE);
    fleet_end(&fleet, entry, ERR_UNREACHABLE); /* it would be tried again in a minute */
    assert_int_equal(schedule_state(entry)->attempts, 1);
    assert_ptr_equal(fleet_await(&fleet, NULL), entry);
    assert_in_range(fleet.now.mono, end, end + MINUTE);
    schedule_destroy(fleet.schedule);
}

static void one_that_is_cut_short_waits_for_the_end(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry = fleet_add(&fleet, 0, NULL, HOUR, NULL);

    (void)state;
    fleet_await(&fleet, NULL);
    pause_for(&fleet, entry, 3 * HOUR);
    schedule_again(fleet.schedule, entry, fleet.now);
    assert_null(fleet_next(&fleet, NULL));
    assert_in_range(fleet_next_at(&fleet, entry), fleet.now.wall + 3 * HOUR, fleet.now.wall + 3 * HOUR + MINUTE);
    schedule_destroy(fleet.schedule);
}

static void who_asks_gets_a_run_and_no_more(void **state)
{
    struct fleet fleet = fleet_of(1);
    struct schedule_entry *entry = settled(&fleet, HOUR);
    int64_t end = fleet.now.mono + 5 * HOUR;

    (void)state;
    pause_for(&fleet, entry, 5 * HOUR);
    fleet_pass(&fleet, 2 * HOUR);
    assert_null(fleet_next(&fleet, NULL));
    assert_int_equal(schedule_ask(fleet.schedule, entry, fleet.now), SCHEDULE_QUEUED);
    schedule_pause(fleet.schedule, entry, end - MINUTE, fleet.now); /* it stays asked for */
    assert_ptr_equal(fleet_next(&fleet, NULL), entry);
    schedule_again(fleet.schedule, entry, fleet.now);
    assert_ptr_equal(fleet_begin(&fleet, NULL), entry);
    fleet_end(&fleet, entry, ERR_NONE);
    fleet_await(&fleet, NULL);
    assert_in_range(fleet.now.mono, end - MINUTE, end);
    schedule_destroy(fleet.schedule);
}

static void a_pause_may_end_earlier_and_later_than_was_said(void **state)
{
    struct fleet fleet = fleet_of(2);
    struct schedule_entry *entry = settled(&fleet, HOUR);
    int64_t start;

    (void)state;
    pause_for(&fleet, entry, 5 * HOUR);
    fleet_pass(&fleet, 2 * HOUR);
    assert_null(fleet_next(&fleet, NULL));
    pause_for(&fleet, entry, 6 * HOUR);
    fleet_pass(&fleet, 5 * HOUR);
    assert_null(fleet_next(&fleet, NULL));
    start = fleet.now.mono;
    pause_for(&fleet, entry, -1);
    pause_for(&fleet, entry, -2);
    fleet_await(&fleet, NULL);
    assert_in_range(fleet.now.mono, start, start + MINUTE);
    schedule_destroy(fleet.schedule);
}

static void a_fleet_is_spread_behind_its_pause(void **state)
{
    struct fleet fleet = fleet_of(FLEET_MAX);
    size_t at_once;
    int64_t end;

    (void)state;
    for (size_t i = 0; i < 100; i++)
        pause_for(&fleet, fleet_add(&fleet, 0, NULL, DAY, NULL), HOUR);
    end = fleet.now.mono + HOUR;
    fleet_pass(&fleet, 2 * MINUTE);
    assert_int_equal(fleet_begin_all(&fleet, NULL), 0);
    fleet_pass(&fleet, HOUR - 2 * MINUTE);
    at_once = fleet_begin_all(&fleet, NULL);
    assert_true(at_once < 10);
    fleet_pass(&fleet, MINUTE);
    assert_int_equal(at_once + fleet_begin_all(&fleet, NULL), 100);
    assert_int_equal(fleet.now.mono, end + MINUTE);
    schedule_destroy(fleet.schedule);
}

/* The one whose time is next is called to try the secret, unless it pauses. */
static void others_show_that_a_secret_is_good(void **state)
{
    struct fleet fleet = fleet_of(4);
    const struct schedule_state lately = { .started_at = fleet.now.wall - 1 };
    struct schedule_credential *credential = fleet_credential(&fleet, NULL);
    struct schedule_entry *denied = fleet_add(&fleet, 0, credential, HOUR, NULL), *one, *other, *first;
    int64_t end = fleet.now.mono + 3 * HOUR;

    (void)state;
    assert_ptr_equal(fleet_await(&fleet, secret), denied);
    fleet_end(&fleet, denied, ERR_DENIED);
    assert_int_equal(schedule_credential_state(credential)->word, CREDENTIAL_HELD);
    one = fleet_add(&fleet, 0, credential, 100 * DAY, &lately);
    other = fleet_add(&fleet, 0, credential, 100 * DAY, &lately);
    first = fleet_next_at(&fleet, one) < fleet_next_at(&fleet, other) ? one : other;
    assert_true(fleet_next_at(&fleet, first) > fleet.now.wall + DAY);
    schedule_pause(fleet.schedule, first, end, fleet.now);
    schedule_pause(fleet.schedule, denied, end, fleet.now);
    assert_ptr_equal(fleet_await(&fleet, secret), first == one ? other : one);
    assert_true(fleet.now.mono < end);
    fleet_end(&fleet, first == one ? other : one, ERR_NONE);
    assert_int_equal(schedule_credential_state(credential)->word, CREDENTIAL_GOOD);
    assert_true(schedule_state(denied)->denied_alone);
    assert_ptr_equal(fleet_await(&fleet, secret), denied);
    assert_true(fleet.now.mono >= end);
    schedule_destroy(fleet.schedule);
}

static void one_that_was_denied_stays_behind_the_others(void **state)
{
    struct fleet fleet = fleet_of(4);
    struct schedule_credential *credential = fleet_credential(&fleet, NULL);
    struct schedule_entry *denied = fleet_add(&fleet, 0, credential, HOUR, NULL), *other;

    (void)state;
    assert_ptr_equal(fleet_await(&fleet, secret), denied);
    fleet_end(&fleet, denied, ERR_DENIED);
    pause_for(&fleet, denied, SECOND);
    other = fleet_add(&fleet, 0, credential, HOUR, NULL);
    pause_for(&fleet, other, 10 * MINUTE);
    assert_ptr_equal(fleet_await(&fleet, secret), other);
    schedule_destroy(fleet.schedule);
}

static void a_new_secret_waits_for_the_end_where_all_pause(void **state)
{
    struct fleet fleet = fleet_of(4);
    struct schedule_credential *credential = fleet_credential(&fleet, NULL);
    int64_t end = fleet.now.mono + 3 * HOUR;

    (void)state;
    for (int i = 0; i < 3; i++)
        pause_for(&fleet, fleet_add(&fleet, 0, credential, HOUR, NULL), 3 * HOUR);
    fleet_end(&fleet, fleet_await(&fleet, secret), ERR_DENIED);
    assert_in_range(fleet.now.mono, end, end + MINUTE);
    for (int i = 0; i < 3; i++)
        pause_for(&fleet, fleet.entries[i], 5 * HOUR);
    end = fleet.now.mono + 5 * HOUR;
    fleet_end(&fleet, fleet_await(&fleet, secret), ERR_NONE);
    assert_in_range(fleet.now.mono, end, end + MINUTE);
    assert_int_equal(schedule_credential_state(credential)->word, CREDENTIAL_GOOD);
    schedule_destroy(fleet.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_in_a_pause_runs_once_soon_after_it),
        cmocka_unit_test(what_is_due_after_a_pause_keeps_its_time),
        cmocka_unit_test(one_in_its_lane_goes_out_of_it),
        cmocka_unit_test(a_run_that_is_under_way_goes_on),
        cmocka_unit_test(one_that_is_cut_short_waits_for_the_end),
        cmocka_unit_test(who_asks_gets_a_run_and_no_more),
        cmocka_unit_test(a_pause_may_end_earlier_and_later_than_was_said),
        cmocka_unit_test(a_fleet_is_spread_behind_its_pause),
        cmocka_unit_test(others_show_that_a_secret_is_good),
        cmocka_unit_test(one_that_was_denied_stays_behind_the_others),
        cmocka_unit_test(a_new_secret_waits_for_the_end_where_all_pause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
