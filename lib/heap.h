/* A priority queue whose nodes are members of what it orders: what is in it leaves in O(log n) from any place, and
 * nothing is allocated once the queue has been as long before.
 *
 *     static bool before(const struct heap_node *left, const struct heap_node *right)
 *     {
 *         return heap_entry(left, struct timer, node)->due < heap_entry(right, struct timer, node)->due;
 *     }
 *
 *     struct heap timers = heap_of(before);
 *     heap_add(&timers, &timer->node);
 *     while ((node = heap_first(&timers)) != NULL && heap_entry(node, struct timer, node)->due <= now)
 *         heap_remove(&timers, node);
 *     heap_finish(&timers);
 *
 * A node is in one heap at most, and must not be moved in memory while it is. Those of which neither is before the
 * other leave in no certain order. */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: in no heap. */
struct heap_node {
    size_t place; /* its index and 1 */
};

typedef bool heap_before(const struct heap_node *left, const struct heap_node *right);

struct heap {
    struct heap_node **nodes;
    size_t count, capacity;
    heap_before *before;
};

#define heap_of(order) ((struct heap){ .before = (order) })

/* Frees the heap, not what was in it. */
void heap_finish(struct heap *heap);

/* Puts in a node that is in no heap. */
void heap_add(struct heap *heap, struct heap_node *node);

/* Takes out a node of this heap; harmless for one that is in none. */
void heap_remove(struct heap *heap, struct heap_node *node);

/* Gives a node its place again after what it is ordered by has changed; harmless for one that is in no heap. */
void heap_update(struct heap *heap, struct heap_node *node);

/* The node that none is before; NULL where the heap is empty. */
struct heap_node *heap_first(const struct heap *heap);

static inline bool heap_has(const struct heap_node *node)
{
    return node->place != 0;
}

/* What the node is a member of. */
#define heap_entry(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#endif
