/* An alert on its way: taken up, settled, given up, tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "postbox.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

#define HOUR (60 * POSTBOX_MINUTE)

static const struct actor ada = { 1000, "ada" };

/* So many alerts wait; the first has the number 1. */
static void make(struct postbox *box, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        postbox_event(box, &(struct event_row){ .what = EVENT_REPORT_READY, .subject = "report", .state = "*" });
    postbox_step(box, 0);
    assert_int_equal(box->frozen, count);
}

/* The number of the alert that is to be tried now, 0: none, and *next says when. */
static int64_t take(struct postbox *box, int64_t *next)
{
    struct outbox_alert alert;
    int64_t id;

    if (!outbox_take(box->world->store, &box->list[0], box->now, &alert, &box->world->err))
        fail_msg("%s", box->world->err.text);
    id = alert.id;
    if (next != NULL)
        *next = alert.next;
    outbox_alert_finish(&alert);
    return id;
}

static struct outbox_after settle(struct postbox *box, int64_t alert, const char *failure)
{
    const struct outbox_outcome outcome = { alert, failure == NULL, failure };
    struct outbox_after after;

    if (!outbox_settle(box->world->store, &box->list[0], &outcome, box->now, &after, &box->world->err))
        fail_msg("%s", box->world->err.text);
    return after;
}

static const char *state_of(struct postbox *box, int64_t alert)
{
    return world_text(box->world, arena_format(&box->world->arena,
                                               "SELECT state || ' ' || tries FROM alert WHERE id ="
                                               " %lld",
                                               (long long)alert));
}

static void an_alert_is_handed_out_with_all_that_its_script_is_told(void **state)
{
    struct postbox *box = *state;
    struct outbox_alert alert;

    docket_machine(box->docket, "m", "6.0.6002");
    docket_scan(box->docket);
    postbox_step(box, POSTBOX_GRACE);
    assert_true(outbox_take(box->world->store, &box->list[0], box->now, &alert, &box->world->err));
    assert_int_equal(alert.id, 1);
    assert_int_equal(strlen(alert.key), 32);
    assert_string_equal(alert.key, postbox_member(box, "$.id"));
    assert_int_equal(alert.what, EVENT_FINDING_OPENED);
    assert_int_equal(alert.need, NEED_ACT);
    assert_int_equal(alert.count, 1);
    assert_int_equal(alert.tries, 0);
    assert_string_equal(alert.payload, postbox_payload(box));
    outbox_alert_finish(&alert);
    assert_null(alert.payload);
}

static void what_was_delivered_is_not_tried_again(void **state)
{
    struct postbox *box = *state;
    struct outbox_after after;
    int64_t next = -1;

    make(box, 1);
    assert_int_equal(take(box, NULL), 1);
    after = settle(box, 1, NULL);
    assert_false(after.dead || after.turned);
    assert_int_equal(take(box, &next), 0);
    assert_int_equal(next, 0);
    assert_string_equal(state_of(box, 1), "delivered 1");
    assert_int_equal(world_number(box->world, "SELECT ended_at FROM alert"), box->now);
}

/* One that is never taken does not stand before the others. */
static void the_oldest_that_was_tried_least_comes_first(void **state)
{
    struct postbox *box = *state;

    make(box, 3);
    assert_int_equal(take(box, NULL), 1);
    box->now = settle(box, 1, "no").next;
    assert_int_equal(take(box, NULL), 2);
    settle(box, 2, NULL);
    assert_int_equal(take(box, NULL), 3);
    settle(box, 3, NULL);
    assert_int_equal(take(box, NULL), 1);
}

static void a_hook_that_fails_waits_and_twice_as_long_each_time(void **state)
{
    struct postbox *box = *state;
    int64_t next, most = OUTBOX_RETRY_MS;

    make(box, 2);
    for (unsigned i = 0; i < 12; i++) {
        assert_int_not_equal(take(box, NULL), 0);
        next = settle(box, 1 + i % 2, "it is broken").next;
        assert_in_range(next - box->now, most - most / 4, most);
        assert_int_equal(take(box, NULL), 0);
        box->now = next - 1;
        assert_int_equal(take(box, &next), 0);
        assert_int_equal(next, box->now + 1);
        box->now = next;
        most = most * 2 > OUTBOX_RETRY_MAX_MS ? OUTBOX_RETRY_MAX_MS : most * 2;
    }
}

