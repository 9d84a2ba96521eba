#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char folder[64];
    char file[128];
    struct mock *mock;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    strcpy(place->folder, "/tmp/test_file.XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->file, sizeof place->file, "%s/fleet.jsonl", place->folder);
    place->mock = mock_create(muster_plugin_entry());
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];

    mock_destroy(place->mock);
    snprintf(command, sizeof command, "rm -r %s", place->folder);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void put(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static bool scan_text(struct place *place, const char *text)
{
    put(place->file, text);
    mock_option(place->mock, "path", place->file);
    return mock_scan(place->mock);
}

static bool warns(const struct mock *mock, const char *words)
{
    for (size_t i = 0; i < mock_warning_count(mock); i++)
        if (strstr(mock_warning_at(mock, i)->text, words) != NULL)
            return true;
    return false;
}

static void assert_failure(const struct place *place, enum err_class class, const char *words)
{
    assert_int_equal(mock_failure(place->mock)->class, class);
    assert_non_null(strstr(mock_failure(place->mock)->text, words));
}

#define ITEM(key) "{\"kind\":\"machine\",\"key\":\"" key "\",\"attributes\":{\"os.build\":\"10.0.14393\"}}\n"
#define END(what, items) "{\"end\":{\"completeness\":\"" what "\",\"items\":" items "}}\n"

static void every_part_of_an_item_is_relayed(void **state)
{
    struct place *place = *state;
    struct mock *mock = place->mock;
    const struct item *item;

    assert_true(scan_text(place,
                          "{\"kind\":\"vm\",\"key\":\"k\",\"attributes\":{\"id.name\":\"a\",\"vm.snapshots\":3,"
                          "\"vm.template\":false,\"vm.disks\":[\"x\",\"y\"]},\"links\":[{\"relation\":\"runs_on\","
                          "\"kind\":\"hyperv_host\",\"key\":\"h\"},{\"relation\":\"same_as\",\"kind\":\"machine\","
                          "\"by\":{\"id.fqdn\":\"a.example\"}}],\"unread\":[{\"attributes\":\"guest.\",\"why\":"
                          "\"off\"}]}\n" END("complete", "1")));
    item = mock_item(mock, "vm", "k");
    assert_string_equal(item_text(item, "id.name"), "a");
    assert_int_equal(mock_int(mock, "vm", "k", "vm.snapshots"), 3);
    assert_false(item_get(item, "vm.template")->truth);
    assert_int_equal(item_get(item, "vm.disks")->list.count, 2);
    assert_int_equal(item->link_count, 2);
    assert_string_equal(mock_unread(mock, "vm", "k", "guest.name"), "off");
    assert_int_equal(mock_completeness(mock), COMPLETE);
    assert_int_equal(mock_warning_count(mock), 0);
}

static void what_is_no_item_is_relayed_too(void **state)
{
    struct place *place = *state;
    struct mock *mock = place->mock;

    assert_true(scan_text(place, ITEM("a") "{\"gone\":{\"kind\":\"vm\",\"key\":\"old\"}}\n"
                                           "{\"gone_by\":{\"kind\":\"vm\",\"attribute\":\"id.moref\","
                                           "\"value\":\"vm-7\"}}\n"
                                           "{\"offer\":{\"plugin\":\"sql\",\"host\":\"db01.example\",\"port\":1433,"
                                           "\"evidence\":\"seen\"}}\n"
                                           "{\"warning\":{\"kind\":\"vm\",\"key\":\"v\",\"text\":\"half read\"}}\n"
                                           "{\"warning\":{\"text\":\"of nothing\"}}\n" END("delta", "1")));
    assert_int_equal(mock_completeness(mock), DELTA);
    assert_string_equal(mock_gone_at(mock, 0)->key, "old");
    assert_int_equal(mock_gone_by_count(mock), 1);
    assert_string_equal(mock_gone_by_at(mock, 0)->kind, "vm");
    assert_string_equal(mock_gone_by_at(mock, 0)->attribute, "id.moref");
    assert_string_equal(mock_gone_by_at(mock, 0)->value, "vm-7");
    assert_string_equal(mock_offer_at(mock, 0)->host, "db01.example");
    assert_int_equal(mock_warning_count(mock), 2);
    assert_string_equal(mock_warning_at(mock, 0)->key, "v");
    assert_string_equal(mock_warning_at(mock, 1)->text, "of nothing");
    assert_null(mock_refused(mock));
}

static void a_refusal_is_relayed_and_the_items_stand(void **state)
{
    struct place *place = *state;
    struct mock *mock = place->mock;

    assert_true(scan_text(place, ITEM("a") "{\"refused\":{\"text\":\"login failed\"}}\n" END("complete", "1")));
    assert_string_equal(mock_refused(mock), "login failed");
    assert_int_equal(mock_completeness(mock), PARTIAL);
    assert_int_equal(mock_item_count(mock, NULL), 1);
}

static void a_bad_line_costs_itself_and_makes_the_scan_partial(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a") "{\"kind\":\"machine\",\"key\":\n" ITEM("b") END("complete", "2")));
    assert_int_equal(mock_item_count(place->mock, "machine"), 2);
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_int_equal(mock_warning_count(place->mock), 1);
    assert_true(warns(place->mock, "fleet.jsonl: line 2: "));
}

