#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sealed.h"

#include <stdio.h>
#include <string.h>

#define SPNEGO "application/HTTP-SPNEGO-session-encrypted"
#define HEAD(boundary, length)                                                                                         \
    "--" boundary "\r\n"                                                                                               \
    "\tContent-Type: " SPNEGO "\r\n"                                                                                   \
    "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=" length "\r\n"                                 \
    "--" boundary "\r\n"                                                                                               \
    "\tContent-Type: application/octet-stream\r\n"
#define SIGNATURE                                                                                                      \
    "\x10\0\0\0"                                                                                                       \
    "0123456789abcdef"

/* The example of MS-WSMV 2.2.9.1.1.2: its parts, boundary and headers, around bytes of ours. */
static const char whole[] = HEAD("Encrypted Boundary", "11") SIGNATURE "Hello--\r\n\0!--Encrypted Boundary--\r\n";

static struct sealed_part part;
static struct err err;

static bool reads(const char *type, const char *body, size_t size)
{
    /* Exactly as many bytes as there are, so that one read beyond is seen. */
    char *copy = test_malloc(size == 0 ? 1 : size);
    bool good;

    memcpy(copy, body, size);
    err = ERR_EMPTY;
    good = sealed_read(&part, type, copy, size, &err);
    if (good) {
        part.header = body + ((const char *)part.header - copy);
        part.data = body + ((const char *)part.data - copy);
    }
    test_free(copy);
    return good;
}

static void assert_refused(const char *type, const char *body, size_t size, const char *why)
{
    if (reads(type, body, size))
        fail_msg("read, in spite of: %s", why);
    assert_int_equal(err.class, ERR_PROTOCOL);
    if (strstr(err.text, why) == NULL)
        fail_msg("no \"%s\" in: %s", why, err.text);
}

static void the_example_of_the_specification_is_read(void **state)
{
    (void)state;
    assert_true(reads(SEALED_TYPE_SPNEGO, whole, sizeof whole - 1));
    assert_int_equal(part.header_size, 16);
    assert_memory_equal(part.header, "0123456789abcdef", 16);
    assert_int_equal(part.plain_size, 11);
    assert_int_equal(part.data_size, 11);
    assert_memory_equal(part.data, "Hello--\r\n\0!", 11);
}

static void what_is_written_is_the_example(void **state)
{
    struct str out = STR_EMPTY;

    (void)state;
    sealed_write(&out, SPNEGO, 11, "0123456789abcdef", 16, "Hello--\r\n\0!", 11);
    assert_int_equal(out.length, sizeof whole - 1);
    assert_memory_equal(out.bytes, whole, out.length);
    str_finish(&out);
}

static void what_is_written_can_be_read_whatever_it_holds(void **state)
{
    static const char data[] = "--Encrypted Boundary--\r\n--Encrypted Boundary\r\n\0\xFF";
    struct str out = STR_EMPTY;

    (void)state;
    for (size_t header = 0; header < 300; header += 60) {
        char bytes[300];

        memset(bytes, '-', sizeof bytes);
        str_clear(&out);
        sealed_write(&out, SPNEGO, sizeof data, bytes, header, data, sizeof data);
        assert_true(reads(SEALED_TYPE_SPNEGO, out.bytes, out.length));
        assert_int_equal(part.header_size, header);
        assert_int_equal(part.data_size, sizeof data);
        assert_memory_equal(part.data, data, sizeof data);
    }
    str_finish(&out);
}

static void spellings_of_others_are_read(void **state)
{
    static const char plain[] = "--x\r\nContent-Type: " SPNEGO "\r\n"
                                "originalcontent: type=application/soap+xml;charset=UTF-16;length=0\r\n--x\r\n"
                                "content-type:application/octet-stream\r\n\0\0\0\0--x--";
    static const char *const types[] = {
        "multipart/encrypted;protocol=\"" SPNEGO "\";boundary=\"x\"",
        "multipart/encrypted; boundary=x; protocol=\"" SPNEGO "\"",
        "Multipart/Encrypted ;Boundary=x",
        "multipart/encrypted;protocol=\"application/HTTP-Kerberos-session-encrypted\";boundary=x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!reads(types[i], plain, sizeof plain - 1))
            fail_msg("%s: %s", types[i], err.text);
        assert_int_equal(part.header_size, 0);
        assert_int_equal(part.data_size, 0);
    }
}

