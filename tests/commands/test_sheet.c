/* Lines for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sheet.h"
#include "stock.h"

#include <string.h>

static struct str text;
static struct style style;
static struct sheet sheet;

static int start(void **state)
{
    (void)state;
    text = STR_EMPTY;
    style = (struct style){ 0 };
    sheet = (struct sheet){ &text, &style };
    return 0;
}

static int finish(void **state)
{
    (void)state;
    str_finish(&text);
    return 0;
}

static void a_word_stands_in_front_of_its_text(void **state)
{
    (void)state;
    sheet_line(&sheet, 2, "why", TONE_PLAIN, "%d rows", 2);
    sheet_line(&sheet, 0, NULL, TONE_PLAIN, "plain");
    sheet_line(&sheet, 0, "a long word", TONE_PLAIN, "x");
    assert_string_equal(str_text(&text), "  why       2 rows\nplain\na long word x\n");
}

static void a_text_is_broken_at_blanks_and_hangs_behind_its_word(void **state)
{
    (void)state;
    style.columns = 32;
    sheet_line(&sheet, 1, "why", TONE_PLAIN, "one two three four five six");
    assert_string_equal(str_text(&text), " why       one two three four\n           five six\n");
}

static void what_is_not_there_takes_no_line(void **state)
{
    (void)state;
    sheet_some(&sheet, 0, "why", TONE_PLAIN, NULL);
    sheet_some(&sheet, 0, "why", TONE_PLAIN, "");
    sheet_list(&sheet, 0, "why", NULL, 0);
    assert_string_equal(str_text(&text), "");
    sheet_list(&sheet, 0, "why", (const char *const[]){ "a", "b" }, 2);
    assert_string_equal(str_text(&text), "why       a, b\n");
}

static void colours_come_only_where_they_are_wanted(void **state)
{
    (void)state;
    sheet_line(&sheet, 0, NULL, TONE_BAD, "x");
    assert_string_equal(str_text(&text), "x\n");
    style.color = true;
    str_clear(&text);
    sheet_line(&sheet, 0, NULL, TONE_BAD, "x");
    assert_string_equal(str_text(&text), "\033[31mx\033[0m\n");
}

static void hostile_words_and_texts_stay_on_their_line(void **state)
{
    (void)state;
    sheet_line(&sheet, 0, STOCK_HOSTILE, TONE_PLAIN, "%s", STOCK_HOSTILE);
    assert_null(strchr(str_text(&text), '\033'));
    assert_ptr_equal(strchr(str_text(&text), '\n'), str_text(&text) + text.length - 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_word_stands_in_front_of_its_text, start, finish),
        cmocka_unit_test_setup_teardown(a_text_is_broken_at_blanks_and_hangs_behind_its_word, start, finish),
        cmocka_unit_test_setup_teardown(what_is_not_there_takes_no_line, start, finish),
        cmocka_unit_test_setup_teardown(colours_come_only_where_they_are_wanted, start, finish),
        cmocka_unit_test_setup_teardown(hostile_words_and_texts_stay_on_their_line, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
