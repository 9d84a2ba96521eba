/* Not read is not absent: unread sections, partial and delta scans, and when something was last seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#include <string.h>

/* A machine that is on has a build; one that is off could not be asked. */
static bool scan_on(struct test_world *world, int64_t target, const char *build)
{
    struct item *item = world_item(world, "vm", "x");

    item_set_text(item, "guest.build", build, NULL);
    item_set_text(item, "id.name", "web", NULL);
    world_add(world, item);
    return world_scan(world, target, COMPLETE);
}

static bool scan_off(struct test_world *world, int64_t target, const char *why)
{
    struct item *item = world_item(world, "vm", "x");

    item_set_text(item, "id.name", "web", NULL);
    item_unread(item, "guest.", why, NULL);
    world_add(world, item);
    return world_scan(world, target, COMPLETE);
}

static void what_is_unread_keeps_its_last_value_and_its_time(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t read_at;

    assert_true(scan_on(world, target, "6.0"));
    read_at = world->now - 1000;
    world_news(world);
    assert_true(scan_off(world, target, "switched off"));
    assert_string_equal(world_news(world), "");
    assert_string_equal(world_text(world, "SELECT facts FROM item"), "{\"guest.build\":\"6.0\",\"id.name\":\"web\"}");
    assert_int_equal(world_number(world, "SELECT read_at FROM unread"), read_at);
    assert_int_equal(world_number(world, "SELECT seen_at FROM item_seen"), world->now - 1000);
    assert_int_equal(world->result.changed, 0);
    assert_true(scan_off(world, target, "saved"));
    assert_true(world_number(world, "SELECT changed_at FROM item") < read_at + 2000);
    assert_int_equal(world_number(world, "SELECT read_at FROM unread"), read_at);
    assert_string_equal(world_text(world, "SELECT why FROM unread"), "saved");
    assert_string_equal(world_news(world), "");
}

static void what_is_read_again_is_compared_with_the_last_value(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    assert_true(scan_on(world, target, "6.0"));
    assert_true(scan_off(world, target, "switched off"));
    world_news(world);
    assert_true(scan_on(world, target, "6.0"));
    assert_string_equal(world_news(world), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM unread"), 0);
    assert_true(scan_off(world, target, "switched off"));
    assert_true(scan_on(world, target, "6.1"));
    assert_string_equal(world_news(world),
                        "x changed {\"attributes\":[{\"name\":\"guest.build\",\"from\":\"6.0\",\"to\":\"6.1\"}],"
                        "\"links\":{\"added\":[],\"removed\":[]}}\n");
}

static void what_was_never_read_has_no_time(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    assert_true(scan_off(world, target, "switched off"));
    assert_true(scan_off(world, target, "still off"));
    assert_null(world_text(world, "SELECT read_at FROM unread"));
    assert_int_equal(world_number(world, "SELECT count(*) FROM unread"), 1);
}

static void an_unchanged_unread_section_is_not_written_again(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    struct item *rename = world_item(world, "vm", "x");

    item_set_text(rename, "id.name", "renamed", NULL);
    item_unread(rename, "guest.", "switched off", NULL);

    assert_true(scan_on(world, target, "6.0"));
    assert_true(scan_off(world, target, "switched off"));
    world_count_writes(world);
    assert_true(scan_off(world, target, "switched off"));
    assert_int_equal(world_writes(world), 0);
    world_add(world, rename);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world->result.changed, 1);
    assert_int_equal(world_number(world, "SELECT count(*) FROM written WHERE name = 'unread'"), 0);
}

static void a_partial_scan_removes_nothing_and_keeps_the_time_of_what_it_missed(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t seen, complete;

    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    seen = complete = world->now - 1000;
    world_news(world);
    for (int i = 0; i < 2; i++) {
        world_add_many(world, "vm", 0, 2);
        assert_true(world_scan(world, target, PARTIAL));
        if (i == 0)
            world_count_writes(world);
    }
    assert_int_equal(world_writes(world), 0);
    assert_string_equal(world_news(world), "");
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting WHERE missed_at IS NOT NULL"), 3);
    assert_int_equal(world_number(world, "SELECT min(seen_at) FROM item_seen"), seen);
    assert_int_equal(world_number(world, "SELECT max(seen_at) FROM item_seen"), world->now - 1000);
    assert_int_equal(world_number(world, "SELECT completed_at FROM target"), complete);
    assert_string_equal(world_text(world, "SELECT result FROM target"), "partial");
    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    assert_int_equal(world_number(world, "SELECT count(*) FROM sighting WHERE missed_at IS NOT NULL"), 0);
}

