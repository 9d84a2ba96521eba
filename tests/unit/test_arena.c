#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

static void memory_is_zeroed_and_aligned(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = arena_alloc(&arena, size);

        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    arena_finish(&arena);
}

static void pieces_do_not_overlap(void **state)
{
    struct arena arena;
    unsigned char *pieces[500];

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = arena_alloc(&arena, i);
        memset(pieces[i], (int)i, i);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t j = 0; j < i; j++)
            assert_int_equal(pieces[i][j], (unsigned char)i);
    }
    arena_finish(&arena);
}

static void texts_are_copied(void **state)
{
    struct arena arena;
    char text[] = "text";
    char *copy, *bytes;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    copy = arena_text(&arena, text);
    bytes = arena_bytes(&arena, "a\0b", 3);
    text[0] = 'X';
    assert_string_equal(copy, "text");
    assert_memory_equal(bytes, "a\0b", 4);
    assert_string_equal(arena_bytes(&arena, NULL, 0), "");
    assert_string_equal(arena_format(&arena, "%s-%d", "vm", 7), "vm-7");
    assert_string_equal(arena_format(&arena, "%s", ""), "");
    arena_finish(&arena);
}

static void a_formatted_text_may_be_long(void **state)
{
    struct arena arena;
    static char text[100001];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    arena_init(&arena, ARENA_PLAIN);
    assert_string_equal(arena_format(&arena, "%s", text), text);
    arena_finish(&arena);
}

static void what_is_larger_than_a_chunk_fits(void **state)
{
    struct arena arena;
    unsigned char *small, *large;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    small = arena_alloc(&arena, 8);
    large = arena_alloc(&arena, 3000000);
    memset(large, 1, 3000000);
    assert_int_equal(small[0], 0);
    assert_int_equal(((unsigned char *)arena_alloc(&arena, 8))[0], 0);
    assert_true(arena.total >= 3000016);
    arena_finish(&arena);
}

static void a_finished_arena_may_be_used_again(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_SECRET);
    arena_finish(&arena);
    arena_text(&arena, "once");
    arena_finish(&arena);
    assert_int_equal(arena.total, 0);
    assert_null(arena.chunk);
    assert_string_equal(arena_text(&arena, "twice"), "twice");
    arena_finish(&arena);
    arena_finish(&arena);
}

static void a_reset_arena_uses_its_memory_again(void **state)
{
    struct arena arena;
    char *first;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    arena_reset(&arena);
    first = arena_text(&arena, "first");
    arena_reset(&arena);
    assert_int_equal(arena.total, 0);
    assert_ptr_equal(arena_alloc(&arena, 6), first);
    assert_memory_equal(first, "\0\0\0\0\0", 6);
    arena_finish(&arena);
}

static void a_reset_keeps_one_chunk_but_no_huge_one(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    for (int i = 0; i < 1000; i++)
        arena_alloc(&arena, 1000);
    arena_reset(&arena);
    assert_non_null(arena.chunk);
    arena_alloc(&arena, 10000000);
    arena_reset(&arena);
    assert_null(arena.chunk);
    arena_finish(&arena);
}

/* After a reset the memory is still the arena's, so that a test may look at it. */
static bool is_left_after_reset(enum arena_kind kind)
{
    struct arena arena;
    char *secret;
    bool left;

    arena_init(&arena, kind);
    secret = arena_text(&arena, "hunter2 hunter2");
    arena_reset(&arena);
    left = memcmp(secret, "hunter2 hunter2", 15) == 0;
    arena_finish(&arena);
    return left;
}

static void secrets_are_wiped(void **state)
{
    (void)state;
    assert_false(is_left_after_reset(ARENA_SECRET));
    assert_true(is_left_after_reset(ARENA_PLAIN));
}

static void what_is_reserved_is_told(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    assert_int_equal(arena.reserved, 0);
    for (size_t i = 0; i < 1000; i++) {
        arena_alloc(&arena, i);
        assert_true(arena.reserved > arena.total);
    }
    arena_alloc(&arena, 1000000);
    assert_true(arena.reserved > 1000000 + 499500);
    arena_reset(&arena);
    assert_true(arena.reserved < 1000000);
    arena_finish(&arena);
    assert_int_equal(arena.reserved, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(a_formatted_text_may_be_long),
        cmocka_unit_test(what_is_larger_than_a_chunk_fits),
        cmocka_unit_test(a_finished_arena_may_be_used_again),
        cmocka_unit_test(a_reset_arena_uses_its_memory_again),
        cmocka_unit_test(a_reset_keeps_one_chunk_but_no_huge_one),
        cmocka_unit_test(secrets_are_wiped),
        cmocka_unit_test(what_is_reserved_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
