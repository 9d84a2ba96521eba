#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UUID(last) "50170001-aaaa-bbbb-cccc-00000000000" last
#define VCENTER "b0a7e1d0-5c2f-4f0e-9b1a-3c5d7e9f1a2b"

static int set_up(void **state)
{
    *state = mock_create(muster_plugin_entry());
    return 0;
}

static int tear_down(void **state)
{
    mock_destroy(*state);
    return 0;
}

static void give_sample(struct mock *mock, const char *name)
{
    char path[PATH_MAX];

    assert_non_null(realpath(name, path));
    mock_option(mock, "path", path);
}

static bool scan_text(struct mock *mock, const char *text)
{
    char path[] = "/tmp/test_file_rvtools.XXXXXX";
    int fd = mkstemp(path);
    bool good;

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    mock_option(mock, "path", path);
    good = mock_scan(mock);
    unlink(path);
    return good;
}

static bool warns(const struct mock *mock, const char *words)
{
    for (size_t i = 0; i < mock_warning_count(mock); i++)
        if (strstr(mock_warning_at(mock, i)->text, words) != NULL)
            return true;
    return false;
}

static const char *far_end(const struct item *item, const char *relation)
{
    for (size_t i = 0; i < item->link_count; i++)
        if (strcmp(item->links[i].relation, relation) == 0)
            return item->links[i].key;
    return "";
}

static void a_folder_gives_machines_hosts_cluster_and_vcenter(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-4");
    assert_true(mock_scan(mock));
    assert_int_equal(mock_item_count(mock, "vm"), 5);
    assert_int_equal(mock_item_count(mock, "esxi_host"), 3);
    assert_int_equal(mock_item_count(mock, "cluster"), 1);
    assert_int_equal(mock_item_count(mock, "vcenter"), 1);
    assert_string_equal(mock_text(mock, "vm", UUID("1"), "guest.build"), "10.0.14393");
    assert_string_equal(far_end(mock_item(mock, "vm", UUID("1")), "runs_on"), "esx01.corp.example");
    assert_string_equal(far_end(mock_item(mock, "esxi_host", "esx01.corp.example"), "managed_by"), VCENTER);
}

static void a_skipped_row_makes_the_scan_partial(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-4");
    assert_true(mock_scan(mock));
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_int_equal(mock_warning_count(mock), 1);
    assert_true(warns(mock, "RVTools_tabvInfo.csv: line 7: the VM UUID is ''"));
}

static void a_file_of_whole_rows_is_complete(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-4/RVTools_tabvHost.csv");
    assert_true(mock_scan(mock));
    assert_int_equal(mock_completeness(mock), COMPLETE);
    assert_int_equal(mock_item_count(mock, "esxi_host"), 3);
    /* vHost alone does not tell that the server is a vCenter Server. */
    assert_string_equal(far_end(mock_item(mock, "esxi_host", "esx01.corp.example"), "managed_by"), "");
}

static void a_folder_that_lacks_a_tab_is_partial(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-3");
    assert_true(mock_scan(mock));
    assert_int_equal(mock_item_count(mock, "vm"), 2);
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_true(warns(mock, "vHost"));
    assert_true(warns(mock, "no column 'SMBIOS UUID'"));
}

static void a_folder_without_any_tab_is_refused(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data");
    assert_false(mock_scan(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_UNSUPPORTED);
    assert_non_null(strstr(mock_failure(mock)->text, "RVTools_tabvInfo.csv"));
}

static void a_folder_is_no_file_of_json_lines(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-4");
    mock_option(mock, "format", "jsonl");
    assert_false(mock_scan(mock));
    assert_int_equal(mock_failure(mock)->class, ERR_CONFIG);
}

static void a_tab_without_rows_never_empties_the_inventory(void **state)
{
    struct mock *mock = *state;

    assert_true(scan_text(mock, "VM,VM UUID,Powerstate,SMBIOS UUID\n"));
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_true(warns(mock, "not one row"));
}

static void of_two_rows_with_one_key_the_first_counts(void **state)
{
    struct mock *mock = *state;

    assert_true(scan_text(
        mock, "VM,VM UUID,Powerstate,SMBIOS UUID\na," UUID("1") ",poweredOn,\nb," UUID("1") ",poweredOff,\n"));
    assert_int_equal(mock_item_count(mock, "vm"), 1);
    assert_string_equal(mock_text(mock, "vm", UUID("1"), "id.name"), "a");
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_true(warns(mock, "line 3: an earlier row has the same key"));
}

static void a_row_that_breaks_the_csv_is_skipped_and_named(void **state)
{
    struct mock *mock = *state;

    assert_true(
        scan_text(mock, "VM,VM UUID,Powerstate,SMBIOS UUID\na," UUID("1") ",poweredOn\nb," UUID("2") ",poweredOff,\n"));
    assert_int_equal(mock_item_count(mock, "vm"), 1);
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_true(warns(mock, "line 2: 3 cells where the header has 4; the row is skipped"));
}

static void names_of_the_fleet_stay_as_they_are(void **state)
{
    struct mock *mock = *state;

    assert_true(scan_text(mock, "VM,VM UUID,Powerstate,SMBIOS UUID\n"
                                "<script>alert(1)</script>," UUID("1") ",poweredOn,\n"
                                                                       "=cmd|' /C calc'!A0," UUID(
                                                                           "2") ",poweredOn,\n"
                                                                                "%s%n," UUID("3") ",poweredOn,\n"));
    assert_int_equal(mock_completeness(mock), COMPLETE);
    assert_string_equal(mock_text(mock, "vm", UUID("1"), "id.name"), "<script>alert(1)</script>");
    assert_string_equal(mock_text(mock, "vm", UUID("2"), "id.name"), "=cmd|' /C calc'!A0");
    assert_string_equal(mock_text(mock, "vm", UUID("3"), "id.name"), "%s%n");
}

static void doctor_looks_into_both_tabs(void **state)
{
    struct mock *mock = *state;

    give_sample(mock, "data/rvtools-4");
    assert_true(mock_doctor(mock));
    assert_int_equal(mock_step_count(mock), 5);
    assert_non_null(strstr(mock_step_at(mock, 2)->detail, "vInfo tab"));
    assert_non_null(strstr(mock_step_at(mock, 4)->detail, "vHost tab"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_gives_machines_hosts_cluster_and_vcenter),
        TEST(a_skipped_row_makes_the_scan_partial),
        TEST(a_file_of_whole_rows_is_complete),
        TEST(a_folder_that_lacks_a_tab_is_partial),
        TEST(a_folder_without_any_tab_is_refused),
        TEST(a_folder_is_no_file_of_json_lines),
        TEST(a_tab_without_rows_never_empties_the_inventory),
        TEST(of_two_rows_with_one_key_the_first_counts),
        TEST(a_row_that_breaks_the_csv_is_skipped_and_named),
        TEST(names_of_the_fleet_stay_as_they_are),
        TEST(doctor_looks_into_both_tabs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
