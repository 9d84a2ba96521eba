/* Many scans at a time, good and bad ones, and what each cost. */
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MANY 300

static struct client client;
static struct scan *scans[MANY];

static void three_hundred_scans_are_in_flight_at_once(void **state)
{
    const struct client_option count = { "count", "100" };

    (void)state;
    trial_start(&client, "ok", NULL);
    for (size_t i = 0; i < MANY; i++)
        scans[i] = client_order(&client, &usual_order);
    for (size_t i = 0; i < MANY; i++)
        assert_true(client_request(scans[i], RUN_SCAN, &count, 1));
    assert_true(client_wait_all(&client));
    for (size_t i = 0; i < MANY; i++) {
        trial_is_good(&client, scans[i]);
        assert_int_equal(scans[i]->received.items, 100);
    }
    trial_stop(&client);
}

/* Every other one crashes. */
static void good_ones_come_through_among_bad_ones(void **state)
{
    const struct client_option well = { "well", "yes" };

    (void)state;
    trial_start(&client, "segfault", NULL);
    for (size_t i = 0; i < MANY; i++)
        scans[i] = client_scan(&client, RUN_SCAN, &usual_order, &well, i % 2);
    for (size_t i = 0; i < MANY; i++) {
        if (i % 2 == 1)
            trial_is_good(&client, scans[i]);
        else
            trial_is_bad(&client, scans[i], ERR_BUG, "died of signal 11");
    }
    trial_stop(&client);
}

static void what_a_scan_cost_is_told(void **state)
{
    const struct message_order order = { .deadline_ms = 60000, .memory_mb = 256, .cpu_s = 1 };
    struct scan *scan;

    (void)state;
    trial_start(&client, "spin", NULL);
    scan = client_scan(&client, RUN_SCAN, &order, NULL, 0);
    trial_is_bad(&client, scan, ERR_BUG, "used up its processor time");
    assert_in_range(scan->exit.cpu_us, 500000, 5000000);
    assert_in_range(scan->exit.peak_kb, 100, 10000000);
    assert_true(scan->exit.wall_ms >= 500);
    trial_stop(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(three_hundred_scans_are_in_flight_at_once, trial_end),
        cmocka_unit_test_teardown(good_ones_come_through_among_bad_ones, trial_end),
        cmocka_unit_test_teardown(what_a_scan_cost_is_told, trial_end),
    };

    return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
