#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "csv.h"
#include "mem.h"
#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    FILE *stream;
    struct csv *csv;
    struct err err;
};

static struct reader start(const char *bytes, size_t size)
{
    struct reader reader = { 0 };

    reader.stream = fmemopen((void *)bytes, size, "r");
    assert_non_null(reader.stream);
    reader.csv = csv_create(reader.stream);
    return reader;
}

static struct reader start_text(const char *text)
{
    struct reader reader = start(text, strlen(text));

    assert_true(csv_read_header(reader.csv, &reader.err));
    return reader;
}

static void stop(struct reader *reader)
{
    csv_destroy(reader->csv);
    fclose(reader->stream);
}

static void assert_next(struct reader *reader, enum csv_result result)
{
    assert_int_equal(csv_read(reader->csv, &reader->err), result);
}

static void assert_cells(struct reader *reader, const char *first, const char *second)
{
    assert_next(reader, CSV_RECORD);
    assert_string_equal(csv_cell(reader->csv, 0), first);
    assert_string_equal(csv_cell(reader->csv, 1), second);
}

static void cells_are_read_line_by_line(void **state)
{
    struct reader reader = start_text("VM,Host\r\na,b\r\n,\r\nc,d");

    (void)state;
    assert_int_equal(csv_column_count(reader.csv), 2);
    assert_string_equal(csv_column_name(reader.csv, 1), "Host");
    assert_cells(&reader, "a", "b");
    assert_int_equal(csv_line(reader.csv), 2);
    assert_cells(&reader, "", "");
    assert_cells(&reader, "c", "d");
    assert_int_equal(csv_line(reader.csv), 4);
    assert_next(&reader, CSV_END);
    assert_next(&reader, CSV_END);
    stop(&reader);
}

static void quotes_hold_separators_quotes_and_newlines(void **state)
{
    struct reader reader = start_text("VM,Annotation\n\"a,b\",\"he said \"\"no\"\"\r\nand left\"\nc,\"\"\n");

    (void)state;
    assert_cells(&reader, "a,b", "he said \"no\"\r\nand left");
    assert_int_equal(csv_line(reader.csv), 2);
    assert_cells(&reader, "c", "");
    assert_int_equal(csv_line(reader.csv), 4);
    assert_next(&reader, CSV_END);
    stop(&reader);
}

static void the_separator_is_what_the_header_holds_most_of(void **state)
{
    static const struct {
        const char *text;
        char separator;
    } files[] = {
        { "VM,Host\na,b\n", ',' },      { "VM;Host\na;b\n", ';' },
        { "VM\tHost\na\tb\n", '\t' },   { "\"VM, all of them\";Host\na;b\n", ';' },
        { "VM;\"a,b,c\"\na;b\n", ';' }, { "\"two\nlines\"\tHost\na\tb\n", '\t' },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct reader reader = start_text(files[i].text);

        assert_int_equal(csv_separator(reader.csv), files[i].separator);
        assert_cells(&reader, "a", "b");
        assert_next(&reader, CSV_END);
        stop(&reader);
    }
}

static void a_byte_order_mark_is_no_part_of_the_first_name(void **state)
{
    struct reader reader = start_text("\xef\xbb\xbfVM,Host\na,b\n");

    (void)state;
    assert_string_equal(csv_column_name(reader.csv, 0), "VM");
    assert_cells(&reader, "a", "b");
    stop(&reader);
}

static void utf16_with_a_mark_becomes_utf8(void **state)
{
    static const char little[] = "\xff\xfeV\0M\0;\0H\0\n\0\xe9\0;\0\x3d\xd8\x00\xde\n\0";
    static const char big[] = "\xfe\xff\0V\0M\0;\0H\0\n\0\xe9\0;\xd8\x3d\xde\x00\0\n";

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct reader reader = start(i == 0 ? little : big, sizeof little - 1);

        assert_true(csv_read_header(reader.csv, &reader.err));
        assert_string_equal(csv_column_name(reader.csv, 0), "VM");
        assert_cells(&reader, "\xc3\xa9", "\xf0\x9f\x98\x80");
        assert_next(&reader, CSV_END);
        stop(&reader);
    }
}

