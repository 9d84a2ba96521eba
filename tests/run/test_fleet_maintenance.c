/* Which targets of a fleet are in maintenance, as time passes and clocks are set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock.h"
#include "fleet.h"
#include "tree_rules.h"

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)

static struct schedule_now now;

struct schedule_now __wrap_fleet_now(void); /* the linker puts it in the place of the real one */

struct schedule_now __wrap_fleet_now(void)
{
    return now;
}

static const char *const only_a[] = { "a" };

/* On the first of January 2027; that of all targets, and that of a. */
static struct config_maintenance window_of(const char *name, int from_hour, int until_hour, size_t words)
{
    return (struct config_maintenance){ .name = name,
                                        .targets = { only_a, words },
                                        .from = { .year = 2027, .month = 1, .day = 1, .hour = from_hour },
                                        .until = { .year = 2027, .month = 1, .day = 1, .hour = until_hour } };
}

static struct rules *rules_with(const struct config_maintenance *windows, size_t count)
{
    struct config config = { .maintenances = VEC_EMPTY };
    struct rules *rules;

    for (size_t i = 0; i < count; i++)
        vec_push(&config.maintenances, windows[i]);
    rules = tree_rules(&config);
    vec_finish(&config.maintenances);
    return rules;
}

struct scene {
    uv_loop_t loop;
    struct fleet fleet;
    struct config_target configs[2];
    struct target *targets[2];
    struct arena arena;
};

static void add_target(struct scene *scene, size_t i, const char *name)
{
    struct target *target = target_create(&scene->fleet);
    const struct schedule_spec spec = { .name = name, .every_ms = HOUR };

    target->name = mem_text(name);
    target->id = (int64_t)i + 1;
    target->config = &scene->configs[i];
    target->entry = schedule_add(scene->fleet.schedule, &spec, NULL, target, now);
    list_append(&scene->fleet.targets, &target->link);
    scene->fleet.count++;
    scene->targets[i] = target;
}

static void at(const char *text)
{
    int64_t before = now.wall;

    assert_true(clock_parse(text, &now.wall, NULL));
    now.mono += now.wall - before;
}

static void begin(struct scene *scene)
{
    const struct config_maintenance windows[] = { window_of("one", 8, 12, 1), window_of("all", 10, 14, 0) };
    const size_t slots = 1;

    *scene = (struct scene){ 0 };
    now = (struct schedule_now){ 0, 0 };
    at("2027-01-01T00:00:00Z");
    arena_init(&scene->arena, ARENA_PLAIN);
    assert_int_equal(uv_loop_init(&scene->loop), 0);
    fleet_init(&scene->fleet, &scene->loop, NULL, NULL);
    schedule_set_slots(scene->fleet.schedule, 1, &slots, 1);
    add_target(scene, 0, "a");
    add_target(scene, 1, "b");
    scene->fleet.rules = rules_with(windows, 2);
    fleet_maintain(&scene->fleet, true);
}

