#include "seen.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>

struct seen_slot {
    struct hash128 identity;
    struct hash128 content;
};

void seen_finish(struct seen *seen)
{
    free(seen->slots);
    *seen = SEEN_EMPTY;
}

/* An identity of all zeros marks a free slot; the one real identity in 2^128 that looks so takes another. */
static bool is_free(const struct seen_slot *slot)
{
    return slot->identity.low == 0 && slot->identity.high == 0;
}

static struct seen_slot *find(struct seen_slot *slots, size_t capacity, struct hash128 identity)
{
    size_t at = identity.low & (capacity - 1);

    while (!is_free(&slots[at]) && (slots[at].identity.low != identity.low || slots[at].identity.high != identity.high))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void grow(struct seen *seen)
{
    size_t capacity = seen->capacity == 0 ? 64 : seen->capacity * 2;
    struct seen_slot *slots = mem_new(capacity, sizeof *slots);

    for (size_t i = 0; i < seen->capacity; i++) {
        if (!is_free(&seen->slots[i]))
            *find(slots, capacity, seen->slots[i].identity) = seen->slots[i];
    }
    free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
}

enum seen_answer seen_add(struct seen *seen, struct hash128 identity, struct hash128 content)
{
    struct seen_slot *slot;

    if (identity.low == 0 && identity.high == 0)
        identity.low = 1;
    if (seen->count * 4 >= seen->capacity * 3)
        grow(seen);
    slot = find(seen->slots, seen->capacity, identity);
    if (is_free(slot)) {
        *slot = (struct seen_slot){ identity, content };
        seen->count++;
        return SEEN_NEW;
    }
    return slot->content.low == content.low && slot->content.high == content.high ? SEEN_SAME : SEEN_DIFFERENT;
}
