#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hold.h"

#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const uint8_t secret[SCHEDULE_FINGERPRINT] = { 1 }, other_secret[SCHEDULE_FINGERPRINT] = { 2 };
static const char *const vc01 = "vc01", *const vc02 = "vc02";

static struct schedule_now at(int64_t mono)
{
    return (struct schedule_now){ mono, INT64_C(1700000000000) + mono };
}

static struct hold fresh(void)
{
    struct hold hold;

    hold_init(&hold, "scan", NULL, at(0));
    hold_set_secret(&hold, secret);
    return hold;
}

static enum hold_verdict end(struct hold *hold, const char *who, const uint8_t *used, enum err_class class,
                             int64_t mono)
{
    const struct hold_run run = { who, used, class, who, "login refused", false };

    return hold_end(hold, &run, at(mono));
}

/* vc01 was denied at 1 minute. */
static struct hold held(void)
{
    struct hold hold = fresh();

    assert_true(hold_begin(&hold, vc01, 0));
    assert_int_equal(end(&hold, vc01, secret, ERR_DENIED, MINUTE), HOLD_DENIED);
    return hold;
}

static struct hold good(void)
{
    struct hold hold = fresh();

    assert_true(hold_begin(&hold, vc01, 0));
    assert_int_equal(end(&hold, vc01, secret, ERR_NONE, MINUTE), HOLD_FREED);
    return hold;
}

static void a_new_secret_is_tried_by_one_alone(void **state)
{
    struct hold hold = fresh();

    (void)state;
    assert_int_equal(hold.now.state.word, CREDENTIAL_UNTRIED);
    assert_int_equal(hold_gate(&hold, 0), HOLD_ONE);
    assert_true(hold_begin(&hold, vc01, 0));
    assert_true(hold_begin(&hold, vc01, 0));
    assert_int_equal(hold_gate(&hold, INT64_MAX), HOLD_SHUT);
    assert_false(hold_begin(&hold, vc02, INT64_MAX));
}

static void the_canarys_success_frees_all(void **state)
{
    struct hold hold = good();

    (void)state;
    assert_int_equal(hold.now.state.word, CREDENTIAL_GOOD);
    assert_memory_equal(hold.now.state.fingerprint, secret, sizeof secret);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_ALL);
    assert_true(hold_begin(&hold, vc01, MINUTE) && hold_begin(&hold, vc02, MINUTE));
}

static void a_denial_shuts_out_all_until_the_wait_is_over(void **state)
{
    struct hold hold = held();
    const struct credential_state *now = &hold.now.state;

    (void)state;
    assert_int_equal(now->word, CREDENTIAL_HELD);
    assert_int_equal(now->attempts, 1);
    assert_int_equal(now->held_at, at(MINUTE).wall);
    assert_int_equal(now->retry_at - at(0).wall, hold.now.due);
    assert_string_equal(now->target, "vc01");
    assert_string_equal(now->why, "login refused");
    assert_in_range(hold.now.due - MINUTE, 30 * MINUTE / 4 * 3, 30 * MINUTE);
    assert_int_equal(hold_gate(&hold, hold.now.due - 1), HOLD_SHUT);
    assert_false(hold_begin(&hold, vc02, hold.now.due - 1));
    assert_int_equal(hold_gate(&hold, hold.now.due), HOLD_ONE);
    assert_true(hold_begin(&hold, vc02, hold.now.due));
    assert_false(hold_begin(&hold, vc01, hold.now.due));
}

static void the_wait_doubles_up_to_half_a_day(void **state)
{
    struct hold hold = held();
    int64_t whole = 30 * MINUTE, now = MINUTE;

    (void)state;
    for (uint32_t attempts = 1; attempts < 12; attempts++) {
        assert_int_equal(hold.now.state.attempts, attempts);
        assert_in_range(hold.now.due - now, whole / 4 * 3, whole);
        assert_int_equal(hold.now.state.held_at, at(MINUTE).wall);
        now = hold.now.due;
        assert_true(hold_begin(&hold, vc01, now));
        assert_int_equal(end(&hold, vc01, secret, ERR_DENIED, now), HOLD_DENIED);
        whole = whole * 2 > 12 * HOUR ? 12 * HOUR : whole * 2;
    }
}

