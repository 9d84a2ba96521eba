/* Files of zones made by hand: rules that no place on Earth has, and bytes that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zone_testing.h"

#include "err.h"

#include <stdlib.h>
#include <time.h>

#define DAY INT64_C(86400)
#define YEAR (366 * DAY)

static struct zone_file file;

static const struct zone *read_file(struct arena *arena, struct err *err)
{
    return zone_read(file.bytes, file.size, arena, err);
}

static void refuse(const char *why)
{
    struct arena arena;
    struct err err = ERR_EMPTY;

    arena_init(&arena, ARENA_PLAIN);
    assert_null(read_file(&arena, &err));
    assert_int_equal(err.class, ERR_CONFIG);
    if (strstr(err.text, why) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, why);
    arena_finish(&arena);
}

/* -------------------------------------------------------------------------------------------------- the rules ---- */

static void compare_with_library(const char *rule)
{
    struct arena arena;
    struct err err = ERR_EMPTY;
    const struct zone *zone;

    arena_init(&arena, ARENA_PLAIN);
    zone_file_by_rule(&file, rule);
    zone = read_file(&arena, &err);
    if (zone == NULL)
        fail_msg("%s: %s", rule, err.text);
    setenv("TZ", rule, 1);
    tzset();
    for (int64_t second = 0; second < 28 * YEAR; second += 21601) {
        time_t time = (time_t)second;
        const struct zone_time ours = zone_local(zone, second * 1000);
        struct tm theirs;

        localtime_r(&time, &theirs);
        if (theirs.tm_mday != ours.day || theirs.tm_hour != ours.hour || theirs.tm_min != ours.minute ||
            theirs.tm_mon + 1 != ours.month || theirs.tm_year + 1900 != ours.year)
            fail_msg("%s at %lld: %d-%d %d:%d, the library says %d-%d %d:%d", rule, (long long)second, ours.month,
                     ours.day, ours.hour, ours.minute, theirs.tm_mon + 1, theirs.tm_mday, theirs.tm_hour,
                     theirs.tm_min);
    }
    arena_finish(&arena);
}

