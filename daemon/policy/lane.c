#include "lane.h"

#include "mem.h"

#include <stdlib.h>

bool turn_before(const struct turn *left, const struct turn *right)
{
    if (left->asked != right->asked)
        return left->asked;
    return left->due != right->due ? left->due < right->due : left->number < right->number;
}

static bool turn_node_before(const struct heap_node *left, const struct heap_node *right)
{
    return turn_before(heap_entry(left, struct turn, node), heap_entry(right, struct turn, node));
}

static struct turn *first_turn(const struct lane *lane)
{
    return heap_entry(heap_first(&lane->turns), struct turn, node);
}

static bool lane_node_before(const struct heap_node *left, const struct heap_node *right)
{
    return turn_before(first_turn(heap_entry(left, struct lane, node)),
                       first_turn(heap_entry(right, struct lane, node)));
}

void slots_init(struct slots *slots, size_t limit)
{
    *slots = (struct slots){ .limit = limit, .lanes = heap_of(lane_node_before) };
}

void slots_finish(struct slots *slots)
{
    heap_finish(&slots->lanes);
}

struct lane *lane_create(struct slots *slots, bool doubtful)
{
    struct lane *lane = mem_new(1, sizeof *lane);

    *lane = (struct lane){ .slots = slots, .turns = heap_of(turn_node_before), .doubtful = doubtful };
    list_init(&lane->link);
    return lane;
}

void lane_destroy(struct lane *lane)
{
    if (lane == NULL)
        return;
    heap_remove(&lane->slots->lanes, &lane->node);
    heap_finish(&lane->turns);
    free(lane);
}

void lane_set_open(struct lane *lane, bool open)
{
    if (lane->open == open)
        return;
    lane->open = open;
    if (!open)
        heap_remove(&lane->slots->lanes, &lane->node);
    else if (lane->turns.count > 0)
        heap_add(&lane->slots->lanes, &lane->node);
}

void lane_add(struct lane *lane, struct turn *turn)
{
    turn->lane = lane;
    heap_add(&lane->turns, &turn->node);
    if (heap_has(&lane->node))
        heap_update(&lane->slots->lanes, &lane->node);
    else if (lane->open)
        heap_add(&lane->slots->lanes, &lane->node);
}

void lane_remove(struct turn *turn)
{
    struct lane *lane = turn->lane;

    if (!heap_has(&turn->node))
        return;
    /* A lane is compared by its first turn, so it is out while it has none. */
    if (lane->turns.count == 1)
        heap_remove(&lane->slots->lanes, &lane->node);
    heap_remove(&lane->turns, &turn->node);
    heap_update(&lane->slots->lanes, &lane->node);
}

struct turn *slots_first(const struct slots *slots)
{
    struct heap_node *node = heap_first(&slots->lanes);

    if (!slots->ready || slots->running >= slots->limit || node == NULL)
        return NULL;
    return first_turn(heap_entry(node, struct lane, node));
}
