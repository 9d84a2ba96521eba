/* Reports in the configuration: what is right, what is wrong, and what is only doubtful. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "yard.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The reports stand in line 1, in a folder that is fit for them. */
static void load(const char *reports)
{
    struct str text = STR_EMPTY;

    mkdir(yard_path("out"), 0755);
    str_format(&text, "reports = ( %s );", reports);
    yard_load(str_text(&text));
    str_finish(&text);
}

static const struct config_report *only(void)
{
    yard_loads();
    assert_int_equal(yard.config->reports.count, 1);
    return &yard.config->reports.items[0];
}

static void a_report_is_read_with_all_its_keys(void **state)
{
    const struct config_report *report;

    (void)state;
    load("{ name = \"weekly.a-1_x\"; every = \"1w\"; at = \"Mon 06:05\"; zone = \"Europe/Amsterdam\"; formats = [ "
         "\"html\", \"csv\", \"json\", \"junit\" ]; folder = \"out\"; keep = 3; title = \"All of it\"; owner = "
         "\"db*\"; site = "
         "\"*\"; server = \"m?bs\"; workload = \"sql\"; }");
    report = only();
    yard_count_warnings(1); /* there are no targets */
    assert_string_equal(report->name, "weekly.a-1_x");
    assert_int_equal(report->every, REPORT_WEEKLY);
    assert_int_equal(report->day, 1);
    assert_int_equal(report->minute, 6 * 60 + 5);
    assert_string_equal(report->zone.name, "Europe/Amsterdam");
    assert_memory_equal(report->zone.bytes, "TZif", 4);
    assert_int_equal(report->formats.count, 4);
    assert_string_equal(report->formats.words[3], "junit");
    assert_string_equal(report->folder, yard_path("out"));
    assert_int_equal(report->keep, 3);
    assert_string_equal(report->title, "All of it");
    assert_string_equal(report->owner, "db*");
    assert_string_equal(report->site, "*");
    assert_string_equal(report->server, "m?bs");
    assert_string_equal(report->workload, "sql");
}

static void little_has_to_be_said(void **state)
{
    const struct config_report *report;

    (void)state;
    load("{ name = \"r\"; every = \"1d\"; at = \"23:59\"; folder = \"out\"; }");
    report = only();
    yard_count_warnings(1); /* there are no targets */
    assert_int_equal(report->every, REPORT_DAILY);
    assert_int_equal(report->minute, 1439);
    assert_null(report->zone.name);
    assert_int_equal(report->formats.count, 1);
    assert_string_equal(report->formats.words[0], "html");
    assert_int_equal(report->keep, 12);
    assert_null(report->title);
    assert_null(report->owner);
}

