/* Maintenance windows in the configuration: what is right, what is wrong, and what is only doubtful. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "yard.h"

#include "zone_file.h"

#include <string.h>

static const char targets[] =
    "targets = ( { name = \"c\"; plugin = \"file\"; hosts = [ \"a\", \"b\" ]; tags = [ \"t\" ]; } );\n";

/* The windows stand from line 2 on. */
static void load(const char *windows)
{
    struct str text = STR_EMPTY;

    str_format(&text, "%smaintenance = ( %s );", targets, windows);
    yard_load(str_text(&text));
    str_finish(&text);
}

static void a_weekly_window_is_read(void **state)
{
    const struct config_maintenance *window;

    (void)state;
    load(
        "{ name = \"w\"; targets = [ \"c\", \"c/A\" ]; tags = [ \"t\" ]; days = [ \"sat\", \"sun\", \"sat\" ]; begin = "
        "\"22:05\"; end = \"04:00\"; zone = \"Europe/Amsterdam\"; }");
    yard_loads();
    yard_count_warnings(0);
    assert_int_equal(yard.config->maintenances.count, 1);
    window = &yard.config->maintenances.items[0];
    assert_string_equal(window->name, "w");
    assert_int_equal(window->targets.count, 2);
    assert_string_equal(window->targets.words[1], "c/A");
    assert_string_equal(window->tags.words[0], "t");
    assert_true(window->weekly);
    assert_int_equal(window->days, 0x41);
    assert_int_equal(window->begin_minute, 22 * 60 + 5);
    assert_int_equal(window->minutes, 5 * 60 + 55);
    assert_string_equal(window->zone.name, "Europe/Amsterdam");
    assert_memory_equal(window->zone.bytes, "TZif", 4);
    assert_true(window->zone.size > 1000 || memchr(window->zone.bytes, ',', window->zone.size) != NULL);
}

static void one_that_happens_once_is_read(void **state)
{
    const struct config_maintenance *window;

    (void)state;
    load("{ name = \"o\"; from = \"2028-02-29 18:30\"; until = \"2999-12-31 23:59\"; }");
    yard_loads();
    yard_count_warnings(0);
    window = &yard.config->maintenances.items[0];
    assert_false(window->weekly);
    assert_null(window->zone.name);
    assert_null(window->zone.bytes);
    assert_int_equal(window->targets.count + window->tags.count, 0);
    assert_true(window->from.year == 2028 && window->from.month == 2 && window->from.day == 29);
    assert_true(window->from.hour == 18 && window->from.minute == 30 && window->from.second == 0);
    assert_true(window->until.year == 2999 && window->until.minute == 59);
}