static void that_it_fails_and_that_it_is_good_again_is_said_once(void **state)
{
    struct postbox *box = *state;

    make(box, 3);
    take(box, NULL);
    assert_true(settle(box, 1, "it is broken").turned);
    assert_string_equal(world_text(box->world, "SELECT message FROM hook"), "it is broken");
    box->now += HOUR;
    take(box, NULL);
    assert_false(settle(box, 2, "it is broken still").turned);
    box->now += HOUR;
    take(box, NULL);
    assert_true(settle(box, 3, NULL).turned);
    assert_string_equal(world_text(box->world,
                                   "SELECT attempts || coalesce(failed_at, '-') || coalesce(retry_at, '-') ||"
                                   " message FROM hook"),
                        "0--");
    take(box, NULL);
    assert_false(settle(box, 1, NULL).turned);
}

static void what_fails_for_too_long_is_dead_after_two_tries_at_least(void **state)
{
    struct postbox *box = *state;
    struct outbox_after after;

    make(box, 1);
    take(box, NULL);
    box->now += 100 * HOUR; /* the first try took for ever */
    assert_false(settle(box, 1, "it hangs").dead);
    assert_string_equal(state_of(box, 1), "waiting 1");
    box->now += HOUR;
    take(box, NULL);
    after = settle(box, 1, "it hangs again");
    assert_true(after.dead);
    assert_string_equal(state_of(box, 1), "dead 2");
    assert_string_equal(world_text(box->world, "SELECT message FROM alert"), "it hangs again");
    box->now += HOUR;
    assert_int_equal(take(box, NULL), 0);
}

static void a_clock_that_is_set_back_gives_nothing_up_and_waits_no_longer(void **state)
{
    struct postbox *box = *state;
    int64_t next;

    make(box, 1);
    take(box, NULL);
    settle(box, 1, "no");
    box->now -= 10000 * HOUR;
    assert_int_equal(take(box, &next), 0);
    assert_in_range(next, box->now, box->now + OUTBOX_RETRY_MS);
    box->now = next;
    assert_int_equal(take(box, NULL), 1);
    assert_false(settle(box, 1, "no").dead);
    box->now += 71 * HOUR;
    take(box, NULL);
    assert_false(settle(box, 1, "no").dead);
    box->now += 2 * HOUR;
    take(box, NULL);
    assert_true(settle(box, 1, "no").dead);
}

/* The daemon dies while the script runs: the next one runs it again, and it is the same alert. */
static void what_was_in_flight_is_tried_again_under_the_same_key(void **state)
{
    struct postbox *box = *state;
    struct outbox_alert first, second;

    make(box, 1);
    assert_true(outbox_take(box->world->store, &box->list[0], box->now, &first, &box->world->err));
    assert_true(outbox_take(box->world->store, &box->list[0], box->now, &second, &box->world->err));
    assert_string_equal(first.key, second.key);
    assert_string_equal(first.payload, second.payload);
    assert_int_equal(second.tries, 1);
    outbox_alert_finish(&first);
    outbox_alert_finish(&second);
}

static void a_sentence_without_end_is_cut_and_made_valid(void **state)
{
    struct postbox *box = *state;
    char *message = malloc(100000);

    memset(message, 'x', 99999);
    message[99999] = '\0';
    memcpy(message, "\xFF\xFE", 2);
    make(box, 1);
    take(box, NULL);
    settle(box, 1, message);
    free(message);
    assert_in_range(world_number(box->world, "SELECT length(CAST(message AS BLOB)) FROM alert"), OUTBOX_MAX_MESSAGE,
                    OUTBOX_MAX_MESSAGE + 8);
    assert_string_equal(world_text(box->world, "SELECT substr(message, 1, 3) FROM alert"), "\xEF\xBF\xBD\xEF\xBF\xBDx");
}

/* ------------------------------------------------------------------------------------------------------- retry ---- */

static void die(struct postbox *box, unsigned count)
{
    make(box, count);
    world_run(box->world, "UPDATE alert SET state = 'dead', tries = 7, first_try_at = 1, ended_at = 2");
    world_run(box->world, "UPDATE hook SET attempts = 9, retry_at = 9000000000000, failed_at = 1");
}

static void retry_refuses(struct postbox *box, int64_t alert, const char *why)
{
    size_t count;

    assert_false(outbox_retry(box->world->store, alert, &ada, box->now, &count, &box->world->err));
    assert_int_equal(box->world->err.class, ERR_CONFIG);
    assert_string_equal(box->world->err.text, why);
}

