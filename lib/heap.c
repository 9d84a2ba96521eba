#include "heap.h"

#include "vec.h"

#include <stdlib.h>

void heap_finish(struct heap *heap)
{
    free(heap->nodes);
    *heap = heap_of(heap->before);
}

static void put(struct heap *heap, size_t index, struct heap_node *node)
{
    heap->nodes[index] = node;
    node->place = index + 1;
}

static void rise(struct heap *heap, size_t index)
{
    struct heap_node *node = heap->nodes[index];

    while (index > 0 && heap->before(node, heap->nodes[(index - 1) / 2])) {
        put(heap, index, heap->nodes[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    put(heap, index, node);
}

static void sink(struct heap *heap, size_t index)
{
    struct heap_node *node = heap->nodes[index];
    size_t child;

    while ((child = 2 * index + 1) < heap->count) {
        if (child + 1 < heap->count && heap->before(heap->nodes[child + 1], heap->nodes[child]))
            child++;
        if (!heap->before(heap->nodes[child], node))
            break;
        put(heap, index, heap->nodes[child]);
        index = child;
    }
    put(heap, index, node);
}

void heap_add(struct heap *heap, struct heap_node *node)
{
    heap->nodes = vec_room(heap->nodes, &heap->capacity, heap->count + 1, sizeof(struct heap_node *));
    put(heap, heap->count++, node);
    rise(heap, node->place - 1);
}

void heap_update(struct heap *heap, struct heap_node *node)
{
    if (node->place == 0)
        return;
    rise(heap, node->place - 1);
    sink(heap, node->place - 1);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    struct heap_node *last;
    size_t index = node->place - 1;

    if (node->place == 0)
        return;
    node->place = 0;
    last = heap->nodes[--heap->count];
    if (last == node)
        return;
    put(heap, index, last);
    heap_update(heap, last);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count > 0 ? heap->nodes[0] : NULL;
}
