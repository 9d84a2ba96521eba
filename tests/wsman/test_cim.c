#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cim.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An instance with one property, of that text. */
#define HOLDING(text)                                                                                                  \
    (&(struct cim_instance){                                                                                           \
        .class = "", .properties = &(struct cim_property){ "Value", (const char *const[]){ text }, 1 }, .count = 1 })

static void a_property_is_found_by_its_name_in_any_case(void **state)
{
    static const char *const texts[] = { "de-DE", "en-US" }, *const empty[] = { "" };
    static const struct cim_property properties[] = { { "MUILanguages", texts, 2 },
                                                      { "CSDVersion", NULL, 0 },
                                                      { "Description", empty, 1 } };
    const struct cim_instance instance = { "Win32_OperatingSystem", properties, 3 };
    int64_t number = 7;
    bool truth = true;
    char text[CIM_TIME_SIZE] = "before";

    (void)state;
    assert_ptr_equal(cim_property(&instance, "MUILanguages"), &properties[0]);
    assert_ptr_equal(cim_property(&instance, "muilanguages"), &properties[0]);
    assert_string_equal(cim_text(&instance, "MUILANGUAGES"), "de-DE");
    assert_string_equal(cim_text(&instance, "Description"), "");
    assert_ptr_equal(cim_property(&instance, "CSDVersion"), &properties[1]);
    assert_null(cim_text(&instance, "CSDVersion"));
    assert_null(cim_property(&instance, "MUILanguage"));
    assert_null(cim_text(&instance, ""));
    assert_false(cim_int(&instance, "CSDVersion", &number) || cim_int(&instance, "nothing", &number));
    assert_false(cim_bool(&instance, "CSDVersion", &truth) || cim_bool(&instance, "nothing", &truth));
    assert_false(cim_time(&instance, "CSDVersion", text) || cim_time(&instance, "nothing", text));
    assert_int_equal(number, 7);
    assert_true(truth);
    assert_string_equal(text, "before");
}

static void whole_numbers_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t number;
    } good[] = {
        { "0", 0 },
        { "4000785096704", 4000785096704 },
        { "-1", -1 },
        { "+7", 7 },
        { " 007\n", 7 },
        { "9223372036854775807", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
    };
    static const char *const bad[] = {
        "", " ", "-", "+", "1.0", "0x10", "1 2", "9223372036854775808", "1e3", "18446744073709551615"
    };
    int64_t number;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(cim_int(HOLDING(good[i].text), "value", &number));
        assert_int_equal(number, good[i].number);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (cim_int(HOLDING(bad[i]), "value", &number))
            fail_msg("\"%s\" is %lld", bad[i], (long long)number);
}

static void truths_are_read_in_any_case(void **state)
{
    static const char *const yes[] = { "true", "TRUE", "True", "1", " true\n" };
    static const char *const no[] = { "false", "FALSE", "False", "0" };
    static const char *const bad[] = { "", "yes", "2", "tru", "truee", "t rue", "-1" };
    bool truth;

    (void)state;
    for (size_t i = 0; i < COUNT(yes); i++)
        assert_true(cim_bool(HOLDING(yes[i]), "value", &truth) && truth);
    for (size_t i = 0; i < COUNT(no); i++)
        assert_true(cim_bool(HOLDING(no[i]), "value", &truth) && !truth);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(cim_bool(HOLDING(bad[i]), "value", &truth));
}