static void a_dead_alert_waits_again_and_its_hook_is_tried_at_once(void **state)
{
    struct postbox *box = *state;
    size_t count;

    die(box, 3);
    assert_int_equal(take(box, NULL), 0);
    postbox_step(box, 0);
    assert_false(box->step.ready);
    assert_true(outbox_retry(box->world->store, 2, &ada, box->now, &count, &box->world->err));
    assert_int_equal(count, 1);
    postbox_step(box, 0);
    assert_true(box->step.ready);
    assert_int_equal(take(box, NULL), 2);
    assert_string_equal(state_of(box, 1), "dead 7");
    settle(box, 2, NULL);
    assert_true(outbox_retry(box->world->store, 0, &ada, box->now, &count, &box->world->err));
    assert_int_equal(count, 2);
    assert_int_equal(take(box, NULL), 1);
    assert_string_equal(world_text(box->world, "SELECT group_concat(name || ' ' || what || ' ' || subject || ', ' ||"
                                               " before || ' -> ' || after, '; ') FROM action"),
                        "ada retry alert 2, dead: 1 -> waiting; ada retry all alerts, dead: 2 -> waiting");
}

static void what_cannot_be_tried_again_is_said_and_not_logged(void **state)
{
    struct postbox *box = *state;

    retry_refuses(box, 0, "no alert is dead: there is nothing to try again");
    retry_refuses(box, 5, "there is no alert 5; muster alerts lists them");
    make(box, 1);
    retry_refuses(box, 1, "alert 1 is not dead but waiting: only what was given up can be retried");
    take(box, NULL);
    settle(box, 1, NULL);
    retry_refuses(box, 1, "alert 1 is not dead but delivered: only what was given up can be retried");
    make(box, 1);
    box->hooks.count = 0;
    postbox_step(box, 0);
    retry_refuses(box, 2,
                  "the hook of alert 2 is not configured any more: add one of that name, reload, and retry then");
    retry_refuses(box, 0, "no alert is dead: there is nothing to try again");
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM action"), 0);
}

/* --------------------------------------------------------------------------------------------------- retention ---- */

static void old_alerts_and_events_are_forgotten_but_for_those_that_wait(void **state)
{
    struct postbox *box = *state;
    bool more;

    make(box, 3);
    take(box, NULL);
    settle(box, 1, NULL);
    world_run(box->world, "UPDATE alert SET state = 'dead', ended_at = made_at WHERE id = 2");
    box->list[0].window_ms = HOUR;
    postbox_event(box, &(struct event_row){ .what = EVENT_REPORT_READY, .subject = "report", .state = "*" });
    postbox_step(box, 0);
    do
        assert_true(state_forget(box->world->store, box->now + 1, 100, &more, &box->world->err));
    while (more);
    assert_string_equal(world_text(box->world, "SELECT group_concat(id || ' ' || state) FROM alert"), "3 waiting");
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM event"), 1);
    postbox_step(box, HOUR);
    assert_int_equal(box->frozen, 1);
}

#define IN_POSTBOX(test) cmocka_unit_test_setup_teardown(test, postbox_open, postbox_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_POSTBOX(an_alert_is_handed_out_with_all_that_its_script_is_told),
        IN_POSTBOX(what_was_delivered_is_not_tried_again),
        IN_POSTBOX(the_oldest_that_was_tried_least_comes_first),
        IN_POSTBOX(a_hook_that_fails_waits_and_twice_as_long_each_time),
        IN_POSTBOX(that_it_fails_and_that_it_is_good_again_is_said_once),
        IN_POSTBOX(what_fails_for_too_long_is_dead_after_two_tries_at_least),
        IN_POSTBOX(a_clock_that_is_set_back_gives_nothing_up_and_waits_no_longer),
        IN_POSTBOX(what_was_in_flight_is_tried_again_under_the_same_key),
        IN_POSTBOX(a_sentence_without_end_is_cut_and_made_valid),
        IN_POSTBOX(a_dead_alert_waits_again_and_its_hook_is_tried_at_once),
        IN_POSTBOX(what_cannot_be_tried_again_is_said_and_not_logged),
        IN_POSTBOX(old_alerts_and_events_are_forgotten_but_for_those_that_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
