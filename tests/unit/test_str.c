#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"

#include <stdio.h>
#include <string.h>

static void an_empty_str_is_an_empty_text(void **state)
{
    struct str str = STR_EMPTY;

    (void)state;
    assert_string_equal(str_text(&str), "");
    str_clear(&str);
    assert_string_equal(str_text(&str), "");
    str_finish(&str);
    str_finish(&str);
}

static void pieces_are_added_behind_each_other(void **state)
{
    struct str str = STR_EMPTY;

    (void)state;
    str_add(&str, "vm");
    str_add_char(&str, '-');
    str_add_bytes(&str, "4217xxx", 4);
    str_format(&str, " %s:%d", "port", 443);
    str_add(&str, "");
    str_add_bytes(&str, NULL, 0);
    str_format(&str, "%s", "");
    assert_string_equal(str_text(&str), "vm-4217 port:443");
    assert_int_equal(str.length, 16);
    str_finish(&str);
}

static void it_grows_to_any_length(void **state)
{
    struct str str = STR_EMPTY;

    (void)state;
    for (int i = 0; i < 20000; i++)
        str_format(&str, "%05d", i);
    assert_int_equal(str.length, 100000);
    assert_int_equal(strlen(str_text(&str)), 100000);
    for (int i = 0; i < 20000; i += 777) {
        char wanted[16];

        snprintf(wanted, sizeof wanted, "%05d", i);
        assert_memory_equal(str_text(&str) + 5 * i, wanted, 5);
    }
    str_finish(&str);
}

static void one_long_piece_fits(void **state)
{
    struct str str = STR_EMPTY;
    static char piece[300001];

    (void)state;
    memset(piece, 'p', sizeof piece - 1);
    str_add(&str, "x");
    str_add(&str, piece);
    str_format(&str, "%s", piece);
    assert_int_equal(strlen(str_text(&str)), 600001);
    str_finish(&str);
}

/* At each length the NUL lies at the edge of the room once. */
static void the_nul_always_fits(void **state)
{
    (void)state;
    for (size_t length = 0; length < 300; length++) {
        struct str str = STR_EMPTY;

        for (size_t i = 0; i < length; i++)
            str_add_char(&str, 'x');
        assert_int_equal(strlen(str_text(&str)), length);
        assert_true(length == 0 || str.capacity > length);
        str_finish(&str);
    }
}

static void bytes_may_be_nul(void **state)
{
    struct str str = STR_EMPTY;

    (void)state;
    str_add_bytes(&str, "a\0b", 3);
    str_add_char(&str, '\0');
    assert_int_equal(str.length, 4);
    assert_memory_equal(str_text(&str), "a\0b\0", 5);
    str_finish(&str);
}

static void a_cleared_str_keeps_its_memory(void **state)
{
    struct str str = STR_EMPTY;
    const char *bytes;

    (void)state;
    str_add(&str, "text");
    bytes = str.bytes;
    str_clear(&str);
    assert_string_equal(str_text(&str), "");
    assert_int_equal(str.length, 0);
    str_add(&str, "t");
    assert_string_equal(str_text(&str), "t");
    assert_ptr_equal(str.bytes, bytes);
    str_finish(&str);
}

static void room_is_filled_by_the_caller(void **state)
{
    struct str str = STR_EMPTY;
    char *room;

    (void)state;
    room = str_room(&str, 100);
    assert_string_equal(str_text(&str), "");
    str_add(&str, "ab");
    room = str_room(&str, 1000);
    assert_string_equal(str_text(&str), "ab");
    memset(room, 'c', 1000);
    room[1000] = '\0';
    str.length += 1000;
    assert_int_equal(strlen(str_text(&str)), 1002);
    str_finish(&str);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_str_is_an_empty_text),
        cmocka_unit_test(pieces_are_added_behind_each_other),
        cmocka_unit_test(it_grows_to_any_length),
        cmocka_unit_test(one_long_piece_fits),
        cmocka_unit_test(the_nul_always_fits),
        cmocka_unit_test(bytes_may_be_nul),
        cmocka_unit_test(a_cleared_str_keeps_its_memory),
        cmocka_unit_test(room_is_filled_by_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
