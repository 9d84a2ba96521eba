#include "model.h"

static const struct credential_state *state_of(const struct schedule_credential *credential)
{
    return schedule_credential_state(credential);
}

/* So many targets with one credential, all of them due. */
static struct fleet sharing(size_t count, struct schedule_credential **credential)
{
    struct fleet fleet = fleet_of(FLEET_MAX);

    *credential = fleet_credential(&fleet, NULL);
    for (size_t i = 0; i < count; i++)
        fleet_add(&fleet, i % 2, *credential, DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    return fleet;
}

/* The same, the secret being good, and none of them running. */
static struct fleet sharing_good(size_t count, struct schedule_credential **credential)
{
    struct fleet fleet = sharing(count, credential);
    struct schedule_entry *entry;

    while ((entry = fleet_begin(&fleet, secret)) != NULL)
        fleet_end(&fleet, entry, ERR_NONE);
    assert_int_equal(state_of(*credential)->word, CREDENTIAL_GOOD);
    return fleet;
}

/* Begins this one, which must be allowed to. */
static void begin_asked(struct fleet *fleet, struct schedule_entry *entry)
{
    schedule_ask(fleet->schedule, entry, fleet->now);
    assert_ptr_equal(fleet_begin(fleet, secret), entry);
}

static void a_wrong_password_of_300_targets_costs_one_attempt_a_wait(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(300, &credential);
    struct schedule_entry *canary, *last = NULL;
    int64_t whole = 30 * MINUTE;

    (void)state;
    for (int i = 0; i < 8; i++) {
        canary = fleet_begin(&fleet, secret);
        assert_non_null(canary);
        assert_ptr_not_equal(canary, last);
        fleet_pass(&fleet, SECOND);
        assert_null(fleet_begin(&fleet, secret));
        fleet_end(&fleet, canary, ERR_DENIED);
        assert_int_equal(state_of(credential)->word, CREDENTIAL_HELD);
        fleet_pass(&fleet, whole / 4 * 3 - 1);
        assert_null(fleet_begin(&fleet, secret));
        fleet_pass(&fleet, whole / 4 + 1);
        whole = whole * 2 > 12 * HOUR ? 12 * HOUR : whole * 2;
        last = canary;
    }
    schedule_destroy(fleet.schedule);
}

static void a_good_password_frees_all_in_the_order_of_their_times(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(300, &credential);
    struct schedule_entry *canary = fleet_begin(&fleet, secret);

    (void)state;
    assert_null(fleet_begin(&fleet, secret));
    fleet_end(&fleet, canary, ERR_NONE);
    assert_int_equal(fleet_begin_all(&fleet, secret), 299);
    schedule_destroy(fleet.schedule);
}

static void a_held_credential_blocks_no_other(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(10, &credential);

    (void)state;
    fleet_end(&fleet, fleet_begin(&fleet, secret), ERR_DENIED);
    fleet_add(&fleet, 0, NULL, DAY, NULL);
    fleet_add(&fleet, 0, schedule_add_credential(fleet.schedule, "other", NULL, fleet.now), DAY, NULL);
    fleet_pass(&fleet, MINUTE);
    assert_int_equal(fleet_begin_all(&fleet, secret), 2);
    assert_true(schedule_is_running(fleet.entries[10]) && schedule_is_running(fleet.entries[11]));
    schedule_destroy(fleet.schedule);
}

static void another_failure_makes_the_next_target_the_canary_at_once(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(40, &credential);
    struct schedule_entry *entry;

    (void)state;
    for (int i = 0; i < 32; i++) {
        static const enum err_class classes[] = { ERR_UNREACHABLE, ERR_TIMEOUT, ERR_BUG, ERR_PROTOCOL };

        entry = fleet_begin(&fleet, secret);
        assert_non_null(entry);
        assert_null(fleet_begin(&fleet, secret));
        fleet_end(&fleet, entry, classes[i % 4]);
        assert_int_equal(schedule_state(entry)->attempts, 1);
    }
    assert_int_equal(state_of(credential)->word, CREDENTIAL_UNTRIED);
    /* One that could not begin, one that was interrupted, and one that is taken out. */
    entry = fleet_next(&fleet, secret);
    fleet_end(&fleet, entry, ERR_CONFIG);
    entry = fleet_begin(&fleet, secret);
    schedule_again(fleet.schedule, entry, fleet.now);
    entry = fleet_begin(&fleet, secret);
    assert_null(fleet_begin(&fleet, secret));
    schedule_remove(fleet.schedule, entry);
    assert_non_null(fleet_begin(&fleet, secret));
    schedule_destroy(fleet.schedule);
}

static void a_new_password_is_tried_at_once_by_one(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(50, &credential);

    (void)state;
    fleet_end(&fleet, fleet_begin(&fleet, secret), ERR_DENIED);
    assert_null(fleet_begin(&fleet, secret));
    fleet_pass(&fleet, MINUTE);
    assert_int_equal(fleet_begin_all(&fleet, other_secret), 1);
    assert_int_equal(state_of(credential)->word, CREDENTIAL_UNTRIED);
    assert_memory_equal(state_of(credential)->fingerprint, other_secret, sizeof other_secret);
    schedule_destroy(fleet.schedule);
}

static void a_held_secret_is_looked_at_once_a_minute_and_at_the_canarys_time(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(2, &credential);
    struct schedule_step step;
    int64_t canary;

    (void)state;
    fleet_end(&fleet, fleet_begin(&fleet, secret), ERR_DENIED);
    canary = fleet.now.mono + state_of(credential)->retry_at - fleet.now.wall;
    while (fleet.now.mono < canary) {
        int64_t due = schedule_due(fleet.schedule);

        assert_false(schedule_next(fleet.schedule, fleet.now, &step));
        assert_int_equal(due, fleet.now.mono + MINUTE < canary ? fleet.now.mono + MINUTE : canary);
        fleet_pass(&fleet, due - fleet.now.mono);
        assert_true(schedule_next(fleet.schedule, fleet.now, &step));
        assert_int_equal(step.what, SCHEDULE_LOOK);
        assert_ptr_equal(step.credential, credential);
    }
    assert_true(schedule_next(fleet.schedule, fleet.now, &step));
    assert_int_equal(step.what, SCHEDULE_START);
    assert_true(schedule_begin(fleet.schedule, step.entry, secret, fleet.now));
    fleet_end(&fleet, step.entry, ERR_DENIED);
    /* Nobody needs it any more. */
    schedule_remove(fleet.schedule, fleet.entries[0]);
    schedule_remove(fleet.schedule, fleet.entries[1]);
    assert_int_equal(schedule_due(fleet.schedule), INT64_MAX);
    schedule_remove_credential(fleet.schedule, credential);
    schedule_destroy(fleet.schedule);
}

static void the_canary_is_another_one_even_if_that_is_not_due(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(2, &credential);

    (void)state;
    begin_asked(&fleet, fleet.entries[0]);
    fleet_end(&fleet, fleet.entries[0], ERR_DENIED);
    assert_ptr_equal(fleet_await(&fleet, secret), fleet.entries[1]);
    assert_int_equal(fleet.now.wall, state_of(credential)->retry_at);
    fleet_end(&fleet, fleet.entries[1], ERR_DENIED);
    assert_ptr_equal(fleet_await(&fleet, secret), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void no_canary_is_called_out_of_a_wait_of_its_own(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(2, &credential);

    (void)state;
    begin_asked(&fleet, fleet.entries[1]);
    fleet_end(&fleet, fleet.entries[1], ERR_UNSUPPORTED);
    begin_asked(&fleet, fleet.entries[0]);
    fleet_end(&fleet, fleet.entries[0], ERR_DENIED);
    assert_ptr_equal(fleet_await(&fleet, secret), fleet.entries[0]);
    assert_int_equal(fleet.now.wall, state_of(credential)->retry_at);
    schedule_destroy(fleet.schedule);
}

static void the_only_target_is_its_own_canary(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(1, &credential);

    (void)state;
    fleet_end(&fleet, fleet_begin(&fleet, secret), ERR_DENIED);
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[0]), state_of(credential)->retry_at);
    assert_ptr_equal(fleet_await(&fleet, secret), fleet.entries[0]);
    assert_int_equal(fleet.now.wall, state_of(credential)->retry_at);
    fleet_end(&fleet, fleet.entries[0], ERR_NONE);
    assert_int_equal(state_of(credential)->word, CREDENTIAL_GOOD);
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 0);
    schedule_destroy(fleet.schedule);
}

