#include "kinship.h"

#include <stdlib.h>
#include <string.h>

static int compare_nodes(const void *one, const void *other)
{
    const struct identity_item *a = ((const struct kinship_node *)one)->item;
    const struct identity_item *b = ((const struct kinship_node *)other)->item;
    int order = strcmp(a->scope, b->scope);

    if (order == 0)
        order = strcmp(a->kind, b->kind);
    return order != 0 ? order : strcmp(a->key, b->key);
}

void kinship_init(struct kinship *kinship, struct arena *arena, const struct identity_item *items, size_t count)
{
    *kinship = (struct kinship){ .arena = arena, .count = count };
    kinship->nodes = arena_alloc(arena, (count + 1) * sizeof *kinship->nodes);
    for (size_t i = 0; i < count; i++)
        kinship->nodes[i] = (struct kinship_node){ .item = &items[i], .given = i, .size = 1, .why = "" };
    qsort(kinship->nodes, count, sizeof *kinship->nodes, compare_nodes);
    for (size_t i = 0; i < count; i++)
        kinship->nodes[i].root = kinship->nodes[i].next = i;
}

void kinship_finish(struct kinship *kinship)
{
    vec_finish(&kinship->doubts);
}

void kinship_merge(struct kinship *kinship, size_t one, size_t other)
{
    struct kinship_node *nodes = kinship->nodes;
    size_t kept = one < other ? one : other, taken = one < other ? other : one, after = nodes[kept].next;

    kinship_each(member, kinship, taken) nodes[member].root = kept;
    nodes[kept].size += nodes[taken].size;
    nodes[kept].next = nodes[taken].next;
    nodes[taken].next = after;
}
