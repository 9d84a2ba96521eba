/* PRELOGIN: what is asked, and replies of real servers, malformed ones and lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mem.h"
#include "prelogin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct prelogin prelogin;
static struct err err;

static size_t from_hex(const char *hex, unsigned char *bytes)
{
    size_t size = 0;
    unsigned value;

    for (; sscanf(hex, " %2x", &value) == 1; hex += strspn(hex, " ") + 2)
        bytes[size++] = (unsigned char)value;
    return size;
}

/* In a block of their own, so that a sanitizer sees what is read beyond them. */
static bool read_bytes(const unsigned char *bytes, size_t size)
{
    unsigned char *block = mem_new(size == 0 ? 1 : size, 1);
    bool good;

    memcpy(block, bytes, size);
    err = ERR_EMPTY;
    good = prelogin_read(&prelogin, block, size, &err);
    free(block);
    return good;
}

static bool read_hex(const char *hex)
{
    unsigned char bytes[PRELOGIN_MAX_REPLY];

    return read_bytes(bytes, from_hex(hex, bytes));
}

static void the_request_is_the_one_that_servers_are_known_to_answer(void **state)
{
    unsigned char out[PRELOGIN_MAX_REQUEST], wanted[PRELOGIN_MAX_REQUEST];
    size_t size =
        from_hex("1201002f00000000 00001a0006 0100200001 0200210001 0300220004 0400260001 ff 090000000000 00 00 "
                 "00000000 00",
                 wanted);

    (void)state;
    assert_int_equal(prelogin_write(out, false), size);
    assert_memory_equal(out, wanted, size);
    wanted[40] = PRELOGIN_ON;
    assert_int_equal(prelogin_write(out, true), size);
    assert_memory_equal(out, wanted, size);
}