static void who_is_denied_while_another_succeeds_holds_nobody_again(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(20, &credential);
    struct schedule_entry *hostile = fleet.entries[7], *entry;

    (void)state;
    begin_asked(&fleet, hostile);
    fleet_end(&fleet, hostile, ERR_DENIED);
    assert_false(schedule_state(hostile)->denied_alone);
    assert_int_equal(schedule_state(hostile)->attempts, 1);
    assert_int_equal(schedule_state(hostile)->retry_at, 0);
    entry = fleet_await(&fleet, secret);
    assert_ptr_not_equal(entry, hostile);
    fleet_end(&fleet, entry, ERR_NONE);
    assert_true(schedule_state(hostile)->denied_alone);
    for (int i = 0; i < 200; i++) {
        entry = fleet_await(&fleet, secret);
        fleet_end(&fleet, entry, entry == hostile ? ERR_DENIED : ERR_NONE);
        assert_int_equal(state_of(credential)->word, CREDENTIAL_GOOD);
    }
    assert_true(schedule_state(hostile)->attempts > 5);
    assert_in_range(schedule_state(hostile)->retry_at, 1, fleet.now.wall + 12 * HOUR);
    schedule_destroy(fleet.schedule);
}

static void a_new_password_clears_who_was_denied_alone(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(5, &credential);
    struct schedule_entry *hostile = fleet.entries[3], *entry;

    (void)state;
    begin_asked(&fleet, hostile);
    fleet_end(&fleet, hostile, ERR_DENIED);
    fleet_end(&fleet, fleet_await(&fleet, secret), ERR_NONE);
    assert_true(schedule_state(hostile)->denied_alone);
    schedule_secret(fleet.schedule, credential, other_secret, fleet.now);
    assert_false(schedule_state(hostile)->denied_alone);
    assert_int_equal(schedule_state(hostile)->attempts, 0);
    entry = fleet_begin(&fleet, other_secret);
    assert_ptr_equal(entry, hostile);
    fleet_end(&fleet, entry, ERR_DENIED);
    assert_int_equal(state_of(credential)->word, CREDENTIAL_HELD);
    schedule_destroy(fleet.schedule);
}

