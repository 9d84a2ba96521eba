#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frame.h"

#include <stdlib.h>
#include <string.h>

#define TYPE 7

static struct str out;
static struct frame_writer writer;
static struct frame_decoder decoder;
static struct err err;

static int start(void **state)
{
    (void)state;
    out = STR_EMPTY;
    decoder = FRAME_DECODER_EMPTY;
    err = ERR_EMPTY;
    frame_begin(&writer, &out, TYPE);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    str_finish(&out);
    frame_decoder_finish(&decoder);
    return 0;
}

static void assert_sentence(const char *part)
{
    if (strstr(err.text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
    assert_int_equal(err.class, ERR_PROTOCOL);
}

/* Ends the frame that is being written and takes it through the decoder. */
static struct frame_reader written(void)
{
    struct frame frame;

    assert_true(frame_end(&writer, &err));
    frame_feed(&decoder, out.bytes, out.length);
    assert_int_equal(frame_next(&decoder, &frame, &err), FRAME_READY);
    assert_int_equal(frame.type, TYPE);
    assert_int_equal(frame.size, out.length - FRAME_HEADER);
    return frame_read(&frame);
}

static void assert_misfit(const struct frame_reader *reader, const char *part)
{
    assert_false(frame_done(reader, &err));
    assert_sentence(part);
}

/* ---------------------------------------------------------------------------------------------------- fields ---- */

static void the_bytes_are_as_the_header_says(void **state)
{
    static const char expected[] = "\x29\0\0\0"
                                   "\x07"
                                   "n\x08\x07\x06\x05\x04\x03\x02\x01"
                                   "i\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                   "t\x02\0\0\0\xC3\xA4\0"
                                   "0"
                                   "b\x03\0\0\0\0\xFF\0"
                                   "b\0\0\0\0";

    (void)state;
    frame_put_number(&writer, 0x0102030405060708);
    frame_put_int(&writer, -2);
    frame_put_text(&writer, "ä");
    frame_put_text(&writer, NULL);
    frame_put_bytes(&writer, "\0\xFF\0", 3);
    frame_put_bytes(&writer, NULL, 0);
    assert_true(frame_end(&writer, &err));
    assert_int_equal(out.length, sizeof expected - 1);
    assert_memory_equal(out.bytes, expected, sizeof expected);
}

static void extreme_values_come_back(void **state)
{
    static const uint64_t numbers[] = { 0, 1, 0xFF, 0x100, INT64_MAX, UINT64_MAX };
    static const int64_t ints[] = { 0, -1, INT64_MIN, INT64_MAX };
    struct frame_reader reader;

    (void)state;
    for (size_t i = 0; i < 6; i++)
        frame_put_number(&writer, numbers[i]);
    for (size_t i = 0; i < 4; i++)
        frame_put_int(&writer, ints[i]);
    reader = written();
    for (size_t i = 0; i < 6; i++)
        assert_true(frame_get_number(&reader) == numbers[i]);
    for (size_t i = 0; i < 4; i++)
        assert_true(frame_get_int(&reader) == ints[i]);
    assert_true(frame_done(&reader, &err));
}

static void texts_and_bytes_come_back(void **state)
{
    struct frame_reader reader;
    const void *bytes;
    size_t size;

    (void)state;
    frame_put_text(&writer, "");
    frame_put_text(&writer, "Straße 🙂");
    frame_put_text(&writer, NULL);
    frame_put_text(&writer, "maybe");
    frame_put_bytes(&writer, "a\0b\xFF", 4);
    frame_put_bytes(&writer, "", 0);
    reader = written();
    assert_string_equal(frame_get_text(&reader, 0), "");
    assert_string_equal(frame_get_text(&reader, 100), "Straße 🙂");
    assert_null(frame_get_maybe_text(&reader, 100));
    assert_string_equal(frame_get_maybe_text(&reader, 100), "maybe");
    bytes = frame_get_bytes(&reader, 4, &size);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "a\0b\xFF", 4);
    assert_non_null(frame_get_bytes(&reader, 0, &size));
    assert_int_equal(size, 0);
    assert_true(frame_done(&reader, &err));
}

static void a_frame_without_fields_is_a_frame(void **state)
{
    struct frame_reader reader;

    (void)state;
    reader = written();
    assert_true(frame_done(&reader, &err));
    assert_int_equal(out.length, FRAME_HEADER);
    assert_int_equal(frame_get_number(&reader), 0);
    assert_misfit(&reader, "a number is missing");
}

/* --------------------------------------------------------------------------------------------------- misfits ---- */

enum { NUMBER, INT, TEXT, MAYBE_TEXT, BYTES, GETTERS };

static void get(struct frame_reader *reader, int getter)
{
    size_t size;

    switch (getter) {
    case NUMBER: frame_get_number(reader); break;
    case INT: frame_get_int(reader); break;
    case TEXT: frame_get_text(reader, 100); break;
    case MAYBE_TEXT: frame_get_maybe_text(reader, 100); break;
    default: frame_get_bytes(reader, 100, &size); break;
    }
}

static void a_field_of_another_type_is_a_misfit(void **state)
{
    static const char *const fields[] = { "n\0\0\0\0\0\0\0", "i\0\0\0\0\0\0\0", "t\0\0\0\0", "0", "b\0\0\0", "x" };
    static const size_t sizes[] = { 9, 9, 6, 1, 5, 1 };
    static const char *const fits[] = { "n", "i", "t", "t0", "b" };
    static const char *const missing[] = { "a number is missing", "a signed number is missing", "a text is missing",
                                           "a text is missing", "bytes are missing" };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        for (int getter = 0; getter < GETTERS; getter++) {
            struct frame frame = { .body = (const uint8_t *)fields[i], .size = sizes[i] };
            struct frame_reader reader = frame_read(&frame);

            get(&reader, getter);
            if (strchr(fits[getter], fields[i][0]) != NULL)
                assert_true(frame_done(&reader, &err));
            else
                assert_misfit(&reader, missing[getter]);
        }
    }
}