static void another_failure_of_the_canary_lets_the_next_try_at_once(void **state)
{
    struct hold hold = held();
    int64_t due = hold.now.due;

    (void)state;
    for (enum err_class class = ERR_NONE + 1; class < ERR_CLASS_COUNT; class ++) {
        if (class == ERR_DENIED)
            continue;
        assert_true(hold_begin(&hold, vc01, due));
        assert_int_equal(end(&hold, vc01, secret, class, due), HOLD_NOTHING);
        assert_int_equal(hold_gate(&hold, due), HOLD_ONE);
    }
    assert_int_equal(hold.now.state.attempts, 1);
    assert_true(hold_begin(&hold, vc01, due));
    hold_drop(&hold, vc02);
    assert_int_equal(hold_gate(&hold, due), HOLD_SHUT);
    hold_drop(&hold, vc01);
    assert_int_equal(hold_gate(&hold, due), HOLD_ONE);
}

static void another_secret_is_untried_and_lets_one_try_at_once(void **state)
{
    struct hold hold = held();

    (void)state;
    assert_false(hold_set_secret(&hold, secret));
    assert_int_equal(hold.now.state.word, CREDENTIAL_HELD);
    assert_true(hold_set_secret(&hold, other_secret));
    assert_int_equal(hold.now.state.word, CREDENTIAL_UNTRIED);
    assert_int_equal(hold.now.state.attempts, 0);
    assert_int_equal(hold.now.state.held_at, 0);
    assert_string_equal(hold.now.state.why, "");
    assert_true(hold_begin(&hold, vc02, 2 * MINUTE));
    assert_false(hold_begin(&hold, vc01, 2 * MINUTE));
}

static void a_run_with_an_older_secret_says_nothing_of_the_new_one(void **state)
{
    struct hold hold = good();

    (void)state;
    hold_set_secret(&hold, other_secret);
    assert_int_equal(end(&hold, vc02, secret, ERR_DENIED, MINUTE), HOLD_OLD);
    assert_int_equal(hold.now.state.word, CREDENTIAL_UNTRIED);
    assert_true(hold_begin(&hold, vc01, MINUTE));
    assert_int_equal(end(&hold, vc02, secret, ERR_NONE, MINUTE), HOLD_NOTHING);
    assert_int_equal(hold.now.state.word, CREDENTIAL_UNTRIED);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_SHUT);
}

static void the_canary_of_an_older_secret_frees_nobody(void **state)
{
    struct hold hold = fresh();

    (void)state;
    assert_true(hold_begin(&hold, vc01, 0));
    hold_set_secret(&hold, other_secret);
    assert_true(hold_begin(&hold, vc02, 0));
    assert_int_equal(end(&hold, vc01, secret, ERR_NONE, MINUTE), HOLD_NOTHING);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_SHUT);
    assert_int_equal(end(&hold, vc02, other_secret, ERR_NONE, MINUTE), HOLD_FREED);
}

static void a_denied_secret_that_comes_back_is_held_as_long_as_it_was_to_be(void **state)
{
    struct hold hold = held();
    int64_t due = hold.now.due;

    (void)state;
    hold_set_secret(&hold, other_secret);
    hold_set_secret(&hold, secret);
    assert_int_equal(hold.now.state.word, CREDENTIAL_HELD);
    assert_string_equal(hold.now.state.why, "this secret was refused before, and has come back");
    assert_int_equal(hold_gate(&hold, due - 1), HOLD_SHUT);
    assert_int_equal(hold_gate(&hold, due), HOLD_ONE);
}

static void the_secrets_that_are_remembered_have_an_end(void **state)
{
    struct hold hold = held();
    uint8_t next[SCHEDULE_FINGERPRINT] = { 0 };

    (void)state;
    for (uint8_t i = 1; i <= HOLD_PAST; i++) {
        next[1] = i;
        hold_set_secret(&hold, next);
        assert_true(hold_begin(&hold, vc01, HOUR * i));
        assert_int_equal(end(&hold, vc01, next, ERR_DENIED, HOUR * i), HOLD_DENIED);
    }
    next[1] = 1;
    hold_set_secret(&hold, next);
    assert_int_equal(hold.now.state.word, CREDENTIAL_HELD);
    /* The oldest made way. */
    hold_set_secret(&hold, other_secret);
    hold_set_secret(&hold, secret);
    assert_int_equal(hold.now.state.word, CREDENTIAL_UNTRIED);
}

static void two_wrong_secrets_in_turn_buy_no_attempts(void **state)
{
    struct hold hold = held();
    int64_t now = 2 * MINUTE;

    (void)state;
    hold_set_secret(&hold, other_secret);
    assert_true(hold_begin(&hold, vc01, now));
    assert_int_equal(end(&hold, vc01, other_secret, ERR_DENIED, now), HOLD_DENIED);
    for (int i = 0; i < 10; i++) {
        hold_set_secret(&hold, i % 2 == 0 ? secret : other_secret);
        assert_false(hold_begin(&hold, vc01, now));
    }
}