static void who_is_denied_alone_is_no_canary_for_the_others(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(4, &credential);
    struct schedule_entry *hostile = fleet.entries[3], *entry;

    (void)state;
    begin_asked(&fleet, hostile);
    fleet_end(&fleet, hostile, ERR_DENIED);
    fleet_end(&fleet, fleet_await(&fleet, secret), ERR_NONE);
    begin_asked(&fleet, fleet.entries[0]);
    fleet_end(&fleet, fleet.entries[0], ERR_DENIED);
    for (int i = 0; i < 6; i++) {
        schedule_ask(fleet.schedule, hostile, fleet.now);
        entry = fleet_await(&fleet, secret);
        assert_ptr_not_equal(entry, hostile);
        fleet_end(&fleet, entry, ERR_DENIED);
    }
    /* With but one other, which may be the wrong one itself, it is. */
    for (size_t i = 1; i < 3; i++)
        schedule_remove(fleet.schedule, fleet.entries[i]);
    assert_ptr_equal(fleet_await(&fleet, secret), hostile);
    schedule_destroy(fleet.schedule);
}

static void a_denial_with_an_older_password_holds_nobody_and_is_tried_again(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(2, &credential);

    (void)state;
    begin_asked(&fleet, fleet.entries[0]);
    schedule_ask(fleet.schedule, fleet.entries[1], fleet.now);
    assert_ptr_equal(fleet_begin(&fleet, other_secret), fleet.entries[1]);
    fleet_end(&fleet, fleet.entries[0], ERR_DENIED);
    assert_int_equal(state_of(credential)->word, CREDENTIAL_UNTRIED);
    assert_int_equal(schedule_state(fleet.entries[0])->attempts, 0);
    assert_null(fleet_begin(&fleet, other_secret));
    fleet_end(&fleet, fleet.entries[1], ERR_NONE);
    assert_ptr_equal(fleet_begin(&fleet, other_secret), fleet.entries[0]);
    schedule_destroy(fleet.schedule);
}

static void starts_that_were_given_before_a_change_wait_for_the_canary(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(10, &credential);
    struct schedule_entry *entry;
    size_t begun = 0;

    (void)state;
    for (size_t i = 0; i < 10; i++)
        schedule_ask(fleet.schedule, fleet.entries[i], fleet.now);
    for (size_t i = 0; i < 10; i++)
        assert_ptr_equal(fleet_next(&fleet, secret), fleet.entries[i]);
    for (size_t i = 0; i < 10; i++)
        begun += schedule_begin(fleet.schedule, fleet.entries[i], other_secret, fleet.now);
    assert_int_equal(begun, 1);
    assert_int_equal(schedule_running(fleet.schedule), 1);
    fleet_end(&fleet, fleet.entries[0], ERR_NONE);
    for (size_t i = 1; i < 10; i++) {
        entry = fleet_begin(&fleet, other_secret);
        assert_ptr_equal(entry, fleet.entries[i]);
    }
    schedule_destroy(fleet.schedule);
}

