#include "pass.h"

#include "muster_plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned char bytes[MUSTER_MAX_TOKEN];
static struct pass pass, back;

static void fill(char *text, size_t size)
{
    memset(text, 'x', size - 1);
    text[size - 1] = '\0';
}

static void fill_all(void)
{
    fill(pass.session, sizeof pass.session);
    fill(pass.view, sizeof pass.view);
    fill(pass.filter, sizeof pass.filter);
    fill(pass.version, sizeof pass.version);
    fill(pass.fingerprint, sizeof pass.fingerprint);
    fill(pass.changes, sizeof pass.changes);
    pass.full_at_ms = INT64_MIN;
}

static void fill_a_few(void)
{
    memset(&pass, 0, sizeof pass);
    strcpy(pass.session, "6.5\npropertyCollector\nkey\nuser\nSet-Cookie: a=\"b\"\n");
    strcpy(pass.view, "session[1]2");
    strcpy(pass.version, "17");
    pass.full_at_ms = 1234567890123;
}

static void what_is_written_is_read_back(void **state)
{
    size_t size;

    (void)state;
    fill_a_few();
    size = pass_write(&pass, bytes, sizeof bytes);
    assert_true(size > 0);
    memset(&back, 0, sizeof back);
    assert_true(pass_read(&back, bytes, size));
    assert_memory_equal(&pass, &back, sizeof pass);
}

static void the_largest_one_fits_a_token(void **state)
{
    size_t size;

    (void)state;
    fill_all();
    size = pass_write(&pass, bytes, sizeof bytes);
    assert_true(size > 0);
    assert_true(pass_read(&back, bytes, size));
    assert_memory_equal(&pass, &back, sizeof pass);
}

static void one_that_does_not_fit_is_not_written(void **state)
{
    size_t size;

    (void)state;
    fill_a_few();
    size = pass_write(&pass, bytes, sizeof bytes);
    assert_int_equal(pass_write(&pass, bytes, size), size);
    for (size_t room = 0; room < size; room++)
        assert_int_equal(pass_write(&pass, bytes, room), 0);
}

static void one_that_is_cut_anywhere_is_none(void **state)
{
    size_t size;

    (void)state;
    fill_a_few();
    size = pass_write(&pass, bytes, sizeof bytes);
    for (size_t cut = 0; cut < size; cut++) {
        unsigned char *part = malloc(cut + 1); /* of its very size, for who watches memory */

        memcpy(part, bytes, cut);
        part = realloc(part, cut == 0 ? 1 : cut);
        assert_false(pass_read(&back, part, cut));
        free(part);
    }
    assert_false(pass_read(&back, bytes, size + 1));
}

static void one_of_another_form_is_none(void **state)
{
    size_t size;

    (void)state;
    fill_a_few();
    size = pass_write(&pass, bytes, sizeof bytes);
    bytes[0] ^= 1;
    assert_false(pass_read(&back, bytes, size));
    assert_false(pass_read(&back, "", 0));
}

static void a_text_that_is_too_long_is_refused(void **state)
{
    size_t size;

    (void)state;
    memset(&pass, 0, sizeof pass);
    fill(pass.view, sizeof pass.view);
    size = pass_write(&pass, bytes, sizeof bytes);
    assert_true(pass_read(&back, bytes, size));
    /* one more byte in the view, which begins behind form, time and an empty session */
    memmove(bytes + 40, bytes + 39, size - 39);
    bytes[39] = 'x';
    assert_false(pass_read(&back, bytes, size + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),         cmocka_unit_test(the_largest_one_fits_a_token),
        cmocka_unit_test(one_that_does_not_fit_is_not_written), cmocka_unit_test(one_that_is_cut_anywhere_is_none),
        cmocka_unit_test(one_of_another_form_is_none),          cmocka_unit_test(a_text_that_is_too_long_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
