#include "seen.h"

#include "mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct seen_object {
    struct hash128 identity;
    struct hash128 content;
};

/* Small, so that looking for one touches little memory: an object itself is looked at only where the tag is its own. */
struct seen_slot {
    uint32_t tag;   /* of the identity */
    uint32_t place; /* in objects, counted from 1; 0: the slot is free */
};

void seen_finish(struct seen *seen)
{
    free(seen->objects);
    free(seen->slots);
    *seen = SEEN_EMPTY;
}

size_t seen_memory(const struct seen *seen)
{
    return seen->room * sizeof *seen->objects + seen->capacity * sizeof *seen->slots;
}

static bool is_equal(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

/* The slot that has the identity, or the free one where it belongs. There is always a free one. */
static struct seen_slot *find(const struct seen *seen, struct hash128 identity)
{
    uint32_t tag = (uint32_t)identity.low;
    size_t at = tag & (seen->capacity - 1);

    while (seen->slots[at].place != 0 &&
           (seen->slots[at].tag != tag || !is_equal(seen->objects[seen->slots[at].place - 1].identity, identity)))
        at = (at + 1) & (seen->capacity - 1);
    return &seen->slots[at];
}

/* Tags alone say where a slot goes: no two slots are of the same identity. */
static void grow_slots(struct seen *seen)
{
    size_t capacity = seen->capacity == 0 ? 64 : seen->capacity * 2;
    struct seen_slot *slots = mem_new(capacity, sizeof *slots);

    for (size_t i = 0; i < seen->capacity; i++) {
        size_t at = seen->slots[i].tag & (capacity - 1);

        if (seen->slots[i].place == 0)
            continue;
        while (slots[at].place != 0)
            at = (at + 1) & (capacity - 1);
        slots[at] = seen->slots[i];
    }
    free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
}

static void make_room(struct seen *seen)
{
    if (seen->count * 4 >= seen->capacity * 3)
        grow_slots(seen);
    if (seen->count == seen->room) {
        seen->room = seen->room == 0 ? 32 : seen->room * 2;
        seen->objects = mem_grow(seen->objects, seen->room, sizeof *seen->objects);
    }
}

enum seen_answer seen_add(struct seen *seen, struct hash128 identity, struct hash128 content)
{
    struct seen_slot *slot;

    make_room(seen);
    slot = find(seen, identity);
    if (slot->place != 0)
        return is_equal(seen->objects[slot->place - 1].content, content) ? SEEN_SAME : SEEN_DIFFERENT;
    seen->objects[seen->count++] = (struct seen_object){ identity, content };
    *slot = (struct seen_slot){ (uint32_t)identity.low, (uint32_t)seen->count };
    return SEEN_NEW;
}