static void put_all_types(void)
{
    frame_put_number(&writer, 1);
    frame_put_int(&writer, 2);
    frame_put_text(&writer, "three");
    frame_put_text(&writer, NULL);
    frame_put_bytes(&writer, "four", 4);
}

static void get_all_types(struct frame_reader *reader)
{
    size_t size;

    frame_get_number(reader);
    frame_get_int(reader);
    frame_get_text(reader, 100);
    frame_get_maybe_text(reader, 100);
    frame_get_bytes(reader, 100, &size);
}

/* In memory of its own, so that a byte read behind the end is noticed. */
static void fields_cut_off_at_any_byte_are_a_misfit(void **state)
{
    size_t whole;

    (void)state;
    put_all_types();
    assert_true(frame_end(&writer, &err));
    whole = out.length - FRAME_HEADER;
    for (size_t size = 0; size <= whole; size++) {
        uint8_t *body = malloc(size + 1);
        struct frame frame = { .type = TYPE, .body = body + 1, .size = size };
        struct frame_reader reader = frame_read(&frame);

        memcpy(body + 1, out.bytes + FRAME_HEADER, size);
        get_all_types(&reader);
        assert_int_equal(frame_done(&reader, &err), size == whole);
        free(body);
    }
}

static void after_a_misfit_nothing_is_returned_and_the_first_is_told(void **state)
{
    struct frame_reader reader;
    size_t size = 5;

    (void)state;
    put_all_types();
    reader = written();
    assert_string_equal(frame_get_text(&reader, 100), "");
    assert_int_equal(frame_get_number(&reader), 0);
    assert_int_equal(frame_get_int(&reader), 0);
    assert_string_equal(frame_get_text(&reader, 100), "");
    assert_string_equal(frame_get_maybe_text(&reader, 100), "");
    assert_null(frame_get_bytes(&reader, 100, &size));
    assert_int_equal(size, 0);
    frame_misfit(&reader, "a later one");
    assert_misfit(&reader, "a text is missing");
}

static void a_caller_can_find_a_misfit_of_its_own(void **state)
{
    struct frame_reader reader;

    (void)state;
    frame_put_number(&writer, 5);
    frame_put_number(&writer, 6);
    reader = written();
    assert_int_equal(frame_get_number(&reader), 5);
    frame_misfit(&reader, "five is right out");
    assert_int_equal(frame_get_number(&reader), 0);
    assert_misfit(&reader, "five is right out");
}

static void what_is_left_over_is_told(void **state)
{
    struct frame_reader reader;

    (void)state;
    frame_put_text(&writer, "x");
    frame_put_number(&writer, 5);
    reader = written();
    frame_get_text(&reader, 100);
    assert_misfit(&reader, "it has 9 bytes too many");
}

static void a_value_past_its_limit_is_a_misfit(void **state)
{
    struct frame_reader reader;
    size_t size;

    (void)state;
    frame_put_text(&writer, "12345");
    frame_put_bytes(&writer, "12345", 5);
    frame_put_text(&writer, "123456");
    reader = written();
    assert_string_equal(frame_get_text(&reader, 5), "12345");
    assert_non_null(frame_get_bytes(&reader, 5, &size));
    assert_string_equal(frame_get_text(&reader, 5), "");
    assert_misfit(&reader, "a value is longer than its limit");
}