static void days_are_written_in_several_ways(void **state)
{
    static const struct {
        const char *every, *at;
        int day;
    } cases[] = { { "1w", "sun 00:00", 0 },
                  { "1w", "SAT 00:00", 6 },
                  { "1month", "1 00:00", 1 },
                  { "1month", "01 00:00", 1 },
                  { "1month", "31 00:00", 31 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = STR_EMPTY;

        str_format(&text, "{ name = \"r\"; every = \"%s\"; at = \"%s\"; folder = \"out\"; }", cases[i].every,
                   cases[i].at);
        load(str_text(&text));
        assert_int_equal(only()->day, cases[i].day);
        assert_int_equal(only()->minute, 0);
        str_finish(&text);
    }
}

static void what_is_wrong_is_told(void **state)
{
    static const struct {
        const char *keys, *why;
    } wrong[] = {
        { "name = \"r\"; every = \"2w\"; at = \"Mon 06:00\";", "is none of 1d, 1w, 1month" },
        { "name = \"r\"; every = \"1w\";", "at" },
        { "name = \"r\"; at = \"06:00\";", "every" },
        { "name = \"r\"; every = \"1w\"; at = \"06:00\";", "write it such as \"Mon 06:00\"" },
        { "name = \"r\"; every = \"1w\"; at = \"Monday 06:00\";", "\"Monday 06:00\" is no time of every = \"1w\"" },
        { "name = \"r\"; every = \"1w\"; at = \"Mon  06:00\";", "is no time" },
        { "name = \"r\"; every = \"1w\"; at = \"Mon 6:00\";", "is no time" },
        { "name = \"r\"; every = \"1w\"; at = \"Mon\";", "is no time" },
        { "name = \"r\"; every = \"1w\"; at = \"1 06:00\";", "is no time" },
        { "name = \"r\"; every = \"1d\"; at = \"Mon 06:00\";", "write it such as \"06:00\"" },
        { "name = \"r\"; every = \"1d\"; at = \"24:00\";", "is no time" },
        { "name = \"r\"; every = \"1month\"; at = \"0 06:00\";", "write it such as \"1 06:00\"" },
        { "name = \"r\"; every = \"1month\"; at = \"32 06:00\";", "is no time" },
        { "name = \"r\"; every = \"1month\"; at = \"-1 06:00\";", "is no time" },
        { "name = \"r\"; every = \"1month\"; at = \"99999999999999999999 06:00\";", "is no time" },
        { "name = \"r\"; every = \"1month\"; at = \"06:00\";", "is no time" },
        { "name = \"../r\"; every = \"1d\"; at = \"06:00\";", "cannot be part of a file's name" },
        { "name = \".r\"; every = \"1d\"; at = \"06:00\";", "cannot be part of a file's name" },
        { "name = \"a b\"; every = \"1d\"; at = \"06:00\";", "cannot be part of a file's name" },
        { "every = \"1d\"; at = \"06:00\";", "name" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; formats = [ ];", "an empty list" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; formats = [ \"pdf\" ];", "is none of html, json, csv" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; keep = 0;", "keep" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; workload = \"sqlserver\";", "workload" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; zone = \"Europe/Amsterdm\";",
          "the nearest is \"Europe/Amsterdam\"" },
        { "name = \"r\"; every = \"1d\"; at = \"06:00\"; where = \"x\";", "where" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str text = STR_EMPTY;

        str_format(&text, "{ %s folder = \"out\"; }", wrong[i].keys);
        load(str_text(&text));
        if (yard.config != NULL)
            fail_msg("%s is taken", wrong[i].keys);
        yard_has(1, wrong[i].why);
        yard_count(1);
        str_finish(&text);
    }
    load("{ name = \"r\"; every = \"1d\"; at = \"06:00\"; }");
    yard_has(1, "folder");
}

static void a_name_serves_once(void **state)
{
    (void)state;
    load("{ name = \"r\"; every = \"1d\"; at = \"06:00\"; folder = \"out\"; },\n{ name = \"r\"; every = \"1d\"; at = "
         "\"07:00\"; folder = \"out\"; }");
    yard_has(2, "a report \"r\" is already at");
    yard_count(1);
}

static void too_many_are_refused(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (int i = 0; i <= CONFIG_MAX_REPORTS; i++)
        str_format(&text, "%s{ name = \"r%d\"; every = \"1d\"; at = \"06:00\"; folder = \"out\"; }", i == 0 ? "" : ", ",
                   i);
    load(str_text(&text));
    yard_has(1, "more than 100 reports");
    str_finish(&text);
}

static void a_scope_of_nobody_and_a_folder_that_is_none_are_warned_of(void **state)
{
    (void)state;
    load("{ name = \"r\"; every = \"1d\"; at = \"06:00\"; folder = \"out\"; owner = \"nobody\"; },\n{ name = \"s\"; "
         "every = "
         "\"1d\"; at = \"06:00\"; folder = \"out\"; site = \"nowhere\"; },\n{ name = \"t\"; every = \"1d\"; at = "
         "\"06:00\"; "
         "folder = \"out\"; server = \"none\"; },\n{ name = \"u\"; every = \"1d\"; at = \"06:00\"; folder = "
         "\"missing\"; }");
    yard_loads();
    yard_warns(1, "no rule of assign gives the owner \"nobody\"");
    yard_warns(2, "no rule of assign gives the site \"nowhere\"");
    yard_warns(3, "there is no backup server \"none\"");
    yard_warns(4, "missing");
    chmod(yard_path("out"), 0777);
    yard_load("reports = ( { name = \"r\"; every = \"1d\"; at = \"06:00\"; folder = \"out\"; } );");
    yard_loads();
    yard_warns(1, "folder: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_is_read_with_all_its_keys, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(little_has_to_be_said, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(days_are_written_in_several_ways, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_told, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_name_serves_once, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(too_many_are_refused, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_scope_of_nobody_and_a_folder_that_is_none_are_warned_of, yard_open,
                                        yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