static void a_kind_of_another_plugins_own_is_relayed(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, "{\"kind\":\"toaster\",\"key\":\"t\"}\n" END("complete", "1")));
    assert_non_null(mock_item(place->mock, "toaster", "t"));
    assert_int_equal(mock_completeness(place->mock), COMPLETE);
}

static void a_file_without_an_end_line_is_partial(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a")));
    assert_int_equal(mock_item_count(place->mock, NULL), 1);
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_true(warns(place->mock, "no end line behind line 1"));
}

static void an_empty_file_is_partial(void **state)
{
    struct place *place = *state;

    mock_option(place->mock, "format", "jsonl");
    assert_true(scan_text(place, ""));
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
}

static void an_end_line_that_counts_otherwise_makes_the_scan_partial(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a") END("complete", "2")));
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_true(warns(place->mock, "counts 2 items, but 1 came"));
}

static void an_end_line_may_leave_the_count_out(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a") "{\"end\":{\"completeness\":\"complete\"}}"));
    assert_int_equal(mock_completeness(place->mock), COMPLETE);
}

static void what_follows_the_end_line_is_not_read(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a") END("complete", "1") "\n" ITEM("b") ITEM("c")));
    assert_int_equal(mock_item_count(place->mock, NULL), 1);
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_int_equal(mock_warning_count(place->mock), 1);
    assert_true(warns(place->mock, "line 4: lines follow the end line"));
}

static void a_scan_that_ended_partial_stays_partial(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, ITEM("a") END("partial", "1")));
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_int_equal(mock_warning_count(place->mock), 0);
}

static void a_fail_line_fails_the_scan_with_its_class_and_text(void **state)
{
    static const struct {
        const char *word;
        enum err_class class;
    } classes[] = {
        { "unreachable", ERR_UNREACHABLE }, { "timeout", ERR_TIMEOUT }, { "denied", ERR_DENIED },
        { "protocol", ERR_PROTOCOL },       { "bug", ERR_BUG },         { "unsupported", ERR_UNSUPPORTED }
    };
    struct place *place = *state;
    char text[200];

    mock_option(place->mock, "path", place->file);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        snprintf(text, sizeof text, ITEM("a") "{\"fail\":{\"class\":\"%s\",\"text\":\"no luck\"}}\n" ITEM("b"),
                 classes[i].word);
        put(place->file, text);
        assert_false(mock_scan(place->mock));
        assert_failure(place, classes[i].class, "no luck");
    }
}

static void lines_of_another_system_are_read_as_well(void **state)
{
    struct place *place = *state;

    assert_true(scan_text(place, "\xef\xbb\xbf"
                                 "{\"kind\":\"machine\",\"key\":\"a\"}\r\n\r\n"
                                 "{\"end\":{\"completeness\":\"complete\",\"items\":1}}\r\n"));
    assert_int_equal(mock_completeness(place->mock), COMPLETE);
    assert_int_equal(mock_warning_count(place->mock), 0);
}

static void a_line_that_is_too_long_is_skipped(void **state)
{
    struct place *place = *state;
    FILE *stream = fopen(place->file, "w");

    for (int i = 0; i < 9 << 20; i++)
        putc(i == 0 ? '{' : 'x', stream);
    fputs("\n" ITEM("a") END("complete", "1"), stream);
    fclose(stream);
    mock_option(place->mock, "path", place->file);
    assert_true(mock_scan(place->mock));
    assert_int_equal(mock_item_count(place->mock, NULL), 1);
    assert_int_equal(mock_completeness(place->mock), PARTIAL);
    assert_true(warns(place->mock, "line 1: longer than"));
}

/* ---------------------------------------------------------------------------------------------------- paths ---- */