static void one_that_is_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof whole - 3; size++)
        assert_refused(SEALED_TYPE_SPNEGO, whole, size, "the sealed reply cannot be read: ");
    assert_true(reads(SEALED_TYPE_SPNEGO, whole, sizeof whole - 3)); /* without the last line break */
}

#define BODY(text) text, sizeof(text) - 1
#define END "--Encrypted Boundary--\r\n"

static void what_is_none_is_refused(void **state)
{
    static const struct {
        const char *body;
        size_t size;
        const char *why;
    } cases[] = {
        { BODY(HEAD("Other Boundary", "2") SIGNATURE "ab--Other Boundary--\r\n"), "does not begin with its boundary" },
        { BODY(HEAD("Encrypted Boundary", "2") SIGNATURE "ab--Other Boundary--\r\n"), "longer than it tells, or cut" },
        { BODY(HEAD("Encrypted Boundary", "1") SIGNATURE "ab" END), "longer than it tells, or cut" },
        { BODY(HEAD("Encrypted Boundary", "3") SIGNATURE "ab" END), "longer than it tells, or cut" },
        { BODY(HEAD("Encrypted Boundary", "2") SIGNATURE "ab" END " "), "longer than it tells, or cut" },
        { BODY(HEAD("Encrypted Boundary", "99") SIGNATURE "ab" END), "lengths are more than there is" },
        { BODY(HEAD("Encrypted Boundary", "9999999999") SIGNATURE "ab" END), "lengths are more than there is" },
        { BODY(HEAD("Encrypted Boundary", "99999999999") SIGNATURE "ab" END), "tells no Length" },
        { BODY(HEAD("Encrypted Boundary", "-2") SIGNATURE "ab" END), "tells no Length" },
        { BODY(HEAD("Encrypted Boundary", "") SIGNATURE "ab" END), "tells no Length" },
        { BODY(HEAD("Encrypted Boundary", "2") "\xFF\xFF\xFF\xFF"
                                               "ab" END),
          "lengths are more than there is" },
        { BODY(HEAD("Encrypted Boundary", "2") "\x10\0\0"), "cut off before what was sealed" },
        { BODY("--Encrypted Boundary\r\nContent-Type: " SPNEGO "\r\n--Encrypted Boundary\r\n"), "no OriginalContent" },
        { BODY("--Encrypted Boundary\r\nOriginalContent: ;Length=1\r\nOriginalContent: ;Length=2\r\n"), "twice" },
        { BODY("--Encrypted Boundary\r\na\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\n"), "too many headers" },
        { BODY("--Encrypted Boundary\r\na\0\r\n"), "zero byte" },
        { BODY("--Encrypted Boundary\r\nOriginalContent: ;Length=0\r\n--Encrypted Boundary\r\nContent-Type: "
               "text/plain\r\n\0\0\0\0" END),
          "no application/octet-stream" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_refused(SEALED_TYPE_SPNEGO, cases[i].body, cases[i].size, cases[i].why);
}

static void a_header_that_never_ends_is_refused(void **state)
{
    struct str body = STR_EMPTY;

    (void)state;
    str_add(&body, "--Encrypted Boundary\r\n");
    for (int i = 0; i < 4096; i++)
        str_add_char(&body, 'a');
    assert_refused(SEALED_TYPE_SPNEGO, body.bytes, body.length, "a header is too long");
    str_finish(&body);
}

static void a_type_that_is_none_is_refused(void **state)
{
    static const char *const types[] = {
        "",
        "application/soap+xml;charset=UTF-8",
        "multipart/encrypted",
        "multipart/encrypted;boundary=",
        "multipart/encrypted;boundary=\"\"",
        "multipart/encrypted;boundary=\"x",
        "multipart/encryptedness;boundary=x",
        "multipart/encrypted;theboundary=x",
        "multipart/encrypted;boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        assert_refused(types[i], whole, sizeof whole - 1, "no multipart/encrypted with a boundary");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_is_read),
        cmocka_unit_test(what_is_written_is_the_example),
        cmocka_unit_test(what_is_written_can_be_read_whatever_it_holds),
        cmocka_unit_test(spellings_of_others_are_read),
        cmocka_unit_test(one_that_is_cut_off_anywhere_is_refused),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(a_header_that_never_ends_is_refused),
        cmocka_unit_test(a_type_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
