#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vim_value.h"

static struct vim_value file = { .name = "fileName", .type = "", .ref_type = "", .text = "[ds] a.vmdk" };
static struct vim_value second = { .name = "datastore", .ref_type = "Datastore", .text = "datastore-2" };
static struct vim_value backing = { .name = "backing", .text = "", .first = &file, .next = &second };
static struct vim_value first = {
    .name = "datastore", .ref_type = "Datastore", .text = "datastore-1", .next = &backing
};
static const struct vim_value root = { .name = "val", .text = "", .first = &first };

static void children_are_found_by_their_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(vim_child(&root, "datastore"), &first);
    assert_ptr_equal(vim_child(&root, "backing"), &backing);
    assert_null(vim_child(&root, "data"));
    assert_null(vim_child(&root, "datastores"));
    assert_null(vim_child(&root, ""));
    assert_null(vim_child(&file, "datastore"));
    assert_null(vim_child(NULL, "datastore"));
}

static void the_next_one_has_the_same_name(void **state)
{
    (void)state;
    assert_ptr_equal(vim_again(&first), &second);
    assert_null(vim_again(&second));
    assert_null(vim_again(&backing));
    assert_null(vim_again(NULL));
}

static void a_path_leads_to_a_text(void **state)
{
    (void)state;
    assert_string_equal(vim_text(&root, "backing.fileName"), "[ds] a.vmdk");
    assert_string_equal(vim_text(&root, "datastore"), "datastore-1");
    assert_string_equal(vim_text(&file, ""), "[ds] a.vmdk");
    assert_string_equal(vim_text(&root, ""), "");
    assert_null(vim_text(&root, "backing.file"));
    assert_null(vim_text(&root, "backing.fileName.x"));
    assert_null(vim_text(&root, ".backing"));
    assert_null(vim_text(NULL, ""));
    assert_null(vim_text(NULL, "backing"));
}

static void whole_numbers_are_those_of_xml_schema(void **state)
{
    static const struct {
        const char *text;
        int64_t number;
    } good[] = { { "0", 0 },
                 { "-1", -1 },
                 { "+7", 7 },
                 { "007", 7 },
                 { " 12\n", 12 },
                 { "-0", 0 },
                 { "9223372036854775807", INT64_MAX },
                 { "-9223372036854775808", INT64_MIN } };
    static const char *const bad[] = { "",
                                       " ",
                                       "-",
                                       "+",
                                       "1 2",
                                       "0x10",
                                       "1.0",
                                       "1e3",
                                       "--1",
                                       "\v1",
                                       "1a",
                                       "٣",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "92233720368547758070",
                                       "99999999999999999999999999999" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct vim_value child = { .name = "key", .text = good[i].text }, value = { .first = &child };
        int64_t number = 77;

        assert_true(vim_int(&value, "key", &number));
        assert_int_equal(number, good[i].number);
        assert_false(vim_int(&value, "unit", &number));
        assert_int_equal(number, good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct vim_value value = { .text = bad[i] };
        int64_t number = 77;

        assert_false(vim_int(&value, "", &number));
        assert_int_equal(number, 77);
    }
}

static void truths_are_those_of_xml_schema(void **state)
{
    static const char *const yes[] = { "true", "1", " true\t" }, *const no[] = { "false", "0", "\r\nfalse" };
    static const char *const bad[] = { "", "True", "FALSE", "yes", "2", "truee", "tru", "true false", "00" };
    bool truth;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct vim_value good = { .text = yes[i] }, evil = { .text = no[i] };

        truth = false;
        assert_true(vim_bool(&good, "", &truth));
        assert_true(truth);
        assert_true(vim_bool(&evil, "", &truth));
        assert_false(truth);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct vim_value value = { .text = bad[i] };

        truth = true;
        assert_false(vim_bool(&value, "", &truth));
        assert_true(truth);
    }
    assert_false(vim_bool(NULL, "", &truth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_are_found_by_their_whole_name),
        cmocka_unit_test(the_next_one_has_the_same_name),
        cmocka_unit_test(a_path_leads_to_a_text),
        cmocka_unit_test(whole_numbers_are_those_of_xml_schema),
        cmocka_unit_test(truths_are_those_of_xml_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
