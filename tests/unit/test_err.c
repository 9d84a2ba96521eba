#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "err.h"
#include "utf8.h"

#include <errno.h>
#include <string.h>

static void setting_fills_class_and_sentence(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    assert_int_equal(err.class, ERR_NONE);
    assert_string_equal(err.text, "");
    assert_false(err_set(&err, ERR_DENIED, "%s was refused %d times", "scan", 3));
    assert_int_equal(err.class, ERR_DENIED);
    assert_string_equal(err.text, "scan was refused 3 times");
}

static void nobody_needs_to_care(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_BUG, "%d", 1));
    assert_false(err_system(NULL, "%d", 1));
    assert_false(err_add(NULL, "%d", 1));
}

static void context_goes_in_front(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    err_set(&err, ERR_TIMEOUT, "no answer");
    assert_false(err_add(&err, "target %s", "vc01"));
    err_add(&err, "scan %d", 7);
    assert_int_equal(err.class, ERR_TIMEOUT);
    assert_string_equal(err.text, "scan 7: target vc01: no answer");
}

static void the_systems_reason_goes_behind(void **state)
{
    struct err err = ERR_EMPTY;

    (void)state;
    errno = ENOENT;
    assert_false(err_system(&err, "%s cannot be opened", "/etc/x"));
    assert_int_equal(err.class, ERR_SYSTEM);
    assert_string_equal(err.text, "/etc/x cannot be opened: No such file or directory");
}

static void a_long_sentence_is_cut(void **state)
{
    static char text[100001];
    struct err err = ERR_EMPTY;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    err_set(&err, ERR_BUG, "%s", text);
    assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
    err_add(&err, "context");
    assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
    assert_memory_equal(err.text, "context: xxx", 12);
    err_add(&err, "%s", text);
    assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
}

static void a_long_sentence_does_not_push_the_reason_out(void **state)
{
    static const char reason[] = ": Permission denied";
    static char text[100001];
    struct err err = ERR_EMPTY;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    errno = EACCES;
    err_system(&err, "%s", text);
    assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
    assert_string_equal(err.text + strlen(err.text) - strlen(reason), reason);
}

static void a_cut_leaves_no_half_character(void **state)
{
    static char text[2 * ERR_TEXT_SIZE];

    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct err err = ERR_EMPTY;

        memset(text, 'x', shift);
        for (size_t at = shift; at + 5 < sizeof text; at += 4)
            memcpy(text + at, "\xF0\x9F\x98\x80", 5);
        err_set(&err, ERR_BUG, "%s", text);
        assert_true(utf8_valid(err.text, strlen(err.text)));
        assert_true(strlen(err.text) >= ERR_TEXT_SIZE - 4);
        err_add(&err, "%s", text);
        assert_true(utf8_valid(err.text, strlen(err.text)));
        errno = ENOENT;
        err_system(&err, "%s", text);
        assert_true(utf8_valid(err.text, strlen(err.text)));
    }
}

static void classes_have_words(void **state)
{
    (void)state;
    for (enum err_class each = ERR_NONE + 1; each < ERR_CLASS_COUNT; each++) {
        assert_int_equal(err_class_named(err_class_word(each)), each);
        assert_string_not_equal(err_class_word(each), "none");
    }
    assert_string_equal(err_class_word(ERR_NONE), "none");
    assert_string_equal(err_class_word(ERR_UNSUPPORTED), "unsupported");
    assert_string_equal(err_class_word(ERR_CLASS_COUNT), "bug");
    assert_string_equal(err_class_word((enum err_class) - 1), "bug");
}

static void what_is_no_class_word_is_none(void **state)
{
    (void)state;
    assert_int_equal(err_class_named(""), ERR_NONE);
    assert_int_equal(err_class_named("none"), ERR_NONE);
    assert_int_equal(err_class_named("Denied"), ERR_NONE);
    assert_int_equal(err_class_named("denied "), ERR_NONE);
}

/* The numbers are part of the wire format. */
static void classes_keep_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(ERR_UNREACHABLE, 1);
    assert_int_equal(ERR_TIMEOUT, 2);
    assert_int_equal(ERR_DENIED, 3);
    assert_int_equal(ERR_PROTOCOL, 4);
    assert_int_equal(ERR_BUG, 5);
    assert_int_equal(ERR_UNSUPPORTED, 6);
    assert_int_equal(ERR_CONFIG, 7);
    assert_int_equal(ERR_SYSTEM, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_fills_class_and_sentence),
        cmocka_unit_test(nobody_needs_to_care),
        cmocka_unit_test(context_goes_in_front),
        cmocka_unit_test(the_systems_reason_goes_behind),
        cmocka_unit_test(a_long_sentence_is_cut),
        cmocka_unit_test(a_long_sentence_does_not_push_the_reason_out),
        cmocka_unit_test(a_cut_leaves_no_half_character),
        cmocka_unit_test(classes_have_words),
        cmocka_unit_test(what_is_no_class_word_is_none),
        cmocka_unit_test(classes_keep_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
