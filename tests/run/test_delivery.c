/* Alerts on their way out, with an outbox that is none, and real scripts. */
#include "outpost.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void must_say(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, text);
}

static size_t count_in(const char *text, const char *words)
{
    size_t count = 0;

    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

static void what_happens_is_told_to_each_hook_once(void **state)
{
    (void)state;
    outpost_start("echo $MUSTER_ID $MUSTER_TRY >>log", "echo $MUSTER_ID >>log");
    outpost_happen(1);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.alerts[0].fate + outpost.alerts[1].fate, 2 * DELIVERED);
    must_say(outpost_read("log"), "key1 1\n");
    must_say(outpost_read("log"), "key2\n");
    assert_int_equal(count_in(outpost_read("log"), "key"), 2);
    assert_string_equal(str_text(&outpost.log), "");
}

static void many_calls_are_one_step(void **state)
{
    size_t before;

    (void)state;
    outpost_start("", NULL);
    before = outpost.steps;
    for (int i = 0; i < 1000; i++)
        delivery_wake(outpost.delivery);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.steps, before + 1);
}

static void what_is_more_than_a_step_takes_further_ones(void **state)
{
    (void)state;
    outpost_start("", NULL);
    outpost_happen(8);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.count, 8);
    for (size_t i = 0; i < outpost.count; i++)
        assert_int_equal(outpost.alerts[i].fate, DELIVERED);
}

static void a_hook_has_one_run_at_a_time(void **state)
{
    (void)state;
    outpost_start("mkdir lock || exit 1; sleep 0.01; rmdir lock", NULL);
    outpost_happen(8);
    outpost_until(outpost_is_idle);
    assert_string_equal(str_text(&outpost.log), "");
}

/* The first one ends only where the second one runs meanwhile, and the other way round. */
static void hooks_run_beside_each_other(void **state)
{
    (void)state;
    outpost_start("[ -p one ] || mkfifo one; [ -p two ] || mkfifo two; read line <one; echo x >two",
                  "[ -p one ] || mkfifo one; [ -p two ] || mkfifo two; echo x >one; read line <two");
    outpost_happen(1);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.alerts[0].fate + outpost.alerts[1].fate, 2 * DELIVERED);
}

static bool b_is_delivered(void)
{
    return outpost.count > 3 && outpost.alerts[1].fate == DELIVERED && outpost.alerts[3].fate == DELIVERED;
}

static void a_hook_that_hangs_holds_up_no_other(void **state)
{
    (void)state;
    outpost_start("exec sleep 1000", "");
    outpost_happen(2);
    outpost_until(b_is_delivered);
    assert_int_equal(outpost.alerts[0].fate, WAITING);
    assert_false(delivery_is_idle(outpost.delivery));
}

static bool second_is_delivered(void)
{
    return outpost.alerts[1].fate == DELIVERED && outpost_is_idle();
}

static void a_failure_is_said_once_and_the_recovery_once(void **state)
{
    (void)state;
    outpost_start("echo x >>tries; [ $(wc -l <tries) -gt 4 ] || { echo no route; exit 7; }", NULL);
    outpost_happen(2);
    outpost_until(second_is_delivered);
    assert_int_equal(outpost.alerts[0].tries, 5);
    assert_int_equal(count_in(str_text(&outpost.log), "\n"), 2);
    must_say(str_text(&outpost.log), "warning: hook a: alert 1 is not delivered, and tried again: /tmp/test_delivery_");
    must_say(str_text(&outpost.log), "a.sh ended with exit status 7; it wrote: no route\n");
    must_say(str_text(&outpost.log), "info: hook a: alert 1 is delivered; it works again\n");
}

static bool first_is_dead(void)
{
    return outpost.alerts[0].fate == DEAD && outpost_is_idle();
}

static void what_is_given_up_is_an_error(void **state)
{
    (void)state;
    outpost.patience = 2;
    outpost_start("exit 1", NULL);
    outpost_happen(1);
    outpost_until(first_is_dead);
    must_say(str_text(&outpost.log), "error: hook a: alert 1 is given up: /tmp/test_delivery_");
    must_say(str_text(&outpost.log), "; it is tried again by: muster alerts --retry 1\n");
}

