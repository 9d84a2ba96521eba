/* From events to alerts: what is told, and as how many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "postbox.h"

#include <string.h>

#define OLD "6.0.6002"     /* Windows Server 2008 SP2: unsupported */
#define NEW "10.0.14393"   /* 2016: supported */
#define ALIEN "10.0.99999" /* of no version that is known */

static const char *numbered(struct postbox *box, const char *start, unsigned number)
{
    return arena_format(&box->world->arena, "%s%02u", start, number);
}

/* One host of this build, and so many machines on it whose guests are supported; they count by their image. */
static void scan_host(struct postbox *box, const char *build, unsigned machines)
{
    docket_host(box->docket, "h1", build, NULL);
    for (unsigned i = 0; i < machines; i++)
        docket_vm(box->docket, numbered(box, "vm", i), NEW, "h1", NULL);
    docket_scan(box->docket);
}

static void count_images(struct postbox *box)
{
    charter_rule(&box->docket->charter, &(struct estate_rule){ .where = { .name = "vm*" }, .by = "image" });
}

/* So many machines by themselves, of this build; unread: so many of them are of the other. */
static void scan_machines(struct postbox *box, const char *build, unsigned count, unsigned first, const char *other)
{
    for (unsigned i = 0; i < count; i++)
        docket_machine(box->docket, numbered(box, "m", i), i < first ? other : build);
    docket_scan(box->docket);
}

/* What the first scan brought is told, and is no news any more. */
static void settle_in(struct postbox *box)
{
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
}

static void what_is_undone_within_the_grace_is_not_told(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, NEW, 2, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 2, 1, OLD);
    postbox_step(box, POSTBOX_GRACE - 1);
    assert_string_equal(postbox_news(box), "");
    scan_machines(box, NEW, 2, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 0);
}

static void what_lasts_is_told_when_the_grace_is_over_and_not_before(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, NEW, 2, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 2, 1, OLD);
    postbox_step(box, POSTBOX_GRACE - 1);
    assert_string_equal(postbox_news(box), "");
    assert_int_equal(box->step.next, box->now + 1);
    postbox_step(box, 1);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m00: agent protection is unsupported\n");
    assert_int_equal(box->step.next, 0);
    postbox_step(box, 100 * POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
}

static void a_window_that_is_longer_than_the_grace_collects_on(void **state)
{
    struct postbox *box = *state;

    box->list[0].window_ms = 2 * POSTBOX_GRACE;
    count_images(box);
    scan_host(box, NEW, 2);
    postbox_step(box, 2 * POSTBOX_GRACE);
    postbox_news(box);
    scan_host(box, OLD, 1);
    postbox_step(box, POSTBOX_GRACE);
    scan_host(box, OLD, 2);
    assert_string_equal(postbox_news(box), "");
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 4 act: h1: agent protection is unsupported, and 3 more\n");
}

static void a_host_and_forty_machines_that_it_spoils_are_one_alert(void **state)
{
    struct postbox *box = *state;

    count_images(box);
    scan_host(box, NEW, 40);
    settle_in(box);
    scan_host(box, OLD, 40);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 42 act: h1: agent protection is unsupported, and 41 more\n");
    assert_string_equal(postbox_member(box, "$.findings[41].cause.name"), "h1");
    scan_host(box, NEW, 40);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook finding.resolved 42 act: over: h1: agent protection, and 41 more\n");
}

static void what_a_first_scan_brings_is_one_alert_and_what_the_second_brings_is_not(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, OLD, 8, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(
        postbox_news(box),
        "hook finding.opened 8 act: first scan of hv: m00: agent protection is unsupported, and 7 more\n");
    scan_machines(box, OLD, 10, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m08: agent protection is unsupported\n"
                                           "hook finding.opened 1 act: m09: agent protection is unsupported\n");
}

static void all_assets_of_an_unlisted_key_are_one_finding(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, NEW, 6, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 6, 5, ALIEN);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), "hook finding.opened 1 "));
    assert_string_equal(postbox_member(box, "$.finding.kind"), "unlisted");
    assert_string_equal(postbox_member(box, "$.finding.assets"), "5");
}

/* Judged anew in slices: the alert waits until the last one. */
static void what_another_basis_changes_is_one_alert_when_all_is_judged(void **state)
{
    enum { MANY = 300 };
    struct postbox *box = *state;
    struct rejudge_result total;

    scan_machines(box, NEW, MANY, 0, NULL);
    settle_in(box);
    docket_rejudge(box->docket, 1000, false, &total);
    settle_in(box);
    charter_use(&box->docket->charter, "mabs-v1");
    assert_true(rejudge_slice(box->world->store, &box->docket->charter.basis, ++box->world->now, 100, false, &total,
                              &box->world->err));
    assert_true(total.more);
    postbox_step(box, 2 * POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_true(box->step.next > box->now);
    docket_rejudge(box->docket, 100, false, &total);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), ": judged anew: "));
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM alert WHERE hook = 'hook'"), 1);
}