/* As two servers answered, that are different programs: the order differs, and one option is empty. */
static void replies_are_read_by_their_offsets(void **state)
{
    static const struct {
        const char *hex, *build;
        enum prelogin_encryption encryption;
        bool wrong;
    } rows[] = {
        { "0401002b00000000 00001a0006 0100200001 0200210001 0300220000 0400220001 ff 0b001b590000 02 00 00",
          "11.0.7001", PRELOGIN_NOT_THERE, false },
        { "0401002000000000 00000b0006 0100110001 ff 0c0007d00000 00 000000000000", "12.0.2000", PRELOGIN_OFF, false },
        { "0401001a00000000 01000b0001 00000c0006 ff 01 0a3206400000", "10.50.1600", PRELOGIN_ON, false },
        { "0401001a00000000 01000b0001 00000c0006 ff 03 ffffffffffff", "255.255.65535", PRELOGIN_REQUIRED, false },
        { "0401002000000000 0000100006 0100160001 0200170001 ff 0f0007d00000 03 01", "15.0.2000", PRELOGIN_REQUIRED,
          true },
        { "0401002500000000 0000150006 01001b0001 02001c0001 77fff00000 ff 0f0007d00000 03 00", "15.0.2000",
          PRELOGIN_REQUIRED, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char bytes[PRELOGIN_MAX_REPLY];
        size_t size = from_hex(rows[i].hex, bytes);

        bytes[2] = (unsigned char)(size >> 8);
        bytes[3] = (unsigned char)size;
        if (!read_bytes(bytes, size))
            fail_msg("%s: %s", rows[i].hex, err.text);
        assert_string_equal(prelogin.build, rows[i].build);
        assert_int_equal(prelogin.encryption, rows[i].encryption);
        assert_int_equal(prelogin.wrong_instance, rows[i].wrong);
    }
}

static void the_head_tells_the_size_or_is_none(void **state)
{
    static const struct {
        const char *hex;
        size_t size;
    } rows[] = {
        { "0401002b00000000", 43 }, { "0401001000000000", 16 }, { "0401100000000000", 4096 }, { "0401100100000000", 0 },
        { "0401ffff00000000", 0 },  { "0401000800000000", 0 },  { "0401000700000000", 0 },    { "0401000000000000", 0 },
        { "1201002b00000000", 0 },  { "0400002b00000000", 0 },  { "1503010002022800", 0 },    { "485454502f312e31", 0 },
        { "0401000900000000", 9 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char head[PRELOGIN_HEAD];

        assert_int_equal(from_hex(rows[i].hex, head), PRELOGIN_HEAD);
        err = ERR_EMPTY;
        assert_int_equal(prelogin_size(head, &err), rows[i].size);
        assert_int_equal(err.class, rows[i].size == 0 ? ERR_PROTOCOL : ERR_NONE);
        prelogin_size(head, NULL);
    }
}

static void what_is_no_reply_is_refused(void **state)
{
    static const struct {
        const char *hex, *why;
    } rows[] = {
        { "", "within its head" },
        { "04010009000000", "within its head" },
        { "0401001a00000000 00000b0006 0100110001 ff 0c0007d00000", "says that it has 26" },
        { "0401001900000000 00000b0006 0100110001 ff 0c0007d00000 00", "says that it has 25" },
        { "0401000900000000 ff", "no version" },
        { "0401000900000000 00", "no end" },
        { "0401000d00000000 0000000000", "no end" },
        { "0401000f00000000 00000600ff ff00", "option 0" },
        { "0401001a00000000 00000b0006 0100120001 ff 0c0007d00000 00", "option 1 of the reply" },
        { "0401001a00000000 00000b0006 01ffff0001 ff 0c0007d00000 00", "option 1 of the reply" },
        { "0401001a00000000 00000b0006 010011ffff ff 0c0007d00000 00", "option 1 of the reply" },
        { "0401001a00000000 00000b0008 0100110001 ff 0c0007d00000 00", "option 0 of the reply" },
        { "0401001a00000000 05ffffffff 0100110001 ff 0c0007d00000 00", "option 5 of the reply" },
        { "0401001a00000000 00000b0005 0100110001 ff 0c0007d00000 00", "no version" },
        { "0401001a00000000 00000b0006 0100110000 ff 0c0007d00000 00", "does not tell of encryption" },
        { "0401001a00000000 00000b0006 0100110001 ff 0c0007d00000 04", "encryption 0x04" },
        { "0401001a00000000 00000b0006 0100110001 ff 0c0007d00000 80", "encryption 0x80" },
        { "0401001f00000000 0000100006 0000100006 0100160001 ff 0c0007d00000 00", "comes twice" },
        { "0401001a00000000 00000b0006 0100110001 fe 0c0007d00000 00", "option 254" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (read_hex(rows[i].hex))
            fail_msg("it was read: %s", rows[i].hex);
        assert_int_equal(err.class, ERR_PROTOCOL);
        if (strstr(err.text, rows[i].why) == NULL)
            fail_msg("%s: %s", rows[i].hex, err.text);
    }
}

static void a_reply_that_is_cut_anywhere_is_refused(void **state)
{
    unsigned char bytes[PRELOGIN_MAX_REPLY];
    size_t size = from_hex("0401001a00000000 00000b0006 0100110001 ff 0c0007d00000 00", bytes);

    (void)state;
    assert_true(read_bytes(bytes, size));
    for (size_t cut = 0; cut < size; cut++) {
        assert_false(read_bytes(bytes, cut));
        if (cut <= PRELOGIN_HEAD)
            continue;
        bytes[3] = (unsigned char)cut;
        assert_false(read_bytes(bytes, cut));
        bytes[3] = (unsigned char)size;
    }
}

static void encryption_has_a_word_each(void **state)
{
    (void)state;
    assert_string_equal(prelogin_encryption_word(PRELOGIN_OFF), "off");
    assert_string_equal(prelogin_encryption_word(PRELOGIN_ON), "on");
    assert_string_equal(prelogin_encryption_word(PRELOGIN_NOT_THERE), "not_supported");
    assert_string_equal(prelogin_encryption_word(PRELOGIN_REQUIRED), "required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_the_one_that_servers_are_known_to_answer),
        cmocka_unit_test(replies_are_read_by_their_offsets),
        cmocka_unit_test(the_head_tells_the_size_or_is_none),
        cmocka_unit_test(what_is_no_reply_is_refused),
        cmocka_unit_test(a_reply_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(encryption_has_a_word_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
