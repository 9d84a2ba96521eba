/* Who is told: filters, what a hook knows, exemptions, maintenance, what the clock and the fleet's own state say. */
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

#define WORDS(...)                                                                                                     \
    (struct word_list)                                                                                                 \
    {                                                                                                                  \
        (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)      \
    }

/* One machine of this build. */
static void scan(struct postbox *box, const char *build)
{
    docket_machine(box->docket, "m", build);
    docket_machine(box->docket, "other", NEW);
    docket_scan(box->docket);
}

static void start(struct postbox *box, const char *build)
{
    scan(box, build);
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
}

static void see(struct postbox *box, const char *build)
{
    scan(box, build);
    postbox_step(box, POSTBOX_GRACE);
}

/* ----------------------------------------------------------------------------------------------------- filters ---- */

static void each_hook_is_told_what_it_asks_for(void **state)
{
    struct postbox *box = *state;

    charter_rule(
        &box->docket->charter,
        &(struct estate_rule){ .where = { .name = "m" }, .owner = "Finance", .site = "delft", .criticality = "high" });
    start(box, NEW);
    postbox_hook(box, "finance")->owners = WORDS("fin*");
    postbox_hook(box, "site-a")->targets = WORDS("a*");
    postbox_hook(box, "hv")->targets = WORDS("hv");
    see(box, OLD);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m: agent protection is unsupported\n"
                                           "finance finding.opened 1 act: m: agent protection is unsupported\n"
                                           "hv finding.opened 1 act: m: agent protection is unsupported\n");
    assert_string_equal(postbox_member(box, "$.owner"), "Finance");
    assert_string_equal(postbox_member(box, "$.targets[0]"), "hv");
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 0);
}

static void add_finding(struct postbox *box, const char *text)
{
    int64_t finding;

    world_run(box->world, text);
    finding = world_number(box->world, "SELECT max(id) FROM finding");
    postbox_event(box,
                  &(struct event_row){ .at = box->now,
                                       .what = EVENT_FINDING_OPENED,
                                       .subject = arena_format(&box->world->arena, "finding %lld", (long long)finding),
                                       .state = "decide",
                                       .finding = finding });
}

/* A key has the class of the worst of its assets, and its end of support may be that of another version than theirs. */
static void a_key_is_of_every_target_that_sees_one_of_its_assets(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    postbox_hook(box, "hv")->targets = WORDS("hv");
    world_run(box->world, "UPDATE judgement SET verdict = 'unlisted', class = 'gap', support_end = 1,"
                          " detail = json_set(detail, '$.lifecycle', json('{\"version\":\"B\"}'))");
    add_finding(box, "INSERT INTO finding (kind, workload, version, installation, product, need, verdict, class, state,"
                     " assets, opened_at, changed_at) SELECT 'unlisted', workload, version, installation,"
                     " coalesce(product, ''), 'act', 'unlisted', 'newer', 'open', 2, 1, 1 FROM judgement LIMIT 1");
    add_finding(box, "INSERT INTO finding (kind, workload, version, need, state, assets, opened_at, changed_at)"
                     " SELECT 'lifecycle', workload, 'B', 'decide', 'open', 1, 1, 1 FROM judgement LIMIT 1");
    postbox_step(box, 2 * POSTBOX_GRACE);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM alert WHERE hook = 'hv'"), 2);
}

/* It heard of it as something to act on, and so hears that there is less to do. */
static void who_heard_of_it_hears_on_whatever_it_asks_for(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    box->list[0].classes = WORDS("act");
    see(box, OLD);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m: agent protection is unsupported\n");
    world_run(box->world, "UPDATE finding SET need = 'look', verdict = 'unknown'");
    postbox_event(box,
                  &(struct event_row){
                      .what = EVENT_FINDING_CHANGED, .subject = "finding 1", .state = "look unknown", .finding = 1 });
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box),
                        "hook finding.changed 1 look: m: agent protection is unknown, was unsupported\n");
    assert_string_equal(postbox_member(box, "$.previous"),
                        "{\"class\":\"act\",\"verdict\":\"unsupported\",\"unlisted\":null}");
    see(box, NEW);
    assert_string_equal(postbox_news(box), "hook finding.resolved 1 look: over: m: agent protection\n");
}

