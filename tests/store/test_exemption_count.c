/* How many open findings an exemption covers: each once, whatever its kind, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exempting.h"

/* Two machines of a version that mabs-v1 does not list, two that it does not protect and whose support has ended. */
static void fill_keys(struct docket *docket)
{
    charter_use(&docket->charter, "mabs-v1");
    charter_support(&docket->charter, "Windows Server 2008 SP2", 1000);
    docket_machine(docket, "new1", W2016);
    docket_machine(docket, "new2", W2016);
    docket_machine(docket, "old1", W2008);
    docket_machine(docket, "old2", W2008);
    docket_scan(docket);
    assert_string_equal(world_text(docket->world, "SELECT group_concat(line, ', ') FROM (SELECT kind || ' ' ||"
                                                  " count(*) AS line FROM finding WHERE state = 'open' GROUP BY kind)"),
                        "lifecycle 1, unlisted 1, verdict 2");
}

static int64_t covered(struct docket *docket, const struct exemption_selector *selector)
{
    const struct exemption_wish wish = { .selector = *selector, .reason = "r", .until_at = docket->world->now + DAY };

    return make(docket, &wish).covered;
}

#define COVERED(...) covered(docket, &(struct exemption_selector){ __VA_ARGS__ })

static void each_is_counted_once(void **state)
{
    struct docket *docket = *state;

    fill_keys(docket);
    assert_int_equal(COVERED(.name = "*"), 4);
    assert_int_equal(COVERED(.name = "new*"), 1);
    assert_int_equal(COVERED(.name = "new1"), 1);
    assert_int_equal(COVERED(.name = "old*"), 3);
    assert_int_equal(COVERED(.asset = asset(docket, "old1")), 2);
    assert_int_equal(COVERED(.name = "none*"), 0);
}

static void an_older_one_takes_nothing_from_a_newer_one(void **state)
{
    struct docket *docket = *state;

    fill_keys(docket);
    assert_int_equal(COVERED(.version = "*"), 4);
    assert_int_equal(COVERED(.workload = "server"), 4);
}

static void what_is_over_is_not_counted(void **state)
{
    struct docket *docket = *state;

    fill_keys(docket);
    docket_machine(docket, "old1", W2008);
    docket_scan(docket);
    assert_int_equal(COVERED(.name = "*"), 2);
}

static void what_is_ruled_to_be_fine_is_not_counted(void **state)
{
    struct docket *docket = *state;
    struct rejudge_result total;

    fill_keys(docket);
    charter_ruling(&docket->charter, ANSWER_YES);
    docket_rejudge(docket, 100, false, &total);
    assert_int_equal(world_number(docket->world, "SELECT count(*) FROM finding WHERE kind = 'unlisted' AND"
                                                 " state = 'open'"),
                     0);
    assert_int_equal(COVERED(.name = "new*"), 0);
}

#define IN_DOCKET(test) cmocka_unit_test_setup_teardown(test, docket_open, docket_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DOCKET(each_is_counted_once),
        IN_DOCKET(an_older_one_takes_nothing_from_a_newer_one),
        IN_DOCKET(what_is_over_is_not_counted),
        IN_DOCKET(what_is_ruled_to_be_fine_is_not_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