static void half_a_surrogate_becomes_the_replacement_character(void **state)
{
    static const char bytes[] = "\xff\xfeV\0\n\0\x00\xdex\0\n\0";
    struct reader reader = start(bytes, sizeof bytes - 1);

    (void)state;
    assert_true(csv_read_header(reader.csv, &reader.err));
    assert_next(&reader, CSV_RECORD);
    assert_string_equal(csv_cell(reader.csv, 0), "\xef\xbf\xbdx");
    stop(&reader);
}

static void empty_lines_are_not_records(void **state)
{
    struct reader reader = start_text("VM,Host\n\n\r\na,b\n\n\n");

    (void)state;
    assert_cells(&reader, "a", "b");
    assert_int_equal(csv_line(reader.csv), 4);
    assert_next(&reader, CSV_END);
    stop(&reader);
}

static void a_bad_record_costs_itself_and_names_its_line(void **state)
{
    static const struct {
        const char *line, *why;
    } files[] = {
        { "a\n", "line 2: 1 cell where the header has 2" }, { "a,b,c\n", "line 2: 3 cells where the header has 2" },
        { "a,6\" disk\n", "line 2: a quote within" },       { "a,\"b\"c\n", "line 2: text behind a closing quote" },
        { "a,b\rc\n", "line 2: a carriage return" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str text = STR_EMPTY;
        struct reader reader;

        str_format(&text, "VM,Host\n%sgood,row\n", files[i].line);
        reader = start_text(str_text(&text));
        assert_next(&reader, CSV_BAD);
        assert_non_null(strstr(reader.err.text, files[i].why));
        assert_cells(&reader, "good", "row");
        assert_next(&reader, CSV_END);
        stop(&reader);
        str_finish(&text);
    }
}

static void a_nul_byte_is_refused(void **state)
{
    static const char bytes[] = "VM,Host\na\0,b\nc,d\n";
    struct reader reader = start(bytes, sizeof bytes - 1);

    (void)state;
    assert_true(csv_read_header(reader.csv, &reader.err));
    assert_next(&reader, CSV_BAD);
    assert_non_null(strstr(reader.err.text, "NUL"));
    assert_cells(&reader, "c", "d");
    stop(&reader);
}

static void a_file_cut_off_within_quotes_ends_in_a_bad_record(void **state)
{
    struct reader reader = start_text("VM,Host\na,b\nc,\"d");

    (void)state;
    assert_cells(&reader, "a", "b");
    assert_next(&reader, CSV_BAD);
    assert_non_null(strstr(reader.err.text, "line 3"));
    assert_non_null(strstr(reader.err.text, "cut off"));
    assert_next(&reader, CSV_END);
    stop(&reader);
}

static void a_quote_that_is_never_closed_costs_no_more_than_a_cell(void **state)
{
    struct str text = STR_EMPTY;
    struct reader reader;
    size_t good = 0;
    enum csv_result result;

    (void)state;
    str_add(&text, "VM,Host\na,\"oops\n");
    for (int i = 0; i < 20000; i++)
        str_add(&text, "name,host\n");
    reader = start_text(str_text(&text));
    assert_next(&reader, CSV_BAD);
    assert_non_null(strstr(reader.err.text, "line 2: a cell of more than 64 KiB"));
    while ((result = csv_read(reader.csv, &reader.err)) != CSV_END)
        good += result == CSV_RECORD;
    assert_in_range(good, 20000 - CSV_MAX_CELL / 10 - 2, 20000 - CSV_MAX_CELL / 10);
    stop(&reader);
    str_finish(&text);
}

static void a_cell_of_the_largest_size_passes(void **state)
{
    struct str text = STR_EMPTY;
    struct reader reader;

    (void)state;
    str_format(&text, "VM,Host\n%0*d,b\n%0*d,b\n", CSV_MAX_CELL, 7, CSV_MAX_CELL + 1, 7);
    reader = start_text(str_text(&text));
    assert_next(&reader, CSV_RECORD);
    assert_int_equal(strlen(csv_cell(reader.csv, 0)), CSV_MAX_CELL);
    assert_next(&reader, CSV_BAD);
    assert_next(&reader, CSV_END);
    stop(&reader);
    str_finish(&text);
}

static void the_number_of_columns_has_a_limit(void **state)
{
    struct str text = STR_EMPTY;
    struct reader reader;

    (void)state;
    for (int i = 1; i < CSV_MAX_COLUMNS; i++)
        str_add_char(&text, ',');
    reader = start_text(str_text(&text));
    assert_int_equal(csv_column_count(reader.csv), CSV_MAX_COLUMNS);
    stop(&reader);
    str_add(&text, ",\n");
    reader = start(str_text(&text), text.length);
    assert_false(csv_read_header(reader.csv, &reader.err));
    assert_non_null(strstr(reader.err.text, "512"));
    assert_next(&reader, CSV_END);
    stop(&reader);
    str_finish(&text);
}

static void too_many_cells_leave_the_next_record_whole(void **state)
{
    struct str text = STR_EMPTY;
    struct reader reader;

    (void)state;
    str_add(&text, "VM,Host\n");
    for (int i = 0; i < CSV_MAX_COLUMNS; i++)
        str_add_char(&text, ',');
    str_add(&text, "\na,b\n");
    reader = start_text(str_text(&text));
    assert_next(&reader, CSV_BAD);
    assert_cells(&reader, "a", "b");
    stop(&reader);
    str_finish(&text);
}

static void a_record_has_a_largest_size(void **state)
{
    struct str text = STR_EMPTY;
    struct reader reader;

    (void)state;
    for (int i = 1; i < 40; i++)
        str_add_char(&text, ',');
    str_add_char(&text, '\n');
    for (int i = 0; i < 40; i++)
        str_format(&text, "%0*d%c", 30000, i, i == 39 ? '\n' : ',');
    reader = start_text(str_text(&text));
    assert_next(&reader, CSV_BAD);
    assert_non_null(strstr(reader.err.text, "1 MiB"));
    assert_next(&reader, CSV_END);
    stop(&reader);
    str_finish(&text);
}

static void a_header_without_end_is_no_csv_file(void **state)
{
    size_t size = CSV_MAX_RECORD + 10;
    char *bytes = mem_new(size, 1);
    struct reader reader;

    (void)state;
    memset(bytes, 'x', size);
    reader = start(bytes, size);
    assert_false(csv_read_header(reader.csv, &reader.err));
    assert_non_null(strstr(reader.err.text, "no CSV"));
    assert_next(&reader, CSV_END);
    stop(&reader);
    free(bytes);
}

static void an_empty_file_has_no_header(void **state)
{
    static const char *const files[] = { "", "\xef\xbb\xbf" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct reader reader = start(files[i], strlen(files[i]));

        assert_false(csv_read_header(reader.csv, &reader.err));
        assert_non_null(strstr(reader.err.text, "empty"));
        stop(&reader);
    }
}

static ssize_t give_then_fail(void *cookie, char *buffer, size_t size)
{
    bool *given = cookie;

    if (*given || size < 12) {
        errno = EIO;
        return -1;
    }
    *given = true;
    memcpy(buffer, "VM,Host\na,b\n", 12);
    return 12;
}

static void a_read_error_is_not_the_end_of_the_file(void **state)
{
    bool given = false;
    cookie_io_functions_t functions = { .read = give_then_fail };
    struct reader reader = { .stream = fopencookie(&given, "r", functions) };

    (void)state;
    reader.csv = csv_create(reader.stream);
    assert_true(csv_read_header(reader.csv, &reader.err));
    assert_next(&reader, CSV_RECORD);
    assert_next(&reader, CSV_BROKEN);
    assert_int_equal(reader.err.class, ERR_SYSTEM);
    assert_next(&reader, CSV_END);
    stop(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_read_line_by_line),
        cmocka_unit_test(quotes_hold_separators_quotes_and_newlines),
        cmocka_unit_test(the_separator_is_what_the_header_holds_most_of),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_name),
        cmocka_unit_test(utf16_with_a_mark_becomes_utf8),
        cmocka_unit_test(half_a_surrogate_becomes_the_replacement_character),
        cmocka_unit_test(empty_lines_are_not_records),
        cmocka_unit_test(a_bad_record_costs_itself_and_names_its_line),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_file_cut_off_within_quotes_ends_in_a_bad_record),
        cmocka_unit_test(a_quote_that_is_never_closed_costs_no_more_than_a_cell),
        cmocka_unit_test(a_cell_of_the_largest_size_passes),
        cmocka_unit_test(the_number_of_columns_has_a_limit),
        cmocka_unit_test(too_many_cells_leave_the_next_record_whole),
        cmocka_unit_test(a_record_has_a_largest_size),
        cmocka_unit_test(a_header_without_end_is_no_csv_file),
        cmocka_unit_test(an_empty_file_has_no_header),
        cmocka_unit_test(a_read_error_is_not_the_end_of_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
