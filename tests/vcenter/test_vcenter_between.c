/* What happens between the two readings of a full scan: what stands around the machines, then the filter's first set of
 * updates. Changes that fall between them are told by no later update. */
#include "watcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void what_falls_between_is_seen_by_the_next_scan(void **state)
{
    static const char *const tricks[] = { "renamed-meanwhile", "left-meanwhile" };
    struct err err = ERR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        struct vcfleet *fleet = vcfleet_start_hostile(tricks[i], 0, &err);
        struct watcher watcher;

        if (fleet == NULL)
            fail_msg("%s", err.text);
        watcher_begin(&watcher, fleet);
        watcher_scan(&watcher, COMPLETE);
        watcher_scan(&watcher, 0);
        watcher_compare(&watcher);
        watcher_scan(&watcher, DELTA);
        watcher_end(&watcher);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_falls_between_is_seen_by_the_next_scan),
    };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