static void asking_does_not_end_a_hold_but_goes_first_after_it(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(10, &credential);

    (void)state;
    fleet_end(&fleet, fleet_begin(&fleet, secret), ERR_DENIED);
    assert_int_equal(schedule_ask(fleet.schedule, fleet.entries[9], fleet.now), SCHEDULE_HELD);
    assert_null(fleet_begin(&fleet, secret));
    assert_int_equal(fleet_next_at(&fleet, fleet.entries[9]), state_of(credential)->retry_at);
    assert_ptr_equal(fleet_await(&fleet, secret), fleet.entries[9]);
    schedule_destroy(fleet.schedule);
}

static void a_hold_survives_a_restart(void **state)
{
    struct schedule_credential *credential, *restored;
    struct fleet fleet = sharing(3, &credential), again = fleet_of(FLEET_MAX);
    struct schedule_entry *first = fleet_begin(&fleet, secret), *entry;
    size_t number = fleet_number(first);

    (void)state;
    fleet_end(&fleet, first, ERR_DENIED);
    again.now = (struct schedule_now){ 1, fleet.now.wall + 5 * MINUTE };
    restored = fleet_credential(&again, state_of(credential));
    for (size_t i = 0; i < 3; i++)
        fleet_add(&again, i % 2, restored, DAY, schedule_state(fleet.entries[i]));
    entry = fleet_await(&again, secret);
    assert_int_equal(again.now.wall, state_of(credential)->retry_at);
    assert_ptr_not_equal(entry, again.entries[number]);
    fleet_end(&again, entry, ERR_NONE);
    assert_true(schedule_state(again.entries[number])->denied_alone);
    schedule_destroy(again.schedule);
    schedule_destroy(fleet.schedule);
}

static void another_credential_is_another_matter(void **state)
{
    struct schedule_credential *credential, *other;
    struct fleet fleet = sharing(2, &credential);
    struct schedule_entry *canary = fleet_begin(&fleet, secret);
    struct schedule_spec spec = { fleet_names[fleet_number(canary)], 0, NULL, DAY };

    (void)state;
    spec.credential = other = schedule_add_credential(fleet.schedule, "other", NULL, fleet.now);
    schedule_change(fleet.schedule, canary, &spec, fleet.now);
    /* It is still the canary of the one it began with, and its end is about that one. */
    assert_null(fleet_begin(&fleet, secret));
    fleet_end(&fleet, canary, ERR_DENIED);
    assert_int_equal(state_of(credential)->word, CREDENTIAL_HELD);
    assert_int_equal(state_of(other)->word, CREDENTIAL_UNTRIED);
    assert_int_equal(schedule_state(canary)->attempts, 0);
    assert_ptr_equal(fleet_begin(&fleet, secret), canary);
    /* And where that one is gone, it is about none. */
    spec.credential = NULL;
    schedule_change(fleet.schedule, canary, &spec, fleet.now);
    schedule_remove_credential(fleet.schedule, other);
    fleet_end(&fleet, canary, ERR_DENIED);
    assert_in_range(schedule_state(canary)->retry_at - fleet.now.wall, 22 * MINUTE, 30 * MINUTE);
    schedule_destroy(fleet.schedule);
}

static void a_run_that_left_its_credential_lets_another_be_the_canary(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(2, &credential);
    struct schedule_entry *canary = fleet_begin(&fleet, secret);
    struct schedule_spec spec = { fleet_names[fleet_number(canary)], 0, NULL, DAY };

    (void)state;
    schedule_change(fleet.schedule, canary, &spec, fleet.now);
    schedule_plugin_ready(fleet.schedule, 0, false);
    schedule_again(fleet.schedule, canary, fleet.now);
    schedule_plugin_ready(fleet.schedule, 0, true);
    assert_int_equal(fleet_begin_all(&fleet, secret), 2);
    schedule_destroy(fleet.schedule);
}