static void datetimes_are_read_in_every_spelling(void **state)
{
    static const char *const times[][2] = {
        { "2018-03-01T12:00:00Z", "2018-03-01T12:00:00Z" },
        { "2018-03-01T12:00:00", "2018-03-01T12:00:00Z" },
        { " 2018-03-01T12:00:00Z\n", "2018-03-01T12:00:00Z" },
        { "2013-04-15T16:28:43.488171Z", "2013-04-15T16:28:43Z" },
        { "2013-04-15T16:28:39.5Z", "2013-04-15T16:28:39Z" },
        { "2020-01-02T03:04:05+01:00", "2020-01-02T02:04:05Z" },
        { "2026-11-01T02:03:04.500000-08:30", "2026-11-01T10:33:04Z" },
        { "2020-01-01T00:30:00+14:00", "2019-12-31T10:30:00Z" },
        { "2020-02-28T23:30:00-01:00", "2020-02-29T00:30:00Z" },
        { "2019-02-28T23:30:00-01:00", "2019-03-01T00:30:00Z" },
        { "2000-02-29T00:00:00-00:00", "2000-02-29T00:00:00Z" },
        { "2018-12-31T24:00:00Z", "2019-01-01T00:00:00Z" },
        { "2018-03-01", "2018-03-01T00:00:00Z" },
        { "2018-03-01Z", "2018-03-01T00:00:00Z" },
        { "2018-03-01+02:00", "2018-02-28T22:00:00Z" },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
        { "1601-01-01T00:00:00Z", "1601-01-01T00:00:00Z" },
        { "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z" },
        { "20180301130000.500000+060", "2018-03-01T12:00:00Z" },
        { "20180301120000.000000-000", "2018-03-01T12:00:00Z" },
        { "20180301120000.******+***", "2018-03-01T12:00:00Z" },
        { "20180301120000.******-***", "2018-03-01T12:00:00Z" },
        { "20180301000000.000000-480", "2018-03-01T08:00:00Z" },
        { "20180301120000+000", "2018-03-01T12:00:00Z" },
        { "00010101000000.000000+000", "0001-01-01T00:00:00Z" },
    };
    char text[CIM_TIME_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(times); i++) {
        if (!cim_time(HOLDING(times[i][0]), "value", text))
            fail_msg("\"%s\" is not read", times[i][0]);
        assert_string_equal(text, times[i][1]);
    }
}

static void assert_no_times(const char *const *others, size_t count)
{
    char text[CIM_TIME_SIZE];

    for (size_t i = 0; i < count; i++)
        if (cim_time(HOLDING(others[i]), "value", text))
            fail_msg("\"%s\" is %s", others[i], text);
}

static void what_is_no_datetime_is_not_read(void **state)
{
    static const char *const others[] = {
        "",
        " ",
        "never",
        "12:00:00",
        "T12:00:00Z",
        "2018",
        "2018-03",
        "2018-3-1",
        "2018-03-01T",
        "2018-03-01T12:00",
        "2018-03-01T12:00:00z",
        "2018-03-01t12:00:00Z",
        "2018-03-01 12:00:00Z",
        "2018-03-01T12:00:00.Z",
        "2018-03-01T12:00:00,5Z",
        "2018-03-01T12:00:00ZZ",
        "2018-03-01T12:00:00Z x",
        "2018-03-01T12:00:00+1:00",
        "2018-03-01T12:00:00+0100",
        "2018-03-01T12:00:00+15:00",
        "2018-03-01T12:00:00+01:60",
        "2018-03-01T12:00:00+",
        /* intervals */
        "P0DT0H1M40S",
        "PT1S",
        "-P1D",
        "00000000000140.000000:000",
        "99999999235959.999999:000",
        /* CIM's with parts that are not known, and cut off */
        "2018030112****.******+***",
        "20180301120000.000000",
        "20180301120000.000000+00",
        "20180301120000.000000+0000",
        "20180301120000.000000 000",
        "20180301120000.000000+0*0",
        "20180301120000.+000",
        "20180301120000.000000+",
        "20180301120000.000000+**",
        "0180301120000.000000+000",
        /* what a file time in hex looks like, and other tables' dates */
        "01d3b1a5c0a80000",
        "3/1/2018",
        "01.03.2018",
    };

    (void)state;
    assert_no_times(others, COUNT(others));
    assert_false(cim_time_read(NULL, (char[CIM_TIME_SIZE]){ "" }));
}

static void times_that_do_not_exist_are_not_read(void **state)
{
    static const char *const others[] = {
        "0000-01-01T00:00:00Z",
        "0000-12-31T23:30:00-01:00",
        "2018-00-01T00:00:00Z",
        "2018-13-01T00:00:00Z",
        "2018-01-00T00:00:00Z",
        "2018-01-32T00:00:00Z",
        "2019-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2018-04-31T00:00:00Z",
        "2018-01-01T25:00:00Z",
        "2018-01-01T24:00:01Z",
        "2018-01-01T24:01:00Z",
        "2018-01-01T00:60:00Z",
        "2018-01-01T00:00:60Z",
        "20190229000000.000000+000",
        "20181301000000.000000+000",
        /* beyond the years that have a text */
        "-0044-03-15T00:00:00Z",
        "12018-03-01T12:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "00010101000000.000000+001",
    };

    (void)state;
    assert_no_times(others, COUNT(others));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_property_is_found_by_its_name_in_any_case),
        cmocka_unit_test(whole_numbers_are_read),
        cmocka_unit_test(truths_are_read_in_any_case),
        cmocka_unit_test(datetimes_are_read_in_every_spelling),
        cmocka_unit_test(what_is_no_datetime_is_not_read),
        cmocka_unit_test(times_that_do_not_exist_are_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