static void every_form_of_a_rule_means_what_the_library_says(void **state)
{
    static const char *const rules[] = {
        "UTC0",
        "<+0530>-5:30",
        "<-00>0",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "AAA3BBB,J60,J300",
        "AAA3BBB,J59/12,J60/12",
        "AAA-3BBB,59,300/1:30:30",
        "AAA+3:15:20BBB+1,60/-23,M12.4.6/25",
        "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "AAA12BBB,M1.2.1/0,M12.4.5/24",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        compare_with_library(rules[i]);
}

/* As RFC 8536 (3.3.1) has it, for a place that always has what others have in summer. */
static void a_summer_may_last_all_year(void **state)
{
    struct arena arena;
    const struct zone *zone;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    zone_file_by_rule(&file, "XXX3EDT4,0/0,J365/23");
    zone = read_file(&arena, NULL);
    assert_non_null(zone);
    for (int64_t second = 0; second < 4 * YEAR; second += 1800) {
        const struct zone_time ours = zone_local(zone, second * 1000);

        assert_int_equal(ours.hour, (second / 3600 + 20) % 24);
        assert_int_equal(zone_wall(zone, &ours), second * 1000);
    }
    arena_finish(&arena);
}

static void a_wrong_rule_is_refused_where_it_is_wrong(void **state)
{
    static const struct {
        const char *rule, *where;
    } wrong[] = {
        { "CET", "its byte 4 on" },
        { "CE-1", "its byte 3 on" },
        { "<CET-1", "its byte" },
        { "CET-25", "its byte" },
        { "CET-1:60", "its byte" },
        { "CET-1CEST", "its byte 10 on" },
        { "CET-1CEST,M3.5.0", "its byte 17 on" },
        { "CET-1CEST,M13.5.0,M10.5.0", "its byte" },
        { "CET-1CEST,M3.6.0,M10.5.0", "its byte" },
        { "CET-1CEST,M3.5.7,M10.5.0", "its byte" },
        { "CET-1CEST,J0,J1", "its byte" },
        { "CET-1CEST,366,1", "its byte" },
        { "CET-1CEST,M3.5.0/168,M10.5.0", "its byte" },
        { "CET-1CEST,M3.5.0,M10.5.0/3x", "its byte 27 on" },
        { "CET-1CEST,M3.5.0,M10.5.0/3333333333", "its byte" },
        { "\x80\xff\x01", "its byte 1 on" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        zone_file_by_rule(&file, wrong[i].rule);
        refuse(wrong[i].where);
    }
}

/* -------------------------------------------------------------------------------------------------- the bytes ---- */

static void a_file_of_version_1_is_read(void **state)
{
    struct arena arena;
    const struct zone *zone;

    (void)state;
    file.size = 0;
    zone_file_add_header(&file, '\0', 0, 2, 2);
    zone_file_add_32(&file, 1000000);
    zone_file_add_32(&file, 2000000);
    zone_file_add(&file, "\1\0", 2);
    zone_file_add_type(&file, 3600);
    zone_file_add_type(&file, -5400);
    zone_file_add(&file, "", 1);
    arena_init(&arena, ARENA_PLAIN);
    zone = read_file(&arena, NULL);
    assert_non_null(zone);
    assert_int_equal(zone_local(zone, 0).hour, 1);
    assert_int_equal(zone_local(zone, 999999999).hour, (999999 + 3600) / 3600 % 24);
    assert_int_equal(zone_local(zone, 1000000000).hour, (1000000 - 5400) / 3600 % 24);
    assert_int_equal(zone_local(zone, INT64_C(4000000000000)).hour, INT64_C(4000003600) / 3600 % 24);
    arena_finish(&arena);
}

static void times_before_1970_are_no_other(void **state)
{
    struct arena arena;
    const struct zone *zone;
    struct zone_time local;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    zone = zone_of_system("Europe/Amsterdam", &arena);
    assert_non_null(zone);
    local = zone_local(zone, -1);
    assert_int_equal(local.year, 1970);
    assert_int_equal(local.hour, 0);
    assert_int_equal(local.minute, 59);
    assert_int_equal(local.second, 59);
    assert_int_equal(zone_local(zone, INT64_C(-62135596800000)).year, 1);
    arena_finish(&arena);
}

/* A change of the version 1 file above, one thing wrong. */
static void a_file_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    file.size = 0;
    refuse("no file of a time zone");
    zone_file_add_header(&file, '\0', 0, 0, 0);
    zone_file_add(&file, "", 1);
    refuse("does not say what clocks show");
    file.size = 0;
    zone_file_add_header(&file, '\0', 0, 0xFFFFFFFF, 0xFFFFFFFF);
    refuse("cut off");
    file.size = 0;
    zone_file_add_header(&file, '\0', 0, 2, 1);
    zone_file_add(&file, "\0\0\0\5\0\0\0\5\0\0\0\0\0\0\0\0\0", 17);
    refuse("not in the order of time");
    file.bytes[44 + 7] = 6;
    file.bytes[44 + 8] = 1;
    refuse("something that is not there");
    file.size = 0;
    zone_file_add_header(&file, '\0', 0, 0, 1);
    zone_file_add_type(&file, 26 * 3600);
    zone_file_add(&file, "", 1);
    refuse("more than a day away");
    file.size = 0;
    zone_file_add_header(&file, '\0', 1, 0, 1);
    zone_file_add_type(&file, 0);
    zone_file_add(&file, "\0\0\0\0\0\0\0\0\0", 9);
    refuse("without \"right/\"");
    file.size = ZONE_MAX_BYTES + 1;
    refuse("more than 256 KiB");
}

static void a_file_that_is_cut_off_anywhere_is_refused(void **state)
{
    size_t whole;

    (void)state;
    assert_true(zone_file_load(&file, ZONES_OF_THE_SYSTEM "/Europe/Amsterdam"));
    for (whole = file.size; file.size > 0;) {
        file.size--;
        refuse("");
    }
    assert_true(whole > 1000);
}

/* Whatever is read of them shows some time, and finds it again. */
static void bytes_that_are_wrong_harm_nothing(void **state)
{
    static struct zone_file good;
    unsigned seed = 7;

    (void)state;
    assert_true(zone_file_load(&good, ZONES_OF_THE_SYSTEM "/Australia/Lord_Howe"));
    for (int round = 0; round < 3000; round++) {
        struct arena arena;
        const struct zone *zone;

        arena_init(&arena, ARENA_PLAIN);
        file = (struct zone_file){ .size = good.size };
        memcpy(file.bytes, good.bytes, good.size);
        for (int i = rand_r(&seed) % 8; i >= 0; i--)
            file.bytes[(size_t)rand_r(&seed) % file.size] = (unsigned char)rand_r(&seed);
        zone = read_file(&arena, NULL);
        for (int i = 0; zone != NULL && i < 10; i++) {
            int64_t wall = (int64_t)rand_r(&seed) * 2000;
            const struct zone_time local = zone_local(zone, wall);

            assert_true(zone_wall(zone, &local) <= wall);
        }
        arena_finish(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_rule_means_what_the_library_says),
        cmocka_unit_test(a_summer_may_last_all_year),
        cmocka_unit_test(a_wrong_rule_is_refused_where_it_is_wrong),
        cmocka_unit_test(a_file_of_version_1_is_read),
        cmocka_unit_test(times_before_1970_are_no_other),
        cmocka_unit_test(a_file_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(bytes_that_are_wrong_harm_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
