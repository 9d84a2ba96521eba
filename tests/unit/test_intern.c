#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intern.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct intern intern;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    intern_init(&intern, &arena);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    intern_finish(&intern);
    arena_finish(&arena);
    return 0;
}

static void equal_texts_are_one(void **state)
{
    char text[] = "volume";
    const char *first = intern_text(&intern, text);

    (void)state;
    assert_ptr_not_equal(first, text);
    text[0] = 'V';
    assert_string_equal(first, "volume");
    assert_ptr_equal(intern_text(&intern, "volume"), first);
    assert_ptr_not_equal(intern_text(&intern, "volumes"), first);
    assert_string_equal(intern_text(&intern, ""), "");
    assert_ptr_equal(intern_text(&intern, ""), intern_text(&intern, ""));
}

static void equal_bytes_are_one_and_none_are_null(void **state)
{
    static const int one[] = { 1, 0, 2 }, other[] = { 1, 0, 3 };
    const int *kept = intern_bytes(&intern, one, sizeof one);

    (void)state;
    assert_ptr_equal(intern_bytes(&intern, one, sizeof one), kept);
    assert_memory_equal(kept, one, sizeof one);
    assert_ptr_not_equal(intern_bytes(&intern, other, sizeof other), kept);
    assert_ptr_not_equal(intern_bytes(&intern, one, sizeof one[0]), kept);
    assert_int_equal((uintptr_t)kept % sizeof(void *), 0);
    assert_null(intern_bytes(&intern, one, 0));
    assert_null(intern_bytes(&intern, NULL, 0));
}

static void what_is_there_takes_no_more_memory(void **state)
{
    char text[32];
    size_t total;

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 1000; i++) {
            snprintf(text, sizeof text, "Windows Server %d", i);
            assert_string_equal(intern_text(&intern, text), text);
        }
        if (round == 0)
            total = arena.total;
    }
    assert_int_equal(arena.total, total);
}

static void what_was_kept_outlives_the_table(void **state)
{
    const char *text = intern_text(&intern, "kept");

    (void)state;
    intern_finish(&intern);
    assert_string_equal(text, "kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_texts_are_one, start, finish),
        cmocka_unit_test_setup_teardown(equal_bytes_are_one_and_none_are_null, start, finish),
        cmocka_unit_test_setup_teardown(what_is_there_takes_no_more_memory, start, finish),
        cmocka_unit_test_setup_teardown(what_was_kept_outlives_the_table, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
