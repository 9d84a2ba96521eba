#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules_report.h"

#include <string.h>

static void what_is_given_is_copied(void **state)
{
    static const char *const formats[] = { "html", "csv" };
    char name[] = "weekly", folder[] = "/reports", owner[] = "db*";
    struct config config = { .reports = VEC_EMPTY };
    const struct report_order *order;
    struct report_orders orders;
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    vec_push(&config.reports, (struct config_report){ .name = name,
                                                      .every = REPORT_MONTHLY,
                                                      .day = 31,
                                                      .minute = 360,
                                                      .formats = { formats, 2 },
                                                      .folder = folder,
                                                      .keep = 7,
                                                      .owner = owner });
    vec_push(&config.reports, (struct config_report){ .name = "other",
                                                      .formats = { formats, 1 },
                                                      .folder = "/",
                                                      .title = "t",
                                                      .site = "s",
                                                      .server = "v",
                                                      .workload = "sql" });
    orders = rules_report_list(&config, &arena);
    vec_finish(&config.reports);
    memset(name, 'x', sizeof name - 1);
    memset(folder, 'x', sizeof folder - 1);
    memset(owner, 'x', sizeof owner - 1);
    assert_int_equal(orders.count, 2);
    order = report_orders_find(&orders, "weekly");
    assert_non_null(order);
    assert_true(order->plan.every == REPORT_MONTHLY && order->plan.day == 31 && order->plan.minute == 360);
    assert_ptr_equal(order->plan.zone, zone_utc);
    assert_int_equal(order->formats.count, 2);
    assert_string_equal(order->formats.words[1], "csv");
    assert_string_equal(order->folder, "/reports");
    assert_int_equal(order->keep, 7);
    assert_string_equal(order->owner, "db*");
    assert_null(order->title);
    order = report_orders_find(&orders, "other");
    assert_non_null(order);
    assert_string_equal(order->title, "t");
    assert_string_equal(order->site, "s");
    assert_string_equal(order->server, "v");
    assert_string_equal(order->workload, "sql");
    assert_null(order->owner);
    assert_null(report_orders_find(&orders, "none"));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_is_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
