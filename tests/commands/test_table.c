/* One description, three writers; and nothing hostile comes through any of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stock.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1764000000000)

static const struct column columns[] = {
    { "NAME", "name", CELL_TEXT, false },
    { "ITEMS", "items", CELL_NUMBER, false },
    { "SEEN", "seen", CELL_AGE, false },
    { "NOTE", "note", CELL_TEXT, false },
    { NULL, "data", CELL_LIST, false },
    { "SHOWN", "shown", CELL_TEXT, true },
    { 0 },
};

static struct document document;
static struct table *table;
static struct style style;
static char *printed;
static size_t printed_size;

static int start(void **state)
{
    (void)state;
    document_init(&document, "things");
    table = document_table(&document, "things", columns);
    style = (struct style){ .now = NOW };
    return 0;
}

static int finish(void **state)
{
    (void)state;
    document_finish(&document);
    free(printed);
    printed = NULL;
    return 0;
}

static const char *print_as(enum format format)
{
    struct err err = ERR_EMPTY;

    free(printed);
    style.format = format;
    style.out = open_memstream(&printed, &printed_size);
    if (!document_print(&document, &style, &err))
        fail_msg("%s", err.text);
    fclose(style.out);
    return printed;
}

static const char *const two[] = { "a, b", "=1" };
static const struct cell_list two_texts = { two, 2, false }, no_texts = { NULL, 0, false };

static void add(const char *name, int64_t items, int64_t seen, const char *note)
{
    table_add(table, (struct cell[]){ cell_text(name), cell_number(items), cell_age(seen), cell_text(note),
                                      cell_list(note == NULL ? &no_texts : &two_texts), cell_text("8GiB") });
}

static void a_table_is_aligned_with_numbers_on_the_right(void **state)
{
    (void)state;
    add("vc01", 7, NOW - 90000, "short");
    add("a", 12345, 0, NULL);
    assert_string_equal(print_as(FORMAT_TABLE), "NAME  ITEMS  SEEN        NOTE   SHOWN\n"
                                                "vc01      7  1m 30s ago  short  8GiB\n"
                                                "a     12345  -           -      8GiB\n");
}

static void json_is_an_array_with_every_member_and_its_type(void **state)
{
    (void)state;
    add("vc01", 7, NOW, "x");
    add("a", -1, 0, NULL);
    assert_string_equal(
        print_as(FORMAT_JSON),
        "[\n"
        "  {\"name\":\"vc01\",\"items\":7,\"seen\":\"2025-11-24T16:00:00Z\",\"note\":\"x\",\"data\":[\"a, "
        "b\",\"=1\"]},\n"
        "  {\"name\":\"a\",\"items\":-1,\"seen\":null,\"note\":null,\"data\":[]}\n"
        "]\n");
}

static void csv_has_a_head_and_what_json_has(void **state)
{
    (void)state;
    add("vc01", 7, NOW, "=1+1");
    assert_string_equal(print_as(FORMAT_CSV), "name,items,seen,note,data\r\n"
                                              "vc01,7,2025-11-24T16:00:00Z,'=1+1,\"a, b; =1\"\r\n");
}

static void csv_is_the_main_table_or_where_none_is_named_the_first(void **state)
{
    static const struct column one[] = { { "id", "id", CELL_NUMBER, false }, { 0 } };

    (void)state;
    table_add(document_table(&document, "asset", one), (struct cell[]){ cell_number(3) });
    document.main = "asset";
    assert_string_equal(print_as(FORMAT_CSV), "id\r\n3\r\n");
    document.main = NULL;
    assert_string_equal(print_as(FORMAT_CSV), "name,items,seen,note,data\r\n");
}

static void nothing_is_still_a_document(void **state)
{
    (void)state;
    table->empty = "There is nothing.";
    assert_string_equal(print_as(FORMAT_TABLE), "There is nothing.\n");
    assert_string_equal(print_as(FORMAT_JSON), "[]\n");
    assert_string_equal(print_as(FORMAT_CSV), "name,items,seen,note,data\r\n");
}

static void several_tables_are_members_of_one_object(void **state)
{
    static const struct column one[] = { { "id", "id", CELL_NUMBER, false },
                                         { "gone", "gone", CELL_TIME, false },
                                         { 0 } };
    struct table *single = document_table(&document, "asset", one), *none = document_table(&document, "none", one);

    (void)state;
    single->single = none->single = true;
    table_add(single, (struct cell[]){ cell_number(3), cell_time(0) });
    assert_string_equal(print_as(FORMAT_JSON),
                        "{\n\"things\": [],\n\"asset\": {\"id\":3,\"gone\":null},\n\"none\": null\n}\n");
    assert_string_equal(print_as(FORMAT_TABLE), "id  3\n");
    assert_string_equal(print_as(FORMAT_CSV), "name,items,seen,note,data\r\n");
}

static void a_list_of_numbers_is_one_in_json_too(void **state)
{
    static const struct column one[] = { { "ROWS", "rows", CELL_LIST, false }, { 0 } };
    static const char *const texts[] = { "20", "21" };
    static const struct cell_list rows = { texts, 2, true };

    (void)state;
    document_finish(&document);
    document_init(&document, NULL);
    table = document_table(&document, "rows", one);
    table_add(table, (struct cell[]){ cell_list(&rows) });
    assert_string_equal(print_as(FORMAT_JSON), "[\n  {\"rows\":[20,21]}\n]\n");
    assert_string_equal(print_as(FORMAT_TABLE), "ROWS\n20, 21\n");
    assert_string_equal(print_as(FORMAT_CSV), "rows\r\n20; 21\r\n");
}

static void a_long_cell_of_a_single_row_is_broken_and_hangs(void **state)
{
    static const struct column one[] = { { "id", "id", CELL_NUMBER, false },
                                         { "reason", "reason", CELL_PROSE, false },
                                         { 0 } };

    (void)state;
    document_finish(&document);
    document_init(&document, NULL);
    table = document_table(&document, "asset", one);
    table->single = true;
    table_add(table, (struct cell[]){ cell_number(3), cell_text("one two three four\nfive") });
    style.columns = 20;
    assert_string_equal(print_as(FORMAT_TABLE), "id      3\nreason  one two\n        three\n        four\\nfive\n");
    style.columns = 0;
    assert_string_equal(print_as(FORMAT_TABLE), "id      3\nreason  one two three four\\nfive\n");
}

static void a_column_of_which_nothing_is_known_is_not_shown_to_people(void **state)
{
    (void)state;
    add("vc01", 7, 0, NULL);
    assert_string_equal(print_as(FORMAT_TABLE), "NAME  ITEMS  SHOWN\nvc01      7  8GiB\n");
}

static void assert_no_control_characters(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\r')
            fail_msg("a control character: %d", *text);
    }
}

static void hostile_text_is_harmless_in_each_form(void **state)
{
    (void)state;
    add(STOCK_HOSTILE, 1, NOW, STOCK_HOSTILE);
    assert_no_control_characters(print_as(FORMAT_TABLE));
    assert_non_null(strstr(printed, "A1\\x1B[31m\"x\",\\u202Egpj\\n2"));
    assert_no_control_characters(print_as(FORMAT_JSON));
    assert_non_null(strstr(printed, "\\u001b[31m\\\"x\\\",\\u202egpj\\n2"));
    assert_no_control_characters(print_as(FORMAT_CSV));
    assert_non_null(strstr(printed, "\"'=cmd"));
    assert_null(strstr(printed, "\xE2\x80\xAE"));
}

static void stored_json_is_passed_on_without_what_a_terminal_acts_on(void **state)
{
    static const struct column one[] = { { "A", "a", CELL_JSON, false }, { 0 } };

    (void)state;
    document_finish(&document);
    document_init(&document, "x");
    table = document_table(&document, "x", one);
    table_add(table, (struct cell[]){ cell_json("{\"a\":\n\"\xC2\x9B\xE2\x80\xAE\xF3\xA0\x80\x81\x7F\"}") });
    assert_string_equal(print_as(FORMAT_JSON), "[\n  {\"a\":{\"a\":\"\\u009b\\u202e\\udb40\\udc01\\u007f\"}}\n]\n");
}

static void the_widest_texts_are_shortened_until_it_fits(void **state)
{
    char *line;

    (void)state;
    add("a name of thirty characters...", 5, NOW, "a note of fifty characters, which is even longer.");
    style.columns = 60;
    print_as(FORMAT_TABLE);
    for (line = strtok(printed, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 60 + 4); /* two ellipses, of three bytes and one column each */
}