static void five_thousand_verdicts_that_a_rule_changes_are_one_alert(void **state)
{
    enum { MANY = 5000 };
    struct postbox *box = *state;
    struct rejudge_result total;

    scan_machines(box, OLD, MANY, 0, NULL);
    settle_in(box);
    docket_rejudge(box->docket, MANY, false, &total);
    settle_in(box);
    charter_rule(&box->docket->charter,
                 &(struct estate_rule){ .where = { .name = "m*" }, .by = "none", .reason = "a lab" });
    docket_rejudge(box->docket, 500, false, &total);
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(box->frozen, 1);
    assert_int_equal(world_number(box->world, "SELECT sum(f.value ->> 'event' = 'finding.resolved' AND f.value ->>"
                                              " '$.finding.state' = 'superseded') + (payload ->> 'more') FROM (SELECT"
                                              " payload FROM alert ORDER BY id DESC LIMIT 1), json_each(payload,"
                                              " '$.findings') f"),
                     MANY);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM told WHERE subject LIKE 'finding %'"), 0);
}

static void more_than_a_storm_at_once_are_one(void **state)
{
    struct postbox *box = *state;

    box->list[0].storm = 4;
    scan_machines(box, NEW, 10, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 10, 4, OLD);
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(box->frozen, 4);
    postbox_news(box);
    scan_machines(box, NEW, 10, 9, OLD);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 5 act: m04: agent protection is unsupported, and 4 more\n");
}

static void a_storm_takes_with_it_what_comes_within_the_window(void **state)
{
    struct postbox *box = *state;

    box->list[0].storm = 4;
    box->list[0].window_ms = POSTBOX_GRACE / 2;
    scan_machines(box, NEW, 10, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 10, 5, OLD);
    postbox_step(box, POSTBOX_GRACE / 4);
    scan_machines(box, NEW, 10, 8, OLD);
    postbox_step(box, POSTBOX_GRACE / 2);
    scan_machines(box, NEW, 10, 10, OLD);
    postbox_step(box, POSTBOX_GRACE / 4);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 8 act: m00: agent protection is unsupported, and 7 more\n");
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(box->frozen, 2);
}

/* Two an hour: the second takes what is left, and what comes then waits half an hour and is one. */
static void what_passes_the_rate_waits_and_is_one(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, NEW, 10, 0, NULL);
    settle_in(box);
    box->list[0].rate = 2;
    scan_machines(box, NEW, 10, 4, OLD);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 1 act: m00: agent protection is unsupported\n"
                        "hook finding.opened 3 act: m01: agent protection is unsupported, and 2 more\n");
    scan_machines(box, NEW, 10, 8, OLD);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_true(box->step.next > box->now && box->step.next <= box->now + 30 * POSTBOX_MINUTE);
    postbox_step(box, box->step.next - box->now - 5000);
    assert_string_equal(postbox_news(box), "");
    postbox_step(box, 5000);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 4 act: m04: agent protection is unsupported, and 3 more\n");
    postbox_step(box, 100 * POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
}

static void what_has_no_end_is_told_each_time(void **state)
{
    struct postbox *box = *state;
    const struct event_row event = {
        .what = EVENT_RULING_LAPSING, .subject = "ruling R7", .state = EVENT_STATE_ONCE, .detail = "{\"who\": \"ada\"}"
    };

    postbox_event(box, &event);
    postbox_event(box, &event);
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box), "hook ruling.lapsing 1 : ruling R7 comes to its end\n"
                                           "hook ruling.lapsing 1 : ruling R7 comes to its end\n");
    assert_string_equal(postbox_member(box, "$.detail"), "{\"who\":\"ada\"}");
    box->list[0].window_ms = POSTBOX_MINUTE;
    postbox_event(box, &event);
    postbox_step(box, POSTBOX_MINUTE - 1);
    assert_string_equal(postbox_news(box), "");
    postbox_step(box, 1);
    assert_int_equal(box->frozen, 1);
}