static void an_older_secret_that_was_denied_late_is_remembered(void **state)
{
    struct hold hold = fresh();

    (void)state;
    assert_true(hold_begin(&hold, vc01, 0));
    hold_set_secret(&hold, other_secret);
    assert_int_equal(end(&hold, vc01, secret, ERR_DENIED, MINUTE), HOLD_OLD);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_ONE);
    hold_set_secret(&hold, secret);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_SHUT);
}

static void denials_of_runs_from_before_the_hold_count_once_and_start_its_wait_again(void **state)
{
    struct hold hold = good();

    (void)state;
    assert_int_equal(end(&hold, vc01, secret, ERR_DENIED, 2 * MINUTE), HOLD_DENIED);
    assert_int_equal(end(&hold, vc02, secret, ERR_DENIED, 5 * MINUTE), HOLD_DENIED);
    assert_int_equal(hold.now.state.attempts, 1);
    assert_int_equal(hold.now.state.held_at, at(2 * MINUTE).wall);
    assert_string_equal(hold.now.state.target, "vc01");
    assert_true(hold.now.due >= 5 * MINUTE + 30 * MINUTE / 4 * 3);
}

static void a_success_of_a_run_from_before_the_hold_frees_nobody(void **state)
{
    struct hold hold = good();

    (void)state;
    assert_int_equal(end(&hold, vc01, secret, ERR_DENIED, 2 * MINUTE), HOLD_DENIED);
    assert_int_equal(end(&hold, vc02, secret, ERR_NONE, 3 * MINUTE), HOLD_NOTHING);
    assert_int_equal(hold.now.state.word, CREDENTIAL_HELD);
}

static void a_canary_from_before_the_hold_frees_nobody(void **state)
{
    struct hold hold = good();

    (void)state;
    /* The secret is changed and changed back while two runs have it, of which one is taken for the canary. */
    hold_set_secret(&hold, other_secret);
    hold_set_secret(&hold, secret);
    hold_adopt(&hold, vc01);
    assert_int_equal(hold_gate(&hold, MINUTE), HOLD_SHUT);
    assert_int_equal(end(&hold, vc02, secret, ERR_DENIED, 2 * MINUTE), HOLD_DENIED);
    assert_int_equal(end(&hold, vc01, secret, ERR_NONE, 3 * MINUTE), HOLD_NOTHING);
    assert_int_equal(hold.now.state.word, CREDENTIAL_HELD);
    assert_int_equal(hold_gate(&hold, 3 * MINUTE), HOLD_SHUT);
}

static void a_run_with_a_secret_that_comes_back_is_its_canary(void **state)
{
    struct hold hold = fresh();

    (void)state;
    assert_true(hold_begin(&hold, vc01, 0));
    hold_set_secret(&hold, other_secret);
    hold_set_secret(&hold, secret);
    hold_adopt(&hold, vc01);
    assert_false(hold_begin(&hold, vc02, MINUTE));
    assert_int_equal(end(&hold, vc01, secret, ERR_NONE, MINUTE), HOLD_FREED);
    /* Not where it is held already: it may have begun before. */
    hold = held();
    hold_set_secret(&hold, other_secret);
    hold_set_secret(&hold, secret);
    hold_adopt(&hold, vc02);
    hold_adopt(&hold, vc01);
    assert_ptr_equal(hold.canary, vc02);
    assert_int_equal(hold_gate(&hold, DAY), HOLD_SHUT);
    assert_int_equal(end(&hold, vc02, secret, ERR_NONE, MINUTE), HOLD_NOTHING);
    assert_int_equal(hold_gate(&hold, DAY), HOLD_ONE);
    hold = good();
    hold_adopt(&hold, vc02);
    assert_null(hold.canary);
}

static void who_is_denied_alone_holds_nobody_unless_it_is_the_canary(void **state)
{
    struct hold hold = good();
    struct hold_run run = { vc02, secret, ERR_DENIED, vc02, NULL, .alone = true };

    (void)state;
    assert_int_equal(hold_end(&hold, &run, at(MINUTE)), HOLD_ALONE);
    assert_int_equal(hold.now.state.word, CREDENTIAL_GOOD);
    hold = fresh();
    assert_true(hold_begin(&hold, vc02, 0));
    assert_int_equal(hold_end(&hold, &run, at(MINUTE)), HOLD_DENIED);
    assert_string_equal(hold.now.state.why, "");
}