static bool first_is_delivered(void)
{
    return outpost.alerts[0].fate == DELIVERED && outpost_is_idle();
}

static void a_database_that_refuses_is_asked_again(void **state)
{
    (void)state;
    outpost_start("echo $MUSTER_ID >>log", NULL);
    outpost.refused_steps = 2;
    outpost.refused_settles = 2;
    outpost_happen(1);
    outpost_until(first_is_delivered);
    assert_int_equal(count_in(outpost_read("log"), "key1"), 3);
    assert_int_equal(count_in(str_text(&outpost.log), "error: what hooks are to be told could not be collected"), 1);
    must_say(str_text(&outpost.log), "error: hook a: what came of a try could not be stored, and it is tried again");
}

/* The first step is for hooks that are not configured any more. */
static void without_hooks_nothing_is_collected_after_the_start(void **state)
{
    (void)state;
    outpost_start(NULL, NULL);
    outpost_happen(3);
    outpost_until(outpost_is_idle);
    outpost_happen(3);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.steps, 1);
    assert_int_equal(outpost.ticks, 1);
}

static void nothing_wakes_the_loop_when_all_is_told(void **state)
{
    (void)state;
    outpost_start("", NULL);
    outpost_happen(1);
    outpost_until(outpost_is_idle);
    assert_true(uv_backend_timeout(&outpost.loop) > 23 * OUTPOST_HOUR_MS);
}

static size_t ticks_wanted;

static bool has_ticked(void)
{
    return outpost.ticks >= ticks_wanted;
}

static void the_clock_is_looked_at_when_it_says_so(void **state)
{
    size_t before;

    (void)state;
    outpost_start("", NULL);
    before = outpost.ticks;
    outpost.next_tick = clock_wall_ms(&clock_system) + 20;
    outpost_change_rules("", NULL);
    ticks_wanted = before + 2;
    outpost_until(has_ticked);
    outpost_until(outpost_is_idle);
}

static bool first_was_tried(void)
{
    return outpost.alerts[0].settled > 0 && outpost_is_idle();
}

static bool all_was_looked_at(void)
{
    return has_ticked() && outpost.alerts[0].fate == DELIVERED && outpost_is_idle();
}

/* What was planned in the future of a clock that was wrong is not waited for until then. */
static void a_clock_that_is_set_back_holds_up_nothing(void **state)
{
    (void)state;
    outpost.retry_ms = OUTPOST_HOUR_MS;
    outpost_start("[ -e tried ] || { >tried; exit 1; }", NULL);
    outpost_happen(1);
    outpost_until(first_was_tried);
    assert_int_equal(outpost.alerts[0].fate, WAITING);
    ticks_wanted = outpost.ticks + 1;
    outpost.clock_s = -(int64_t)400 * 24 * 3600;
    delivery_wake(outpost.delivery); /* housekeeping does, once an hour */
    outpost_until(all_was_looked_at);
}

static bool a_runs(void)
{
    return outpost_read("running")[0] != '\0';
}

static void other_rules_bring_other_hooks_and_end_none_in_flight(void **state)
{
    (void)state;
    outpost_start("mkfifo go; echo x >running; read line <go; echo a >>log", NULL);
    outpost_happen(1);
    outpost_until(a_runs);
    outpost_change_rules(NULL, "[ $MUSTER_TRY = 1 ] && echo b >>log; [ ! -p go ] || echo x >go");
    outpost_happen(1);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.alerts[0].fate, DELIVERED);
    assert_int_equal(outpost.alerts[1].fate, DELIVERED);
    assert_int_equal(outpost.count, 2);
    must_say(outpost_read("log"), "a\n");
    must_say(outpost_read("log"), "b\n");
}

