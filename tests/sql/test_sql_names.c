#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backups.h"
#include "column.h"
#include "names.h"

#include <string.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void keys_begin_with_the_host_in_lower_case(void **state)
{
    (void)state;
    assert_string_equal(names_host(&arena, "SQL1.Corp.Example."), "sql1.corp.example");
    assert_string_equal(names_host(&arena, "SQL1"), "sql1");
    assert_string_equal(names_host(&arena, "10.0.0.5"), "10.0.0.5");
}

static void only_a_full_name_is_one(void **state)
{
    (void)state;
    assert_true(names_is_full("sql1.corp.example"));
    assert_false(names_is_full("sql1"));
    assert_false(names_is_full("sql1."));
    assert_false(names_is_full(".example"));
    assert_false(names_is_full("10.0.0.5"));
    assert_false(names_is_full("fe80::1"));
    assert_false(names_is_full("::ffff:10.0.0.5"));
}

static void a_short_name_is_what_netbios_has_of_it(void **state)
{
    (void)state;
    assert_string_equal(names_short(&arena, "sql1.corp.example"), "SQL1");
    assert_string_equal(names_short(&arena, "averyveryverylongname.example"), "AVERYVERYVERYLO");
    assert_string_equal(names_short(&arena, "10.0.0.5"), "10.0.0.5");
    assert_string_equal(names_show(&arena, "sql1.example", "MSSQLSERVER"), "SQL1");
    assert_string_equal(names_show(&arena, "sql1.example", "ERP"), "SQL1\\ERP");
}

static void another_computer_is_a_single_label_in_the_same_domain(void **state)
{
    (void)state;
    assert_string_equal(names_beside(&arena, "fci.corp.example", "NODE1"), "node1.corp.example");
    assert_null(names_beside(&arena, "fci.corp.example", "node1.evil.example"));
    assert_null(names_beside(&arena, "fci.corp.example", ""));
    assert_null(names_beside(&arena, "fci.corp.example", "a b"));
    assert_null(names_beside(&arena, "fci.corp.example", NULL));
    assert_null(names_beside(&arena, "fci", "node1"));
    assert_null(names_beside(&arena, "10.0.0.5", "node1"));
}

static void a_computer_agrees_with_its_name_as_far_as_netbios_goes(void **state)
{
    (void)state;
    assert_true(names_agree("sql1.corp.example", "SQL1"));
    assert_true(names_agree("averyveryverylongname.example", "AVERYVERYVERYLO"));
    assert_false(names_agree("sql10.corp.example", "SQL1"));
    assert_false(names_agree("listener.corp.example", "SQL1"));
    assert_false(names_agree("sql1.corp.example", ""));
}

static void an_instance_has_no_name_that_breaks_a_key(void **state)
{
    (void)state;
    assert_true(names_is_instance("MSSQLSERVER"));
    assert_true(names_is_instance("ERP$2#_'\""));
    assert_false(names_is_instance(""));
    assert_false(names_is_instance("A\\B"));
    assert_false(names_is_instance("A/B"));
    assert_false(names_is_instance("A\nB"));
}

static struct mssql_row row_of(const char *value)
{
    return (struct mssql_row){ .values = { value }, .count = 1 };
}

static void a_number_is_one_or_none(void **state)
{
    static const char *const wrong[] = { "", " 1", "1 ", "0x1", "1.0", "one", "+1", "99999999999999999999", "-" };
    struct mssql_row row = row_of("-9223372036854775808");
    int64_t number = 7;

    (void)state;
    assert_true(column_int(&row, 0, &number));
    assert_true(number == INT64_MIN);
    assert_false(column_int(&row, 1, &number));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        row = row_of(wrong[i]);
        assert_false(column_int(&row, 0, &number));
    }
    row = row_of(NULL);
    assert_false(column_int(&row, 0, &number));
    assert_true(number == INT64_MIN);
}

static void a_truth_is_0_or_1(void **state)
{
    struct mssql_row row = row_of("1");
    bool truth = false;

    (void)state;
    assert_true(column_bool(&row, 0, &truth) && truth);
    row = row_of("0");
    assert_true(column_bool(&row, 0, &truth) && !truth);
    row = row_of("2");
    assert_false(column_bool(&row, 0, &truth));
    row = row_of(NULL);
    assert_false(column_bool(&row, 0, &truth));
}

static void a_guid_is_in_lower_case(void **state)
{
    struct mssql_row row = row_of("98947CF1-CDAA-5DC7-A1DE-91ABF8DE5583");
    char guid[COLUMN_GUID_SIZE];

    (void)state;
    assert_true(column_guid(&row, 0, guid));
    assert_string_equal(guid, "98947cf1-cdaa-5dc7-a1de-91abf8de5583");
    row = row_of("98947CF1-CDAA-5DC7-A1DE-91ABF8DE558");
    assert_false(column_guid(&row, 0, guid));
    row = row_of("98947CF1xCDAA-5DC7-A1DE-91ABF8DE5583");
    assert_false(column_guid(&row, 0, guid));
}

static void a_local_time_becomes_utc_by_the_offset(void **state)
{
    static const struct {
        const char *local;
        int64_t minutes;
        const char *utc;
    } cases[] = {
        { "2026-11-21T22:30:00", 60, "2026-11-21T21:30:00Z" },
        { "2026-11-21T22:30:00.997", 60, "2026-11-21T21:30:00Z" },
        { "2026-01-01T00:10:00", 330, "2025-12-31T18:40:00Z" },
        { "2026-12-31T20:00:00", -300, "2027-01-01T01:00:00Z" },
        { "2026-11-21T22:30:00", 0, "2026-11-21T22:30:00Z" },
        { "2026-02-30T22:30:00", 0, NULL },
        { "2026-11-21", 0, NULL },
        { "Nov 21 2026 10:30:00PM", 0, NULL },
        { "", 0, NULL },
        { NULL, 0, NULL },
        { "2026-11-21T22:30:00", 1440, NULL },
        { "2026-11-21T22:30:00Z", 60, NULL },
    };
    char utc[BACKUPS_TIME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good = backups_utc(cases[i].local, cases[i].minutes, utc);

        if (good != (cases[i].utc != NULL) || (good && strcmp(utc, cases[i].utc) != 0))
            fail_msg("%s becomes %s", cases[i].local, good ? utc : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_begin_with_the_host_in_lower_case, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_a_full_name_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_short_name_is_what_netbios_has_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_computer_is_a_single_label_in_the_same_domain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_computer_agrees_with_its_name_as_far_as_netbios_goes, set_up, tear_down),
        cmocka_unit_test(an_instance_has_no_name_that_breaks_a_key),
        cmocka_unit_test(a_number_is_one_or_none),
        cmocka_unit_test(a_truth_is_0_or_1),
        cmocka_unit_test(a_guid_is_in_lower_case),
        cmocka_unit_test(a_local_time_becomes_utc_by_the_offset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