static void an_end_is_told_only_where_the_beginning_was(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    box->list[0].classes = WORDS("look");
    see(box, OLD);
    see(box, NEW);
    assert_string_equal(postbox_news(box), "");
    box->list[0].classes = (struct word_list){ 0 };
    see(box, OLD);
    assert_int_equal(box->frozen, 1);
    see(box, NEW);
    assert_int_equal(box->frozen, 1);
    see(box, NEW);
    assert_int_equal(box->frozen, 0);
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM told"), 0);
}

/* It hears of no beginning, but knows which there were. */
static void a_hook_for_ends_alone_is_told_of_ends(void **state)
{
    struct postbox *box = *state;

    box->list[0].events = WORDS("finding.resolved", "scan.recovered");
    start(box, OLD);
    assert_int_equal(box->frozen, 0);
    see(box, NEW);
    assert_string_equal(postbox_news(box), "hook finding.resolved 1 act: over: m: agent protection\n");
    assert_string_equal(postbox_member(box, "$.previous.verdict"), "unsupported");
    see(box, NEW);
    assert_int_equal(box->frozen, 0);
}

static void a_hook_for_beginnings_alone_is_told_of_each(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    box->list[0].events = WORDS("finding.opened");
    see(box, OLD);
    see(box, NEW);
    see(box, OLD);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m: agent protection is unsupported\n"
                                           "hook finding.opened 1 act: m: agent protection is unsupported\n");
}

/* -------------------------------------------------------------------------------------------------- exemptions ---- */

static void what_is_exempt_as_a_whole_is_silent_until_it_is_renewed(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    scan(box, OLD);
    world_run(box->world, "UPDATE finding SET exempt = assets");
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    world_run(box->world, "UPDATE finding SET exempt = 0");
    postbox_event(box,
                  &(struct event_row){
                      .what = EVENT_FINDING_OPENED, .subject = "finding 1", .state = "act unsupported", .finding = 1 });
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m: agent protection is unsupported\n");
    world_run(box->world, "UPDATE finding SET exempt = assets");
    see(box, NEW);
    assert_string_equal(postbox_news(box), "hook finding.resolved 1 act: over: m: agent protection\n");
}

/* -------------------------------------------------------------------------------------------------- dead hosts ---- */

static void break_off(struct postbox *box, int64_t target)
{
    world_run(box->world, arena_format(&box->world->arena, "UPDATE target SET failing_at = %lld WHERE id = %lld",
                                       (long long)box->now, (long long)target));
    postbox_event(box, &(struct event_row){
                           .what = EVENT_SCAN_FAILING,
                           .subject = arena_format(&box->world->arena, "target %lld scan", (long long)target),
                           .state = "failing",
                           .target = target,
                           .detail = "{\"result\":\"unreachable\",\"message\":\"no answer\"}",
                       });
}

static void recover(struct postbox *box, int64_t target)
{
    world_run(box->world, arena_format(&box->world->arena, "UPDATE target SET failing_at = NULL WHERE id = %lld",
                                       (long long)target));
    postbox_event(box, &(struct event_row){
                           .what = EVENT_SCAN_RECOVERED,
                           .subject = arena_format(&box->world->arena, "target %lld scan", (long long)target),
                           .state = "",
                           .target = target,
                       });
}

enum { MACHINES = 40 };

/* The same machine, from outside (on the host) or from inside. */
static void add_guest(struct postbox *box, const char *kind, unsigned number, const char *host)
{
    struct arena *arena = &box->world->arena;
    struct item *item = docket_item(box->docket, kind, arena_format(arena, "vm%02u", number));

    item_set_text(item, "id.uuid", arena_format(arena, "4c4c4544-0042-4a10-8054-%012u", number), NULL);
    if (host != NULL)
        item_link(item, &(struct link){ "runs_on", "hyperv_host", host, NULL, NULL }, NULL);
    world_add(box->world, item);
}

