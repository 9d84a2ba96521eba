/* Options and operands of a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "commands.h"
#include "flags.h"

#include <string.h>

static const struct flag own[] = {
    { "limit", 'l', FLAGS_NUMBER, "so many" },
    { "gone", 0, NULL, "gone ones" },
    { "by", 'b', "kind|target|tag", "what" },
    { 0 },
};
static const struct flag common[] = { { "format", 'f', "F", "form" }, { "help", 'h', NULL, "help" }, { 0 } };

static struct flags flags;
static struct err err;

static int start(void **state)
{
    (void)state;
    err = ERR_EMPTY;
    flags_init(&flags, common);
    flags.own = own;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    flags_finish(&flags);
    return 0;
}

static size_t take(const char *const *words, bool first)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return flags_take(&flags, (char *const *)words, count, first, &err);
}

#define TAKE(...) take((const char *const[]){ __VA_ARGS__, NULL }, false)

static void options_stand_anywhere_and_in_each_form(void **state)
{
    (void)state;
    assert_int_equal(TAKE("a", "--limit", "5", "--format=json", "b", "--gone", "-h"), 7);
    assert_string_equal(flags_value(&flags, "limit"), "5");
    assert_string_equal(flags_value(&flags, "format"), "json");
    assert_string_equal(flags_value(&flags, "gone"), "");
    assert_non_null(flags_value(&flags, "help"));
    assert_int_equal(flags.operands.count, 2);
    assert_string_equal(flags.operands.items[1], "b");
}

static void a_letter_takes_its_value_with_or_without_a_blank(void **state)
{
    (void)state;
    assert_int_equal(TAKE("-l", "5"), 2);
    assert_string_equal(flags_value(&flags, "limit"), "5");
    assert_int_equal(TAKE("-l7"), 1);
    assert_string_equal(flags_value(&flags, "limit"), "7");
}

static void the_last_one_counts_and_an_empty_value_is_one(void **state)
{
    (void)state;
    assert_int_equal(TAKE("--format=1", "--format="), 2);
    assert_string_equal(flags_value(&flags, "format"), "");
    assert_null(flags_value(&flags, "gone"));
}

static void all_of_one_that_comes_several_times_are_there_for_who_asks(void **state)
{
    size_t at = 0;

    (void)state;
    assert_int_equal(TAKE("--limit", "1", "-f", "x", "a", "--limit=2", "-l3"), 7);
    assert_string_equal(flags_next(&flags, "limit", &at), "1");
    assert_string_equal(flags_next(&flags, "limit", &at), "2");
    assert_string_equal(flags_next(&flags, "limit", &at), "3");
    assert_null(flags_next(&flags, "limit", &at));
    assert_null(flags_next(&flags, "limit", &at));
    at = 0;
    assert_null(flags_next(&flags, "gone", &at));
}

static void two_dashes_end_the_options_and_one_is_an_operand(void **state)
{
    (void)state;
    assert_int_equal(TAKE("-", "--", "--gone", "--nonsense"), 4);
    assert_int_equal(flags.operands.count, 3);
    assert_string_equal(flags.operands.items[1], "--gone");
    assert_null(flags_value(&flags, "gone"));
}

static void it_stops_behind_the_first_operand_where_it_is_told_to(void **state)
{
    static const char *const words[] = { "--format", "csv", "list", "--unknown", NULL };

    (void)state;
    assert_int_equal(take(words, true), 3);
    assert_string_equal(flags.operands.items[0], "list");
}

static void assert_refused(size_t taken, const char *said)
{
    assert_int_equal(taken, 0);
    if (strstr(err.text, said) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", said, err.text);
    flags_finish(&flags);
    flags_init(&flags, common);
    flags.own = own;
}

static void what_is_wrong_is_refused_in_words(void **state)
{
    (void)state;
    assert_refused(TAKE("--limt", "5"), "did you mean --limit?");
    assert_refused(TAKE("--frmat=json"), "did you mean --format?");
    assert_refused(TAKE("--zzzzzzzzzz"), "no option --zzzzzzzzzz");
    assert_refused(TAKE("-x"), "no option -x");
    assert_refused(TAKE("--limit"), "--limit needs a value");
    assert_refused(TAKE("--gone=1"), "takes no value");
    assert_refused(TAKE("--\x1b[31mred"), "\\x1B[31m");
    assert_refused(TAKE("--lim"), "no option --lim");
}

static void a_value_is_a_number_or_one_of_the_words_where_its_option_says_so(void **state)
{
    (void)state;
    assert_int_equal(flags_number(&flags, "limit", 7), 7);
    assert_int_equal(flags_word(&flags, "by", 9), 9);
    assert_int_equal(TAKE("--limit", "0", "-b", "tag"), 4);
    assert_int_equal(flags_number(&flags, "limit", 7), 0);
    assert_int_equal(flags_word(&flags, "by", 9), 2);
    assert_int_equal(TAKE("--limit=1000000000", "--by=kind"), 2);
    assert_int_equal(flags_number(&flags, "limit", 7), 1000000000);
    assert_int_equal(flags_word(&flags, "by", 9), 0);
    assert_refused(TAKE("--limit="), "--limit takes a number from 0 to 1000000000");
    assert_refused(TAKE("--limit=-1"), "not -1");
    assert_refused(TAKE("--limit", "1000000001"), "not 1000000001");
    assert_refused(TAKE("-lmany"), "not many");
    assert_refused(TAKE("--by", "owner"), "--by takes kind, target or tag, not owner");
    assert_refused(TAKE("--by=targe"), "not targe");
    assert_refused(TAKE("--by=kind|target"), "not kind|target");
    assert_refused(TAKE("--by="), "--by takes");
}

static void a_command_is_found_by_its_name_alone(void **state)
{
    (void)state;
    assert_ptr_equal(command_find(NULL, "list", &err), &command_list);
    assert_null(command_find(NULL, "lsit", &err));
    assert_non_null(strstr(err.text, "did you mean list?"));
    assert_null(command_find(NULL, "", &err));
    assert_null(command_find(NULL, "xyzzy\n", &err));
    assert_non_null(strstr(err.text, "xyzzy\\n"));
}

static void a_command_of_a_group_is_found_by_its_last_word(void **state)
{
    (void)state;
    assert_ptr_equal(command_find(&command_matrix, "list", &err), &command_matrix_list);
    assert_null(command_find(&command_matrix, "lokup", &err));
    assert_non_null(strstr(err.text, "no command matrix lokup; did you mean lookup?"));
    assert_null(command_find(&command_matrix, "matrix lookup", &err));
    assert_null(command_find(&command_matrix, "xyzzy", &err));
    assert_non_null(strstr(err.text, "muster matrix --help"));
}

static void an_own_option_hides_a_common_one_of_its_name(void **state)
{
    static const struct flag hiding[] = { { "format", 0, "SHAPE", "of it" }, { 0 } };
    struct str help = STR_EMPTY;

    (void)state;
    assert_int_equal(TAKE("--format", "csv"), 2);
    assert_true(flags_has_common(&flags, "format"));
    flags_finish(&flags);
    flags_init(&flags, common);
    flags.own = hiding;
    assert_int_equal(TAKE("--format", "round"), 2);
    assert_false(flags_has_common(&flags, "format"));
    assert_string_equal(flags_value(&flags, "format"), "round");
    flags_help(&help, common, hiding);
    assert_null(strstr(str_text(&help), "--format"));
    str_finish(&help);
}

static void a_command_takes_so_many_operands(void **state)
{
    (void)state;
    assert_false(command_check(&command_show, &flags, &err));
    assert_non_null(strstr(err.text, "muster show ITEM"));
    assert_int_equal(TAKE("a"), 1);
    assert_true(command_check(&command_show, &flags, &err));
    assert_int_equal(TAKE("b"), 1);
    assert_false(command_check(&command_show, &flags, &err));
    assert_non_null(strstr(err.text, "b is one word too many"));
    assert_true(command_check(&command_scan, &flags, &err));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(options_stand_anywhere_and_in_each_form, start, finish),
        cmocka_unit_test_setup_teardown(a_letter_takes_its_value_with_or_without_a_blank, start, finish),
        cmocka_unit_test_setup_teardown(the_last_one_counts_and_an_empty_value_is_one, start, finish),
        cmocka_unit_test_setup_teardown(all_of_one_that_comes_several_times_are_there_for_who_asks, start, finish),
        cmocka_unit_test_setup_teardown(two_dashes_end_the_options_and_one_is_an_operand, start, finish),
        cmocka_unit_test_setup_teardown(it_stops_behind_the_first_operand_where_it_is_told_to, start, finish),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused_in_words, start, finish),
        cmocka_unit_test_setup_teardown(a_value_is_a_number_or_one_of_the_words_where_its_option_says_so, start,
                                        finish),
        cmocka_unit_test_setup_teardown(a_command_is_found_by_its_name_alone, start, finish),
        cmocka_unit_test_setup_teardown(a_command_of_a_group_is_found_by_its_last_word, start, finish),
        cmocka_unit_test_setup_teardown(an_own_option_hides_a_common_one_of_its_name, start, finish),
        cmocka_unit_test_setup_teardown(a_command_takes_so_many_operands, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
