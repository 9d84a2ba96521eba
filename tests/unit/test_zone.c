/* What is read of the system's zones, held against what the C library makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zone_testing.h"

#include <ftw.h>
#include <stdlib.h>
#include <time.h>

#define DAY INT64_C(86400)
#define YEAR_2101 INT64_C(4133980800)

struct zones {
    char names[1000][64];
    size_t count;
};

static struct zones zones;

static int note_file(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    const char *name = path + sizeof ZONES_OF_THE_SYSTEM;
    char start[4] = "";
    FILE *stream;

    (void)status;
    (void)walk;
    if (type != FTW_F || strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0)
        return 0;
    stream = fopen(path, "rb");
    assert_non_null(stream);
    if (fread(start, 1, 4, stream) == 4 && memcmp(start, "TZif", 4) == 0 && zones.count < 1000 && strlen(name) < 64)
        memcpy(zones.names[zones.count++], name, strlen(name) + 1);
    fclose(stream);
    return 0;
}

static int find_zones(void **state)
{
    (void)state;
    return nftw(ZONES_OF_THE_SYSTEM, note_file, 8, FTW_PHYS) != 0 || zones.count < 100;
}

static void use(const char *zone)
{
    char value[100];

    snprintf(value, sizeof value, ":%s", zone);
    setenv("TZ", value, 1);
    tzset();
}

static struct tm library_says(int64_t second)
{
    time_t time = (time_t)second;
    struct tm there;

    assert_non_null(localtime_r(&time, &there));
    return there;
}

static bool is_same(const struct tm *theirs, const struct zone_time *ours)
{
    return theirs->tm_year + 1900 == ours->year && theirs->tm_mon + 1 == ours->month && theirs->tm_mday == ours->day &&
           theirs->tm_hour == ours->hour && theirs->tm_min == ours->minute && theirs->tm_sec == ours->second &&
           theirs->tm_wday == ours->weekday;
}

static void expect_same(const struct zone *zone, const char *name, int64_t second)
{
    const struct tm theirs = library_says(second);
    const struct zone_time ours = zone_local(zone, second * 1000);

    if (!is_same(&theirs, &ours))
        fail_msg("%s at %lld: %d-%02d-%02d %02d:%02d:%02d, the library says %d-%02d-%02d %02d:%02d:%02d", name,
                 (long long)second, ours.year, ours.month, ours.day, ours.hour, ours.minute, ours.second,
                 theirs.tm_year + 1900, theirs.tm_mon + 1, theirs.tm_mday, theirs.tm_hour, theirs.tm_min,
                 theirs.tm_sec);
}

/* The first second of (from, to] with the offset of `to`, by the library. */
static int64_t change_between(int64_t from, int64_t to)
{
    long after = library_says(to).tm_gmtoff;

    while (to - from > 1) {
        int64_t middle = from + (to - from) / 2;

        if (library_says(middle).tm_gmtoff == after)
            to = middle;
        else
            from = middle;
    }
    return to;
}

/* A time on the clocks that they jumped over is the moment of the jump; one that they show twice is the first. */
static void check_change(const struct zone *zone, const char *name, int64_t change)
{
    long before = library_says(change - 1).tm_gmtoff, after = library_says(change).tm_gmtoff;
    long half = labs(after - before) / 2;
    int64_t shown = change + (after > before ? before : after) + half; /* in the middle of what is odd */
    const struct zone_time local = zone_local(zone_utc, shown * 1000);
    int64_t expected = after > before ? change : shown - before;

    for (int64_t second = change - 1; second <= change + 1; second++)
        expect_same(zone, name, second);
    if (zone_wall(zone, &local) != expected * 1000)
        fail_msg("%s: %+ld at %lld: %lld, not %lld", name, after - before, (long long)change,
                 (long long)zone_wall(zone, &local) / 1000, (long long)expected);
}

