/* A doubly linked list whose links are members of what it links: it allocates nothing, and what is in it leaves in
 * constant time.
 *
 *     struct scan { struct list link; int id; };
 *     struct list running;
 *     list_init(&running);
 *     list_append(&running, &scan->link);
 *     list_each (node, &running) {
 *         struct scan *scan = list_entry(node, struct scan, link);
 *         if (scan->id == id)
 *             list_remove(node);
 *     }
 *
 * A node is in one list at most. A head or a node that is in a list must not be copied. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Both the head and each node. */
struct list {
    struct list *next, *previous;
};

/* An empty list, or a node that is in none. */
static inline void list_init(struct list *list)
{
    list->next = list->previous = list;
}

/* Whether a list has no nodes, or a node is in no list. */
static inline bool list_empty(const struct list *list)
{
    return list->next == list;
}

/* Puts node, which is in no list, in front of place. */
static inline void list_insert(struct list *place, struct list *node)
{
    node->next = place;
    node->previous = place->previous;
    place->previous->next = node;
    place->previous = node;
}

static inline void list_append(struct list *list, struct list *node)
{
    list_insert(list, node);
}

/* Takes node out; harmless for one that is in no list but was initialised. */
static inline void list_remove(struct list *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_init(node);
}

/* The first and the last node, NULL where the list is empty. */
static inline struct list *list_first(const struct list *list)
{
    return list_empty(list) ? NULL : list->next;
}

/* What the node is a member of. */
#define list_entry(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

/* Runs node, a struct list *, over all nodes. The node may be removed or freed meanwhile, its neighbours may not. */
#define list_each(node, head)                                                                                          \
    for (struct list *node = (head)->next, *node##_next = node->next; node != (head);                                  \
         node = node##_next, node##_next = node->next)

#endif
