/* The host on good days: scans, options, drain, cancel. */
#include "client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_scan_comes_back_whole(void **state)
{
    struct client client;
    struct err err = ERR_EMPTY;
    struct scan *scan;

    (void)state;
    if (!client_start(&client, SPECIMENS "/ok.so", NULL, &err))
        fail_msg("%s", err.text);
    assert_string_equal(client.name, "ok");
    assert_int_equal(client.options, 3);
    scan = client_scan(&client, RUN_SCAN, &usual_order, NULL, 0);
    assert_true(client_wait(&client, scan));
    if (!scan->outcome.good)
        fail_msg("%s", scan->outcome.err.text);
    assert_int_equal(scan->received.items, 3);
    assert_int_equal(scan->outcome.completeness, COMPLETE);
    assert_string_equal(scan->note, "all is well");
    assert_null(client_stop(&client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_comes_back_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
