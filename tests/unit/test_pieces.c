#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pieces.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define PIECES 400

/* Pieces of that size, of which each second one is free again; the end of the last. */
static const char *scatter(char *pieces[PIECES], size_t size)
{
    const char *end = NULL;

    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = malloc(size);
        memset(pieces[i], 1, size);
        if (end == NULL || pieces[i] + size > end)
            end = pieces[i] + size;
    }
    for (size_t i = 0; i < PIECES; i += 2) {
        free(pieces[i]);
        pieces[i] = NULL;
    }
    return end;
}

static void finish(char *pieces[PIECES])
{
    for (size_t i = 0; i < PIECES; i++)
        free(pieces[i]);
}

static void what_is_allocated_then_lies_behind_all_that_is_in_use(void **state)
{
    static const size_t sizes[] = { 24, 80, 200, 1000 };

    (void)state;
    if (mallinfo2().keepcost == 0)
        skip(); /* a sanitizer's allocator */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *pieces[PIECES], *next[PIECES];
        const char *end = scatter(pieces, sizes[i]);

        pieces_take();
        for (size_t j = 0; j < PIECES; j++) {
            next[j] = malloc(sizes[i]);
            assert_true(next[j] >= end);
        }
        finish(next);
        finish(pieces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_allocated_then_lies_behind_all_that_is_in_use) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