static void a_new_hook_begins_at_the_end_and_one_that_left_leaves_nothing(void **state)
{
    struct postbox *box = *state;

    scan_machines(box, OLD, 3, 0, NULL);
    settle_in(box);
    postbox_hook(box, "late");
    scan_machines(box, OLD, 3, 2, NEW);
    scan_machines(box, OLD, 4, 2, NEW);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook finding.resolved 2 act: over: m00: agent protection, and 1 more\n"
                                           "hook finding.opened 1 act: m03: agent protection is unsupported\n"
                                           "late finding.opened 1 act: m03: agent protection is unsupported\n");
    scan_machines(box, OLD, 5, 0, NULL);
    postbox_step(box, 0);
    assert_true(world_number(box->world, "SELECT count(*) FROM pending WHERE hook = 'late'") > 0);
    box->hooks.count = 1;
    postbox_step(box, 0);
    assert_int_equal(world_number(box->world, "SELECT (SELECT count(*) FROM pending WHERE hook = 'late') +"
                                              " (SELECT count(*) FROM told WHERE hook = 'late') +"
                                              " (SELECT count(*) FROM hook WHERE name = 'late')"),
                     0);
    assert_string_equal(world_text(box->world, "SELECT state || ': ' || message FROM alert WHERE hook = 'late'"),
                        "dead: its hook is not configured any more");
}

/* What waits is due by then, wherever the clock goes. */
static void a_clock_that_jumps_neither_stalls_nor_floods(void **state)
{
    struct postbox *box = *state;

    box->list[0].rate = 100;
    scan_machines(box, NEW, 3, 0, NULL);
    settle_in(box);
    scan_machines(box, NEW, 3, 1, OLD);
    postbox_step(box, 0);
    box->now -= 1000 * 24 * 60 * POSTBOX_MINUTE;
    box->world->now = box->now;
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m00: agent protection is unsupported\n");
    scan_machines(box, NEW, 3, 2, OLD);
    postbox_step(box, POSTBOX_GRACE - 1);
    assert_string_equal(postbox_news(box), "");
    postbox_step(box, 1);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m01: agent protection is unsupported\n");
    scan_machines(box, NEW, 3, 3, OLD);
    postbox_step(box, 5000 * 24 * 60 * POSTBOX_MINUTE);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m02: agent protection is unsupported\n");
}

static void a_rate_goes_on_after_the_clock_was_set_back(void **state)
{
    struct postbox *box = *state;

    box->list[0].rate = 1;
    scan_machines(box, OLD, 1, 0, NULL);
    settle_in(box);
    scan_machines(box, OLD, 2, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    box->now -= 1000 * 24 * 60 * POSTBOX_MINUTE;
    box->world->now = box->now;
    postbox_step(box, 0);
    postbox_step(box, 61 * POSTBOX_MINUTE);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m01: agent protection is unsupported\n");
}

/* Few at a time give what all at once give. */
static void small_steps_come_to_the_same(void **state)
{
    struct postbox *box = *state;

    box->most = 1;
    scan_machines(box, OLD, 5, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(
        postbox_news(box),
        "hook finding.opened 5 act: first scan of hv: m00: agent protection is unsupported, and 4 more\n");
    scan_machines(box, OLD, 7, 0, NULL);
    postbox_step(box, POSTBOX_GRACE);
    assert_int_equal(box->frozen, 2);
}

#define IN_POSTBOX(test) cmocka_unit_test_setup_teardown(test, postbox_open, postbox_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_POSTBOX(what_is_undone_within_the_grace_is_not_told),
        IN_POSTBOX(what_lasts_is_told_when_the_grace_is_over_and_not_before),
        IN_POSTBOX(a_window_that_is_longer_than_the_grace_collects_on),
        IN_POSTBOX(a_host_and_forty_machines_that_it_spoils_are_one_alert),
        IN_POSTBOX(what_a_first_scan_brings_is_one_alert_and_what_the_second_brings_is_not),
        IN_POSTBOX(all_assets_of_an_unlisted_key_are_one_finding),
        IN_POSTBOX(what_another_basis_changes_is_one_alert_when_all_is_judged),
        IN_POSTBOX(five_thousand_verdicts_that_a_rule_changes_are_one_alert),
        IN_POSTBOX(more_than_a_storm_at_once_are_one),
        IN_POSTBOX(a_storm_takes_with_it_what_comes_within_the_window),
        IN_POSTBOX(what_passes_the_rate_waits_and_is_one),
        IN_POSTBOX(what_has_no_end_is_told_each_time),
        IN_POSTBOX(a_new_hook_begins_at_the_end_and_one_that_left_leaves_nothing),
        IN_POSTBOX(a_clock_that_jumps_neither_stalls_nor_floods),
        IN_POSTBOX(a_rate_goes_on_after_the_clock_was_set_back),
        IN_POSTBOX(small_steps_come_to_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