static void end(struct scene *scene)
{
    fleet_finish(&scene->fleet);
    assert_int_equal(uv_run(&scene->loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    arena_finish(&scene->arena);
}

/* Who is in which window, "" for none. */
static void expect(struct scene *scene, const char *a, const char *b, const char *next)
{
    const char *windows[] = { "", "" };
    const struct outbox_quiet *list;
    int64_t change, wanted = INT64_MAX;
    size_t count = fleet_quiet(&scene->fleet, &scene->arena, &list, &change);

    for (size_t i = 0; i < count; i++) {
        windows[list[i].target - 1] = list[i].window;
        assert_true(list[i].until > now.wall);
    }
    assert_string_equal(windows[0], a);
    assert_string_equal(windows[1], b);
    assert_true(next == NULL || clock_parse(next, &wanted, NULL));
    assert_int_equal(change, wanted);
}

/* Wall time of the next run, which comes within a minute. */
static void expect_next_run(struct scene *scene, size_t target, const char *time)
{
    int64_t at_least = 0, next = schedule_next_at(scene->fleet.schedule, scene->targets[target]->entry, now);

    assert_true(clock_parse(time, &at_least, NULL));
    assert_in_range(next, at_least, at_least + 60 * SECOND);
}

static void expect_run_soon(struct scene *scene, size_t target)
{
    assert_true(schedule_next_at(scene->fleet.schedule, scene->targets[target]->entry, now) <= now.wall + 60 * SECOND);
}

static void windows_open_and_close_as_time_passes(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    expect(&scene, "", "", "2027-01-01T08:00:00Z");
    expect_run_soon(&scene, 0);
    at("2027-01-01T07:59:59.999Z");
    expect(&scene, "", "", "2027-01-01T08:00:00Z");
    at("2027-01-01T08:00:00Z");
    expect(&scene, "one", "", "2027-01-01T10:00:00Z");
    expect_next_run(&scene, 0, "2027-01-01T12:00:00Z");
    at("2027-01-01T10:00:00Z");
    expect(&scene, "all", "all", "2027-01-01T12:00:00Z");
    expect_next_run(&scene, 0, "2027-01-01T14:00:00Z");
    expect_next_run(&scene, 1, "2027-01-01T14:00:00Z");
    at("2027-01-01T13:00:00Z");
    expect(&scene, "all", "all", "2027-01-01T14:00:00Z");
    at("2027-01-01T14:00:00Z");
    expect(&scene, "", "", NULL);
    expect_run_soon(&scene, 0);
    expect_run_soon(&scene, 1);
    end(&scene);
}

/* Who was to be left alone within this time, as "ab". */
static void expect_unscanned(struct scene *scene, int64_t within_ms, const char *names)
{
    const int64_t *targets;
    char found[3] = "";
    int64_t next;
    size_t count = fleet_unscanned(&scene->fleet, &scene->arena, within_ms, &targets, &next);

    assert_true(count <= 2);
    for (size_t i = 0; i < count; i++)
        found[i] = targets[i] == 1 ? 'a' : 'b';
    assert_string_equal(found, names);
}

static void who_was_in_maintenance_lately_had_no_time_for_a_scan(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    expect_unscanned(&scene, HOUR, "");
    at("2027-01-01T08:00:00Z");
    expect_unscanned(&scene, HOUR, "a");
    at("2027-01-01T13:00:00Z");
    expect_unscanned(&scene, HOUR, "ab");
    at("2027-01-01T14:00:00Z");
    expect_unscanned(&scene, HOUR, "ab");
    /* Whatever the wall clock says of it. */
    now.wall += 24 * HOUR;
    expect_unscanned(&scene, HOUR, "ab");
    now.mono += HOUR - 1;
    now.wall += HOUR - 1;
    expect_unscanned(&scene, HOUR, "ab");
    now.mono++;
    now.wall++;
    expect_unscanned(&scene, HOUR, "");
    end(&scene);
}

static void a_clock_that_is_set_is_followed(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    at("2027-01-01T09:00:00Z");
    expect(&scene, "one", "", "2027-01-01T10:00:00Z");
    now.wall += 2 * HOUR;
    expect(&scene, "all", "all", "2027-01-01T12:00:00Z");
    expect_next_run(&scene, 0, "2027-01-01T14:00:00Z");
    now.wall -= 10 * HOUR;
    expect(&scene, "", "", "2027-01-01T08:00:00Z");
    expect_run_soon(&scene, 0);
    end(&scene);
}

static void a_configuration_without_windows_ends_them(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    at("2027-01-01T11:00:00Z");
    expect(&scene, "all", "all", "2027-01-01T12:00:00Z");
    assert_true(uv_is_active((uv_handle_t *)&scene.fleet.quiet_timer));
    rules_release(scene.fleet.rules);
    scene.fleet.rules = rules_with(NULL, 0);
    fleet_maintain(&scene.fleet, true);
    expect(&scene, "", "", NULL);
    expect_run_soon(&scene, 0);
    assert_false(uv_is_active((uv_handle_t *)&scene.fleet.quiet_timer));
    end(&scene);
}

static void a_target_that_is_to_leave_is_in_no_window(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    at("2027-01-01T10:30:00Z");
    expect(&scene, "all", "all", "2027-01-01T12:00:00Z");
    scene.targets[1]->removed = true;
    scene.targets[1]->config = NULL;
    fleet_maintain(&scene.fleet, true);
    expect(&scene, "all", "", "2027-01-01T12:00:00Z");
    end(&scene);
}

/* Clocks are looked at within a minute, and when a window opens or closes. */
static void it_is_looked_at_in_time(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_in_range(uv_timer_get_due_in(&scene.fleet.quiet_timer), 59 * SECOND, 60 * SECOND);
    at("2027-01-01T07:59:58Z");
    uv_timer_stop(&scene.fleet.quiet_timer); /* it has fired */
    fleet_maintain(&scene.fleet, false);
    assert_in_range(uv_timer_get_due_in(&scene.fleet.quiet_timer), 1 * SECOND, 2 * SECOND);
    end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_open_and_close_as_time_passes),
        cmocka_unit_test(who_was_in_maintenance_lately_had_no_time_for_a_scan),
        cmocka_unit_test(a_clock_that_is_set_is_followed),
        cmocka_unit_test(a_configuration_without_windows_ends_them),
        cmocka_unit_test(a_target_that_is_to_leave_is_in_no_window),
        cmocka_unit_test(it_is_looked_at_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