/* A host with its machines, and a target for each of these. Returns the first of the latter. */
static int64_t build_hall(struct postbox *box)
{
    int64_t first = 0;

    docket_host(box->docket, "h1", NEW, NULL);
    for (unsigned i = 0; i < MACHINES; i++)
        add_guest(box, "vm", i, "h1");
    docket_scan(box->docket);
    for (unsigned i = 0; i < MACHINES; i++) {
        const char *name = arena_format(&box->world->arena, "guest%02u", i);
        int64_t target = world_target(box->world, name, name);

        add_guest(box, "machine", i, NULL);
        assert_true(world_scan(box->world, target, COMPLETE));
        first = first == 0 ? target : first;
    }
    assert_int_equal(world_number(box->world, "SELECT count(DISTINCT asset) FROM item"), 1 + MACHINES);
    postbox_step(box, POSTBOX_GRACE);
    postbox_news(box);
    return first;
}

static void a_dead_host_and_its_forty_machines_are_one_alert(void **state)
{
    struct postbox *box = *state;
    int64_t first = build_hall(box);

    break_off(box, box->docket->target);
    for (int64_t i = 0; i < MACHINES; i++)
        break_off(box, first + i);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), "hook scan.failing 41 : target "));
    assert_int_equal(box->frozen, 1);
    for (int64_t i = 0; i < MACHINES; i++)
        recover(box, first + i);
    recover(box, box->docket->target);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), "hook scan.recovered 41 : target "));
    assert_int_equal(box->frozen, 1);
}

/* The host is found to be dead last of all. */
static void whether_the_host_is_dead_is_asked_when_it_is_told(void **state)
{
    struct postbox *box = *state;
    int64_t first = build_hall(box);

    for (int64_t i = 0; i < MACHINES; i++)
        break_off(box, first + i);
    postbox_step(box, 0);
    break_off(box, box->docket->target);
    postbox_step(box, POSTBOX_GRACE);
    assert_non_null(strstr(postbox_news(box), "hook scan.failing 41 : target "));
    assert_int_equal(box->frozen, 1);
}

static void machines_that_fail_while_their_host_does_not_are_told_by_themselves(void **state)
{
    struct postbox *box = *state;
    int64_t first = build_hall(box);

    break_off(box, first);
    break_off(box, first + 1);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "hook scan.failing 1 : target guest00 cannot be scanned\n"
                                           "hook scan.failing 1 : target guest01 cannot be scanned\n");
    assert_string_equal(postbox_member(box, "$.detail"), "{\"result\":\"unreachable\",\"message\":\"no answer\"}");
    assert_string_equal(postbox_member(box, "$.targets[0]"), "guest01");
}

static void a_failure_that_is_over_within_the_grace_is_not_told(void **state)
{
    struct postbox *box = *state;
    int64_t first = build_hall(box);

    break_off(box, first);
    postbox_step(box, POSTBOX_MINUTE);
    recover(box, first);
    postbox_step(box, POSTBOX_GRACE);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
}

/* ------------------------------------------------------------------------------------------------- maintenance ---- */

static void what_a_maintenance_brings_is_summed_up_at_its_end(void **state)
{
    struct postbox *box = *state;

    for (unsigned i = 0; i < 4; i++)
        docket_machine(box->docket, arena_format(&box->world->arena, "m%u", i), NEW);
    docket_scan(box->docket);
    postbox_step(box, POSTBOX_GRACE);
    postbox_hush(box, box->docket->target, "night", box->now + 60 * POSTBOX_MINUTE);
    for (unsigned i = 0; i < 4; i++)
        docket_machine(box->docket, arena_format(&box->world->arena, "m%u", i), i < 3 ? OLD : NEW);
    docket_scan(box->docket);
    postbox_step(box, 2 * POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_int_equal(box->step.next, box->quiet[0].until);
    for (unsigned i = 0; i < 4; i++)
        docket_machine(box->docket, arena_format(&box->world->arena, "m%u", i), i < 2 ? OLD : NEW);
    docket_scan(box->docket);
    postbox_step(box, 100 * POSTBOX_MINUTE);
    assert_string_equal(postbox_news(box), "");
    box->setting.quiet_count = 0;
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box), "hook finding.opened 2 act: after maintenance night: m0: agent protection is"
                                           " unsupported, and 1 more\n");
    assert_int_equal(world_number(box->world, "SELECT count(*) FROM pending"), 0);
}

