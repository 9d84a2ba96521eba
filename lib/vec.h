/* A growing array of any type. vec(T) is a struct with items, count and capacity, which are there to be read.
 *
 *     vec(struct target) targets = VEC_EMPTY;
 *     vec_push(&targets, (struct target) { .name = name });
 *     vec_each (target, &targets)
 *         scan(target);
 *     vec_finish(&targets);
 *
 * Each vec(T) is a type of its own to the compiler: make it a member of a struct, or a typedef, to hand it around.
 * A pointer to an item is good until the next vec_push or vec_reserve. The vector argument of a macro is evaluated
 * more than once. Allocation never fails (see mem.h). */
#ifndef VEC_H
#define VEC_H

#include "mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define vec(type)                                                                                                      \
    struct {                                                                                                           \
        type *items;                                                                                                   \
        size_t count, capacity;                                                                                        \
    }

#define VEC_EMPTY                                                                                                      \
    {                                                                                                                  \
        NULL, 0, 0                                                                                                     \
    }

/* The memory of items, made large enough for wanted of them. */
static inline void *vec_room(void *items, size_t *capacity, size_t wanted, size_t size)
{
    size_t grown = *capacity < 8 ? 8 : *capacity;

    if (wanted <= *capacity)
        return items;
    while (grown < wanted)
        grown = grown > (size_t)-1 / 2 ? wanted : grown * 2;
    *capacity = grown;
    return mem_grow(items, grown, size);
}

/* Makes room for so many items in all. */
#define vec_reserve(vec, wanted)                                                                                       \
    ((vec)->items = vec_room((vec)->items, &(vec)->capacity, (wanted), sizeof *(vec)->items))

/* Appends one item. It must not be read from the vector itself: what holds it may move. */
#define vec_push(vec, ...) (vec_reserve(vec, (vec)->count + 1), (vec)->items[(vec)->count++] = (__VA_ARGS__))

/* The last item, which must exist; vec_pop takes it off. */
#define vec_last(vec) ((vec)->items[(vec)->count - 1])
#define vec_pop(vec) ((vec)->items[--(vec)->count])

/* Takes out the item at an index that exists; those behind move up. */
#define vec_remove(vec, index) vec_close_gap((vec)->items, (vec)->count--, (index), sizeof *(vec)->items)

static inline void vec_close_gap(void *items, size_t count, size_t index, size_t size)
{
    char *gap = (char *)items + index * size;

    memmove(gap, gap + size, (count - index - 1) * size);
}

/* Forgets the items and keeps the memory. */
#define vec_clear(vec) ((void)((vec)->count = 0))

/* Runs item, a pointer, over all items. The vector must not change meanwhile. */
#define vec_each(item, vec)                                                                                            \
    for (__typeof__((vec)->items + 0) item = (vec)->items; item != NULL && item < (vec)->items + (vec)->count; item++)

/* Frees the memory; the vector is empty again. */
#define vec_finish(vec) (free((vec)->items), (vec)->items = NULL, (void)((vec)->count = (vec)->capacity = 0))

#endif
