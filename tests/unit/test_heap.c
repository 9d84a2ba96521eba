#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "heap.h"

#include <stdlib.h>

struct timer {
    int due;
    struct heap_node node;
};

enum { TIMERS = 200 };

static bool before(const struct heap_node *left, const struct heap_node *right)
{
    return heap_entry(left, struct timer, node)->due < heap_entry(right, struct timer, node)->due;
}

static int first_due(const struct heap *heap)
{
    return heap_entry(heap_first(heap), struct timer, node)->due;
}

/* The least due of those that are in the heap, found the slow way. */
static int least(const struct timer *timers)
{
    int due = 1 << 30;

    for (int i = 0; i < TIMERS; i++) {
        if (heap_has(&timers[i].node) && timers[i].due < due)
            due = timers[i].due;
    }
    return due;
}

static void what_goes_in_in_any_order_comes_out_sorted(void **state)
{
    struct heap heap = heap_of(before);
    struct timer timers[TIMERS] = { { 0 } };

    (void)state;
    for (int i = 0; i < TIMERS; i++) {
        timers[i].due = i * 37 % TIMERS;
        heap_add(&heap, &timers[i].node);
    }
    for (int i = 0; i < TIMERS; i++) {
        assert_int_equal(first_due(&heap), i);
        heap_remove(&heap, heap_first(&heap));
    }
    assert_null(heap_first(&heap));
    heap_finish(&heap);
}

static void the_first_is_right_whatever_is_added_removed_and_changed(void **state)
{
    struct heap heap = heap_of(before);
    struct timer timers[TIMERS] = { { 0 } };
    unsigned seed = 7;
    size_t count = 0;

    (void)state;
    for (int step = 0; step < 20000; step++) {
        struct timer *timer = &timers[rand_r(&seed) % TIMERS];

        if (!heap_has(&timer->node)) {
            timer->due = rand_r(&seed) % 1000;
            heap_add(&heap, &timer->node);
            count++;
        } else if (rand_r(&seed) % 2 == 0) {
            timer->due = rand_r(&seed) % 1000;
            heap_update(&heap, &timer->node);
        } else {
            heap_remove(&heap, &timer->node);
            count--;
        }
        assert_int_equal(heap.count, count);
        if (count > 0)
            assert_int_equal(first_due(&heap), least(timers));
    }
    heap_finish(&heap);
}

static void what_is_in_no_heap_leaves_without_harm(void **state)
{
    struct heap heap = heap_of(before);
    struct timer in = { .due = 1 }, out = { .due = 0 };

    (void)state;
    heap_add(&heap, &in.node);
    heap_remove(&heap, &out.node);
    heap_update(&heap, &out.node);
    assert_ptr_equal(heap_first(&heap), &in.node);
    heap_remove(&heap, &in.node);
    heap_remove(&heap, &in.node);
    assert_int_equal(heap.count, 0);
    heap_finish(&heap);
    assert_null(heap_first(&heap));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_in_any_order_comes_out_sorted),
        cmocka_unit_test(the_first_is_right_whatever_is_added_removed_and_changed),
        cmocka_unit_test(what_is_in_no_heap_leaves_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