/* What is in its grace when the window opens waits, too. */
static void a_maintenance_that_begins_holds_what_was_to_be_told(void **state)
{
    struct postbox *box = *state;

    start(box, NEW);
    scan(box, OLD);
    postbox_step(box, POSTBOX_MINUTE);
    postbox_hush(box, box->docket->target, "now", box->now + 60 * POSTBOX_MINUTE);
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_string_equal(world_text(box->world, "SELECT bundle FROM pending"), "maintenance now");
    box->setting.quiet_count = 0;
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box),
                        "hook finding.opened 1 act: after maintenance now: m: agent protection is unsupported\n");
}

/* Somebody else sees it, too, and is at work. */
static void what_another_target_sees_is_not_held(void **state)
{
    struct postbox *box = *state;
    int64_t second = world_target(box->world, "second", "hv");

    start(box, NEW);
    docket_machine(box->docket, "m", NEW);
    assert_true(world_scan(box->world, second, COMPLETE));
    postbox_hush(box, second, "now", box->now + 600 * POSTBOX_MINUTE);
    see(box, OLD);
    assert_string_equal(postbox_news(box), "hook finding.opened 1 act: m: agent protection is unsupported\n");
    postbox_event(box, &(struct event_row){ .what = EVENT_TARGET_QUARANTINED,
                                            .subject = "target 2 quarantine",
                                            .state = "quarantined",
                                            .target = second });
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
    assert_string_equal(world_text(box->world, "SELECT bundle FROM pending"), "maintenance now");
}

/* ------------------------------------------------------------------------------------------------ what is seen ---- */

static void assets_are_told_of_only_to_a_hook_that_names_them(void **state)
{
    struct postbox *box = *state;
    struct hook *hook;

    start(box, NEW);
    hook = postbox_hook(box, "assets");
    hook->events = WORDS("asset.appeared", "asset.gone");
    postbox_step(box, 0);
    docket_machine(box->docket, "m", NEW);
    docket_machine(box->docket, "n", NEW);
    docket_machine(box->docket, "o", NEW);
    docket_scan(box->docket);
    postbox_step(box, 0);
    assert_string_equal(postbox_news(box), "assets asset.gone 3 : other is gone, and 2 more\n");
    assert_string_equal(postbox_member(box, "$.detail.why"), "missing");
    assert_string_equal(postbox_member(box, "$.findings[1].event"), "asset.appeared");
    postbox_step(box, POSTBOX_GRACE);
    assert_string_equal(postbox_news(box), "");
}

#define IN_POSTBOX(test) cmocka_unit_test_setup_teardown(test, postbox_open, postbox_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_POSTBOX(each_hook_is_told_what_it_asks_for),
        IN_POSTBOX(a_key_is_of_every_target_that_sees_one_of_its_assets),
        IN_POSTBOX(who_heard_of_it_hears_on_whatever_it_asks_for),
        IN_POSTBOX(an_end_is_told_only_where_the_beginning_was),
        IN_POSTBOX(a_hook_for_ends_alone_is_told_of_ends),
        IN_POSTBOX(a_hook_for_beginnings_alone_is_told_of_each),
        IN_POSTBOX(what_is_exempt_as_a_whole_is_silent_until_it_is_renewed),
        IN_POSTBOX(a_dead_host_and_its_forty_machines_are_one_alert),
        IN_POSTBOX(whether_the_host_is_dead_is_asked_when_it_is_told),
        IN_POSTBOX(machines_that_fail_while_their_host_does_not_are_told_by_themselves),
        IN_POSTBOX(a_failure_that_is_over_within_the_grace_is_not_told),
        IN_POSTBOX(what_a_maintenance_brings_is_summed_up_at_its_end),
        IN_POSTBOX(a_maintenance_that_begins_holds_what_was_to_be_told),
        IN_POSTBOX(what_another_target_sees_is_not_held),
        IN_POSTBOX(assets_are_told_of_only_to_a_hook_that_names_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