static void check_zone(const char *name, int64_t stride)
{
    struct arena arena;
    const struct zone *zone;
    long offset;

    arena_init(&arena, ARENA_PLAIN);
    zone = zone_of_system(name, &arena);
    assert_non_null(zone);
    use(name);
    offset = library_says(0).tm_gmtoff;
    for (int64_t second = 0; second < YEAR_2101; second += stride) {
        expect_same(zone, name, second);
        if (library_says(second).tm_gmtoff != offset)
            check_change(zone, name, change_between(second - stride, second));
        offset = library_says(second).tm_gmtoff;
    }
    arena_finish(&arena);
}

/* Summer time of half an hour or two hours, in winter, twice a year; a day left out; rules that changed often. */
static void the_odd_ones_show_what_the_library_shows(void **state)
{
    static const char *const odd[] = { "Europe/Amsterdam", "America/New_York",  "Australia/Lord_Howe",
                                       "Antarctica/Troll", "Europe/Dublin",     "Africa/Casablanca",
                                       "Pacific/Apia",     "America/Nuuk",      "Asia/Gaza",
                                       "Africa/Cairo",     "America/Sao_Paulo", "Asia/Kathmandu" };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        check_zone(odd[i], 5 * DAY - 701);
}

/* Of all of them, a part; MUSTER_THOROUGH asks for all. */
static void every_zone_shows_what_the_library_shows(void **state)
{
    size_t step = getenv("MUSTER_THOROUGH") == NULL ? 7 : 1;

    (void)state;
    for (size_t i = 0; i < zones.count; i += step)
        check_zone(zones.names[i], 17 * DAY - 7001);
}

static int64_t random_second(unsigned *seed)
{
    return ((int64_t)rand_r(seed) << 16 ^ rand_r(seed)) % YEAR_2101;
}

/* Where clocks show it twice, the first; never one that they do not show. */
static void what_clocks_show_is_found_again(void **state)
{
    unsigned seed = 1;
    struct arena arena;

    (void)state;
    for (size_t i = 0; i < zones.count; i += 3) {
        const struct zone *zone;

        arena_init(&arena, ARENA_PLAIN);
        zone = zone_of_system(zones.names[i], &arena);
        use(zones.names[i]);
        for (int round = 0; round < 100; round++) {
            int64_t second = random_second(&seed);
            const struct zone_time local = zone_local(zone, second * 1000);
            int64_t found = zone_wall(zone, &local);
            const struct tm theirs = library_says(found / 1000);

            expect_same(zone, zones.names[i], second);
            assert_true(found <= second * 1000 && found > (second - DAY - 1) * 1000);
            assert_true(is_same(&theirs, &local));
        }
        arena_finish(&arena);
    }
}

static void the_calendar_is_that_of_the_library(void **state)
{
    (void)state;
    use("UTC");
    for (int64_t day = -800000; day < 3000000; day += 37) {
        const struct zone_time local = zone_local(zone_utc, day * DAY * 1000 - 1);

        expect_same(zone_utc, "UTC", day * DAY - 1);
        assert_int_equal(zone_wall(zone_utc, &local), day * DAY * 1000 - 1000);
    }
}

static void hours_and_days_may_be_more_than_there_are(void **state)
{
    const struct zone_time midnight = { .year = 2027, .month = 1, .day = 1 };
    const struct zone_time later[] = { { .year = 2026, .month = 12, .day = 31, .hour = 24 },
                                       { .year = 2026, .month = 12, .day = 28, .hour = 96 },
                                       { .year = 2026, .month = 12, .day = 32 },
                                       { .year = 2027, .month = 2, .day = -30 } };

    (void)state;
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        assert_int_equal(zone_wall(zone_utc, &later[i]), zone_wall(zone_utc, &midnight));
    assert_int_equal(zone_wall(zone_utc, &midnight), INT64_C(1798761600000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_odd_ones_show_what_the_library_shows),
        cmocka_unit_test(every_zone_shows_what_the_library_shows),
        cmocka_unit_test(what_clocks_show_is_found_again),
        cmocka_unit_test(the_calendar_is_that_of_the_library),
        cmocka_unit_test(hours_and_days_may_be_more_than_there_are),
    };

    return cmocka_run_group_tests(tests, find_zones, NULL);
}
