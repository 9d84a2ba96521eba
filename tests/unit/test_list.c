#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "list.h"

#include <stdlib.h>

struct scan {
    int id;
    struct list link;
};

static void holds(const struct list *list, const int *ids, size_t count)
{
    size_t at = 0;

    list_each (node, list) {
        assert_true(at < count);
        assert_int_equal(list_entry(node, struct scan, link)->id, ids[at++]);
    }
    assert_int_equal(at, count);
    for (const struct list *node = list->previous; node != list; node = node->previous)
        assert_int_equal(list_entry(node, struct scan, link)->id, ids[--at]);
    assert_int_equal(at, 0);
}

#define HOLDS(list, ...) holds(list, (const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static void a_new_list_is_empty(void **state)
{
    struct list list;

    (void)state;
    list_init(&list);
    assert_true(list_empty(&list));
    assert_null(list_first(&list));
    holds(&list, NULL, 0);
}

static void nodes_are_added_at_the_end_and_before_any(void **state)
{
    struct scan scans[] = { { .id = 0 }, { .id = 1 }, { .id = 2 }, { .id = 3 } };
    struct list list;

    (void)state;
    list_init(&list);
    list_append(&list, &scans[1].link);
    list_append(&list, &scans[3].link);
    list_insert(&scans[1].link, &scans[0].link);
    list_insert(&scans[3].link, &scans[2].link);
    HOLDS(&list, 0, 1, 2, 3);
    assert_ptr_equal(list_first(&list), &scans[0].link);
}

static void nodes_leave_from_anywhere(void **state)
{
    struct scan scans[] = { { .id = 0 }, { .id = 1 }, { .id = 2 } };
    struct list list;

    (void)state;
    list_init(&list);
    for (int i = 0; i < 3; i++)
        list_append(&list, &scans[i].link);
    list_remove(&scans[1].link);
    HOLDS(&list, 0, 2);
    list_remove(&scans[0].link);
    HOLDS(&list, 2);
    list_remove(&scans[2].link);
    assert_true(list_empty(&list));
}

static void a_removed_node_may_be_removed_again_and_added_again(void **state)
{
    struct scan scan = { .id = 5 };
    struct list list;

    (void)state;
    list_init(&list);
    list_append(&list, &scan.link);
    list_remove(&scan.link);
    assert_true(list_empty(&scan.link));
    list_remove(&scan.link);
    list_append(&list, &scan.link);
    HOLDS(&list, 5);
}

static void nodes_may_be_freed_on_the_way(void **state)
{
    struct list list;

    (void)state;
    list_init(&list);
    for (int i = 0; i < 100; i++) {
        struct scan *scan = malloc(sizeof *scan);

        assert_non_null(scan);
        scan->id = i;
        list_append(&list, &scan->link);
    }
    list_each (node, &list) {
        struct scan *scan = list_entry(node, struct scan, link);

        list_remove(node);
        free(scan);
    }
    assert_true(list_empty(&list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_list_is_empty),
        cmocka_unit_test(nodes_are_added_at_the_end_and_before_any),
        cmocka_unit_test(nodes_leave_from_anywhere),
        cmocka_unit_test(a_removed_node_may_be_removed_again_and_added_again),
        cmocka_unit_test(nodes_may_be_freed_on_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
