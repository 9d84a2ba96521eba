#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base64.h"

#include <string.h>

/* RFC 4648, 10. */
static const struct {
    const char *bytes, *text;
} vectors[] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
    { "\xFB\xFF\xFE", "+//+" },
};

static void the_vectors_go_both_ways(void **state)
{
    struct str out = STR_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        str_clear(&out);
        base64_write(&out, vectors[i].bytes, strlen(vectors[i].bytes));
        assert_string_equal(str_text(&out), vectors[i].text);
        str_clear(&out);
        assert_true(base64_read(&out, vectors[i].text, strlen(vectors[i].text)));
        assert_string_equal(str_text(&out), vectors[i].bytes);
    }
    str_finish(&out);
}

static void every_byte_goes_both_ways(void **state)
{
    struct str text = STR_EMPTY, back = STR_EMPTY;
    unsigned char bytes[256];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    base64_write(&text, bytes, sizeof bytes);
    assert_true(base64_read(&back, text.bytes, text.length));
    assert_int_equal(back.length, sizeof bytes);
    assert_memory_equal(back.bytes, bytes, sizeof bytes);
    str_finish(&text);
    str_finish(&back);
}

static void what_is_none_is_refused_and_nothing_appended(void **state)
{
    static const char *const wrong[] = { "Z",    "Zg",   "Zg=",      "Zg===",   "Z===",     "====",      "Zm9v\n",
                                         "Zm 9", "Zm9-", "Zm9vZg=v", "=Zm9v==", "Zg==Zg==", "Zm\xC3\xA4" };
    struct str out = STR_EMPTY;

    (void)state;
    str_add(&out, "before");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (base64_read(&out, wrong[i], strlen(wrong[i])))
            fail_msg("read: %s", wrong[i]);
        assert_string_equal(str_text(&out), "before");
    }
    assert_false(base64_read(&out, "Zm\0v", 4));
    str_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_go_both_ways),
        cmocka_unit_test(every_byte_goes_both_ways),
        cmocka_unit_test(what_is_none_is_refused_and_nothing_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
