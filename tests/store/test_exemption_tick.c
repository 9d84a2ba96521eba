/* The clock warns of exemptions and ends them, and says what became of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exempting.h"

static void without_any_the_clock_need_not_come_back(void **state)
{
    assert_true(tick(*state, 5) == INT64_MAX);
}

static void an_end_is_told_before_it_comes_once(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at - 14 * DAY - 1);
    assert_string_equal(told(docket), "");
    tick(docket, wish.until_at - 14 * DAY);
    assert_int_equal(world_number(docket->world, "SELECT json_extract(detail, '$.covered') FROM event"), 1);
    assert_string_equal(told(docket), "exemption.expiring exemption 1");
    tick(docket, wish.until_at - 1);
    assert_string_equal(told(docket), "");
}

static void the_clock_says_when_to_come_back(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;
    int64_t now;

    fill(docket);
    now = docket->world->now;
    wish = wish_of(docket, "old");
    make(docket, &wish);
    assert_int_equal(tick(docket, now), now + 3600 * 1000); /* to see whether it covers more */
    assert_int_equal(tick(docket, wish.until_at - 14 * DAY - 1), wish.until_at - 14 * DAY);
    assert_int_equal(tick(docket, wish.until_at - 5), wish.until_at);
    assert_true(tick(docket, wish.until_at) == INT64_MAX);
}

static void a_short_one_is_told_when_half_of_it_is_over(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;
    int64_t now;

    fill(docket);
    now = docket->world->now;
    wish = wish_of(docket, "old");
    wish.until_at = now + 2 * DAY;
    make(docket, &wish);
    tick(docket, now + DAY - 1);
    assert_string_equal(told(docket), "");
    tick(docket, now + DAY);
    assert_string_equal(told(docket), "exemption.expiring exemption 1");
}

static void what_was_exempt_is_told_again_when_it_ends_by_itself(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at);
    assert_string_equal(told(docket), "exemption.expired exemption 1; finding.opened old");
    assert_string_equal(exempt(docket), "old 0 of 1 by -; older 0 of 1 by -");
    assert_string_equal(world_text(world, "SELECT ended_why FROM exemption"), "expired");
    assert_int_equal(world_number(world, "SELECT ended_at FROM exemption"), wish.until_at);
    tick(docket, wish.until_at + DAY);
    assert_string_equal(told(docket), "");
}

static void what_another_one_covers_stays_exempt(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    wish.selector = (struct exemption_selector){ .verdict = "unsupported", .name = "old" };
    wish.until_at += 60 * DAY;
    make(docket, &wish);
    tick(docket, wish.until_at - 60 * DAY);
    assert_string_equal(told(docket), "exemption.expired exemption 1");
    assert_string_equal(exempt(docket), "old 1 of 1 by 2; older 0 of 1 by -");
}

static void that_one_covers_more_is_told_once(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    wish.selector = (struct exemption_selector){ .version = "Windows Server 2008*" };
    make(docket, &wish);
    tick(docket, world->now + 1);
    assert_string_equal(told(docket), "");
    docket_host(docket, "h1", W2016, NULL);
    docket_vm(docket, "web", W2008, "h1", NULL);
    docket_vm(docket, "old", W2008, "h1", NULL);
    docket_vm(docket, "older", W2008, "h1", NULL);
    docket_scan(docket);
    told(docket);
    tick(docket, world->now + 2);
    assert_string_equal(world_text(world, "SELECT json_extract(detail, '$.before') || ' to ' ||"
                                          " json_extract(detail, '$.covered') FROM event"),
                        "2 to 3");
    assert_string_equal(told(docket), "exemption.grown exemption 1");
    tick(docket, world->now + 3);
    assert_string_equal(told(docket), "");
    assert_int_equal(world_number(world, "SELECT covered FROM exemption"), 3);
}

static void that_one_covers_nothing_any_more_is_told_once_each_time(void **state)
{
    struct docket *docket = *state;
    struct test_world *world = docket->world;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    for (int round = 0; round < 2; round++) {
        docket_host(docket, "h1", W2016, NULL);
        docket_vm(docket, "web", W2016, "h1", NULL);
        docket_vm(docket, "old", W2016, "h1", NULL);
        docket_vm(docket, "older", W2008, "h1", NULL);
        docket_scan(docket);
        told(docket);
        tick(docket, world->now);
        assert_string_equal(told(docket), "exemption.idle exemption 1");
        tick(docket, world->now);
        assert_string_equal(told(docket), "");
        docket_host(docket, "h1", W2016, NULL);
        docket_vm(docket, "web", W2016, "h1", NULL);
        docket_vm(docket, "old", W2008, "h1", NULL);
        docket_vm(docket, "older", W2008, "h1", NULL);
        docket_scan(docket);
        told(docket);
        tick(docket, world->now);
        assert_string_equal(told(docket), "");
        assert_int_equal(world_number(world, "SELECT count(*) FROM exemption WHERE idle_at IS NULL"), 1);
    }
}

static void a_clock_that_is_set_back_changes_nothing(void **state)
{
    struct docket *docket = *state;
    struct exemption_wish wish;

    fill(docket);
    wish = wish_of(docket, "old");
    make(docket, &wish);
    tick(docket, wish.until_at);
    told(docket);
    tick(docket, docket->world->now - 365 * DAY);
    assert_string_equal(told(docket), "");
    assert_int_equal(world_number(docket->world, "SELECT ended_at FROM exemption"), wish.until_at);
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(without_any_the_clock_need_not_come_back),
        IN_DOCKET(an_end_is_told_before_it_comes_once),
        IN_DOCKET(the_clock_says_when_to_come_back),
        IN_DOCKET(a_short_one_is_told_when_half_of_it_is_over),
        IN_DOCKET(what_was_exempt_is_told_again_when_it_ends_by_itself),
        IN_DOCKET(what_another_one_covers_stays_exempt),
        IN_DOCKET(that_one_covers_more_is_told_once),
        IN_DOCKET(that_one_covers_nothing_any_more_is_told_once_each_time),
        IN_DOCKET(a_clock_that_is_set_back_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