static void a_partial_scan_takes_what_is_new_and_what_changed(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    assert_true(scan_on(world, target, "6.0"));
    world_news(world);
    world_add_vm(world, "y", "y", NULL);
    assert_true(world_scan(world, target, PARTIAL));
    assert_string_equal(world_news(world), "y appeared {}\n");
}

static void a_delta_tells_only_what_is_other_and_sees_the_rest(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    world_add_many(world, "vm", 0, 20);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    world_count_writes(world);
    world_add_vm(world, "vm-0", "another name", NULL);
    world_add_gone(world, "vm", "vm-7");
    world_add_gone(world, "vm", "never heard of");
    assert_true(world_scan(world, target, DELTA));
    assert_string_equal(world_news(world),
                        "vm-0 changed {\"attributes\":[{\"name\":\"id.name\",\"from\":\"vm-0\",\"to\":\"another "
                        "name\"}],\"links\":{\"added\":[],\"removed\":[]}}\nvm-7 gone {\"why\":\"reported\"}\n");
    assert_int_equal(world_number(world, "SELECT count(*) FROM item_seen"), 19);
    assert_int_equal(world_number(world, "SELECT min(seen_at) FROM item_seen"), world->now - 1000);
    assert_int_equal(world_number(world, "SELECT count(*) FROM written WHERE name = 'sighting'"), 2);
    assert_int_equal(world_number(world, "SELECT completed_at FROM target"), world->now - 1000);
}

static void a_delta_that_tells_nothing_writes_nothing(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "vc01", "vc01");

    world_add_many(world, "vm", 0, 50);
    assert_true(world_scan(world, target, COMPLETE));
    assert_true(world_scan(world, target, DELTA)); /* the journal has that it is a delta now */
    world_count_writes(world);
    for (int i = 0; i < 3; i++)
        assert_true(world_scan(world, target, DELTA));
    world_add_many(world, "vm", 7, 2); /* as they were */
    assert_true(world_scan(world, target, DELTA));
    assert_int_equal(world_writes(world), 0);
    assert_int_equal(world->result.held, 0);
    assert_int_equal(world_number(world, "SELECT count(*) FROM item_seen WHERE seen_at = (SELECT succeeded_at FROM"
                                         " target)"),
                     50);
}

static void a_delta_does_not_see_what_an_earlier_scan_missed(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");
    int64_t seen;

    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    seen = world->now - 1000;
    world_add_many(world, "vm", 0, 4);
    assert_true(world_scan(world, target, PARTIAL));
    assert_true(world_scan(world, target, DELTA));
    assert_int_equal(world_number(world, "SELECT min(seen_at) FROM item_seen"), seen);
}

static void what_is_both_told_and_called_gone_is_there(void **state)
{
    struct test_world *world = *state;
    int64_t target = world_target(world, "a", "a");

    world_add_many(world, "vm", 0, 5);
    assert_true(world_scan(world, target, COMPLETE));
    world_news(world);
    world_add_many(world, "vm", 0, 1);
    world_add_gone(world, "vm", "vm-0");
    assert_true(world_scan(world, target, DELTA));
    assert_string_equal(world_news(world), "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_unread_keeps_its_last_value_and_its_time),
        TEST(what_is_read_again_is_compared_with_the_last_value),
        TEST(what_was_never_read_has_no_time),
        TEST(an_unchanged_unread_section_is_not_written_again),
        TEST(a_partial_scan_removes_nothing_and_keeps_the_time_of_what_it_missed),
        TEST(a_partial_scan_takes_what_is_new_and_what_changed),
        TEST(a_delta_that_tells_nothing_writes_nothing),
        TEST(a_delta_tells_only_what_is_other_and_sees_the_rest),
        TEST(a_delta_does_not_see_what_an_earlier_scan_missed),
        TEST(what_is_both_told_and_called_gone_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
