#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static char id_path[] = "/tmp/test_template.XXXXXX";

static void put_id(const char *text)
{
    FILE *stream = fopen(id_path, "w");

    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static int set_up(void **state)
{
    struct mock *mock = mock_create(muster_plugin_entry());

    put_id("0123456789abcdef\n");
    assert_true(mock_prepare(mock));
    mock_option(mock, "machine_id", id_path);
    *state = mock;
    return 0;
}

static int tear_down(void **state)
{
    mock_destroy(*state);
    return 0;
}

static void it_records_the_machine_it_runs_on(void **state)
{
    struct mock *mock = *state;
    struct utsname name;

    assert_int_equal(uname(&name), 0);
    assert_true(mock_scan(mock));
    assert_string_equal(mock_text(mock, "machine", "0123456789abcdef", "id.name"), name.nodename);
    assert_string_equal(mock_text(mock, "machine", "0123456789abcdef", "template.kernel"), name.release);
    assert_int_equal(mock_completeness(mock), COMPLETE);
    assert_int_equal(mock_warning_count(mock), 0);
}

static void options_change_what_is_recorded(void **state)
{
    struct mock *mock = *state;

    mock_option(mock, "name", "front desk");
    mock_option(mock, "kernel", "no");
    assert_true(mock_scan(mock));
    assert_string_equal(mock_text(mock, "machine", "0123456789abcdef", "id.name"), "front desk");
    assert_null(mock_text(mock, "machine", "0123456789abcdef", "template.kernel"));
}

static void a_volume_is_part_of_its_machine(void **state)
{
    struct mock *mock = *state;
    const struct item *volume;

    mock_option(mock, "mounts", "/tmp");
    assert_true(mock_scan(mock));
    volume = mock_item(mock, "volume", "0123456789abcdef:/tmp");
    assert_non_null(volume);
    assert_string_equal(volume->links[0].relation, "part_of");
    assert_string_equal(volume->links[0].key, "0123456789abcdef");
    assert_string_equal(item_get(volume, "volume.paths")->list.texts[0], "/tmp");
    assert_true(mock_int(mock, "volume", "0123456789abcdef:/tmp", "volume.capacity") > 0);
}

static void a_uuid_is_either_read_or_said_to_be_unread(void **state)
{
    struct mock *mock = *state;

    assert_true(mock_scan(mock));
    assert_true((mock_text(mock, "machine", "0123456789abcdef", "id.uuid") == NULL) !=
                (mock_unread(mock, "machine", "0123456789abcdef", "id.uuid") == NULL));
}

static void a_folder_that_is_not_there_is_warned_of_and_makes_the_scan_partial(void **state)
{
    struct mock *mock = *state;

    mock_option(mock, "mounts", "/nowhere/at/all");
    mock_option(mock, "mounts", "/tmp");
    assert_true(mock_scan(mock));
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_int_equal(mock_warning_count(mock), 1);
    assert_string_equal(mock_warning_at(mock, 0)->key, "/nowhere/at/all");
    assert_int_equal(mock_item_count(mock, "volume"), 1);
}

static void without_a_machine_id_the_scan_fails_and_says_what_to_do(void **state)
{
    struct mock *mock = *state;

    put_id("");
    assert_false(mock_scan(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_UNSUPPORTED);
    assert_non_null(strstr(mock_failure(mock)->text, "set machine_id"));
    assert_true(mock_doctor(mock));
    assert_int_equal(mock_step_at(mock, 0)->state, MUSTER_STEP_FAILED);
}

static void check_refuses_an_empty_name(void **state)
{
    struct mock *mock = *state;

    assert_true(mock_check(mock));
    mock_option(mock, "name", "");
    assert_false(mock_check(mock));
    assert_non_null(strstr(mock_failure(mock)->text, "name is empty"));
}

static void doctor_has_two_steps(void **state)
{
    struct mock *mock = *state;

    assert_true(mock_doctor(mock));
    assert_int_equal(mock_step_count(mock), 2);
    assert_int_equal(mock_step_at(mock, 0)->state, MUSTER_STEP_OK);
    assert_string_equal(mock_step_at(mock, 1)->name, "system");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_records_the_machine_it_runs_on),
        TEST(options_change_what_is_recorded),
        TEST(a_volume_is_part_of_its_machine),
        TEST(a_uuid_is_either_read_or_said_to_be_unread),
        TEST(a_folder_that_is_not_there_is_warned_of_and_makes_the_scan_partial),
        TEST(without_a_machine_id_the_scan_fails_and_says_what_to_do),
        TEST(check_refuses_an_empty_name),
        TEST(doctor_has_two_steps),
    };
    int fd = mkstemp(id_path), failed;

    close(fd);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(id_path);
    return failed;
}
