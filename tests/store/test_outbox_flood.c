/* Somebody of the fleet, or a receiver, that wants alerts to come never, or to take the daemon's memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "postbox.h"

#include <string.h>

#define OLD "6.0.6002"   /* Windows Server 2008 SP2: unsupported */
#define NEW "10.0.14393" /* 2016: supported */

enum { FLAPS = 20, HOUR = 60 };

static void see(struct postbox *box, const char *build)
{
    docket_machine(box->docket, "m", build);
    docket_scan(box->docket);
}

static void settle_in(struct postbox *box)
{
    see(box, NEW);
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
}

static void what_flaps_before_a_maintenance_waits_in_it_once(void **state)
{
    struct postbox *box = *state;

    settle_in(box);
    box->list[0].grace_ms = 24 * HOUR * POSTBOX_MINUTE;
    for (unsigned i = 0; i < FLAPS; i++) {
        see(box, OLD);
        see(box, NEW);
    }
    see(box, OLD);
    postbox_step(box, 0);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 2 * FLAPS + 1);
    postbox_hush(box, box->docket->target, "night", box->now + 25 * HOUR * POSTBOX_MINUTE);
    postbox_step(box, 24 * HOUR * POSTBOX_MINUTE);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 1);
    box->setting.quiet_count = 0;
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 1 act: after maintenance night: m: agent protection is unsupported\n");
}

static void hold(struct postbox *box, const char *subject)
{
    postbox_event(box, &(struct event_row){ .what = EVENT_CREDENTIAL_HELD, .subject = subject, .state = "held" });
}

/* One step of at most one event, in which two have come. */
static void step_behind(struct postbox *box)
{
    box->now += POSTBOX_MINUTE;
    box->setting.now = box->now;
    hold(box, "credential b");
    hold(box, "credential c");
    if (!outbox_step(box->world->store, &box->setting, 1, &box->step, &box->world->err))
        fail_msg("%s", box->world->err.text);
    assert_true(box->step.more);
}

static void whoever_brings_events_faster_than_they_are_collected_keeps_nobody_from_hearing(void **state)
{
    struct postbox *box = *state;

    settle_in(box);
    hold(box, "credential a");
    for (unsigned i = 0; i < HOUR; i++)
        step_behind(box);
    assert_non_null(strstr(postbox_news(box), "credential a was refused"));
}

static void a_judging_that_is_begun_again_and_again_keeps_nobody_from_hearing(void **state)
{
    struct postbox *box = *state;

    settle_in(box);
    assert_true(
        sql_run(&box->world->sql, "INSERT INTO meta (name, value) VALUES ('judging_next', '0')", &box->world->err));
    postbox_event(
        box, &(struct event_row){
                 .what = EVENT_MATRIX_CHANGED, .subject = "basis 9", .state = EVENT_STATE_ONCE, .batch = "basis 9" });
    postbox_step(box, POSTBOX_GRACE);
    postbox_step(box, (HOUR - 10) * POSTBOX_MINUTE);
    assert_string_equal(postbox_news(box), "");
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook matrix.changed 1 : judged anew: basis 9 changed: verdicts rest on something else now\n");
}

/* ----------------------------------------------------------------------------------- a receiver with a taste ---- */

static void must(struct postbox *box, bool good)
{
    if (!good)
        fail_msg("%s", box->world->err.text);
}

static bool is_refused(const struct outbox_alert *alert)
{
    return strstr(alert->payload, "<script>") != NULL;
}

/* So much later the hook is tried, where it may be; whether what the receiver takes was delivered. */
static bool try_later(struct postbox *box, int64_t later)
{
    struct outbox_alert alert;
    struct outbox_after after;
    bool good;

    postbox_step(box, later);
    must(box, outbox_take(box->world->store, &box->list[0], box->now, &alert, &box->world->err));
    good = alert.id != 0 && !is_refused(&alert);
    if (alert.id != 0) {
        const struct outbox_outcome outcome = { alert.id, good, "the receiver answered 403" };

        must(box, outbox_settle(box->world->store, &box->list[0], &outcome, box->now, &after, &box->world->err));
    }
    outbox_alert_finish(&alert);
    return good;
}

/* A new one every four minutes, each of which the receiver refuses. */
static void poison(struct postbox *box, unsigned round)
{
    if (round % 8 == 0)
        hold(box, arena_format(&box->world->arena, "credential <script>%u", round));
}

enum { ROUNDS_AN_HOUR = 120, POISONED = 6 * ROUNDS_AN_HOUR, ROUNDS = 24 * ROUNDS_AN_HOUR };

static void alerts_that_a_receiver_refuses_hold_up_none_that_it_takes(void **state)
{
    struct postbox *box = *state;
    unsigned round = 0;

    settle_in(box);
    box->list[0].grace_ms = 0;
    must(box, sql_run(&box->world->sql, "UPDATE alert SET state = 'delivered'", &box->world->err));
    for (; round < POISONED; round++) {
        poison(box, round);
        assert_false(try_later(box, POSTBOX_MINUTE / 2));
    }
    hold(box, "credential good");
    while (!try_later(box, POSTBOX_MINUTE / 2)) {
        poison(box, ++round);
        assert_true(round < POISONED + ROUNDS_AN_HOUR);
    }
}

/* It is down for a day, and there is something to tell every half an hour. */
static void a_receiver_that_is_down_for_a_day_hears_of_all_within_an_hour(void **state)
{
    enum { DAY_ALERTS = 48 };
    struct postbox *box = *state;
    unsigned round = 0, heard = 0;

    settle_in(box);
    box->list[0].grace_ms = 0;
    must(box, sql_run(&box->world->sql, "DELETE FROM alert", &box->world->err));
    for (; round < ROUNDS; round++) {
        if (round % (ROUNDS / DAY_ALERTS) == 0)
            hold(box, arena_format(&box->world->arena, "credential <script>%u", round));
        assert_false(try_later(box, POSTBOX_MINUTE / 2));
    }
    must(box,
         sql_run(&box->world->sql, "UPDATE alert SET payload = replace(payload, '<script>', '')", &box->world->err));
    for (; heard < DAY_ALERTS; round++) {
        assert_true(round < ROUNDS + ROUNDS_AN_HOUR);
        heard += try_later(box, POSTBOX_MINUTE / 2);
    }
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM alert WHERE state = 'delivered'"), DAY_ALERTS);
}

#define IN_POSTBOX(test) cmocka_unit_test_setup_teardown(test, postbox_open, postbox_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_POSTBOX(what_flaps_before_a_maintenance_waits_in_it_once),
        IN_POSTBOX(whoever_brings_events_faster_than_they_are_collected_keeps_nobody_from_hearing),
        IN_POSTBOX(a_judging_that_is_begun_again_and_again_keeps_nobody_from_hearing),
        IN_POSTBOX(alerts_that_a_receiver_refuses_hold_up_none_that_it_takes),
        IN_POSTBOX(a_receiver_that_is_down_for_a_day_hears_of_all_within_an_hour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