static void the_last_hook_that_leaves_is_told_to_the_outbox(void **state)
{
    (void)state;
    outpost_start("", NULL);
    assert_int_equal(outpost.hooks_seen, 1);
    outpost_change_rules(NULL, NULL);
    outpost_until(outpost_is_idle);
    assert_int_equal(outpost.hooks_seen, 0);
}

static void a_stop_lets_scripts_end_and_begins_none(void **state)
{
    (void)state;
    outpost_start("echo x >running; sleep 0.1", NULL);
    outpost_happen(2);
    outpost_until(a_runs);
    outpost_stop(OUTPOST_PATIENCE_MS);
    outpost_close_worker();
    assert_int_equal(outpost.alerts[0].fate, DELIVERED);
    assert_int_equal(outpost.alerts[1].settled, 0);
}

static void what_outlasts_the_grace_is_ended_and_left_for_another_time(void **state)
{
    (void)state;
    outpost_start("trap '' TERM; echo x >running; while :; do sleep 1000; done", "");
    outpost_happen(1);
    outpost_until(a_runs);
    outpost_stop(10);
    assert_int_equal(outpost.alerts[0].settled, 0);
    assert_int_equal(outpost.alerts[0].fate, WAITING);
}

static bool peer_is_told(void)
{
    return outpost.answered;
}

static void a_hook_is_tried_with_a_sample(void **state)
{
    (void)state;
    outpost_start("read line; echo $MUSTER_EVENT $MUSTER_ID \"$line\"; [ -e good ]", NULL);
    delivery_test(outpost.delivery, &outpost.rules[0].list[0], outpost_peer);
    assert_false(delivery_is_idle(outpost.delivery));
    outpost_until(peer_is_told);
    assert_int_equal(outpost.status, 1);
    assert_string_equal(outpost.output, "hook.test sample {\"event\":\"hook.test\"}\n");
    must_say(outpost.message, "a.sh ended with exit status 1");
    assert_int_equal(outpost.takes, 1);
}

static void a_trial_ends_with_whoever_asked(void **state)
{
    (void)state;
    outpost_start("exec sleep 1000", NULL);
    delivery_test(outpost.delivery, &outpost.rules[0].list[0], outpost_peer);
    outpost.gone(outpost.gone_context);
    outpost_until(outpost_is_idle);
    assert_false(outpost.answered);
}

static void a_trial_ends_with_the_daemon(void **state)
{
    (void)state;
    outpost_start("exec sleep 1000", NULL);
    delivery_test(outpost.delivery, &outpost.rules[0].list[0], outpost_peer);
    outpost_stop(0);
    assert_int_equal(outpost.status, 1);
    must_say(outpost.message, "was ended before it was done");
}

#define AT_POST(test) cmocka_unit_test_setup_teardown(test, outpost_open, outpost_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_POST(what_happens_is_told_to_each_hook_once),
        AT_POST(many_calls_are_one_step),
        AT_POST(what_is_more_than_a_step_takes_further_ones),
        AT_POST(a_hook_has_one_run_at_a_time),
        AT_POST(hooks_run_beside_each_other),
        AT_POST(a_hook_that_hangs_holds_up_no_other),
        AT_POST(a_failure_is_said_once_and_the_recovery_once),
        AT_POST(what_is_given_up_is_an_error),
        AT_POST(a_database_that_refuses_is_asked_again),
        AT_POST(without_hooks_nothing_is_collected_after_the_start),
        AT_POST(nothing_wakes_the_loop_when_all_is_told),
        AT_POST(the_clock_is_looked_at_when_it_says_so),
        AT_POST(a_clock_that_is_set_back_holds_up_nothing),
        AT_POST(other_rules_bring_other_hooks_and_end_none_in_flight),
        AT_POST(the_last_hook_that_leaves_is_told_to_the_outbox),
        AT_POST(a_stop_lets_scripts_end_and_begins_none),
        AT_POST(what_outlasts_the_grace_is_ended_and_left_for_another_time),
        AT_POST(a_hook_is_tried_with_a_sample),
        AT_POST(a_trial_ends_with_whoever_asked),
        AT_POST(a_trial_ends_with_the_daemon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