static void whose_start_came_to_nothing_keeps_its_turn(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(4, &credential);

    (void)state;
    schedule_plugin_ready(fleet.schedule, 0, false);
    schedule_plugin_ready(fleet.schedule, 1, false);
    fleet_pass(&fleet, DAY);
    assert_null(fleet_begin(&fleet, secret));
    schedule_plugin_ready(fleet.schedule, 1, true);
    schedule_ask(fleet.schedule, fleet.entries[1], fleet.now);
    schedule_ask(fleet.schedule, fleet.entries[3], fleet.now);
    assert_ptr_equal(fleet_next(&fleet, secret), fleet.entries[1]);
    assert_ptr_equal(fleet_next(&fleet, secret), fleet.entries[3]);
    assert_true(schedule_begin(fleet.schedule, fleet.entries[1], other_secret, fleet.now));
    assert_false(schedule_begin(fleet.schedule, fleet.entries[3], other_secret, fleet.now));
    schedule_plugin_ready(fleet.schedule, 0, true);
    fleet_end(&fleet, fleet.entries[1], ERR_NONE);
    assert_ptr_equal(fleet_begin(&fleet, other_secret), fleet.entries[3]);
    schedule_destroy(fleet.schedule);
}

static void who_is_asked_for_and_denied_alone_runs_at_once(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing_good(3, &credential);
    struct schedule_entry *hostile = fleet.entries[0], *canary;

    (void)state;
    begin_asked(&fleet, hostile);
    fleet_end(&fleet, hostile, ERR_DENIED);
    canary = fleet_await(&fleet, secret);
    assert_int_equal(schedule_ask(fleet.schedule, hostile, fleet.now), SCHEDULE_HELD);
    fleet_end(&fleet, canary, ERR_NONE);
    assert_true(schedule_state(hostile)->denied_alone);
    assert_ptr_equal(fleet_begin(&fleet, secret), hostile);
    schedule_destroy(fleet.schedule);
}

static void a_password_that_comes_back_under_its_canary_needs_no_other(void **state)
{
    struct schedule_credential *credential;
    struct fleet fleet = sharing(5, &credential);
    struct schedule_entry *canary = fleet_begin(&fleet, secret);

    (void)state;
    schedule_secret(fleet.schedule, credential, other_secret, fleet.now);
    schedule_secret(fleet.schedule, credential, secret, fleet.now);
    assert_null(fleet_begin(&fleet, secret));
    fleet_end(&fleet, canary, ERR_NONE);
    assert_int_equal(fleet_begin_all(&fleet, secret), 4);
    schedule_destroy(fleet.schedule);
}

static void denied_without_a_credential_concerns_the_target_alone(void **state)
{
    struct fleet fleet = fleet_of(1);

    (void)state;
    fleet_add(&fleet, 0, NULL, HOUR, NULL);
    fleet_end(&fleet, fleet_await(&fleet, NULL), ERR_DENIED);
    assert_in_range(schedule_state(fleet.entries[0])->retry_at - fleet.now.wall, 22 * MINUTE, 30 * MINUTE);
    assert_false(schedule_state(fleet.entries[0])->denied_alone);
    schedule_destroy(fleet.schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_password_of_300_targets_costs_one_attempt_a_wait),
        cmocka_unit_test(a_good_password_frees_all_in_the_order_of_their_times),
        cmocka_unit_test(a_held_credential_blocks_no_other),
        cmocka_unit_test(another_failure_makes_the_next_target_the_canary_at_once),
        cmocka_unit_test(a_new_password_is_tried_at_once_by_one),
        cmocka_unit_test(a_held_secret_is_looked_at_once_a_minute_and_at_the_canarys_time),
        cmocka_unit_test(the_canary_is_another_one_even_if_that_is_not_due),
        cmocka_unit_test(no_canary_is_called_out_of_a_wait_of_its_own),
        cmocka_unit_test(the_only_target_is_its_own_canary),
        cmocka_unit_test(who_is_denied_while_another_succeeds_holds_nobody_again),
        cmocka_unit_test(a_new_password_clears_who_was_denied_alone),
        cmocka_unit_test(who_is_denied_alone_is_no_canary_for_the_others),
        cmocka_unit_test(a_denial_with_an_older_password_holds_nobody_and_is_tried_again),
        cmocka_unit_test(starts_that_were_given_before_a_change_wait_for_the_canary),
        cmocka_unit_test(asking_does_not_end_a_hold_but_goes_first_after_it),
        cmocka_unit_test(a_hold_survives_a_restart),
        cmocka_unit_test(another_credential_is_another_matter),
        cmocka_unit_test(a_run_that_left_its_credential_lets_another_be_the_canary),
        cmocka_unit_test(whose_start_came_to_nothing_keeps_its_turn),
        cmocka_unit_test(who_is_asked_for_and_denied_alone_runs_at_once),
        cmocka_unit_test(a_password_that_comes_back_under_its_canary_needs_no_other),
        cmocka_unit_test(denied_without_a_credential_concerns_the_target_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
