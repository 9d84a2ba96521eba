#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shelf.h"

#include "report_row.h"

static const char rows[] = "SELECT name || ' ' || known_at || ' ' || coalesce(made_at, '-') || ' ' || files || ' ' ||"
                           " coalesce(failed_at, '-') || ' ' || message FROM report ORDER BY name";
static const char events[] = "SELECT what || ' ' || subject || ' ' || state || ' ' || detail FROM event ORDER BY id";

static void know(struct shelf *shelf, struct report_row *list, size_t count, int64_t now)
{
    if (!report_row_know(shelf->store, list, count, now, &shelf->err))
        fail_msg("%s", shelf->err.text);
}

static void settle(struct shelf *shelf, const struct report_outcome *outcome, int64_t now)
{
    if (!report_row_settle(shelf->store, outcome, now, &shelf->err))
        fail_msg("%s", shelf->err.text);
}

static void a_report_is_known_since_it_was_configured(void **state)
{
    struct report_row both[] = { { .name = "weekly" }, { .name = "o'clock" } };
    struct shelf *shelf = *state;

    shelf_store(shelf);
    know(shelf, both, 1, 100);
    know(shelf, both, 2, 200);
    assert_int_equal(both[0].known_at, 100);
    assert_int_equal(both[0].made_at, 0);
    assert_int_equal(both[1].known_at, 200);
    know(shelf, both + 1, 1, 300); /* the other is not configured any more */
    assert_string_equal(shelf_rows(shelf, rows), "o'clock 200 - [] - ");
    know(shelf, both, 2, 400);
    assert_int_equal(both[0].known_at, 400);
    know(shelf, NULL, 0, 500);
    assert_string_equal(shelf_rows(shelf, rows), "");
}

static void one_that_was_written_is_told_by_file(void **state)
{
    static const char *const files[] = { "/a/weekly-2026-11-23.html", "/a/\"q\".csv" };
    static const char *const formats[] = { "html", "csv" };
    struct report_row row = { .name = "weekly" };
    struct shelf *shelf = *state;

    shelf_store(shelf);
    know(shelf, &row, 1, 100);
    settle(shelf,
           &(struct report_outcome){ .name = "weekly", .at = 200, .files = files, .formats = formats, .count = 2 },
           210);
    assert_string_equal(shelf_rows(shelf, rows),
                        "weekly 100 200 [\"/a/weekly-2026-11-23.html\",\"/a/\\\"q\\\".csv\"] - ");
    assert_string_equal(shelf_rows(shelf, events),
                        "report.ready report weekly.html * "
                        "{\"file\":\"/a/weekly-2026-11-23.html\",\"report\":\"weekly\",\"format\":\"html\"} "
                        "report.ready report weekly.csv * "
                        "{\"file\":\"/a/\\\"q\\\".csv\",\"report\":\"weekly\",\"format\":\"csv\"}");
    know(shelf, &row, 1, 300);
    assert_int_equal(row.known_at, 100);
    assert_int_equal(row.made_at, 200);
}

static void one_that_failed_keeps_what_was_before(void **state)
{
    static const char *const files[] = { "/a.html" }, *const formats[] = { "html" };
    const struct report_outcome good = { .name = "weekly", .at = 200, .files = files, .formats = formats, .count = 1 };
    struct report_row row = { .name = "weekly" };
    struct shelf *shelf = *state;

    shelf_store(shelf);
    know(shelf, &row, 1, 100);
    settle(shelf, &good, 210);
    settle(shelf, &(struct report_outcome){ .name = "weekly", .at = 300, .message = "the disk is full" }, 310);
    settle(shelf, &(struct report_outcome){ .name = "weekly", .at = 400, .message = "it is still full" }, 410);
    assert_string_equal(shelf_rows(shelf, rows), "weekly 100 200 [\"/a.html\"] 300 it is still full");
    assert_string_equal(shelf_rows(shelf, "SELECT count(*) FROM event"), "1");
    settle(shelf, &good, 510);
    assert_string_equal(shelf_rows(shelf, rows), "weekly 100 200 [\"/a.html\"] - ");
    assert_string_equal(shelf_rows(shelf, "SELECT count(*) FROM event"), "2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_is_known_since_it_was_configured, shelf_open, shelf_close),
        cmocka_unit_test_setup_teardown(one_that_was_written_is_told_by_file, shelf_open, shelf_close),
        cmocka_unit_test_setup_teardown(one_that_failed_keeps_what_was_before, shelf_open, shelf_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