static void a_stored_hold_goes_on(void **state)
{
    struct hold hold = held(), restored;
    struct schedule_now later = { 77, at(10 * MINUTE).wall };

    (void)state;
    hold_init(&restored, "scan", &hold.now.state, later);
    assert_int_equal(restored.now.due - later.mono, hold.now.due - 10 * MINUTE);
    assert_memory_equal(&restored.now.state, &hold.now.state, sizeof hold.now.state);
    later.wall -= 365 * 24 * HOUR;
    hold_init(&restored, "scan", &hold.now.state, later);
    assert_in_range(restored.now.due - later.mono, 1, 30 * MINUTE);
    later.wall += 730 * 24 * HOUR;
    hold_init(&restored, "scan", &hold.now.state, later);
    assert_int_equal(hold_gate(&restored, later.mono), HOLD_ONE);
}

static void nonsense_in_the_store_is_taken_for_untried_or_brought_near(void **state)
{
    struct credential_state stored = { .word = (enum credential_word)9 };
    struct hold hold;

    (void)state;
    hold_init(&hold, "scan", &stored, at(0));
    assert_int_equal(hold_gate(&hold, 0), HOLD_ONE);
    stored = (struct credential_state){ .word = CREDENTIAL_HELD, .retry_at = INT64_MAX };
    hold_init(&hold, "scan", &stored, at(0));
    assert_in_range(hold.now.due, 1, 30 * MINUTE);
    stored = (struct credential_state){ .word = CREDENTIAL_HELD, .retry_at = INT64_MIN, .attempts = UINT32_MAX };
    hold_init(&hold, "scan", &stored, at(0));
    assert_true(hold_begin(&hold, vc01, 0));
    assert_int_equal(end(&hold, vc01, stored.fingerprint, ERR_DENIED, 0), HOLD_DENIED);
    assert_int_equal(hold.now.state.attempts, UINT32_MAX);
}

static void what_a_target_says_is_cut_at_a_character(void **state)
{
    struct hold hold = fresh();
    char text[SCHEDULE_WHY + 3];
    struct hold_run run = { vc01, secret, ERR_DENIED, text, text, false };

    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    memcpy(text + 254, "\xc3\xa4", 2);
    memcpy(text + SCHEDULE_WHY - 2, "\xc3\xa4", 2);
    hold_begin(&hold, vc01, 0);
    hold_end(&hold, &run, at(0));
    assert_int_equal(strlen(hold.now.state.target), 254);
    assert_int_equal(strlen(hold.now.state.why), SCHEDULE_WHY - 2);
    assert_true(hold_blames(&hold, hold.now.state.target));
    assert_false(hold_blames(&hold, vc01));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_secret_is_tried_by_one_alone),
        cmocka_unit_test(the_canarys_success_frees_all),
        cmocka_unit_test(a_denial_shuts_out_all_until_the_wait_is_over),
        cmocka_unit_test(the_wait_doubles_up_to_half_a_day),
        cmocka_unit_test(another_failure_of_the_canary_lets_the_next_try_at_once),
        cmocka_unit_test(another_secret_is_untried_and_lets_one_try_at_once),
        cmocka_unit_test(a_run_with_an_older_secret_says_nothing_of_the_new_one),
        cmocka_unit_test(the_canary_of_an_older_secret_frees_nobody),
        cmocka_unit_test(a_denied_secret_that_comes_back_is_held_as_long_as_it_was_to_be),
        cmocka_unit_test(the_secrets_that_are_remembered_have_an_end),
        cmocka_unit_test(two_wrong_secrets_in_turn_buy_no_attempts),
        cmocka_unit_test(an_older_secret_that_was_denied_late_is_remembered),
        cmocka_unit_test(denials_of_runs_from_before_the_hold_count_once_and_start_its_wait_again),
        cmocka_unit_test(a_success_of_a_run_from_before_the_hold_frees_nobody),
        cmocka_unit_test(a_canary_from_before_the_hold_frees_nobody),
        cmocka_unit_test(a_run_with_a_secret_that_comes_back_is_its_canary),
        cmocka_unit_test(who_is_denied_alone_holds_nobody_unless_it_is_the_canary),
        cmocka_unit_test(a_stored_hold_goes_on),
        cmocka_unit_test(nonsense_in_the_store_is_taken_for_untried_or_brought_near),
        cmocka_unit_test(what_a_target_says_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