static void a_length_that_lies_is_a_misfit(void **state)
{
    static const struct {
        const char *body;
        size_t size, max;
        const char *part;
    } lies[] = {
        { "t\x03\0\0\0ab", 8, 100, "a value is cut off" },
        { "t\xFF\xFF\xFF\xFF"
          "ab",
          8, 100, "a value is longer than its limit" },
        { "t\xFF\xFF\xFF\xFF"
          "ab",
          8, SIZE_MAX, "a value is cut off" },
        { "t\x01\0\0\0ab", 8, 100, "a text is not valid UTF-8" },
        { "t\x02\0", 3, 100, "a length is cut off" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct frame frame = { .body = (const uint8_t *)lies[i].body, .size = lies[i].size };
        struct frame_reader reader = frame_read(&frame);

        assert_string_equal(frame_get_text(&reader, lies[i].max), "");
        assert_misfit(&reader, lies[i].part);
    }
}

static void a_text_holds_valid_utf8_without_a_nul(void **state)
{
    static const char *const bodies[] = { "t\x03\0\0\0a\0b", "t\x03\0\0\0ab\xC3", "t\x03\0\0\0\xED\xA0\x80",
                                          "t\x03\0\0\0\xC0\x80z", "t\x03\0\0\0\xFF\xFE\xFD" };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct frame frame = { .body = (const uint8_t *)bodies[i], .size = 9 };
        struct frame_reader reader = frame_read(&frame);

        assert_string_equal(frame_get_text(&reader, 100), "");
        assert_misfit(&reader, "a text is not valid UTF-8");
    }
}

/* --------------------------------------------------------------------------------------------------- writing ---- */

static void the_largest_frame_can_be_sent_and_none_larger(void **state)
{
    const size_t most = FRAME_MAX - FRAME_HEADER - 5;
    char *bytes = calloc(1, most + 1);
    struct frame_reader reader;
    size_t size;

    (void)state;
    frame_put_bytes(&writer, bytes, most);
    reader = written();
    assert_int_equal(out.length, FRAME_MAX);
    assert_non_null(frame_get_bytes(&reader, FRAME_MAX, &size));
    assert_int_equal(size, most);
    assert_true(frame_done(&reader, &err));

    frame_begin(&writer, &out, TYPE);
    frame_put_bytes(&writer, bytes, most + 1);
    assert_false(frame_end(&writer, &err));
    assert_sentence("more than 1048576 bytes cannot be sent");
    assert_int_equal(out.length, FRAME_MAX);
    assert_int_equal(out.bytes[FRAME_MAX], '\0');

    frame_begin(&writer, &out, TYPE);
    frame_put_bytes(&writer, bytes, most);
    assert_true(frame_end(&writer, &err));
    assert_int_equal(out.length, 2 * FRAME_MAX);
    free(bytes);
}

static void a_refused_frame_leaves_those_before_it(void **state)
{
    char *text = malloc(3 * FRAME_MAX);
    size_t before;

    (void)state;
    memset(text, 'x', 3 * FRAME_MAX - 1);
    text[3 * FRAME_MAX - 1] = '\0';
    frame_put_number(&writer, 1);
    assert_true(frame_end(&writer, &err));
    before = out.length;
    frame_begin(&writer, &out, TYPE);
    frame_put_text(&writer, text);
    assert_false(frame_end(&writer, &err));
    assert_int_equal(out.length, before);
    assert_string_equal(str_text(&out) + before, "");
    free(text);
}

static void what_is_far_too_large_is_not_copied(void **state)
{
    const size_t size = 8U * FRAME_MAX;
    char *bytes = malloc(size);

    (void)state;
    memset(bytes, 'x', size);
    for (int i = 0; i < 100; i++)
        frame_put_bytes(&writer, bytes, size);
    assert_true(out.capacity <= 4U * FRAME_MAX);
    assert_false(frame_end(&writer, NULL));
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_bytes_are_as_the_header_says, start, finish),
        cmocka_unit_test_setup_teardown(extreme_values_come_back, start, finish),
        cmocka_unit_test_setup_teardown(texts_and_bytes_come_back, start, finish),
        cmocka_unit_test_setup_teardown(a_frame_without_fields_is_a_frame, start, finish),
        cmocka_unit_test(a_field_of_another_type_is_a_misfit),
        cmocka_unit_test_setup_teardown(fields_cut_off_at_any_byte_are_a_misfit, start, finish),
        cmocka_unit_test_setup_teardown(after_a_misfit_nothing_is_returned_and_the_first_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_caller_can_find_a_misfit_of_its_own, start, finish),
        cmocka_unit_test_setup_teardown(what_is_left_over_is_told, start, finish),
        cmocka_unit_test_setup_teardown(a_value_past_its_limit_is_a_misfit, start, finish),
        cmocka_unit_test(a_length_that_lies_is_a_misfit),
        cmocka_unit_test(a_text_holds_valid_utf8_without_a_nul),
        cmocka_unit_test_setup_teardown(the_largest_frame_can_be_sent_and_none_larger, start, finish),
        cmocka_unit_test_setup_teardown(a_refused_frame_leaves_those_before_it, start, finish),
        cmocka_unit_test_setup_teardown(what_is_far_too_large_is_not_copied, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