static void a_path_that_is_not_there_fails_scan_and_check(void **state)
{
    struct place *place = *state;

    mock_option(place->mock, "path", place->file);
    assert_false(mock_check(place->mock));
    assert_failure(place, ERR_UNREACHABLE, "does not exist");
    assert_false(mock_scan(place->mock));
    assert_failure(place, ERR_UNREACHABLE, "does not exist");
}

static void a_fifo_is_refused_and_never_waited_for(void **state)
{
    struct place *place = *state;

    assert_int_equal(mkfifo(place->file, 0600), 0);
    mock_option(place->mock, "path", place->file);
    assert_false(mock_check(place->mock));
    assert_failure(place, ERR_UNSUPPORTED, "neither a regular file nor a folder");
    assert_false(mock_scan(place->mock));
}

static void a_file_of_more_than_a_gibibyte_is_refused(void **state)
{
    struct place *place = *state;

    put(place->file, "");
    assert_int_equal(truncate(place->file, ((off_t)1 << 30) + 1), 0);
    mock_option(place->mock, "path", place->file);
    assert_false(mock_check(place->mock));
    assert_failure(place, ERR_UNSUPPORTED, "split it");
}

static void a_file_that_is_not_renewed_fails_the_scan(void **state)
{
    const struct timespec times[2] = { { .tv_sec = 1500000000 }, { .tv_sec = 1500000000 } };
    struct place *place = *state;

    put(place->file, ITEM("a") END("complete", "1"));
    assert_int_equal(utimensat(AT_FDCWD, place->file, times, 0), 0);
    mock_option(place->mock, "path", place->file);
    assert_true(mock_scan(place->mock));
    mock_option(place->mock, "max_age", "2d");
    assert_false(mock_scan(place->mock));
    assert_failure(place, ERR_UNREACHABLE, "max_age is 2d");
}

static void a_file_that_is_neither_format_is_refused(void **state)
{
    struct place *place = *state;

    assert_false(scan_text(place, "hello, world\n"));
    assert_failure(place, ERR_PROTOCOL, "not that of an RVTools tab");
}

/* --------------------------------------------------------------------------------------------------- doctor ---- */

static void doctor_tells_what_the_file_is(void **state)
{
    struct place *place = *state;

    put(place->file, ITEM("a"));
    mock_option(place->mock, "path", place->file);
    assert_true(mock_doctor(place->mock));
    assert_int_equal(mock_step_count(place->mock), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(mock_step_at(place->mock, i)->state, MUSTER_STEP_OK);
}

static void doctor_names_the_remedy_of_what_is_wrong(void **state)
{
    struct place *place = *state;

    mock_option(place->mock, "path", place->file);
    assert_true(mock_doctor(place->mock));
    assert_int_equal(mock_step_at(place->mock, 0)->state, MUSTER_STEP_FAILED);
    assert_int_equal(mock_step_at(place->mock, 1)->state, MUSTER_STEP_SKIPPED);
    put(place->file, "{\"kind\":}\n");
    assert_true(mock_doctor(place->mock));
    assert_int_equal(mock_step_at(place->mock, 2)->state, MUSTER_STEP_FAILED);
    assert_non_null(strstr(mock_step_at(place->mock, 2)->detail, "line 1"));
    assert_string_not_equal(mock_step_at(place->mock, 2)->remedy, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_part_of_an_item_is_relayed),
        TEST(what_is_no_item_is_relayed_too),
        TEST(a_refusal_is_relayed_and_the_items_stand),
        TEST(a_bad_line_costs_itself_and_makes_the_scan_partial),
        TEST(a_kind_of_another_plugins_own_is_relayed),
        TEST(a_file_without_an_end_line_is_partial),
        TEST(an_empty_file_is_partial),
        TEST(an_end_line_that_counts_otherwise_makes_the_scan_partial),
        TEST(an_end_line_may_leave_the_count_out),
        TEST(what_follows_the_end_line_is_not_read),
        TEST(a_scan_that_ended_partial_stays_partial),
        TEST(a_fail_line_fails_the_scan_with_its_class_and_text),
        TEST(lines_of_another_system_are_read_as_well),
        TEST(a_line_that_is_too_long_is_skipped),
        TEST(a_path_that_is_not_there_fails_scan_and_check),
        TEST(a_fifo_is_refused_and_never_waited_for),
        TEST(a_file_of_more_than_a_gibibyte_is_refused),
        TEST(a_file_that_is_not_renewed_fails_the_scan),
        TEST(a_file_that_is_neither_format_is_refused),
        TEST(doctor_tells_what_the_file_is),
        TEST(doctor_names_the_remedy_of_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