static void it_may_last_a_day(void **state)
{
    static const struct {
        const char *begin, *end;
        int minutes;
    } cases[] = { { "00:00", "24:00", 1440 }, { "12:00", "24:00", 720 }, { "12:00", "00:00", 720 },
                  { "12:00", "11:59", 1439 }, { "23:59", "24:00", 1 },   { "00:00", "00:01", 1 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = STR_EMPTY;

        str_format(&text, "{ name = \"w\"; days = [ \"mon\" ]; begin = \"%s\"; end = \"%s\"; }", cases[i].begin,
                   cases[i].end);
        load(str_text(&text));
        yard_loads();
        assert_int_equal(yard.config->maintenances.items[0].minutes, cases[i].minutes);
        str_finish(&text);
    }
}

static void what_is_wrong_is_told(void **state)
{
    static const struct {
        const char *keys, *why;
    } wrong[] = {
        { "", "has either days, begin and end, or from and until" },
        { "days = [ \"sat\" ]; begin = \"22:00\";", "has either days, begin and end" },
        { "days = [ \"sat\" ]; end = \"22:00\";", "has either days, begin and end" },
        { "begin = \"22:00\"; end = \"23:00\";", "has either days, begin and end" },
        { "from = \"2999-01-01 00:00\";", "has either days, begin and end" },
        { "until = \"2999-01-01 00:00\";", "has either days, begin and end" },
        { "days = [ \"sat\" ]; begin = \"22:00\"; end = \"23:00\"; from = \"2999-01-01 00:00\"; until = \"2999-01-01 "
          "00:01\";",
          "has either days, begin and end" },
        { "days = [ ]; begin = \"22:00\"; end = \"23:00\";", "days: an empty list" },
        { "days = [ \"saturday\" ]; begin = \"22:00\"; end = \"23:00\";", "is none of sun, mon" },
        { "days = [ \"sat\" ]; begin = \"22:00\"; end = \"22:00\";", "ends when it begins; for whole days" },
        { "days = [ \"sun\", \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\" ]; begin = \"00:00\"; end = "
          "\"24:00\";",
          "never closes" },
        { "days = [ \"sat\" ]; begin = \"24:00\"; end = \"22:00\";", "\"24:00\" is no time of the day" },
        { "days = [ \"sat\" ]; begin = \"10pm\"; end = \"22:00\";", "\"10pm\" is no time of the day" },
        { "days = [ \"sat\" ]; begin = \"9:00\"; end = \"22:00\";", "two digits each" },
        { "days = [ \"sat\" ]; begin = \"09:60\"; end = \"22:00\";", "\"09:60\" is no time" },
        { "days = [ \"sat\" ]; begin = \"09:00\"; end = \"24:01\";", "\"24:00\" is the end of the day" },
        { "days = [ \"sat\" ]; begin = \"09:00:00\"; end = \"22:00\";", "\"09:00:00\" is no time" },
        { "days = [ \"sat\" ]; begin = 9; end = \"22:00\";", "a time of the day in quotes" },
        { "from = \"2999-02-29 18:00\"; until = \"2999-12-31 23:59\";", "\"2999-02-29 18:00\" is no day and time" },
        { "from = \"2999-02-28 24:00\"; until = \"2999-12-31 23:59\";", "is no day and time" },
        { "from = \"2999-02-28T18:00\"; until = \"2999-12-31 23:59\";", "is no day and time" },
        { "from = \"2999-02-28 18:00Z\"; until = \"2999-12-31 23:59\";", "is no day and time" },
        { "from = \"\"; until = \"2999-12-31 23:59\";", "is no day and time" },
        { "from = \"2999-02-28 18:00\"; until = \"2999-02-28 18:00\";", "ends before it begins, or when it does" },
        { "from = \"2999-02-28 18:00\"; until = \"2998-02-28 18:00\";", "ends before it begins" },
        { "from = \"2027-03-28 02:10\"; until = \"2027-03-28 02:50\"; zone = \"Europe/Amsterdam\";",
          "or when it does" },
        { "targets = [ ]; from = \"2999-02-28 18:00\"; until = \"2999-03-01 00:00\";", "an empty list" },
        { "when = \"later\"; from = \"2999-02-28 18:00\"; until = \"2999-03-01 00:00\";", "when" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str text = STR_EMPTY;

        str_format(&text, "{ name = \"w\"; %s }", wrong[i].keys);
        load(str_text(&text));
        if (yard.config != NULL)
            fail_msg("%s is taken", wrong[i].keys);
        yard_has(2, wrong[i].why);
        yard_count(1);
        str_finish(&text);
    }
}

static void a_zone_that_is_none_is_told_at_its_line(void **state)
{
    static const struct {
        const char *zone, *why;
    } wrong[] = {
        { "Europe/Amsterdm", "there is no time zone \"Europe/Amsterdm\"; the nearest is \"Europe/Amsterdam\"" },
        { "CEST", "there is no time zone \"CEST\"; name one of those in /usr/share/zoneinfo" },
        { "Europe", "there is no time zone \"Europe\"" },
        { "Europe/Amsterdam/x", "there is no time zone" },
        { "../../../etc/passwd", "there is no time zone" },
        { "/etc/localtime", "there is no time zone" },
        { "Europe//Amsterdam", "there is no time zone" },
        { "Europe/", "there is no time zone" },
        { "Europe/Amsterdam.", "there is no time zone" },
        { "%s%n", "there is no time zone \"%s%n\"" },
        { "", "it is empty" },
        { "zone.tab", "there is no time zone" },
        { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "there is no time zone" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct str text = STR_EMPTY;

        str_format(&text, "{ name = \"w\"; days = [ \"sat\" ]; begin = \"22:00\"; end = \"23:00\";\nzone = \"%s\"; }",
                   wrong[i].zone);
        load(str_text(&text));
        assert_null(yard.config);
        yard_has(3, wrong[i].why);
        yard_count(1);
        str_finish(&text);
    }
}

/* Something of the folder that is no zone. */
static void a_file_that_is_no_zone_is_refused(void **state)
{
    struct zone_file file;
    struct arena arena;
    struct err err;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    assert_false(zone_file_read(&file, "leapseconds", &arena, &err));
    assert_non_null(strstr(err.text, ZONE_FILE_FOLDER "/leapseconds: "));
    assert_non_null(strstr(err.text, "no file of a time zone"));
    assert_true(zone_file_read(&file, "Etc/GMT+12", &arena, &err));
    assert_int_equal(zone_local(file.zone, 0).day, 31);
    arena_finish(&arena);
}

static void what_is_doubtful_is_warned_of(void **state)
{
    (void)state;
    load("{ name = \"w\"; targets = [ \"d\", \"x*\", \"C\" ]; tags = [ \"u\" ]; from = \"1999-12-31 18:00\"; until = "
         "\"2000-01-01 06:00\"; }");
    yard_loads();
    yard_warns(2, "the window is over; take it out");
    yard_warns(2, "targets: there is no target \"d\"");
    yard_warns(2, "tags: no target has the tag \"u\"");
    yard_count_warnings(3);
}

static void two_of_a_name_are_told(void **state)
{
    (void)state;
    load("{ name = \"w\"; from = \"2999-02-28 18:00\"; until = \"2999-03-01 00:00\"; },\n{ name = \"w\"; from = "
         "\"2999-02-28 18:00\"; until = \"2999-03-01 00:00\"; }");
    yard_has(3, "a maintenance window \"w\" is already at ");
    yard_count(1);
}

static void there_may_be_a_hundred(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    for (int i = 0; i < CONFIG_MAX_WINDOWS; i++)
        str_format(&text, "%s{ name = \"w%d\"; days = [ \"sat\" ]; begin = \"22:00\"; end = \"23:00\"; }",
                   i == 0 ? "" : ",\n", i);
    load(str_text(&text));
    yard_loads();
    str_add(&text, ",\n{ name = \"more\"; days = [ \"sat\" ]; begin = \"22:00\"; end = \"23:00\"; }");
    load(str_text(&text));
    yard_has(102, "more than 100 maintenance windows");
    yard_count(1);
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_weekly_window_is_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(one_that_happens_once_is_read, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(it_may_last_a_day, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_told, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(a_zone_that_is_none_is_told_at_its_line, yard_open, yard_close),
        cmocka_unit_test(a_file_that_is_no_zone_is_refused),
        cmocka_unit_test_setup_teardown(what_is_doubtful_is_warned_of, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(two_of_a_name_are_told, yard_open, yard_close),
        cmocka_unit_test_setup_teardown(there_may_be_a_hundred, yard_open, yard_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
