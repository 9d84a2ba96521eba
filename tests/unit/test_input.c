#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "input.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
    char folder[64];
    struct input input; /* of the folder */
    struct err err;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    strcpy(place->folder, "/tmp/test_input.XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    assert_true(input_open(&place->input, place->folder, &place->err));
    assert_true(place->input.folder >= 0);
    assert_null(place->input.stream);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];

    input_close(&place->input);
    snprintf(command, sizeof command, "rm -r %s", place->folder);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void path_of(const struct place *place, const char *name, char path[256])
{
    snprintf(path, 256, "%s/%s", place->folder, name);
}

static void put(const struct place *place, const char *name, const char *mode)
{
    char path[256];
    FILE *stream;

    path_of(place, name, path);
    stream = fopen(path, mode);
    assert_non_null(stream);
    fputs("text\n", stream);
    fclose(stream);
}

static void a_file_that_is_written_to_has_changed(void **state)
{
    struct place *place = *state;
    struct input input;

    put(place, "a.csv", "w");
    assert_true(input_open_in(&input, place->input.folder, "a.csv", &place->err));
    assert_false(input_changed(&input));
    put(place, "a.csv", "a");
    assert_true(input_changed(&input));
    input_close(&input);
}

static void a_file_that_is_replaced_is_read_as_it_was(void **state)
{
    struct place *place = *state;
    char from[256], to[256];
    struct input input;

    put(place, "a.csv", "w");
    put(place, "b.csv", "w");
    path_of(place, "b.csv", from);
    path_of(place, "a.csv", to);
    assert_true(input_open(&input, to, &place->err));
    assert_int_equal(rename(from, to), 0);
    assert_false(input_changed(&input));
    input_close(&input);
}

static void a_link_is_followed_where_the_administrator_wrote_it_and_nowhere_else(void **state)
{
    struct place *place = *state;
    struct input input;
    char path[256];

    path_of(place, "vInfo.csv", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_true(input_open(&input, path, &place->err));
    input_close(&input);
    assert_false(input_open_in(&input, place->input.folder, "vInfo.csv", &place->err));
    assert_non_null(strstr(place->err.text, "symbolic link"));
    assert_null(input.stream);
}

static void a_folder_in_a_files_place_is_refused(void **state)
{
    struct place *place = *state;
    struct input input;

    assert_false(input_open_in(&input, place->input.folder, ".", &place->err));
    assert_int_equal(input.folder, -1);
}

static void a_tab_is_found_by_a_part_of_its_name(void **state)
{
    static const char *const names[] = { "RVTools_tabvInfo.csv", "rvtools_export_VINFO_2018-11-03.CSV", "vInfo.csv" };
    struct place *place = *state;
    char name[INPUT_NAME_SIZE], path[256];

    put(place, "RVTools_tabvFileInfo.csv", "w");
    put(place, "vInfo.xlsx", "w");
    assert_true(input_find(place->input.folder, "vInfo", name, &place->err));
    assert_string_equal(name, "");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put(place, names[i], "w");
        assert_true(input_find(place->input.folder, "vInfo", name, &place->err));
        assert_string_equal(name, names[i]);
        path_of(place, name, path);
        assert_int_equal(unlink(path), 0);
    }
}

static void two_files_of_one_tab_are_an_error_that_names_both(void **state)
{
    struct place *place = *state;
    char name[INPUT_NAME_SIZE];

    put(place, "october_vHost.csv", "w");
    put(place, "november_vHost.csv", "w");
    assert_false(input_find(place->input.folder, "vHost", name, &place->err));
    assert_non_null(strstr(place->err.text, "october_vHost.csv"));
    assert_non_null(strstr(place->err.text, "november_vHost.csv"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_is_written_to_has_changed),
        TEST(a_file_that_is_replaced_is_read_as_it_was),
        TEST(a_link_is_followed_where_the_administrator_wrote_it_and_nowhere_else),
        TEST(a_folder_in_a_files_place_is_refused),
        TEST(a_tab_is_found_by_a_part_of_its_name),
        TEST(two_files_of_one_tab_are_an_error_that_names_both),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