static void a_title_and_a_number_are_never_cut(void **state)
{
    (void)state;
    add("abcdefghijkl", 123456789, NOW, "abcdefghijkl");
    style.columns = 10;
    assert_string_equal(print_as(FORMAT_TABLE), "NAME        ITEMS  SEEN  NOTE    SHOWN\n"
                                                "abcde…  123456789  now   abcde…  8GiB\n");
}

static void equally_wide_texts_give_way_equally(void **state)
{
    static const struct column two_columns[] = { { "A", "a", CELL_TEXT, false },
                                                 { "B", "b", CELL_TEXT, false },
                                                 { 0 } };

    (void)state;
    document_finish(&document);
    document_init(&document, "x");
    table = document_table(&document, "x", two_columns);
    table_add(table, (struct cell[]){ cell_text("abcdefghijklmnopqrst"), cell_text("ABCDEFGHIJKLMNOPQRST") });
    style.columns = 22;
    assert_string_equal(print_as(FORMAT_TABLE), "A           B\n"
                                                "abcdefghi…  ABCDEFGHI…\n");
}

static void before_texts_become_unreadable_the_spare_columns_go_one_by_one(void **state)
{
    static const char *const spare[] = { "SEEN", "NOTE", NULL };

    (void)state;
    table->spare = spare;
    add("abcdefghijklmnopqrstuvwxyz", 5, NOW, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    style.columns = 62; /* all fits with texts of 20 letters */
    assert_string_equal(print_as(FORMAT_TABLE), "NAME                  ITEMS  SEEN  NOTE                  SHOWN\n"
                                                "abcdefghijklmnopqrs…      5  now   ABCDEFGHIJKLMNOPQRS…  8GiB\n");
    style.columns = 60;
    assert_string_equal(print_as(FORMAT_TABLE), "NAME                    ITEMS  NOTE                    SHOWN\n"
                                                "abcdefghijklmnopqrstu…      5  ABCDEFGHIJKLMNOPQRSTU…  8GiB\n");
    style.columns = 40;
    assert_string_equal(print_as(FORMAT_TABLE), "NAME                        ITEMS  SHOWN\n"
                                                "abcdefghijklmnopqrstuvwxyz      5  8GiB\n");
    assert_non_null(strstr(print_as(FORMAT_CSV), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
}

static const struct column sentences[] = {
    { "NAME", "name", CELL_TEXT, false },
    { "WHY", "why", CELL_PROSE, false },
    { "STATE", "state", CELL_TEXT, false },
    { 0 },
};

static void add_sentence(const char *name, const char *why)
{
    table_add(table, (struct cell[]){ cell_text(name), cell_toned(cell_text(why), TONE_BAD), cell_text("held") });
}

static int start_sentences(void **state)
{
    start(state);
    document_finish(&document);
    document_init(&document, "x");
    table = document_table(&document, "x", sentences);
    add_sentence("vc01", "the account was refused: ask who changed its password");
    add_sentence("vc02", NULL);
    return 0;
}

static void a_sentence_that_does_not_fit_stands_beneath_its_row_whole(void **state)
{
    (void)state;
    style.columns = 30;
    assert_string_equal(print_as(FORMAT_TABLE), "NAME  STATE\n"
                                                "vc01  held\n"
                                                "    WHY: the account was\n"
                                                "    refused: ask who changed\n"
                                                "    its password\n"
                                                "vc02  held\n");
    style.color = true;
    assert_non_null(strstr(print_as(FORMAT_TABLE), "    \033[31mits password\033[0m\n"));
}

static void a_sentence_that_fits_is_a_column_like_others(void **state)
{
    (void)state;
    style.columns = 66;
    assert_string_equal(print_as(FORMAT_TABLE), "NAME  WHY                                                    STATE\n"
                                                "vc01  the account was refused: ask who changed its password  held\n"
                                                "vc02  -                                                      held\n");
    assert_non_null(strstr(print_as(FORMAT_JSON), "\"why\":\"the account"));
    assert_non_null(strstr(print_as(FORMAT_CSV), "vc01,the account"));
}

static void a_hostile_sentence_stays_in_its_place_on_the_narrowest_terminal(void **state)
{
    (void)state;
    add_sentence("vc03", STOCK_HOSTILE);
    style.columns = 1;
    assert_no_control_characters(print_as(FORMAT_TABLE));
    for (char *line = strtok(printed, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(strncmp(line, "    ", 4) == 0 || strncmp(line, "vc0", 3) == 0 || strncmp(line, "NAME", 4) == 0);
}

static void without_a_width_nothing_is_cut(void **state)
{
    char name[2001];

    (void)state;
    memset(name, 'x', 2000);
    name[2000] = '\0';
    add(name, 1, NOW, "b");
    assert_non_null(strstr(print_as(FORMAT_TABLE), name));
}

static void colours_come_only_where_they_are_wanted(void **state)
{
    (void)state;
    add("vc01", 7, NOW, "x");
    table_cell(table, 0, "note")->tone = TONE_BAD;
    assert_null(strchr(print_as(FORMAT_TABLE), '\033'));
    style.color = true;
    assert_string_equal(print_as(FORMAT_TABLE), "\033[1mNAME  ITEMS  SEEN  NOTE  SHOWN\033[0m\n"
                                                "vc01      7  now   \033[31mx   \033[0m  8GiB\n");
    assert_null(strchr(print_as(FORMAT_JSON), '\033'));
    assert_null(strchr(print_as(FORMAT_CSV), '\033'));
}

static void people_see_at_most_so_many_rows_and_programs_all(void **state)
{
    (void)state;
    table->at_most = 1;
    add("a", 1, NOW, "x");
    add("b", 2, NOW, "x");
    assert_null(strstr(print_as(FORMAT_TABLE), "\nb"));
    assert_non_null(strstr(printed, "and 1 more"));
    assert_non_null(strstr(print_as(FORMAT_CSV), "\r\nb,"));
}

static void assert_age(int64_t wall_ms, const char *expected)
{
    struct cell cell = cell_age(wall_ms);
    struct str text = STR_EMPTY;

    cell_show(&text, &cell, NOW);
    assert_string_equal(str_text(&text), expected);
    str_finish(&text);
}

static void ages_are_short(void **state)
{
    (void)state;
    assert_age(0, "-");
    assert_age(NOW - 400, "now");
    assert_age(NOW - 1000, "1s ago");
    assert_age(NOW - 3600000, "1h ago");
    assert_age(NOW - 3661000, "1h 1m ago");
    assert_age(NOW - INT64_C(40) * 86400000, "40d ago");
    assert_age(NOW + 7200000, "in 2h");
}

static void what_was_due_is_due_now(void **state)
{
    struct cell past = cell_due(NOW - 5000), coming = cell_due(NOW + 5000);
    struct str text = STR_EMPTY;

    (void)state;
    cell_show(&text, &past, NOW);
    str_add_char(&text, ' ');
    cell_show(&text, &coming, NOW);
    assert_string_equal(str_text(&text), "now in 5s");
    str_finish(&text);
}

static void a_record_fills_its_columns_and_nothing_else(void **state)
{
    static const struct control_field fields[] = { { "items", "12" },
                                                   { "seen", "2025-11-24T15:00:00Z" },
                                                   { "name", STOCK_HOSTILE },
                                                   { "unknown_to_this_release", "x" } };
    static const struct control_field odd[] = { { "items", "a dozen" }, { "seen", "yesterday" }, { "name", NULL } };

    (void)state;
    table_add_record(&document, table, &(struct control_record){ "target", fields, 4 });
    table_add_record(&document, table, &(struct control_record){ "target", odd, 3 });
    assert_int_equal(table_cell(table, 0, "items")->number, 12);
    assert_int_equal(table_cell(table, 0, "seen")->number, NOW - 3600000);
    assert_string_equal(table_cell(table, 0, "name")->text, STOCK_HOSTILE);
    assert_int_equal(table_cell(table, 0, "note")->type, CELL_NONE);
    assert_int_equal(table_cell(table, 1, "items")->type, CELL_NONE);
    assert_int_equal(table_cell(table, 1, "seen")->type, CELL_NONE);
    assert_int_equal(table_cell(table, 1, "name")->type, CELL_NONE);
}

static void an_output_that_takes_no_more_is_an_error(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    for (int i = 0; i < 1000; i++)
        add("a name of thirty characters...", i, NOW, "x");
    style.out = fopen("/dev/full", "w");
    assert_non_null(style.out);
    for (enum format format = FORMAT_TABLE; format <= FORMAT_CSV; format++) {
        style.format = format;
        assert_false(document_print(&document, &style, &err));
        assert_non_null(strstr(err.text, "No space"));
    }
    fclose(style.out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_table_is_aligned_with_numbers_on_the_right, start, finish),
        cmocka_unit_test_setup_teardown(json_is_an_array_with_every_member_and_its_type, start, finish),
        cmocka_unit_test_setup_teardown(csv_has_a_head_and_what_json_has, start, finish),
        cmocka_unit_test_setup_teardown(csv_is_the_main_table_or_where_none_is_named_the_first, start, finish),
        cmocka_unit_test_setup_teardown(nothing_is_still_a_document, start, finish),
        cmocka_unit_test_setup_teardown(several_tables_are_members_of_one_object, start, finish),
        cmocka_unit_test_setup_teardown(a_list_of_numbers_is_one_in_json_too, start, finish),
        cmocka_unit_test_setup_teardown(a_long_cell_of_a_single_row_is_broken_and_hangs, start, finish),
        cmocka_unit_test_setup_teardown(a_column_of_which_nothing_is_known_is_not_shown_to_people, start, finish),
        cmocka_unit_test_setup_teardown(hostile_text_is_harmless_in_each_form, start, finish),
        cmocka_unit_test_setup_teardown(stored_json_is_passed_on_without_what_a_terminal_acts_on, start, finish),
        cmocka_unit_test_setup_teardown(the_widest_texts_are_shortened_until_it_fits, start, finish),
        cmocka_unit_test_setup_teardown(a_title_and_a_number_are_never_cut, start, finish),
        cmocka_unit_test_setup_teardown(equally_wide_texts_give_way_equally, start, finish),
        cmocka_unit_test_setup_teardown(before_texts_become_unreadable_the_spare_columns_go_one_by_one, start, finish),
        cmocka_unit_test_setup_teardown(a_sentence_that_does_not_fit_stands_beneath_its_row_whole, start_sentences,
                                        finish),
        cmocka_unit_test_setup_teardown(a_sentence_that_fits_is_a_column_like_others, start_sentences, finish),
        cmocka_unit_test_setup_teardown(a_hostile_sentence_stays_in_its_place_on_the_narrowest_terminal,
                                        start_sentences, finish),
        cmocka_unit_test_setup_teardown(without_a_width_nothing_is_cut, start, finish),
        cmocka_unit_test_setup_teardown(colours_come_only_where_they_are_wanted, start, finish),
        cmocka_unit_test_setup_teardown(people_see_at_most_so_many_rows_and_programs_all, start, finish),
        cmocka_unit_test_setup_teardown(ages_are_short, start, finish),
        cmocka_unit_test_setup_teardown(what_was_due_is_due_now, start, finish),
        cmocka_unit_test_setup_teardown(a_record_fills_its_columns_and_nothing_else, start, finish),
        cmocka_unit_test_setup_teardown(an_output_that_takes_no_more_is_an_error, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
