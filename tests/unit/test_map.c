#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "map.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 5000 };

static char names[MANY][16];
static int values[MANY];

static int name_all(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "vm-%d", i);
        values[i] = i;
    }
    return 0;
}

static void an_empty_map_finds_nothing(void **state)
{
    struct map map = MAP_EMPTY;
    size_t at = 0;

    (void)state;
    assert_null(map_get(&map, "x"));
    assert_null(map_remove(&map, "x"));
    assert_null(map_next(&map, &at));
    map_finish(&map);
}

static void what_was_put_is_found(void **state)
{
    struct map map = MAP_EMPTY;

    (void)state;
    for (int i = 0; i < MANY; i++)
        assert_null(map_put(&map, names[i], &values[i]));
    assert_int_equal(map.count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(map_get(&map, names[i]), &values[i]);
    assert_null(map_get(&map, "vm-"));
    assert_null(map_get(&map, "vm-5000"));
    assert_null(map_get(&map, ""));
    map_finish(&map);
    assert_null(map_get(&map, names[0]));
}

static void keys_are_compared_by_content(void **state)
{
    struct map map = MAP_EMPTY;
    char copy[16];

    (void)state;
    map_put(&map, names[7], &values[7]);
    strcpy(copy, names[7]);
    assert_ptr_equal(map_get(&map, copy), &values[7]);
    map_finish(&map);
}

static void putting_again_replaces_key_and_value(void **state)
{
    struct map map = MAP_EMPTY;
    char first[] = "key";
    char second[] = "key";
    size_t at = 0;

    (void)state;
    assert_null(map_put(&map, first, &values[1]));
    assert_ptr_equal(map_put(&map, second, &values[2]), &values[1]);
    assert_int_equal(map.count, 1);
    /* The first key may be gone by now. */
    first[0] = 'X';
    assert_ptr_equal(map_get(&map, "key"), &values[2]);
    assert_ptr_equal(map_next(&map, &at)->key, second);
    map_finish(&map);
}

static void removing_leaves_all_others(void **state)
{
    struct map map = MAP_EMPTY;

    (void)state;
    for (int i = 0; i < MANY; i++)
        map_put(&map, names[i], &values[i]);
    for (int i = 0; i < MANY; i += 2)
        assert_ptr_equal(map_remove(&map, names[i]), &values[i]);
    assert_int_equal(map.count, MANY / 2);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(map_get(&map, names[i]), i % 2 == 0 ? NULL : &values[i]);
    assert_null(map_remove(&map, names[0]));
    assert_int_equal(map.count, MANY / 2);
    map_finish(&map);
}

/* Against a plain array that says what must be there. */
static void any_order_of_puts_and_removes_works(void **state)
{
    struct map map = MAP_EMPTY;
    bool there[64] = { false };
    uint32_t random = 1;

    (void)state;
    for (int step = 0; step < 100000; step++) {
        size_t which;

        random = random * 1664525 + 1013904223;
        which = random >> 16 & 63;
        if (random >> 31)
            assert_ptr_equal(map_put(&map, names[which], &values[which]), there[which] ? &values[which] : NULL);
        else
            assert_ptr_equal(map_remove(&map, names[which]), there[which] ? &values[which] : NULL);
        there[which] = random >> 31;
        which = random >> 8 & 63;
        assert_ptr_equal(map_get(&map, names[which]), there[which] ? &values[which] : NULL);
    }
    assert_true(map.capacity <= 128);
    map_finish(&map);
}

static void each_entry_comes_once(void **state)
{
    struct map map = MAP_EMPTY;
    const struct map_entry *entry;
    static bool seen[MANY];
    size_t at = 0, count = 0;

    (void)state;
    for (int i = 0; i < MANY; i++)
        map_put(&map, names[i], &values[i]);
    while ((entry = map_next(&map, &at)) != NULL) {
        int index = *(int *)entry->value;

        assert_string_equal(entry->key, names[index]);
        assert_int_equal(entry->length, strlen(names[index]));
        assert_false(seen[index]);
        seen[index] = true;
        count++;
    }
    assert_int_equal(count, MANY);
    assert_null(map_next(&map, &at));
    map_finish(&map);
}

static void keys_may_hold_any_bytes(void **state)
{
    struct map map = MAP_EMPTY;

    (void)state;
    map_put_bytes(&map, "a\0b", 3, &values[1]);
    map_put_bytes(&map, "a\0c", 3, &values[2]);
    map_put_bytes(&map, "", 0, &values[3]);
    map_put_bytes(&map, "abcdef", 2, &values[4]);
    assert_int_equal(map.count, 4);
    assert_ptr_equal(map_get_bytes(&map, "a\0b", 3), &values[1]);
    assert_ptr_equal(map_get_bytes(&map, "a\0c", 3), &values[2]);
    assert_null(map_get(&map, "a"));
    assert_ptr_equal(map_get(&map, ""), &values[3]);
    assert_ptr_equal(map_get(&map, "ab"), &values[4]);
    assert_ptr_equal(map_remove_bytes(&map, "a\0b", 3), &values[1]);
    assert_null(map_get_bytes(&map, "a\0b", 3));
    map_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_finds_nothing),   cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(keys_are_compared_by_content), cmocka_unit_test(putting_again_replaces_key_and_value),
        cmocka_unit_test(removing_leaves_all_others),   cmocka_unit_test(any_order_of_puts_and_removes_works),
        cmocka_unit_test(each_entry_comes_once),        cmocka_unit_test(keys_may_hold_any_bytes),
    };
    return cmocka_run_group_tests(tests, name_all, NULL);
}
