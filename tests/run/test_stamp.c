/* Files that change, come and go. */
#include "stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/stamp-XXXXXX";
static char one[64], two[64], link_to_one[64];
static struct stamp *stamp;

static void put(const char *path, const char *text)
{
    const struct timespec times[2] = { { 1000000000, 5 }, { 1000000000, 5 } };
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    /* Always the same time: what else changed must be noticed by itself. */
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int begin(void **state)
{
    const char *const paths[] = { link_to_one, two };

    (void)state;
    strcpy(folder, "/tmp/stamp-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(one, sizeof one, "%s/one", folder);
    snprintf(two, sizeof two, "%s/two", folder);
    snprintf(link_to_one, sizeof link_to_one, "%s/link", folder);
    put(one, "1");
    stamp = symlink("one", link_to_one) == 0 ? stamp_create(paths, 2) : NULL;
    return stamp == NULL;
}

static int finish(void **state)
{
    (void)state;
    stamp_destroy(stamp);
    unlink(one);
    unlink(two);
    unlink(link_to_one);
    return rmdir(folder);
}

static void untouched_files_are_current(void **state)
{
    (void)state;
    assert_true(stamp_is_current(stamp));
}

static void another_size_is_noticed_through_a_link(void **state)
{
    (void)state;
    put(one, "12");
    assert_false(stamp_is_current(stamp));
}

static void another_time_is_noticed_to_the_nanosecond(void **state)
{
    const struct timespec times[2] = { { 1000000000, 6 }, { 1000000000, 6 } };

    (void)state;
    assert_int_equal(utimensat(AT_FDCWD, one, times, 0), 0);
    assert_false(stamp_is_current(stamp));
}

static void another_file_of_the_same_size_and_time_is_noticed(void **state)
{
    (void)state;
    put(two, "1");
    assert_int_equal(rename(two, one), 0);
    assert_false(stamp_is_current(stamp));
}

static void a_file_that_comes_is_noticed(void **state)
{
    (void)state;
    put(two, "");
    assert_false(stamp_is_current(stamp));
}

static void a_file_that_goes_is_noticed(void **state)
{
    (void)state;
    unlink(one);
    assert_false(stamp_is_current(stamp));
}

static void one_that_was_touched_and_is_as_before_is_current(void **state)
{
    (void)state;
    put(one, "1");
    assert_true(stamp_is_current(stamp));
    stamp_destroy(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        TEST(untouched_files_are_current),
        TEST(another_size_is_noticed_through_a_link),
        TEST(another_time_is_noticed_to_the_nanosecond),
        TEST(another_file_of_the_same_size_and_time_is_noticed),
        TEST(a_file_that_comes_is_noticed),
        TEST(a_file_that_goes_is_noticed),
        TEST(one_that_was_touched_and_is_as_before_is_current),
    };

    return cmocka_run_group_tests_name("stamp", tests, NULL, NULL);
}
